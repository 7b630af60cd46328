"""Exponential smoothing of many series at once: parameters, one-step errors and closing states.

Every candidate parameter set runs over every series in one array pass. A test holds errors, closing states
and forecasts to those of statsmodels' `ETSModel` with the same parameters, to the last digits; making a model
object for each series would take most of the time of a forecast.

Series stand in the rows of a matrix, right-aligned: all end in the last column, NaN before they start. Season
has been taken off them.
"""

from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from numpy.typing import NDArray

from planner.demand.series.matrix import Matrix
from planner.demand.series.moving_average import line
from planner.progress import checkpoint

Whole = NDArray[np.int64]

LOW = np.array([1e-4, 1e-5, 0.75])  # bounds of level, trend, damping
HIGH = np.array([0.9999, 0.9999, 0.985])
REFINEMENTS = 3  # a fourth round moves M3 forecasts by less than a thousandth of their error
FIRST_STEP = np.array([1.2, 1.5, 1.0])  # on the logistic scale; halved in each round
STARTING_PERIODS = 12  # the starting line is laid through these
CELLS = 60_000  # series x candidates in one array pass: what a core's cache holds


@dataclass(frozen=True)
class Structure:
    """An exponential smoothing model with additive errors, with or without a damped trend."""

    trend: bool

    @property
    def parameters(self) -> int:
        """Free parameters: smoothing, starting states and the variance."""
        return 6 if self.trend else 3


LEVEL, DAMPED_TREND = Structure(trend=False), Structure(trend=True)


@dataclass(frozen=True)
class States:
    """Level and trend of each series, candidates along a second axis if any."""

    level: Matrix
    trend: Matrix

    def repeated(self, count: int) -> "States":
        """The same states for each of `count` candidates, in arrays of their own."""
        return States(*(np.repeat(state[:, None], count, axis=1) for state in (self.level, self.trend)))


@dataclass(frozen=True)
class Fit:
    """One structure fitted to many series: smoothing parameters (level, trend, damping) and starting
    states.
    """

    structure: Structure
    smoothing: Matrix
    start: States
    errors: Matrix  # sum of squared one-step errors
    aicc: Matrix

    @property
    def parts(self) -> tuple[Matrix, Matrix, Matrix, Matrix, Matrix]:
        """Its arrays, series by series."""
        return self.smoothing, self.start.level, self.start.trend, self.errors, self.aicc


def starts(values: Matrix) -> Whole:
    """Column in which each series begins."""
    first: Whole = np.isnan(values).sum(axis=1)
    return first


