"""How far a forecast may be off: spread that is no wider than the series ever moved, in the shape of its own
errors.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

from planner.demand.series.matrix import Matrix
from planner.demand.series.outlook import LEVELS

NOISE_FADING = 0.2  # of the weight of an error, from one year to the year before it
# Where little is known of the shape of errors they are Student's with 6 degrees of freedom; this many errors
# of its own count as much as that. Chosen on half of M3.
DEGREES = 6.0
LIKE_ERRORS = 60.0
# A spread is at most this many times the moves that the series has made in as many periods.
MAXIMUM_MOVED = 1.2
MINIMUM_MOVES = 6  # from which it is known how far a series moves

# Quantiles are at most 3 + 6 / n times the largest figure in n periods: of all M3 series cut to n months, one
# month in a thousand of the year after is beyond 8.3 (n = 1), 3.9 (3), 2.3 (6), 1.7 (24) times it.
REACH, SHORT_REACH = 3.0, 6.0


def recency(values: Matrix, season: int) -> Matrix:
    """Weight of each period that is known: the older, the less, by the year."""
    age = np.arange(values.shape[1])[::-1] / season
    weight: Matrix = (1 - NOISE_FADING) ** age * ~np.isnan(values)
    return weight


def recent_variance(errors: Matrix, season: int) -> Matrix:
    """Mean squared error of each series, recent years counting more."""
    weight = recency(errors, season)
    total = weight.sum(axis=1)
    mean: Matrix = (weight * np.nan_to_num(errors) ** 2).sum(axis=1) / np.where(total > 0, total, 1.0)
    return mean


def capped(variance: Matrix, values: Matrix) -> Matrix:
    """The variance of each period ahead, at most what the series moved in as many periods; that of the first
    period stays.
    """
    moved = (MAXIMUM_MOVED * _moved(values, variance.shape[1])) ** 2
    limited: Matrix = np.minimum(variance, np.maximum(moved, variance[:, :1]))
    return limited


def _moved(values: Matrix, periods: int) -> Matrix:
    """Root mean square of the moves over 1, 2, ... periods; never falling, and growing as a random walk does
    where the series is too short to show it.
    """
    moved = np.full((len(values), periods), np.inf)
    before = np.zeros(len(values))
    for ahead in range(1, periods + 1):
        moves = values[:, ahead:] - values[:, :-ahead]
        count = (~np.isnan(moves)).sum(axis=1)
        size = np.sqrt(np.nansum(moves ** 2, axis=1) / np.maximum(count, 1))
        further = before * np.sqrt(ahead / max(ahead - 1, 1))
        before = np.where(count >= max(ahead, MINIMUM_MOVES), np.maximum(size, before), further)
        moved[:, ahead - 1] = np.where(before > 0, before, np.inf)
    return moved


def error_shape(errors: Matrix) -> Matrix:
    """The LEVELS of each series' errors in units of their spread (series, level): Student's and its own, the
    latter counting more, the more of them there are.
    """
    usual = student.ppf(LEVELS, DEGREES) * np.sqrt((DEGREES - 2) / DEGREES)
    count = (~np.isnan(errors)).sum(axis=1)[:, None]
    spread = np.sqrt(np.nansum(errors ** 2, axis=1) / np.maximum(count[:, 0], 1))[:, None]
    ordered = np.sort(errors / np.where(spread > 0, spread, 1.0), axis=1)  # NaN come last
    last = np.maximum(count - 1, 0)
    place = np.clip(np.array(LEVELS) * count - 0.5, 0, last)
    low = np.floor(place).astype(np.int64)
    below, above = (np.take_along_axis(ordered, np.minimum(at, last), axis=1) for at in (low, low + 1))
    own = np.where(count > 0, below + (place - low) * (above - below), 0.0)
    shape: Matrix = (LIKE_ERRORS * usual + count * own) / (LIKE_ERRORS + count)
    return shape


def within_reach(quantiles: NDArray[np.float64], values: Matrix) -> NDArray[np.float64]:
    """The quantiles, none beyond what series have ever done against their largest figure, or against their
    median to come.
    """
    count = (~np.isnan(values)).sum(axis=1)
    largest = np.nanmax(values, axis=1)
    reach = (REACH + SHORT_REACH / count)[:, None]
    highest = reach * np.maximum(largest[:, None], quantiles[..., LEVELS.index(0.5)])
    limited: NDArray[np.float64] = np.minimum(quantiles, highest[..., None])
    return limited
