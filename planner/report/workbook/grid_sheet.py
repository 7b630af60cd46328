"""A grid as a sheet: the same lines as everywhere, with formulas for what can be checked."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from planner.report.grids import Grid, Line
from planner.report.grids.grid import EVERYTHING
from planner.report.workbook.formulas import FIRST, Formulas, cell
from planner.report.workbook.look import MONEY, SHARE, TENTHS, WHOLE, Look, page

DIGITS = 6  # more of a figure is the solver's rounding
WIDTHS = (25, 16, 7)
PERIOD_WIDTH = 9.3
PERIODS_ACROSS = 24  # on a page of paper, if its figures are to be read
HEADS = ("Name", "Measure", "Unit")
# What marks a cell: of which measure, and what must hold for it, {0} being the cell, {-} and {+} the cells
# above and below it, and {+m} the measure below.
CONDITIONS: tuple[tuple[str, str, str], ...] = (
    ("missing", "missing", "AND(ISNUMBER({0}),{0}>0.0005*MAX(1,N({-})))"),
    ("on time", "missing", "AND(ISNUMBER({0}),{0}<0.9995*{-})"),
    ("lost", "missing", "{0}>0.5"),
    ("closing stock", "missing", 'AND({+m}="safety stock",{0}<0.9995*{+})'),
    ("utilization", "full", "AND(ISNUMBER({0}),{0}>=0.9999)"),
)


@dataclass(frozen=True)
class Placed:
    """Where the lines of a grid stand, for charts."""

    sheet: str
    grid: Grid
    formulas: Formulas

    def values(self, line: Line) -> list[Any]:
        """The area of a line's figures in the periods of the plan."""
        row = self.formulas.top + self.grid.lines.index(line)
        return [self.sheet, row, self.formulas.past, row, self.formulas.end - 1]

    @property
    def periods(self) -> list[Any]:
        """The area of the headings of the plan's periods."""
        head = self.formulas.top - 1
        return [self.sheet, head, self.formulas.past, head, self.formulas.end - 1]


def open_sheet(sheet: Any, *, title: str, note: str, look: Look, periods: int) -> None:
    """Title, note and the widths of the columns; printed on as many pages as it takes, each a page wide, or
    more than one where the periods could not be read on one: each then has the names of the lines.
    """
    page(sheet)
    across = math.ceil(periods / PERIODS_ACROSS)
    if across > 1:
        sheet.fit_to_pages(across, 0)
        sheet.repeat_columns(0, FIRST - 1)
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    sheet.set_column(FIRST, FIRST + periods, PERIOD_WIDTH)
    sheet.write_string(0, 0, title, look.of("title"))
    sheet.write_string(1, 0, note, look.of("muted"))


def write_grid(sheet: Any, grid: Grid, top: int, look: Look) -> Placed:
    """The headings stand in row `top`, the lines below them."""
    formulas = Formulas(grid, top + 1)
    for column, head in enumerate(HEADS):
        sheet.write_string(top, column, head, look.of("head"))
    for place, period in enumerate(grid.periods):
        is_past = place < grid.past
        sheet.write_string(top, FIRST + place, f"{period} a" if is_past else period,
                           look.of("past" if is_past else "head_right"))
    sheet.write_string(top, formulas.end, "Total", look.of("head_right"))
    numbers = number_formats(grid)
    for place, line in enumerate(grid.lines):
        _write_line(sheet, line, top + 1 + place, formulas=formulas, look=look, number=numbers[line.unit])
    _mark(sheet, grid, formulas, look)
    return Placed(sheet.get_name(), grid, formulas)


def number_formats(grid: Grid) -> Mapping[str, str]:
    """How the figures of each unit are written: as in the grid, but never in thousands."""
    return {unit: SHARE if unit == "0 to 1" else MONEY if unit == grid.currency
            else TENTHS if scale.decimals else WHOLE for unit, scale in grid.scales().items()}


def _write_line(sheet: Any, line: Line, row: int, *, formulas: Formulas, look: Look, number: str) -> None:
    bold = line.is_for_all
    words, figures = look.of("text", bold=bold), look.of("text", number=number, bold=bold)
    unit = "" if number == SHARE else line.unit
    for column, word in enumerate((line.name or EVERYTHING, line.measure, unit)):
        sheet.write_string(row, column, word, words)
    for place, value in enumerate(line.values):
        formula = "" if place < formulas.grid.past or value is None else formulas.of_period(line, place)
        _write(sheet, row, FIRST + place, value=value, formula=formula, look=figures)
    total = "" if line.total is None else formulas.of_total(line)
    _write(sheet, row, formulas.end, value=line.total, formula=total, look=figures)


def _write(sheet: Any, row: int, column: int, *, value: float | None, formula: str, look: Any) -> None:
    if value is None:
        sheet.write_blank(row, column, None, look)
    elif formula:
        sheet.write_formula(row, column, formula, look, round(value, DIGITS))
    else:
        sheet.write_number(row, column, round(value, DIGITS) + 0.0, look)


def _mark(sheet: Any, grid: Grid, formulas: Formulas, look: Look) -> None:
    """Cells in which something is missing are red, full ones amber, and repeated names pale."""
    if not grid.lines:
        return
    first, last = formulas.top, formulas.top + len(grid.lines) - 1
    for measure, name, condition in CONDITIONS:
        if measure in grid.measures:
            text = f'AND($B{first + 1}="{measure}",{_placed(condition, first, formulas.past)})'
            _when(sheet, (first, formulas.past, last, formulas.end - 1), text, look.condition(name))
    _when(sheet, (first, 0, last, 0), f"AND(ROW()>{first + 1},$A{first + 1}=$A{first})",
          look.condition("repeated"))


def _placed(condition: str, row: int, column: int) -> str:
    """The condition as it is written for the first cell of an area."""
    places = {"{0}": cell(row, column), "{-}": cell(row - 1, column), "{+}": cell(row + 1, column),
              "{+m}": f"$B{row + 2}"}
    for name, place in places.items():
        condition = condition.replace(name, place)
    return condition


def _when(sheet: Any, area: tuple[int, int, int, int], criteria: str, look: Any) -> None:
    sheet.conditional_format(*area, {"type": "formula", "criteria": f"={criteria}", "format": look})
