"""What is cleaned in a history before it is forecast from: gaps are filled, and every change is listed.
Orders stay as they are.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.demand.runrate.history import History
from planner.demand.series.matrix import Matrix

NO_CHANGE = 1e-9
CHANGES = ("item", "market", "period", "before", "after", "reason")


def no_changes() -> pd.DataFrame:
    """The list of changes where nothing was changed."""
    return pd.DataFrame({name: [] for name in CHANGES})


def changes_in_words(changes: pd.DataFrame) -> list[str]:
    """How much was changed, for the reader of the forecast."""
    filled, cut = ((changes["reason"] == reason).sum() for reason in ("gap", "outlier"))
    sentences = [
        f"{_counted(filled, 'gap')} filled before forecasting." if filled else "",
        f"{_counted(cut, 'figure')} winsorised before forecasting, being far off the usual course."
        if cut
        else "",
    ]
    return [f"{sentence} See cleaned.csv, or demand.cleaned." for sentence in sentences if sentence]


def _counted(number: int, noun: str) -> str:
    return (
        f"{number:,} {noun} of the history was"
        if number == 1
        else f"{number:,} {noun}s of the history were"
    )


def fill_gaps(values: Matrix, season: int) -> Matrix:
    """Missing periods have the mean of the same period a year before and after, or else what lies between
    their neighbours.
    """
    gap = np.isnan(values) & (np.cumsum(~np.isnan(values), axis=1) > 0)
    if not gap.any():
        return values
    rows, columns = np.nonzero(gap)
    around = [_shifted(values, rows, columns + step) for step in (-season, season)]
    is_known = ~np.isnan(np.array(around))
    count = np.where(is_known.any(axis=0), is_known.sum(axis=0), np.nan)
    yearly = np.where(is_known, around, 0.0).sum(axis=0) / count
    filled = values.copy()
    filled[rows, columns] = np.where(np.isnan(yearly), _between(values, rows, columns), yearly)
    return filled


def _shifted(values: Matrix, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> Matrix:
    """The figures at the places, NaN outside."""
    inside = (columns >= 0) & (columns < values.shape[1])
    return np.where(inside, values[rows, np.clip(columns, 0, values.shape[1] - 1)], np.nan)


def _between(values: Matrix, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> Matrix:
    """On the straight line between the nearest known neighbours; the last known figure at the end."""
    figures = np.empty(len(rows))
    for row in np.unique(rows):
        in_row, known_columns = rows == row, np.flatnonzero(~np.isnan(values[row]))
        figures[in_row] = np.interp(columns[in_row], known_columns, values[row, known_columns])
    return figures


def listed_changes(raw: History, *, filled: Matrix, ratio: Matrix) -> pd.DataFrame:
    """Item, market, period, before, after and reason of each gap that was filled and each figure that was cut
    back by a ratio.
    """
    gap, outlier = (
        np.isnan(raw.values) & ~np.isnan(filled),
        ~np.isnan(ratio) & (np.abs(ratio - 1) > NO_CHANGE),
    )
    rows, columns = np.nonzero(gap | outlier)
    periods = pd.period_range(end=raw.end, periods=raw.values.shape[1], freq=raw.end.freq)
    changes: pd.DataFrame = raw.series.iloc[rows][["item", "market"]].reset_index(drop=True).assign(
        period=periods.take(columns), before=raw.values[rows, columns], after=(filled * ratio)[rows, columns],
        reason=np.where(gap[rows, columns], "gap", "outlier"))
    return changes.sort_values(["item", "market", "period"], ignore_index=True)
