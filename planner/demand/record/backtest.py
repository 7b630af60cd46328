"""The record: the past forecast again, origin by origin, from nothing but what was known at the time, beside
naive methods.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.demand.record import accuracy
from planner.demand.runrate.cleaning import fill_gaps
from planner.demand.runrate.history import History
from planner.demand.series.matrix import Matrix
from planner.demand.series.outlook import LEVELS, QUANTILES
from planner.progress import checkpoint

LAGS = 3  # periods ahead that are judged one by one; the whole horizon is lag 0
WHOLE_HORIZON = 0
COLUMNS = ["level", "measure", "lag", "method", "value"]
NAIVE, QUARTERLY = "seasonal_naive", "same_month_last_quarter"
STEPS = ("run_rate", "pipeline", "promotions", "streams", "overrides")  # each with all the steps before it
AFTER_STATISTICS = ("streams", "overrides")
OURS = "planner"  # the last step: what was planned on
INTERVALS = {"coverage_80": (0.1, 0.9), "coverage_90": (0.05, 0.95), "coverage_95": (0.025, 0.975)}


@dataclass(frozen=True)
class Backtest:
    """One past forecast beside what happened: matrices (series, period), periods from `start` on.

    `history` is what it was made from, `actual` what followed, NaN where nothing has happened yet.
    `forecasts` holds those of every method: the naive ones, then ours step by step, each with all the steps
    before it.
    """

    start: pd.Period
    history: Matrix
    actual: Matrix
    forecasts: dict[str, Matrix]
    quantiles: NDArray[np.float64]

    @property
    def lags(self) -> NDArray[np.int64]:
        """How far ahead each period is."""
        return np.arange(1, self.actual.shape[1] + 1)


@dataclass(frozen=True)
class StepForecasts:
    """What was expected from a day on, on the rows of the history: every step with those before it, and
    quantiles of the last.
    """

    start: pd.Period
    steps: dict[str, Matrix]
    quantiles: NDArray[np.float64]


def past_origins(total: History, *, backtests: int | None) -> list[int]:
    """How many periods back the past is forecast from again, as long as a year of history came before.

    The last `backtests`, if that is given; else the last three, which show how steady the forecast is, and
    four a year, which let every season be judged at a fraction of the work.
    """
    usual = sorted({1, 2, 3, *(total.season * quarter // 4 for quarter in range(1, 5))})
    counts = usual if backtests is None else range(1, backtests + 1)
    return [back for back in counts if total.values.shape[1] - back >= total.season]


def replay(
    total: History, forecast: Callable[[int, int, Sequence[Backtest]], StepForecasts], backs: Sequence[int]
) -> list[Backtest]:
    """The past forecasts, latest first. `forecast(back, periods, earlier)` says what was expected `back`
    periods ago.

    `total` is what customers wanted in the end. Each looks as far ahead as anything has happened, and far
    enough to be compared with the backtest after it. `earlier` are the backtests before, of which only what
    was known then may be used.
    """
    backtests: list[Backtest] = []
    for back in sorted(backs, reverse=True):
        end = total.values.shape[1] - back
        history, periods = fill_gaps(total.values[:, :end], total.season), max(back, LAGS + 1)
        outcome = forecast(back, periods, backtests)
        actual = np.full((len(history), periods), np.nan)
        begun = np.cumsum(~np.isnan(total.values), axis=1) > 0
        actual[:, :back] = np.where(begun, total.values, 0.0)[:, end:]  # a gap is not judged
        naive = {name: accuracy.naive_forecast(history, step, periods)
                 for name, step in ((NAIVE, total.season), (QUARTERLY, total.season // 4))}
        backtests.append(Backtest(outcome.start, history, actual, forecasts=naive | outcome.steps,
                                  quantiles=outcome.quantiles))
    methods = {name for backtest in backtests for name in backtest.forecasts}
    others = sorted(methods - {NAIVE, QUARTERLY, *STEPS})
    steps = [step for step in STEPS if any(step in backtest.forecasts for backtest in backtests)]
    return [replace(backtest, forecasts=_completed(backtest.forecasts, others, steps))
            for backtest in reversed(backtests)]


def _completed(
    forecasts: Mapping[str, Matrix], streams: Sequence[str], steps: Sequence[str]
) -> dict[str, Matrix]:
    """The forecasts of every method; a step without one at an origin left the figures of the step before.

    A stream without one is taken to have agreed with the statistical forecast.
    """
    followed: dict[str, Matrix] = {}
    statistical = forecasts["run_rate"]
    for step in steps:
        followed[step] = forecasts.get(step, next(reversed(followed.values()), forecasts["run_rate"]))
        statistical = statistical if step in AFTER_STATISTICS else followed[step]
    naive = {name: forecasts[name] for name in (NAIVE, QUARTERLY)}
    return naive | {name: forecasts.get(name, statistical) for name in streams} | followed


def make_record(total: History, backtests: Sequence[Backtest], latest: StepForecasts) -> pd.DataFrame:
    """Every measure by level, lag and method, and what each step added; `latest` is today's forecast, to see
    how steady it is.

    Methods are the naive ones and our steps, `planner` being the last. Lag 0 is the whole horizon.
    """
    rows: list[tuple[str, str, int, str, float]] = []
    for level, group in _levels(total.series).items():
        judged = [backtest if group is None else _added_up(backtest, group) for backtest in backtests]
        today = (
            latest if group is None
            else StepForecasts(latest.start, _sums(latest.steps, group), latest.quantiles[:0])
        )
        for lag in (*range(1, LAGS + 1), WHOLE_HORIZON):
            checkpoint()
            rows += [
                (level, measure, lag, method, value)
                for measure, method, value in (
                    *_judged(judged, lag, season=total.season, with_quantiles=group is None),
                    *_steadiness(judged, today, lag),
                )
            ]
    record = pd.DataFrame(rows, columns=COLUMNS).astype({"lag": "int64", "value": "float64"} if rows else {})
    return record[record["value"].notna()].reset_index(drop=True) if rows else _empty()


def _empty() -> pd.DataFrame:
    """The record where the past cannot be forecast."""
    kinds = {"lag": "int64", "value": "float64"}
    return pd.DataFrame({name: pd.Series(dtype=kinds.get(name, "str")) for name in COLUMNS})


def past_forecasts(total: History, backtests: Sequence[Backtest]) -> pd.DataFrame:
    """Every past forecast beside what happened: item, market, origin, period, lag, actual, each method,
    quantiles of ours.
    """
    frames = []
    for backtest in backtests:
        judged = np.arange(0)
        if len(backtest.actual):
            judged = np.flatnonzero(~np.isnan(backtest.actual).all(axis=0))
        rows = total.series.iloc[np.repeat(np.arange(len(total.series)), len(judged))].reset_index(drop=True)
        ahead = np.tile(judged, len(total.series))
        columns = {"actual": backtest.actual} | backtest.forecasts | {
            name: backtest.quantiles[..., LEVELS.index(level)] for name, level in QUANTILES.items()}
        periods = len(backtest.lags) + 1
        calendar = pd.period_range(backtest.start - 1, periods=periods, freq=backtest.start.freq)
        frames.append(
            rows.assign(
                origin=calendar.take(np.zeros(len(rows), dtype=int)),
                period=calendar.take(ahead + 1),
                lag=ahead + 1,
                **{name: values[:, judged].ravel() for name, values in columns.items()},
            )
        )
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(
        {name: [] for name in ("item", "market", "origin", "period", "lag", "actual")})


def _levels(series: pd.DataFrame) -> dict[str, NDArray[np.int64] | None]:
    """What is judged: every series by itself, and their sums by item, by market and over all."""
    return {
        "item and market": None,
        "item": pd.factorize(series["item"])[0],
        "market": pd.factorize(series["market"])[0],
        "total": np.zeros(len(series), dtype=np.int64),
    }


def _added_up(backtest: Backtest, group: NDArray[np.int64]) -> Backtest:
    """The backtest of the groups' sums, without quantiles: they do not add up."""
    values, blank = np.nan_to_num(backtest.history), np.isnan(backtest.history)
    begun = _sum(np.where(blank, 0.0, 1.0), group) > 0
    history = np.where(begun, _sum(values, group), np.nan)
    return Backtest(backtest.start, history, _sum(backtest.actual, group),
                    forecasts=_sums(backtest.forecasts, group), quantiles=backtest.quantiles[:0])


