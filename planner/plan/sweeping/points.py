"""One what-if of a sweep, solved: what it comes to, and how it is proven.

Points are solved by functions of plain values, so that other processes and machines can do it as well.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING, Any

import pandas as pd

from planner.errors import InfeasibleError, NoPlanError, ScenarioError
from planner.linear_algebra import one_thread
from planner.plan.plan import Plan, plan_of
from planner.plan.resolving import demand_of_what_if
from planner.plan.standard_cost import average_stock_value
from planner.plan.start import decided
from planner.plan.totals import Figures, figures_of
from planner.scenario.scenario import Scenario
from planner.scenario.whatif.variations import Variation

if TYPE_CHECKING:  # the solver and statistics are imported when something is solved
    from planner.demand.demand import Demand
    from planner.model.objective import Goal
    from planner.model.solver.matrix import Compiled
    from planner.model.solver.warm_start import WarmStart


@dataclass(frozen=True)
class Base:
    """The plan that what-ifs and levels start from, as far as it goes to other processes.

    `time_limit` is that of the plan's own solve, in seconds.
    """

    scenario: Scenario
    demand: "Demand"
    start: "WarmStart | None"
    whole_numbers: Mapping[str, pd.DataFrame]
    time_limit: float | None = None

    @classmethod
    def of(cls, plan: Plan) -> "Base":
        """The base that a plan of this process is."""
        from planner.model.solver.warm_start import apart_from_session

        assert plan.scenario is not None
        assert plan.demand is not None
        start = None if plan.warm_start is None else apart_from_session(plan.warm_start)
        return cls(plan.scenario, plan.demand, start,
                   whole_numbers=decided(plan, plan.scenario.calendar),
                   time_limit=plan.settings["solver"]["time_limit"])


@dataclass(frozen=True)
class Point:
    """What one what-if comes to: its service in units, money and KPIs; none of them where there is no plan.

    `values` has what each factor was set to, as it was written. `service` is the share of the demand that is
    delivered on time, `stock_value` the average closing stock at standard cost. `gap` is the worst share of
    service, targets or cost that is not proven; None where nothing bounds the cost.
    """

    name: str
    values: Mapping[str, str]
    status: str
    gap: float | None = None
    figures: Figures | None = None
    service: float | None = None
    stock_value: float | None = None
    kpis: Mapping[str, float] = field(default_factory=dict)

    @property
    def is_proven(self) -> bool:
        """Whether no plan is better by more than the gap that was asked for."""
        return self.status == "optimal"


def point_of(plan: Plan, *, name: str, values: Mapping[str, str]) -> Point:
    """The point that a plan is."""
    sales = plan.tables["sales"]
    demand = float(sales["demand"].sum())
    on_time = float(sales["delivered_on_time"].sum())
    return Point(
        name, values, plan.status, gap=plan.proof.worst,
        figures=figures_of(plan.tables, cost=float(plan.tables["costs"]["amount"].sum())),
        service=on_time / demand if demand > 0 else 1.0, stock_value=average_stock_value(plan),
        kpis=plan.kpis)


def solved_point(base: Base, variation: Variation) -> Point | ScenarioError:
    """The what-if, solved from the base's plan; what is wrong with its overrides comes back and is not
    raised, so that all of a sweep's problems can be collected.
    """
    from planner.model.solve import solve_model

    try:
        scenario = base.scenario.changed(variation.overrides, name=variation.name)
    except ScenarioError as error:
        return error
    with one_thread():
        demand = demand_of_what_if(scenario, base.demand)
        try:
            solution = solve_model(scenario, demand, start=base.start, decided=base.whole_numbers,
                                   time_limit=scenario.settings.solver.time_limit)
        except (InfeasibleError, NoPlanError) as error:
            return Point(variation.name, variation.values, status=without_plan(error))
        plan = plan_of(solution, scenario, demand)
    return point_of(plan, name=variation.name, values=variation.values)


def solved_held(base: Base, compiled: "Compiled", ranked: "list[Goal] | None", *,
                start: "WarmStart | None" = None) -> Plan:
    """The best plan of the base's scenario that keeps what its model `compiled` holds in addition, from
    `start` or the base's whole numbers, within the base's time limit.

    `ranked` are the goals in order; None: those of the scenario. InfeasibleError says that no plan keeps it,
    NoPlanError that the time was over before there was one.
    """
    from planner.model.solve import solve_built

    deadline = None if base.time_limit is None else perf_counter() + base.time_limit
    solution = solve_built(compiled, ranked=ranked, start=start, decided=base.whole_numbers,
                           deadline=deadline)
    return plan_of(solution, base.scenario, base.demand)


def without_plan(error: InfeasibleError | NoPlanError) -> str:
    """The status of a what-if that has no plan."""
    return "infeasible" if isinstance(error, InfeasibleError) else "no plan"


def frame_of(points: list[Point], factors: Iterable[str]) -> pd.DataFrame:
    """A row for each point: its name, factors, status and gap, then service, units, stock and every KPI."""
    blank = dict.fromkeys(factors, "")
    return pd.DataFrame([_row(point, blank) for point in points])


def _row(point: Point, blank: Mapping[str, str]) -> dict[str, Any]:
    figures = point.figures
    served = {} if figures is None else {
        "service": point.service, "on_time": figures.on_time, "late": figures.late, "lost": figures.lost,
        "stock_value": point.stock_value}
    return {"name": point.name, **blank, **point.values, "status": point.status, "gap": point.gap, **served,
            **point.kpis}
