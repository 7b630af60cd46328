"""The record is made of forecasts that knew nothing of what they are held to, and shows every step for what
it is worth.
"""

import numpy as np
import pandas as pd
import pytest

import planner
from planner.demand.record.backtest import (
    LAGS,
    StepForecasts,
    make_record,
    past_forecasts,
    past_origins,
    replay,
)
from planner.demand.record.verdict import verdict
from planner.demand.runrate.history import History
from planner.demand.series.outlook import LEVELS
from tests.demand.shops import orders, shop


def history(values: np.ndarray) -> History:
    series = pd.DataFrame(
        {"item": ["bike"] * len(values), "market": [f"m{row}" for row in range(len(values))]}
    )
    return History(series, values, pd.Period("2025-12", freq="M"), 12)


def replayed(values: np.ndarray, record_of, *, backtests: int | None = None):
    """The past of a history whose forecasts are what `record_of(values, back, periods)` says, one matrix or
    one for each step.
    """
    total = history(values)

    def forecast(back, periods, earlier):
        steps = record_of(values, back, periods)
        steps = steps if isinstance(steps, dict) else {"run_rate": steps}
        last = list(steps.values())[-1]
        return StepForecasts(total.end - back + 1, steps, last[..., None] * np.linspace(0.9, 1.1, len(LEVELS)))

    return total, replay(total, forecast, past_origins(total, backtests=backtests)), forecast(0, LAGS, [])


def told(values: np.ndarray, record_of, *, backtests: int | None = None) -> dict:
    """The record by level, measure, lag and method."""
    record = make_record(*replayed(values, record_of, backtests=backtests))
    return record.set_index(["level", "measure", "lag", "method"])["value"].to_dict()


def truth(values: np.ndarray, back: int, periods: int) -> np.ndarray:
    coming = values[:, values.shape[1] - back:][:, :periods]
    return np.concatenate([coming, np.zeros((len(values), periods - coming.shape[1]))], axis=1)


def test_a_forecast_of_what_happened_has_no_error_and_the_naive_ones_have_their_own() -> None:
    record = told(np.arange(1.0, 37.0)[None, :], truth)  # one more each month
    for level in ("item and market", "item", "market", "total"):
        assert record[level, "wape", 1, "planner"] == 0.0
        # lag 1 is judged from 1, 2, 3, 6, 9 and 12 months back: months 36, 35, 34, 31, 28, 25; last year's
        # were 12 less
        assert record[level, "wape", 1, "seasonal_naive"] == pytest.approx(
            6 * 12 / (36 + 35 + 34 + 31 + 28 + 25)
        )
        assert record[level, "wape", 1, "same_month_last_quarter"] == pytest.approx(
            6 * 3 / (36 + 35 + 34 + 31 + 28 + 25)
        )
        assert record[level, "mase", 1, "seasonal_naive"] == pytest.approx(1.0)
        assert record[level, "rmsse", 1, "seasonal_naive"] == pytest.approx(1.0)
        assert record[level, "value_added", 1, "planner"] == pytest.approx(72 / 189)
        assert record[level, "value_added_to_quarter", 1, "planner"] == pytest.approx(18 / 189)
    assert record["item and market", "coverage_80", 1, "planner"] == 1.0
    assert record["item and market", "pinball", 1, "planner"] > 0


def test_lag_0_is_the_whole_horizon_of_every_cycle() -> None:
    record = told(np.full((1, 36), 10.0), lambda values, back, periods: 10.0 + np.arange(periods)[None, :])
    # cycles 1, 2, 3, 6, 9, 12 back see as many periods, with errors 0, 1, 2, ...: 0 + 1 + 3 + 15 + 36 + 66
    # over 10 x 33
    assert record["total", "wape", 0, "planner"] == pytest.approx(121 / 330)
    assert record["total", "wape", 3, "planner"] == pytest.approx(0.2)  # two too high


def test_a_step_that_subtracts_value_is_shown() -> None:
    def steps(values, back, periods):
        right = truth(values, back, periods)
        return {"run_rate": right + 1.0, "pipeline": right, "overrides": right + 2.0}

    record = make_record(*replayed(np.full((2, 36), 10.0), steps))
    added = record.query("level == 'total' and measure == 'step_value' and lag == 0").set_index("method")[
        "value"
    ]
    # last year's figures are right
    assert added.round(6).to_dict() == {"run_rate": -0.1, "pipeline": 0.1, "overrides": -0.2}
    said = " ".join(verdict(record))
    assert "Changing it by hand, forecast value added: WAPE 20.0 points HIGHER by item and market" in said
    assert "Adding the pipeline, forecast value added: WAPE 10.0 points lower" in said
    assert "WORSE than both" in said


def test_errors_of_opposite_sign_cancel_in_the_sums_only() -> None:
    record = told(
        np.full((2, 36), 10.0), lambda values, back, periods: np.array([[12.0] * periods, [8.0] * periods])
    )
    assert record["item and market", "wape", 1, "planner"] == pytest.approx(0.2)
    assert record["market", "wape", 1, "planner"] == pytest.approx(0.2)
    assert record["item", "wape", 1, "planner"] == pytest.approx(0.0)
    assert record["total", "wape", 1, "planner"] == pytest.approx(0.0)


def test_a_forecast_that_is_always_too_high_is_off_track() -> None:
    record = told(np.full((1, 36), 10.0), lambda values, back, periods: np.full((1, periods), 11.0))
    # six forecasts, each one too high
    assert record["total", "tracking_signal", 1, "planner"] == pytest.approx(6.0)
    assert record["total", "off_track", 1, "planner"] == 1.0
    assert record["item and market", "bias", 0, "planner"] == pytest.approx(0.1)


