"""The cells of a file, written as scenarios write them, whatever the program that they come from writes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

import numpy as np
import pandas as pd

from planner.errors import Problem
from planner.scenario.calendar import FREQUENCIES, Bucket, parse_date, parse_period, period_label
from planner.scenario.columns import Column, Table
from planner.scenario.reading.cells import Cells
from planner.scenario.reading.recognition.days import (
    DAY_ZERO,
    ORDERS,
    DayStyle,
    as_day,
    day_style,
    read_day,
    read_period,
    serial_day,
)
from planner.scenario.reading.recognition.formats import Formats
from planner.scenario.reading.recognition.numbers import (
    NumberStyle,
    as_number,
    is_plain,
    number_style,
    written,
)
from planner.scenario.suggestions import quoted

# What one percent is worth in columns of these units; elsewhere nobody knows what 5% would mean.
PERCENT = {
    "0 to 1": Decimal("0.01"), "fraction": Decimal("0.01"), "share": Decimal("0.01"), "percent": Decimal(1)
}
TRUTHS = {"true": "yes", "wahr": "yes", "vrai": "yes", "false": "no", "falsch": "no", "faux": "no"}


@dataclass
class _File:
    """A file on its way: its cells, and what has been recognised so far."""

    cells: Cells
    table: Table
    bucket: Callable[[], Bucket]
    columns: dict[str, np.ndarray] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    typed: Mapping[str, frozenset[str]] | None = None

    def of_open(self, column: Column) -> np.ndarray:
        """The texts of the column whose decimals may be a point or a comma. Whole numbers of a workbook are
        among them, since they show whether 1,260 beside them parts thousands.
        """
        texts = self.columns[column.name]
        if self.typed is None:
            return texts
        typed = self.typed.get(column.name, frozenset())
        return np.array([text for text in pd.unique(texts) if text in typed or text.isdigit()], dtype=object)

    def of_kind(self, *kinds: str) -> list[Column]:
        """The columns of these kinds that were given."""
        return [
            column for column in self.table.columns if column.kind in kinds and column.name in self.columns
        ]

    def note(self, text: str, *, column: str = "") -> None:
        """What was recognised, for people to confirm."""
        self._say(text, column=column, code="recognised", severity="note")

    def answer(self, name: str, value: str) -> str:
        """How to say it: set formats: {dates: dmy} in scenario.yaml."""
        if self.cells.sheet:
            return f"set formats.{name} to {value} in the sheet scenario"
        return f"set formats: {{{name}: {value}}} in scenario.yaml"

    def open_question(self, text: str, *, column: str) -> None:
        """What could mean two things, and what to say."""
        self._say(text, column=column, code="ambiguous", severity="error")

    def _say(self, text: str, *, column: str, code: str, severity: str) -> None:
        self.problems.append(self.cells.about(text, column=column, code=f"file.{code}", severity=severity))

    def change(self, column: Column, new: dict[str, str]) -> None:
        """The cells with each of these texts replaced."""
        texts = self.columns[column.name]
        codes, different = pd.factorize(texts)
        replaced = np.array([new.get(text, text) for text in different], dtype=object)
        self.columns[column.name] = replaced[codes] if len(codes) else texts


def recognised(
    cells: Cells, table: Table, bucket: Callable[[], Bucket], *, formats: Formats, documented: bool,
    typed: Mapping[str, frozenset[str]] | None = None,
) -> tuple[Cells, list[Problem]]:
    """The cells as scenarios write them, and notes on what was recognised; what could mean two things is an
    error.

    A `documented` file has commas between its cells, as scenarios have. Of a workbook, `typed` are the cells
    of each column that hold a text: its numbers are numbers, and a text such as 1.000 may be a thousand.
    """
    if not len(cells):
        return cells, []
    file = _File(cells, table, bucket, columns=dict(cells.columns), typed=typed)
    _numbers(file, formats, documented=documented and typed is None)
    _days(file, formats)
    _truths(file)
    return replace(cells, columns=file.columns), file.problems


# ---------------------------------------------------------------------------------------------------- numbers


def _numbers(file: _File, formats: Formats, *, documented: bool) -> None:
    columns = file.of_kind("number", "whole")
    if file.typed is not None and not any(file.typed.get(column.name) for column in columns):
        return
    odd = [column for column in columns if not is_plain(file.columns[column.name])]
    if not odd and documented and formats.decimal is None:
        return
    style = number_style(
        {column.name: file.of_open(column) for column in columns},
        said=formats.decimal,
        documented=documented,
    )
    if style.open_to:
        _ask_for_decimals(file, columns, style)
        return
    for column in columns:
        _number_column(file, column, style)


def _ask_for_decimals(file: _File, columns: list[Column], style: NumberStyle) -> None:
    cell = written(style.open_to)
    assert cell is not None
    column = next(column for column in columns if style.open_to in file.columns[column.name])
    one, two = cell.value("point"), cell.value("comma")
    file.open_question(
        f"{quoted(style.open_to)} could be {one} or {two}, and no other cell of the file shows which: "
        f"{file.answer('decimal', 'point')} for {one}, or comma for {two}",
        column=column.name,
    )
    for column in columns:
        _number_column(file, column, style, quietly=True)


def _number_column(file: _File, column: Column, style: NumberStyle, *, quietly: bool = False) -> None:
    new: dict[str, str] = {}
    for text in pd.unique(file.of_open(column)):
        number = as_number(text, style.decimals, of_percent=PERCENT.get(column.unit)) if text else None
        if number is not None and number != text:
            new[text] = number
    if not new:
        return
    file.change(column, new)
    if not quietly:
        example, number = _telling(new)
        mark = "comma" if style.decimals == "comma" else "point"
        against = f"; {quoted(style.against)} is not written like that" if style.against else ""
        file.note(f"{quoted(example)} is read as {number} (decimal {mark}){against}", column=column.name)


def _telling(new: dict[str, str]) -> tuple[str, str]:
    """The longest of the texts, which shows most of how they are written, and what it is read as."""
    return max(new.items(), key=lambda pair: (len(pair[0]), pair[0]))


# ------------------------------------------------------------------------------------------- days and periods


def _days(file: _File, formats: Formats) -> None:
    columns = file.of_kind("date", "period")
    strange = {
        column.name: [
            text for text in pd.unique(file.columns[column.name]) if text and not _is_day(text, column, file)
        ]
        for column in columns
    }
    if not any(strange.values()):
        return
    style = day_style((text for texts in strange.values() for text in texts), order=formats.dates)
    if style.open_to:
        column = next(column for column in columns if style.open_to in strange[column.name])
        file.open_question(
            f"{quoted(style.open_to)} could be day/month/year or month/day/year, and no other cell of the "
            f"file shows which: {file.answer('dates', 'dmy')}, or mdy",
            column=column.name,
        )
    for column in columns:
        _day_column(file, column, strange[column.name], style)


def _is_day(text: str, column: Column, file: _File) -> bool:
    """Whether the day or period is written as scenarios write it."""
    try:
        if column.kind == "date":
            parse_date(text)
        else:
            parse_period(text, bucket=file.bucket(), day=column.day)
    except ValueError:
        return False
    return True


def _day_column(file: _File, column: Column, strange: list[str], style: DayStyle) -> None:
    if not strange:
        return
    new: dict[str, str] = {}
    of_serials = _serials(file, column)
    for text in strange:
        day = of_serials.get(text) or as_day(text, style.order)
        written = _as_written(text, day, column, file.bucket)
        if written is not None and written != text:
            new[text] = written
    if not new:
        return
    file.change(column, new)
    if style.open_to not in new:
        file.note(_day_note(new, column, style, of_serials=bool(of_serials)), column=column.name)


def _serials(file: _File, column: Column) -> dict[str, date]:
    """Excel's day numbers, where every cell of the column is one."""
    texts = [text for text in pd.unique(file.columns[column.name]) if text]
    days = {text: day for text in texts if (day := serial_day(text)) is not None}
    return days if len(days) == len(texts) else {}


