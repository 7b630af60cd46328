"""Reaches the goals of a mode in order, each held while the next ones are sought."""

from dataclasses import dataclass, replace
from functools import partial

from planner.errors import CancelledError, InfeasibleError, NoPlanError
from planner.model.compiler.lookup import Floats
from planner.model.objective import Goal
from planner.model.solution import Pass
from planner.model.solver.deadline import is_over, later, partway, seconds_left
from planner.model.solver.effort import current
from planner.model.solver.fix_and_optimize import Point
from planner.model.solver.highs import Session
from planner.model.solver.in_order import hold, is_minimal
from planner.model.solver.joint_start import JointStart, joint_start, nearby
from planner.model.solver.lot_cuts import tighten
from planner.model.solver.matrix import Compiled
from planner.model.solver.outcome import NOT_BEGUN, Outcome
from planner.model.solver.proof import STEP, attained, linear_bound, minimum
from planner.model.solver.run import STOPS
from planner.model.solver.slope_scaling import Search
from planner.model.solver.warm_start import SolverRun
from planner.progress import Progress, gap, is_cancelled, tell, tell_more

GAP_ROUNDING = 1e-6  # a gap that is larger by this share than asked for is within the solver's tolerances
# Of the time that is left at each: a goal of service whose bound is not attained; then for the last goal
# windows, where they have not looked at it, and the bound. The rest goes into proof and what it finds.
SERVICE_SHARE, SEARCH_SHARE, TIGHTENING_SHARE, TIGHTENING_SHARE_OF_LARGE = 0.25, 0.4, 0.6, 0.8
# What stays for the last linear program, in the longest so far; in a model that is not large also for what
# a search takes beyond its time. Under other load that one took longer, too.
RESERVE, RESERVE_OF_LARGE = 1.5, 1.0
LAST_LINEAR_SECONDS = 2.0  # for the linear program with the numbers found, even where time is over


@dataclass(frozen=True)
class Reached:
    """The point that all passes led to: `outcome` measures it by the last goal. `prices` are the duals of
    the passes before it that were solved as linear programs, by the names of their goals.
    """

    outcome: Outcome
    passes: tuple[Pass, ...]
    prices: tuple[tuple[str, Floats], ...] = ()

    @property
    def values(self) -> Floats:
        """The values of all variables at the point."""
        assert self.outcome.values is not None
        return self.outcome.values


def reach_goals(
    compiled: Compiled, goals: list[Goal], run: SolverRun, *, deadline: float | None
) -> Reached:
    """The best point for the goals in order, by the deadline. The best point so far survives a stop."""
    session = run.session
    deadline = run.allowed_until(deadline)
    passes: list[Pass] = []
    held: list[tuple[Goal, float]] = []
    prices: list[tuple[str, Floats]] = []
    start, best = _started(compiled, goals, run, deadline=deadline)
    for place, goal in enumerate(goals):
        last, bound = place == len(goals) - 1, None
        try:
            if not session.interrupted:
                tell(Progress("solving", goal=goal.name, pass_number=place + 1, passes=len(goals),
                              best=_known_value(goal, best)))
            session.watch(partial(_tell_gap, goal))
            if last and session.has_integers and not is_over(deadline):
                if start.attained < place:  # windows have looked for less shortfall until now
                    best = _improved(session, compiled, goal, held, best, deadline=deadline)
                if not session.interrupted:
                    share = TIGHTENING_SHARE_OF_LARGE if session.is_large else TIGHTENING_SHARE
                    bound = tighten(session, compiled, goal, deadline=partway(deadline, share))
            if bound is None and best is not None and session.has_integers:
                bound = _bound(session, start, place, best, deadline=deadline)
            run.begin_pass()
            outcome, best = _sought(session, goals, place, best, bound=bound,
                                    seconds=_share_of_time(session, deadline, last=last))
        # just before or after the solver's run: it ends the search as one within it does
        except STOPS as stop:
            session.interrupt(stop)
            outcome = NOT_BEGUN
        outcome = _with_bound(outcome, bound)
        _refuse_failure(goal, outcome, best)
        run.end_pass()
        best = _kept(session, goal, outcome, best)
        passes.append(_pass(goal, best))
        ended = best.status != "optimal" and not session.has_integers
        if session.interrupted or ended:
            break
        if not last:
            prices += _prices(goal, outcome)
            assert best.objective is not None
            held.append((goal, hold(session, goal, best.objective)))
    assert best is not None and best.values is not None
    outcome = _at_last_goal(session, goals, passes, best, deadline=deadline)
    return Reached(outcome, tuple(passes), tuple(prices))


