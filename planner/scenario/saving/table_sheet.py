"""One table as a sheet: what its columns mean, what may stand in them, an example, and its rows.

Above the names of the columns stand four rows for people: a title, what each column means, its unit and
what is allowed, and an example. Whoever reads the sheet looks for the row that names the columns.
"""

import math
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from planner.csv_tables import runs_as_formula
from planner.scenario.calendar import parse_date
from planner.scenario.columns import Column, Table
from planner.scenario.reading.cells import Cells
from planner.scenario.reading.recognition.numbers import PLAIN
from planner.scenario.reading.typed import range_rule
from planner.scenario.reading.workbook.limits import MAXIMUM_ROWS
from planner.scenario.reading.workbook.scan import letters
from planner.scenario.saving.styles import Styles
from planner.scenario.schema import TABLES

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

TITLE, MEANING, UNIT, EXAMPLE, HEADER = range(5)
FIRST_ROW = HEADER + 1  # of the data, counted from 0
NARROWEST, WIDEST = 13, 32  # letters
LONGEST_LIST = 255  # letters that a spreadsheet takes in the list of a drop-down
LINE = 12.5  # points, of the small print
FIRST_DAY = date(1900, 3, 1)  # Excel counts a 29 February 1900 before it
LISTED_ROWS = 5000  # of another table, that a drop-down offers


def write_table(
    sheet: "Worksheet", styles: Styles, table: Table, cells: Cells, examples: Mapping[str, str], *,
    sheets: Sequence[str],
) -> None:
    """The sheet holds the table."""
    columns = sheet_columns(table, cells)
    widths = [_width(name, cells, examples) for name in columns]
    _write_title(sheet, styles, table)
    height = 1
    for at, (name, column) in enumerate(columns.items()):
        sheet.set_column(at, at, widths[at], styles.of_cells(column))
        _write_heading(sheet, styles, at, name, column, example=examples.get(name, ""))
        _write_cells(sheet, styles, at, column, cells.column(name).tolist())
        if column is not None:
            _validate(sheet, at, column, sheets)
            height = max(height, _lines(column.meaning, widths[at]))
    sheet.set_row(MEANING, height * LINE)
    sheet.set_row(UNIT, max(_lines(_unit(column), widths[at]) for at, column in enumerate(columns.values())
                            if column is not None) * LINE)
    keys = sum(column is not None and column.key for column in columns.values())
    sheet.freeze_panes(FIRST_ROW, min(keys, 3))
    sheet.autofilter(HEADER, 0, max(HEADER + len(cells), FIRST_ROW), len(columns) - 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEADER)


def sheet_columns(table: Table, cells: Cells) -> dict[str, Column | None]:
    """The columns of the sheet: all that are planned with or given, then the notes of people."""
    declared: dict[str, Column | None] = {
        column.name: column for column in table.columns if column.planned or column.name in cells.columns
    }
    return declared | {name: None for name in cells.columns if name not in declared}


def counted(table: Table, cells: Cells) -> tuple[str, int]:
    """A formula for the rows of the table, and its result: the cells of the column that is filled in most."""
    columns = list(sheet_columns(table, cells).items())
    filled_in = [at for at, (_, column) in enumerate(columns) if column is not None and column.required]
    filled_in = filled_in or list(range(len(columns)))
    counts = [int((~cells.is_blank(columns[at][0])).sum()) for at in filled_in]
    ranges = (f"COUNTA({table.name}!${letters(at + 1)}${FIRST_ROW + 1}:${letters(at + 1)}${MAXIMUM_ROWS})"
              for at in filled_in)
    return f"=MAX({','.join(ranges)})", max(counts, default=0)


def _write_title(sheet: "Worksheet", styles: Styles, table: Table) -> None:
    rules = [f"Fill in exactly one of {' and '.join(group)}." for group in table.one_of]
    if table.varies:
        rules.append("Repeat a row with from and to where other figures hold.")
    sheet.write_url(TITLE, 0, "internal:contents!A1", styles.link, "contents")
    sheet.write_string(TITLE, 1, " ".join([f"{table.name}: {table.meaning}", *rules]), styles.area)


def _write_heading(
    sheet: "Worksheet", styles: Styles, at: int, name: str, column: Column | None, *, example: str
) -> None:
    sheet.write_string(HEADER, at, name, styles.of_header(column))
    if column is None:
        return
    sheet.write_string(MEANING, at, column.meaning, styles.meaning)
    sheet.write_string(UNIT, at, _unit(column), styles.unit)
    sheet.write_string(EXAMPLE, at, f"e.g. {example}" if example else "", styles.example)


