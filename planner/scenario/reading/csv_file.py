"""Reading a table from a CSV file: rows counted as a spreadsheet counts them, separator and encoding
recognised, every fault named.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from planner.csv_tables import runs_as_formula
from planner.errors import Problem
from planner.scenario.columns import Table
from planner.scenario.reading.cells import Cells, cells_of, few
from planner.scenario.reading.recognition.formats import SEPARATORS, Formats
from planner.scenario.reading.text_file import LARGEST_TABLE, LONGEST_CELL, UnreadableError, read_any_text
from planner.scenario.suggestions import quoted

BLANK = " \t\ufeff"  # a byte order mark stands where the second file began
Records = list[list[str]]
PLAIN = Formats()
_SEPARATOR_ROW = re.compile(r'"?sep=([,;|\t])"?', re.IGNORECASE)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class CsvFile:
    """What stands in a CSV file: its cells, what is wrong with its shape, separator and row of its header."""

    cells: Cells
    problems: list[Problem]
    separator: str
    header: int


def read_csv(path: Path, table: Table, *, file: str, formats: Formats = PLAIN) -> CsvFile:
    """The cells of the file with blank rows left out, and the problems of its shape."""
    text, encoding = read_any_text(
        path,
        file=file,
        largest=LARGEST_TABLE,
        if_empty="the first row must name the columns",
        encoding=formats.encoding,
    )
    text, separator, skipped = _separated(text, table, separator_name=formats.separator)
    records = _records(text, separator, file=file, first_row=1 + skipped)
    if not records or not any(cell.strip() for cell in records[0]):
        reason = "the first row must name the columns"
        raise UnreadableError(Problem(reason, file=file, row=1 + skipped, code="file.no_header"))
    header = [cell.strip() for cell in records[0]]
    while header and not header[-1]:
        header.pop()
    rows = np.arange(2 + skipped, len(records) + 1 + skipped, dtype=np.int64)
    body, rows, problems = without_headers(records[1:], rows, names=set(header) - {""}, file=file)
    body, rows, ragged = _rectangle(body, rows, width=len(header), file=file)
    problems += ragged
    columns = [_stripped(column) for column in zip(*body, strict=True)] if body else [[] for _ in header]
    problems = [*header_problems(header, columns, file=file, row=1 + skipped), *problems]
    by_name = {name: column for name, column in zip(header, columns, strict=True) if name}
    problems += _notes(text, separator, encoding, file=file)
    return CsvFile(cells_of(table.name, by_name, rows, file=file), problems, separator, header=1 + skipped)


def _separated(text: str, table: Table, *, separator_name: str | None) -> tuple[str, str, int]:
    """The text, what stands between its cells, and the rows that say nothing else (sep=; as Excel writes
    it).
    """
    first, _, body = text.partition("\n")
    if (row := _SEPARATOR_ROW.fullmatch(first.strip("\r "))) is not None:
        return body, row[1], 1
    if separator_name is not None:
        return text, SEPARATORS[separator_name], 0
    names = {column.name for column in table.columns}

    def fit(separator: str) -> tuple[int, int]:
        cells = [cell.strip(' \t\r"') for cell in first.split(separator)]
        return len(names.intersection(cells)), len(cells)

    return text, max(SEPARATORS.values(), key=fit), 0  # the first of equals, which is the comma


def _notes(text: str, separator: str, encoding: str, *, file: str) -> list[Problem]:
    """What was recognised, for people to confirm."""
    sentences = []
    if separator != ",":
        name = next(name for name, letter in SEPARATORS.items() if letter == separator)
        sentences.append(f"its cells are separated by {name}s")
    if encoding not in ("utf-8-sig", "utf-8"):
        word = next((word_match[0] for word_match in _WORD.finditer(text) if not word_match[0].isascii()), "")
        sentences.append(f"its letters are read as {encoding}{f', as in {quoted(word)}' if word else ''}")
    return [Problem(one, file=file, severity="note", code="file.recognised") for one in sentences]


def _stripped(column: Sequence[str]) -> list[str]:
    """The cells without blanks around them, and without the apostrophe that keeps a name from running as a
    formula. Equal ones are one text in memory: the scenario keeps them for its what-ifs.
    """
    texts: dict[str, str] = {}
    keep = texts.setdefault
    stripped = [keep(text, text) for text in map(str.strip, column)]
    unquoted = {text: text[1:] for text in texts if text.startswith("'") and runs_as_formula(text)}
    return [unquoted.get(text, text) for text in stripped] if unquoted else stripped


def _records(text: str, separator: str, *, file: str, first_row: int) -> Records:
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=separator)
    records: Records = []
    try:
        for record in reader:
            records.append(record)
    except csv.Error as error:
        reason, row = _csv_reason(str(error)), len(records) + first_row
        raise UnreadableError(Problem(reason, file=file, row=row, code="file.quotes")) from None
    return records


def without_headers(
    body: Records, rows: np.ndarray, *, names: set[str], file: str, sheet: str = ""
) -> tuple[Records, np.ndarray, list[Problem]]:
    """The rows that are no headers; each that is one, as in files put one below the other, is a problem."""
    again = [
        at for at, record in enumerate(body)
        if record and record[0].strip(BLANK) in names and _is_header(record, names, is_first=at == 0)
    ]
    if not again:
        return body, rows, []
    reason = "repeats the header, as files put one below the other do. Remove the row"
    problems = few(
        rows[again].tolist(),
        lambda row: Problem(reason, file=file, sheet=sheet, row=row, code="file.header_again"),
        what="rows that repeat the header",
        file=file,
    )
    without = [record for at, record in enumerate(body) if at not in set(again)]
    return without, np.delete(rows, again), problems


def _is_header(record: list[str], names: set[str], *, is_first: bool) -> bool:
    """Nothing but names of columns stands in the row, each once, and at least two where there are two.

    The first row repeats nothing where there is one column: a market may be called market.
    """
    filled = [text for cell in record if (text := cell.strip(BLANK))]
    enough = 2 if is_first else min(2, len(names))
    return names.issuperset(filled) and len(set(filled)) == len(filled) >= enough


def _csv_reason(reason: str) -> str:
    if "field larger" in reason:
        return f"a cell is longer than {LONGEST_CELL:,} letters. Is a closing quote missing?"
    if "unexpected end" in reason:
        return "a cell opens with a double quote that is never closed"
    return "double quotes inside a quoted cell must be doubled"


def _rectangle(
    body: Records, rows: np.ndarray, *, width: int, file: str
) -> tuple[Records, np.ndarray, list[Problem]]:
    """The rows that hold anything, each as wide as the header; rows of another width are problems."""
    if all(len(record) == width and record[0] for record in body):
        return body, rows, []
    body_rows: Records = []
    numbers: list[int] = []
    ragged: list[tuple[int, int]] = []
    for record, row in zip(body, rows.tolist(), strict=True):
        if not any(cell.strip() for cell in record):
            continue
        if len(record) < width or any(cell.strip() for cell in record[width:]):
            count = (
                len(record)
                if len(record) < width
                else max(at for at, cell in enumerate(record) if cell.strip()) + 1
            )
            ragged.append((row, count))
            continue
        body_rows.append(record[:width])
        numbers.append(row)

    def problem(row_and_count: tuple[int, int]) -> Problem:
        row, count = row_and_count
        return Problem(
            f"has {count} cell{'s' if count > 1 else ''}, but the header has {width}",
            file=file,
            row=row,
            code="file.row_width",
        )

    problems = few(ragged, problem, what="rows that are not as wide as the header", file=file)
    return body_rows, np.array(numbers, dtype=np.int64), problems


def header_problems(
    header: list[str], columns: Sequence[Sequence[str]], *, file: str, row: int, sheet: str = ""
) -> list[Problem]:
    """Every column has a name of its own; a column without any name must be blank."""
    nameless = [
        f"column {at + 1} has no name" for at, name in enumerate(header) if not name and any(columns[at])
    ]
    twice = [
        f"the column {quoted(name)} is there twice"
        for name, count in Counter(header).items()
        if name and count > 1
    ]
    return few(
        [*nameless, *twice],
        lambda text: Problem(text, file=file, sheet=sheet, row=row, code="file.column_names"),
        what="such columns",
        file=file,
    )