def _started(
    compiled: Compiled, goals: list[Goal], run: SolverRun, *, deadline: float | None
) -> tuple[JointStart, Outcome | None]:
    """Where the passes begin: with integer variables, at the best of all plans that are quickly found."""
    if not run.session.has_integers:
        return JointStart(goals), None
    tell(Progress("solving", goal=goals[0].name, pass_number=1, passes=len(goals)))
    start = joint_start(run.session, compiled, goals, earlier=run.earlier_values, deadline=deadline)
    return start, start.outcome


def _bound(
    session: Session, start: JointStart, place: int, best: Outcome, *, deadline: float | None
) -> float | None:
    """What the goal cannot fall below with what is held; it is known where all that is held is as good as
    can be.
    """
    goal = start.goals[place]
    if best.values is not None and is_minimal(goal, best.values):
        return 0.0
    if not is_over(deadline):
        return linear_bound(session, goal, seconds=seconds_left(deadline))
    return start.minima[place] if start.attained >= place and len(start.minima) > place else None


def _prices(goal: Goal, outcome: Outcome) -> list[tuple[str, Floats]]:
    """The duals of a pass that was solved, and was a linear program."""
    return [] if outcome.row_duals is None or outcome.seconds <= 0 else [(goal.name, outcome.row_duals)]


def _sought(
    session: Session, goals: list[Goal], place: int, best: Outcome | None, *, bound: float | None,
    seconds: float | None,
) -> tuple[Outcome, Outcome | None]:
    """How a pass ended and the best point known, without a search where no plan can be better by its goal."""
    goal = goals[place]
    # the last goal's prices are wanted in its own unit
    if place == len(goals) - 1:
        return minimum(session, goal, seconds=seconds, best=best), best
    reached = _already_minimal(goal, best) or attained(session, goal, best, bound)
    if reached is None and best is not None and session.has_integers:
        half = None if seconds is None else seconds / 2
        best = _kept(session, goal, nearby(session, goal, goals[-1], best, seconds=half), best)
        reached = attained(session, goal, best, bound)
    return reached or minimum(session, goal, seconds=seconds, best=best), best


def _known_value(goal: Goal, best: Outcome | None) -> float | None:
    """What the best plan so far is worth, before this goal is sought."""
    return None if best is None or best.values is None else goal.sign * goal.value(best.values)


def _tell_gap(goal: Goal, best: float, bound: float) -> None:
    """What the search for integer values has come to: the best plan so far, and what no plan can beat."""
    tell_more("branch and bound", best=best, bound=bound, sign=goal.sign)


def _share_of_time(session: Session, deadline: float | None, *, last: bool) -> float | None:
    """All the time that is left; with integer variables, where a search may use all it gets, a share of it
    for a goal of service whose bound is not attained.

    Something stays for the linear program with the numbers found.
    """
    left = seconds_left(deadline)
    if left is None or not session.has_integers:
        return left
    reserve = session.longest_linear * (RESERVE_OF_LARGE if session.is_large else RESERVE)
    return (left - reserve) * (1 if last else SERVICE_SHARE)


def _with_bound(outcome: Outcome, bound: float | None) -> Outcome:
    """The outcome with what its relaxation has proven, where a stop left the search with less."""
    if bound is None or outcome.status == "optimal" or (outcome.bound is not None and outcome.bound >= bound):
        return outcome
    return replace(outcome, bound=bound)


