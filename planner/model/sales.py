"""Sales: what is delivered on time, late or never, and what that means for the targets."""

from typing import Any

import numpy as np
import pandas as pd
import pyomo.environ as pyo

from planner.model.compiler.declare import Columnar
from planner.model.demand_lines import sales_class
from planner.model.network import Reader
from planner.model.rules import constraint, cost, earning
from planner.scenario.keys import DEMAND_LINE
from planner.scenario.scenario import Scenario
from planner.scenario.scope import covered, span_ends

LINE_PERIOD = [*DEMAND_LINE, "period"]


def declare_sales(declare: Columnar, read: Reader, lines: pd.DataFrame) -> None:
    """Every demand line in every period it lives in, what may be owed and what counts towards targets."""
    coded = lines.assign(
        **{name: read.names.encode(lines[name]) for name in ("item", "market", "demand_class")}
    )
    declare.set("line_periods", coded, LINE_PERIOD)
    declare.variable("delivered_on_time", "line_periods", upper=coded["demand"])
    declare.variable("delivered_late", "line_periods")
    declare.variable("lost", "line_periods")
    for name, column in (("line_demand", "demand"), ("line_overdue", "overdue"), ("line_price", "price"),
                         ("service_backorder_cost", "backorder_cost")):
        declare.param(name, "line_periods", coded[column])
    declare.param("service_lost_sale_cost", "line_periods", coded["lost_sale_cost"].fillna(0.0))
    opening = coded.loc[coded.groupby(DEMAND_LINE)["period"].idxmin()].assign(
        period=lambda frame: frame["period"] - 1
    )
    declare.set("line_openings", opening, LINE_PERIOD)
    declare.param("owed_from_before", "line_openings", opening["overdue"])
    declare.set("line_states", pd.concat([opening, coded]), LINE_PERIOD)
    declare.variable("backorders", "line_states")
    markets = coded[["item", "market", "period"]].drop_duplicates()
    declare.set("market_periods", markets, ["item", "market", "period"])
    declare.group(
        "lines_of",
        "market_periods",
        coded,
        by=["item", "market", "period"],
        members=["demand_class", "priority"],
    )
    _declare_lateness(declare, coded)
    _declare_fill_rate(declare, lines, coded)
    _declare_targets(declare, read, lines, coded)


def _declare_lateness(declare: Columnar, coded: pd.DataFrame) -> None:
    """Which demand may still be owed at the end of each period; rows only where some of the past may not."""
    has_demand = (coded["demand"] > 0) | (coded["overdue"] > 0)
    line = [coded[key] for key in DEMAND_LINE]
    earliest_end = coded["owed_until"].where(has_demand, np.inf).groupby(line).cummin()
    expiring = coded[earliest_end < coded["period"]]
    waiting = coded[has_demand & (coded["owed_until"] >= coded["period"])]
    windows = _every_period(
        waiting.rename(columns={"period": "start"}), waiting["period"], waiting["owed_until"]
    )
    declare.set("expiring_lines", expiring, LINE_PERIOD)
    declare.group(
        "owed_windows",
        "expiring_lines",
        windows.merge(expiring[LINE_PERIOD]),
        by=LINE_PERIOD,
        members=["start"],
    )
    longest_before = (
        coded["owed_until"]
        .where(has_demand, -np.inf)
        .groupby(line)
        .cummax()
        .groupby(line)
        .shift(fill_value=-np.inf)
    )
    impatient = has_demand & (coded["owed_until"] < longest_before)
    sooner = _every_period(
        coded[impatient].rename(columns={"period": "start"}),
        coded["owed_until"][impatient] + 1,
        longest_before[impatient],
    )
    later = sooner.merge(
        windows.rename(columns={"start": "later_start"})[[*DEMAND_LINE, "later_start", "period"]]
    )
    declare.set("impatient_lines", sooner, [*DEMAND_LINE, "start", "period"])
    declare.group("later_windows", "impatient_lines", later[later["later_start"] >= later["start"]],
                  by=[*DEMAND_LINE, "start", "period"], members=["later_start"])


def _every_period(rows: pd.DataFrame, first: pd.Series, last: pd.Series) -> pd.DataFrame:
    """Each row once for every period from its first to its last."""
    repeated = rows.loc[rows.index.repeat((last - first + 1).astype(int))]
    return repeated.assign(
        period=first.astype(np.int64).loc[repeated.index] + repeated.groupby(level=0).cumcount()
    )