def _as_written(text: str, day: date | None, column: Column, bucket: Callable[[], Bucket]) -> str | None:
    """The day or period as scenarios write it; a day in a column of periods is the first or last of one."""
    if column.kind == "date":
        return None if day is None else day.isoformat()
    if day is None:
        return read_period(text, bucket())
    return period_of(day, bucket(), any_day=column.day)


def period_of(day: date, bucket: Bucket, *, any_day: bool) -> str | None:
    """The period that the day is the first or last of; with `any_day` the day itself will do."""
    if any_day:
        return day.isoformat()
    period = pd.Period(day, freq=FREQUENCIES[bucket])
    edges = (period.start_time.date(), period.end_time.date())
    return period_label(period) if day in edges else None


def _day_note(new: dict[str, str], column: Column, style: DayStyle, *, of_serials: bool) -> str:
    example, written = _telling(new)
    day = read_day(example)
    if of_serials:
        how = f" (day numbers of Excel, counted from {DAY_ZERO:%Y-%m-%d})"
    elif day is None:
        how = ""
    else:
        order = f" ({ORDERS[style.order]})" if day.dmy != day.mdy else ""
        how = order + (", without the time of day" if day.timed else "")
    against = f"; {quoted(style.against)} is not written like that" if style.against else ""
    return f"{quoted(example)} is read as {written}{how}{against}"


# ------------------------------------------------------------------------------------------------ yes and no


def _truths(file: _File) -> None:
    """TRUE and FALSE, in the languages of spreadsheets, are yes and no."""
    for column in file.of_kind("name"):
        if column.choices != ("yes", "no"):
            continue
        texts = [text for text in pd.unique(file.columns[column.name]) if text not in ("", "yes", "no")]
        new = {text: TRUTHS[text.casefold()] for text in texts if text.casefold() in TRUTHS}
        if new:
            file.change(column, new)
            file.note(f"{quoted(next(iter(new)))} is read as {next(iter(new.values()))}", column=column.name)
