"""Where one run of HiGHS ended."""

from dataclasses import dataclass

import highspy

from planner.model.compiler.lookup import Floats


@dataclass(frozen=True)
class Outcome:
    """Where one minimisation ended. `values` is None when it has no feasible point."""

    status: str  # optimal, infeasible, unbounded, time_limit, node_limit, interrupted, failed
    objective: float | None
    bound: float | None
    values: Floats | None
    row_duals: Floats | None
    seconds: float


# a run that came after a stop
NOT_BEGUN = Outcome("interrupted", None, None, values=None, row_duals=None, seconds=0.0)


def status_of(status: highspy.HighsModelStatus) -> str:
    """HiGHS' status in the words of an outcome."""
    words = {
        highspy.HighsModelStatus.kOptimal: "optimal",
        highspy.HighsModelStatus.kModelEmpty: "optimal",
        highspy.HighsModelStatus.kInfeasible: "infeasible",
        highspy.HighsModelStatus.kUnbounded: "unbounded",
        highspy.HighsModelStatus.kUnboundedOrInfeasible: "infeasible",
        highspy.HighsModelStatus.kTimeLimit: "time_limit",
        highspy.HighsModelStatus.kIterationLimit: "time_limit",
        highspy.HighsModelStatus.kSolutionLimit: "node_limit",
        highspy.HighsModelStatus.kInterrupt: "interrupted",
    }
    return words.get(status, "failed")
