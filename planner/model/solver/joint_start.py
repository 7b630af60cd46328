"""A first plan with integer variables for all goals at once, at which every pass then begins.

Pass by pass a search would spend its time on the first goals and forget what the later ones want: which
setups to pay, whom to employ. So the goals are added up, each weighing so much more than the next that the
linear plan of the sum is that of the goals in order, and one search looks for a plan with integer variables.
"""

from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sparse

from planner.model.compiler.lookup import Floats
from planner.model.objective import Goal
from planner.model.solver.deadline import partway, seconds_left
from planner.model.solver.highs import Session
from planner.model.solver.matrix import Compiled
from planner.model.solver.outcome import NOT_BEGUN, Outcome
from planner.model.solver.slope_scaling import Search

# what a better plan by an earlier goal may cost more, as a share, before it is sought anywhere
COSTLIER = 0.03
JOINT_SHARE = 0.5  # of the time that is left goes into the first plan for all goals
# how many times the mean cost of a unit one unit short weighs, and each goal more than the next
SHORT, STEP = 300.0, 1.5
SAME = 1e-6  # of a goal's value, at least of 1: less is no difference between two plans


@dataclass(frozen=True)
class Candidate:
    """A plan that could be the first one, measured by every goal."""

    values: Floats
    reached: tuple[float, ...]

    @classmethod
    def of(cls, values: Floats, goals: list[Goal]) -> "Candidate":
        """The plan with its value of each goal."""
        return cls(values, tuple(goal.value(values) for goal in goals))

    def is_better_than(self, other: "Candidate") -> bool:
        """Whether it is better by the first goal by which the two differ."""
        for ours, theirs in zip(self.reached, other.reached, strict=True):
            if abs(ours - theirs) > SAME * max(1.0, abs(theirs)):
                return ours < theirs
        return False


def joint_start(
    session: Session, compiled: Compiled, goals: list[Goal], *, earlier: Floats | None,
    deadline: float | None,
) -> Outcome | None:
    """The best plan by the goals in order among the earlier plan's integer values with the rest re-optimised,
    nothing switched on, and what a search for all goals finds; None where none of them is a plan.
    """
    goal = joint_goal(compiled, goals)
    linear = session.relaxed(goal.coefficients, goal.constant, seconds=seconds_left(deadline))
    if linear.values is None:
        return None
    # what no plan can avoid is taken off, or gaps would be shares of shortfalls instead of costs
    goal = replace(goal, constant=goal.constant - (linear.objective or 0.0) + goals[-1].value(linear.values))
    found: list[Floats] = []
    # numbers that lead to no plan are passed over
    for numbers in (earlier, compiled.lower):
        if numbers is not None:
            completed = session.with_numbers_of(
                numbers, goal.coefficients, goal.constant, seconds=seconds_left(deadline)
            )
            found += [] if completed.values is None else [completed.values]
    search = Search(compiled, goal, [], deadline=partway(deadline, JOINT_SHARE))
    point = None if session.interrupted else search.start()
    if search.stop is not None:
        session.interrupt(search.stop)
    found += [] if point is None else [point.values]
    return _best(found, goals)


def _best(found: list[Floats], goals: list[Goal]) -> Outcome | None:
    """The best of the plans by the goals in order; the first of several that are as good."""
    best: Candidate | None = None
    for values in found:
        candidate = Candidate.of(values, goals)
        if best is None or candidate.is_better_than(best):
            best = candidate
    return None if best is None else replace(NOT_BEGUN, status="time_limit", values=best.values)


def nearby(
    session: Session, goal: Goal, last: Goal, best: Outcome, *, seconds: float | None
) -> Outcome:
    """The best point by this goal that costs little more than the best point known, which it begins at.

    A search that knows one goal alone throws away what the plan is worth by the later ones.
    """
    assert best.values is not None
    cost = last.value(best.values) - last.constant
    row = sparse.csr_array(-last.coefficients[None, :])
    session.strengthen(row, np.array([-cost - COSTLIER * abs(cost)]))
    outcome = session.minimise(goal.coefficients, goal.constant, seconds=seconds, start=best.values)
    session.weaken()
    ended = "time_limit" if outcome.status == "optimal" else outcome.status
    return replace(outcome, status=ended, bound=None)


def joint_goal(compiled: Compiled, goals: list[Goal]) -> Goal:
    """All goals added up: the last one in its own unit, each before it weighing more than the next."""
    *service, last = goals
    weight = SHORT * _cost_of_a_unit(compiled, last)
    coefficients = last.coefficients.copy()
    for goal in reversed(service):
        # a goal that counts shares of targets weighs what its units weigh
        share = goal.coefficients[goal.coefficients > 0].min()
        coefficients += weight / share * goal.coefficients
        weight *= STEP
    return Goal("service and cost", coefficients, last.constant, measure=last.coefficients)


def _cost_of_a_unit(compiled: Compiled, goal: Goal) -> float:
    """What the costliest way of having a unit costs by its price alone; at least something."""
    counted = [compiled.layout.place(name) for name in ("purchased", "production", "shipped")]
    prices = np.concatenate([np.abs(goal.coefficients[place]) for place in counted])
    return float(max(prices.max(initial=0.0), np.abs(goal.coefficients).max(initial=0.0) * 1e-3, 1e-9))
