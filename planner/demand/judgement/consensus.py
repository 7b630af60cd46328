"""Consensus: forecasts of sales, marketing, finance and others beside the statistical one, weighted by how
good each has been.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.demand.grid import Grid
from planner.demand.record.backtest import NAIVE, Backtest
from planner.demand.runrate.history import History
from planner.demand.series.matrix import Matrix
from planner.scenario.scope import SCOPES, Groups, covered

Way = Literal["weighted", "equal", "none"]

STATISTICAL = "statistical"
BY_STATISTICS = ("run_rate", "pipeline", "promotions")
PRIOR_FIGURES = 12.0  # figures' worth of belief that a stream is as good as last year's figures
COLUMNS = ("item", "market", "period", "stream", "quantity", "weight")


@dataclass(frozen=True)
class Consensus:
    """The figures agreed on, and those of each stream, on the rows of a grid; `streams` has NaN where a
    stream has no figure.
    """

    agreed: Matrix
    streams: dict[str, Matrix]
    weights: dict[str, float]

    def frame(self, statistical: Matrix, grid: Grid) -> pd.DataFrame:
        """Item, market, period, stream, quantity and weight of every figure that has a say, the statistical
        one included.
        """
        anyone = (
            ~np.isnan(np.array(list(self.streams.values()))).all(axis=0)
            if self.streams
            else np.zeros(grid.shape, dtype=bool)
        )
        parts = {STATISTICAL: np.where(anyone, statistical, np.nan)} | self.streams
        frames = [
            grid.frame(quantity=values).assign(stream=name, weight=self.weights[name])
            for name, values in parts.items()
        ]
        rows = pd.concat(frames, ignore_index=True)
        keys = ["item", "market", "period"]
        rows = rows[rows["quantity"].notna()].sort_values([*keys, "stream"], ignore_index=True)
        rows["weight"] /= rows.groupby(keys)["weight"].transform("sum")
        return rows[list(COLUMNS)]


def no_streams() -> pd.DataFrame:
    """The streams where nobody but statistics has a say."""
    return pd.DataFrame({name: [] for name in COLUMNS})


def agree(
    statistical: Matrix,
    streams: pd.DataFrame,
    grid: Grid,
    *,
    groups: Groups,
    weights: Mapping[str, float],
    free: NDArray[np.bool_],
) -> Consensus:
    """The weighted mean of all that have a say about a figure; the statistical forecast where nobody else
    has.

    A figure for several items or markets is divided in proportion to the statistical forecast. A narrower
    figure beats a wider one of the same stream, and a later entry an earlier one.
    """
    scope_names, number = groups.of(grid.series), grid.calendar.number(streams["period"])
    inside = streams.assign(column=number - 1)[(number >= 1) & (number <= grid.calendar.periods)]
    by_stream = {
        str(name): _divided(rows, statistical, scope_names, free)
        for name, rows in inside.groupby("stream", sort=True)
    }
    forecasts = {STATISTICAL: statistical} | by_stream
    shares = {name: weights.get(name, 1.0) for name in forecasts}
    weighed = sum(
        np.where(np.isnan(values), 0.0, shares[name] * values) for name, values in forecasts.items()
    )
    weight = sum(np.where(np.isnan(values), 0.0, shares[name]) for name, values in forecasts.items())
    alone = np.isnan(np.array([statistical * np.nan, *by_stream.values()])).all(axis=0)
    return Consensus(np.where(alone, statistical, weighed / weight), by_stream, shares)


def _divided(
    rows: pd.DataFrame, statistical: Matrix, scope_names: Mapping[str, pd.Series], free: NDArray[np.bool_]
) -> Matrix:
    """What one stream says about each series and period; NaN where it says nothing."""
    quantities = np.full(statistical.shape, np.nan)
    wide_first = rows.assign(named=rows[SCOPES].notna().sum(axis=1)).sort_values("named", kind="stable")
    for _, scope in wide_first.groupby(SCOPES, sort=False, dropna=False):
        reached = np.flatnonzero(covered(scope.iloc[0], scope_names) & free)
        last = scope.sort_values("entered", kind="stable", na_position="first").drop_duplicates(
            "column", keep="last"
        )
        column = last["column"].to_numpy()
        base = statistical[np.ix_(reached, column)]
        total = base.sum(axis=0)
        share = np.where(total > 0, base / np.where(total > 0, total, 1.0), 1 / max(len(reached), 1))
        quantities[np.ix_(reached, column)] = last["quantity"].to_numpy() * share
    return quantities


def measured_weights(
    streams: pd.DataFrame, total: History, backtests: Sequence[Backtest], *, back: int, groups: Groups,
    way: Way,
) -> dict[str, float]:
    """Weight of each stream and of the statistical forecast: the better it has been `back` periods ago, the
    more it counts.

        weight = 1 / (error relative to last year's figures)^2, drawn towards 1 while there are few figures to
            judge

    A stream is held to what it said before a period began; the statistical forecast to past backtests, older
    than this one. Source: Bates and Granger, The combination of forecasts, Operational Research Quarterly 20
    (1969).
    """
    names = [STATISTICAL, *sorted(streams["stream"].unique())]
    if way != "weighted":
        return dict.fromkeys(names, 1.0)
    end = total.values.shape[1] - back
    errors = {STATISTICAL: _errors_of_backtests(backtests, total.end - back)}
    for name in names[1:]:
        errors[name] = _errors_of_stream(streams[streams["stream"] == name], total, end, groups)
    return {name: _weight(*errors[name]) for name in names}


def _weight(error: float, naive: float, figures: int) -> float:
    """One over the squared relative error, drawn towards 1."""
    relative = error / naive if naive > 0 else 1.0
    shrunk = (figures * relative + PRIOR_FIGURES) / (figures + PRIOR_FIGURES)
    return 1 / max(shrunk, 0.1) ** 2


def _errors_of_backtests(backtests: Sequence[Backtest], end: pd.Period) -> tuple[float, float, int]:
    """Errors of the statistical and of the naive forecast in past backtests, as far as was known by the end,
    and their number.
    """
    error, naive, figures = 0.0, 0.0, 0
    for backtest in backtests:
        passed = min(max(end.ordinal - backtest.start.ordinal + 1, 0), backtest.actual.shape[1])
        actual = backtest.actual[:, :passed]
        statistical = backtest.forecasts[
            [name for name in backtest.forecasts if name in BY_STATISTICS][-1]
        ][:, :passed]
        error += float(np.nansum(np.abs(statistical - actual)))
        naive += float(np.nansum(np.abs(backtest.forecasts[NAIVE][:, :passed] - actual)))
        figures += int((~np.isnan(actual)).sum())
    return error, naive, figures


def _errors_of_stream(
    rows: pd.DataFrame, total: History, end: int, groups: Groups
) -> tuple[float, float, int]:
    """Errors of what a stream said before each period began, and of the same period a year before, and their
    number.
    """
    first = total.end.ordinal - total.values.shape[1] + 1
    column = pd.PeriodIndex(rows["period"]).asi8 - first
    begins = pd.PeriodIndex(rows["period"]).start_time
    judged = rows.assign(column=column)[
        (rows["entered"] < begins) & (column < end) & (column >= total.season)
    ]
    scope_names, error, naive, figures = groups.of(total.series), 0.0, 0.0, 0
    for _, scope in judged.groupby(SCOPES, sort=False, dropna=False):
        sold = np.nan_to_num(total.values[covered(scope.iloc[0], scope_names)]).sum(axis=0)
        last = scope.sort_values("entered", kind="stable").drop_duplicates("column", keep="last")
        at = last["column"].to_numpy()
        error += float(np.abs(last["quantity"].to_numpy() - sold[at]).sum())
        naive += float(np.abs(sold[at - total.season] - sold[at]).sum())
        figures += len(at)
    return error, naive, figures