def _sums(forecasts: Mapping[str, Matrix], group: NDArray[np.int64]) -> dict[str, Matrix]:
    return {name: _sum(values, group) for name, values in forecasts.items()}


def _sum(values: Matrix, group: NDArray[np.int64]) -> Matrix:
    """Sums of the rows of each group."""
    total = np.zeros((int(group.max()) + 1 if len(group) else 0, values.shape[1]))
    np.add.at(total, group, values)
    return total


def _judged(
    backtests: Sequence[Backtest], lag: int, *, season: int, with_quantiles: bool
) -> Iterator[tuple[str, str, float]]:
    """Measure, method and value at one lag."""
    used = [(backtest, (backtest.lags == lag) if lag else np.ones(len(backtest.lags), dtype=bool))
            for backtest in backtests]
    used = [
        (backtest, chosen & ~np.isnan(backtest.actual).all(axis=0))
        for backtest, chosen in used if len(backtest.actual)
    ]
    if not any(chosen.any() for _, chosen in used):
        return
    actual = _long(backtest.actual[:, chosen] for backtest, chosen in used)
    scale, squares = (
        _long(
            np.repeat(accuracy.naive_error(backtest.history, season, power=power), chosen.sum(), axis=1)
            for backtest, chosen in used
        )
        for power in (1, 2)
    )
    forecasts = {name: _long(backtest.forecasts[name][:, chosen] for backtest, chosen in used)
                 for name in used[0][0].forecasts}
    errors = {name: accuracy.wape(actual, values) for name, values in forecasts.items()}
    steps = [name for name in forecasts if name in STEPS]
    for name, values in (forecasts | {OURS: forecasts[steps[-1]]}).items():
        yield "wape", name, accuracy.wape(actual, values)
        yield "bias", name, accuracy.bias(actual, values)
        yield "mase", name, accuracy.mase(actual, values, scale)
        yield "rmsse", name, accuracy.rmsse(actual, values, squares)
    yield from _value_added(errors, steps)
    if lag != WHOLE_HORIZON:
        yield from _tracked(
            [(backtest.actual[:, chosen], backtest.forecasts[steps[-1]][:, chosen])
             for backtest, chosen in used]
        )
    if with_quantiles:
        quantiles = np.concatenate(
            [backtest.quantiles[:, chosen].reshape(-1, 1, len(LEVELS)) for backtest, chosen in used]
        )
        yield "pinball", OURS, accuracy.scaled_pinball(actual, quantiles, scale)
        for name, (low, high) in INTERVALS.items():
            yield (
                name,
                OURS,
                accuracy.coverage(actual, *(quantiles[..., LEVELS.index(level)] for level in (low, high))),
            )


