"""Intermittent series: chance and quantity of a sale."""

import numpy as np
import pytest

from planner.demand.series.outlook import LEVELS
from planner.demand.series.sparse import forecast_sparse, sales_of


def test_the_first_order_is_no_evidence_of_how_often_it_sells() -> None:
    values = np.array([[np.nan, 6.0, 0.0, 0.0, 6.0]])
    # without fading: one sale in three periods after the first, beside (1 + .5) / (3 + 2) = .3 for two periods
    sales = sales_of(values, fading=0.0)
    assert sales.chance[0] == pytest.approx((1 + 2 * 0.3) / (3 + 2))
    assert sales.size[0] == 6.0
    assert sales.variance[0] == 0.0


def test_a_single_order_long_ago_hardly_comes_again() -> None:
    values = np.concatenate([np.zeros(11), [7.0], np.zeros(12)])[None]
    assert forecast_sparse(values, season=12, periods=3).mean.max() < 1


def test_the_mean_of_series_that_sell_now_and_then_is_unbiased() -> None:
    random = np.random.default_rng(3)
    sold = (random.random((400, 61)) < 0.3) * (1 + random.poisson(4, (400, 61)))
    outlook = forecast_sparse(sold[:, :60].astype(float), season=12, periods=1)
    assert outlook.mean.mean() == pytest.approx(0.3 * 5, rel=0.06)


def test_quantiles_hold_what_they_promise_for_whole_and_for_other_quantities() -> None:
    random = np.random.default_rng(4)
    pieces = (random.random((2000, 49)) < 0.35) * (1 + random.poisson(3, (2000, 49)))
    for figures in (pieces.astype(float), pieces * 0.37):
        outlook = forecast_sparse(figures[:, :48], season=12, periods=1)
        for level in (0.75, 0.9, 0.95):
            below = (figures[:, 48] <= outlook.at(level)[:, 0]).mean()
            assert level - 0.03 < below < level + 0.06
    whole = forecast_sparse(pieces[:, :48].astype(float), season=12, periods=1).quantiles
    assert (whole % 1 == 0).all()
    assert whole.shape == (2000, 1, len(LEVELS))
