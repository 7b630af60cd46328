"""The record is made of forecasts that knew nothing of what they are held to."""

import numpy as np
import pandas as pd
import pytest

import planner
from planner.demand.accuracy import LAGS, backtest, naive_error, naive_forecast
from planner.demand.expectation import Expectation
from planner.demand.history import History
from planner.demand.runrate import LEVELS, Outlook
from tests.demand.shops import orders, shop


def told(values: np.ndarray, record_of) -> dict:
    """The record of a history whose forecasts are what `record_of(values, back)` says."""
    series = pd.DataFrame({"item": ["bike"] * len(values), "market": [f"m{row}" for row in range(len(values))]})
    total = History(series, values, pd.Period("2025-12", freq="M"), 12)

    def forecast(calendar, back):
        mean = record_of(values, back)
        spread = np.linspace(0.9, 1.1, len(LEVELS))
        return Expectation(series, {"baseline": mean}, Outlook(mean, mean[..., None] * spread), None)

    record = backtest(total, forecast, bucket="month")
    return record.set_index(["level", "measure", "lag", "method"])["value"].to_dict()


def test_a_forecast_of_what_happened_has_no_error_and_the_naive_one_has_its_own() -> None:
    values = np.arange(1.0, 37.0)[None, :]  # one more each month
    record = told(values, lambda known, back: known[:, 36 - back:36 - back + LAGS])
    assert record["total", "wape", 1, "planner"] == 0.0
    # lag 1 judges months 34, 31, 28, 25; last year's were 12 less: 48 / (34 + 31 + 28 + 25)
    assert record["total", "wape", 1, "seasonal_naive"] == pytest.approx(48 / 118)
    assert record["total", "bias", 1, "seasonal_naive"] == pytest.approx(-48 / 118)
    assert record["total", "mase", 1, "seasonal_naive"] == pytest.approx(1.0)
    assert record["total", "value_added", 1, "planner"] == pytest.approx(48 / 118)
    assert record["item and market", "coverage_80", 1, "planner"] == 1.0


def test_a_forecast_worse_than_the_naive_one_is_shown_as_worse() -> None:
    record = told(np.full((1, 36), 10.0), lambda known, back: np.full((1, LAGS), 15.0))
    assert record["total", "wape", 2, "planner"] == pytest.approx(0.5)
    assert record["total", "value_added", 2, "planner"] == pytest.approx(-0.5)  # the naive one is right
    assert record["total", "bias", 2, "planner"] == pytest.approx(0.5)
    assert record["item and market", "coverage_80", 2, "planner"] == 0.0


def test_errors_of_opposite_sign_cancel_in_the_total_only() -> None:
    record = told(np.full((2, 36), 10.0), lambda known, back: np.array([[12.0] * LAGS, [8.0] * LAGS]))
    assert record["item and market", "wape", 1, "planner"] == pytest.approx(0.2)
    assert record["total", "wape", 1, "planner"] == pytest.approx(0.0)


def test_the_naive_forecast_is_last_years_or_for_the_young_the_last_month() -> None:
    known = np.array([[*range(1, 15)], [np.nan] * 10 + [5, 6, 7, 8], [np.nan] * 14], dtype=float)
    assert naive_forecast(known, 12, 3).tolist() == [[3.0, 4.0, 5.0], [8.0] * 3, [0.0] * 3]
    assert naive_error(known, 12)[0, 0] == 12.0
    assert np.isnan(naive_error(known, 12)[1:]).all()


def test_a_short_history_has_no_record() -> None:
    assert planner.forecast(shop(order_history=orders([5.0] * 8))).record.empty


def test_the_record_does_not_know_what_it_is_held_to() -> None:
    figures = 50 + 10 * np.sin(np.arange(36) / 2)
    surprised = figures.copy()
    surprised[-1] = 500.0  # only the forecast for December is held to December
    before, after = (planner.forecast(shop(order_history=orders(history))).record for history in (figures, surprised))
    changed = before[before["value"] != after["value"]]
    assert set(changed["lag"]) == {3}
    assert "wape" in set(changed["measure"])
