"""The cells of a table as they were written, before they become numbers and periods, each with its place."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

from planner.errors import Problem
from planner.scenario.columns import Kind
from planner.scenario.suggestions import quoted

MAXIMUM_SHOWN = 20  # of one kind of problem in one column; the rest is counted
PLAIN_KINDS: frozenset[Kind] = frozenset({"number", "whole"})
NUMBER_LETTERS = frozenset("0123456789+-.eE")

NO_LETTERS: Mapping[str, str] = {}

T = TypeVar("T")
Row = tuple[str, int]  # a file and a row of it; a line of scenario.yaml is written as a negative row


@dataclass(frozen=True)
class Cells:
    """One table as text: a row for each row of the table, a column for each column that was given.

    `files` and `rows` say where each row was written; `rewritten` where single cells were, when an override
    set them. A negative row number is a line of scenario.yaml. Of a workbook, `sheet` is the sheet, and
    `letters` are those of the columns in it.
    """

    table: str
    columns: Mapping[str, np.ndarray]
    files: np.ndarray
    rows: np.ndarray
    file: str
    rewritten: Mapping[tuple[int, str], Row] = field(default_factory=dict)
    sheet: str = ""
    letters: Mapping[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.rows)

    def column(self, name: str) -> np.ndarray:
        """The texts of a column; all blank when the column was not given."""
        texts = self.columns.get(name)
        return np.full(len(self.rows), "", dtype=object) if texts is None else texts

    def is_blank(self, name: str) -> np.ndarray:
        """The rows in which nothing is written in the column."""
        blank: np.ndarray = np.equal(self.column(name), "").astype(bool)
        return blank

    def place(self, position: int, column: str) -> Row:
        """The file and row in which the cell was written."""
        return self.rewritten.get((position, column), (self.files[position], int(self.rows[position])))

    def where(self, position: int, column: str) -> str:
        """Where the cell was written, as people read it: "lanes.csv row 14, capacity"."""
        file, row = self.place(position, column)
        near = f" line {-row}" if row < 0 else ""
        if row > 0:
            cell = f"{self.letters[column]}{row}" if column in self.letters else ""
            near = f" sheet {self.sheet}" if self.sheet else ""
            near += f" cell {cell}" if cell else f" row {row}"
        return f"{file}{near}, {self._named(column, row)}"

    def _named(self, column: str, row: int) -> str:
        """The column as it is named beside its place: where an override wrote it, the place is no longer the
        table's own file, so that it says which table it is of.
        """
        if row > 0:
            return column
        return f"{self.table}.{column}" if column else self.table

    def code(self, column: str, word: str) -> str:
        """What programs call a problem of the column, like lanes.unit_cost.range; of several columns it is
        one of the table.
        """
        is_one = column and "," not in column
        return f"{self.table}.{column}.{word}" if is_one else f"{self.table}.{word}"

    def problem(self, position: int, column: str, message: str, *, code: str, kind: Kind | None = None,
                severity: str = "error") -> Problem:
        """A problem of one cell, its `code` a word; with `kind` its value is shown."""
        file, row = self.place(position, column)
        value = None if kind is None else cell_text(self.column(column)[position], kind)
        return Problem(
            message,
            file=file,
            sheet=self.sheet if row > 0 else "",
            cell=f"{self.letters[column]}{row}" if row > 0 and column in self.letters else "",
            row=row if row > 0 else None,
            line=-row if row < 0 else None,
            column=self._named(column, row),
            value=value,
            severity=severity,
            code=self.code(column, code),
        )

    def problems(self, wrong: np.ndarray | Sequence[int], column: str, message: str | Callable[[int], str], *,
                 code: str, kind: Kind | None = None, severity: str = "error") -> Iterator[Problem]:
        """A problem for each wrong row (a mask, or positions): the first ones in full, the rest as a
        count.
        """
        wrong = np.asarray(wrong)
        positions = np.flatnonzero(wrong) if wrong.dtype == bool else wrong
        for position in positions[:MAXIMUM_SHOWN].tolist():
            text = message if isinstance(message, str) else message(position)
            yield self.problem(position, column, text, code=code, kind=kind, severity=severity)
        more = len(positions) - MAXIMUM_SHOWN
        if more > 0:
            remainder = f"and {more:,} more row{'s' if more > 1 else ''} with a problem of this kind"
            yield self.about(remainder, column=column, severity=severity, code=self.code(column, code))

    def about(
        self, message: str, *, code: str, column: str = "", severity: str = "error", row: int | None = None
    ) -> Problem:
        """A problem of the table as a whole, or of a column of it."""
        cell = f"{self.letters[column]}{row}" if row is not None and column in self.letters else ""
        return Problem(message, file=self.file, sheet=self.sheet, row=row, cell=cell, column=column,
                       severity=severity, code=code)


def few(items: Iterable[T], problem: Callable[[T], Problem], *, what: str, file: str) -> list[Problem]:
    """A problem for each of the first things; the rest is counted, since finding the nearest name takes a
    while.
    """
    items = list(items)
    first = [problem(item) for item in items[:MAXIMUM_SHOWN]]
    more = len(items) - MAXIMUM_SHOWN
    if more <= 0:
        return first
    return [*first, Problem(f"and {more:,} more {what}", file=file, code=first[-1].code)]


def cells_of(
    table: str, columns: Mapping[str, Sequence[str] | np.ndarray], rows: np.ndarray, *, file: str,
    sheet: str = "", letters: Mapping[str, str] = NO_LETTERS,
) -> Cells:
    """The cells of one file or sheet, all of them text; the rows are numbered as in the file."""
    arrays = {name: np.array(column, dtype=object) for name, column in columns.items()}
    return Cells(table, arrays, np.full(len(rows), file, dtype=object), rows=rows, file=file, sheet=sheet,
                 letters=letters)


def no_cells(table: str) -> Cells:
    """An absent table, which is an empty one."""
    return cells_of(table, {}, np.empty(0, dtype=np.int64), file=table)


def cell_text(text: str, kind: Kind) -> str:
    """A cell's text as messages show it: numbers bare, everything else in double quotes."""
    return (
        text
        if kind in PLAIN_KINDS and NUMBER_LETTERS.issuperset(text) and 0 < len(text) <= 40
        else quoted(text)
    )
