"""A plan's scenario solved again with overrides: what a change would bring, proven.

Every what-if begins where the plan's own solve ended, and several go on side by side. What comes out does not
depend on how many: each starts from the plan itself, never from another what-if.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field, replace
from functools import cached_property
from os import cpu_count
from time import perf_counter
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pandas as pd

from planner.errors import InfeasibleError, PlanError
from planner.linear_algebra import one_thread
from planner.model.solution import Pass, Solution
from planner.plan.layout import TABLES
from planner.plan.plan import Plan, plan_of
from planner.plan.rates import Rates
from planner.plan.scenario_of_plan import scenario_of
from planner.plan.tables.decisions import Decisions, finish
from planner.plan.tables.fulfillment import fulfillment_table
from planner.plan.tables.sales import sales_table
from planner.plan.tables.targets import targets_table
from planner.scenario.scenario import Scenario
from planner.scenario.schema import TABLES as SCENARIO_TABLES

if TYPE_CHECKING:  # the solver and statistics are imported when something is solved
    from planner.demand.demand import Demand
    from planner.model.solver.matrix import Compiled
    from planner.model.solver.warm_start import WarmStart

Overrides = Mapping[str, Any]
Work = TypeVar("Work")
Result = TypeVar("Result")

# Tables that no forecast reads: where nothing else is changed, the plan's demand is the what-if's as well.
SUPPLY_AREAS = ("sourcing", "production", "quality", "workforce", "inventory", "delivery", "finance",
                "stability", "goals")
SUPPLY_TABLES = frozenset(
    name for name, table in SCENARIO_TABLES.items() if table.area in SUPPLY_AREAS
) | {"sales_targets", "service_terms", "sites", "site_options"}


@dataclass(frozen=True)
class Figures:
    """What a plan comes to: service in units, `attainment` as a share (0 to 1), money in the scenario's
    currency.

    `late` are units delivered after their period or still owed at the end; `missed` is the shortfall of each
    sales target, in its own measure.
    """

    cost: float
    revenue: float
    delivered: float
    on_time: float
    late: float
    lost: float
    attainment: float
    missed: Mapping[str, float] = field(default_factory=dict)

    @property
    def margin(self) -> float:
        """Revenue less everything that the plan costs."""
        return self.revenue - self.cost

    def less(self, other: "Figures") -> "Figures":
        """The differences from another plan, figure by figure."""
        numbers = {name: _apart(getattr(self, name), getattr(other, name)) for name in NUMBERS}
        missed = {name: _apart(self.missed.get(name, 0.0), other.missed.get(name, 0.0))
                  for name in dict.fromkeys([*other.missed, *self.missed])}
        return Figures(**numbers, missed=missed)


def _apart(value: float, other: float) -> float:
    """The difference; 0 where it is rounding in the last digits."""
    return value - other if abs(value - other) > ROUNDING * max(1.0, abs(value), abs(other)) else 0.0


ROUNDING = 1e-8  # of a figure: what the solver's tolerances may add up to
NUMBERS = ("cost", "revenue", "delivered", "on_time", "late", "lost", "attainment")


@dataclass(frozen=True, eq=False)
class Resolved:
    """A plan's scenario solved with overrides, with its proof and what it changes.

    `origin` is the plan's own scenario. `difference` is what its figures are above the plan's. `status` is
    `infeasible` where no plan keeps every hard limit; there are no figures then.
    """

    overrides: Overrides
    origin: Scenario
    demand: "Demand" = field(repr=False)
    status: str
    solution: Solution | None = field(default=None, repr=False)
    base: Figures | None = field(default=None, repr=False)
    made: Scenario | None = field(default=None, repr=False)

    @cached_property
    def scenario(self) -> Scenario:
        """The scenario with the overrides."""
        return self.origin.changed(self.overrides) if self.made is None else self.made

    @property
    def passes(self) -> tuple[Pass, ...]:
        """Each objective pass with its value, bound and gap."""
        return () if self.solution is None else self.solution.passes

    @property
    def gap(self) -> float | None:
        """How much better a plan could be at most, as a share, by the last goal."""
        return None if self.solution is None else self.solution.gap

    @cached_property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """The plan's tables sales, fulfillment and targets: those of service."""
        assert self.solution is not None
        return service_tables(self.solution, self.made or self.origin, self.demand)

    @cached_property
    def figures(self) -> Figures:
        """What the plan comes to."""
        assert self.solution is not None
        cost = sum(float(frame["amount"].sum()) for frame in self.solution.costs.values())
        return figures_of(self.tables, cost=cost)

    @cached_property
    def difference(self) -> Figures:
        """What its figures are above those of the plan that it started from."""
        assert self.base is not None
        return self.figures.less(self.base)

    def plan(self) -> Plan:
        """The whole plan, with every table and KPI."""
        if self.solution is None:
            raise PlanError(f"{self.scenario.name} has no plan: it is {self.status}")
        return plan_of(self.solution, self.scenario, self.demand)


