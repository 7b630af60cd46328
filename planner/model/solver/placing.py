"""A solved model with something more to deliver: the best plan with it, found from where the plan ended.

Each level holds some of what the plan does for others, as bounds of its shortfalls, and seeks the goals that
are left in order. Its session stays open: a question changes a few right-hand sides, and a few pivots from
the basis of the plan itself answer it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from planner.errors import NoPlanError
from planner.model.compiler.lookup import Floats
from planner.model.objective import Goal
from planner.model.solver.highs import Session
from planner.model.solver.in_order import MAXIMUM_HELD, is_minimal
from planner.model.solver.matrix import Compiled
from planner.model.solver.outcome import Outcome
from planner.model.solver.proof import minimum

Gains = Mapping[int, float]


@dataclass(frozen=True)
class Change:
    """What a question changes: what the right-hand side of rows and the upper bound of columns gain."""

    rows: Gains
    columns: Gains

    def of(self, compiled: Compiled, upper: Floats) -> Compiled:
        """The model with the change, its columns bounded by `upper`."""
        rows, gained = compiled.rows, upper.copy()
        lower_rows, upper_rows = rows.lower.copy(), rows.upper.copy()
        for row, gain in self.rows.items():
            lower_rows[row] += gain  # of inequalities it stays without end
            upper_rows[row] += gain
        for column, gain in self.columns.items():
            gained[column] = max(gained[column] + gain, 0.0)
        return replace(compiled, rows=replace(rows, lower=lower_rows, upper=upper_rows), upper=gained)


# What is held may slip by this share: each goal begins at a basis of the plan, where rounding in the last
# digits must not make it infeasible.
HOLD_TOLERANCE = 1e-9
NOISE = 1e-9  # multipliers below this share of the largest are rounding
ROUNDING = 1e-6  # of what rows add up to
NO_CHANGE = Change({}, {})


def held_at(goal: Goal, reached: float) -> float:
    """The maximum of the goal's variable part where it is held at what was reached."""
    held = reached - goal.constant
    return held + HOLD_TOLERANCE * min(max(1.0, abs(held)), MAXIMUM_HELD)


@dataclass(frozen=True)
class Refusal:
    """A proof that some changes are impossible: rows added up that contradict the bounds of the columns.

    Whatever the change, the sum of the rows must be at least `least` plus what their right-hand sides gain,
    and the columns allow no more than `most`.
    """

    rows: Floats
    columns: Floats
    least: float
    most: float

    def refuses(self, change: Change) -> bool:
        """Whether the proof holds for the change, by more than rounding."""
        gained = sum(float(self.rows[row]) * gain for row, gain in change.rows.items())
        allowed = sum(max(float(self.columns[column]), 0.0) * gain
                      for column, gain in change.columns.items())
        rounding = ROUNDING * max(1.0, abs(self.least), abs(self.most))
        return self.least + gained - self.most - allowed > rounding


def refusal_of(compiled: Compiled, upper: Floats, multipliers: Floats, *, held: Sequence[Floats],
               limits: Sequence[float]) -> Refusal | None:
    """What the rows add up to with the multipliers, held goals last; None where that proves nothing."""
    scaled = multipliers / max(float(np.abs(multipliers).max(initial=0.0)), ROUNDING)
    scaled[np.abs(scaled) < NOISE] = 0.0
    lower = np.append(compiled.rows.lower, np.full(len(limits), -np.inf))
    sides = np.where(scaled > 0, lower, np.append(compiled.rows.upper, limits))
    own = scaled[:len(compiled.rows.upper)]
    columns = compiled.rows.matrix.T @ own + sum(
        (weight * row for weight, row in zip(scaled[len(own):], held, strict=True)), np.zeros(len(upper)))
    columns[np.abs(columns) < NOISE * max(1.0, float(np.abs(columns).max(initial=0.0)))] = 0.0
    bounds = np.where(columns > 0, upper, compiled.lower)
    used_rows, used = scaled != 0, columns != 0
    if not (np.isfinite(sides[used_rows]).all() and np.isfinite(bounds[used]).all()):
        return None
    return Refusal(own, columns, least=float(scaled[used_rows] @ sides[used_rows]),
                   most=float(columns[used] @ bounds[used]))


class Level:
    """The model with `upper` bounds of its columns, its first goals held at what was `reached` and the others
    sought in order, ready for questions. `bases` are those at which the plan's own solve ended, goal by goal.
    """

    def __init__(self, compiled: Compiled, goals: Sequence[Goal], upper: Floats, *, reached: Sequence[float],
                 bases: Sequence[Any]) -> None:
        solver = compiled.model.scenario.settings.solver
        self._compiled, self._goals, self._upper = compiled, tuple(goals), upper
        self._held, self._bases = tuple(reached), tuple(bases)
        self._refusals: list[Refusal] = []
        self._session = Session(compiled.rows, compiled.lower, upper, whole=np.zeros(len(upper), bool),
                                threads=solver.threads, seed=solver.seed, gap=solver.gap)

    def best(self, change: Change) -> Floats | None:
        """The best point with the change; None where there is none with what is held."""
        if not self._begun(change):
            return None
        values: Floats | None = None
        for place in range(len(self._held), len(self._goals)):
            goal, is_last, reached = self._goals[place], place == len(self._goals) - 1, 0.0
            if values is None or is_last or not is_minimal(goal, values):
                outcome = self._minimised(place)
                if outcome.values is None or outcome.objective is None:
                    self._refused(change)
                    return None
                values, reached = outcome.values, outcome.objective
            if not is_last:
                self._hold(goal, reached)
        return values

    def is_possible(self, change: Change) -> bool:
        """Whether there is a point with the change and all that is held."""
        if not self._begun(change):
            return False
        is_there = self._minimised(len(self._held)).values is not None
        if not is_there:
            self._refused(change)
        return is_there

    def _begun(self, change: Change) -> bool:
        """The session has the change; not where what has refused others refuses it as well."""
        if any(refusal.refuses(change) for refusal in self._refusals):
            return False
        changed = change.of(self._compiled, self._upper)
        self._session.change_to(changed.rows, changed.lower, changed.upper)
        for goal, reached in zip(self._goals, self._held, strict=False):
            self._hold(goal, reached)

        return True

    def _refused(self, change: Change) -> None:
        """What proves the change impossible is remembered, for others that it refuses as well."""
        ray = self._session.ray()
        if ray is None or len(ray) != len(self._compiled.rows.upper) + len(self._held):
            return
        held = [goal.coefficients for goal in self._goals[:len(self._held)]]
        for multipliers in (ray, -ray):
            refusal = refusal_of(self._compiled, self._upper, multipliers, held=held, limits=self._limits())
            if refusal is not None and refusal.refuses(change):
                self._refusals.insert(0, refusal)
                return

    def _limits(self) -> list[float]:
        return [held_at(goal, reached) for goal, reached in zip(self._goals, self._held, strict=False)]

    def _hold(self, goal: Goal, reached: float) -> None:
        self._session.hold(goal.coefficients, held_at(goal, reached))

    def _minimised(self, place: int) -> Outcome:
        goal = self._goals[place]
        if place < len(self._bases) and self._bases[place] is not None:
            self._session.start_at(self._bases[place])
        outcome = minimum(self._session, goal, seconds=None, best=None)
        self._session.pass_on_stop()
        if outcome.status not in ("optimal", "infeasible"):
            raise NoPlanError(f"the solver ended with status {outcome.status} while minimising {goal.name}")
        return outcome
