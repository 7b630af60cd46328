"""Loading a scenario: read what was written, inherit, type, check; every problem at once."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from planner.errors import Problem, ScenarioError
from planner.scenario.calendar import Bucket
from planner.scenario.checks import problems_across_tables
from planner.scenario.checks.draft import Draft
from planner.scenario.reading.cells import no_cells
from planner.scenario.reading.source import Source
from planner.scenario.reading.text_file import without_collector
from planner.scenario.reading.typed import typed_frame
from planner.scenario.scenario import Scenario, Tables
from planner.scenario.schema import TABLES
from planner.scenario.settings import read_settings
from planner.scenario.whatif.changes import changes_from_base
from planner.scenario.whatif.inherit import read_inherited

FACTS = ("campaigns",)  # tables that hold both what was and what is planned, and that what-ifs change

Place = str | os.PathLike[str] | Mapping[str, Any]


def load_scenario(place: Place) -> Scenario:
    """The scenario in a folder, or in a dict of settings and records; ScenarioError carries every problem it
    has.
    """
    scenario, problems = examine(place)
    if scenario is None:
        raise ScenarioError(
            source_name(place), [problem for problem in problems if problem.severity == "error"]
        )
    return scenario


def examine(place: Place) -> tuple[Scenario | None, list[Problem]]:
    """The scenario unless it has errors, and all its errors and warnings."""
    with without_collector():
        draft = read_draft(place)
    problems = [*draft.problems, *problems_across_tables(draft)]
    errors = [problem for problem in problems if problem.severity == "error"]
    warnings = [problem for problem in problems if problem.severity != "error"]
    if errors or draft.settings is None or draft.calendar is None:
        return None, [*errors, *warnings]
    described = draft.source.description
    name, question = (
        described[said].text.strip() if described.get(said) else "" for said in ("name", "question")
    )
    changes = changes_from_base(draft.source)
    tables = Tables(draft.frames)
    records = Tables(_records(draft.source, draft.calendar.bucket))
    return Scenario(
        name, question, draft.settings, draft.calendar, tables, changes, source_name(place), records
    ), warnings


def check(place: Place) -> list[Problem]:
    """Everything that is wrong with the scenario: errors first, then warnings; nothing when all is well."""
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


def read_draft(place: Place) -> Draft:
    """The scenario, read, inherited and typed, before any check across rows and tables."""
    source = read_inherited(place)
    settings, problems = read_settings(source.settings) if source.complete else (None, [])
    bucket = settings.calendar.bucket if settings is not None else None
    problems = [*source.problems, *problems]
    cells = {name: source.tables.get(name, no_cells(name)) for name in TABLES}
    frames = {}
    for name, table in TABLES.items():
        problems += source.table_problems.get(name, [])
        frames[name], wrong = typed_frame(cells[name], table, bucket, whole=name not in source.broken)
        problems += wrong
    calendar = settings.periods() if settings is not None else None
    return Draft(source, settings, calendar, frames, cells, source.broken, tuple(problems))


def source_name(place: Place) -> str:
    """How messages call the scenario: the folder as it was given, or the dict's own name."""
    return str(place.get("name") or "the scenario") if isinstance(place, Mapping) else str(Path(place))
