"""What a plan asks others to do, as flat lists that purchasing, production, logistics and personnel systems
can take: one row an order, with dates, lots and quantities.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.errors import PlanError
from planner.plan.plan_sources import PlanSource, plan_from
from planner.report.grids.columns import columns_of
from planner.scenario.suggestions import did_you_mean
from planner.text_cells import plain_texts

if TYPE_CHECKING:
    from planner.plan.plan import Plan

NOTHING = 1e-5  # units; less is the solver's rounding and no order
DIGITS, CENTS, PRICE = 3, 2, 4  # of quantities and hours, of money, and of the price of a unit
NUMBER = "number"


def purchase_requisitions(plan: "Plan", *, whole: bool = False) -> pd.DataFrame:
    """What to order from whom: number, order_date, delivery_date, supplier, site, item, quantity, unit, lots,
    unit_cost, amount, currency.
    """
    rows = _ordered(plan, "sourcing", "purchased", keys=["supplier", "site", "item"], whole=whole)
    unit_cost = rows["purchase_cost"] / rows["planned"]
    amount = (unit_cost * rows["quantity"]).round(CENTS)
    made = rows.assign(order_date=rows["begins"], delivery_date=rows["ends"],
                       unit_cost=unit_cost.round(PRICE), amount=amount, currency=plan.currency)
    columns = ["supplier", "site", "item", "quantity", "unit", "lots", "unit_cost", "amount", "currency"]
    return _numbered(made, "PR", ["order_date", "delivery_date", *columns])


def production_orders(plan: "Plan", *, whole: bool = False) -> pd.DataFrame:
    """What to start where: number, start_date, finish_date, site, routing, item, quantity (started), unit,
    lots, setups, hours.
    """
    rows = _ordered(plan, "production", "production", keys=["site", "item", "routing"], whole=whole)
    hours = rows["hours"].round(DIGITS)
    made = rows.assign(start_date=rows["begins"], finish_date=rows["ends"], hours=hours)
    return _numbered(made, "PO", ["start_date", "finish_date", "site", "routing", "item", "quantity", "unit",
                                  "lots", "setups", "hours"])


def transfers(plan: "Plan", *, whole: bool = False) -> pd.DataFrame:
    """What to send from site to site: number, ship_date, arrival_date, origin, destination, mode, item,
    quantity, unit.
    """
    return _sent(plan, "TR", to_sites=True, whole=whole)


def shipments(plan: "Plan", *, whole: bool = False) -> pd.DataFrame:
    """What to send to markets; the columns are those of transfers."""
    return _sent(plan, "SH", to_sites=False, whole=whole)


def hires(plan: "Plan", *, whole: bool = False) -> pd.DataFrame:
    """Whom to hire and to let go: number, date, site, labor_pool, action (hire or let go), workers."""
    table = plan.tables["workforce"].assign(begins=lambda rows: _days(rows["period"]))
    keys = ["site", "labor_pool"]
    parts = [
        _quantities(table.assign(action=action, planned=table[column]), keys, whole=whole)
        for action, column in (("hire", "hired"), ("let go", "separated"))
    ]
    both = pd.concat(parts, ignore_index=True).rename(columns={"quantity": "workers"})
    ordered = both.sort_values(["period", *keys, "action"], kind="stable", ignore_index=True)
    return _numbered(ordered.assign(date=ordered["begins"]), "HR", ["date", *keys, "action", "workers"])


ORDERS: dict[str, Callable[..., pd.DataFrame]] = {
    made.__name__: made for made in (purchase_requisitions, production_orders, transfers, shipments, hires)
}


@plain_texts()
def orders(plan: PlanSource, what: str | Sequence[str] = (), *, start: str | None = None,
           end: str | None = None, whole: bool = False) -> dict[str, pd.DataFrame]:
    """The plan's orders as flat frames by name: those that are placed, started or sent in the periods from
    `start` to `end`, and who is hired in them.

        planner.orders(plan, "purchase_requisitions", end="2026-03")["purchase_requisitions"]

    `plan` is a plan, its folder, or a scenario, which is solved first. `what` names one or several of
    purchase_requisitions, production_orders, transfers, shipments and hires; by default all. A date is the
    first day of the period. Each order has a number, which is the same whatever periods are asked for. With
    `whole`, quantities are whole units, whose running totals are rounded up, so that nothing is there too
    late; lots are whole in any case. PlanError says what cannot be had.
    """
    found = plan_from(plan)
    whats = (what,) if isinstance(what, str) else tuple(what) or tuple(ORDERS)
    for name in (name for name in whats if name not in ORDERS):
        raise PlanError(f'there is no list "{name}", only {", ".join(ORDERS)}{did_you_mean(name, ORDERS)}')
    shown = columns_of(found.calendar, start=start, end=end, quarters=False).all
    first, last = (found.calendar.index[place] for place in (shown[0], shown[-1]))
    days = (first.start_time, last.end_time)
    return {name: _between(ORDERS[name](found, whole=whole), *days) for name in whats}


# ------------------------------------------------------------------------------------------------ small steps


def _ordered(plan: "Plan", table: str, measure: str, *, keys: list[str], whole: bool) -> pd.DataFrame:
    """The rows of a table in which something begins, with their dates, by date and key."""
    frame = plan.tables[table]
    units = plan.tables["items"].set_index("item")["unit"]
    dated = frame.assign(planned=frame[measure], begins=_days(frame["period"]), ends=_days(frame["arrives"]),
                         unit=frame["item"].map(units).fillna(""))
    quantities = _quantities(dated, keys, whole=whole)
    return quantities.sort_values(["begins", *keys], kind="stable", ignore_index=True)


def _sent(plan: "Plan", prefix: str, *, to_sites: bool, whole: bool) -> pd.DataFrame:
    keys = ["origin", "destination", "mode", "item"]
    rows = _ordered(plan, "delivery", "shipped", keys=keys, whole=whole)
    sites = set(plan.tables["storage"]["site"]) | set(plan.tables["inventory"]["site"])
    chosen = rows[rows["destination"].isin(sites) == to_sites].reset_index(drop=True)
    return _numbered(chosen.assign(ship_date=chosen["begins"], arrival_date=chosen["ends"]), prefix,
                     ["ship_date", "arrival_date", *keys, "quantity", "unit"])


def _quantities(frame: pd.DataFrame, keys: list[str], *, whole: bool) -> pd.DataFrame:
    """The rows with a quantity, as planned or in whole units: what was rounded up is taken off the next."""
    planned = frame["planned"].round(DIGITS)
    if whole:
        running = frame.sort_values("period").groupby(keys)["planned"].cumsum().reindex(frame.index)
        up = np.ceil((running - NOTHING).clip(lower=0.0))
        before = up.groupby([frame[key] for key in keys]).shift().fillna(0.0)
        planned = up - before
    return frame.assign(quantity=planned)[(frame["planned"] > NOTHING) & (planned > 0)]


def _days(periods: pd.Series) -> pd.Series:
    """The first day of each period."""
    return pd.Series(pd.PeriodIndex(periods).start_time, index=periods.index)


def _numbered(rows: pd.DataFrame, prefix: str, columns: list[str]) -> pd.DataFrame:
    """The columns after a number that counts within the period."""
    count = rows.groupby("period").cumcount() + 1
    months = rows["begins"].dt.strftime("%Y%m%d")
    numbers = prefix + "-" + months + "-" + count.astype("str").str.zfill(4)
    dates = {name: rows[name].dt.strftime("%Y-%m-%d") for name in columns if name.endswith("date")}
    return rows.assign(number=numbers, **dates)[[NUMBER, *columns]]


def _between(frame: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp) -> pd.DataFrame:
    day = pd.to_datetime(frame[frame.columns[1]])
    return frame[(day >= first) & (day <= last)].reset_index(drop=True)
