"""Quantiles of sums: narrower than sums of quantiles, wider than if every period had a luck of its own."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtri

import planner
from planner.demand.series.combination import forecast_series
from planner.demand.series.cumulated import cumulated_quantiles, cumulated_with_deals
from planner.demand.series.outlook import LEVELS, Outlook
from tests.demand.shops import orders, shop

NARROW, WIDE = LEVELS.index(0.1), LEVELS.index(0.9)


def normal(mean: float, spread: float, *, lasting: float, periods: int = 4) -> Outlook:
    """One series whose periods are all alike, far from zero."""
    quantiles = mean + spread * np.tile(ndtri(LEVELS), (1, periods, 1))
    return Outlook.steady(np.full((1, periods), mean), quantiles, np.array([lasting]))


def range_of(quantiles: np.ndarray) -> np.ndarray:
    """Width of the 80 % range by period, in standard deviations."""
    return (quantiles[0, :, WIDE] - quantiles[0, :, NARROW]) / (2 * ndtri(0.9))


def test_errors_that_pass_grow_with_the_root_and_errors_that_last_with_the_number_of_periods() -> None:
    lasting = range_of(cumulated_quantiles(normal(1000, 10, lasting=1.0), seed=0))
    assert lasting == pytest.approx([10, 20, 30, 40], rel=0.02)
    # a tenth is always taken to last
    passing = range_of(cumulated_quantiles(normal(1000, 10, lasting=-0.1), seed=0))
    assert passing == pytest.approx(10 * np.sqrt([1, 2, 3, 4]), rel=0.03)
    half = range_of(cumulated_quantiles(normal(1000, 10, lasting=0.4), seed=0))
    # four variances and six pairs, half in common
    assert half[3] == pytest.approx(10 * np.sqrt(4 + 2 * 6 * 0.5), rel=0.03)


def test_four_of_five_sums_fall_into_the_range() -> None:
    random = np.random.default_rng(3)
    level = np.cumsum(0.05 * random.standard_normal((300, 72)), axis=1)
    values = np.exp(4 + level + 0.15 * random.standard_normal(level.shape))
    quantiles = cumulated_quantiles(forecast_series(values[:, :60], season=12, periods=12), seed=0)
    sums = np.cumsum(values[:, 60:], axis=1)
    for months in (3, 6, 12):
        held = (sums[:, months - 1] >= quantiles[:, months - 1, NARROW]) & (
            sums[:, months - 1] <= quantiles[:, months - 1, WIDE]
        )
        assert 0.73 < held.mean() < 0.87


def test_deals_have_the_luck_they_were_drawn_with() -> None:
    nothing = np.zeros((1, 3, len(LEVELS)))
    # all three months, or none
    deals = np.repeat((np.arange(1000) < 500).astype(np.float32)[None, None] * 6, 3, axis=1)
    quantiles = cumulated_with_deals(nothing, np.zeros(1), deals, seed=0)
    assert quantiles[0, 2, NARROW] == 0.0
    assert quantiles[0, 2, WIDE] == 18.0


def test_sums_agree_with_the_periods_they_are_sums_of() -> None:
    history = orders(50 * np.exp(0.2 * np.random.default_rng(1).standard_normal(36)))
    booked = [{"order": "one", "item": "bike", "market": "north", "quantity": 400.0, "due": "2026-02"},
              {"order": "old", "item": "bike", "market": "north", "quantity": 7.0, "due": "2025-11"}]
    demand = planner.forecast(shop(periods=4, order_history=history, booked_orders=booked))
    one, sums = demand.quantiles, demand.cumulated
    assert sums["mean"].tolist() == pytest.approx(one["mean"].cumsum().tolist())
    assert sums.loc[0, "q05":].tolist() == pytest.approx(one.loc[0, "q05":].tolist())
    assert (sums["q50"] >= np.cumsum([7.0, 400.0, 0.0, 0.0])).all()
    # the big order is in it once, beside the rest
    assert sums["q50"].iloc[3] == pytest.approx(sums["mean"].iloc[3], rel=0.05)
    assert sums["q95"].iloc[3] < one["q95"].sum()
    assert list(sums.columns) == list(one.columns)


def test_what_the_user_brings_has_no_spread() -> None:
    brought = [
        {"item": "bike", "market": "north", "period": f"2026-0{month}", "quantity": 10.0}
        for month in (1, 2, 3)
    ]
    booked = [{"order": "one", "item": "bike", "market": "north", "quantity": 25.0, "due": "2026-01"}]
    sums = planner.forecast(shop(periods=3, demand=brought, booked_orders=booked)).cumulated
    for level in ("mean", "q05", "q95"):
        assert sums[level].tolist() == [25.0, 35.0, 45.0]  # 25 ordered against 10 brought, then 10 each


def test_the_sums_are_the_same_every_time() -> None:
    scenario = shop(order_history=orders(50 + 10 * np.sin(np.arange(36))))
    pd.testing.assert_frame_equal(planner.forecast(scenario).cumulated, planner.forecast(scenario).cumulated)