def _declare_fill_rate(declare: Columnar, lines: pd.DataFrame, coded: pd.DataFrame) -> None:
    """The promise is to orders of one priority together, at whatever prices."""
    promised = coded[(coded["min_fill_rate"].fillna(0.0) > 0) & (coded["demand"] > 0)]
    promised = promised.rename(columns={"demand_class": "line_class"}).assign(
        demand_class=declare.names.encode(sales_class(lines.loc[promised.index, "demand_class"])),
        minimum=promised["min_fill_rate"] * promised["demand"])
    minimum = promised.groupby(DEMAND_LINE)["minimum"].sum().reset_index()
    declare.set("promised_lines", minimum, DEMAND_LINE)
    declare.param("minimum_on_time", "promised_lines", minimum["minimum"])
    declare.group("promised_periods", "promised_lines", promised, by=DEMAND_LINE,
                  members=["line_class", "period"])


def _declare_targets(declare: Columnar, read: Reader, lines: pd.DataFrame, coded: pd.DataFrame) -> None:
    targets = read.rows("sales_targets")
    names = read.scenario["sales_targets"]["target"]
    counted = counted_lines(read.scenario, lines)
    codes = coded.loc[counted["row"], LINE_PERIOD].reset_index(drop=True)
    codes["target"] = read.names.encode(names)[counted["target_row"].to_numpy()]
    declare.set("targets", targets, ["target"])
    declare.variable("target_shortfall", "targets")
    declare.param("target_quantity", "targets", targets["quantity"])
    declare.param("target_priority", "targets", targets["priority"])
    declare.set("counted", codes, ["target", *LINE_PERIOD])
    declare.param("counted_value", "counted", counted["value"])
    declare.group("counted_for", "targets", codes, by=["target"], members=LINE_PERIOD)


def counted_lines(scenario: Scenario, lines: pd.DataFrame) -> pd.DataFrame:
    """Which line and period counts towards which target, and what one unit counts for (1, or its price).

    Columns: target_row (position in sales_targets), row (label in `lines`), value.
    """
    targets = scenario["sales_targets"]
    first, last = span_ends(targets, scenario.calendar)
    scope_names = scenario.groups.of(lines)
    parts = [
        pd.DataFrame(
            {"target_row": np.zeros(0, np.int64), "row": np.zeros(0, np.int64), "value": np.zeros(0)}
        )
    ]
    for position, target in enumerate(targets.to_dict("records")):
        inside = covered(target, scope_names) & lines["period"].between(first[position], last[position])
        value = lines.loc[inside, "price"] if target["measure"] == "revenue" else 1.0
        parts.append(pd.DataFrame({"target_row": position, "row": lines.index[inside], "value": value}))
    return pd.concat(parts, ignore_index=True)


@constraint("market_periods")
def market_deliveries(m: pyo.ConcreteModel, item: Any, market: Any, period: Any) -> Any:
    """What arrives at a market is delivered, on time or late, to the demand lines there.

        sum over lanes: shipped, in the period of arrival = sum over lines: delivered_on_time + delivered_late

    Unit: units. Shadow price: cost of bringing one more unit to the market.
    """
    arriving = sum(m.shipped[origin, market, mode, item, start]
                   for origin, mode, start in m.arriving_deliveries[item, market, period])
    delivered = sum(m.delivered_on_time[item, market, demand_class, priority, period]
                    + m.delivered_late[item, market, demand_class, priority, period]
                    for demand_class, priority in m.lines_of[item, market, period])
    return delivered - arriving == 0


@constraint("line_openings")
def opening_backorders(
    m: pyo.ConcreteModel, item: Any, market: Any, demand_class: Any, priority: Any, period: Any
) -> Any:
    """A line starts owing the orders that are overdue when the plan starts.

        backorders before the first period = overdue orders

    Unit: units. Shadow price: cost of one more unit overdue.
    """
    return (m.backorders[item, market, demand_class, priority, period]
            == m.owed_from_before[item, market, demand_class, priority, period])


@constraint("line_periods")
def demand_balance(
    m: pyo.ConcreteModel, item: Any, market: Any, demand_class: Any, priority: Any, period: Any
) -> Any:
    """Demand is delivered on time, delivered late, owed or lost.

        backorders = backorders before + demand - delivered_on_time - delivered_late - lost

    Unit: units. Shadow price: cost of one more unit of demand.
    """
    settled = (m.delivered_on_time[item, market, demand_class, priority, period]
               + m.delivered_late[item, market, demand_class, priority, period]
               + m.lost[item, market, demand_class, priority, period])
    owed_before = m.backorders[item, market, demand_class, priority, period - 1]
    return (settled + m.backorders[item, market, demand_class, priority, period] - owed_before
            == m.line_demand[item, market, demand_class, priority, period])


