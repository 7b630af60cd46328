"""Spans in which something could not be sold: what was ordered then is not what was wanted."""

from collections.abc import Hashable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.demand.runrate.history import History

MAXIMUM_CLOSED = 0.25  # share of a period's days; with more of them lost its orders no longer show the demand


def without_stockouts(history: History, stockouts: pd.DataFrame, lanes: pd.DataFrame) -> History:
    """The history with the periods missing in which something could not be sold; a gap is filled later."""
    if stockouts.empty or not history.values.size:
        return history
    length = history.values.shape[1]
    periods = pd.period_range(end=history.end, periods=length, freq=history.end.freq)
    lost = np.zeros(history.values.shape, dtype=bool)
    for row in stockouts.to_dict("records"):
        closed = _share_closed(periods, row["from"], row["to"]) > MAXIMUM_CLOSED
        lost |= _concerned(history.series, row, lanes)[:, None] & closed
    return replace(history, values=np.where(lost, np.nan, history.values))


def _concerned(series: pd.DataFrame, row: Mapping[Hashable, Any], lanes: pd.DataFrame) -> NDArray[np.bool_]:
    """The series of the row's item and market, or of the markets that only its site delivers to."""
    concerned = pd.Series(True, index=series.index)
    for name in ("item", "market"):
        concerned &= (series[name] == row[name]) | pd.isna(row[name])
    if not pd.isna(row["site"]):
        origins = lanes.groupby("destination")["origin"].agg(set)
        concerned &= series["market"].map(origins).map(lambda sites: sites == {row["site"]}).astype(bool)
    return concerned.to_numpy()


def _share_closed(
    periods: pd.PeriodIndex, first: pd.Timestamp, last: pd.Timestamp
) -> NDArray[np.float64]:
    """Share of the days of each period that lie from the first day to the last."""
    starts, ends = periods.start_time.to_numpy(), periods.end_time.normalize().to_numpy()
    until = ends[-1] if pd.isna(last) else np.datetime64(last)
    day = np.timedelta64(1, "D")
    closed = (np.minimum(ends, until) - np.maximum(starts, np.datetime64(first))) / day + 1
    return np.clip(closed / ((ends - starts) / day + 1), 0.0, 1.0)
