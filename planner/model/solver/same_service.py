"""The minimum of the last goal where every goal of service stays where another plan has it."""

from collections.abc import Mapping

from planner.model.objective import goals
from planner.model.solver.in_order import HOLD_TOLERANCE, MAXIMUM_HELD
from planner.model.solver.matrix import Compiled, open_session
from planner.model.solver.proof import minimum
from planner.model.solver.warm_start import WarmStart


def cost_at_service(compiled: Compiled, service: Mapping[str, float], *,
                    start: WarmStart | None = None) -> float | None:
    """The minimum of the mode's last goal, its earnings added back, with every earlier goal at most at its
    value in `service`, by name; None where no plan serves as well. `start` is what a solve of the same shape
    has left.
    """
    *earlier, last = goals(compiled.model, compiled.layout, compiled.costs)
    session = open_session(compiled)
    for goal in earlier:
        most = service[goal.name] - goal.constant
        session.hold(goal.coefficients, most + HOLD_TOLERANCE * min(max(1.0, abs(most)), MAXIMUM_HELD))
    if start is not None and start.bases and start.bases[-1] is not None and not session.has_integers:
        session.start_at(start.bases[-1])
    outcome = minimum(session, last, seconds=None, best=None)
    if outcome.objective is None or outcome.values is None:
        return None
    return outcome.objective + last.earned(outcome.values)
