"""How things stand when the new calendar starts, as a plan has them: stock, crews, what is on its way, what
is owed, and what has been delivered.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner.plan.plan import Plan
from planner.plan.rates import summed
from planner.scenario.scenario import Scenario

NEGLIGIBLE = 1e-6  # units that the solver's arithmetic leaves of nothing


@dataclass(frozen=True)
class Moment:
    """What is there when the new calendar starts. Periods are pandas Periods; quantities are units.

    `stock`: item, site, on_hand. `crews`: site, labor_pool, headcount. `receipts`: item, site, period,
    quantity, of what arrives at sites; `on_the_way`: item, market, period, quantity, of what arrives at
    markets. `settled`: order, quantity, of booked orders delivered or given up. `owed`: item, market,
    priority, due, quantity, of forecast demand not served yet. `delivered`: item, market, period, units,
    revenue. `stops`: site, work_center, stops. `options`: option, period, count, of capacity bought;
    `site_options`: site_option, count, of sites changed.
    """

    stock: pd.DataFrame
    crews: pd.DataFrame
    receipts: pd.DataFrame
    on_the_way: pd.DataFrame
    settled: pd.DataFrame
    owed: pd.DataFrame
    delivered: pd.DataFrame
    stops: pd.DataFrame
    options: pd.DataFrame
    site_options: pd.DataFrame


def moment_of(plan: Plan, scenario: Scenario, start: pd.Period) -> Moment:
    """How things stand at the start of that period if everything before it went as planned."""
    tables, last = plan.tables, start - 1
    sites = scenario["sites"]["site"]
    stock = _at(tables["inventory"], last)[["item", "site", "closing"]].rename(columns={"closing": "on_hand"})
    moving = _still_moving(tables["delivery"], start).rename(columns={"shipped": "quantity"})
    to_site = moving["destination"].isin(sites)
    between = moving[to_site].rename(columns={"destination": "site"})
    receipts = [_purchased(plan, scenario, start), _started(plan, scenario, start), between]
    columns = ["item", "site", "arrives", "quantity"]
    return Moment(
        stock=stock,
        crews=_at(tables["workforce"], last)[["site", "labor_pool", "headcount"]],
        receipts=_arriving(pd.concat([one[columns] for one in receipts]), "site"),
        on_the_way=_arriving(moving[~to_site].rename(columns={"destination": "market"}), "market"),
        settled=_settled(tables["fulfillment"], start),
        owed=_owed(tables, start),
        delivered=_delivered(tables["sales"], start),
        stops=summed(_before(tables["maintenance"], start), ["site", "work_center"], "stops"),
        options=_bought(tables["options"], start),
        site_options=_chosen(tables["site_options"], start),
    )


def _at(table: pd.DataFrame, period: pd.Period) -> pd.DataFrame:
    return table[table["period"] == period]


def _before(table: pd.DataFrame, start: pd.Period) -> pd.DataFrame:
    return table[table["period"] < start]


def _still_moving(table: pd.DataFrame, start: pd.Period) -> pd.DataFrame:
    """What left, was ordered or was started before, and arrives in the new calendar."""
    return table[(table["period"] < start) & (table["arrives"] >= start)]


def _arriving(moving: pd.DataFrame, place: str) -> pd.DataFrame:
    rows = moving.drop(columns="period", errors="ignore").rename(columns={"arrives": "period"})
    arriving = summed(rows, ["item", place, "period"], "quantity")
    return arriving[arriving["quantity"] > NEGLIGIBLE].reset_index(drop=True)


def _purchased(plan: Plan, scenario: Scenario, start: pd.Period) -> pd.DataFrame:
    moving = _still_moving(plan.tables["sourcing"], start)
    good = _passing(moving, scenario)
    return moving.assign(quantity=moving["purchased"] * good)


def _started(plan: Plan, scenario: Scenario, start: pd.Period) -> pd.DataFrame:
    """Good units of what is in production: what was started, less what its yield and inspection lose."""
    moving = _still_moving(plan.tables["production"], start)
    keys = ["item", "site", "routing", "period"]
    rates = scenario.by_period("routings")[[*keys, "yield_rate"]]
    started = moving.merge(rates, on=keys, how="left", validate="many_to_one")
    good = started["production"] * started["yield_rate"].fillna(1.0)
    return started.assign(quantity=good * _passing(started, scenario))


def _passing(rows: pd.DataFrame, scenario: Scenario) -> np.ndarray:
    """The share of each row's item that inspection at its site lets through, rework included."""
    rules = scenario["inspections"]
    lost = rules["defect_rate"] * (1 - rules["rework_rate"])
    share = pd.Series((1 - lost).to_numpy(), index=pd.MultiIndex.from_frame(rules[["item", "site"]]))
    keys = pd.MultiIndex.from_frame(rows[["item", "site"]])
    return share.reindex(keys).fillna(1.0).to_numpy(dtype=float) if len(share) else np.ones(len(rows))


def _settled(fulfillment: pd.DataFrame, start: pd.Period) -> pd.DataFrame:
    rows = _before(fulfillment, start)
    rows = rows[rows["order"].fillna("") != ""]
    units = rows["delivered_on_time"] + rows["delivered_late"] + rows["lost"]
    return summed(rows.assign(quantity=units), ["order"], "quantity")


def _owed(tables: Mapping[str, pd.DataFrame], start: pd.Period) -> pd.DataFrame:
    """Forecast demand of the periods before that was neither delivered nor given up, by the period of its
    demand.
    """
    sales, fulfillment = tables["sales"], tables["fulfillment"]
    keys = ["item", "market", "priority", "due"]
    demanded = _before(sales, start)
    demanded = demanded[demanded["demand_class"] == "forecast"].rename(columns={"period": "due"})
    demanded = summed(demanded, keys, "demand")
    rows = _before(fulfillment, start)
    rows = rows[(rows["demand_class"] == "forecast") & (rows["order"].fillna("") == "")]
    rows = rows.assign(done=rows["delivered_on_time"] + rows["delivered_late"] + rows["lost"])
    settled = summed(rows, keys, "done")
    compared = demanded.merge(settled, on=keys, how="left")
    left = compared.assign(quantity=compared["demand"] - compared["done"].fillna(0.0))
    return left.loc[left["quantity"] > NEGLIGIBLE, [*keys, "quantity"]].reset_index(drop=True)


def _delivered(sales: pd.DataFrame, start: pd.Period) -> pd.DataFrame:
    rows = _before(sales, start)
    rows = rows.assign(units=rows["delivered_on_time"] + rows["delivered_late"])
    return summed(rows, ["item", "market", "period"], "units", "revenue")


def _bought(options: pd.DataFrame, start: pd.Period) -> pd.DataFrame:
    rows = _before(options, start).rename(columns={"bought": "count"})
    return rows.loc[rows["count"] > 0.5, ["option", "period", "count"]].reset_index(drop=True)


def _chosen(site_options: pd.DataFrame, start: pd.Period) -> pd.DataFrame:
    rows = summed(_before(site_options, start), ["site_option"], "chosen")
    return rows[rows["chosen"] > 0.5].rename(columns={"chosen": "count"}).reset_index(drop=True)
