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

Given = Plan | Scenario | str | os.PathLike[str] | Mapping[str, Any]
KINDS = (Plan, Scenario, str, os.PathLike, Mapping)


def plans_of(given: Given | Iterable[Given]) -> list[Plan]:
    """The plan of everything that is handed over: one thing, or several in a list."""
    return [plan_of_given(one) for one in given_list(given)]


def given_list(given: Given | Iterable[Given]) -> list[Given]:
    """One thing that stands for a plan, or several, as a list."""
    if isinstance(given, KINDS):
        return [given]
    if isinstance(given, Iterable):
        return list(given)
    raise _no_plan(given)


def plan_of_given(given: Given) -> Plan:
    """The plan itself, the one that its folder holds, or the best one for a scenario, its folder or its
    dict.
    """
    thing = thing_of(given)
    return thing if isinstance(thing, Plan) else make_plan(thing)


def thing_of(given: Given) -> Plan | Scenario:
    """The plan itself, the one that its folder holds, or the scenario, which has still to be solved."""
    if isinstance(given, Plan):
        return given
    if isinstance(given, str | os.PathLike):
        folder = Path(given).parent if Path(given).name == MARKER else Path(given)
        return load_plan(folder) if holds_plan(folder) else load_scenario(folder)
    if isinstance(given, Scenario | Mapping):
        return load_scenario(given)
    raise _no_plan(given)


def _no_plan(given: object) -> PlanError:
    return PlanError(f"{in_short(given)} is no plan. Give a plan, the folder of a plan or "
                     "of a scenario, or a list of them")
