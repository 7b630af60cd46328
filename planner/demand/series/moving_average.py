"""Trend of many series at once: moving averages and straight lines.

The moving average is the one of statsmodels' `seasonal_decompose`.
"""

import numpy as np
from numpy.typing import NDArray

from planner.demand.series.matrix import Matrix

# periods of the moving average that its straight continuation at both ends is laid through, less one
EXTRAPOLATED_FROM = 6


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