def _improved(
    session: Session, compiled: Compiled, goal: Goal, held: list[tuple[Goal, float]], best: Outcome | None, *,
    deadline: float | None,
) -> Outcome | None:
    """The best point so far, or a better one that windows have found in their share of the time."""
    if session.interrupted or deadline is None or best is None or best.values is None:
        return best
    search = Search(compiled, goal, held, deadline=partway(deadline, SEARCH_SHARE))
    point = search.improved(Point(best.values, goal.value(best.values)))
    if search.stop is not None:
        session.interrupt(search.stop)
    return replace(NOT_BEGUN, status="time_limit", objective=point.objective, values=point.values)


def _refuse_failure(goal: Goal, outcome: Outcome, best: Outcome | None) -> None:
    if outcome.status == "infeasible" and best is None:
        raise InfeasibleError("no plan satisfies every hard limit")
    if outcome.status in ("unbounded", "infeasible", "failed"):
        raise NoPlanError(f"the solver ended with status {outcome.status} while minimising {goal.name}")
    if outcome.values is None and best is None:
        if is_cancelled():
            raise CancelledError(f"cancelled while minimising {goal.name}, before there was a plan")
        effort = current()
        limit = ("the time limit came" if effort is None or effort.clock_ended
                 else "the work that solver.effort allows was done")
        reason = {"time_limit": limit, "interrupted": "interrupted"}[outcome.status]
        raise NoPlanError(f"{reason} while minimising {goal.name}, before there was a plan")


def _already_minimal(goal: Goal, best: Outcome | None) -> Outcome | None:
    """The point already reached, where it needs no search: a goal that counts shortfalls cannot fall below
    0.
    """
    if best is None or best.values is None or not is_minimal(goal, best.values):
        return None
    return replace(best, status="optimal", objective=0.0, bound=0.0, seconds=0.0)


def _kept(session: Session, goal: Goal, outcome: Outcome, best: Outcome | None) -> Outcome:
    """The outcome, or the last point where that is as good by this goal: it is good by later ones, too."""
    linear = not session.has_integers and outcome.status == "optimal"
    if best is None or best.values is None or linear:
        return outcome
    before = goal.value(best.values)
    better = outcome.objective is not None and outcome.objective < before - STEP * max(1.0, abs(before))
    if outcome.values is not None and better:
        return outcome
    return replace(outcome, objective=before, values=best.values, row_duals=None)


def _at_last_goal(
    session: Session, goals: list[Goal], passes: list[Pass], best: Outcome, *, deadline: float | None
) -> Outcome:
    """The point measured by the mode's own objective, with shadow prices; a stop before that goal leaves it
    unproven.
    """
    assert best.values is not None
    reached = len(passes) == len(goals)
    if session.has_integers and reached and not session.interrupted:
        seconds = seconds_left(later(deadline, LAST_LINEAR_SECONDS))
        last = goals[-1]
        fixed = session.with_fixed_numbers(last.coefficients, last.constant, best.values, seconds=seconds)
        if fixed.status == "optimal":  # it always is, unless rounding in the last digits is in the way
            best = replace(best, values=fixed.values, row_duals=fixed.row_duals)
    assert best.values is not None
    final = replace(best, objective=goals[-1].value(best.values), bound=best.bound if reached else None)
    if reached:
        passes[-1] = _pass(goals[-1], final)
    statuses = [status_within(session.gap, entry) for entry in passes]
    unproven = next((status for status in statuses if status != "optimal"), None if reached else "time_limit")
    if unproven is not None and session.interrupted:  # a stop between two passes leaves no pass unproven
        unproven = "interrupted"
    return replace(final, status=unproven or "optimal")


def status_within(asked: float, entry: Pass) -> str:
    """How the pass ended; `unproven` where it ended by itself and yet the gap asked for is missed.

    The solver's arithmetic does that: a figure that it took for a whole number was none.
    """
    missed = entry.gap is not None and entry.gap > asked + GAP_ROUNDING
    return "unproven" if entry.status == "optimal" and missed else entry.status


def _pass(goal: Goal, outcome: Outcome) -> Pass:
    assert outcome.objective is not None
    return Pass(
        goal.name,
        outcome.objective,
        outcome.bound,
        gap=gap(outcome.objective, outcome.bound),
        seconds=outcome.seconds,
        status=outcome.status,
    )
