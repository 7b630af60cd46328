"""What a remedy is to close: a missed target, a late order, or demand that is lost or late."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from planner.errors import PlanError
from planner.figures import figure
from planner.model.compiler.lookup import Floats
from planner.model.demand_lines import sales_class
from planner.model.solver.matrix import Compiled
from planner.model.solver.row_keys import spelled
from planner.plan.plan import Plan
from planner.plan.resolving import Resolved, Resolver
from planner.scenario.suggestions import did_you_mean

NOTHING = 1e-6  # units that are the solver's rounding

Tables = Mapping[str, pd.DataFrame]


@dataclass(frozen=True, eq=False)
class Gap:
    """What is missing. `short` is what the plan misses, `unreachable` the part of it that no supply closes,
    since nobody wants it; both in `unit`.

    `coefficients` and `constant` measure it in the model's variables, `measured` in the tables sales,
    fulfillment and targets of any plan of the scenario. Of a booked order the variables say what its whole
    line owes, the tables what it waits for itself.
    """

    kind: str
    key: Mapping[str, str]
    words: str
    unit: str
    short: float
    unreachable: float
    coefficients: Floats = field(repr=False)
    constant: float = field(repr=False)
    measured: Callable[[Tables], float] = field(repr=False)

    @property
    def closable(self) -> float:
        """What supply could close at best."""
        return max(self.short - self.unreachable, 0.0)

    def left(self, resolved: Resolved) -> float:
        """What is missing in a what-if of the plan."""
        point = resolved.point
        if self.kind == "order" or point is None or len(point.values) != len(self.coefficients):
            return max(self.measured(resolved.tables), 0.0)
        return max(float(self.coefficients @ point.values) + self.constant, 0.0)


def target_gap(resolver: Resolver, target: str) -> Gap:
    """The shortfall of a sales target."""
    plan, compiled = resolver.plan, resolver.compiled
    targets = plan.tables["targets"]
    known = targets[targets["target"] == target]
    if known.empty:
        raise PlanError(f'no target "{target}" in plan {plan.name}{did_you_mean(target, targets["target"])}')
    row = known.iloc[0]
    names = spelled(compiled.model.declared.indices["targets"])["target"]
    coefficients = np.zeros(compiled.layout.size)
    coefficients[compiled.layout.first["target_shortfall"] + np.flatnonzero(names == target)] = 1.0
    unit = "units" if row["measure"] == "units" else plan.currency

    def measured(tables: Tables) -> float:
        found = tables["targets"]
        return float(found.loc[found["target"] == target, "shortfall"].sum())

    missing = max(float(row["quantity"] - row["demand"]), 0.0)
    short = float(row["shortfall"])
    return Gap("target", {"target": target}, words=f"target {target}", unit=unit, short=short,
               unreachable=min(missing, short), coefficients=coefficients, constant=0.0, measured=measured)


def demand_gap(resolver: Resolver, *, item: str | None, market: str | None, period: str | None) -> Gap:
    """Demand of an item, a market or a period that is lost, or where nothing is, that comes late.

    In a single period, demand that is not delivered in it counts, be it lost or late: the period in which
    demand is given up is not the one in which it was wanted.
    """
    plan, calendar = resolver.plan, resolver.plan.calendar
    number = 0 if period is None else int(calendar.number(pd.PeriodIndex([_period(plan, period)]))[0])
    for kind, name in (("item", item), ("market", market)):
        known = set(plan.tables["sales"][kind])
        if name is not None and name not in known:
            raise PlanError(f'no {kind} "{name}" is sold in plan {plan.name}{did_you_mean(name, known)}')
    asked = {"item": item, "market": market}
    lost = number == 0 and float(_within(plan.tables["sales"], asked, None)["lost"].sum()) > NOTHING
    variable = "lost" if lost else "delivered_on_time"

    def measured(tables: Tables) -> float:
        rows = _within(tables["sales"], asked, calendar.index[number - 1] if number else None)
        return float(rows["lost"].sum() if lost else (rows["demand"] - rows["delivered_on_time"]).sum())

    coefficients, constant = _of_lines(resolver.compiled, asked, number, variable)
    where = f" in {market}" if market else ""
    when = f" in {calendar.label(calendar.index[number - 1])}" if number else ""
    words = f"{item or 'demand'}{where}{when}, {'lost' if lost else 'not delivered on time'}"
    key = {name: value for name, value in (*asked.items(), ("period", period)) if value is not None}
    return Gap("demand", key, words=words, unit="units", short=measured(plan.tables), unreachable=0.0,
               coefficients=coefficients, constant=constant, measured=measured)


def _of_lines(compiled: Compiled, asked: Mapping[str, str | None], number: int,
              variable: str) -> tuple[Floats, float]:
    lines = spelled(compiled.model.declared.indices["line_periods"])
    chosen = np.ones(len(lines), bool)
    for column, value in asked.items():
        if value is not None:
            chosen &= (lines[column] == value).to_numpy()
    if number:
        chosen &= lines["period"].to_numpy() == number
    coefficients = np.zeros(compiled.layout.size)
    places = compiled.layout.first[variable] + np.flatnonzero(chosen)
    if variable == "lost":
        coefficients[places] = 1.0
        return coefficients, 0.0
    coefficients[places] = -1.0
    return coefficients, float(compiled.model.pyomo.line_demand.column[chosen].sum())


def order_gap(resolver: Resolver, order: str) -> Gap:
    """What of a booked order does not come by its due period; of one that was overdue when the plan starts,
    what does not come in the first period.
    """
    plan, compiled = resolver.plan, resolver.compiled
    booked = resolver.scenario.booked_orders
    known = booked[booked["order"] == order]
    if known.empty:
        near = did_you_mean(order, booked["order"])
        raise PlanError(f'no booked order "{order}" in plan {plan.name}{near}')
    row = known.iloc[0]
    due = max(int(row["number"]), 1)
    by = plan.calendar.index[due - 1]

    def measured(tables: Tables) -> float:
        rows = tables["fulfillment"]
        rows = rows[(rows["order"] == order) & (rows["period"] <= by)]
        return max(float(row["quantity"] - rows[["delivered_on_time", "delivered_late"]].sum().sum()), 0.0)

    short = measured(plan.tables)
    coefficients = _owed(compiled, row.to_dict(), due)
    words = (f"booked order {order} ({figure(row['quantity'])} {row['item']} in {row['market']}, "
             f"due {plan.calendar.label(by)})")
    return Gap("order", {"order": order}, words=words, unit="units", short=short, unreachable=0.0,
               coefficients=coefficients, constant=0.0, measured=measured)


def _owed(compiled: Compiled, order: Mapping[Any, Any], due: int) -> Floats:
    """What its demand line owes at the end of the period, or has given up by then."""
    indices, coefficients = compiled.model.declared.indices, np.zeros(compiled.layout.size)
    for variable, over, in_time in (("backorders", "line_states", np.equal), ("lost", "line_periods",
                                                                             np.less_equal)):
        lines = spelled(indices[over])
        mine = ((lines["item"] == order["item"]) & (lines["market"] == order["market"])
                & (lines["priority"] == order["priority"])
                & (sales_class(lines["demand_class"]) == "booked"))
        chosen = mine.to_numpy() & in_time(lines["period"].to_numpy(), due)
        coefficients[compiled.layout.first[variable] + np.flatnonzero(chosen)] = 1.0
    return coefficients


def _within(sales: pd.DataFrame, asked: Mapping[str, str | None], period: pd.Period | None) -> pd.DataFrame:
    for column, value in (*asked.items(), ("period", period)):
        if value is not None:
            sales = sales[sales[column] == value]
    return sales


def _period(plan: Plan, text: str) -> pd.Period:
    try:
        found = plan.calendar.parse(text)
    except ValueError as error:
        raise PlanError(f'period "{text}": {error}') from error
    if not plan.calendar.start <= found <= plan.calendar.end:
        raise PlanError(f"period {text} is not in the plan, which goes from {plan.calendar.span()}")
    return found