@constraint("line_periods")
def late_deliveries(
    m: pyo.ConcreteModel, item: Any, market: Any, demand_class: Any, priority: Any, period: Any
) -> Any:
    """Only what was owed before the period can be delivered late.

        delivered_late <= backorders before

    Unit: units. Shadow price: cost saved by one more unit owed.
    """
    return (m.delivered_late[item, market, demand_class, priority, period]
            <= m.backorders[item, market, demand_class, priority, period - 1])


@constraint("expiring_lines")
def max_lateness(
    m: pyo.ConcreteModel, item: Any, market: Any, demand_class: Any, priority: Any, period: Any
) -> Any:
    """Nothing is owed for longer than max_lateness, nor beyond the horizon; later it is lost.

        backorders <= sum over the periods whose demand may still be owed:
                      demand + overdue - delivered_on_time

    Deliveries settle the oldest backorders first. Unit: units. Shadow price: cost saved by one unit that may
    be owed longer.
    """
    may_be_owed = sum(m.line_demand[item, market, demand_class, priority, start]
                      + m.line_overdue[item, market, demand_class, priority, start]
                      - m.delivered_on_time[item, market, demand_class, priority, start]
                      for start in m.owed_windows[item, market, demand_class, priority, period])
    return m.backorders[item, market, demand_class, priority, period] <= may_be_owed


@constraint("impatient_lines")
def lateness_of_later_demand(
    m: pyo.ConcreteModel, item: Any, market: Any, demand_class: Any, priority: Any, start: Any, period: Any
) -> Any:
    """Demand that may wait less long than earlier demand waits no longer on its account.

        backorders <= backorders before the demand's period
                      + sum over the periods since then whose demand may still be owed:
                        demand - delivered_on_time

    Rows only where max_lateness falls over time. Unit: units. Shadow price: cost saved by one unit that may
    be owed longer.
    """
    may_be_owed = sum(m.line_demand[item, market, demand_class, priority, later_start]
                      - m.delivered_on_time[item, market, demand_class, priority, later_start]
                      for later_start in m.later_windows[item, market, demand_class, priority, start, period])
    return (m.backorders[item, market, demand_class, priority, period]
            <= m.backorders[item, market, demand_class, priority, start - 1] + may_be_owed)


@constraint("promised_lines")
def min_fill_rate(m: pyo.ConcreteModel, item: Any, market: Any, demand_class: Any, priority: Any) -> Any:
    """At least the promised share of the demand over the horizon is delivered on time.

        sum over periods: delivered_on_time >= sum over periods: min_fill_rate * demand

    Booked orders of one priority are promised it together, whatever their prices. Unit: units. Shadow price:
    cost saved by one unit less promised.
    """
    on_time = sum(m.delivered_on_time[item, market, line_class, priority, period]
                  for line_class, period in m.promised_periods[item, market, demand_class, priority])
    return on_time >= m.minimum_on_time[item, market, demand_class, priority]


@constraint("targets")
def sales_targets(m: pyo.ConcreteModel, target: Any) -> Any:
    """A target is reached by what is delivered in its scope and span, or falls short.

        sum over lines: value * (delivered_on_time + delivered_late) + target_shortfall >= quantity

    Value is 1 for targets in units and the price for targets in revenue. Unit: as the target. Shadow price:
    cost saved by a target lower by one.
    """
    delivered = sum(m.counted_value[target, item, market, demand_class, priority, period]
                    * (m.delivered_on_time[item, market, demand_class, priority, period]
                       + m.delivered_late[item, market, demand_class, priority, period])
                    for item, market, demand_class, priority, period in m.counted_for[target])
    return delivered + m.target_shortfall[target] >= m.target_quantity[target]


@cost("line_periods")
def backorders(
    m: pyo.ConcreteModel, item: Any, market: Any, demand_class: Any, priority: Any, period: Any
) -> Any:
    """Backorder cost of what is still owed at the end of every period."""
    return (m.service_backorder_cost[item, market, demand_class, priority, period]
            * m.backorders[item, market, demand_class, priority, period])


@cost("line_periods")
def lost_sales(
    m: pyo.ConcreteModel, item: Any, market: Any, demand_class: Any, priority: Any, period: Any
) -> Any:
    """Lost-sale cost of what is given up."""
    return (m.service_lost_sale_cost[item, market, demand_class, priority, period]
            * m.lost[item, market, demand_class, priority, period])


@earning("line_periods")
def revenue(
    m: pyo.ConcreteModel, item: Any, market: Any, demand_class: Any, priority: Any, period: Any
) -> Any:
    """Sales price of everything that is delivered: of a booked order the agreed one, wherever and whenever it
    is delivered, else the price list's in the period of delivery.
    """
    return (m.line_price[item, market, demand_class, priority, period]
            * (m.delivered_on_time[item, market, demand_class, priority, period]
               + m.delivered_late[item, market, demand_class, priority, period]))
