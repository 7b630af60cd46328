"""Figures far off the usual course of their series, which a forecast should not follow, are brought back
towards it; what belongs to the series stays: its season, a new level, sales that are uneven by nature.
"""

import numpy as np
from numpy.typing import NDArray

from planner.demand.series.matrix import Matrix
from planner.demand.series.moving_average import moving_average
from planner.demand.series.seasonality import Positions, Years, in_years, shrunk_season

Signs = NDArray[np.int64]

# spreads (scaled median absolute deviations) from the usual course beyond which a figure is winsorised
FARTHEST = 5.0
# spreads to which it is winsorised: on M3 with planted slips better than leaving it at the edge
WINSORISED = 1.0
NORMAL = 1.4826  # makes the median absolute deviation of normal errors their standard deviation
MINIMUM_SPREAD = 0.05  # on the log scale; a series that hardly moves would have every ripple winsorised
MINIMUM_TO_JUDGE = 6  # sales from which it can be told what is usual
MINIMUM_FOR_COURSE = 18  # periods from which trend and season are told; before, the usual is the median
SHORT_EDGE = np.log(4.0)  # how far off a figure of a shorter series is at least, before it is winsorised
SPARSE_SHARE = 0.2  # share of zeros from which a series sells now and then, and has no course
# As many figures off on the same side, and such a share of them, are how a series sells, no slips.
MANY, MANY_SHARE = 3, 0.05
WEEKS = 52
PASSES = 3  # in which the usual course is found, each with less of what lies far off


