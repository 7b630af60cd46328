"""What the expressions of a mapping say in each row: texts, figures and days; nothing is left out here."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from planner.errors import Problem
from planner.scenario.importing.files import FILE, ROW, Rows
from planner.scenario.importing.mapping import Condition, Expression, Read
from planner.scenario.importing.mapping_file import MappingFile, Place
from planner.scenario.reading.cells import MAXIMUM_SHOWN
from planner.scenario.reading.recognition.columns import WAY_NAMES, dates, number_of, numbers
from planner.scenario.reading.recognition.numbers import Decimals
from planner.scenario.schema import TABLES
from planner.scenario.suggestions import did_you_mean, quoted

NUMBER_RULE = "must be a number written like 1234.5, 1,234.5 or 1.234,5"
ROUNDED: dict[str, Callable[[pd.Series], pd.Series]] = {
    "up": lambda figures: np.ceil(figures),
    "down": lambda figures: np.floor(figures),
    "nearest": lambda figures: figures.round(),
}
DATE_RULE = "must be a date, a month or a week. Say how they are written with dates"


@dataclass(frozen=True)
class Unreadable:
    """Cells of a column of the files that are no number, or no date."""

    column: str
    wrong: np.ndarray
    rule: str


@dataclass(frozen=True)
class Evaluation:
    """The rows of one read, and what was found out about them on the way."""

    rows: Rows
    read: Read
    mapping: MappingFile
    place: Place
    unreadable: list[Unreadable] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    recognised: dict[str, None] = field(default_factory=dict)
    orders: set[str] = field(default_factory=set)  # of day, month and year, where there was a choice

    @property
    def day_order(self) -> str | None:
        """The one order of day, month and year in which the files write dates; none where it is not clear."""
        return next(iter(self.orders)) if len(self.orders) == 1 else None

    def __len__(self) -> int:
        return len(self.rows.frame)

    # ------------------------------------------------------------------------------------------ columns

    def column(self, name: str, place: Place) -> pd.Series:
        """The texts of a column of the files; a problem, and blanks, where they have none of that name."""
        actual = self._actual_name(name)
        if actual is None:
            files = " and ".join(self.rows.files)
            reason = f"no such column in {files}{did_you_mean(name, self.rows.columns)}"
            problem = self.mapping.problem(reason, place, word="no_source", value=quoted(name))
            if problem not in self.problems:
                self.problems.append(problem)
            return self._constant("")
        return self.rows.frame[actual]

    def _actual_name(self, name: str) -> str | None:
        """The column of that name; upper and lower case and double spaces are alike where only one is so."""
        if name in self.rows.columns:
            return name
        alike = [one for one in self.rows.columns if one.casefold() == " ".join(name.split()).casefold()]
        return alike[0] if len(alike) == 1 else None

    def _constant(self, text: str) -> pd.Series:
        return pd.Series([text] * len(self), index=self.rows.frame.index, dtype=object)

    def _has(self, expression: Expression) -> bool:
        return expression.column is None or self._actual_name(expression.column) is not None

    def _choices(self, expression: Expression) -> Iterator[tuple[Expression, Place]]:
        """Those of the first ones that the files have; the very first where they have none."""
        options = [(one, ("first", at)) for at, one in enumerate(expression.first or ())]
        yield from [one for one in options if self._has(one[0])] or options[:1]

    # -------------------------------------------------------------------------------------------- texts

    def texts(self, expression: Expression, place: Place) -> pd.Series:
        """The text in each row, names mapped."""
        if expression.column is not None:
            values = self.column(expression.column, place)
        elif expression.value is not None:
            values = self._constant(expression.value)
        elif expression.first is not None:
            values = self._constant("")
            for one, at in self._choices(expression):
                values = values.where(values != "", self.texts(one, (*place, *at)))
        elif expression.join is not None:
            parts = [self.texts(one, (*place, "join", at)) for at, one in enumerate(expression.join)]
            values = parts[0].copy()
            for part in parts[1:]:
                before = values.where(values == "", values + expression.between)
                values = values.where(part == "", before + part)
        else:
            figures = self.figures(expression, place)
            values = figures.map(lambda figure: "" if np.isnan(figure) else f"{figure:g}").astype(object)
        if expression.zeros == "drop":
            values = values.map(lambda text: text.lstrip("0") or text).astype(object)
        return mapped(values, expression.map)

    # ------------------------------------------------------------------------------------------ figures

    def figures(self, expression: Expression, place: Place) -> pd.Series:
        """The number in each row; not-a-number where nothing stands, or nothing that is one."""
        values = self._arithmetic(expression, place)
        if values is None:
            texts = self.texts(expression, place)
            values = self._read_figures(texts, expression.column or place[-1])
        if expression.at_least is not None:
            values = values.where(~(values < expression.at_least), expression.at_least)
        return ROUNDED[expression.round](values) if expression.round is not None else values

    def _arithmetic(self, expression: Expression, place: Place) -> pd.Series | None:
        """The product, quotient, sum or difference, if it is one."""
        for way in ("multiply", "divide", "add", "subtract"):
            operands = getattr(expression, way)
            if operands:
                parts = [self.figures(one, (*place, way, at)) for at, one in enumerate(operands)]
                return _combined(way, parts)
        if expression.first is not None and not expression.map:
            figures = pd.Series(np.nan, index=self.rows.frame.index)
            for one, at in self._choices(expression):
                figures = figures.fillna(self.figures(one, (*place, *at)))
            return figures
        return None

    def _read_figures(self, texts: pd.Series, called: object) -> pd.Series:
        read = numbers(texts, self.decimal)
        if read.either:
            text = quoted(read.either)
            reason = f"{called} = {text} could be either: say decimal: point or decimal: comma"
            self._ambiguous(reason, "decimal")
        if self.decimal == "comma":
            self.recognised["decimal comma"] = None
        if read.percent:
            share = number_of(read.percent, self.decimal or "point") or 0
            text = f"{called} is written in percent: {quoted(read.percent)} is read as {share:g}"
            self.recognised[text] = None
        self.note_unreadable(called, read.unreadable, NUMBER_RULE)
        return pd.Series(np.where(read.unreadable, np.nan, read.values), index=texts.index)

    @cached_property
    def decimal(self) -> Decimals | None:
        """What stands before decimals in the files: as said, or as the columns of figures agree."""
        if self.read.decimal is not None:
            return self.read.decimal
        names = {
            actual
            for one in _expressions(self.read)
            for name in _columns_of(one)
            if (actual := self._actual_name(name)) is not None
        }
        ways = {way for name in sorted(names) if (way := _decimal_of(self.rows.frame[name]))}
        return "comma" if ways == {"comma"} else "point" if ways == {"point"} else None

    # --------------------------------------------------------------------------------------------- days

    def days(self, expression: Expression, place: Place) -> pd.Series:
        """The day in each row; months and weeks as their first."""
        texts = self.texts(expression, place)
        way = expression.dates or self.read.dates
        read = dates(texts, way)
        called = expression.column or place[-1]
        if read.either:
            reason = (
                f"{called} looks like {WAY_NAMES[read.way]}, and {quoted(read.either)} could be read in "
                f"another way: say dates: dmy, or mdy"
            )
            self._ambiguous(reason, "dates")
        elif read.way in ("dmy", "mdy"):
            self.orders.add(read.way)
        if not read.either and read.way and way is None and read.way != "ymd":
            self.recognised[f"{called} is written in {WAY_NAMES[read.way]}"] = None
        self.note_unreadable(called, read.unreadable, DATE_RULE)
        return pd.Series(read.values, index=texts.index)

    def _ambiguous(self, reason: str, entry: str) -> None:
        files = " and ".join(self.rows.files)
        problem = self.mapping.problem(f"{files}: {reason}", (*self.place, entry), word="either")
        if problem not in self.problems:
            self.problems.append(problem)

    def note_unreadable(self, called: object, wrong: np.ndarray, rule: str) -> None:
        """The cells of a column cannot be read, which matters where their rows are not left out."""
        if wrong.any():
            self.unreadable.append(Unreadable(str(called), wrong, rule))

    # --------------------------------------------------------------------------------------- conditions

    def holds(self, name: str, condition: Condition, place: Place) -> np.ndarray:
        """The rows in which the condition on the column holds."""
        texts = self.column(name, place)
        holds = np.zeros(len(self), dtype=bool)
        if condition.like is not None:
            holds |= alike(texts, condition.like, self.decimal)
        if condition.blank is not None:
            holds |= (texts == "").to_numpy() == (condition.blank == "yes")
        if condition.below is not None or condition.above is not None:
            values = numbers(texts, self.decimal).values
            within = ~np.isnan(values)
            if condition.below is not None:
                within &= values < condition.below
            if condition.above is not None:
                within &= values > condition.above
            holds |= within
        return holds

    def unread_problems(self, is_kept: np.ndarray) -> list[Problem]:
        """A problem for each cell of the kept rows that cannot be read: the first ones, and a count."""
        problems = []
        for one in self.unreadable:
            positions = np.flatnonzero(one.wrong & is_kept)
            problems += [
                self.cell_problem(at, one.column, one.rule) for at in positions[:MAXIMUM_SHOWN].tolist()
            ]
            more = len(positions) - MAXIMUM_SHOWN
            if more > 0:
                problems.append(
                    Problem(
                        f"and {more:,} more such cells",
                        file=" and ".join(self.rows.files),
                        column=one.column,
                        code="import.unread",
                    )
                )
        return problems

    def cell_problem(self, at: int, column: str, rule: str) -> Problem:
        """A problem of one cell of the files."""
        row = self.rows.frame.iloc[at]
        value = quoted(str(row[column])) if column in self.rows.columns else None
        return Problem(
            rule, file=row[FILE], row=int(row[ROW]), column=column, value=value, code="import.unread"
        )


def _combined(way: str, parts: list[pd.Series]) -> pd.Series:
    """The parts multiplied, divided, added or subtracted; of sums and differences a blank part is 0, and all
    blank is blank.
    """
    if way in ("add", "subtract"):
        filled = pd.concat(parts, axis=1).notna().any(axis=1)
        result = parts[0].fillna(0.0)
        for part in parts[1:]:
            result = result + part.fillna(0.0) if way == "add" else result - part.fillna(0.0)
        return result.where(filled)
    result = parts[0]
    for part in parts[1:]:
        result = result * part if way == "multiply" else result / part.where(part != 0)
    return result


def mapped(texts: pd.Series, names: dict[str, str | None]) -> pd.Series:
    """The texts by the names that they become; what no name or pattern matches stays."""
    if not names:
        return texts
    codes, different = pd.factorize(texts)
    patterns = {name.casefold(): new or "" for name, new in names.items()}
    return pd.Series(
        np.array([*(_mapped(text, patterns) for text in different), ""], dtype=object)[codes],
        index=texts.index,
    )


def _mapped(text: str, patterns: dict[str, str]) -> str:
    folded = text.casefold()
    if folded in patterns:
        return patterns[folded]
    return next((new for pattern, new in patterns.items() if fits(folded, pattern)), text)


def fits(text: str, pattern: str) -> bool:
    """Whether the text is the pattern, in which * stands for any letters."""
    wildcard = re.compile(".*".join(re.escape(part) for part in pattern.split("*")), re.DOTALL)
    return wildcard.fullmatch(text) is not None


def alike(texts: pd.Series, patterns: Iterable[str | None], decimal: Decimals | None) -> np.ndarray:
    """The rows whose text is one of these, whatever its case, or fits a pattern with `*`; 0 is 0.00, too."""
    codes, different = pd.factorize(texts)
    tests = [_likeness(pattern or "", decimal) for pattern in patterns]
    fitting = np.array([*(any(test(text) for test in tests) for text in different), False], dtype=bool)
    return fitting[codes]


def _likeness(pattern: str, decimal: Decimals | None) -> Callable[[str], bool]:
    folded = pattern.casefold()
    try:
        figure: float | None = float(pattern)
    except ValueError:
        figure = None

    def is_like(text: str) -> bool:
        if text.casefold() == folded or (folded and fits(text.casefold(), folded)):
            return True
        if figure is None or not text or (text.isdigit() and text[0] == "0" and len(text) > 1):
            return False  # 007 is a code
        return bool(numbers(pd.Series([text], dtype=object), decimal or "point").values[0] == figure)

    return is_like


def _expressions(read: Read) -> Iterator[Expression]:
    columns = {column.name: column for column in TABLES[read.table].columns}
    for name, expression in read.columns.items():
        if name in columns and columns[name].kind in ("number", "whole"):
            yield expression


def _columns_of(expression: Expression) -> Iterator[str]:
    if expression.column is not None:
        yield expression.column
    for way in ("first", "multiply", "divide", "add", "subtract"):
        for one in getattr(expression, way) or ():
            yield from _columns_of(one)


def _decimal_of(texts: pd.Series) -> Decimals | None:
    way = numbers(texts, None).way
    return "comma" if way == "comma" else "point" if way == "point" else None
