"""Plans whose scenario is no longer the one that they were made for."""

from collections.abc import Sequence
from pathlib import Path

from planner.errors import PlannerError
from planner.plan.plan import Plan
from planner.scenario.load import content_hash_of


def stale_plans(plans: Sequence[Plan], names: Sequence[str]) -> dict[str, str]:
    """By the heading of each plan whose scenario has changed since, what has become of it; a scenario that is
    in this process, or no longer at its place, is taken for what it was.
    """
    judged = {name: _change(plan) for plan, name in zip(plans, names, strict=True)}
    return {name: change for name, change in judged.items() if change}


def _change(plan: Plan) -> str:
    place = Path(plan.scenario_source or ".")
    if plan.scenario is not None or not place.is_absolute() or not place.exists():
        return ""
    try:
        current = content_hash_of(plan.scenario_source)
    except PlannerError:
        current = ""
    return "" if current == plan.scenario_hash else "is of a scenario that has changed since: solve it again"
