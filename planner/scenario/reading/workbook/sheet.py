"""A sheet becomes the cells of a table: its header is found, Excel's habits are taken for what they mean."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import partial

import numpy as np

from planner.errors import Problem
from planner.scenario.calendar import Bucket
from planner.scenario.columns import Column, Table
from planner.scenario.reading.cells import Cells, cells_of, few, no_cells
from planner.scenario.reading.csv_file import header_problems, without_headers
from planner.scenario.reading.headings import is_for_people
from planner.scenario.reading.node import cell_text
from planner.scenario.reading.recognition.recognise import PERCENT, period_of
from planner.scenario.reading.text_file import UnreadableError
from planner.scenario.reading.workbook.book import Day, Fault, Percent, Sheet, Value
from planner.scenario.reading.workbook.scan import UNCALCULATED, letters
from planner.scenario.suggestions import quoted

NO_ROWS = "(no rows)"  # stands in a sheet of a what-if whose table is empty, whatever its base has in it
LAST_HEADER_ROW = 50  # titles, meanings and examples may stand above the names of the columns
ERROR_REASON = "is an error of the spreadsheet: give a value, or leave the cell blank"
UNCALCULATED_REASON = (
    "is a formula that was never calculated: open the workbook in Excel or LibreOffice, and save it again"
)
DAY_REASON = (
    "is a day, as spreadsheets make one of codes such as 3-12: format the column as text, and write the code "
    "again"
)

Strange = tuple[int, int, Value]  # row, column and value of a cell that the column cannot take


def sheet_cells(
    sheet: Sheet, table: Table, bucket: Callable[[], Bucket], *, file: str
) -> tuple[Cells, list[Problem], int | None]:
    """The cells of the table with blank rows left out, what is wrong with the sheet, and the row of its
    header; none where the sheet is blank.
    """
    top = header_row(sheet, {column.name for column in table.columns})
    if top is None:
        if not any(map(_is_filled, sheet.rows)):
            return no_cells(table.name), [], None
        names = ", ".join(column.name for column in table.columns[:6])
        reason = f"no row names the columns of the table: {names} ..."
        raise UnreadableError(Problem(reason, file=file, sheet=sheet.name, code="file.no_header"))
    header = [_heading(value) for value in sheet.rows[top]]
    while header and not header[-1]:
        header.pop()
    body = {
        at: row for at, row in enumerate(sheet.rows[top + 1:], start=top + 2)
        if _is_filled(row) and not _says_no_rows(row)
    }
    columns, row_numbers, problems = _columns(body, header, table, bucket, file=file, sheet=sheet.name)
    problems = [*header_problems(header, columns, file=file, row=top + 1, sheet=sheet.name), *problems]
    records, rows, again = without_headers(
        [list(record) for record in zip(*columns, strict=True)],
        np.array(row_numbers, dtype=np.int64),
        names=set(header) - {""},
        file=file,
        sheet=sheet.name,
    )
    columns = [list(column) for column in zip(*records, strict=True)] if records else [[] for _ in header]
    cells = cells_of(
        table.name,
        {name: column for name, column in zip(header, columns, strict=True) if name},
        rows,
        file=file,
        sheet=sheet.name,
        letters={name: letters(at) for at, name in enumerate(header, start=1) if name},
    )
    return cells, [*problems, *again], top + 1


def _says_no_rows(row: Sequence[Value]) -> bool:
    return [value for value in row if value != ""] == [NO_ROWS]


def has_no_rows(sheet: Sheet) -> bool:
    """Whether the sheet says that its table is empty."""
    return any(map(_says_no_rows, sheet.rows))


def _is_filled(row: Sequence[Value]) -> bool:
    return any(value.strip() if isinstance(value, str) else True for value in row)


def _columns(
    body: Mapping[int, list[Value]],
    header: list[str],
    table: Table,
    bucket: Callable[[], Bucket],
    *,
    file: str,
    sheet: str,
) -> tuple[list[list[str]], list[int], list[Problem]]:
    """The texts of every column, the rows that they stand in, and the cells that hold no value; rows with
    such cells are left out, as nothing can be concluded from them.
    """
    declared = {column.name: column for column in table.columns}
    columns: list[list[str]] = []
    strange: list[Strange] = []
    rows = list(body)
    for at, name in enumerate(header):
        values = [row[at] if at < len(row) else "" for row in body.values()]
        texts, wrong = _texts(values, declared.get(name), bucket)
        columns.append(texts)
        strange += [(rows[place], at, values[place]) for place in wrong if not is_for_people(name)]
    problems = _outside(body, len(header), file=file, sheet=sheet)
    without = {row for row, _, _ in strange}
    sound = [at for at, row in enumerate(rows) if row not in without]
    columns = [[texts[at] for at in sound] for texts in columns] if without else columns
    problems += _strange(strange, header, file=file, sheet=sheet)
    return columns, [rows[at] for at in sound], problems


def typed_texts(sheet: Sheet, header: int) -> dict[str, frozenset[str]]:
    """The cells of each column that hold a text and no number, below the header in that row."""
    names = [_heading(value) for value in sheet.rows[header - 1]]
    texts_of: dict[str, set[str]] = {name: set() for name in names if name}
    for row in sheet.rows[header:]:
        for name, value in zip(names, row, strict=False):
            if name and value != "" and isinstance(value, str | Percent):
                texts_of[name].add(value.strip() if isinstance(value, str) else value.text)
    return {name: frozenset(texts) for name, texts in texts_of.items()}


def header_row(sheet: Sheet, names: set[str]) -> int | None:
    """The position of the row that names the most columns; titles and notes may stand above it."""
    counts = [len(names.intersection(map(_heading, row))) for row in sheet.rows[:LAST_HEADER_ROW]]
    most = max(counts, default=0)
    return counts.index(most) if most else None


def _heading(value: Value) -> str:
    return value.strip() if isinstance(value, str) else plain_text(value)


def plain_text(value: Value) -> str:
    """The value as text, without regard to a column."""
    if isinstance(value, Day | Fault | Percent):
        return value.text
    return str(value).upper() if isinstance(value, bool) else cell_text(value).strip()


def _texts(
    values: Iterable[Value], column: Column | None, bucket: Callable[[], Bucket]
) -> tuple[list[str], list[int]]:
    """The values as scenarios write them, and the positions of those that the column cannot take."""
    write = partial(_written, column=column, bucket=bucket)
    texts: list[str] = []
    wrong: list[int] = []
    for at, value in enumerate(values):
        text = value.strip() if type(value) is str else write(value)
        if text is None:
            wrong.append(at)
            text = ""
        texts.append(text)
    return texts, wrong


def _written(value: Value, *, column: Column | None, bucket: Callable[[], Bucket]) -> str | None:
    """The value as scenarios write it; none where it is no value, or a day where a name is expected."""
    if isinstance(value, Fault):
        return None
    if isinstance(value, Day):
        return _day_text(value, column, bucket)
    if isinstance(value, Percent) and (column is None or column.unit not in PERCENT):
        return cell_text(value.number).strip()  # 0.95 units are 0.95, however they are shown
    if isinstance(value, bool) and column is not None and column.choices == ("yes", "no"):
        return "yes" if value else "no"
    return plain_text(value)


def _day_text(value: Day, column: Column | None, bucket: Callable[[], Bucket]) -> str | None:
    if column is None or column.kind == "date":
        return value.text
    if column.kind == "period":
        day = date.fromisoformat(value.text[:10])
        return period_of(day, bucket(), any_day=column.day) or value.text
    return None


def _outside(body: Mapping[int, list[Value]], width: int, *, file: str, sheet: str) -> list[Problem]:
    """Cells that stand beside the table, where no name of a column is above them."""
    rows = [(at, next(x for x, value in enumerate(row[width:], start=width + 1) if _is_filled([value])))
            for at, row in body.items() if _is_filled(row[width:])]
    return few(rows, lambda place: Problem(
        "stands beside the table: give its column a name (# and any name for notes), or remove it", file=file,
        sheet=sheet, row=place[0], cell=f"{letters(place[1])}{place[0]}", code="file.row_width",
    ), what="rows with cells beside the table", file=file)


def _strange(strange: list[Strange], header: list[str], *, file: str, sheet: str) -> list[Problem]:
    def problem(strange_cell: Strange) -> Problem:
        row, column, value = strange_cell
        reason, code = _reason(value)
        is_formula = isinstance(value, Fault) and value.text == UNCALCULATED
        value_text = None if is_formula else quoted(plain_text(value))
        return Problem(reason, file=file, sheet=sheet, row=row, cell=f"{letters(column + 1)}{row}",
                       column=header[column], value=value_text, code=code)

    return few(strange, problem, what="cells without a value", file=file)


def _reason(value: Value) -> tuple[str, str]:
    if isinstance(value, Day):
        return DAY_REASON, "file.day_for_name"
    if isinstance(value, Fault) and value.text == UNCALCULATED:
        return UNCALCULATED_REASON, "file.not_calculated"
    return ERROR_REASON, "file.error_value"
