"""What follows from exponential smoothing: expected values and how errors grow, as statsmodels' `ETSModel`
has them; a test holds both to its results.
"""

import numpy as np

from planner.demand.series.matrix import Matrix
from planner.demand.series.smoothing import Fit, States


def point_forecast(states: States, fit: Fit, periods: int) -> Matrix:
    """Expected values of the coming periods: level and damped trend carried forward."""
    damped = np.cumsum(fit.smoothing[:, 2:3] ** np.arange(1, periods + 1), axis=1)
    return states.level[:, None] + states.trend[:, None] * damped


def error_growth(fit: Fit, periods: int) -> Matrix:
    """Variance of the error of each coming period in units of the first one's, as the class of linear state
    space models has it.

        growth[h] = 1 + sum over j < h of (level + trend * (damping + ... + damping^j))^2
    """
    level, trend, damping = (fit.smoothing[:, place:place + 1] for place in range(3))
    passed_on = level + trend * np.cumsum(damping ** np.arange(1, periods), axis=1)
    first = np.ones((len(level), 1))
    growth: Matrix = np.concatenate([first, 1 + np.cumsum(passed_on ** 2, axis=1)], axis=1)
    return growth
