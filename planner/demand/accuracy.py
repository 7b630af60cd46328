"""The record: how good past forecasts were, made from nothing but what was known at the time, beside a naive one."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.demand.expectation import Expectation
from planner.demand.history import History
from planner.scenario.calendar import Calendar

Matrix = NDArray[np.float64]

LAGS = 3  # periods ahead that are judged
ORIGINS = 4  # past days that are forecast from, LAGS periods apart, so that each month is judged once
COLUMNS = ["level", "measure", "lag", "method", "value"]


@dataclass(frozen=True)
class Trial:
    """One past forecast beside what happened, by series and lag; `scale` is the naive error before the origin."""

    actual: Matrix
    forecast: Matrix
    naive: Matrix
    low: Matrix
    high: Matrix
    scale: Matrix


def backtest(total: History, forecast: Callable[[Calendar, int], Expectation], *, bucket: str) -> pd.DataFrame:
    """Error, bias, scaled error and coverage at lags 1 to 3, by series and of the total, for the forecast and for the naive one.

    `forecast(calendar, back)` expects the calendar's periods from what was known `back` periods ago; `total` is what
    customers wanted in the end. Value added is the naive error less the forecast's.
    """
    trials = list(_trials(total, forecast, bucket))
    if not trials:
        return pd.DataFrame({name: pd.Series(dtype="float64" if name == "value" else "int64" if name == "lag" else "str")
                             for name in COLUMNS})
    together = [Trial(*(getattr(trial, part).sum(axis=0, keepdims=True) for part in Trial.__annotations__)) for trial in trials]
    rows = [*_judged("item and market", _stacked(trials)), *_judged("total", _stacked(together))]
    return pd.DataFrame(rows, columns=COLUMNS)


def _trials(total: History, forecast: Callable[[Calendar, int], Expectation], bucket: str) -> Iterator[Trial]:
    """Forecasts from past origins, as long as a year of history came before them."""
    for back in range(LAGS, LAGS * ORIGINS + 1, LAGS):
        before = total.until(back)
        if before.values.shape[1] < total.season:
            return
        calendar = Calendar(before.end + 1, LAGS, "week" if bucket == "week" else "month")
        expected = forecast(calendar, back)
        row = pd.MultiIndex.from_frame(expected.series).get_indexer(pd.MultiIndex.from_frame(total.series))
        end = total.values.shape[1] - back
        actual = np.nan_to_num(total.values[:, end:end + LAGS])
        known = total.values[:, :end]
        yield Trial(actual, _picked(expected.total.mean, row), naive_forecast(known, total.season, LAGS),
                    _picked(expected.total.at(0.1), row), _picked(expected.total.at(0.9), row), naive_error(known, total.season))


def _picked(values: Matrix, row: NDArray[np.int64]) -> Matrix:
    """The values of the rows, 0 where there is no row."""
    return np.where(row[:, None] >= 0, values[np.maximum(row, 0)], 0.0) if len(values) else np.zeros((len(row), LAGS))


def naive_forecast(known: Matrix, season: int, periods: int) -> Matrix:
    """Same period a season earlier; the last period for a series that is younger; 0 for one that has not begun."""
    last = np.nan_to_num(known[:, -1])
    earlier = known[:, known.shape[1] - season + np.arange(periods) % season]
    return np.where(np.isnan(earlier), last[:, None], earlier)


def naive_error(known: Matrix, season: int) -> Matrix:
    """Mean error of the naive forecast before the origin (series, 1); NaN where there is none."""
    step = season if known.shape[1] > season else 1
    change = np.abs(known[:, step:] - known[:, :-step])
    count = (~np.isnan(change)).sum(axis=1)
    mean = np.nansum(change, axis=1) / np.where(count > 0, count, np.nan)
    return np.where(mean > 0, mean, np.nan)[:, None]


def _stacked(trials: list[Trial]) -> Trial:
    """All trials as one, their rows one after the other."""
    return Trial(*(np.concatenate([getattr(trial, part) for trial in trials]) for part in Trial.__annotations__))


def _judged(level: str, trial: Trial) -> Iterator[tuple[str, str, int, str, float]]:
    """Rows of the record for one level."""
    for lag in range(1, LAGS + 1):
        actual, size = trial.actual[:, lag - 1], trial.actual[:, lag - 1].sum()
        if size <= 0:
            continue
        errors = {"planner": trial.forecast[:, lag - 1] - actual, "seasonal_naive": trial.naive[:, lag - 1] - actual}
        for method, error in errors.items():
            yield level, "wape", lag, method, float(np.abs(error).sum() / size)
            yield level, "bias", lag, method, float(error.sum() / size)
            scaled = np.abs(error) / trial.scale[:, 0]
            if not np.isnan(scaled).all():
                yield level, "mase", lag, method, float(np.nanmean(scaled))
        worse, better = (float(np.abs(errors[method]).sum() / size) for method in ("seasonal_naive", "planner"))
        yield level, "value_added", lag, "planner", worse - better
        if level != "total":
            inside = (actual >= trial.low[:, lag - 1]) & (actual <= trial.high[:, lag - 1])
            yield level, "coverage_80", lag, "planner", float(inside.mean())
