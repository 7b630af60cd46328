"""Other figures for single cells and periods, as overrides: the smallest what-if that says them.

A row that holds for longer than its figure changes is repeated with a span, its other figures as they are.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np
import pandas as pd

from planner.scenario.columns import Table
from planner.scenario.scenario import Scenario
from planner.scenario.schema import TABLES
from planner.scenario.validity import span_numbers

Step = dict[str, Any]


@dataclass(frozen=True)
class NewFigure:
    """What a column of the row of this key is to say, in the period of this number (0: always)."""

    table: str
    key: tuple[tuple[str, str], ...]
    column: str
    value: float
    period: int = 0


def overrides_of(scenario: Scenario, figures: Iterable[NewFigure]) -> dict[str, list[Step]]:
    """The overrides that write these figures, table by table, key by key."""
    steps: dict[str, list[Step]] = {}
    ordered = sorted(figures, key=lambda one: (one.table, one.key, one.period, one.column))
    for (table, key), of_one_row in groupby(ordered, key=lambda one: (one.table, one.key)):
        by_period: dict[int, dict[str, float]] = {}
        for one in of_one_row:
            by_period.setdefault(one.period, {})[one.column] = plain(one.value)
        new_steps = Rows(scenario, TABLES[table], dict(key)).steps(by_period)
        steps.setdefault(table, []).extend(new_steps)
    return steps


def plain(value: float) -> float:
    """The figure without the last digits of a calculation, whole where it is."""
    rounded = round(value, 6)
    return int(rounded) if rounded == int(rounded) else rounded


@dataclass(frozen=True)
class Rows:
    """The rows of one key of a table."""

    scenario: Scenario
    table: Table
    key: Mapping[str, str]

    def steps(self, by_period: Mapping[int, Mapping[str, float]]) -> list[Step]:
        """The verbs that write the figures of each period (0: always)."""
        if set(by_period) == {0}:
            return [{"where": self.condition(), "set": dict(by_period[0])}]
        if "period" in self.table.keys:
            return [self._of_period(period, figures) for period, figures in by_period.items()]
        return self._spans(by_period)

    def condition(self) -> dict[str, str]:
        """What chooses the rows of the key; a blank stands for itself."""
        return {name: self.key.get(name, "") for name in self.table.keys if name != "period"}

    def _of_period(self, period: int, figures: Mapping[str, float]) -> Step:
        label = self._label(period)
        first, _, spanned = span_numbers(self._frame, self.table, self.scenario.calendar)
        if (self._mine & spanned & (first == period)).any():
            return {"where": {**self.condition(), "period": label}, "set": dict(figures)}
        return {"add": {**self.key, "period": label, **figures}}

    def _spans(self, by_period: Mapping[int, Mapping[str, float]]) -> list[Step]:
        """Rows with a span that are touched are taken out and written again, in as few pieces as say it."""
        calendar = self.scenario.calendar
        first, last, spanned = span_numbers(self._frame, self.table, calendar)
        holding: dict[int, int] = {}
        for position in np.flatnonzero(self._mine).tolist():
            for period in range(int(first[position]), int(last[position]) + 1):
                if spanned[position] or period not in holding:
                    holding[period] = position
        touched = [position for position in dict.fromkeys(holding[period] for period in by_period)
                   if spanned[position]]
        steps: list[Step] = [{"remove": {**self.condition(), **self._span_of(position)}}
                             for position in touched]
        written = [(holding[period], by_period.get(period, {}), period) for period in sorted(holding)
                   if period in by_period or holding[period] in touched]
        return [*steps, *self._pieces(written)]

    def _pieces(self, written: list[tuple[int, Mapping[str, float], int]]) -> Iterator[Step]:
        """One row for each run of periods in which the same row holds with the same figures."""
        runs: list[tuple[int, Mapping[str, float], int, int]] = []
        for position, figures, period in written:
            if runs and runs[-1][0] == position and runs[-1][1] == figures and runs[-1][3] == period - 1:
                runs[-1] = (position, figures, runs[-1][2], period)
            else:
                runs.append((position, figures, period, period))
        for position, figures, start, end in runs:
            span = {"from": self._label(start), "to": self._label(end)}
            yield {"add": {**self._cells_of(position), **span, **figures}}

    def _cells_of(self, position: int) -> dict[str, Any]:
        """What the row says, opening and closing states apart."""
        cells, row = self.scenario.written.tables[self.table.name], {}
        for column in self.table.columns:
            text = str(cells.column(column.name)[position])
            if text and not column.once and column.name not in ("from", "to"):
                is_number = column.kind in ("number", "whole")
                row[column.name] = plain(float(text)) if is_number else text
        return row

    def _span_of(self, position: int) -> dict[str, str]:
        cells = self.scenario.written.tables[self.table.name]
        return {name: str(cells.column(name)[position]) for name in ("from", "to")}

    @property
    def _frame(self) -> pd.DataFrame:
        return self.scenario[self.table.name]

    @property
    def _mine(self) -> np.ndarray:
        chosen = np.ones(len(self._frame), bool)
        for name in self.condition():
            cells = self._frame[name]
            chosen &= (cells == self.key[name]).fillna(False).to_numpy(bool) if self.key.get(name) \
                else cells.isna().to_numpy()
        return chosen

    def _label(self, period: int) -> str:
        return self.scenario.calendar.label(self.scenario.calendar.index[period - 1])
