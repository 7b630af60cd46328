"""The run-rate forecast of many series: one fixed combination, and what stands in where a history is too
short or too sparse.

For a series of positive figures the season is taken off on the log scale, shrunk to what stands out of the
noise; the forecast is the mean of Theta and of exponential smoothing averaged over its structures by AICc
weights, made from periods, quarters and half-years. Choosing a winner series by series was measured to be
worse, and so was smoothing the season along.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv, ndtri

from planner.demand.series.ets import closing_states, forecast_variance, point_forecast
from planner.demand.series.matrix import Matrix
from planner.demand.series.outlook import LEVELS, Outlook
from planner.demand.series.seasonality import line, shrunk_season
from planner.demand.series.smoothing import DAMPED_TREND, LEVEL, Fit, States, fit

LEAST_FOR_SMOOTHING = 6  # with fewer periods there is nothing to smooth: the mean holds
STRUCTURES = (LEVEL, DAMPED_TREND)
SPARSE_SHARE = 0.2  # share of zeros from which a series counts as intermittent
FADING = 0.07  # of the weight of a period, from one period to the one before it, in intermittent series
UNKNOWN_SPREAD = 0.5  # spread on the log scale of a series too short to show one
# periods; twice as many widen the spread by a quarter, more by less: chosen on half of M3, cut to 18 to 48
# months
SHORT = 12.0
MOST_WIDENED = 1.6
WIDEST_MEAN = 0.7  # a wider log spread is not believed when the mean is taken: it would add more than 28 %


@dataclass(frozen=True)
class Bell:
    """Normal distributions, on the log scale or on the scale of the figures: centre and spread (series,
    period).

    `lasting` (series) is the share of a period's error that stays, `season` what the season adds to the
    centre.
    """

    centre: Matrix
    spread: Matrix
    lasting: Matrix
    season: Matrix


@dataclass(frozen=True)
class Smoothing:
    """One structure fitted to many series, and the states that they end in."""

    found: Fit
    closing: States


def forecast_series(values: Matrix, *, season: int, periods: int) -> Outlook:
    """Mean and quantiles of the coming periods of every series, each by the method that its history allows.

    `values` is right-aligned, NaN before a series begins, 0 or more after.
    """
    count = (~np.isnan(values)).sum(axis=1)
    zeros = (values == 0).sum(axis=1)
    methods = {_forecast_nothing: zeros == count,
               _forecast_short: count < LEAST_FOR_SMOOTHING,
               _forecast_positive: zeros == 0,
               _forecast_sparse: zeros > SPARSE_SHARE * count,
               _forecast_mixed: np.ones(len(values), dtype=bool)}
    found: list[tuple[NDArray[np.int64], Outlook]] = []
    left = np.ones(len(values), dtype=bool)
    for method, suits in methods.items():
        rows = np.flatnonzero(left & suits)
        left[rows] = False
        if len(rows):
            found.append((rows, method(values[rows], season, periods)))
    if not found:
        return _forecast_nothing(values, season, periods)
    places = np.argsort(np.concatenate([rows for rows, _ in found]), kind="stable")
    return Outlook.joined([outlook for _, outlook in found]).of(places).after(0)


def _forecast_nothing(values: Matrix, season: int, periods: int) -> Outlook:
    """Series without any sale: nothing is expected."""
    return Outlook.steady(
        np.zeros((len(values), periods)), np.zeros((len(values), periods, len(LEVELS))), np.zeros(len(values))
    )


def _forecast_short(values: Matrix, season: int, periods: int) -> Outlook:
    """Series of a few periods: their mean, as uncertain as UNKNOWN_SPREAD says, for it is the level that is
    not known.
    """
    mean = np.repeat(np.nanmean(values, axis=1)[:, None], periods, axis=1)
    centre = np.log(mean) - UNKNOWN_SPREAD ** 2 / 2
    return Outlook.steady(
        mean, np.exp(centre[..., None] + UNKNOWN_SPREAD * ndtri(LEVELS)), np.ones(len(values))
    )


def _forecast_positive(values: Matrix, season: int, periods: int) -> Outlook:
    """Series without zeros: the combination on the log scale, lognormal around it.

    The mean lies above the median by the noise of one period only. That far-off levels are uncertain does not
    make them higher: on M3 the mean of the full lognormal is too high by 5 % at the end of the horizon.
    """
    bell = combination(np.log(values), season=season, periods=periods)
    quantiles = np.exp(bell.centre[..., None] + bell.spread[..., None] * ndtri(LEVELS))
    mean = np.exp(bell.centre + np.minimum(bell.spread[:, :1], WIDEST_MEAN) ** 2 / 2)
    flat = mean * np.exp(-bell.season)
    return Outlook(mean, quantiles, bell.lasting, flat=flat, level=flat)


def _forecast_mixed(values: Matrix, season: int, periods: int) -> Outlook:
    """Series with a few zeros: the combination on the scale of the figures, cut off at zero."""
    bell = combination(values, season=season, periods=periods)
    quantiles = np.maximum(bell.centre[..., None] + bell.spread[..., None] * ndtri(LEVELS), 0.0)
    flat = np.maximum(bell.centre - bell.season, 0.0)
    return Outlook(np.maximum(bell.centre, 0.0), quantiles, bell.lasting, flat=flat, level=flat)


def _forecast_sparse(values: Matrix, season: int, periods: int) -> Outlook:
    """Intermittent series: how often and how much, each the mean of the past with fading weights (Teunter,
    Syntetos, Babai).

    Nothing at all sells with the chance that nothing sold; else the quantity is gamma, as uneven as past
    sales were. So what is dying fades out, which no method does that waits for the next sale.
    """
    sold = np.where(values > 0, values, np.nan)
    often, size = _fading_mean(np.where(np.isnan(values), np.nan, values > 0)), _fading_mean(sold)
    variation = np.nanstd(sold, axis=1) / np.nanmean(sold, axis=1)
    shape = 1 / np.clip(variation, 0.1, 3.0) ** 2
    above = np.clip((np.array(LEVELS) - 1 + often[:, None]) / often[:, None], 0.0, None)
    quantiles = gammaincinv(shape[:, None], above) * (size / shape)[:, None]
    return Outlook.steady(
        np.repeat((often * size)[:, None], periods, axis=1),
        np.repeat(quantiles[:, None, :], periods, axis=1),
        np.full(len(values), FADING),
    )


def _fading_mean(values: Matrix) -> Matrix:
    """Mean of each series, each period counting less than the one after it."""
    weights = (1 - FADING) ** np.arange(values.shape[1])[::-1] * ~np.isnan(values)
    mean: Matrix = (weights * np.nan_to_num(values)).sum(axis=1) / weights.sum(axis=1)
    return mean


def combination(values: Matrix, *, season: int, periods: int) -> Bell:
    """The season taken off and put back; between them Theta and weighted exponential smoothing, half each.

    Half of the weight has that forecast made from the periods, a quarter each the same made from quarters and
    half-years: coarser grain hides noise and shows the level (temporal aggregation).
    """
    middle, scale = np.nanmean(values, axis=1)[:, None], np.nanstd(values, axis=1)[:, None]
    scale = np.where(scale > 0, scale, 1.0)
    standard = (values - middle) / scale
    yearly = shrunk_season(standard, season)
    adjusted = standard - yearly.past(values.shape[1])
    estimated = (~np.isnan(values)).sum(axis=1) - yearly.share * (season - 1)
    smoothings = smoothed(adjusted)
    weighted = weighted_smoothing(smoothings, periods=periods, count=estimated)
    centre = (theta(adjusted, smoothings[0], periods=periods) + weighted.centre) / 2
    coarse = [_by_blocks(adjusted, length, periods) for length in (season // 4, season // 2)]
    coming = yearly.coming(values.shape[1], periods)
    centre = (centre + _mean_of_known(coarse, otherwise=centre)) / 2 + coming
    spread = np.sqrt(weighted.spread ** 2 + (yearly.share * yearly.variance)[:, None])
    length = (~np.isnan(values)).sum(axis=1)[:, None]
    widened = np.minimum(1 + (SHORT / length) ** 2, MOST_WIDENED)
    return Bell(centre * scale + middle, spread * scale * widened, weighted.lasting, season=coming * scale)


def _by_blocks(values: Matrix, length: int, periods: int) -> Matrix:
    """The same forecast made from means over `length` periods, each held over its periods; NaN for a series
    of too few blocks.
    """
    blocks = values.shape[1] // length
    means = values[:, values.shape[1] - blocks * length:].reshape(len(values), blocks, length).mean(axis=2)
    count = (~np.isnan(means)).sum(axis=1)
    forecast = np.full((len(values), periods), np.nan)
    rows, ahead = np.flatnonzero(count >= LEAST_FOR_SMOOTHING), -(-periods // length)
    if len(rows):
        smoothings = smoothed(means[rows])
        weighted = weighted_smoothing(smoothings, periods=ahead, count=count[rows]).centre
        coarse = (theta(means[rows], smoothings[0], periods=ahead) + weighted) / 2
        forecast[rows] = np.repeat(coarse, length, axis=1)[:, :periods]
    return forecast


def _mean_of_known(forecasts: list[Matrix], *, otherwise: Matrix) -> Matrix:
    """Mean of the forecasts that there are, series by series."""
    known = [~np.isnan(forecast) for forecast in forecasts]
    count = np.sum(known, axis=0)
    total = np.sum(
        [np.where(there, forecast, 0.0) for there, forecast in zip(known, forecasts, strict=True)], axis=0
    )
    mean: Matrix = np.where(count > 0, total / np.maximum(count, 1), otherwise)
    return mean


def smoothed(values: Matrix) -> list[Smoothing]:
    """Every structure fitted to every series, simple smoothing first."""
    fits = [fit(values, structure) for structure in STRUCTURES]
    return [Smoothing(found, closing_states(values, found)) for found in fits]


def weighted_smoothing(smoothings: list[Smoothing], *, periods: int, count: Matrix) -> Bell:
    """Exponential smoothing averaged over the structures by their AICc weights, spread between them
    included.
    """
    criteria = np.array([smoothing.found.aicc for smoothing in smoothings])
    centres = np.array(
        [point_forecast(smoothing.closing, smoothing.found, periods) for smoothing in smoothings]
    )
    variances = np.array([forecast_variance(smoothing.found, count, periods) for smoothing in smoothings])
    likelihood = np.exp(-0.5 * (criteria - criteria.min(axis=0)))
    weights = likelihood / likelihood.sum(axis=0)
    centre = np.einsum("ms,msp->sp", weights, centres)
    variance = np.einsum("ms,msp->sp", weights, variances + (centres - centre) ** 2)
    levels = np.array([smoothing.found.smoothing[:, 0] for smoothing in smoothings])
    return Bell(centre, np.sqrt(variance), (weights * levels).sum(axis=0), season=np.zeros_like(centre))


def theta(values: Matrix, simple: Smoothing, *, periods: int) -> Matrix:
    """The Theta method: simple smoothing plus half the slope of the straight line through the series."""
    _, slope = line(values, np.ones(values.shape, dtype=bool))
    level, smoothing = simple.closing.level, simple.found.smoothing[:, 0]
    count = (~np.isnan(values)).sum(axis=1)
    drift = np.arange(periods) + ((1 - (1 - smoothing) ** count) / smoothing)[:, None]
    forecast: Matrix = level[:, None] + slope[:, None] / 2 * drift
    return forecast
