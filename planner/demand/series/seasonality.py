"""Season and slope of many series at once.

Series stand in the rows of a matrix, right-aligned. A season is a row of one figure per period of the cycle,
by the column's number modulo the cycle. The moving average is the one of statsmodels' `seasonal_decompose`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planner.demand.series.matrix import Matrix

# periods of the moving average that its straight continuation at both ends is laid through, less one
EXTRAPOLATED_FROM = 6
SHRINKAGE = 1.5  # times the Stein rule's; chosen on half of the M3 series


@dataclass(frozen=True)
class Season:
    """Seasonal pattern of each series (series, period of the cycle), shrunk.

    `share` is how much of the series' own pattern is believed, `variance` how uncertain each of its own
    figures is.
    """

    pattern: Matrix
    share: Matrix
    variance: Matrix

    def past(self, periods: int) -> Matrix:
        """The season of the columns 0 to `periods` - 1."""
        return self.pattern[:, np.arange(periods) % self.pattern.shape[1]]

    def coming(self, past: int, periods: int) -> Matrix:
        """The season of the `periods` columns after the first `past`."""
        return self.pattern[:, (past + np.arange(periods)) % self.pattern.shape[1]]


def shrunk_season(values: Matrix, season: int, *, usual: Matrix | float = 0.0) -> Season:
    """Each series' seasonal pattern, drawn towards the usual one the more, the less it stands out of its own
    noise (Stein).

        share = 1 - 1.5 * (cycle - 3) * variance of a figure / squared distance from the usual pattern, at
            least 0

    A series of less than two cycles has the usual pattern: its own season cannot be told from its trend.
    """
    distance = values - moving_average(values, season)
    columns, known = np.arange(values.shape[1]), ~np.isnan(distance)
    count = known.sum(axis=1)
    pattern = np.column_stack(
        [
            np.where(known[:, place::season], distance[:, place::season], 0.0).sum(axis=1)
            / np.maximum(known[:, place::season].sum(axis=1), 1)
            for place in range(season)
        ]
    )
    pattern -= pattern.mean(axis=1, keepdims=True)
    noise = np.nansum((distance - pattern[:, columns % season]) ** 2, axis=1) / np.maximum(count - season, 1)
    variance = noise * season / np.maximum(count, 1)
    away = ((pattern - usual) ** 2).sum(axis=1)
    share = np.clip(1 - SHRINKAGE * (season - 3) * variance / np.where(away > 0, away, np.inf), 0.0, 1.0)
    share = np.where(count >= 2 * season, share, 0.0)[:, None]
    return Season(usual + share * (pattern - usual), share[:, 0], variance)


def moving_average(values: Matrix, season: int) -> Matrix:
    """Mean over one cycle around each period, half weights at both ends, carried straight on to where the
    series begins and ends.

    NaN throughout for a series shorter than a cycle and a half.
    """
    half, total = season // 2, np.cumsum(np.nan_to_num(values), axis=1)
    total = np.concatenate([np.zeros((len(values), 1)), total], axis=1)
    average = np.full_like(values, np.nan)
    inside = values.shape[1] - 2 * half
    first = np.isnan(values).sum(axis=1)
    if inside <= half:
        return average
    whole = total[:, season:season + inside] - total[:, :inside]
    shifted = total[:, season + 1:season + 1 + inside] - total[:, 1:1 + inside]
    average[:, half:half + inside] = (whole + shifted) / (2 * season)
    columns = np.arange(values.shape[1])
    begin, end = first + half, np.full(len(values), values.shape[1] - half - 1)
    average[(columns < begin[:, None]) | (end - begin < half)[:, None]] = np.nan
    for near, outside in ((columns <= (begin + EXTRAPOLATED_FROM)[:, None], columns < begin[:, None]),
                          (columns >= (end - EXTRAPOLATED_FROM)[:, None], columns > end[:, None])):
        height, slope = line(average, near)
        average = np.where(outside, height[:, None] + slope[:, None] * columns, average)
    average[columns < first[:, None]] = np.nan
    return average


def line(values: Matrix, used: NDArray[np.bool_]) -> tuple[Matrix, Matrix]:
    """Height at column 0 and slope of the least-squares line through the used periods of each series; NaN
    without any.
    """
    weight = used & ~np.isnan(values)
    count = weight.sum(axis=1)
    count = np.where(count > 0, count, np.nan)
    columns, height = np.arange(values.shape[1]), np.where(weight, values, 0.0)
    middle, mean = (weight * columns).sum(axis=1) / count, height.sum(axis=1) / count
    away = np.where(weight, columns - middle[:, None], 0.0)
    spread = (away ** 2).sum(axis=1)
    slope = (away * height).sum(axis=1) / np.where(spread > 0, spread, 1.0)
    return mean - slope * middle, slope
