"""Cells become typed columns: strict, a column at a time, with a problem for every cell that breaks its
rule.
"""

import math
import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from planner.errors import Problem
from planner.scenario.calendar import DATE_RULE, FREQUENCIES, Bucket, parse_date, parse_period, period_rule
from planner.scenario.columns import Column, Table
from planner.scenario.lettering import name_fault, name_rule, text_fault, text_rule
from planner.scenario.reading.cells import NUMBER_LETTERS, Cells
from planner.scenario.schema import TABLES
from planner.scenario.suggestions import did_you_mean, listed

_NUMBER = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?")
_UNITS_TO_SAY = ("periods", "units", "hours", "workers", "days", "leads")
# beyond it floats no longer tell whole numbers apart, and solvers begin to read numbers as infinite
LARGEST = 1e15
# nothing that is counted, timed or paid is that small, and what divides by it leaves the range of numbers
SMALLEST = 1e-30


def typed_frame(
    cells: Cells, table: Table, bucket: Bucket | None, *, whole: bool = True
) -> tuple[pd.DataFrame, list[Problem]]:
    """All declared columns of the table in declared order, typed, and every problem of their cells. A wrong
    cell is blank.

    A table that is not `whole` misses columns, which is reported already: nobody wants to hear it again for
    each row.
    """
    if not len(cells):
        return empty_frame(table.name, bucket), []
    columns: dict[str, Any] = {}
    problems: list[Problem] = []
    for column in table.columns:
        values, wrong = typed_column(cells, column, bucket)
        columns[column.name] = values
        problems += wrong if whole or column.name in cells.columns else []
    return pd.DataFrame(columns, index=pd.RangeIndex(len(cells))), problems


@lru_cache(maxsize=200)
def empty_frame(table: str, bucket: Bucket | None) -> pd.DataFrame:
    """The table without rows, with the types that it has with rows. Nobody changes frames, so one serves
    all.
    """
    return pd.DataFrame(
        {column.name: pd.Series(dtype=dtype_of(column, bucket)) for column in TABLES[table].columns}
    )


def typed_column(cells: Cells, column: Column, bucket: Bucket | None) -> tuple[Any, list[Problem]]:
    """One typed column, and a problem for each cell that breaks its rules."""
    text = cells.column(column.name)
    blank = np.equal(text, "").astype(bool)
    problems = list(_blank_problems(cells, column, blank))
    if column.kind in ("number", "whole"):
        values, wrong = _numbers(cells, column, text, blank)
    elif column.kind in ("date", "period"):
        values, wrong = _days(cells, column, text, bucket)
    else:
        values, wrong = _texts(cells, column, text, blank)
    return values, [*problems, *wrong]


def dtype_of(column: Column, bucket: Bucket | None) -> Any:
    """The pandas type of the column."""
    if column.kind == "period":
        return pd.PeriodDtype(FREQUENCIES[bucket or "month"])
    if column.kind == "whole":
        return "Int64" if column.default is None else "int64"
    return {"number": "float64", "date": "datetime64[s]"}.get(column.kind, "str")


def _blank_problems(cells: Cells, column: Column, blank: np.ndarray) -> Iterator[Problem]:
    if column.required:
        yield from cells.problems(blank, column.name, "must be filled in", code="required")


def _numbers(cells: Cells, column: Column, text: np.ndarray, blank: np.ndarray) -> tuple[Any, list[Problem]]:
    """Numbers, exact to the letter: no thousands separators, units, underscores, infinities or
    hexadecimals.
    """
    numbers = parsed_numbers(text)
    unreadable = np.isnan(numbers) & ~blank
    fraction = np.equal(column.kind, "whole") & ~blank & (numbers != np.floor(numbers)) & ~unreadable
    huge = np.abs(numbers) > LARGEST
    tiny = (np.abs(numbers) < SMALLEST) & (numbers != 0)
    outside = outside_range(numbers, column) & ~fraction & ~huge
    broken = unreadable | fraction | huge | outside | tiny
    problems: list[Problem] = []
    for wrong, code, rule in (
        (unreadable, "number", number_rule(column)),
        (fraction, "whole", whole_rule(column)),
        (outside, "range", range_rule(column)),
        (huge, "too_large", f"must not be beyond {LARGEST:g}"),
        (tiny & ~outside & ~fraction, "too_small", f"must be 0, or at least {SMALLEST:g}"),
    ):
        problems += cells.problems(wrong, column.name, rule, code=code, kind=column.kind)
    if column.default is not None:
        numbers = np.where(blank, float(column.default), numbers)
    if column.kind == "number":
        return np.where(broken, np.nan, numbers), problems
    missing = broken | np.isnan(numbers)
    whole = np.where(missing, 0 if column.default is None else float(column.default), numbers).astype(
        np.int64
    )
    if column.default is not None:
        return whole, problems
    return pd.arrays.IntegerArray(whole, missing), problems


