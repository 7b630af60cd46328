"""A scenario as a workbook: a sheet of contents, the settings, and a sheet for each table."""

from collections.abc import Mapping
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from planner.errors import OutputError
from planner.scenario.reading.cells import Cells, no_cells
from planner.scenario.reading.comments import Comments
from planner.scenario.reading.node import Node
from planner.scenario.reading.workbook.description import OVERRIDES_SHEET, SETTINGS_SHEET
from planner.scenario.reading.workbook.limits import MAXIMUM_ROWS
from planner.scenario.reading.workbook.sheet import NO_ROWS
from planner.scenario.reading.workbook.source import CONTENTS
from planner.scenario.saving.settings_sheet import write_overrides, write_settings
from planner.scenario.saving.styles import Styles
from planner.scenario.saving.table_sheet import FIRST_ROW, counted, write_table
from planner.scenario.schema import TABLES
from planner.writing import whole_file

if TYPE_CHECKING:
    from xlsxwriter import Workbook

WRITTEN = datetime(2000, 1, 1)  # the same scenario makes the same bytes


def write_workbook(
    tables: Mapping[str, Cells], target: Path, *, description: Node, comments: Comments, is_template: bool,
    examples: Mapping[str, Mapping[str, str]],
) -> None:
    """The workbook holds the scenario. It appears all at once.

    A template has a sheet for every table that is planned with, others only for those with rows, and a
    what-if one for each table of which it leaves no row. `examples`
    are the values that the headings show, by table and column.
    """
    _expect_room(tables, target)
    from xlsxwriter import Workbook

    with whole_file(target) as file:
        book = Workbook(file, {"strings_to_formulas": False, "strings_to_urls": False,
                               "strings_to_numbers": False})
        book.set_properties({"title": _name(description), "created": WRITTEN})
        styles = Styles(book)
        is_what_if = description.get("base") is not None
        without_rows = {name for name, cells in tables.items() if is_what_if and not len(cells)}
        with_rows = {name for name, cells in tables.items() if len(cells)}
        with_sheet = [name for name, table in TABLES.items()
                      if name in with_rows | without_rows or (is_template and table.planned)]
        _write_contents(book, styles, with_sheet, tables, title=_name(description))
        write_settings(book.add_worksheet(SETTINGS_SHEET), styles, description, comments)
        overrides = description.get("overrides")
        if overrides is not None:
            write_overrides(book.add_worksheet(OVERRIDES_SHEET), styles, overrides, comments)
        for name in with_sheet:
            sheet = book.add_worksheet(name)
            write_table(sheet, styles, TABLES[name], tables.get(name, no_cells(name)), examples.get(name, {}),
                        sheets=with_sheet)
            if name in without_rows:
                sheet.write_string(FIRST_ROW, 0, NO_ROWS, styles.text)
        book.close()


def _expect_room(tables: Mapping[str, Cells], target: Path) -> None:
    """Every table fits into a sheet."""
    for name, cells in tables.items():
        if len(cells) > MAXIMUM_ROWS - FIRST_ROW:
            raise OutputError(f"{target}: {name} has {len(cells):,} rows, and a sheet holds "
                              f"{MAXIMUM_ROWS:,}. Keep it as a folder of CSV or parquet files")


def _name(description: Node) -> str:
    name = description.get("name")
    return name.text if name is not None else ""


def _write_contents(
    book: "Workbook", styles: Styles, with_sheet: list[str], tables: Mapping[str, Cells], *, title: str
) -> None:
    """The first sheet says what the others are, and how many rows each has."""
    sheet = book.add_worksheet(CONTENTS)
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 1)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 10)
    sheet.set_column(2, 2, 100)
    sheet.write_string(0, 0, title, styles.title)
    for at, (style, meaning) in enumerate(styles.legend(), start=2):
        sheet.write_string(at, 0, "column", style)
        sheet.write_string(at, 2, meaning, styles.plain)
    row = 7
    sheet.write_row(row, 0, ["sheet", "rows", "what it says"], styles.heading)
    sheet.write_url(row + 1, 0, f"internal:{SETTINGS_SHEET}!A1", styles.link, SETTINGS_SHEET)
    sheet.write_string(row + 1, 2, "Name, calendar, currency and all other settings.", styles.plain)
    row += 2
    for area, names in groupby(with_sheet, key=lambda name: TABLES[name].area):
        sheet.write_string(row, 0, area, styles.area)
        for at, name in enumerate(names, start=row + 1):
            formula, count = counted(TABLES[name], tables.get(name, no_cells(name)))
            sheet.write_url(at, 0, f"internal:{name}!A1", styles.link, name)
            sheet.write_formula(at, 1, formula, styles.plain, count)
            sheet.write_string(at, 2, TABLES[name].meaning, styles.plain)
            row = at
        row += 1
