"""What people hand over where plans are wanted: plans, their folders, or scenarios, which are solved."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from planner.errors import PlanError
from planner.glance import in_short
from planner.plan.folder import MARKER, holds_plan, load_plan
from planner.plan.plan import Plan, make_plan
from planner.scenario.load import load_scenario
from planner.scenario.scenario import Scenario

PlanSource = Plan | Scenario | str | os.PathLike[str] | Mapping[str, Any]
KINDS = (Plan, Scenario, str, os.PathLike, Mapping)


def plans_of(source: PlanSource | Iterable[PlanSource]) -> list[Plan]:
    """The plan of everything that is handed over: one thing, or several in a list."""
    return [plan_from(one) for one in sources_of(source)]


def sources_of(source: PlanSource | Iterable[PlanSource]) -> list[PlanSource]:
    """One thing that stands for a plan, or several, as a list."""
    if isinstance(source, KINDS):
        return [source]
    if isinstance(source, Iterable):
        return list(source)
    raise _no_plan(source)


def plan_from(source: PlanSource) -> Plan:
    """The plan itself, the one that its folder holds, or the best one for a scenario, its folder or its
    dict.
    """
    content = plan_or_scenario(source)
    return content if isinstance(content, Plan) else make_plan(content)


def plan_or_scenario(source: PlanSource) -> Plan | Scenario:
    """The plan itself, the one that its folder holds, or the scenario, which has still to be solved."""
    if isinstance(source, Plan):
        return source
    if isinstance(source, str | os.PathLike):
        folder = Path(source).parent if Path(source).name == MARKER else Path(source)
        return load_plan(folder) if holds_plan(folder) else load_scenario(folder)
    if isinstance(source, Scenario | Mapping):
        return load_scenario(source)
    raise _no_plan(source)


def _no_plan(source: object) -> PlanError:
    return PlanError(f"{in_short(source)} is no plan. Give a plan, the folder of a plan or "
                     "of a scenario, or a list of them")