def fit(values: Matrix, structure: Structure) -> Fit:
    """The structure's best parameters for every series, searched block by block."""
    # longest first, so that the running series are a leading slice
    order = np.argsort(starts(values), kind="stable")
    size = max(1, CELLS // max(len(_grid(structure)), len(_moves(structure))))
    blocks = [
        _fit_block(values[order[first : first + size]], structure) for first in range(0, len(order), size)
    ]
    places = np.argsort(order, kind="stable")
    smoothing, level, trend, errors, aicc = (
        np.concatenate(part)[places] for part in zip(*(block.parts for block in blocks), strict=True)
    )
    return Fit(structure, smoothing, start=States(level, trend), errors=errors, aicc=aicc)


def _fit_block(values: Matrix, structure: Structure) -> Fit:
    """Coarse grid, then starting states by backcasting and a finer search around the best, in turn."""
    checkpoint()
    start, grid = _starting_states(values, structure), _grid(structure)
    errors, _ = smooth(values, start.repeated(len(grid)), grid[None], structure)
    best = errors.argmin(axis=1)
    fit = Fit(structure, grid[best], start, errors=errors[np.arange(len(best)), best],
              aicc=np.zeros(len(best)))
    for refinement in range(REFINEMENTS):
        if refinement < REFINEMENTS - 1:
            fit = _backcast(values, fit)
        fit = _refined(values, fit, FIRST_STEP * 0.5 ** refinement)
    return replace(fit, aicc=_aicc(fit.errors, (~np.isnan(values)).sum(axis=1), structure.parameters))


def _aicc(errors: Matrix, count: Whole, parameters: int) -> Matrix:
    """Corrected Akaike criterion; infinite where the series is too short for the structure."""
    room = count - parameters - 1
    tiny = np.finfo(float).tiny
    criterion = count * np.log(np.maximum(errors, tiny) / np.maximum(count, 1)) + 2 * parameters
    return np.where(room > 0, criterion + 2 * parameters * (parameters + 1) / np.maximum(room, 1), np.inf)


def _grid(structure: Structure) -> Matrix:
    """Coarse candidates (level, trend, damping)."""
    levels = (0.01, 0.06, 0.15, 0.3, 0.5, 0.75, 0.98)
    shares, dampings = ((0.01, 0.08, 0.3), (0.8, 0.9, 0.97)) if structure.trend else ((0.0,), (1.0,))
    return np.array(
        [(level, level * share, damping) for level, share, damping in product(levels, shares, dampings)]
    )


def _moves(structure: Structure) -> Matrix:
    """One step up, down or none in every parameter that the structure has."""
    return np.array(
        list(product((-1.0, 0.0, 1.0), *([(-1.0, 0.0, 1.0)] * 2 if structure.trend else [(0.0,)] * 2)))
    )


def _refined(values: Matrix, fit: Fit, step: Matrix) -> Fit:
    """Each series moves to its best neighbour."""
    inside = np.clip(fit.smoothing, LOW + 1e-6, HIGH - 1e-6)
    logit = np.log((inside - LOW) / (HIGH - inside))
    grid = LOW + (HIGH - LOW) / (1 + np.exp(-(logit[:, None, :] + _moves(fit.structure) * step)))
    if not fit.structure.trend:
        grid[..., 1:] = 0.0, 1.0
    grid[..., 1] = np.minimum(grid[..., 1], grid[..., 0])
    errors, _ = smooth(values, fit.start.repeated(grid.shape[1]), grid, fit.structure)
    rows, best = np.arange(len(values)), errors.argmin(axis=1)
    better = errors[rows, best] < fit.errors
    return replace(fit, smoothing=np.where(better[:, None], grid[rows, best], fit.smoothing),
                   errors=np.where(better, errors[rows, best], fit.errors))


def _backcast(values: Matrix, fit: Fit) -> Fit:
    """Starting states are those that the series run backwards ends in, where they fit better."""
    structure, parameters = fit.structure, fit.smoothing[:, None, :]
    _, end = smooth(values, fit.start.repeated(1), parameters, structure)
    _, begin = smooth(values, replace(end, trend=-end.trend), parameters, structure, backwards=True)
    start = States(begin.level[:, 0], -begin.trend[:, 0])
    errors = smooth(values, start.repeated(1), parameters, structure)[0][:, 0]
    better = errors < fit.errors
    better_start = States(
        np.where(better, start.level, fit.start.level), np.where(better, start.trend, fit.start.trend)
    )
    return replace(fit, start=better_start, errors=np.where(better, errors, fit.errors))


def smooth(values: Matrix, states: States, smoothing: Matrix, structure: Structure, *,
           backwards: bool = False) -> tuple[Matrix, States]:
    """Sum of squared one-step errors of every series and candidate, and the states they end in; `states` is
    used up.

    Rows must be sorted by start. `smoothing` is (series or 1, candidates, 3): level, trend, damping.
    """
    level, trend = states.level, states.trend
    for_level, for_trend, damping = (np.ascontiguousarray(smoothing[..., place]) for place in range(3))
    periods = values.shape[1]
    running = np.searchsorted(starts(values), np.arange(periods), side="right")
    squares, work = np.zeros_like(level), np.empty_like(level)
    for t in range(periods - 1, -1, -1) if backwards else range(periods):
        n = running[t]
        expected, scratch = level[:n], work[:n]
        if structure.trend:
            slope = trend[:n]
            slope *= damping[:n]
            expected += slope
        error = values[:n, t, None] - expected
        expected += np.multiply(for_level[:n], error, out=scratch)
        if structure.trend:
            slope += np.multiply(for_trend[:n], error, out=scratch)
        squares[:n] += np.multiply(error, error, out=error)
    return squares, States(level, trend)


def one_step_errors(values: Matrix, fit: Fit) -> tuple[Matrix, States]:
    """What each period was off the expectation of the period before (series, period), and the closing states.

    NaN before a series begins.
    """
    level, trend = fit.start.level.copy(), fit.start.trend.copy()
    for_level, for_trend, damping = fit.smoothing.T
    errors = np.full_like(values, np.nan)
    for t in range(values.shape[1]):
        running = ~np.isnan(values[:, t])
        slope = damping * trend
        expected = level + slope
        error = np.where(running, values[:, t] - expected, 0.0)
        errors[running, t] = error[running]
        level = np.where(running, expected + for_level * error, level)
        trend = np.where(running, slope + for_trend * error, trend)
    return errors, States(level, trend)


def _starting_states(values: Matrix, structure: Structure) -> States:
    """Level and trend of a line through the first periods: where the search begins."""
    first = starts(values)
    height, slope = line(values, np.arange(values.shape[1]) < (first + STARTING_PERIODS)[:, None])
    return States(height + slope * (first - 1), slope if structure.trend else np.zeros_like(slope))
