"""Moving averages and lines are those of statsmodels, or by hand."""

import numpy as np
from statsmodels.tsa.seasonal import seasonal_decompose

from planner.demand.series.moving_average import line, moving_average


def test_the_moving_average_is_statsmodels_trend() -> None:
    values = np.random.default_rng(2).normal(10, 1, 60)
    theirs = seasonal_decompose(values, period=12, extrapolate_trend=6).trend
    # At the far end statsmodels leaves the last point out of its line.
    assert np.allclose(moving_average(values[None], 12)[0, :54], theirs[:54])


def test_a_line_through_the_periods_asked_for() -> None:
    values = np.array([[np.nan, 5.0, 7.0, 9.0, 100.0]])  # 3 + 2 x column, but for the last
    height, slope = line(values, np.array([[True, True, True, True, False]]))
    assert (height[0], slope[0]) == (3.0, 2.0)