def parsed_numbers(text: np.ndarray) -> np.ndarray:
    """The numbers that the texts spell; not-a-number where they spell none or are blank."""
    blank = np.equal(text, "").astype(bool)
    cells = np.where(blank, "0", text).tolist()
    # only such letters: then float() is strict enough
    if NUMBER_LETTERS.union(",").issuperset(",".join(cells)):
        try:
            numbers = np.array(list(map(float, cells)), dtype=np.float64)
        except ValueError:
            numbers = np.array([_one_number(cell) for cell in cells], dtype=np.float64)
    else:
        numbers = np.array([_one_number(cell) for cell in cells], dtype=np.float64)
    return np.where(blank | ~np.isfinite(numbers), np.nan, numbers) + 0.0  # + 0.0 makes -0 a plain 0


def _one_number(cell: str) -> float:
    return float(cell) if _NUMBER.fullmatch(cell) else math.nan


def outside_range(numbers: np.ndarray, column: Column) -> np.ndarray:
    """Which of the numbers are outside the range that the column allows; what is no number is not."""
    wrong = np.zeros(len(numbers), dtype=bool)
    if column.minimum is not None:
        wrong |= numbers < column.minimum
    if column.above is not None:
        wrong |= numbers <= column.above
    if column.maximum is not None:
        wrong |= numbers > column.maximum
    return wrong


def number_rule(column: Column) -> str:
    """What the cell must be, where it is no number at all."""
    return (
        "must be a whole number written like 12"
        if column.kind == "whole"
        else "must be a number written like 1234.5"
    )


def whole_rule(column: Column) -> str:
    """What the cell must be, where it has decimals."""
    limits = f" from {column.minimum:g} to {column.maximum:g}" if column.maximum is not None else ""
    return f"must be a whole number{limits}"


def range_rule(column: Column) -> str:
    """The range that the number must lie in, with its unit where that helps."""
    kind = "a whole number " if column.kind == "whole" else ""
    unit = f" {column.unit}" if column.unit.split(" ")[0] in _UNITS_TO_SAY else ""
    if column.above is not None:
        maximum = f", at most {column.maximum:g}" if column.maximum is not None else ""
        return f"must be more than {column.above:g}{maximum}{unit}"
    if column.maximum is not None:
        return f"must be {kind}from {column.minimum:g} to {column.maximum:g}"
    return f"must be {column.minimum or 0:g} or more{unit}"


def _days(cells: Cells, column: Column, text: np.ndarray, bucket: Bucket | None) -> tuple[Any, list[Problem]]:
    """Dates and periods, each different text read once."""
    parse: Callable[[str], Any]
    if column.kind == "date":
        parse, rule = parse_date, DATE_RULE
    elif bucket is None:  # without a calendar nobody knows how its periods are written
        return pd.array([pd.NaT] * len(text), dtype=dtype_of(column, bucket)), []
    else:
        def parse(one: str) -> pd.Period:
            return parse_period(one, bucket=bucket, day=column.day)
        rule = period_rule(bucket, day=column.day)
    codes, different = pd.factorize(text)
    parsed = [_parsed_day(one, parse) for one in different]
    unreadable = np.array(
        [one is None and text != "" for one, text in zip(parsed, different, strict=True)], dtype=bool
    )
    wrong = unreadable[codes] if len(codes) else np.zeros(0, dtype=bool)
    dtype = dtype_of(column, bucket)
    days = pd.array([pd.NaT if one is None else one for one in parsed], dtype=dtype)
    return days.take(codes), list(
        cells.problems(wrong, column.name, rule, code=column.kind, kind=column.kind)
    )


def _parsed_day(text: str, parse: Callable[[str], Any]) -> Any:
    try:
        return parse(text) if text else None
    except ValueError:
        return None


def _texts(cells: Cells, column: Column, text: np.ndarray, blank: np.ndarray) -> tuple[Any, list[Problem]]:
    """Names and texts; a name is one of its choices where it has choices, and stands on one line."""
    codes, different = pd.factorize(text)
    fault_of, rule = (text_fault, text_rule) if column.kind == "text" else (name_fault, name_rule)
    faults = np.array([fault_of(one) for one in different], dtype=object)
    problems = list(
        cells.problems(
            _each(faults != "", codes),
            column.name,
            lambda at: rule(faults[codes[at]]),
            code="letters",
            kind="name",
        )
    )
    if column.choices:
        unknown = np.array([one != "" and one not in column.choices for one in different], dtype=bool)
        problems += cells.problems(
            _each(unknown, codes), column.name, _choice_rule(text, column), code="choice", kind="name"
        )
    values = np.where(blank, column.default if column.default is not None else np.nan, text)
    return pd.array(values, dtype="str"), problems


def _choice_rule(text: Iterable[str], column: Column) -> Callable[[int], str]:
    texts = np.asarray(text)

    def rule(position: int) -> str:
        return f"must be {listed(column.choices)}{did_you_mean(texts[position], column.choices)}"

    return rule


def _each(of_different: np.ndarray, codes: np.ndarray) -> np.ndarray:
    return of_different[codes] if len(codes) else np.zeros(0, dtype=bool)


