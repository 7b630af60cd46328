"""The columns of a grid: the periods asked for, one by one or as quarters."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.errors import PlanError
from planner.scenario.calendar import Calendar

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Columns:
    """Each column of a grid with the positions of its periods; `all` are those of the total."""

    labels: tuple[str, ...]
    positions: tuple[tuple[int, ...], ...]
    note: str = ""

    @property
    def all(self) -> tuple[int, ...]:
        """The positions of every period shown."""
        return tuple(position for column in self.positions for position in column)

    def folded(self, values: Matrix, together: str) -> Matrix:
        """One figure for each row and column, and the total after them."""
        parts = [*self.positions, self.all]
        if together == "sum":
            return np.column_stack([values[:, list(part)].sum(axis=1) for part in parts])
        place = 0 if together == "first" else -1
        return values[:, [part[place] for part in parts]]


def columns_of(calendar: Calendar, *, start: str | None, end: str | None, quarters: bool) -> Columns:
    """The periods from `start` to `end`, or the quarters in which they lie; PlanError says what is wrong with
    them.
    """
    first, last = _number(calendar, start, "from", 1), _number(calendar, end, "to", calendar.periods)
    if first > last:
        raise PlanError(f"from = {start}, to = {end}: the first period must not be after the last")
    numbers = range(first - 1, last)
    if not quarters:
        labels = [calendar.label(calendar.index[number]) for number in numbers]
        return Columns(tuple(labels), tuple((number,) for number in numbers))
    return _quarters(calendar, numbers)


def _quarters(calendar: Calendar, numbers: Sequence[int]) -> Columns:
    """The quarters, and which of them are not whole."""
    labels = {number: quarter_label(calendar.start + number) for number in numbers}
    quarters = [(label, tuple(part)) for label, part in groupby(numbers, key=lambda number: labels[number])]
    whole = 3 if calendar.bucket == "month" else 13
    short = [f"{label} has {len(part)} {calendar.bucket}{'' if len(part) == 1 else 's'}"
             for label, part in quarters if len(part) < whole]
    note = f"Not whole quarters: {', '.join(short)}." if short else ""
    return Columns(tuple(label for label, _ in quarters), tuple(part for _, part in quarters), note)


def quarter_label(period: pd.Period) -> str:
    """The quarter in which most of the period lies, like 2026-Q1."""
    middle = period.start_time + (period.end_time - period.start_time) / 2
    return f"{middle.year}-Q{middle.quarter}"


def _number(calendar: Calendar, text: str | None, name: str, blank: int) -> int:
    if text is None:
        return blank
    try:
        period = calendar.parse(text)
    except ValueError as error:
        raise PlanError(f"{name} = {text}: {error}") from error
    number = int(calendar.number(pd.PeriodIndex([period]))[0])
    if not 1 <= number <= calendar.periods:
        raise PlanError(f"{name} = {text}: the plan has the periods {calendar.span()}")
    return number
