"""Where every source of demand puts its figures: rows of item and market, columns of periods."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.demand.series.matrix import Matrix
from planner.scenario.calendar import Calendar


@dataclass(frozen=True)
class Grid:
    """Item and market of each row, and the calendar: where every source of demand puts its figures."""

    series: pd.DataFrame
    calendar: Calendar

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and periods."""
        return len(self.series), self.calendar.periods

    @cached_property
    def rows(self) -> pd.MultiIndex:
        """The item and market of each row, to look them up."""
        return pd.MultiIndex.from_frame(self.series[["item", "market"]])

    def row(self, pairs: pd.DataFrame) -> NDArray[np.int64]:
        """The row of each item and market."""
        if pairs.empty:
            return np.zeros(0, dtype=np.int64)
        return self.rows.get_indexer(pd.MultiIndex.from_frame(pairs[["item", "market"]]))

    def placed(self, pairs: pd.DataFrame, values: Matrix) -> Matrix:
        """The values of the given items and markets on the grid, 0 elsewhere."""
        placed = np.zeros(self.shape)
        placed[self.row(pairs)] = values
        return placed

    def frame(self, **measures: Matrix) -> pd.DataFrame:
        """Tidy frame of the measures: item, market, period, and a column each."""
        rows, periods = self.shape
        keys = self.series.iloc[np.repeat(np.arange(rows), periods)].reset_index(drop=True)
        keys["period"] = self.calendar.index.take(np.tile(np.arange(periods), rows))
        return keys.assign(**{name: values.ravel() for name, values in measures.items()})
