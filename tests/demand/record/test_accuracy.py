"""What the measures of the record are worth, each by a case whose arithmetic stands beside it."""

import numpy as np
import pandas as pd
import pytest

from planner.demand.record import accuracy
from planner.demand.record.verdict import verdict
from planner.demand.series.outlook import LEVELS

ACTUAL = np.array([[10.0, 30.0], [20.0, np.nan]])
SAID = np.array([[12.0, 27.0], [20.0, 99.0]])  # errors 2, -3, 0; the last has not happened


def test_errors_and_bias_are_shares_of_what_was_wanted() -> None:
    assert accuracy.wape(ACTUAL, SAID) == pytest.approx(5 / 60)  # (2 + 3 + 0) / (10 + 30 + 20)
    assert accuracy.bias(ACTUAL, SAID) == pytest.approx(-1 / 60)  # (2 - 3 + 0) / 60
    assert np.isnan(accuracy.wape(np.zeros((1, 2)), np.ones((1, 2))))


def test_scaled_errors_are_in_units_of_the_naive_one() -> None:
    scale = np.array([[2.0], [4.0]])
    assert accuracy.mase(ACTUAL, SAID, scale) == pytest.approx((2 / 2 + 3 / 2 + 0) / 3)
    squares = np.array([[8.0], [1.0]])
    assert accuracy.rmsse(ACTUAL, SAID, squares) == pytest.approx(np.sqrt((4 / 8 + 9 / 8 + 0) / 3))
    # one has no scale
    assert accuracy.mase(ACTUAL, SAID, np.array([[2.0], [np.nan]])) == pytest.approx((2 / 2 + 3 / 2) / 2)


def test_the_pinball_loss_charges_what_is_above_by_the_level_and_what_is_below_by_the_rest() -> None:
    flat = np.full((1, 1, len(LEVELS)), 10.0)
    above = sum(4 * level for level in LEVELS) / len(LEVELS)  # 14 happened, 4 above every quantile
    assert accuracy.scaled_pinball(np.array([[14.0]]), flat, np.array([[2.0]])) == pytest.approx(above / 2)
    lopsided = flat + 3 * (np.array(LEVELS) > 0.5)
    # 10 happened, 13 was said above the median
    below = sum(3 * (1 - level) for level in LEVELS if level > 0.5) / len(LEVELS)
    assert accuracy.scaled_pinball(np.array([[10.0]]), lopsided, np.array([[1.0]])) == pytest.approx(below)


def test_bounds_belong_to_the_interval_and_what_has_not_happened_is_not_judged() -> None:
    # 10 and 20, not 30
    assert accuracy.coverage(ACTUAL, np.full((2, 2), 10.0), np.full((2, 2), 20.0)) == pytest.approx(2 / 3)


def test_the_tracking_signal_is_the_sum_of_the_errors_in_mean_errors() -> None:
    actual = np.full((3, 6), 10.0)
    said = actual + np.array([[2.0] * 6, [2.0, -2.0] * 3, [0.0] * 6])
    assert accuracy.tracking_signals(actual, said)[:2].tolist() == [6.0, 0.0]  # always too high; balanced
    assert np.isnan(accuracy.tracking_signals(actual, said)[2])


def test_instability_is_the_change_of_the_same_forecast() -> None:
    assert accuracy.instability(np.array([10.0, 30.0]), np.array([12.0, 27.0])) == pytest.approx(5 / 40)


def test_the_naive_forecast_is_last_years_or_for_the_young_the_last_month() -> None:
    known = np.array([[*range(1, 15)], [np.nan] * 10 + [5, 6, 7, 8], [np.nan] * 14], dtype=float)
    assert accuracy.naive_forecast(known, 12, 3).tolist() == [[3.0, 4.0, 5.0], [8.0] * 3, [0.0] * 3]
    assert accuracy.naive_forecast(known, 3, 4).tolist()[:2] == [
        [12.0, 13.0, 14.0, 12.0],
        [6.0, 7.0, 8.0, 6.0],
    ]
    assert accuracy.naive_error(known, 12)[0, 0] == 12.0
    assert accuracy.naive_error(known, 12, power=2)[0, 0] == 144.0
    assert np.isnan(accuracy.naive_error(known, 12)[1:]).all()


def test_the_last_digits_of_calculating_are_no_error() -> None:
    nearly = ACTUAL * (1 + 1e-15)
    assert accuracy.wape(ACTUAL, nearly) == accuracy.bias(ACTUAL, nearly) == accuracy.instability(nearly, ACTUAL) == 0
    assert np.isnan(accuracy.tracking_signals(ACTUAL, nearly)).all()  # no errors, so no side that they are on
    assert accuracy.wape(ACTUAL, ACTUAL * 1.001) == pytest.approx(0.001)


@pytest.mark.parametrize(("ours", "year", "quarter", "judged"), [
    (0.10, 0.20, 0.30, "better than both"),
    (0.0, 0.0, 0.0, "as good as both"),
    (0.1001, 0.10, 0.30, "no better than the better of"),  # nobody would notice
    (0.20, 0.10, 0.30, "NOT better than both"),
    (0.40, 0.10, 0.30, "WORSE than both"),
])
def test_a_record_is_held_against_both_simple_methods(ours: float, year: float, quarter: float, judged: str) -> None:
    methods = {"planner": ours, "seasonal_naive": year, "same_month_last_quarter": quarter}
    record = pd.DataFrame([("total", "wape", 1, method, value) for method, value in methods.items()],
                          columns=["level", "measure", "lag", "method", "value"])
    assert f"of the demand: {judged} last year's figures" in verdict(record)[0]
