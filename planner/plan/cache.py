"""Plans of scenarios that were solved before, in a folder that the user can find and delete.

A plan is found again by what it follows from: the content of its scenario, settings included, and the code
that solves it. So a changed scenario or another version is never answered with an older plan.
"""

import hashlib
import os
import shutil
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from planner.errors import OutputError, PlanError
from planner.plan.folder import holds_plan, load_plan, save_plan
from planner.plan.plan import MADE_WITH, Plan
from planner.scenario.scenario import Scenario

PLACE = "PLANNER_CACHE"  # the environment variable that names another folder
MAXIMUM_PLANS = 100  # the least recently used go first
UNFINISHED = ("interrupted",)  # how a search ended whose plan another search could beat


def place() -> Path:
    """The folder of all plans that are remembered: PLANNER_CACHE, or planner in the user's folder of caches.
    """
    chosen = os.environ.get(PLACE)
    if chosen:
        return Path(chosen)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "planner" / "plans"


def remembered(scenario: Scenario) -> Plan | None:
    """The plan that the scenario had when it was solved last; None where there is none, or it is damaged."""
    folder = _folder(scenario)
    try:
        if not holds_plan(folder):
            return None
        plan = load_plan(folder)
    except (PlanError, OSError):
        return None
    with suppress(OSError):
        os.utime(folder)
    is_there = bool(scenario.source) and Path(scenario.source).exists()
    source = str(Path(scenario.source).resolve()) if is_there else ""
    return replace(plan, name=scenario.name, question=scenario.question, changes=scenario.changes,
                   scenario_source=source, scenario=scenario)


def remember(plan: Plan, scenario: Scenario) -> None:
    """The plan can be found again, unless its search was interrupted or nothing can be written."""
    if plan.status in UNFINISHED:
        return
    with suppress(OutputError, OSError):
        save_plan(plan, _folder(scenario))
        _prune(place())


def _folder(scenario: Scenario) -> Path:
    parts = [scenario.content_hash, *(version(package) for package in MADE_WITH), _code()]
    return place() / hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


@lru_cache(maxsize=1)
def _code() -> str:
    """A fingerprint of this program: what a plan comes from besides its scenario."""
    digest = hashlib.sha256()
    for file in sorted(Path(__file__).parents[1].rglob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _prune(folder: Path) -> None:
    plans = sorted((one for one in folder.iterdir() if one.is_dir()), key=lambda one: one.stat().st_mtime)
    for old in plans[:-MAXIMUM_PLANS]:
        shutil.rmtree(old, ignore_errors=True)
