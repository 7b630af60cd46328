"""What is put right in a history before it is forecast from: gaps and outliers. Orders stay as they are;
changes are listed.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.demand.runrate.history import History
from planner.demand.series.matrix import Matrix
from planner.demand.series.seasonality import moving_average, shrunk_season

# spreads (scaled median absolute deviations) from the usual course beyond which a figure is cut back
FARTHEST = 5.0
TAMED = 2.5  # spreads to which it is cut back: on M3 with planted slips better than leaving it at the edge
NORMAL = 1.4826  # makes the median absolute deviation of normal errors their standard deviation
LEAST_SPREAD = 0.05  # on the log scale; a series that hardly moves would cut back every ripple
LEAST_TO_JUDGE = 18  # periods from which a usual course can be told
NO_CHANGE = 1e-9
CHANGES = ("item", "market", "period", "before", "after", "reason")


def no_changes() -> pd.DataFrame:
    """The list of changes where nothing was changed."""
    return pd.DataFrame({name: [] for name in CHANGES})


def changes_in_words(changes: pd.DataFrame) -> list[str]:
    """How much was changed, for the reader of the forecast."""
    filled, cut = ((changes["reason"] == reason).sum() for reason in ("gap", "outlier"))
    said = [
        f"{_counted(filled, 'gap')} filled before forecasting." if filled else "",
        f"{_counted(cut, 'figure')} winsorised before forecasting, being far off the usual course."
        if cut
        else "",
    ]
    return [f"{sentence} See cleaned.csv, or demand.cleaned." for sentence in said if sentence]


def _counted(number: int, thing: str) -> str:
    return (
        f"{number:,} {thing} of the history was"
        if number == 1
        else f"{number:,} {thing}s of the history were"
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
    known = ~np.isnan(np.array(around))
    yearly = np.where(known, around, 0.0).sum(axis=0) / np.where(known.any(axis=0), known.sum(axis=0), np.nan)
    filled = values.copy()
    filled[rows, columns] = np.where(np.isnan(yearly), _between(values, rows, columns), yearly)
    return filled


def _shifted(values: Matrix, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> Matrix:
    """The figures at the places, NaN outside."""
    inside = (columns >= 0) & (columns < values.shape[1])
    return np.where(inside, values[rows, np.clip(columns, 0, values.shape[1] - 1)], np.nan)


def _between(values: Matrix, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> Matrix:
    """On the straight line between the nearest known neighbours; the last known figure at the end."""
    found = np.empty(len(rows))
    for row in np.unique(rows):
        here, there = rows == row, np.flatnonzero(~np.isnan(values[row]))
        found[here] = np.interp(columns[here], there, values[row, there])
    return found


def cut_back(values: Matrix, season: int) -> Matrix:
    """Figures more than five spreads off their usual course, trend and season, are brought back to 2.5, on
    the log scale.

    Two neighbours that are off on the same side stay: that is no slip but a new level. So do the zeros of
    series that sell in some periods only. Spread is the median absolute deviation, which outliers do not
    move. Source: Hampel, The influence curve and its role in robust estimation, JASA 69 (1974).
    """
    count, zeros = (~np.isnan(values)).sum(axis=1), (values == 0).sum(axis=1)
    judged = np.flatnonzero((count >= LEAST_TO_JUDGE) & (zeros == 0))
    if not len(judged):
        return values
    logs = np.log(values[judged])
    usual = _usual_course(logs, season)
    away = logs - usual
    middle = np.nanmedian(away, axis=1, keepdims=True)
    spread = np.maximum(NORMAL * np.nanmedian(np.abs(away - middle), axis=1, keepdims=True), LEAST_SPREAD)
    edge = FARTHEST * np.maximum(spread, np.exp(-usual / 2))  # a few units more or less are luck (Poisson)
    side = np.sign(away - middle) * (np.abs(away - middle) > edge)
    padded = np.pad(side, ((0, 0), (1, 1)))
    alone = (side != 0) & (padded[:, :-2] != side) & (padded[:, 2:] != side)
    cut = values.copy()
    cut[judged] = np.where(alone, np.exp(usual + middle + side * TAMED / FARTHEST * edge), values[judged])
    return cut


def _usual_course(logs: Matrix, season: int) -> Matrix:
    """Trend and season, found again after what lies far off has been left out, so that an outlier cannot hide
    behind them.
    """
    rough = np.nanmedian(logs, axis=1, keepdims=True)
    course = np.repeat(rough, logs.shape[1], axis=1)
    for _ in range(2):
        away = logs - course
        middle = np.nanmedian(away, axis=1, keepdims=True)
        spread = np.maximum(NORMAL * np.nanmedian(np.abs(away - middle), axis=1, keepdims=True), LEAST_SPREAD)
        tame = course + middle + np.clip(away - middle, -FARTHEST / 2 * spread, FARTHEST / 2 * spread)
        trend = moving_average(tame, season)
        trend = np.where(np.isnan(trend) & ~np.isnan(logs), rough, trend)
        course = trend + shrunk_season(tame, season).past(logs.shape[1])
    return course


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