def _unit(column: Column) -> str:
    """Unit, and what may stand in a cell."""
    unit = column.unit if column.unit not in ("", "period", "date") else ""
    form = {"period": "2026-03 or 2026-W10", "date": "a day"}.get(column.kind, "")
    default = "" if column.default is None else f"blank: {_plain(column.default)}"
    scope = "blank: all" if column.scope else ""
    refers = f"from {column.refers_to}" if column.refers_to else ""
    return "; ".join(filter(None, (unit, form, " / ".join(column.choices), refers, default, scope)))


def _plain(value: float | int | str) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _width(name: str, cells: Cells, examples: Mapping[str, str]) -> int:
    longest = max((len(text) for text in set(cells.column(name).tolist())), default=0)
    return min(max(NARROWEST, len(name) + 4, longest + 2, len(examples.get(name, "")) + 7), WIDEST)


def _lines(text: str, width: int) -> int:
    return max(1, math.ceil(len(text) / (width * 1.1)))  # the small print is narrower than a letter of width


def _write_cells(
    sheet: "Worksheet", styles: Styles, at: int, column: Column | None, texts: Sequence[str]
) -> None:
    """The cells of one column: numbers and days as such, everything else as text."""
    kind = "text" if column is None else column.kind
    for row, text in enumerate(texts, start=FIRST_ROW):
        if not text:
            continue
        value = _value(text, kind)
        if isinstance(value, float):
            sheet.write_number(row, at, value, styles.number)
        elif isinstance(value, date):
            sheet.write_datetime(row, at, value, styles.day)
        else:
            sheet.write_string(row, at, value, styles.literal if runs_as_formula(value) else styles.text)


def _value(text: str, kind: str) -> float | date | str:
    """What is written for the text: a number or a day where it reads back the same, else the text."""
    if kind in ("number", "whole") and PLAIN.fullmatch(text):
        number = float(text)
        # sheets keep 16 digits; the few numbers with more stay texts, which are read as numbers
        return number if math.isfinite(number) and float(f"{number:.16G}") == number else text
    if kind in ("date", "period") and len(text) == len("2026-03-15"):
        try:
            day = parse_date(text)
        except ValueError:
            return text
        return day if day >= FIRST_DAY else text
    return text


def _validate(sheet: "Worksheet", at: int, column: Column, sheets: Sequence[str]) -> None:
    """What may be typed into the column: a drop-down, or a range."""
    rule = _rule(column, sheets)
    if rule is not None:
        sheet.data_validation(FIRST_ROW, at, MAXIMUM_ROWS - 1, at, {"ignore_blank": True, **rule})


def _rule(column: Column, sheets: Sequence[str]) -> dict[str, Any] | None:
    if column.choices:
        if len(",".join(column.choices)) > LONGEST_LIST:
            return None
        return {"validate": "list", "source": list(column.choices), "error_title": column.name,
                "error_message": f"must be {' or '.join(column.choices)}"}
    if column.refers_to in TABLES and column.refers_to in sheets:
        first = f"{column.refers_to}!$A${FIRST_ROW + 1}"
        names = f"{first}:$A${FIRST_ROW + LISTED_ROWS}"
        return {"validate": "list", "source": f"=OFFSET({first},0,0,MAX(1,COUNTA({names})),1)",
                "error_type": "warning", "error_title": column.name,
                "error_message": f"is no name in the sheet {column.refers_to} yet"}
    if column.kind in ("number", "whole"):
        return _range(column)
    if column.kind == "date":
        return {"validate": "date", "criteria": ">=", "value": date(1900, 1, 1), "error_title": column.name,
                "error_message": "must be a day, like 2026-03-15"}
    return None


def _range(column: Column) -> dict[str, Any]:
    kind = {"validate": "integer" if column.kind == "whole" else "decimal", "error_title": column.name,
            "error_message": range_rule(column) if _is_limited(column) else "must be a number"}
    if column.above is not None and column.maximum is None:
        return {**kind, "criteria": ">", "value": column.above}
    low = column.minimum if column.minimum is not None else column.above
    high = column.maximum if column.maximum is not None else 1e15
    return {**kind, "criteria": "between", "minimum": -1e15 if low is None else low, "maximum": high}


def _is_limited(column: Column) -> bool:
    return (column.minimum, column.above, column.maximum) != (None, None, None)
