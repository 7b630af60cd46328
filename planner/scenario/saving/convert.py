"""A scenario in another form: a folder becomes a workbook, and a workbook a folder, without loss."""

import os
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from planner.errors import OutputError, ScenarioError
from planner.scenario.columns import Table
from planner.scenario.load import source_name
from planner.scenario.reading.cells import Cells
from planner.scenario.reading.comments import Comments, comments_of
from planner.scenario.reading.node import Node
from planner.scenario.reading.places import place_of, read_source
from planner.scenario.reading.recognition.formats import SECTION as FORMATS
from planner.scenario.reading.source import DESCRIPTION, Source
from planner.scenario.reading.sql_table import SECTION as QUERIES
from planner.scenario.reading.workbook.book import SUFFIX, is_workbook
from planner.scenario.reading.workbook.description import OVERRIDES_FROM, workbook_comments
from planner.scenario.saving.folder import write_folder
from planner.scenario.saving.workbook import write_workbook
from planner.scenario.schema import TABLES
from planner.scenario.starter import files_of_examples
from planner.scenario.whatif.inherit import inherited

Examples = Mapping[str, Mapping[str, str]]


def convert(place: str | os.PathLike[str], target: str | os.PathLike[str], *, whole: bool = False) -> Path:
    """The scenario stands at the target, too: as a workbook if that ends in .xlsx, else as a folder.

    Tables, settings, overrides, notes and comments are those of the place; a base is named as seen from the
    target. `whole` makes a what-if a scenario of its own, with all that it inherits. Overwrites nothing; what
    cannot be read is a ScenarioError, and what cannot be written an OutputError.
    """
    goal = expect_new(Path(target))
    source = read_source(place)
    source = inherited(source) if whole else source
    _expect_readable(source, called=source_name(place))
    comments = Comments() if whole else _comments(place_of(place))
    _write(source, goal, description=_description(source, goal, whole=whole), comments=comments,
           is_template=False)
    return goal


def write_template(target: Path, *, start: Path | None) -> Path:
    """The workbook is one to begin with: a sheet for every table, and the rows of the scenario to start
    from.
    """
    goal = expect_new(target)
    source = read_source(start) if start is not None else Source(Node({}))
    source = inherited(source)
    comments = Comments() if start is None else _comments(start)
    description = _description(source, goal, whole=True)
    _write(source, goal, description=description, comments=comments, is_template=True)
    return goal


def expect_new(target: Path) -> Path:
    """The target, where nothing stands yet; OutputError otherwise."""
    if is_workbook(target) and target.suffix.lower() != SUFFIX:
        raise OutputError(f"{target}: workbooks are written as {SUFFIX}")
    if target.exists() and (not target.is_dir() or is_workbook(target) or any(target.iterdir())):
        raise OutputError(f"{target}: is there already, and nothing is overwritten. Choose a new name")
    return target


def _expect_readable(source: Source, *, called: str) -> None:
    wrong = [*source.problems, *(one for problems in source.table_problems.values() for one in problems)]
    errors = [problem for problem in wrong if problem.severity == "error"]
    if errors:
        raise ScenarioError(called, errors)


def _write(source: Source, goal: Path, *, description: Node, comments: Comments, is_template: bool) -> None:
    if is_workbook(goal):
        write_workbook(source.tables, goal, description=description, comments=comments,
                       is_template=is_template, examples=examples())
    else:
        write_folder(source, goal, description=description, comments=comments)


def _description(source: Source, goal: Path, *, whole: bool) -> Node:
    """What the scenario says at its new place: files are then written as scenarios are, and the rows of
    queries with them, so that nothing is said about formats and databases.
    """
    entries = {name: child for name, child in source.description.items() if name not in (FORMATS, QUERIES)}
    if whole:
        entries = {name: entries[name] for name in ("name", "question") if name in entries}
        entries |= {"agreed_plan": source.agreed_plan.entry} if source.agreed_plan is not None else {}
        entries |= dict(source.settings.items())
    start = goal.parent if is_workbook(goal) else goal
    agreed = source.agreed_plan  # of a what-if, perhaps its base's, seen from there
    places = {"base": source.folder, "agreed_plan": agreed.folder if agreed is not None else source.folder}
    for name, folder in places.items():
        if name in entries and entries[name].is_scalar and entries[name].text.strip():
            way = Path(os.path.relpath(folder / entries[name].text.strip(), start)).as_posix()
            entries[name] = replace(entries[name], value=way, text=way)
    if "overrides" in entries and entries["overrides"].sheet:
        entries["overrides"] = _below_settings(entries["overrides"])
    return replace(source.description, value=entries)


def _below_settings(node: Node) -> Node:
    """The tree with the lines of a sheet of its own moved below those of all settings."""
    value = node.value
    if node.is_mapping:
        value = {name: _below_settings(child) for name, child in node.items()}
    elif node.is_list:
        value = [_below_settings(child) for child in node.value]
    line = OVERRIDES_FROM + (node.line or 0)
    return replace(node, value=value, line=line, key_line=line)


def _comments(place: Path) -> Comments:
    """The comments that people have written beside the settings."""
    if is_workbook(place):
        return workbook_comments(place)
    return comments_of((place / DESCRIPTION).read_text(encoding="utf-8-sig"))


@lru_cache(maxsize=1)
def examples() -> Examples:
    """A row of each table to show how it is filled in: the fullest one of the bundled scenarios, else made
    up.
    """
    fullest: dict[str, dict[str, str]] = {}
    for folder in files_of_examples():
        for name, cells in read_source(folder).tables.items():
            row = _fullest_row(cells)
            if len(row) > len(fullest.get(name, {})):
                fullest[name] = row
    return {name: {**_made_up(table), **fullest[name]} if name in fullest else _made_up(table)
            for name, table in TABLES.items()}


def _fullest_row(cells: Cells) -> dict[str, str]:
    """The filled-in cells of the first of the rows that fill in the most."""
    if not len(cells):
        return {}
    at = int(np.sum([~cells.is_blank(name) for name in cells.columns], axis=0).argmax())
    return {name: texts[at] for name, texts in cells.columns.items() if texts[at] != ""}


def _made_up(table: Table) -> dict[str, str]:
    """Values for what no bundled scenario fills in."""
    by_kind = {"period": "2026-03", "date": "2026-03-15"}
    return {column.name: by_kind.get(column.kind) or "".join(column.choices[:1])
            for column in table.columns if column.kind in by_kind or column.choices}
