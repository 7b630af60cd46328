"""The goals in order as linear programs: with fractions everywhere, or with the integer variables fixed.

The first says what no plan can beat; the second is the best plan with given numbers, whatever is known of
them: those of an earlier plan, a rounding, or nothing switched on.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from planner.model.compiler.lookup import Floats
from planner.model.objective import Goal
from planner.model.solver.deadline import seconds_left
from planner.model.solver.highs import Session

# A held goal may slip by this share, so that rounding in the last digits does not make the next pass
# infeasible.
HOLD_TOLERANCE = 1e-9
# of more than this, it may slip by no more: a billion units short are no reason to lose one
MAXIMUM_HELD = 1e6
SAME = 1e-6  # of a goal's value, at least of 1: less is no difference between two plans


@dataclass(frozen=True)
class InOrder:
    """The point at which the goals were minimised in order, and the minimum of each that was reached in
    time.
    """

    values: Floats
    minima: tuple[float, ...]


def hold(session: Session, goal: Goal, value: float) -> float:
    """The session keeps the goal where it is, up to rounding; what is returned is the maximum of its
    variable part.
    """
    maximum = held_at(goal, value)
    session.hold(goal.coefficients, maximum)
    return maximum


def held_at(goal: Goal, value: float) -> float:
    """The maximum of the goal's variable part where the goal is held at the value, up to rounding."""
    held = value - goal.constant
    return held + HOLD_TOLERANCE * min(max(1.0, abs(held)), MAXIMUM_HELD)


def relaxed_in_order(
    session: Session, goals: Sequence[Goal], *, deadline: float | None, below: Sequence[float] = ()
) -> InOrder | None:
    """The minima if all could be fractions; None where no plan exists or there is no time for the first.

    `below` are the values of a plan to beat: None, too, as soon as the minima say that it stays the better.
    """
    values: Floats | None = None
    minima: list[float] = []
    for goal in goals:
        if is_worse(minima, below):
            values = None
            break
        if values is not None and is_minimal(goal, values):
            minima.append(0.0)
        else:
            outcome = session.relaxed(goal.coefficients, goal.constant, seconds=seconds_left(deadline))
            values = values if outcome.values is None else outcome.values
            if outcome.status != "optimal" or outcome.objective is None:
                break
            minima.append(outcome.objective)
        hold(session, goal, minima[-1])
    session.let_go()
    return None if values is None else InOrder(values, tuple(minima))


def is_worse(minima: Sequence[float], known: Sequence[float]) -> bool:
    """Whether the first of the minima that differs from a known plan's value is larger."""
    for ours, theirs in zip(minima, known, strict=False):
        if abs(ours - theirs) > SAME * max(1.0, abs(theirs)):
            return ours > theirs
    return False


def with_numbers(
    session: Session, goals: Sequence[Goal], numbers: Floats, *, deadline: float | None,
    below: Sequence[float] = (),
) -> Floats | None:
    """The best point by the goals in order whose integer variables are where they are in these values; None
    where there is none, or none that could be better than a plan with the values `below`, or no time for one.
    """
    session.fix_numbers(numbers)
    found = relaxed_in_order(session, goals, deadline=deadline, below=below)
    session.free_numbers()
    return None if found is None else session.with_exact_numbers(found.values, numbers)


def is_minimal(goal: Goal, values: Floats) -> bool:
    """Whether the goal counts shortfalls, and there are none: it cannot fall below 0."""
    if (goal.coefficients < 0).any() or goal.constant != 0.0:
        return False
    return not np.any(values[goal.coefficients > 0])
