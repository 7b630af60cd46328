"""What may give way to an inquiry: nothing, forecast demand, or whatever the goals of the scenario let.

What is held stays as the plan has it: no order and no market gets less or later, no target misses more. Where
nothing is held, the plan is the one that comes out when the inquiry is written into the scenario.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from threading import local
from time import perf_counter
from typing import Any

import numpy as np

from planner.errors import InfeasibleError
from planner.model.compiler.lookup import Floats
from planner.model.demand_lines import FORECAST
from planner.model.objective import Goal
from planner.model.solution import TARGETS
from planner.model.solver.placing import NO_CHANGE, Change, Level
from planner.plan.plan import Plan
from planner.plan.promise.ground import Ground
from planner.plan.start import decided

NOTHING, DEMAND, ANYTHING = "nothing", "forecast demand", "anything"
LEVELS = (NOTHING, DEMAND, ANYTHING)  # what gives way at most, the least first
SLACK = 1e-9  # of what is held: room for the solver's rounding


@dataclass(frozen=True, eq=False)
class Solved:
    """A plan with an inquiry in it: its decisions, and its proof."""

    values: Floats
    status: str = "optimal"
    gap: float | None = 0.0


class Levels:
    """The levels of one ground, each with a session of its own in every thread."""

    def __init__(self, ground: Ground, plan: Plan) -> None:
        self._ground, self._plan, self._threads = ground, plan, local()
        self._uppers = dict(zip(LEVELS, _uppers(ground), strict=True))

    @property
    def has_integers(self) -> bool:
        """Whether setups, lots, workers or the like are decided in whole numbers."""
        return bool(self._ground.compiled.whole.any())

    def solved(self, level: str, change: Change) -> Solved | None:
        """The best plan with the change at the level; None where there is none."""
        if self.has_integers:
            return self._in_whole_numbers(level, change)
        values = self._session(level).best(change)
        return None if values is None else Solved(values)

    def is_possible(self, level: str, change: Change) -> bool:
        """Whether there is a plan with the change at the level, as far as fractions of setups, lots and
        workers can tell.
        """
        return self._session(level).is_possible(change)

    def unchanged(self, level: str) -> Floats:
        """The plan itself, or one that is better where it is not proven and nothing is decided in whole
        numbers.
        """
        if self._plan.is_proven or self.has_integers:
            return self._ground.values
        values = self._session(level).best(NO_CHANGE)
        assert values is not None, "the plan keeps all limits"
        return values

    def _in_whole_numbers(self, level: str, change: Change) -> Solved | None:
        """The same, searched for as any plan is; it starts from the whole numbers of the plan."""
        from planner.model.solve import solve_built

        if not self._session(level).is_possible(change):
            return None
        changed = change.of(self._ground.compiled, self._uppers[level])
        limit = self._ground.scenario.settings.solver.time_limit
        try:
            solution = solve_built(changed, deadline=None if limit is None else perf_counter() + limit,
                                   decided=decided(self._plan, self._ground.scenario.calendar))
        except InfeasibleError:
            return None
        start: Any = solution.warm_start
        return Solved(start.values, status=solution.status, gap=solution.gap)

    def _session(self, level: str) -> Level:
        sessions: dict[str, Level] = self._threads.__dict__
        if level not in sessions:
            ground = self._ground
            held = ground.goals[:_goals_held(level, ground.goals)]
            sessions[level] = Level(
                ground.compiled, ground.goals, self._uppers[level], bases=ground.bases,
                reached=[goal.value(ground.values) for goal in held])
        return sessions[level]


def _goals_held(level: str, goals: Sequence[Goal]) -> int:
    """How many of the goals stay where the plan has them."""
    if level == NOTHING:
        return len(goals) - 1
    promised = (goal.name.startswith(("booked orders", TARGETS)) for goal in goals)
    return 0 if level == ANYTHING else sum(promised)


def _uppers(ground: Ground) -> list[Floats]:
    """The upper bounds of all columns at each level, the strictest first."""
    layout, free = ground.compiled.layout, ground.compiled.upper
    booked, forecast = (
        [layout.first[name] + np.flatnonzero((lines["demand_class"] == FORECAST) == is_forecast)
         for name, lines in (("lost", ground.lines), ("backorders", ground.states))]
        for is_forecast in (False, True))
    place = layout.place("target_shortfall")
    as_planned = np.maximum(ground.values, 0.0)
    as_planned[place] = ground.targets.shortfalls(ground.values, NO_CHANGE)
    as_planned += SLACK * np.maximum(1.0, as_planned)
    uppers: list[Floats] = [free]
    for columns in ([*booked, np.arange(place.start, place.stop)], forecast):
        upper, places = uppers[-1].copy(), np.concatenate(columns)
        upper[places] = np.minimum(upper[places], as_planned[places])
        uppers.append(upper)
    return uppers[::-1]
