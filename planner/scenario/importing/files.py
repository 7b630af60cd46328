"""Files of other systems as they are: texts in columns, every cell with its file and row."""

import csv
import io
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

import pandas as pd

from planner.errors import Problem
from planner.scenario.importing.mapping import Beside, Read
from planner.scenario.reading.text_file import LARGEST_TABLE, LONGEST_CELL, UnreadableError, expect_file
from planner.scenario.reading.workbook.book import is_workbook, read_book
from planner.scenario.reading.workbook.sheet import plain_text
from planner.scenario.suggestions import did_you_mean, quoted

FILE, ROW = "\0file", "\0row"  # where a row was written; no file can name a column so
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
FIRST_ROWS = 20  # within which a file names its columns
Recognised = tuple[str, ...]


@dataclass(frozen=True)
class Rows:
    """Rows of files as texts, and what was recognised about the files. FILE and ROW say where each stood."""

    frame: pd.DataFrame
    recognised: Recognised
    files: tuple[str, ...]

    @property
    def columns(self) -> list[str]:
        """The columns of the files."""
        return [name for name in self.frame.columns if name not in (FILE, ROW)]


def chosen(files: list[Path], pattern: str) -> list[Path]:
    """The files that the pattern means, by name; upper and lower case are alike."""
    return [file for file in files if fnmatchcase(file.name.casefold(), pattern.casefold())]


def likely_header(path: Path) -> int:
    """The first row among the first ones that has most cells: titles above a table have fewer."""
    rows = _sheet(path, None)[1][:FIRST_ROWS] if is_workbook(path) else _first_rows(path)
    counts = [sum(bool(cell.strip()) for cell in row) for row in rows]
    return counts.index(max(counts)) + 1 if counts else 1


def _first_rows(path: Path) -> list[list[str]]:
    text, _ = _text(path, None)
    lines = text.splitlines()[:FIRST_ROWS]
    return [
        next(csv.reader([line], delimiter=_separator(text, at)), []) for at, line in enumerate(lines, start=1)
    ]


def has_columns(file: Path, read: Read) -> bool:
    """Whether the file has all columns by which the read knows its files."""
    if not read.having:
        return True
    have = {name.casefold() for name in read_rows([file], read).columns}
    return have.issuperset(name.casefold() for name in read.having)


def read_rows(files: list[Path], how: Read | Beside) -> Rows:
    """The rows of all the files, one below the other; UnreadableError where one cannot be read."""
    header_row = how.header_row if isinstance(how, Read) else 1
    read = [_one_file(file, how, header_row) for file in files]
    frame = (
        pd.concat([one for one, _ in read], ignore_index=True)
        if read
        else pd.DataFrame({FILE: pd.Series(dtype=object), ROW: pd.Series(dtype="int64")})
    )
    texts = [name for name in frame.columns if name != ROW]
    frame[texts] = frame[texts].fillna("")
    return Rows(frame, tuple(note for _, note in read if note), tuple(file.name for file in files))


def _one_file(path: Path, how: Read | Beside, header_row: int) -> tuple[pd.DataFrame, str]:
    if is_workbook(path):
        called, records = _sheet(path, how.sheet)
        return frame_of(records, header_row, file=path.name), f"{path.name}: sheet {called}"
    text, encoding = _text(path, how.encoding if isinstance(how, Read) else None)
    separator = (how.separator if isinstance(how, Read) else None) or _separator(text, header_row)
    records = _records(text, separator, file=path.name)
    notes = [] if separator == "," else [f"separated by {SEPARATORS.get(separator, separator)}"]
    notes += [] if encoding == "utf-8" else [f"in {encoding}"]
    return frame_of(records, header_row, file=path.name), f"{path.name}: {', '.join(notes)}" if notes else ""


