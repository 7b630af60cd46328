"""Sample paths: demand of all items, markets and periods at once, as it may come.

A quantile of each series is right for its own stock; added up over series it is far too much, since not all
of them come out high together. Paths keep what series have in common, and what lasts over periods.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.demand.expectation import Expectation
from planner.demand.grid import Grid
from planner.demand.runrate.history import History
from planner.demand.series.cumulated import figures_at
from planner.demand.series.matrix import Matrix

MINIMUM_PERIODS = 12  # of history, from which series show what they have in common
PRIOR_PERIODS = 12.0  # periods' worth of belief that series have nothing in common
POINTS = 1000  # paths that a quantile of a total is read from


@dataclass(frozen=True)
class Paths:
    """What paths of the forecast are drawn from, by row of the expectation: quantiles of run-rate business
    (row, period, level), the share of an error that lasts, wins of the pipeline (row, period, draw).

    `common` is the share of a series' error that all series share.
    """

    runrate: NDArray[np.float64]
    lasting: Matrix
    wins: NDArray[np.float32] | None
    common: float

    def drawn(self, count: int, *, seed: int) -> NDArray[np.float64]:
        """So many paths (row, period, path). The same seed draws the same."""
        random = np.random.default_rng([seed, 6])
        rows, periods = self.runrate.shape[:2]
        shared = self._scores(random, 1, periods, count)
        own = self._scores(random, rows, periods, count)
        scores = np.sqrt(self.common) * shared + np.sqrt(1.0 - self.common) * own
        figures = figures_at(scores, self.runrate)
        if self.wins is None:
            return figures
        return figures + self.wins[..., random.integers(0, self.wins.shape[2], count)]

    def _scores(
        self, random: np.random.Generator, rows: int, periods: int, count: int
    ) -> NDArray[np.float64]:
        """Standard normal errors (row, period, path): a part that lasts through all periods, and the rest."""
        lasting = np.sqrt(np.clip(self.lasting, 0.0, 1.0))[:, None, None]
        passing = np.sqrt(1.0 - lasting**2)
        lasts = random.standard_normal((rows, 1, count))
        passes = random.standard_normal((rows, periods, count))
        scores: NDArray[np.float64] = lasting * lasts + passing * passes
        return scores


def paths_of(expected: Expectation, history: History) -> Paths:
    """What the paths of an expectation are drawn from."""
    wins = None
    if expected.pipeline is not None:
        place = pd.MultiIndex.from_frame(expected.series)
        wins = np.zeros((*expected.runrate.shape[:2], expected.pipeline.draws.shape[2]), dtype=np.float32)
        wins[place.get_indexer(pd.MultiIndex.from_frame(expected.pipeline.series))] = expected.pipeline.draws
    return Paths(expected.runrate, expected.total.lasting, wins, common=common_share(history))


def common_share(history: History) -> float:
    """Share of the series' errors that all of them have in common, as their past shows; 0 to 1.

    Each series' figures against the same period a year before, as standard scores: were they independent, the
    mean over n series would vary by 1 / n. Drawn towards 0 by PRIOR_PERIODS.
    """
    values = history.values
    if values.shape[1] < history.season + MINIMUM_PERIODS or len(values) < 2:
        return 0.0
    with np.errstate(divide="ignore", invalid="ignore"):
        growth = np.log(values[:, history.season:] / values[:, :-history.season])
    growth = np.where(np.isfinite(growth), growth, np.nan)
    long = (~np.isnan(growth)).sum(axis=1) >= MINIMUM_PERIODS
    whole = growth[long][:, ~np.isnan(growth[long]).any(axis=0)]
    count, periods = whole.shape
    if count < 2 or periods < MINIMUM_PERIODS:
        return 0.0
    spread = whole.std(axis=1, keepdims=True)
    scores = (whole - whole.mean(axis=1, keepdims=True)) / np.where(spread > 0, spread, 1.0)
    share = (count * scores.mean(axis=0).var() - 1.0) / (count - 1.0)
    return float(np.clip(share, 0.0, 1.0) * periods / (periods + PRIOR_PERIODS))


def quantile_of_total(paths: NDArray[np.float64], mean: Matrix, level: float) -> Matrix:
    """Demand (row, period) of which the sum over all rows is at the quantile of the sum, in each period.

    The distance of the sum from its mean is shared out by how much each row moves with it, cov(row, sum) /
    var(sum): the linear conditional expectation. Source: Tasche, Risk contributions and performance
    measurement (1999), Euler's allocation.
    """
    total = paths.sum(axis=0)
    away = np.quantile(total, level, axis=-1) - total.mean(axis=-1)
    centred = total - total.mean(axis=-1, keepdims=True)
    moved = ((paths - paths.mean(axis=-1, keepdims=True)) * centred).mean(axis=-1)
    variance = (centred**2).mean(axis=-1)
    share = np.divide(moved, variance, out=np.zeros_like(moved), where=variance > 0)
    shared = np.maximum(mean + share * away, 0.0)
    target, summed = mean.sum(axis=0) + away, shared.sum(axis=0)
    scaled: Matrix = shared * np.divide(target, summed, out=np.ones_like(summed), where=summed > 0)
    return scaled


def paths_frame(paths: NDArray[np.float64], grid: Grid) -> pd.DataFrame:
    """Item, market, period, path (from 1), quantity: the paths as a tidy frame."""
    rows, periods, count = paths.shape
    keys = grid.frame().loc[np.repeat(np.arange(rows * periods), count)].reset_index(drop=True)
    return keys.assign(path=np.tile(np.arange(1, count + 1), rows * periods), quantity=paths.ravel())
