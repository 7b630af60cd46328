"""The bakery as a workbook, written as any spreadsheet program might: no headings, plain cells."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from xlsxwriter import Workbook

from planner.scenario.load import check
from tests.scenario.conftest import BAKERY

Rows = Sequence[Sequence[Any]]
Book = Callable[..., Path]

SETTINGS: Rows = [["setting", "value"], ["name", "Bakery"], ["calendar.start", "2026-01"],
                  ["calendar.periods", 3]]


class Formula(str):
    """A formula, and its result as the file has it."""

    result: Any = 0

    def giving(self, result: object) -> "Formula":
        self.result = result
        return self


class InPercent(float):
    """A number in a cell that is shown in percent."""


def rows_of(text: str) -> list[list[Any]]:
    """The rows of a CSV text, numbers as numbers."""
    return [[_value(cell) for cell in row] for row in csv.reader(io.StringIO(text))]


def _value(cell: str) -> Any:
    try:
        return float(cell)
    except ValueError:
        return cell


BOOK: dict[str, Rows] = {
    "scenario": SETTINGS,
    **{file.removesuffix(".csv"): rows_of(text) for file, text in BAKERY.items() if file.endswith(".csv")},
}


def write_sheets(path: Path, sheets: Mapping[str, Rows], *, hidden: Sequence[str] = (), epoch_1904: bool = False) -> Path:
    """A workbook of such sheets."""
    book = Workbook(path, {"strings_to_formulas": False, "date_1904": epoch_1904})
    day = book.add_format({"num_format": "dd.mm.yyyy"})
    percent = book.add_format({"num_format": '0.0%"x"'})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, Formula):
                    sheet.write_formula(at, column, value, None, value.result)
                elif isinstance(value, InPercent):
                    sheet.write_number(at, column, value, percent)
                elif isinstance(value, date):
                    sheet.write_datetime(at, column, value, day)
                elif value not in ("", None) or value is False:
                    sheet.write(at, column, value)
        if name in hidden:
            sheet.hide()
    book.close()
    return path


@pytest.fixture
def book(tmp_path: Path) -> Book:
    """Writes the bakery as a workbook, with sheets replaced, added, or (None) left out."""

    def write(changes: Mapping[str, Rows | None] | None = None, *, name: str = "bakery.xlsx", hidden: Sequence[str] = (),
              epoch_1904: bool = False) -> Path:
        sheets = {sheet: rows for sheet, rows in {**BOOK, **(changes or {})}.items() if rows is not None}
        return write_sheets(tmp_path / name, sheets, hidden=hidden, epoch_1904=epoch_1904)

    return write


@pytest.fixture
def problems_in(book: Book) -> Callable[..., list[str]]:
    """The problems and notes, as text, of the bakery's workbook with the given sheets replaced."""

    def problems(changes: Mapping[str, Rows | None] | None = None, **how: Any) -> list[str]:
        return [str(problem) for problem in check(book(changes, **how))]

    return problems


def changed_rows(table: str, old: Any, new: Any) -> dict[str, Rows]:
    """A sheet of the bakery with every cell that holds the old value holding the new one."""
    rows = [[new if cell == old else cell for cell in row] for row in BOOK[table]]
    assert rows != BOOK[table], old
    return {table: rows}
