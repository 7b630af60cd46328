"""Level and trend of series without season, carried on: the mean of Theta and of exponential smoothing, which
is averaged over its structures by AICc weights.

Choosing a winner series by series was measured to be worse. Of months, quarters and half-years are forecast,
too: coarser grain hides noise and shows the level (temporal aggregation). Not of weeks: a level that has
moved a month ago would count for little in a quarter's mean.
"""

from dataclasses import dataclass

import numpy as np

from planner.demand.series.ets import error_growth, point_forecast
from planner.demand.series.matrix import Matrix
from planner.demand.series.moving_average import line
from planner.demand.series.ranges import recent_variance
from planner.demand.series.smoothing import DAMPED_TREND, LEVEL, Fit, States, fit, one_step_errors

MINIMUM_FOR_SMOOTHING = 6  # with fewer periods there is nothing to smooth
STRUCTURES = (LEVEL, DAMPED_TREND)
MONTHS = 12  # the cycle of months, which are forecast in blocks, too


@dataclass(frozen=True)
class Course:
    """Centre and variance of the coming periods (series, period), one-step errors of the past ones, and the
    share of an error that stays in the level.
    """

    centre: Matrix
    variance: Matrix
    errors: Matrix
    lasting: Matrix


@dataclass(frozen=True)
class Smoothing:
    """One structure fitted to many series: its one-step errors and the states that they end in."""

    found: Fit
    errors: Matrix
    closing: States


def level_and_trend(values: Matrix, *, season: int, periods: int, used: Matrix) -> Course:
    """The course of every series of at least MINIMUM_FOR_SMOOTHING periods; `used` observations went into the
    season before.

    Half of the weight has the forecast made from the periods, the other half those made from quarters and
    half-years, as far as there are enough of them.
    """
    count = (~np.isnan(values)).sum(axis=1)
    course, centre = _smoothed_course(values, season=season, periods=periods, count=count - used)
    lengths = (season // 4, season // 2) if season == MONTHS else ()
    coarse = [_by_blocks(values, length, periods) for length in lengths]
    if coarse:
        centre = (centre + _mean_of_present(coarse, otherwise=centre)) / 2
    return Course(centre, course.variance, course.errors, lasting=course.lasting)


def _smoothed_course(values: Matrix, *, season: int, periods: int, count: Matrix) -> tuple[Course, Matrix]:
    """Weighted exponential smoothing, and the mean of its centre and of Theta's."""
    fits = [fit(values, structure) for structure in STRUCTURES]
    smoothings = [Smoothing(choice, *one_step_errors(values, choice)) for choice in fits]
    course = _weighted(smoothings, season=season, periods=periods, count=count)
    return course, (_theta(values, smoothings[0], periods) + course.centre) / 2


def _weighted(smoothings: list[Smoothing], *, season: int, periods: int, count: Matrix) -> Course:
    """Exponential smoothing averaged over the structures by their AICc weights; the spread between them adds
    to the variance.
    """
    criteria = np.array([smoothing.found.aicc for smoothing in smoothings])
    likelihood = np.exp(-0.5 * (criteria - criteria.min(axis=0)))
    weights = likelihood / likelihood.sum(axis=0)
    centres = np.array([point_forecast(one.closing, one.found, periods) for one in smoothings])
    variances = np.array([_variance(one, count, season=season, periods=periods) for one in smoothings])
    centre = np.einsum("ms,msp->sp", weights, centres)
    variance = np.einsum("ms,msp->sp", weights, variances + (centres - centre) ** 2)
    errors = np.einsum("ms,msp->sp", weights, np.array([one.errors for one in smoothings]))
    levels = np.array([one.found.smoothing[:, 0] for one in smoothings])
    return Course(centre, variance, errors, lasting=(weights * levels).sum(axis=0))


def _variance(smoothing: Smoothing, count: Matrix, *, season: int, periods: int) -> Matrix:
    """Variance of the error of each coming period: recent noise, grown as smoothing passes errors on.

    `count` observations are left to estimate from, of which smoothing parameters and level take some.
    """
    observed = (~np.isnan(smoothing.errors)).sum(axis=1)
    parameters = 3 if smoothing.found.structure.trend else 1
    noise = recent_variance(smoothing.errors, season) * observed / np.maximum(count - parameters, 1)
    variance: Matrix = noise[:, None] * error_growth(smoothing.found, periods)
    return variance


def _theta(values: Matrix, simple: Smoothing, periods: int) -> Matrix:
    """The Theta method: simple smoothing plus half the slope of the straight line through the series."""
    _, slope = line(values, np.ones(values.shape, dtype=bool))
    level, smoothing = simple.closing.level, simple.found.smoothing[:, 0]
    count = (~np.isnan(values)).sum(axis=1)
    drift = np.arange(periods) + ((1 - (1 - smoothing) ** count) / smoothing)[:, None]
    forecast: Matrix = level[:, None] + slope[:, None] / 2 * drift
    return forecast


def _by_blocks(values: Matrix, length: int, periods: int) -> Matrix:
    """The same forecast made from means over `length` periods, each held over its periods; NaN for a series
    of too few blocks.
    """
    blocks = values.shape[1] // length
    means = values[:, values.shape[1] - blocks * length:].reshape(len(values), blocks, length).mean(axis=2)
    count = (~np.isnan(means)).sum(axis=1)
    forecast = np.full((len(values), periods), np.nan)
    rows, ahead = np.flatnonzero(count >= MINIMUM_FOR_SMOOTHING), -(-periods // length)
    if len(rows):
        _, coarse = _smoothed_course(means[rows], season=MONTHS // length, periods=ahead, count=count[rows])
        forecast[rows] = np.repeat(coarse, length, axis=1)[:, :periods]
    return forecast


def _mean_of_present(forecasts: list[Matrix], *, otherwise: Matrix) -> Matrix:
    """Mean of the forecasts that there are, series by series."""
    has_forecast = [~np.isnan(forecast) for forecast in forecasts]
    count = np.sum(has_forecast, axis=0)
    total = np.sum(
        [np.where(is_present, forecast, 0.0)
         for is_present, forecast in zip(has_forecast, forecasts, strict=True)],
        axis=0,
    )
    mean: Matrix = np.where(count > 0, total / np.maximum(count, 1), otherwise)
    return mean
