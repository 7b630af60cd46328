"""A plan's scenario solved again with overrides: what a change would bring, proven.

Every what-if begins where the plan's own solve ended, and several go on side by side. What comes out does not
depend on how many: each starts from the plan itself, never from another what-if.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import dataclass, field, replace
from functools import cached_property
from os import cpu_count
from threading import Lock
from time import perf_counter
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pandas as pd

from planner.demand.what_is_read import unread_tables
from planner.errors import CancelledError, InfeasibleError, NoPlanError, PlanError
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
from planner.plan.totals import Figures, figures_of
from planner.scenario.scenario import Scenario

if TYPE_CHECKING:  # the solver and statistics are imported when something is solved
    from planner.demand.demand import Demand
    from planner.model.solve import SettledPoint
    from planner.model.solver.matrix import Compiled
    from planner.model.solver.warm_start import WarmStart
    from planner.model.solver.what_ifs import Near, Prices, WhatIfs
    from planner.plan.served import Served

Overrides = Mapping[str, Any]
Work = TypeVar("Work")
Result = TypeVar("Result")

OF_SALES = ("items", "prices", "booked_orders", "sales_targets", "service_terms", "markets", "customers")


@dataclass(frozen=True, eq=False)
class Resolved:
    """A plan's scenario solved with overrides, with its proof and what it changes.

    `origin` is the plan's own scenario. `difference` is what its figures are above the plan's. `status` is
    `infeasible` where no plan keeps every hard limit; there are no figures then. `point` is where a linear
    model led to, `near` what a similar one may begin at, `searched` what a search ended with. `like` is the
    plan's own demand, where the what-if serves the same.
    """

    overrides: Overrides
    origin: Scenario
    demand: "Demand" = field(repr=False)
    status: str
    point: "SettledPoint | None" = field(default=None, repr=False)
    near: "Near | None" = field(default=None, repr=False)
    searched: Solution | None = field(default=None, repr=False)
    base: Figures | None = field(default=None, repr=False)
    made: Scenario | None = field(default=None, repr=False)
    like: "Served | None" = field(default=None, repr=False)

    @cached_property
    def scenario(self) -> Scenario:
        """The scenario with the overrides."""
        return self.origin.changed(self.overrides) if self.made is None else self.made

    @property
    def has_plan(self) -> bool:
        """Whether some plan keeps every hard limit."""
        return self.point is not None or self.searched is not None

    @cached_property
    def solution(self) -> Solution | None:
        """What the solver decided, in the model's own words; None where there is no plan."""
        return self.searched if self.point is None else self.point.solution()

    @cached_property
    def passes(self) -> tuple[Pass, ...]:
        """Each objective pass with its value, bound and gap."""
        if self.point is not None:
            return self.point.passes
        return () if self.searched is None else self.searched.passes

    @property
    def gap(self) -> float | None:
        """How much better a plan could be at most, as a share, by the last goal."""
        return self.passes[-1].gap if self.passes else None

    @cached_property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """The plan's tables sales, fulfillment and targets: those of service."""
        assert self.solution is not None
        return service_tables(self.solution, self.made or self.origin, self.demand)

    @cached_property
    def figures(self) -> Figures:
        """What the plan comes to."""
        if self.point is not None:
            from planner.plan.served import Served
            scenario = self.made or self.origin
            return (self.like or Served(scenario, self.demand, self.point.compiled)).figures(self.point)
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
        self._idle: list[WhatIfs] = []
        self._prices: Prices | None = None
        self._choosing = Lock()

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
        demand = demand_of_what_if(scenario, self.demand)
        return self._solved(built(scenario, demand), overrides, scenario=scenario, demand=demand)

    def solved_scenario(self, scenario: Scenario, demand: "Demand", *,
                        time_limit: float | None = None) -> Resolved:
        """Another scenario with its demand, solved from where the plan ended; within `time_limit` seconds,
        where there is one.
        """
        from planner.model.solve import built

        return self._solved(built(scenario, demand), {}, scenario=scenario, demand=demand,
                            time_limit=time_limit)

    def solved_within(self, overrides: Overrides, widened: Mapping[int, float], *,
                      like: Resolved | None = None) -> Resolved:
        """The same where the overrides do nothing but widen rows of the model: each row named by its number,
        with what its right-hand side gains. Nothing is built again. `like` is a similar what-if, to begin
        there.
        """
        rows = self.compiled.rows
        places, gains = np.array(list(widened), np.int64), np.array(list(widened.values()))
        upper, lower = rows.upper.copy(), rows.lower.copy()
        upper[places] += gains
        lower[places] += gains  # of inequalities it stays without end
        compiled = replace(self.compiled, rows=replace(rows, upper=upper, lower=lower))
        near = None if like is None else like.near
        return self._solved(compiled, overrides, scenario=None, demand=self.demand, near=near)

    def solved_each(self, changes: Iterable[Overrides], *, workers: int | None = None) -> list[Resolved]:
        """Each of the changes, in their order, solved side by side.

        `workers` threads, by default one for each core and two at least.
        """
        self.prepare()
        return side_by_side(self.solved, list(changes), workers=workers)

    def prepare(self) -> None:
        """What all what-ifs share is there, so that it is not made twice at once."""
        _ = self.demand, self.start, self.figures
        if self._is_linear:
            _ = self.served
            with self._session():
                pass

    @cached_property
    def served(self) -> "Served":
        """The demand that the plan and its what-ifs serve."""
        from planner.plan.served import Served

        return Served(self.scenario, self.demand, self.compiled)

    def _solved(self, compiled: "Compiled", overrides: Overrides, *, scenario: Scenario | None,
                demand: "Demand", time_limit: float | None = None,
                near: "Near | None" = None) -> Resolved:
        from planner.model.solve import solve_built

        deadline = None if time_limit is None else perf_counter() + time_limit
        infeasible = Resolved(overrides, self.scenario, demand, status="infeasible", base=self.figures,
                              made=scenario)
        try:
            with one_thread():
                quick = self._quickly(compiled, near) if deadline is None and self._is_linear else None
                if quick is not None:
                    point, near = quick
                    return replace(infeasible, status=point.status, point=point, near=near,
                                   like=self.served if self._serves_the_same(scenario, demand) else None)
                solution = solve_built(compiled, start=self.start, deadline=deadline)
        except InfeasibleError:
            return infeasible
        return replace(infeasible, status=solution.status, searched=solution)

    @cached_property
    def _is_linear(self) -> bool:
        """Whether the plan decides no integers, and its search is not limited by effort."""
        return not self.compiled.whole.any() and self.scenario.settings.solver.effort is None

    def _quickly(self, compiled: "Compiled", near: "Near | None") -> "tuple[SettledPoint, Near] | None":
        """Where a model leads to that differs from the plan's in figures alone; None of any other, and where
        the solver fails on its way from the plan.
        """
        from planner.model.solve import solved_again

        try:
            with self._session() as session:
                return solved_again(session, compiled, near=near) if session.fits(compiled) else None
        except CancelledError:
            raise
        except NoPlanError:
            return None

    @contextmanager
    def _session(self) -> Iterator["WhatIfs"]:
        """A session of the plan's model that nobody else uses; one in which something failed is left."""
        from planner.model.solver.what_ifs import WhatIfs

        with self._choosing:
            session = self._idle.pop() if self._idle else None
        session = session or WhatIfs(self.compiled, self.start, prices=self._prices)
        self._prices = session.prices
        yield session
        with self._choosing:
            self._idle.append(session)

    def _serves_the_same(self, scenario: Scenario | None, demand: "Demand") -> bool:
        """Whether orders, prices and targets are the plan's own, so that its demand is not prepared again."""
        if scenario is None:
            return True
        return (demand is self.demand and scenario.calendar == self.scenario.calendar
                and all(scenario[name].equals(self.scenario[name]) for name in OF_SALES))


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


def demand_of_what_if(scenario: Scenario, demand: "Demand") -> "Demand":
    """The demand of a scenario that was changed: that of the scenario as it was, where nothing else is
    changed than what no demand depends on; else made on the same groundwork, where it holds.
    """
    from planner.demand.demand import make_demand

    if set(scenario.changes["table"]) <= unread_tables(scenario):
        return demand
    return make_demand(scenario, like=demand)


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
