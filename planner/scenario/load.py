"""Loading a scenario: read what was written, inherit, type, check; every problem at once."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from planner.errors import Problem, ScenarioError
from planner.scenario.calendar import Calendar
from planner.scenario.cells import Cells, no_cells
from planner.scenario.convert import empty_frame, typed_frame
from planner.scenario.node import Node
from planner.scenario.scenario import Scenario, Tables
from planner.scenario.schema import TABLES
from planner.scenario.settings import SECTIONS, Settings, read_settings
from planner.scenario.source import Source, read_source

Place = str | os.PathLike[str] | Mapping[str, Any]


@dataclass(frozen=True)
class Draft:
    """A scenario that has been read and typed, with everything that is wrong with it so far.

    `broken` are the tables of which some rows could not be read, so that no check should draw conclusions from them.
    """

    source: Source
    settings: Settings | None
    calendar: Calendar | None
    frames: Mapping[str, pd.DataFrame]
    cells: Mapping[str, Cells]
    broken: frozenset[str]
    problems: tuple[Problem, ...]


def load_scenario(place: Place) -> Scenario:
    """The scenario in a folder, or in a dict of settings and records; ScenarioError carries every problem it has."""
    draft = read_draft(place)
    problems = [problem for problem in draft.problems if problem.severity == "error"]
    if problems or draft.settings is None or draft.calendar is None:
        raise ScenarioError(source_name(place), problems)
    described = draft.source.description
    changes = pd.DataFrame({name: pd.Series(dtype="str") for name in ("table", "change", "key", "column", "before", "after")})
    return Scenario(_text(described, "name"), _text(described, "question"), draft.settings, draft.calendar, Tables(draft.frames),
                    changes, source_name(place))


def read_draft(place: Place) -> Draft:
    """The scenario, read and typed, before any check across rows and tables."""
    source = read_source(place)
    problems = list(source.problems)
    settings, wrong = read_settings(_settings_tree(source.description))
    problems += wrong
    calendar = settings.periods() if settings is not None else None
    bucket = settings.calendar.bucket if settings is not None else "month"
    cells = {name: source.tables.get(name, no_cells(name)) for name in TABLES}
    frames: dict[str, pd.DataFrame] = {}
    for name, table in TABLES.items():
        frames[name], wrong = typed_frame(cells[name], table, bucket) if len(cells[name]) else (empty_frame(table, bucket), [])
        problems += wrong
    return Draft(source, settings, calendar, frames, cells, source.broken, tuple(problems))


def source_name(place: Place) -> str:
    """How messages call the scenario: the folder as it was given, or the dict's own name."""
    if isinstance(place, Mapping):
        return str(place.get("name") or "the scenario")
    return str(Path(place))


def _settings_tree(description: Node) -> Node:
    return Node({name: child for name, child in description.items() if name in SECTIONS} if description.is_mapping else {},
                file=description.file, line=description.line)


def _text(description: Node, name: str) -> str:
    found = description.get(name)
    return found.text.strip() if found is not None else ""
