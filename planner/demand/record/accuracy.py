"""How good a forecast was: every measure is a function of what was said, what happened and how hard it was to
say.

Arrays are (series, period) of the past forecasts under judgement, one row for each series and origin; NaN
where nothing has happened yet. What a measure cannot judge is NaN.
"""

import numpy as np
from numpy.typing import NDArray

from planner.demand.series.matrix import Matrix
from planner.demand.series.outlook import LEVELS

# mean errors that the sum of errors may be away from zero before somebody should look (Brown)
OFF_TRACK = 4.0
# of the figure: what is nearer to it than this is right, the rest being the last digits of calculating
ROUNDING = 1e-9


def errors(actual: Matrix, forecast: Matrix) -> Matrix:
    """What was said too much; 0 where it was right but for the last digits of calculating."""
    error = forecast - actual
    return np.where(np.abs(error) <= ROUNDING * np.abs(actual), 0.0, error)


def naive_forecast(history: Matrix, season: int, periods: int) -> Matrix:
    """Same period a season earlier; the last period for a series that is younger; 0 for one that has not
    begun.

    With a quarter for a season it says: same month last quarter.
    """
    last = np.nan_to_num(history[:, -1])
    if history.shape[1] < season:
        return np.repeat(last[:, None], periods, axis=1)
    earlier = history[:, history.shape[1] - season + np.arange(periods) % season]
    return np.where(np.isnan(earlier), last[:, None], earlier)


def naive_error(history: Matrix, season: int, *, power: int = 1) -> Matrix:
    """Mean error of the naive forecast before the origin, or mean of its `power` (series, 1); NaN where there
    is none.
    """
    step = season if history.shape[1] > season else 1
    change = np.abs(history[:, step:] - history[:, :-step]) ** power
    count = (~np.isnan(change)).sum(axis=1)
    mean = np.nansum(change, axis=1) / np.where(count > 0, count, np.nan)
    return np.where(mean > 0, mean, np.nan)[:, None]


def wape(actual: Matrix, forecast: Matrix) -> float:
    """Sum of the errors, whatever their sign, as a share of what was wanted: weighted absolute percentage
    error.

        sum of |said - actual| / sum of actual

    Source: Kolassa and Schuetz, Advantages of the MAD/Mean ratio over the MAPE, Foresight 6 (2007).
    """
    return _ratio(np.nansum(np.abs(errors(actual, forecast))), np.nansum(actual))


def bias(actual: Matrix, forecast: Matrix) -> float:
    """What was said too much, as a share of what was wanted; below 0 where it was too little.

        sum of (said - actual) / sum of actual

    Source: ASCM Supply Chain Dictionary, bias.
    """
    return _ratio(np.nansum(errors(actual, forecast)), np.nansum(actual))


def mase(actual: Matrix, forecast: Matrix, scale: Matrix) -> float:
    """Mean error in units of the seasonal naive error before the origin: mean absolute scaled error.

    Source: Hyndman and Koehler, Another look at measures of forecast accuracy, IJF 22 (2006).
    """
    return _mean(np.abs(errors(actual, forecast)) / scale)


def rmsse(actual: Matrix, forecast: Matrix, squares: Matrix) -> float:
    """Root of the mean squared error in units of the squared seasonal naive error before the origin.

    The root is taken last: a mean of roots would be won by saying nothing about series that seldom sell.
    Source: Makridakis, Spiliotis and Assimakopoulos, M5 accuracy competition, IJF 38 (2022), with the season
    as step.
    """
    return float(np.sqrt(_mean(errors(actual, forecast) ** 2 / squares)))


def scaled_pinball(actual: Matrix, quantiles: NDArray[np.float64], scale: Matrix) -> float:
    """Mean loss of the quantiles in units of the seasonal naive error: what is above costs its level, what is
    below the rest.

        mean of max(level * (actual - quantile), (1 - level) * (quantile - actual)) / scale

    Source: Makridakis and others, M5 uncertainty competition, IJF 38 (2022), with the season as step.
    """
    beyond = actual[..., None] - quantiles
    levels = np.array(LEVELS)
    return _mean(np.maximum(levels * beyond, (levels - 1) * beyond).mean(axis=-1) / scale)


def coverage(actual: Matrix, low: Matrix, high: Matrix) -> float:
    """How often an interval held what happened; its bounds belong to it.

    Source: Gneiting, Balabdaoui and Raftery, Probabilistic forecasts, calibration and sharpness, JRSS B 69
    (2007).
    """
    return _mean(np.where(np.isnan(actual), np.nan, (actual >= low) & (actual <= high)))


def tracking_signals(actual: Matrix, forecast: Matrix) -> Matrix:
    """By row: sum of the errors in units of their mean size; NaN for a row without errors. Beyond 4 it is out
    of control.

        sum of (said - actual) / mean of |said - actual|

    Source: Brown, Statistical Forecasting for Inventory Control (1959).
    """
    error = errors(actual, forecast)
    count, size = (~np.isnan(error)).sum(axis=1), np.nansum(np.abs(error), axis=1)
    signal: Matrix = np.nansum(error, axis=1) * count / np.where(size > 0, size, np.nan)
    return signal


def instability(newer: Matrix, older: Matrix) -> float:
    """By how much the forecast of the same period changed from one origin to the next, as a share of it.

        sum of |newer - older| / sum of newer

    Source: Van Belle, Crevits and Verbeke, Improving forecast stability using deep learning, IJF 39 (2023),
    as a ratio of sums.
    """
    in_both = ~np.isnan(newer + older)
    return _ratio(np.abs(errors(older, newer))[in_both].sum(), newer[in_both].sum())


def _ratio(part: float, whole: float) -> float:
    return float(part / whole) if whole > 0 else float("nan")


def _mean(values: Matrix) -> float:
    """Mean of what can be judged."""
    figures = values[~np.isnan(values)]
    return float(figures.mean()) if len(figures) else float("nan")
