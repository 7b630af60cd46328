"""Every scenario of a folder planned: each what-if from the plan of its base, and only what has changed.

A plan folder says of which scenario it is, by content hash, and with which versions it was made. Where both
still hold, the plan is taken as it is.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from time import perf_counter
from typing import Literal

from planner.errors import (
    CancelledError,
    InfeasibleError,
    NoPlanError,
    PlanError,
    PlannerError,
    Problem,
    ScenarioError,
)
from planner.plan.cache import remember, remembered
from planner.plan.comparison.compare import Comparison, compare
from planner.plan.folder import holds_plan, load_plan, refuse_what_is_no_plan, save_plan
from planner.plan.plan import MADE_WITH, Plan, make_plan, seconds_allowed
from planner.plan.start import is_limited, line_of
from planner.progress import Cancel, Progress, Watcher, tell, watched
from planner.scenario.load import load_scenario
from planner.scenario.reading.places import scenarios_in
from planner.scenario.scenario import Scenario
from planner.writing import expect_folder

State = Literal["solved", "unchanged", "remembered", "infeasible", "no plan"]


@dataclass(frozen=True)
class Planned:
    """What became of one scenario: its plan and the plan's folder, or, in `message`, why there is none.

    `start` is the name of the scenario from whose plan the solver began.
    """

    name: str
    state: State
    folder: Path
    plan: Plan | None = None
    start: str = ""
    message: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, eq=False)
class Run:
    """Every scenario of a folder, planned: bases first, names in the order of the alphabet among equals."""

    planned: tuple[Planned, ...]
    failures: tuple[InfeasibleError | NoPlanError, ...] = field(default=(), repr=False)

    @property
    def plans(self) -> list[Plan]:
        """The plans that there are."""
        return [one.plan for one in self.planned if one.plan is not None]

    @cached_property
    def comparison(self) -> Comparison | None:
        """The plans side by side, where there are several; None where they cannot be compared."""
        try:
            return compare(self.plans) if len(self.plans) > 1 else None
        except PlanError:  # of other currencies, or without a period in common
            return None

    def foremost(self, count: int) -> list[Plan]:
        """At most so many plans, in their order: the first one, with which the others are compared, then the
        best of those that can be agreed on, then others, as they come.
        """
        plans, comparison = self.plans, self.comparison
        candidates = () if comparison is None else comparison.recommendation.candidates
        ranks = [one.rank or len(plans) for one in candidates] or [0] * len(plans)
        ranked = sorted(range(len(plans)), key=lambda place: (place > 0, ranks[place]))
        return [plans[place] for place in sorted(ranked[:count])]


def run(folder: str | os.PathLike[str], output: str | os.PathLike[str], *, time_limit: float | None = None,
        progress: Watcher | None = None, cancel: Cancel | None = None, cache: bool = True) -> Run:
    """Every scenario of the `folder` has its plan in a folder of the same name under `output`.

        planner.run("scenarios", "plans").comparison.kpis

    Scenarios are the folders with a scenario.yaml, and workbooks, right in the folder, or it itself. A plan
    that is there already, of the same scenario and made with the same versions, is not solved again, nor is
    one that `planner.compare` remembers, unless `cache` is False. Each what-if begins
    at the plan of its base, where that is in the folder, too. `time_limit` is in seconds, for each scenario.
    A scenario without a plan stops none of the others. `progress` and `cancel` are as in `planner.solve`; a
    stop leaves the plans that there are. ScenarioError carries the problems of all scenarios, and PlanError
    or OutputError says what stands in the way, before any is solved.
    """
    limit = seconds_allowed(time_limit)
    source, target = Path(folder), Path(output)
    with watched(progress, cancel):
        scenarios = in_order(_loaded(source))
        expect_folder(target)
        standing = {name: _plan_in(target / name) for name in scenarios}
        outcomes = list(_planned(scenarios, standing, target, limit=limit, use_cache=cache))
    return Run(tuple(one for one, _ in outcomes),
               failures=tuple(failure for _, failure in outcomes if failure is not None))


def _plan_in(folder: Path) -> Plan | None:
    """The plan that the folder holds. PlanError or OutputError where what is there must not be replaced."""
    refuse_what_is_no_plan(folder)
    return load_plan(folder) if holds_plan(folder) else None


def _loaded(folder: Path) -> dict[str, Scenario]:
    """Every scenario by the name of its folder or workbook; ScenarioError carries what is wrong with all of
    them.
    """
    places = scenarios_in(folder)
    if not places:
        raise PlannerError(f"{folder}: no scenario here. A scenario is a folder with a scenario.yaml, or a "
                           "workbook")
    names = [place.stem if place.is_file() else place.resolve().name for place in places]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise PlannerError(f"{folder}: {twice[0]} is there as a folder and as a workbook. Rename one of them")
    loaded: dict[str, Scenario] = {}
    problems: list[Problem] = []
    for name, place in zip(names, places, strict=True):
        tell(Progress("reading", f"scenario {name}"))
        try:
            loaded[name] = load_scenario(place)
        except ScenarioError as error:
            problems += [_within(problem, name) for problem in error.problems]
    if problems:
        raise ScenarioError(str(folder), problems)
    return loaded


def _within(problem: Problem, name: str) -> Problem:
    """The problem, its file seen from the folder of all scenarios."""
    return replace(problem, file=f"{name}/{problem.file}" if problem.file else name)


def in_order(scenarios: Mapping[str, Scenario]) -> dict[str, Scenario]:
    """Bases before their what-ifs, else in the order of the alphabet."""
    depth = {name: len(line_of(scenario)) for name, scenario in scenarios.items()}
    return {name: scenarios[name] for name in sorted(scenarios, key=lambda name: (depth[name], name))}


def _planned(
    scenarios: Mapping[str, Scenario], standing: Mapping[str, Plan | None], target: Path, *,
    limit: float | None, use_cache: bool,
) -> Iterator[tuple[Planned, InfeasibleError | NoPlanError | None]]:
    """Each scenario's plan, saved as soon as it is there; a stop ends with the plans that there are."""
    plans: dict[Path, tuple[str, Plan]] = {}
    for name, scenario in scenarios.items():
        try:
            with watched(about=name):
                outcome = _outcome(name, scenario, standing[name], target / name,
                                   start=_start(scenario, plans), limit=limit, use_cache=use_cache)
        except CancelledError:
            return
        except (InfeasibleError, NoPlanError) as error:
            state: State = "infeasible" if isinstance(error, InfeasibleError) else "no plan"
            yield Planned(name, state, target / name, message=str(error)), error
            continue
        assert outcome.plan is not None
        if scenario.source:
            plans[Path(scenario.source).resolve()] = (name, outcome.plan)
        yield outcome, None