def test_instability_compares_forecasts_of_the_same_month_from_cycle_to_cycle() -> None:
    # said one month later, a figure is one higher: 10 + 1 for each month less that it lies ahead
    record = told(np.full((1, 36), 10.0), lambda values, back, periods: 20.0 - np.arange(periods)[None, :])
    # at lag 1: 20 where 19 was said the month before
    assert record["total", "instability", 1, "planner"] == pytest.approx(1 / 20)
    assert record["total", "instability", 3, "planner"] == pytest.approx(1 / 18)
    steady = told(np.full((1, 36), 10.0), lambda values, back, periods: np.full((1, periods), 12.0))
    assert steady["total", "instability", 0, "planner"] == 0.0


def test_as_many_cycles_as_asked_for_and_none_without_a_year_before() -> None:
    assert past_origins(history(np.ones((1, 40))), backtests=None) == [1, 2, 3, 6, 9, 12]
    assert past_origins(history(np.ones((1, 40))), backtests=5) == [1, 2, 3, 4, 5]
    assert past_origins(history(np.ones((1, 14))), backtests=None) == [1, 2]
    assert past_origins(history(np.ones((1, 40))), backtests=0) == []


def test_every_past_forecast_is_on_file() -> None:
    total, backtests, _ = replayed(np.arange(1.0, 37.0)[None, :], truth, backtests=2)
    filed = past_forecasts(total, backtests)
    assert filed[["item", "market", "lag", "actual", "seasonal_naive", "run_rate"]].values.tolist() == [
        ["bike", "m0", 1, 36.0, 24.0, 36.0],
        ["bike", "m0", 1, 35.0, 23.0, 35.0],
        ["bike", "m0", 2, 36.0, 24.0, 36.0],
    ]
    assert filed["origin"].astype(str).tolist() == ["2025-11", "2025-10", "2025-10"]
    assert filed["period"].astype(str).tolist() == ["2025-12", "2025-11", "2025-12"]
    assert filed["q50"].tolist() == pytest.approx([36.0, 35.0, 36.0])


def test_a_short_history_has_no_record_and_says_so() -> None:
    demand = planner.forecast(shop(order_history=orders([5.0] * 8)))
    assert demand.record.empty
    assert demand.past_forecasts.empty
    assert demand.verdict == (
        "There is less than a year of history to look back on, so past forecasts cannot be judged.",
    )


def test_the_record_does_not_know_what_it_is_held_to() -> None:
    figures = 50 + 10 * np.sin(np.arange(36) / 2)
    surprised = figures.copy()
    surprised[-1] = 500.0
    before, after = (
        planner.forecast(shop(order_history=orders(past))).past_forecasts for past in (figures, surprised)
    )
    changed = before["actual"] != after["actual"]
    assert set(before.loc[changed, "period"].astype(str)) == {"2025-12"}
    said = ["seasonal_naive", "same_month_last_quarter", "run_rate", "q05", "q50", "q95"]
    pd.testing.assert_frame_equal(before[said], after[said])


@pytest.mark.parametrize(("entered", "known_since"), [("2025-08-10", "2025-08"), ("2025-11-01", "2025-11"), (None, None)])
def test_an_override_is_not_known_before_it_was_entered(entered, known_since) -> None:
    override = {
        "item": "bike",
        "market": "north",
        "period": "2025-12",
        "quantity": 70.0,
        "reason": "fair",
        "author": "ann",
        "entered": entered,
    }
    filed = planner.forecast(shop(order_history=orders([20.0] * 36), forecast_overrides=[override],
                                  forecast={"backtest_origins": 6})).past_forecasts
    december = filed[filed["period"] == "2025-12"]
    if known_since is None:  # without its day nobody can tell since when
        assert "overrides" not in filed
        return
    changed = december.loc[december["overrides"].round(6) == 70.0, "origin"].astype(str).tolist()
    assert min(changed) == known_since
    assert len(changed) == len(december[december["origin"] >= known_since])
    assert (
        december.loc[december["origin"].astype(str) < known_since, "overrides"].fillna(20.0).round(6) == 20.0
    ).all()


def test_a_promotion_is_not_known_before_it_was_planned() -> None:
    history = orders([20.0] * 35 + [30.0])
    promotion = {
        "promotion": "sale",
        "item": "bike",
        "uplift": 0.5,
        "from": "2025-12",
        "to": "2025-12",
        "entered": "2025-10-05",
    }
    filed = planner.forecast(
        shop(order_history=history, promotions=[promotion], forecast={"backtest_origins": 4})
    ).past_forecasts
    december = filed[filed["period"] == "2025-12"].set_index(
        filed["origin"].astype(str)[filed["period"] == "2025-12"]
    )
    assert december["promotions"].round(6).to_dict() == {
        "2025-11": 30.0,
        "2025-10": 30.0,
        "2025-09": 20.0,
        "2025-08": 20.0,
    }
    assert december["run_rate"].round(6).unique().tolist() == [20.0]


def test_a_year_without_any_order_has_a_verdict_in_words() -> None:
    months = pd.period_range(end="2025-12", periods=25, freq="M")
    rows = [{"date": f"{month}-15", "item": "bike", "market": "north", "quantity": 5.0 * (place < 12)}
            for place, month in enumerate(months)]
    demand = planner.forecast(shop(order_history=rows))
    assert demand.verdict[0] == (
        "Nothing was ordered in the periods that past forecasts are judged by: errors have no measure."
    )
    assert demand.quantiles["mean"].max() < 0.5
