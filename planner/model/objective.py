"""What is minimised, in which order: the goals of each objective mode."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from planner.model.build import COSTS, Model
from planner.model.compiler.compile import CompiledAmount, Layout, compile_amount
from planner.model.compiler.lookup import Floats
from planner.model.cost_terms import COST_TERMS
from planner.model.demand_lines import BOOKED, FORECAST
from planner.model.rules import Amount
from planner.model.sales import revenue
from planner.model.solution import LATE, LOST, TARGETS


@dataclass(frozen=True)
class Goal:
    """One objective pass: what it minimises, as a coefficient for each variable and a constant.

    `earning` is the part of the coefficients that is revenue: a plan's cost is the goal with what was earned
    added back. `measure` are the coefficients by whose value a gap is measured, where that is a part of the
    goal.
    """

    name: str
    coefficients: Floats
    constant: float = 0.0
    earning: Floats | None = None
    sign: float = 1.0  # -1 where people read the goal with its sign changed: a profit, minimised as a loss
    measure: Floats | None = None

    def value(self, values: Floats) -> float:
        """The goal at the given values of the variables."""
        return float(self.coefficients @ values) + self.constant

    def unmeasured(self, values: Floats) -> Floats:
        """What each variable adds to the goal beside the part by which a gap is measured."""
        return np.zeros(len(values)) if self.measure is None else (self.coefficients - self.measure) * values

    def earned(self, values: Floats) -> float:
        """The revenue that the goal counts at the given values."""
        return 0.0 if self.earning is None else float(self.earning @ values)


@dataclass(frozen=True)
class Costs:
    """Every cost of the model by its term, and the revenue, member by member."""

    terms: dict[str, list[CompiledAmount]]
    revenue: CompiledAmount

    @classmethod
    def of(cls, model: Model, layout: Layout) -> "Costs":
        """The costs and the revenue of a model."""
        terms: dict[str, list[CompiledAmount]] = {}
        for amount in COSTS.values():
            terms.setdefault(amount.term, []).append(_compiled(model, amount, layout))
        return cls(terms, _compiled(model, revenue, layout))


def _compiled(model: Model, amount: Amount, layout: Layout) -> CompiledAmount:
    m = model.pyomo
    return compile_amount(m, amount.function, getattr(m, amount.over), layout)


def counted_terms(mode: str) -> set[str]:
    """The cost terms that a mode's objective counts; the plan's cost table lists these and no others.

    What service_terms price is ranked in targets_first, by shortfall, instead of being counted.
    """
    return {name for name, term in COST_TERMS.items() if mode != "targets_first" or not term.is_of_service}


def goals(model: Model, layout: Layout, costs: Costs) -> list[Goal]:
    """The goals in the order in which they are reached, each held while the next ones are."""
    objective = model.scenario.settings.objective
    terms = counted_terms(objective.mode)
    if objective.mode == "cost":
        return [_money("cost", costs, layout, terms)]
    if objective.mode == "profit":
        loss = _money("profit", costs, layout, terms, earning=np.ones(layout.size))
        return [replace(loss, sign=-1.0)]
    ranked = [*_service(model, layout, BOOKED), *_targets(model, layout)]
    if objective.beyond_targets == "all":
        ranked += _service(model, layout, FORECAST)
    earning = _forecast_columns(model, layout) if objective.beyond_targets == "profitable" else None
    last = _money("operations cost", costs, layout, terms, earning=earning)
    return [goal for goal in ranked if goal.coefficients.any()] + [last]


def _money(
    name: str, costs: Costs, layout: Layout, terms: set[str], *, earning: Floats | None = None
) -> Goal:
    """The named cost terms, less the revenue of the variables that `earning` marks."""
    parts = [part for term in sorted(terms) for part in costs.terms[term]]
    columns, each = (
        np.concatenate([getattr(part, name) for part in parts]) for name in ("columns", "coefficients")
    )
    coefficients = np.bincount(columns, each, minlength=layout.size).astype(float)
    constant = float(sum(part.constant.sum() for part in parts))
    if earning is None:
        return Goal(name, coefficients, constant)
    earned = earning * costs.revenue.coefficients_by_column(layout.size)
    return Goal(name, coefficients - earned, constant, earning=earned)


def _service(model: Model, layout: Layout, demand_class: str) -> Iterator[Goal]:
    """Minimum units lost, then minimum units late at the end of each period, the most important priority
    first.
    """
    index, states = model.declared.indices["line_periods"], model.declared.indices["line_states"]
    forecast = model.declared.names.code(FORECAST)  # every other class is one of booked orders
    what = "booked orders" if demand_class == BOOKED else "remaining demand"
    of_class = (index.columns["demand_class"] == forecast) == (demand_class == FORECAST)
    for priority in np.unique(index.columns["priority"][of_class]):
        for measure, columns, variable in (
            (LOST, index.columns, "lost"),
            (LATE, states.columns, "backorders"),
        ):
            served = (columns["demand_class"] == forecast) == (demand_class == FORECAST)
            chosen = served & (columns["priority"] == priority)
            coefficients = np.zeros(layout.size)
            coefficients[layout.first[variable] + np.flatnonzero(chosen)] = 1.0
            yield Goal(f"{what} {measure}, priority {priority}", coefficients)


def _targets(model: Model, layout: Layout) -> Iterator[Goal]:
    """Minimum shortfall, as a share of each target, the most important priority first."""
    quantity, priorities = model.pyomo.target_quantity, model.pyomo.target_priority
    shares = 1.0 / _column(quantity)
    ranks = _column(priorities)
    for priority in np.unique(ranks):
        coefficients = np.zeros(layout.size)
        first = layout.first["target_shortfall"]
        coefficients[first:first + len(ranks)] = np.where(ranks == priority, shares, 0.0)
        yield Goal(f"{TARGETS}, priority {int(priority)}", coefficients)


def _column(param: object) -> Floats:
    column: Floats = param.column  # type: ignore[attr-defined]
    return column


def _forecast_columns(model: Model, layout: Layout) -> Floats:
    """1 for every delivery of forecast demand."""
    columns = model.declared.indices["line_periods"].columns
    chosen = np.flatnonzero(columns["demand_class"] == model.declared.names.code(FORECAST))
    marked = np.zeros(layout.size)
    for variable in ("delivered_on_time", "delivered_late"):
        marked[layout.first[variable] + chosen] = 1.0
    return marked