def _start(scenario: Scenario, plans: Mapping[Path, tuple[str, Plan]]) -> tuple[str, Plan | None]:
    """The nearest base that has been planned, by name, and its plan."""
    return next((plans[place] for place in line_of(scenario) if place in plans), ("", None))


def _outcome(name: str, scenario: Scenario, there: Plan | None, folder: Path, *,
             start: tuple[str, Plan | None], limit: float | None, use_cache: bool) -> Planned:
    """The plan that is there where it is still that of the scenario; else the one that it had elsewhere, or a
    new one, saved in the folder.
    """
    if there is not None and is_current(there, scenario, limit=limit):
        return Planned(name, "unchanged", folder, plan=there)
    began = perf_counter()
    earlier = remembered(scenario) if use_cache else None
    if earlier is not None and is_current(earlier, scenario, limit=limit):
        save_plan(earlier, folder)
        return Planned(name, "remembered", folder, plan=earlier, seconds=perf_counter() - began)
    base, plan_of_base = start
    plan = make_plan(scenario, time_limit=limit, start=plan_of_base)
    save_plan(plan, folder)
    # What another limit ended might not be the best; what began elsewhere, another one of equally good plans.
    is_everybodys = plan_of_base is None or is_limited(scenario)
    if use_cache and is_everybodys and is_current(plan, scenario, limit=None):
        remember(plan, scenario)
    return Planned(name, "solved", folder, plan=plan, start=base, seconds=perf_counter() - began)


def is_current(plan: Plan, scenario: Scenario, *, limit: float | None) -> bool:
    """Whether solving the scenario again could give nothing else: the same scenario and versions, and proven,
    or stopped by the same limit.
    """
    allowed = scenario.settings.solver.time_limit if limit is None else limit
    ended_alike = plan.is_proven or (plan.status != "interrupted"
                                     and plan.settings["solver"]["time_limit"] == allowed)
    return (plan.scenario_hash == scenario.content_hash and ended_alike
            and all(plan.versions.get(package) == version(package) for package in MADE_WITH))


def names_of(planned: Sequence[Planned], state: State) -> list[str]:
    """The names of the scenarios that ended so."""
    return [one.name for one in planned if one.state == state]
