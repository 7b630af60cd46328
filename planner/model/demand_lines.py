"""Demand as the model sees it: lines of an item, a market, a class and a priority, period by period.

A line is either `booked` (firm orders of one priority) or `forecast` (all other demand). Where prices decide
what is delivered, orders at an agreed price are a class of their own for each price, such as `booked at 20`.
A line's periods run from the first in which there is demand to the last in which it may still be delivered.
"""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.scenario.keys import DEMAND_LINE
from planner.scenario.scenario import Scenario
from planner.scenario.scope import USUAL_PRIORITY, covered

if TYPE_CHECKING:
    from planner.demand.demand import Demand

BOOKED, FORECAST = "booked", "forecast"
AT_PRICE = f"{BOOKED} at "


def demand_lines(scenario: Scenario, demand: "Demand") -> pd.DataFrame:
    """One row for each line and period it lives in: demand, overdue, price and the service terms that hold
    there.

    Columns: the line, `period` (1 to the last), `demand`, `overdue` (owed when the plan starts, in the first
    row only), `price`, `owed_until` (last period at whose end the period's demand may still be owed) and the
    service terms.
    """
    demands = pd.concat([_booked(scenario), _forecast(scenario, demand)], ignore_index=True)
    demands = demands[demands["quantity"] > 0]
    spread = _spread_over_periods(scenario, demands)
    spread = spread.join(_terms(scenario, spread))
    spread["price"] = spread["agreed_price"].fillna(_list_prices(scenario, spread))
    return _while_it_lives(scenario, spread)


def order_lines(scenario: Scenario) -> pd.DataFrame:
    """Booked orders with the class of the line that each belongs to, as `demand_class`.

    An order keeps its own price wherever and whenever it is delivered. A line has one price in a period, so
    orders whose prices can change the plan stand in lines of one agreed price each; the others stay together,
    and their revenue is counted order by order when the plan is written.
    """
    orders = scenario.booked_orders
    apart = orders["price"].notna() & _price_decides(scenario, orders)
    written = [f"{AT_PRICE}{price!r}".removesuffix(".0") for price in orders["price"].astype(float)]
    classes = pd.Series(written, index=orders.index, dtype="str").where(apart, BOOKED)
    return orders.assign(demand_class=classes)


def sales_class(classes: pd.Series) -> pd.Series:
    """`booked` or `forecast`, of the classes of the model's lines."""
    return classes.where(classes == FORECAST, BOOKED)


def _price_decides(scenario: Scenario, orders: pd.DataFrame) -> NDArray[np.bool_]:
    """Whether what an order earns can change the plan: in mode profit, and under a target in revenue."""
    mode, targets = scenario.settings.objective.mode, scenario["sales_targets"]
    decides = np.full(len(orders), mode == "profit")
    if mode == "targets_first":
        scope_names = scenario.groups.of(orders)
        for target in targets[targets["measure"] == "revenue"].to_dict("records"):
            decides |= covered(target, scope_names)
    return decides


def _booked(scenario: Scenario) -> pd.DataFrame:
    """Orders added up by line and period, 0 being overdue, with the price that all orders of a line share."""
    orders = order_lines(scenario)
    one_price = orders["demand_class"].str.startswith(AT_PRICE)
    agreed_price = orders["price"].where(one_price)
    lined = orders.assign(period=orders["number"].clip(lower=0), agreed_price=agreed_price)
    return lined.groupby([*DEMAND_LINE, "period"], as_index=False).agg(
        quantity=("quantity", "sum"), agreed_price=("agreed_price", "first"))


def _forecast(scenario: Scenario, demand: "Demand") -> pd.DataFrame:
    planned = demand.planned
    return pd.DataFrame(
        {
            "item": planned["item"],
            "market": planned["market"],
            "demand_class": FORECAST,
            "priority": USUAL_PRIORITY,
            "period": scenario.calendar.number(planned["period"]),
            "quantity": planned["remaining"],
            "agreed_price": np.nan,
        }
    )


def _spread_over_periods(scenario: Scenario, demands: pd.DataFrame) -> pd.DataFrame:
    """Every line in every period from its first on."""
    lines = demands.groupby(DEMAND_LINE, as_index=False).agg(
        first=("period", "min"), agreed_price=("agreed_price", "first"))
    due = demands.drop(columns="agreed_price")
    overdue = due[due["period"] == 0].drop(columns="period").rename(columns={"quantity": "overdue"})
    periods = pd.DataFrame({"period": np.arange(1, scenario.calendar.periods + 1)})
    spread = lines.merge(periods, how="cross")
    spread = spread[spread["period"] >= spread["first"]].drop(columns="first")
    spread = spread.merge(due, how="left", on=[*DEMAND_LINE, "period"])
    spread = spread.merge(overdue, how="left", on=DEMAND_LINE)
    spread = spread.fillna({"quantity": 0.0, "overdue": 0.0})
    spread = spread.sort_values([*DEMAND_LINE, "period"], ignore_index=True)
    spread["overdue"] = spread["overdue"].where(spread["period"] == 1, 0.0)
    return spread.rename(columns={"quantity": "demand"})


def _terms(scenario: Scenario, spread: pd.DataFrame) -> pd.DataFrame:
    keys = _with_periods(scenario, spread[["item", "market", "priority", "period"]])
    terms = scenario.resolve("service_terms", keys)
    names = ["backorder_cost", "lost_sale_cost", "max_lateness", "min_fill_rate"]
    plain = pd.DataFrame(
        {name: terms[name].to_numpy(dtype=float, na_value=np.nan) for name in names}, index=spread.index
    )
    return plain.fillna({"backorder_cost": 0.0})


def _list_prices(scenario: Scenario, spread: pd.DataFrame) -> pd.Series:
    """What the price list says of each item in its market and period, else the item's own price."""
    listed = scenario.resolve("prices", _with_periods(scenario, spread[["item", "market", "period"]]))
    standard = spread["item"].map(scenario["items"].set_index("item")["price"])
    price = listed["price"].to_numpy(dtype=float, na_value=np.nan)
    return pd.Series(price, index=spread.index).fillna(standard)


def _with_periods(scenario: Scenario, frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(period=scenario.calendar.index[frame["period"].to_numpy() - 1])


def _while_it_lives(scenario: Scenario, spread: pd.DataFrame) -> pd.DataFrame:
    """Only the periods in which there is demand, or demand from before may still be owed."""
    last = scenario.calendar.periods
    has_demand = (spread["demand"] > 0) | (spread["overdue"] > 0)
    lateness = spread["max_lateness"].fillna(float(last))
    until = (spread["period"] + lateness).clip(upper=float(last)).where(has_demand, 0.0)
    spread = spread.assign(owed_until=until - 1.0)
    alive = until.groupby([spread[key] for key in DEMAND_LINE]).transform("max")
    return spread[spread["period"] <= alive].drop(columns="agreed_price").reset_index(drop=True)