class Resolver:
    """What-ifs of one plan. Its scenario is read and its model built once, and solved again as often as
    anybody asks.
    """

    def __init__(self, plan: Plan, scenario: Scenario | None = None, *,
                 demand: "Demand | None" = None) -> None:
        self.plan = plan
        self.scenario = scenario_of(plan, scenario)
        self._demand = plan.demand if demand is None else demand

    @cached_property
    def demand(self) -> "Demand":
        """The demand that the plan serves; of a plan that was read from files it is forecast again."""
        return _forecast(self.scenario) if self._demand is None else self._demand

    @cached_property
    def compiled(self) -> "Compiled":
        """The plan's model as a matrix."""
        from planner.model.solve import built
        return built(self.scenario, self.demand)

    @cached_property
    def start(self) -> "WarmStart":
        """Where the plan's own solve ended; a plan that was read from files is solved once again."""
        from planner.model.solver.warm_start import apart_from_session

        mine: Any = self.plan.warm_start or self.base_solution.warm_start
        return apart_from_session(mine)

    @cached_property
    def base_solution(self) -> Solution:
        """The scenario as it is, solved in this process."""
        from planner.model.solve import solve_built

        with one_thread():
            return solve_built(self.compiled, start=self.plan.warm_start)

    @cached_property
    def figures(self) -> Figures:
        """What the plan itself comes to."""
        return figures_of(self.plan.tables, cost=float(self.plan.tables["costs"]["amount"].sum()))

    def solved(self, overrides: Overrides, *, name: str = "") -> Resolved:
        """The scenario with the overrides, solved from where the plan ended. ScenarioError carries what is
        wrong with the overrides.
        """
        from planner.model.solve import built

        scenario = self.scenario.changed(overrides, name=name)
        touched = set(scenario.changes["table"])
        demand = self.demand if touched <= SUPPLY_TABLES else _forecast(scenario)
        return self._solved(built(scenario, demand), overrides, scenario=scenario, demand=demand)

    def solved_scenario(self, scenario: Scenario, demand: "Demand", *,
                        time_limit: float | None = None) -> Resolved:
        """Another scenario with its demand, solved from where the plan ended; within `time_limit` seconds,
        where there is one.
        """
        from planner.model.solve import built

        return self._solved(built(scenario, demand), {}, scenario=scenario, demand=demand,
                            time_limit=time_limit)

    def solved_within(self, overrides: Overrides, widened: Mapping[int, float]) -> Resolved:
        """The same where the overrides do nothing but widen rows of the model: each row named by its number,
        with what its right-hand side gains. Nothing is built again.
        """
        rows = self.compiled.rows
        places, gains = np.array(list(widened), np.int64), np.array(list(widened.values()))
        upper, lower = rows.upper.copy(), rows.lower.copy()
        upper[places] += gains
        lower[places] += gains  # of inequalities it stays without end
        compiled = replace(self.compiled, rows=replace(rows, upper=upper, lower=lower))
        return self._solved(compiled, overrides, scenario=None, demand=self.demand)

    def solved_each(self, changes: Iterable[Overrides], *, workers: int | None = None) -> list[Resolved]:
        """Each of the changes, in their order, solved side by side.

        `workers` threads, by default one for each core and two at least.
        """
        self.prepare()
        return side_by_side(self.solved, list(changes), workers=workers)

    def prepare(self) -> None:
        """What all what-ifs share is there, so that it is not made twice at once."""
        _ = self.demand, self.start, self.figures

    def _solved(self, compiled: "Compiled", overrides: Overrides, *, scenario: Scenario | None,
                demand: "Demand", time_limit: float | None = None) -> Resolved:
        from planner.model.solve import solve_built

        deadline = None if time_limit is None else perf_counter() + time_limit
        try:
            with one_thread():
                solution = solve_built(compiled, start=self.start, deadline=deadline)
        except InfeasibleError:
            return Resolved(overrides, self.scenario, demand, status="infeasible", base=self.figures,
                            made=scenario)
        return Resolved(overrides, self.scenario, demand, status=solution.status, solution=solution,
                        base=self.figures, made=scenario)


def side_by_side(function: Callable[[Work], Result], work: Sequence[Work], *,
                 workers: int | None = None) -> list[Result]:
    """The function's result for each piece of work, in their order; whatever is raised first comes out.

    Whoever watches and cancels the work of this thread watches and cancels the others as well.
    """
    count = min(len(work), workers or max(2, cpu_count() or 2))
    if count <= 1:
        return [function(piece) for piece in work]
    with ThreadPoolExecutor(count, thread_name_prefix="what-if") as pool:
        waiting = [pool.submit(copy_context().run, function, piece) for piece in work]
        try:
            return [one.result() for one in waiting]
        except BaseException:
            for one in waiting:
                one.cancel()
            raise


def _forecast(scenario: Scenario) -> "Demand":
    from planner.demand.demand import make_demand

    return make_demand(scenario)


def service_tables(solution: Solution, scenario: Scenario, demand: "Demand") -> dict[str, pd.DataFrame]:
    """The tables fulfillment, sales and targets of a plan, without all others."""
    rates = Rates(scenario)
    decisions = Decisions(solution, rates)
    fulfillment = fulfillment_table(decisions, demand)
    sales = sales_table(decisions, demand, fulfillment)
    made = {"sales": sales, "fulfillment": fulfillment, "targets": targets_table(rates, sales)}
    return {name: finish(table, TABLES[name], scenario.calendar) for name, table in made.items()}


def figures_of(tables: Mapping[str, pd.DataFrame], *, cost: float) -> Figures:
    """What the plan with these tables sales and targets, and this cost, comes to."""
    sales, targets = tables["sales"], tables["targets"]
    on_time, late, lost = (float(sales[name].sum()) for name in ("delivered_on_time", "delivered_late",
                                                                 "lost"))
    last = sales["period"].max()
    owed = float(sales.loc[sales["period"] == last, "backorders"].sum()) if len(sales) else 0.0
    shares = 1.0 - targets["shortfall"] / targets["quantity"]
    return Figures(
        cost=cost, revenue=float(sales["revenue"].sum()), delivered=on_time + late, on_time=on_time,
        late=late + owed, lost=lost, attainment=float(shares.mean()) if len(targets) else 1.0,
        missed=dict(zip(targets["target"], targets["shortfall"].astype(float), strict=True)))


