"""Reading a table from Python values, a list of records or a pandas frame, into the cells that a file would
hold.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from planner.errors import Problem
from planner.scenario.calendar import FREQUENCIES, Bucket
from planner.scenario.columns import Column, Table
from planner.scenario.reading.cells import Cells, cells_of
from planner.scenario.reading.node import cell_text, is_cell
from planner.scenario.reading.text_file import LONGEST_CELL, UnreadableError

SINGLE = "must be a single value: text, a number, a date, a period or nothing"
PLAIN = (str, int, float, type(None))  # most values of most records; asking for their exact type is quick
Write = Callable[[Any], str]


def read_records(records: object, table: Table, bucket: Bucket) -> Cells:
    """The cells of a list of records or of a frame; the first record is row 1. UnreadableError when it is
    neither.

    A real date or Timestamp in a column of periods names the period that it is the first or last day of.
    """
    if isinstance(records, pd.DataFrame):
        return frame_cells(records, table, bucket, file=table.name, first_row=1)
    if not isinstance(records, Sequence) or isinstance(records, str | bytes):
        reason = "must be a list of records, or a pandas DataFrame"
        raise UnreadableError(Problem(reason, file=table.name, code="file.records"))
    for row, record in enumerate(records, start=1):
        _expect_record(record, table.name, row)
    names = {str(name): name for record in records for name in record}
    columns = {}
    for text, name in names.items():
        write = _writer(table, text, bucket)
        columns[text] = [write(record.get(name)).strip() for record in records]
    return cells_of(table.name, columns, np.arange(1, len(records) + 1, dtype=np.int64), file=table.name)


def _expect_record(record: object, table: str, row: int) -> None:
    if not isinstance(record, Mapping):
        reason = "must be a record: a mapping of columns to values"
        raise UnreadableError(Problem(reason, file=table, row=row, code="file.record"))
    for name, value in record.items():
        if type(value) not in PLAIN and not is_cell(value):
            raise UnreadableError(_no_cell(table, row, str(name)))


def frame_cells(
    frame: pd.DataFrame, table: Table, bucket: Bucket | None, *, file: str, first_row: int
) -> Cells:
    """The cells of a frame; a named index is columns, too."""
    if any(name is not None for name in frame.index.names):  # saved with its keys as index
        frame = frame.reset_index(allow_duplicates=True)
    names = [str(name) for name in frame.columns]
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise UnreadableError(twice_problem(twice[0], file=file))
    columns = {
        name: _texts(
            frame.iloc[:, at].rename(name), _writer(table, name, bucket), file=file, first_row=first_row
        )
        for at, name in enumerate(names)
    }
    return cells_of(
        table.name, columns, np.arange(first_row, first_row + len(frame), dtype=np.int64), file=file
    )


def _texts(values: pd.Series, write: Write, *, file: str, first_row: int) -> np.ndarray:
    """The values as cells; a problem where one cannot be a cell, or is too long for one."""
    codes, different = _coded(values)
    if different.dtype.kind not in "biufM":
        _expect_cells(different, file=file, first_row=first_row)
    written = [write(value).strip() for value in different.astype(object)]
    too_long = next((at for at, text in enumerate(written) if len(text) > LONGEST_CELL), None)
    if too_long is not None:
        row = first_row + int(np.flatnonzero(codes == too_long)[0])
        reason = f"is longer than {LONGEST_CELL:,} letters"
        raise UnreadableError(
            Problem(reason, file=file, row=row, column=str(values.name), code="file.long_cell")
        )
    texts: np.ndarray = np.array([*written, ""], dtype=object)[codes]
    return texts


def cell_texts(values: pd.Series) -> np.ndarray:
    """The values as cells, whatever they are."""
    codes, different = _coded(values)
    written = [cell_text(value).strip() for value in different.astype(object)]
    texts: np.ndarray = np.array([*written, ""], dtype=object)[codes]
    return texts


def _coded(values: pd.Series) -> tuple[np.ndarray, pd.Series]:
    """Numbers for the values, -1 for blanks, and the values that they stand for, so that each different one
    is written once.
    """
    if isinstance(values.dtype, pd.CategoricalDtype):
        return values.cat.codes.to_numpy(), pd.Series(values.cat.categories, name=values.name)
    if values.dtype.kind in "biufM" or isinstance(values.dtype, pd.StringDtype):
        codes, different = pd.factorize(values.astype(object), use_na_sentinel=True)
        return codes, pd.Series(different, name=values.name)
    # 1 and True are equal and written differently, so that no value stands for another
    return np.arange(len(values)), values


def _expect_cells(values: pd.Series, *, file: str, first_row: int) -> None:
    for row, value in enumerate(values, start=first_row):
        if type(value) not in PLAIN and not is_cell(value):
            raise UnreadableError(_no_cell(file, row, str(values.name)))


def _no_cell(file: str, row: int, column: str) -> Problem:
    return Problem(SINGLE, file=file, row=row, column=column, code="file.no_cell")


def twice_problem(column: str, *, file: str) -> Problem:
    """No column may be there twice: nobody would know which one counts."""
    return Problem("the column is there twice", file=file, column=column, code="file.column_twice")


def _writer(table: Table, name: str, bucket: Bucket | None) -> Write:
    """How values of the column become text."""
    column: Column | None = next((column for column in table.columns if column.name == name), None)
    if column is None or column.kind != "period" or bucket is None:
        return cell_text
    frequency = FREQUENCIES[bucket]

    def written(value: Any) -> str:
        return cell_text(_period_of(value, frequency, any_day=column.day))

    return written


def _period_of(value: Any, frequency: str, *, any_day: bool) -> Any:
    """The period that a real day is the first or last day of; any other value as it is."""
    if isinstance(value, np.datetime64):
        value = pd.Timestamp(value)
    if not isinstance(value, date) or pd.isna(value):
        return value
    day = pd.Timestamp(value).tz_localize(None).normalize()
    period = day.to_period(frequency)
    is_edge = day in (period.start_time, period.end_time.normalize())
    return period if is_edge and not any_day else value

