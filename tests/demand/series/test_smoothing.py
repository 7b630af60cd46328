"""The search finds what statsmodels confirms."""

import numpy as np
import pandas as pd
import pytest
from statsmodels.tsa.exponential_smoothing.ets import ETSModel

from planner.demand.series.ets import error_growth, point_forecast
from planner.demand.series.smoothing import (
    DAMPED_TREND,
    LEVEL,
    Fit,
    States,
    fit,
    one_step_errors,
    smooth,
)


def walks(count: int = 6, periods: int = 60) -> np.ndarray:
    """Random walks with noise, the later ones shorter."""
    random = np.random.default_rng(1)
    values = (
        10
        + np.cumsum(random.normal(0.05, 0.3, (count, periods)), axis=1)
        + random.normal(0, 0.5, (count, periods))
    )
    values[np.arange(periods) < 4 * np.arange(count)[:, None]] = np.nan
    return values


def evaluated_by_statsmodels(series: np.ndarray, found: Fit, row: int):
    """Results of statsmodels' model of one series, with the parameters and starting states that were found."""
    trend = found.structure.trend
    start = {"initial_trend": found.start.trend[row]} if trend else {}
    model = ETSModel(pd.Series(series), error="add", trend="add" if trend else None, damped_trend=trend,
                     initialization_method="known", initial_level=found.start.level[row], **start)
    return model.smooth(found.smoothing[row] if trend else found.smoothing[row, :1])


def test_simple_smoothing_by_hand() -> None:
    # level 10, smoothing .5: errors 2 (12-10), then level 11, error 1 (12-11), level 11.5; squares 4 + 1
    ten = States(np.array([[10.0]]), np.zeros((1, 1)))
    squares, end = smooth(np.array([[12.0, 12.0]]), ten, np.array([[[0.5, 0.0, 1.0]]]), LEVEL)
    assert squares[0, 0] == 5.0
    assert end.level[0, 0] == 11.5


def test_a_series_does_not_count_before_it_starts() -> None:
    late = np.array([[np.nan, np.nan, 12.0, 12.0]])
    squares, _ = smooth(
        late, States(np.array([[10.0]]), np.zeros((1, 1))), np.array([[[0.5, 0.0, 1.0]]]), LEVEL
    )
    assert squares[0, 0] == 5.0  # as above: the two NaN add nothing


@pytest.mark.parametrize("structure", [LEVEL, DAMPED_TREND])
def test_errors_states_forecast_and_growth_of_variance_are_those_of_statsmodels_results(structure) -> None:
    values = walks()
    found = fit(values, structure)
    errors, closing = one_step_errors(values, found)
    forecast, growth = point_forecast(closing, found, 12), error_growth(found, 12)
    for row in range(len(values)):
        series = values[row][~np.isnan(values[row])]
        result = evaluated_by_statsmodels(series, found, row)
        size = np.abs(series).max()
        own = errors[row][~np.isnan(errors[row])]
        assert np.allclose(result.resid, own, rtol=0, atol=1e-14 * size)
        assert abs(float(result.level.iloc[-1]) - closing.level[row]) <= 2e-15 * size
        if structure.trend:
            assert abs(float(result.slope.iloc[-1]) - closing.trend[row]) <= 2e-15 * size
        assert np.allclose(result.forecast(12), forecast[row], rtol=0, atol=1e-14 * size)
        assert np.isclose(result.sse, found.errors[row])
        expected = np.asarray(result.get_prediction(len(series), len(series) + 11).var_pred_mean)
        assert np.allclose(expected / expected[0], growth[row])


@pytest.mark.parametrize("structure", [LEVEL, DAMPED_TREND])
def test_the_search_is_nearly_as_good_as_statsmodels_own_optimiser(structure) -> None:
    values = walks(count=5)
    found = fit(values, structure)
    for row in range(len(values)):
        series = values[row][~np.isnan(values[row])]
        trend = {"trend": "add", "damped_trend": True} if structure.trend else {}
        estimated = ETSModel(series, error="add", initialization_method="estimated", **trend).fit(disp=False)
        assert found.errors[row] <= 1.06 * estimated.sse


def test_series_do_not_influence_each_other_and_keep_their_order() -> None:
    values = walks()
    together = fit(values, DAMPED_TREND)
    for row in range(len(values)):
        alone = fit(values[row:row + 1], DAMPED_TREND)
        assert np.array_equal(alone.smoothing[0], together.smoothing[row])
        assert alone.start.level[0] == pytest.approx(together.start.level[row], rel=1e-12)