def _sheet(path: Path, name: str | None) -> tuple[str, list[list[str]]]:
    """The name and the cells of a sheet of a workbook: of that name, or the first that can be seen."""
    sheets = read_book(path, file=path.name)
    visible = [sheet for sheet in sheets if not sheet.is_hidden and sheet.rows]
    candidates = [sheet for sheet in sheets if sheet.name == name] if name else visible[:1]
    if not candidates:
        names = [sheet.name for sheet in sheets]
        reason = (
            f"has no sheet {quoted(name or '')}, only {', '.join(names)}{did_you_mean(name or '', names)}"
        )
        raise UnreadableError(Problem(reason, file=path.name, code="import.missing_file"))
    return candidates[0].name, [[plain_text(value) for value in row] for row in candidates[0].rows]


def frame_of(records: list[list[str]], header_row: int, *, file: str) -> pd.DataFrame:
    """The records under the header as columns of texts; rows that hold nothing are left out."""
    if len(records) < header_row or not any(cell.strip() for cell in records[header_row - 1]):
        reason = "this row must name the columns. Say which row does with header_row"
        raise UnreadableError(Problem(reason, file=file, row=header_row, code="import.header_row"))
    header = _names(records[header_row - 1])
    numbered = [
        (at, record)
        for at, record in enumerate(records[header_row:], start=header_row + 1)
        if any(cell.strip() for cell in record)
    ]
    for at, record in numbered:
        if any(cell.strip() for cell in record[len(header) :]):
            reason = f"has {len(record)} cells, but the header has {len(header)}"
            raise UnreadableError(Problem(reason, file=file, row=at, code="import.wide_row"))
    padded = [
        [*map(str.strip, record[: len(header)]), *[""] * (len(header) - len(record))]
        for _, record in numbered
    ]
    columns = list(zip(*padded, strict=True)) if padded else [()] * len(header)
    frame = pd.DataFrame(
        {name: pd.Series(column, dtype=object) for name, column in zip(header, columns, strict=True)}
    )
    frame[FILE] = pd.Series([file] * len(numbered), dtype=object)
    frame[ROW] = pd.Series([at for at, _ in numbered], dtype="int64")
    return frame


def _names(header: list[str]) -> list[str]:
    """The names of the columns; one without a name is called by its place, one that is there again by how
    often.
    """
    while header and not header[-1].strip():
        header = header[:-1]
    counts: dict[str, int] = {}
    names = []
    for at, cell in enumerate(header, start=1):
        name = " ".join(cell.replace("\ufeff", "").split()) or f"column {at}"
        counts[name] = counts.get(name, 0) + 1
        names.append(name if counts[name] == 1 else f"{name} ({counts[name]})")
    return names


def _text(path: Path, encoding: str | None) -> tuple[str, str]:
    """The text of the file, and the encoding it is in: UTF-8, UTF-16 with its mark, or else cp1252."""
    file = path.name
    expect_file(path, file=file, largest=LARGEST_TABLE)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableError(
            Problem(f"cannot be read: {error.strerror}", file=file, code="import.unreadable_export")
        ) from None
    guesses = (
        [encoding]
        if encoding
        else ["utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", "cp1252"]
    )
    for guess in guesses:
        try:
            text = content.decode(guess)
        except (UnicodeDecodeError, LookupError):
            continue
        if "\0" in text:
            break
        return text, guess.removesuffix("-sig")
    reason = f"is no text in {' or '.join(guesses)}. Say which encoding it has with encoding"
    raise UnreadableError(Problem(reason, file=file, code="import.encoding"))


def _separator(text: str, header_row: int) -> str:
    """What separates the cells of the header: of the usual ones that which makes most columns."""
    lines = text.splitlines()
    line = lines[header_row - 1] if len(lines) >= header_row else ""
    counts = {one: len(next(csv.reader([line], delimiter=one), [])) for one in SEPARATORS}
    return max(counts, key=lambda one: counts[one])


def _records(text: str, separator: str, *, file: str) -> list[list[str]]:
    csv.field_size_limit(LONGEST_CELL)
    records: list[list[str]] = []
    if len(separator) != 1:
        reason = "the separator must be one letter"
        raise UnreadableError(Problem(reason, file=file, code="import.one_letter"))
    try:
        records.extend(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        reason = f"cannot be read as a table: {error}"
        raise UnreadableError(Problem(reason, file=file, code="import.no_csv")) from None
    return records
