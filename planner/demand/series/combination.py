"""The run-rate forecast of many series: one fixed combination, and what stands in where a history is too
short or too sparse.

For a series of positive figures the season is taken off on the log scale, as far as it stands out of the
noise; level and trend are carried on, the season is put back. Young series, sparse ones and those that have
fallen silent have methods of their own.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from planner.demand.series.fading_level import FadingLevel, fading_level
from planner.demand.series.level_and_trend import Course, level_and_trend
from planner.demand.series.matrix import Matrix
from planner.demand.series.outlook import LEVELS, Outlook
from planner.demand.series.ranges import capped, error_shape, recency, recent_variance, within_reach
from planner.demand.series.seasonality import Positions, Season, in_years, shrunk_season
from planner.demand.series.silence import chance_of_selling_on, fading_out, silent_periods
from planner.demand.series.sparse import forecast_sparse

SPARSE_SHARE = 0.2  # share of zeros from which a series counts as intermittent
# A series of many zeros is seasonal, not intermittent, where so much of its own season is believed, and where
# it has never sold in so long a part of the year, in one piece: what sells every quarter has a rhythm.
SEASONAL_SHARE = 0.6
CLOSED_SHARE = 1 / 3
# Up to so many periods level and spread are those of young series; from so many on those of grown ones; what
# is between has some of both. All of these were chosen on half of M3, cut to 1 to 60 months.
YOUNG, GROWN = 12, 48
USUAL_SPREAD = 0.4  # on the log scale, of one figure against the level; counts as much as
LIKE_ERRORS = 1.0  # this many errors of a young series' own
YOUNG_DRIFT = 0.1  # by which a young series' variance grows in a year
WIDENED = 8.0  # periods; n periods of history widen the spread by 1 + 8/n
SEASON_DRIFT = 0.5  # by which the variance of the season grows from one year ahead to the next
WIDEST_MEAN = 0.7  # a wider log spread is not believed when the mean is taken, but for what was seen
BELIEVED = 12.0  # periods from which it is seen by how much the mean lies above the median


@dataclass(frozen=True)
class Bell:
    """What is expected on the scale on which errors are alike: centre and spread (series, period), and the
    LEVELS of the errors in units of the spread.

    `lasting` (series) is the share of a period's error that stays, `season` what the season adds to the
    centre; `errors` are those of one period ahead. `grown` says how far the series is out of its youth, and
    `away` and `weights` how far its periods lie from the level of a young series, and how much each counts.
    """

    centre: Matrix
    spread: Matrix
    shape: Matrix
    lasting: Matrix
    season: Matrix
    errors: Matrix
    grown: Matrix
    away: Matrix
    weights: Matrix

    @property
    def quantiles(self) -> NDArray[np.float64]:
        """LEVELS of every period on the scale of the bell."""
        return self.centre[..., None] + self.spread[..., None] * self.shape[:, None, :]


def forecast_series(values: Matrix, *, season: int, periods: int,
                    positions: Positions | None = None) -> Outlook:
    """Mean and quantiles of the coming periods of every series, each by the method that its history allows.

    `values` is right-aligned, NaN before a series begins, 0 or more after. `positions` are those of its last
    columns and of the coming periods in the year, by default one after the other.
    """
    length = values.shape[1]
    positions = np.arange(length + periods) if positions is None else positions[-(length + periods):]
    silent = silent_periods(values)
    count, zeros = (~np.isnan(values)).sum(axis=1), (values == 0).sum(axis=1)
    never = zeros == count
    sparse = ~never & _sparse(values, silent, season=season, positions=positions[:length])
    outlooks = [(np.flatnonzero(never), _nothing(int(never.sum()), periods)),
                (np.flatnonzero(sparse), forecast_sparse(values[sparse], season=season, periods=periods))]
    for quiet in np.unique(silent[~never & ~sparse]):
        rows = np.flatnonzero(~never & ~sparse & (silent == quiet))
        heard = values[rows, :length - quiet]
        outlook = _from_last_sale(heard, season=season, periods=int(quiet) + periods, positions=positions)
        chance = chance_of_selling_on(values[rows], silent[rows], season=season)
        outlooks.append((rows, fading_out(outlook.after(int(quiet)), chance)))
    places = np.argsort(np.concatenate([rows for rows, _ in outlooks]), kind="stable")
    return Outlook.joined([outlook for _, outlook in outlooks]).of(places)


def _nothing(series: int, periods: int) -> Outlook:
    """Series without any sale: nothing is expected."""
    return Outlook.steady(
        np.zeros((series, periods)), np.zeros((series, periods, len(LEVELS))), np.zeros(series)
    )


def _sparse(values: Matrix, silent: NDArray[np.int64], *, season: int,
            positions: Positions) -> NDArray[np.bool_]:
    """Series that sell now and then: many zeros before their last sale that are not a matter of the season,
    or a single sale and nothing since.
    """
    count = (~np.isnan(values)).sum(axis=1) - silent
    zeros = (values == 0).sum(axis=1) - silent
    sparse: NDArray[np.bool_] = (zeros > SPARSE_SHARE * count) | ((count == 1) & (silent > 0))
    rows = np.flatnonzero(sparse & (count >= 2 * season))
    if len(rows):
        shrunk = shrunk_season(np.sqrt(values[rows]), season, positions=positions)
        closed = _longest_closed(values[rows], season, positions) >= CLOSED_SHARE * season
        sparse[rows] = ~closed | (shrunk.share < SEASONAL_SHARE)
    return sparse


def _longest_closed(values: Matrix, season: int, positions: Positions) -> NDArray[np.int64]:
    """How many periods of the year in one piece, round the turn of the year, each series never sold in."""
    sold = np.nan_to_num(in_years(values, season, positions).cells) > 0
    open_places: NDArray[np.bool_] = np.any(sold, axis=1)
    run, longest = np.zeros(len(values), dtype=np.int64), np.zeros(len(values), dtype=np.int64)
    for place in range(2 * season):
        run = np.where(open_places[:, place % season], 0, run + 1)
        longest = np.maximum(longest, run)
    return np.minimum(longest, season)


def _from_last_sale(values: Matrix, *, season: int, periods: int, positions: Positions) -> Outlook:
    """The outlook of series that sell in nearly every period, up to the last one."""
    whole = ~(values == 0).any(axis=1)
    places = np.argsort(np.concatenate([np.flatnonzero(whole), np.flatnonzero(~whole)]), kind="stable")
    parts = [method(values[rows], season=season, periods=periods, positions=positions)
             for method, rows in ((_forecast_positive, whole), (_forecast_mixed, ~whole)) if rows.any()]
    return Outlook.joined(parts).of(places)


def _forecast_positive(values: Matrix, *, season: int, periods: int, positions: Positions) -> Outlook:
    """Series without zeros: the combination on the log scale.

    The mean lies above the median by what it did in the past. That far-off levels are uncertain does not make
    them higher: on M3 the mean of the full lognormal is too high by 5 % at the end of the horizon.
    """
    logs = np.log(values)
    usual = np.full((len(values), 1), USUAL_SPREAD)
    bell = combination(logs, season=season, periods=periods, positions=positions, usual_spread=usual)
    mean = np.exp(bell.centre) * _mean_over_median(logs, bell, season)[:, None]
    flat = mean * np.exp(-bell.season)
    quantiles = within_reach(np.exp(bell.quantiles), values)
    return Outlook(mean, quantiles, bell.lasting, flat=flat, level=flat)


def _mean_over_median(logs: Matrix, bell: Bell, season: int) -> Matrix:
    """By how much the mean of each series lies above its median: by what its figures came to, against what
    was expected of them one period ahead; with few of them, more as a lognormal series of their spread has
    it.

    For young series it is the mean of their figures against the level.
    """
    weight = np.where(np.isnan(bell.errors), 0.0, recency(logs, season))
    expected = (weight * np.exp(np.nan_to_num(logs - bell.errors))).sum(axis=1)
    ratio = (weight * np.exp(np.nan_to_num(logs))).sum(axis=1) / np.where(expected > 0, expected, 1.0)
    lognormal = np.exp(np.minimum(recent_variance(bell.errors, season), WIDEST_MEAN ** 2) / 2)
    count = (~np.isnan(bell.errors)).sum(axis=1)
    old = (count * ratio + BELIEVED * lognormal) / (count + BELIEVED)
    young = (bell.weights * np.exp(np.nan_to_num(bell.away))).sum(axis=1)
    factor: Matrix = bell.grown * old + (1 - bell.grown) * young
    return factor


def _forecast_mixed(values: Matrix, *, season: int, periods: int, positions: Positions) -> Outlook:
    """Series with a few zeros: the combination on the scale of square roots, on which the noise of counts is
    even; the mean of a square lies above the square of the mean by the noise.
    """
    usual = USUAL_SPREAD / 2 * np.sqrt(np.nanmean(values, axis=1))[:, None]
    bell = combination(np.sqrt(values), season=season, periods=periods, positions=positions,
                       usual_spread=usual)
    noise = recent_variance(bell.errors, season)[:, None]
    mean = np.maximum(bell.centre, 0.0) ** 2 + noise
    flat = np.maximum(bell.centre - bell.season, 0.0) ** 2 + noise
    quantiles = within_reach(np.maximum(bell.quantiles, 0.0) ** 2, values)
    return Outlook(mean, quantiles, bell.lasting, flat=flat, level=flat)


def combination(values: Matrix, *, season: int, periods: int, positions: Positions,
                usual_spread: Matrix) -> Bell:
    """The season taken off and put back; between them level and trend: those of young series with little
    history, those of smoothing with much, and some of both between.
    """
    middle, scale = np.nanmean(values, axis=1)[:, None], np.nanstd(values, axis=1)[:, None]
    scale = np.where(scale > 0, scale, 1.0)
    length = values.shape[1]
    yearly = shrunk_season((values - middle) / scale, season, positions=positions[:length])
    adjusted = (values - middle) / scale - yearly.past
    coming = yearly.pattern[:, positions[length:length + periods] % season]
    count = (~np.isnan(values)).sum(axis=1)
    grown = np.clip((count - YOUNG) / (GROWN - YOUNG), 0.0, 1.0)
    young = fading_level(adjusted)
    course = _young_course(young, periods=periods, season=season, usual=usual_spread / scale)
    rows = np.flatnonzero(grown > 0)
    if len(rows):
        old = level_and_trend(adjusted[rows], season=season, periods=periods, used=yearly.used[rows])
        variance = _grown_variance(old, adjusted[rows], yearly, rows=rows, season=season)
        course = _joined(course, replace(old, variance=variance), rows, grown[rows])
    return Bell(
        (course.centre + coming) * scale + middle,
        np.sqrt(course.variance) * scale,
        shape=error_shape(course.errors), lasting=course.lasting, season=coming * scale,
        errors=course.errors * scale, grown=grown,
        away=(adjusted - young.level[:, None]) * scale, weights=young.weights,
    )


def _young_course(young: FadingLevel, *, periods: int, season: int, usual: Matrix) -> Course:
    """The level goes on; its spread is what was missed of the periods so far, and what is usual."""
    count = (~np.isnan(young.errors)).sum(axis=1, keepdims=True)
    missed = np.nansum(young.errors ** 2, axis=1, keepdims=True) + LIKE_ERRORS * usual ** 2
    ahead = 1 + YOUNG_DRIFT * np.arange(1, periods + 1) / season
    centre = np.repeat(young.level[:, None], periods, axis=1)
    return Course(centre, missed / (count + LIKE_ERRORS) * ahead, young.errors,
                  lasting=young.lasting)


def _grown_variance(course: Course, values: Matrix, yearly: Season, *, rows: NDArray[np.int64],
                    season: int) -> Matrix:
    """Variance of smoothing and of the season, at most as far as the series ever moved, widened for short
    ones.
    """
    years_ahead = np.arange(course.centre.shape[1]) // season
    seasonal = yearly.variance[rows, None] * (1 + SEASON_DRIFT * years_ahead)
    count = (~np.isnan(values)).sum(axis=1)[:, None]
    variance: Matrix = capped(course.variance + seasonal, values) * (1 + WIDENED / count) ** 2
    return variance


def _joined(young: Course, old: Course, rows: NDArray[np.int64], grown: Matrix) -> Course:
    """The young course, in the given rows mixed with the old one as far as these are grown."""
    def mixed(one: Matrix, other: Matrix) -> Matrix:
        share = grown.reshape(-1, *[1] * (one.ndim - 1))
        mixture = one.copy()
        mixture[rows] = (1 - share) * one[rows] + share * other
        return mixture

    errors = young.errors.copy()
    elder = rows[grown > 0.5]
    errors[elder] = old.errors[grown > 0.5]
    return Course(mixed(young.centre, old.centre), mixed(young.variance, old.variance), errors,
                  lasting=mixed(young.lasting, old.lasting))
