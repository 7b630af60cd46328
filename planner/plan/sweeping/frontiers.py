"""Frontiers: what more service costs, and what less stock costs in service, each point a plan of its own."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Literal

import numpy as np

from planner.errors import InfeasibleError, NoPlanError, PlannerError
from planner.figures import one
from planner.linear_algebra import one_thread
from planner.plan.plan import Plan, make_plan
from planner.plan.standard_cost import average_stock_value
from planner.plan.sweeping.points import Base, Point, point_of, solved_held, without_plan
from planner.plan.sweeping.what_ifs import Sweep
from planner.progress import Cancel, Progress, Watcher, tell, watched
from planner.scenario.load import Place, load_scenario
from planner.scenario.suggestions import did_you_mean, quoted

if TYPE_CHECKING:  # the solver is imported when something is solved
    from planner.model.objective import Goal
    from planner.model.solver.matrix import Compiled
    from planner.model.solver.warm_start import WarmStart

Of = Literal["service", "stock"]
KINDS: tuple[Of, ...] = ("service", "stock")
SERVICE_LEVELS = (0.8, 0.85, 0.9, 0.92, 0.94, 0.96, 0.98, 0.99)  # of the demand on time
STOCK_LEVELS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0)  # of the plan's average stock value
SAME_SERVICE = 1e-4  # of the demand: services nearer to each other are the same
MAXIMUM_STOCK = 10.0  # times the plan's stock: a share, and no percentage that was meant


@dataclass(frozen=True)
class Level:
    """One point of a frontier to be solved: its model and goals, and how people read it."""

    name: str
    value: str
    compiled: "Compiled"
    goals: "list[Goal] | None" = None


def frontier(scenario: Place, *, of: Of | str, levels: Iterable[float] = (), progress: Watcher | None = None,
             cancel: Cancel | None = None) -> Sweep:
    """The frontier of a `scenario`: cost against service, or service against stock, its knee marked.

        planner.frontier("scenarios/baseline", of="service", levels=[0.9, 0.95, 0.98]).frame

    `of` is service or stock. Of service, each point is the plan with the lowest cost (in mode profit the
    highest profit) of all that deliver at least a share of the demand on time; the last one delivers as much
    as can be. Of stock, each point is the scenario's best plan with an average stock value of at most a share
    of that of its plan without such a limit. `levels` are these shares, 0.95 for 95 %. Every hard limit
    holds; a level that no plan reaches is infeasible. `progress` and `cancel` are as in `planner.solve`.
    PlannerError says what is no level.

    The knee is the point farthest from the straight line between the first and the last one, both figures
    scaled to 0 to 1. Source: Satopaa, Albrecht, Irwin, Raghavan, "Finding a Kneedle in a Haystack", 2011.
    """
    level_values = _levels(of, levels)
    with watched(progress, cancel), one_thread():
        loaded = load_scenario(scenario)
        plan = make_plan(loaded)
        from planner.model.solve import built

        assert plan.demand is not None
        compiled = built(loaded, plan.demand)
        steps = (_service_levels if of == "service" else _stock_levels)(compiled, plan, level_values)
        points = tuple(_solved(steps, Base.of(plan), of=of))
    return Sweep(plan, points, factors=(of,), of=of, knee=_knee_of(points, of))


def _levels(of: str, levels: Iterable[float]) -> list[float]:
    """The levels in order; PlannerError where one is no share."""
    if of not in KINDS:
        raise PlannerError(f"frontier of {quoted(str(of))}: must be service or stock"
                           f"{did_you_mean(str(of), KINDS)}")
    chosen = sorted(set(levels)) or list(SERVICE_LEVELS if of == "service" else STOCK_LEVELS)
    most = 1.0 if of == "service" else MAXIMUM_STOCK
    wrong = [level for level in chosen if not (isfinite(level) and 0.0 <= level <= most)]
    if wrong:
        raise PlannerError(f"level {wrong[0]:g}: must be a share from 0 to {most:g}, like 0.95 for 95 %")
    return chosen


def _service_levels(compiled: "Compiled", plan: Plan, levels: Sequence[float]) -> list[Level]:
    from planner.model.solver.frontier import limited, money_goal, most_on_time, units_on_time

    demand = float(plan.tables["sales"]["demand"].sum())
    on_time, goal = units_on_time(compiled), money_goal(compiled)
    steps = [Level(f"service {one(level, '0 to 1')}", one(level, "0 to 1"),
                   limited(compiled, on_time, lower=level * demand), goals=[goal]) for level in levels]
    most = Level("service as high as can be", "most", limited(compiled, on_time, lower=0.0),
                 goals=[most_on_time(compiled), goal])
    return [*steps, most]


def _stock_levels(compiled: "Compiled", plan: Plan, levels: Sequence[float]) -> list[Level]:
    from planner.model.solver.frontier import limited, stock

    value = average_stock_value(plan)
    if value <= 0:
        raise PlannerError(f"{plan.name}: no item in stock has a standard_cost, which a frontier of stock "
                           "needs. Fill it in in the table items")
    in_stock = stock(compiled)
    return [Level(f"stock {one(level, '0 to 1')}", one(level, "0 to 1"),
                  limited(compiled, in_stock, upper=level * value)) for level in levels]


def _solved(steps: Sequence[Level], base: Base, *, of: str) -> Iterator[Point]:
    """Each level, from where the one before it ended."""
    start: WarmStart | None = None
    for place, step in enumerate(steps):
        tell(Progress("solving", step.name, step=place + 1, steps=len(steps)))
        values = {of: step.value}
        try:
            plan = solved_held(base, step.compiled, step.goals, start=start)
        except (InfeasibleError, NoPlanError) as error:
            yield Point(step.name, values, status=without_plan(error))
            continue
        start = plan.warm_start
        yield point_of(plan, name=step.name, values=values)


def _knee_of(points: Sequence[Point], of: str) -> int | None:
    """The place of the knee among all points. Where less stock costs no service, it costs money."""
    places = [place for place, point in enumerate(points) if point.figures is not None]
    solved = [points[place] for place in places]
    costs = [point.figures.cost for point in solved if point.figures is not None]
    services = [point.service or 0.0 for point in solved]
    if of == "service":
        knee = knee_of(services, costs)
    else:
        stocks = [point.stock_value or 0.0 for point in solved]
        knee = knee_of(stocks, services if max(services) - min(services) > SAME_SERVICE else costs)
    return None if knee is None else places[knee]


def knee_of(along: Sequence[float], against: Sequence[float]) -> int | None:
    """The place farthest from the line between the first and the last point; None where the points lie on
    it.
    """
    if len(along) < 3:
        return None
    x, y = (_scaled(np.array(figures)) for figures in (along, against))
    away = np.abs((x - x[0]) * (y[-1] - y[0]) - (y - y[0]) * (x[-1] - x[0]))
    return int(away.argmax()) if away.max() > 1e-6 else None


def _scaled(figures: np.ndarray) -> np.ndarray:
    width = figures.max() - figures.min()
    return (figures - figures.min()) / width if width > 0 else figures * 0.0
