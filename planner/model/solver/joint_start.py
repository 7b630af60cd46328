"""A first plan with integer variables for all goals at once, at which every pass then begins.

Pass by pass a search would spend its time on the first goals and forget what the later ones want: which
setups to pay, whom to employ. So plans that are quickly made come first: the numbers of an earlier plan,
nothing switched on, and roundings of the linear plan, each with the rest re-optimised by the goals in order.
Then the goals are added up, each weighing so much more than the next that the linear plan of the sum is
nearly that of the goals in order, and one search looks for a plan with integer variables. No plan is given
up for one that is worse by the goals in order.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import scipy.sparse as sparse

from planner.model.compiler.lookup import Floats
from planner.model.objective import Goal
from planner.model.solver.deadline import GRACE_SECONDS, is_over, later, partway
from planner.model.solver.diving import Dive
from planner.model.solver.earlier_numbers import carried_over
from planner.model.solver.fix_and_optimize import Point
from planner.model.solver.highs import Session
from planner.model.solver.in_order import SAME, InOrder, relaxed_in_order, with_numbers
from planner.model.solver.matrix import Compiled
from planner.model.solver.outcome import NOT_BEGUN, Outcome
from planner.model.solver.run import STOPS
from planner.model.solver.slope_scaling import Search, roundings

# what a better plan by an earlier goal may cost more, as a share, before it is sought anywhere
COSTLIER = 0.03
JOINT_SHARE = 0.65  # of the time that is left goes into a good plan for all goals, the rest into its proof
# how many times the mean cost of a unit one unit short weighs, and each goal more than the next: little where
# the linear plan has no shortfall, more where goals compete (a unit lost less may be late for some periods)
SHORT, STEP, STEP_BETWEEN_SHORTFALLS = 300.0, 1.5, 4.0


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


@dataclass
class JointStart:
    """What the first search has come to: the best plan by the goals in order, and the minimum of each goal
    if all could be fractions.
    """

    goals: list[Goal]
    best: Candidate | None = None
    minima: tuple[float, ...] = field(default=())

    def add(self, values: Floats | None) -> bool:
        """The plan is the best one where it is better; whether there was one. The first of equals stays."""
        if values is None:
            return False
        candidate = Candidate.of(values, self.goals)
        if self.best is None or candidate.is_better_than(self.best):
            self.best = candidate
        return True

    @property
    def reached(self) -> tuple[float, ...]:
        """The value of each goal in the best plan; nothing without one."""
        return () if self.best is None else self.best.reached

    @property
    def outcome(self) -> Outcome | None:
        """The best plan as a point to begin at."""
        return None if self.best is None else replace(NOT_BEGUN, status="time_limit", values=self.best.values)

    @property
    def attained(self) -> int:
        """How many of the first goals no plan can reach better."""
        count = 0
        for ours, minimum in zip(self.reached, self.minima, strict=False):
            if ours > minimum + SAME * max(1.0, abs(minimum)):
                break
            count += 1
        return count


def joint_start(
    session: Session, compiled: Compiled, goals: list[Goal], *, earlier: Floats | None,
    deadline: float | None,
) -> JointStart:
    """The best plan by the goals in order among the earlier plan's integer values with the rest re-optimised,
    nothing switched on, roundings of the linear plan, and what a search for all goals makes of them.
    """
    start = JointStart(goals)
    if earlier is not None:
        start.add(carried_over(session, compiled, goals, earlier, deadline=later(deadline, GRACE_SECONDS)))
    linear = relaxed_in_order(session, goals, deadline=deadline)
    if linear is None:
        return start
    start.minima = linear.minima
    _add_best(start, session, roundings(compiled, linear.values), deadline=deadline)
    _add_best(start, session, [compiled.lower], deadline=deadline)
    search = Search(compiled, _excess(compiled, goals, linear), [], deadline=partway(deadline, JOINT_SHARE))
    try:
        _searched(start, session, compiled, search, linear)
    except STOPS as stop:
        session.interrupt(stop)
        start.add(None if search.best is None else search.best.values)
    return start


def _add_best(start: JointStart, session: Session, candidates: Iterable[Floats], *,
              deadline: float | None) -> None:
    """The best plan that integer values lead to is among the candidates. Once service is as good as can be,
    others could only cost less, and a search is better at that; so is it in a large model.
    """
    for numbers in candidates:
        if is_over(deadline):
            return
        values = with_numbers(session, start.goals, numbers, deadline=deadline, below=start.reached)
        if start.add(values) and (session.is_large or start.attained >= len(start.goals) - 1):
            return


def _searched(
    start: JointStart, session: Session, compiled: Compiled, search: Search, linear: InOrder
) -> None:
    """What the search finds is among the candidates: first where a dive leads, or else a rounding of the
    linear plan and plans with free switches; then what windows make of the best one. A stop while these are
    measured ends the search, too.
    """
    if session.interrupted or is_over(search.deadline):
        return
    led_to_plan = _dived(start, session, compiled, deadline=search.deadline)
    session.pass_on_stop()
    if not led_to_plan:
        lots = search.lots()
        if lots is None:
            return
        _add_best(start, session, roundings(compiled, linear.values, lots), deadline=search.deadline)
        session.pass_on_stop()
        point = search.rounded(lots)
        start.add(None if point is None else point.values)
    if start.best is not None and search.deadline is not None:
        _improve(start, session, compiled, search)


def _dived(start: JointStart, session: Session, compiled: Compiled, *, deadline: float | None) -> bool:
    """Whether a dive in which no goal of service gets worse than in the linear plan has led to a plan, which
    is among the candidates.
    """
    *service, last = start.goals
    if len(start.minima) < len(start.goals):
        return False
    search = Search(compiled, last, _held(service, start.minima), deadline=deadline)
    scaled = search.scaled()
    if scaled is None:
        return False
    dive = Dive(compiled, last, search.held, session=scaled.session, deadline=deadline)
    led_to_plan = [start.add(with_numbers(session, start.goals, numbers, deadline=deadline))
                   for numbers in dive.numbers(scaled.slopes, scaled.values)]
    return any(led_to_plan)


def _improve(start: JointStart, session: Session, compiled: Compiled, search: Search) -> None:
    """What windows make of the best plan is among the candidates; goals that are as good as they can be stay
    so.
    """
    assert start.best is not None
    *service, last = start.goals
    goal = last if start.attained >= len(service) else search.goal
    held = _held(service[:start.attained], start.reached)
    improver = Search(compiled, goal, held, deadline=search.deadline)
    values = start.best.values
    start.add(improver.improved(Point(values, goal.value(values))).values)
    if improver.stop is not None:
        session.interrupt(improver.stop)


def _held(goals: list[Goal], values: Sequence[float]) -> list[tuple[Goal, float]]:
    """Each goal with the maximum of its variable part at its value, but for rounding."""
    return [(goal, value - goal.constant + SAME * max(1.0, abs(value)) / 2)
            for goal, value in zip(goals, values, strict=False)]


def _excess(compiled: Compiled, goals: list[Goal], linear: InOrder) -> Goal:
    """All goals added up, less what no plan can avoid: or gaps would be shares of shortfalls instead of
    costs.
    """
    goal = joint_goal(compiled, goals, linear.minima)
    unavoidable = goal.value(linear.values) - goals[-1].value(linear.values)
    return replace(goal, constant=goal.constant - unavoidable)


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


def joint_goal(compiled: Compiled, goals: list[Goal], minima: tuple[float, ...] = ()) -> Goal:
    """All goals added up: the last one in its own unit, each before it weighing more than the next, most of
    all where there is a shortfall that no plan can avoid.
    """
    *service, last = goals
    short = [minimum > SAME for minimum in minima[:len(service)]] + [False] * (len(service) - len(minima))
    weight = SHORT * _cost_of_a_unit(compiled, last)
    coefficients = last.coefficients.copy()
    for goal, is_short in zip(reversed(service), reversed(short), strict=True):
        # a goal that counts shares of targets weighs what its units weigh
        share = np.abs(goal.coefficients[goal.coefficients != 0]).min()
        coefficients += weight / share * goal.coefficients
        weight *= STEP_BETWEEN_SHORTFALLS if is_short else STEP
    return Goal("service and cost", coefficients, last.constant, measure=last.coefficients)


def _cost_of_a_unit(compiled: Compiled, goal: Goal) -> float:
    """What the costliest way of having a unit costs by its price alone; at least something."""
    counted = [compiled.layout.place(name) for name in ("purchased", "production", "shipped")]
    prices = np.concatenate([np.abs(goal.coefficients[place]) for place in counted])
    return float(max(prices.max(initial=0.0), np.abs(goal.coefficients).max(initial=0.0) * 1e-3, 1e-9))