def _long(parts: Iterator[Matrix]) -> Matrix:
    """All figures below each other."""
    return np.concatenate([part.reshape(-1, 1) for part in parts])


def _value_added(errors: dict[str, float], steps: list[str]) -> Iterator[tuple[str, str, float]]:
    """What each step takes off the error: against the naive ones, and against the step before it. Below 0 it
    does harm.

        wape of the method compared with - wape of the step

    Source: Gilliland, Forecast value added analysis, Foresight 8 (2007).
    """
    for before, step in zip([NAIVE, *steps], steps, strict=False):
        yield "step_value", step, errors[before] - errors[step]
    for step in (*steps, OURS):
        error = errors[steps[-1] if step == OURS else step]
        yield "value_added", step, errors[NAIVE] - error
        yield "value_added_to_quarter", step, errors[QUARTERLY] - error


def _tracked(judged: Sequence[tuple[Matrix, Matrix]]) -> Iterator[tuple[str, str, float]]:
    """The mean tracking signal over the series, and the share of them off track: of six forecasts, one in
    five is by chance.
    """
    actual, forecast = (np.concatenate([pair[place] for pair in judged], axis=1) for place in (0, 1))
    signals = accuracy.tracking_signals(actual, forecast)
    signals = signals[~np.isnan(signals)]
    if len(signals):
        yield "tracking_signal", OURS, float(signals.mean())
        yield "off_track", OURS, float((np.abs(signals) > accuracy.OFF_TRACK).mean())


def _steadiness(
    backtests: Sequence[Backtest], today: StepForecasts, lag: int
) -> Iterator[tuple[str, str, float]]:
    """How much the forecasts of the same periods changed from one origin to the next, at the lag of the newer
    one.
    """
    chain = [(today.start, next(reversed(today.steps.values()))),
             *((backtest.start, next(reversed(backtest.forecasts.values()))) for backtest in backtests)]
    newer, older = [], []
    for (start, new), (before, old) in pairwise(chain):
        if start.ordinal - before.ordinal != 1:
            continue
        common = min(new.shape[1], old.shape[1] - 1)
        chosen = np.arange(common) if lag == WHOLE_HORIZON else np.arange(lag - 1, min(lag, common))
        newer.append(new[:, chosen].ravel())
        older.append(old[:, chosen + 1].ravel())
    if newer and sum(map(len, newer)):
        yield "instability", OURS, accuracy.instability(np.concatenate(newer), np.concatenate(older))
