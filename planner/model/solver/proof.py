"""A claim of optimality is checked by a second route before it is believed.

HiGHS looks, beside a known plan, only for plans that are better by a whole step where its presolve has left a
goal that counts in steps. The known plan itself may stand between two steps, since presolve keeps one best
plan and not every plan: then a better plan less than a step away is cut off, and the known one is called
optimal. Presolve has been seen to lose the best plan of a small model in other ways, too. So what is claimed
must either be attained by the linear relaxation, or be confirmed by a search that knows no plan, only the
value below which it looks.
"""

import logging
from dataclasses import replace

from planner.model.objective import Goal
from planner.model.solver.effort import now
from planner.model.solver.highs import Session
from planner.model.solver.outcome import Outcome

log = logging.getLogger(__name__)

STEP = 1e-6  # of a goal's value, at least of what HiGHS takes for 1: what is better by less is no better plan


def minimum(session: Session, goal: Goal, *, seconds: float | None, best: Outcome | None) -> Outcome:
    """The minimum value of a goal, its claim checked; begins at the best point known where there are integer
    variables.
    """
    start, began = None if best is None else best.values, now()
    outcome = session.minimise(goal.coefficients, goal.constant, seconds=seconds, start=start)
    if outcome.status != "optimal" or not session.has_integers:
        return outcome
    left = None if seconds is None else max(seconds - (now() - began), 0.0)
    return _confirmed(session, goal, outcome, left=left)


def linear_bound(session: Session, goal: Goal, *, seconds: float | None) -> float | None:
    """What the goal cannot fall below, by its linear relaxation at what is held."""
    return session.relaxed(goal.coefficients, goal.constant, seconds=seconds).bound


def attained(session: Session, goal: Goal, best: Outcome | None, bound: float | None) -> Outcome | None:
    """The best point, where no other can be better by this goal: its linear bound is attained."""
    if best is None or best.values is None or bound is None:
        return None
    value = goal.value(best.values)
    if bound < value - slack(session, value):
        return None
    return replace(best, status="optimal", objective=value, bound=min(bound, value), row_duals=None,
                   seconds=0.0)


def _confirmed(session: Session, goal: Goal, outcome: Outcome, *, left: float | None) -> Outcome:
    """The outcome where nothing better exists; else the better point that the second search has found."""
    assert outcome.objective is not None
    enough = outcome.objective - slack(session, outcome.objective)
    began = now()
    linear = session.relaxed(goal.coefficients, goal.constant, seconds=left)
    if linear.bound is not None and linear.bound >= enough:
        return outcome
    left = None if left is None else max(left - (now() - began), 0.0)
    second = session.search_below(goal.coefficients, goal.constant, enough, seconds=left)
    spent = outcome.seconds + linear.seconds + second.seconds
    if second.status == "infeasible":
        return replace(outcome, seconds=spent)
    better = second.objective is not None and second.objective < outcome.objective
    if second.status == "optimal" and not better:
        return replace(outcome, seconds=spent)
    if better:
        log.info("a search from nothing is better than one from a known plan, which had called it optimal")
        return replace(second, seconds=spent)
    bounds = [bound for bound in (linear.bound, second.bound) if bound is not None]
    return replace(
        outcome, status=second.status, bound=max(bounds, default=None), row_duals=None, seconds=spent
    )


def slack(session: Session, value: float) -> float:
    """How much less than a value is not worth a search: the gap that is asked for, or rounding."""
    return max(session.gap * abs(value), STEP * max(session.smallest_step, abs(value)))
