"""A run over a folder of scenarios as sentences and plain values."""

from typing import Any

from planner.plan.run import Planned, Run, names_of
from planner.report.records import result


def run_record(outcome: Run) -> dict[str, Any]:
    """What became of each scenario, and which plan is recommended."""
    return result("run", {"plans": [_planned(one) for one in outcome.planned],
                          "recommended": _recommended(outcome), "sentences": sentences(outcome)})


def _planned(one: Planned) -> dict[str, Any]:
    plan = one.plan
    return {"name": one.name, "state": one.state, "folder": str(one.folder), "start": one.start or None,
            "seconds": one.seconds, "message": one.message or None,
            "status": None if plan is None else plan.status,
            "worst_gap": None if plan is None else plan.proof.worst,
            "kpis": {} if plan is None else dict(plan.kpis)}


def _recommended(outcome: Run) -> str | None:
    return None if outcome.comparison is None else outcome.comparison.recommendation.plan


def sentences(outcome: Run) -> list[str]:
    """How many plans were made, which are missing, and which to agree on."""
    solved, unchanged, remembered = (
        names_of(outcome.planned, state) for state in ("solved", "unchanged", "remembered"))
    without = [one.name for one in outcome.planned if one.plan is None]
    parts = [f"{len(solved)} plan{'' if len(solved) == 1 else 's'} solved" if solved else "",
             f"{len(unchanged)} unchanged" if unchanged else "",
             f"{len(remembered)} solved before" if remembered else ""]
    spoken = [f"{', '.join(filter(None, parts)) or 'No plan'}."]
    if without:
        spoken.append(f"No plan for {', '.join(without)}.")
    if outcome.comparison is not None:
        spoken += [statement.text for statement in outcome.comparison.recommendation.statements]
    return spoken
