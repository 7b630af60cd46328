"""What statsmodels makes of the parameters found: the states that every series ends in, and what follows from
them.
"""

from typing import TYPE_CHECKING

import numpy as np

from planner.demand.series.matrix import Matrix
from planner.demand.series.smoothing import Fit, States, starts
from planner.progress import checkpoint

if TYPE_CHECKING:
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel


def closing_states(values: Matrix, found: Fit) -> States:
    """Level and trend after the last period, smoothed by statsmodels' `ETSModel` with the parameters
    found.
    """
    level, trend = np.empty(len(values)), np.zeros(len(values))
    for row, first in enumerate(starts(values)):
        checkpoint()
        states = known_model(values[row, first:], found, row).smooth(
            smoothing_parameters(found, row), return_raw=True
        )[1]
        level[row] = states[-1, 0]
        if found.structure.trend:
            trend[row] = states[-1, 1]
    return States(level, trend)


def known_model(series: Matrix, found: Fit, row: int) -> "ETSModel":
    """The statsmodels model of one series, its starting states known."""
    # a second to import: not before it is needed
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    trend = (
        {"trend": "add", "damped_trend": True, "initial_trend": found.start.trend[row]}
        if found.structure.trend
        else {}
    )
    return ETSModel(
        series, error="add", initialization_method="known", initial_level=found.start.level[row], **trend
    )


def smoothing_parameters(found: Fit, row: int) -> Matrix:
    """One series' smoothing parameters in the order in which statsmodels names them: level, trend,
    damping.
    """
    return found.smoothing[row] if found.structure.trend else found.smoothing[row, :1]


def point_forecast(states: States, found: Fit, periods: int) -> Matrix:
    """Expected values of the coming periods: level and damped trend carried forward."""
    damped = np.cumsum(found.smoothing[:, 2:3] ** np.arange(1, periods + 1), axis=1)
    return states.level[:, None] + states.trend[:, None] * damped


def forecast_variance(found: Fit, count: Matrix, periods: int) -> Matrix:
    """Variance of the error of each coming period, as the class of linear state space models has it.

        variance[h] = sigma^2 * (1 + sum over j < h of (level + trend * (damping + ... + damping^j))^2)

    `count` is how many observations there are to estimate from, less what the season has used up.
    """
    level, trend, damping = (found.smoothing[:, place:place + 1] for place in range(3))
    passed_on = level + trend * np.cumsum(damping ** np.arange(1, periods), axis=1)
    one_step = found.errors / np.maximum(count - (3 if found.structure.trend else 1), 1)
    growth = np.concatenate([np.ones((len(level), 1)), 1 + np.cumsum(passed_on ** 2, axis=1)], axis=1)
    variance: Matrix = one_step[:, None] * growth
    return variance
