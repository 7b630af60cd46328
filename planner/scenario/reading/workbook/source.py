"""The scenario in a workbook: a sheet for each table, and the sheets `scenario` and `overrides`."""

from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

from planner.errors import Problem
from planner.scenario.calendar import Bucket
from planner.scenario.columns import Table
from planner.scenario.reading.cells import Cells, no_cells
from planner.scenario.reading.description import (
    base_text,
    description_problems,
    own_settings,
    with_agreed_plan,
)
from planner.scenario.reading.folder_source import BucketOf, copy_of, sorted_out
from planner.scenario.reading.headings import column_problems
from planner.scenario.reading.node import Node
from planner.scenario.reading.recognition.formats import Formats, read_formats
from planner.scenario.reading.recognition.recognise import recognised
from planner.scenario.reading.source import Source
from planner.scenario.reading.sql_table import SECTION as QUERIES
from planner.scenario.reading.text_file import UnreadableError
from planner.scenario.reading.workbook.book import Sheet, read_book
from planner.scenario.reading.workbook.description import OVERRIDES_SHEET, SETTINGS_SHEET, read_description
from planner.scenario.reading.workbook.sheet import has_no_rows, sheet_cells, typed_texts
from planner.scenario.schema import TABLES
from planner.scenario.suggestions import nearest

CONTENTS = "contents"  # the sheet that lists the others
CLOSE = 0.75  # a sheet called nearly like a table was meant to be one


def workbook_source(path: Path, *, shown_as: str, bucket_of_base: BucketOf) -> Source:
    """The scenario in the workbook; `shown_as` is how messages call it."""
    file = shown_as or path.name
    try:
        sheets = read_book(path, file=file)
    except UnreadableError as error:
        return Source(Node({}), problems=(error.problem,), complete=False, place=path)
    by_name, wrong = _by_name(sheets, file=file)
    settings = by_name.pop(SETTINGS_SHEET, None)
    if settings is None:
        reason = f"has no sheet called {SETTINGS_SHEET}. Start from the one that planner new --xlsx writes"
        problem = Problem(reason, file=file, code="file.no_settings")
        return Source(Node({}), problems=(problem, *wrong), complete=False, place=path)
    description, problems = read_description(settings, by_name.pop(OVERRIDES_SHEET, None), file=file)
    formats, wrong_formats = read_formats(description)
    queries = description.get(QUERIES)
    if queries is not None:
        reason = "queries stand in scenario.yaml only: a workbook may come from anybody"
        wrong.append(queries.problem(reason, column=QUERIES, code="scenario.tables.query"))
    bucket = cache(partial(bucket_of_base, description, path.parent))
    read = {
        name: _read_sheet(by_name[name], table, bucket, file=file, formats=formats[name])
        for name, table in TABLES.items() if name in by_name
    }
    notes, faults = sorted_out({name: problems_of for name, (_, problems_of) in read.items()})
    return Source(
        with_agreed_plan(description),
        own_settings(description),
        # every sheet is there in a template: a blank one says nothing, least of all in a what-if
        {name: cells for name, (cells, _) in read.items()
         if len(cells) or name in faults or has_no_rows(by_name[name])},
        problems=(*problems, *description_problems(description), *wrong_formats, *wrong, *notes),
        table_problems=faults,
        place=path,
        base=base_text(description),
    )


def described(path: Path) -> Node:
    """What the workbook says besides its tables; nothing where it cannot be read."""
    try:
        by_name, _ = _by_name(read_book(path, file=path.name), file=path.name)
    except UnreadableError:
        return Node({})
    settings = by_name.get(SETTINGS_SHEET)
    return Node({}) if settings is None else read_description(settings, None, file=path.name)[0]


def _by_name(sheets: list[Sheet], *, file: str) -> tuple[dict[str, Sheet], list[Problem]]:
    """The sheets by what they are; those that look like tables and are none are problems, others are told."""
    names = (SETTINGS_SHEET, OVERRIDES_SHEET, *TABLES)
    by_name: dict[str, Sheet] = {}
    problems: list[Problem] = []
    for sheet in sheets:
        name = "_".join(sheet.name.casefold().replace("-", " ").replace("_", " ").split())
        if name in names and name not in by_name:
            by_name[name] = sheet
            if sheet.is_hidden:
                problems.append(_about(sheet, file, "is hidden, and is read all the same", "recognised"))
        elif name != CONTENTS and any(value != "" for row in sheet.rows for value in row):
            problems += _unknown(sheet, name, names, file=file)
    return by_name, problems


def _unknown(sheet: Sheet, name: str, names: tuple[str, ...], *, file: str) -> list[Problem]:
    """What to say of a sheet that is read as nothing."""
    of, near = copy_of(sheet.name.casefold()), nearest(name, names, cutoff=CLOSE)
    if name in names:
        return [_about(sheet, file, "the table is there twice: remove one of the sheets", "table_twice")]
    if of:
        reason = f"is a copy of the sheet {of}: remove it, or give it another name"
        return [_about(sheet, file, reason, "copy")]
    if near is not None and not sheet.is_hidden:
        reason = f'no such table. Did you mean "{near}"? Give a sheet of notes another name'
        return [_about(sheet, file, reason, "unknown_table")]
    return [_about(sheet, file, "is called like no table, and is not read", "recognised")]


def _about(sheet: Sheet, file: str, reason: str, kind: str) -> Problem:
    severity = "note" if kind == "recognised" else "error"
    return Problem(reason, file=file, sheet=sheet.name, severity=severity, code=f"file.{kind}")


def _read_sheet(
    sheet: Sheet, table: Table, bucket: Callable[[], Bucket], *, file: str, formats: Formats
) -> tuple[Cells, list[Problem]]:
    """The cells of the sheet as scenarios write them, what is wrong with it, and what was recognised."""
    try:
        raw, problems, header = sheet_cells(sheet, table, bucket, file=file)
    except UnreadableError as error:
        return no_cells(table.name), [error.problem]
    typed = typed_texts(sheet, header) if header is not None else {}
    cells, notes = recognised(raw, table, bucket, formats=formats, documented=True, typed=typed)
    missing = column_problems(cells, table, header=header) if header is not None else []
    return cells, [*problems, *missing, *notes]