def winsorised(values: Matrix, season: int, positions: Positions | None = None) -> Matrix:
    """Figures more than five spreads off their usual course, trend and season, are brought back to one, on
    the log scale.

    Three kinds stay: neighbours that are off on the same side for more than a quarter, or up to the end, are
    a new level; figures that are off on the same side at the same time of another year are season; and many
    of them are how the series sells. Zeros are no slips. Spread is the median absolute deviation, which
    outliers do not move. Source: Hampel, The influence curve and its role in robust estimation, JASA 69
    (1974).
    """
    positions = np.arange(values.shape[1]) if positions is None else positions
    judged = np.flatnonzero((values > 0).sum(axis=1) >= MINIMUM_TO_JUDGE)
    if not len(judged):
        return values
    logs = np.log(np.where(values[judged] > 0, values[judged], np.nan))
    usual = _usual_course(logs, values[judged], season=season, positions=positions)
    middle, spread = _middle_and_spread(logs - usual)
    away = np.nan_to_num(logs - usual - middle)
    # a few units more or less are random error (Poisson)
    edge = FARTHEST * np.maximum(spread, np.exp(-usual / 2))
    short = ((~np.isnan(values[judged])).sum(axis=1) < MINIMUM_FOR_COURSE)[:, None]
    edge = np.where(short, np.maximum(edge, SHORT_EDGE), edge)
    side = (np.sign(away) * (np.abs(away) > edge)).astype(np.int64)
    leaning = (np.sign(away) * (np.abs(away) > edge / 2)).astype(np.int64)
    slip = _passing(side, season // 4) & ~_seasonal(side, leaning, season=season, positions=positions)
    slip &= ~_usual_for_it(np.where(slip, side, 0), count=(values[judged] > 0).sum(axis=1))
    cut = values.copy()
    tame = np.exp(usual + middle + side * WINSORISED / FARTHEST * edge)
    cut[judged] = np.where(slip, tame, values[judged])
    return cut


def _passing(side: Signs, longest: int) -> NDArray[np.bool_]:
    """Figures that are off alone, or with neighbours on the same side for a while at most, after which for as
    long nothing is off on that side: what lasts to the end may be a new level.
    """
    length = side.shape[1]
    run = _run_lengths(side)
    total = run + _run_lengths(side[:, ::-1])[:, ::-1] - 1
    last = np.minimum(np.arange(length) + total - run, length - 1)
    after = np.minimum(last + total, length - 1)
    rows = np.arange(len(side))[:, None]
    over = np.ones(side.shape, dtype=bool)
    for sign in (-1, 1):
        many = np.cumsum(side == sign, axis=1)
        over &= (side != sign) | ((many[rows, after] == many[rows, last]) & (last + total < length))
    passing: NDArray[np.bool_] = (side != 0) & ((total == 1) | ((total <= longest) & over))
    return passing


def _run_lengths(side: Signs) -> Signs:
    """Which figure of a run on the same side each is; 1 for the first."""
    run = np.ones(side.shape, dtype=np.int64)
    for period in range(1, side.shape[1]):
        run[:, period] = np.where(side[:, period] == side[:, period - 1], run[:, period - 1] + 1, 1)
    return run


def _seasonal(side: Signs, leaning: Signs, *, season: int, positions: Positions) -> NDArray[np.bool_]:
    """Figures that are off, where one of another year at the same time is off, too, or a third of those of
    all other years lean to that side.
    """
    off, lean, observed = (_by_year(figures, season, positions) for figures in (side, leaning, side * 0))
    years_known = (~np.isnan(observed.cells)).sum(axis=1, keepdims=True)
    seasonal_peaks = np.zeros(side.shape, dtype=bool)
    for sign in (-1, 1):
        others_off, others_lean = (_other_years(years, sign) for years in (off, lean))
        seasonal = (others_off > 0) | (others_lean * 3 >= np.maximum(years_known - 1, 1))
        seasonal_peaks |= (side == sign) & off.by_column(seasonal)
    return seasonal_peaks


def _by_year(figures: Signs, season: int, positions: Positions) -> Years:
    return in_years(figures.astype(float), season, positions)


def _other_years(years: Years, sign: int) -> NDArray[np.int64]:
    """In how many other years the same time has the sign (series, year, place); of weeks, one of the
    neighbours will do.
    """
    has = years.cells == sign
    if has.shape[2] == WEEKS:
        has = has | np.roll(has, 1, axis=2) | np.roll(has, -1, axis=2)
    others: NDArray[np.int64] = has.sum(axis=1, keepdims=True) - has
    return others


def _usual_for_it(side: Signs, *, count: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Figures of which so many are off on their side that the series sells like that."""
    usual = np.zeros(side.shape, dtype=bool)
    for sign in (-1, 1):
        many = (side == sign).sum(axis=1)
        usual |= (side == sign) & ((many >= MANY) & (many >= MANY_SHARE * count))[:, None]
    return usual


def _middle_and_spread(away: Matrix) -> tuple[Matrix, Matrix]:
    """Median and scaled median absolute deviation of each row."""
    middle = np.nanmedian(away, axis=1, keepdims=True)
    spread = NORMAL * np.nanmedian(np.abs(away - middle), axis=1, keepdims=True)
    return middle, np.maximum(spread, MINIMUM_SPREAD)


def _usual_course(logs: Matrix, values: Matrix, *, season: int, positions: Positions) -> Matrix:
    """Trend and season, found again after what lies far off has been left out, so that an outlier cannot hide
    behind them; the median of a series that is short or sells now and then.
    """
    rough = np.nanmedian(logs, axis=1, keepdims=True)
    begun = ~np.isnan(values)
    count = begun.sum(axis=1)
    steady = (count >= MINIMUM_FOR_COURSE) & ((values == 0).sum(axis=1) <= SPARSE_SHARE * count)
    course = np.where(begun, rough, np.nan)
    rows = np.flatnonzero(steady)
    for _ in range(PASSES if len(rows) else 0):
        middle, spread = _middle_and_spread(logs[rows] - course[rows])
        reach = FARTHEST / 2 * spread
        tame = course[rows] + middle + np.clip(logs[rows] - course[rows] - middle, -reach, reach)
        tame = np.where(np.isnan(tame), course[rows], tame)  # a zero says nothing about the course
        trend = moving_average(tame, season)
        trend = np.where(np.isnan(trend) & begun[rows], rough[rows], trend)
        course[rows] = trend + shrunk_season(tame, season, positions=positions).past
    return np.where(begun, course, rough)
