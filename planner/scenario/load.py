"""Loading a scenario: read what was written, inherit, type, check; every problem at once."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from planner.errors import PlannerError, Problem, ScenarioError
from planner.glance import in_short
from planner.scenario.calendar import Bucket
from planner.scenario.checks import problems_across_tables
from planner.scenario.checks.draft import Draft
from planner.scenario.reading.agreed_plan import agreed_plan_of
from planner.scenario.reading.cells import no_cells
from planner.scenario.reading.places import place_of
from planner.scenario.reading.source import Source
from planner.scenario.reading.text_file import without_collector
from planner.scenario.reading.typed import typed_frame
from planner.scenario.scenario import Scenario, Tables
from planner.scenario.schema import TABLES
from planner.scenario.settings import read_settings
from planner.scenario.whatif.changes import changes_from_base
from planner.scenario.whatif.inherit import read_inherited
from planner.text_cells import plain_texts

FACTS = ("campaigns",)  # tables that hold both what was and what is planned, and that what-ifs change

Place = str | os.PathLike[str] | Mapping[str, Any] | Scenario


def load_scenario(place: Place) -> Scenario:
    """The scenario in a folder, in an Excel workbook, or in a dict of settings and tables; ScenarioError
    carries every problem it has.

    The `place` is its folder, which may be named by its scenario.yaml, its workbook, a dict, or a Scenario.
    A dict has the keys of scenario.yaml and one key for each table, which holds a list of records or a
    pandas frame; its `base` may be a folder, such a dict or a Scenario. What the scenario warns of stands
    in its `warnings`.
    """
    scenario, problems = examine(place)
    return _expect_sound(scenario, problems, called=source_name(place))


@plain_texts()
def changed_scenario(base: Scenario, overrides: Mapping[str, Any], *, name: str, question: str) -> Scenario:
    """The base with the overrides on top, as if they stood in a what-if of it; ScenarioError carries every
    problem.
    """
    description = {"name": name, "question": question, "base": base, "overrides": overrides}
    with without_collector():
        draft = _draft(read_inherited(description), like=base)
    return _expect_sound(*_judged(draft, place=""), called=name)


def scenario_of_source(source: Source, *, like: Scenario, name: str) -> Scenario:
    """The scenario that is written in the source; ScenarioError carries every problem. Tables that are those
    of the one that it is like are not typed again.
    """
    with without_collector():
        draft = _draft(source, like=like)
    return _expect_sound(*_judged(draft, place=""), called=name)


def _expect_sound(scenario: Scenario | None, problems: list[Problem], *, called: str) -> Scenario:
    if scenario is None:
        raise ScenarioError(called, [problem for problem in problems if problem.severity == "error"])
    return scenario


@plain_texts()
def examine(place: Place) -> tuple[Scenario | None, list[Problem]]:
    """The scenario unless it has errors, and all its errors, warnings and notes."""
    if isinstance(place, Scenario):
        return place, list(place.warnings)
    if not isinstance(place, str | os.PathLike | Mapping):
        raise PlannerError(f"{in_short(place)} is no scenario. Give its folder or workbook, a dict of "
                           "settings and tables, or a Scenario")
    with without_collector():
        draft = read_draft(place)
    return _judged(draft, place="" if isinstance(place, Mapping) else str(place_of(place)))


def _judged(draft: Draft, *, place: str) -> tuple[Scenario | None, list[Problem]]:
    problems = [*draft.problems, *problems_across_tables(draft)]
    errors = [problem for problem in problems if problem.severity == "error"]
    warnings = [problem for problem in problems if problem.severity == "warning"]
    notes = [problem for problem in problems if problem.severity == "note"]
    scenario = None if errors else _scenario(draft, place=place, changes=changes_from_base(draft.source),
                                             warnings=tuple(warnings))
    if scenario is None:
        return None, [*errors, *warnings, *notes]
    return scenario, [*warnings, *notes]


def _scenario(draft: Draft, *, place: str, changes: pd.DataFrame,
              warnings: tuple[Problem, ...]) -> Scenario | None:
    """The scenario that the draft is; None where its settings or its calendar cannot be read."""
    if draft.settings is None or draft.calendar is None:
        return None
    described = draft.source.description
    name, question = (
        described[entry].text.strip() if described.get(entry) else "" for entry in ("name", "question")
    )
    return Scenario(
        name,
        question,
        settings=draft.settings,
        calendar=draft.calendar,
        tables=Tables(draft.frames),
        changes=changes,
        source=place,
        written=draft.source,
        records=Tables(_records(draft.source, draft.calendar.bucket)),
        warnings=warnings,
        agreed=draft.agreed,
    )


def content_hash_of(place: str | os.PathLike[str]) -> str:
    """The content hash that the scenario in the place has today; blank where it cannot be read. What is wrong
    across its rows and tables is not looked for, which takes most of the time of loading.
    """
    with without_collector():
        draft = read_draft(place)
    if any(problem.severity == "error" for problem in draft.problems):
        return ""
    scenario = _scenario(draft, place=str(place), changes=pd.DataFrame(), warnings=())
    return "" if scenario is None else scenario.content_hash


def check(place: Place) -> list[Problem]:
    """Everything that is wrong with the scenario: errors first, then warnings; then what was recognised in
    its files. Nothing when all is well and written as scenarios are.
    """
    return examine(place)[1]


def _records(source: Source, bucket: Bucket) -> dict[str, pd.DataFrame]:
    """The tables of facts of the scenario that all others started from; none for that scenario itself."""
    if source.parent is None:
        return {}
    root = source.parent
    while root.parent is not None:
        root = root.parent
    return {
        name: typed_frame(root.tables[name], TABLES[name], bucket)[0] for name in FACTS if name in root.tables
    }


@plain_texts()
def read_draft(place: Place) -> Draft:
    """The scenario, read, inherited and typed, before any check across rows and tables."""
    return _draft(place.written if isinstance(place, Scenario) else read_inherited(place))


def _draft(source: Source, *, like: Scenario | None = None) -> Draft:
    """The source, typed; tables that are those of a known scenario are typed already."""
    settings, problems = read_settings(source.settings) if source.complete else (None, [])
    bucket = settings.calendar.bucket if settings is not None else None
    problems = [*source.problems, *problems]
    cells = {name: source.tables.get(name, no_cells(name)) for name in TABLES}
    frames = {}
    for name, table in TABLES.items():
        problems += source.table_problems.get(name, [])
        if like is not None and bucket == like.calendar.bucket and _is_same(source, like.written, name):
            frames[name] = like.tables[name]
            continue
        frames[name], wrong = typed_frame(cells[name], table, bucket, whole=name not in source.broken)
        problems += wrong
    calendar = settings.periods() if settings is not None else None
    agreed, wrong = agreed_plan_of(source, settings, frames["stability_costs"], like=like)
    return Draft(source, settings, calendar, frames=frames, cells=cells, broken=source.broken,
                 problems=tuple([*problems, *wrong]), agreed=agreed)


def _is_same(source: Source, other: Source, table: str) -> bool:
    return source.tables.get(table) is other.tables.get(table)


def source_name(place: Place) -> str:
    """How messages call the scenario: the folder as it was given, or its own name."""
    if isinstance(place, Scenario):
        return place.name
    return str(place.get("name") or "the scenario") if isinstance(place, Mapping) else str(Path(place))
