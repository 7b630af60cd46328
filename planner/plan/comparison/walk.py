"""Why one plan costs, earns and reaches more than another: the scenario is changed from the one to the other,
one change at a time, and solved again after each.

Settings come first, then the tables in the order of the schema, a table block by block where only a few of
its blocks change. What a change brings depends on those before it, so that the order is part of the answer. A
change after which the scenario has errors or no plan is taken together with the next. The last step ends at
the second plan itself, so that all steps add up to the difference exactly. Where one of the two plans is not
proven, both are solved again the same way, and what the searches left is a line of its own.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from planner.demand.what_is_read import unread_tables
from planner.errors import ScenarioError
from planner.figures import figure, one as written, percent
from planner.plan.comparison.common_ground import on_common_ground, within
from planner.plan.comparison.layout import STEPS
from planner.plan.comparison.nervousness import near_periods, nervousness_statements, nervousness_table
from planner.plan.comparison.walk_words import step_text
from planner.plan.plan import Plan
from planner.plan.resolving import Resolved, Resolver, side_by_side
from planner.plan.scenario_of_plan import scenario_of
from planner.plan.statement import Statement
from planner.plan.totals import Figures, figures_of
from planner.scenario.calendar import Calendar
from planner.scenario.load import scenario_of_source
from planner.scenario.scenario import Scenario
from planner.scenario.whatif.between import ScenarioStep, steps_between

if TYPE_CHECKING:  # statistics are imported when something is forecast
    from planner.demand.demand import Demand

RESIDUAL = "What is not proven of the two plans, or left by ties"
NOTHING = 0.005  # of the currency, or units: below it a step changes nothing


@dataclass(frozen=True, eq=False)
class Walk:
    """The way from one plan to another over the periods that they share.

    `steps` (STEPS) adds up to `difference`, which is the second plan's figures less the first's;
    `nervousness` (NERVOUSNESS) is what moved in the near periods.
    """

    first: str
    second: str
    currency: str
    before: Figures
    after: Figures
    steps: pd.DataFrame
    nervousness: pd.DataFrame
    notes: tuple[str, ...]
    near: tuple[Statement, ...]

    @cached_property
    def difference(self) -> Figures:
        """What the second plan's figures are above the first's."""
        return self.after.less(self.before)

    @cached_property
    def statements(self) -> list[Statement]:
        """The whole difference, each step, and what moved in the near periods, in sentences."""
        rows = self.steps.to_dict("records")
        return [self._whole(), *(self._step(row) for row in rows), *self.near]

    def _whole(self) -> Statement:
        more = self.difference
        figures = {name: getattr(more, name) for name in (*MEASURES, "margin")}
        text = f"{self.second} against {self.first}: {self._effects(figures)}."
        return Statement("difference", text, figures)

    def _step(self, row: Mapping[Any, Any]) -> Statement:
        return Statement("step", f"{row['text']}: {self._effects(row)}.", row)

    def _effects(self, figures: Mapping[Any, Any]) -> str:
        margin, cost, lost = figures["margin"], figures["cost"], figures["lost"]
        parts = [self._money("margin", margin), self._money("cost", cost),
                 _units(figures["delivered"], "delivered"), _units(lost, "lost"),
                 _attainment(figures["attainment"])]
        return ", ".join(filter(None, parts)) or "no difference"

    def _money(self, name: str, amount: float) -> str:
        money = written(abs(amount), "currency", currency=self.currency)
        return f"{name} {money} {'higher' if amount > 0 else 'lower'}" if abs(amount) > NOTHING else ""


MEASURES = ("cost", "revenue", "delivered", "on_time", "lost", "attainment")


def _units(amount: float, fate: str) -> str:
    more = "more" if amount > 0 else "fewer"
    return f"{figure(abs(amount))} {more} units {fate}" if abs(amount) > NOTHING else ""


def _attainment(share: float) -> str:
    if abs(share) < NOTHING / 100:
        return ""
    return f"target attainment {percent(abs(share)).rstrip('%')} points {'higher' if share > 0 else 'lower'}"


def walk_between(first: Plan, second: Plan, *, names: tuple[str, str] | None = None,
                 scenarios: tuple[Scenario | None, Scenario | None] = (None, None)) -> Walk:
    """The way from the first plan to the second. `names` are their headings, `scenarios` those that they were
    made for, where these are not found by themselves.

    PlanError says why two plans cannot be compared, or that a scenario has changed since its plan was made.
    """
    named = names or (first.name, second.name)
    ground = on_common_ground([first, second], named)
    way = Way(first, second, span=ground.plans[0].calendar,
              scenarios=(scenario_of(first, scenarios[0]), scenario_of(second, scenarios[1])))
    rows = list(way.rows())
    near = near_periods(ground.plans[1])
    moved = nervousness_table(*ground.plans)
    labels = [ground.plans[1].calendar.label(period) for period in near]
    return Walk(*named, currency=first.currency, before=way.before, after=way.after, steps=_table(rows),
                nervousness=moved, notes=ground.notes, near=tuple(nervousness_statements(moved, labels)))


def _table(rows: Sequence[tuple[object, ...]]) -> pd.DataFrame:
    kinds = {column.name: "float64" for column in STEPS.columns if column.kind == "number"}
    return pd.DataFrame(rows, columns=STEPS.names).astype({**kinds, "step": "int64"})


class Way:
    """The scenarios between two plans, solved."""

    def __init__(self, first: Plan, second: Plan, *, span: Calendar,
                 scenarios: tuple[Scenario, Scenario]) -> None:
        self._first, self._second, self._span = first, second, span
        self._from, self._to = scenarios
        self._resolver = Resolver(first, scenarios[0])
        self.before, self.after = (self._of_plan(plan) for plan in (first, second))

    def rows(self) -> Iterator[tuple[object, ...]]:
        """A row for each step, as STEPS declares them, and one for what is not proven."""
        steps = list(self._sound(steps_between(self._from, self._to)))
        is_open = bool(steps) and not (self._first.is_proven and self._second.is_proven)
        inner = [scenario for _, scenario in steps if scenario is not None]
        solved = self._solved([*inner, *((self._from, self._to) if is_open else ())])
        merged = list(_merged(steps, solved))
        start, end = ((self._of_resolved(one) for one in solved[-2:]) if is_open
                      else (self.before, self.after))
        points = [start, *(self._of_resolved(one) for _, one in merged if one is not None), end]
        for number, (step, one) in enumerate(merged, start=1):
            status = self._second.status if one is None else one.status
            effect = _apart(points[number], points[number - 1])
            yield (number, "change", ", ".join(step.tables), step_text(step), len(step.changes), *effect,
                   status)
        rest = [whole - part for whole, part in zip(_apart(self.after, self.before),
                                                    _apart(end, start) if steps else [0.0] * 7, strict=True)]
        if is_open or (not steps and any(abs(amount) > NOTHING for amount in rest)):
            yield (len(merged) + 1, "residual", "", RESIDUAL, 0, *rest, self._second.status)

    def _sound(self, steps: Sequence[ScenarioStep]) -> Iterator[tuple[ScenarioStep, Scenario | None]]:
        """Each step with the scenario after it; one that leaves errors is taken together with the next. The
        last one leads to the second scenario itself, which is None.
        """
        pending: ScenarioStep | None = None
        for step in steps:
            taken = step if pending is None else pending.then(step)
            if step is steps[-1]:
                yield taken, None
                return
            try:
                yield taken, scenario_of_source(step.source, like=self._from, name=self._to.name)
                pending = None
            except ScenarioError:
                pending = taken

    def _solved(self, scenarios: Sequence[Scenario]) -> list[Resolved]:
        """Each solved from where the first plan ended, side by side."""
        if not scenarios:
            return []
        self._resolver.prepare()
        demands = list(self._demands(scenarios))
        return side_by_side(
            lambda pair: self._resolver.solved_scenario(pair[0], pair[1], time_limit=self._time_limit),
            list(zip(scenarios, demands, strict=True)))

    def _demands(self, scenarios: Sequence[Scenario]) -> "Iterator[Demand]":
        """The demand of each; it is forecast where what it is made of is neither plan's, once for each."""
        from planner.demand.demand import make_demand

        forecasts: dict[str, Demand] = {_basis(self._from): self._resolver.demand}
        if self._second.demand is not None:
            forecasts[_basis(self._to)] = self._second.demand
        for scenario in scenarios:
            basis = _basis(scenario)
            if basis not in forecasts:
                forecasts[basis] = make_demand(scenario, like=self._resolver.demand)
            yield forecasts[basis]

    @property
    def _time_limit(self) -> float | None:
        """The longer of the two plans' limits; None where one has none and is proven."""
        limits = [plan.settings.get("solver", {}).get("time_limit") for plan in (self._first, self._second)]
        given = [float(limit) for limit in limits if limit is not None]
        return max(given) if given else None

    def _of_plan(self, plan: Plan) -> Figures:
        tables = within(plan, self._span).tables
        return figures_of(tables, cost=float(tables["costs"]["amount"].sum()))

    def _of_resolved(self, one: Resolved) -> Figures:
        is_whole = one.scenario.calendar == self._span
        return one.figures if is_whole else self._of_plan(one.plan())


def _merged(steps: Sequence[tuple[ScenarioStep, Scenario | None]],
            solved: Sequence[Resolved]) -> Iterator[tuple[ScenarioStep, Resolved | None]]:
    """Each step with what came out; one after which there is no plan is taken together with the next."""
    pending: ScenarioStep | None = None
    for place, (step, scenario) in enumerate(steps):
        taken = step if pending is None else pending.then(step)
        one = None if scenario is None else solved[place]
        if one is not None and not one.has_plan:
            pending = taken
            continue
        yield taken, one
        pending = None


def _basis(scenario: Scenario) -> str:
    """What a demand is made of, as a fingerprint: the scenario without its supply."""
    unread = unread_tables(scenario)
    blank = {name: frame.iloc[:0] for name, frame in scenario.tables.items() if name in unread}
    return replace(scenario, tables={**scenario.tables, **blank}).content_hash


def _apart(figures: Figures, others: Figures) -> tuple[float, ...]:
    """The differences in the order of the columns of STEPS."""
    return tuple(getattr(figures, name) - getattr(others, name) for name in COLUMNS)


COLUMNS = ("cost", "revenue", "margin", "delivered", "on_time", "lost", "attainment")
