"""Every history gets a forecast that it can carry."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from planner.demand.series.combination import forecast_series
from planner.demand.series.outlook import LEVELS

MONTHS = np.arange(72)
SEASON = 1 + 0.4 * np.sin(2 * np.pi * MONTHS / 12)


def test_trend_and_season_are_carried_on() -> None:
    noise = np.exp(0.03 * np.random.default_rng(4).normal(size=72))
    course = 200 * 1.01 ** MONTHS * SEASON
    outlook = forecast_series((course * noise)[None, :60], season=12, periods=12)
    error = np.abs(outlook.at(0.5)[0] / course[60:] - 1)
    assert error.mean() < 0.05
    naive = np.abs(course[48:60] / course[60:] - 1)
    assert error.mean() < naive.mean() / 2  # last year's figures are 11 % behind


def test_four_of_five_months_fall_between_the_10_and_the_90_percent_quantile() -> None:
    random = np.random.default_rng(5)
    level = np.cumsum(0.05 * random.normal(size=(400, 66)), axis=1)
    values = np.exp(4 + level + 0.15 * random.normal(size=level.shape))
    outlook = forecast_series(values[:, :60], season=12, periods=6)
    inside = (values[:, 60:] >= outlook.at(0.1)) & (values[:, 60:] <= outlook.at(0.9))
    assert 0.76 < inside.mean() < 0.84


def test_a_constant_series_stays_constant() -> None:
    outlook = forecast_series(np.full((1, 60), 7.0), season=12, periods=4)
    assert np.allclose(outlook.mean, 7.0)
    assert np.allclose(outlook.quantiles, 7.0)
    young = forecast_series(np.full((1, 8), 7.0), season=12, periods=4)
    assert np.allclose(young.mean, 7.0)
    assert 7.5 < young.at(0.95)[0, 0] < 14.0  # eight equal months do not prove that it never moves


def test_what_was_never_sold_is_not_expected() -> None:
    for silent in (np.zeros((1, 24)), np.full((1, 24), np.nan)):
        outlook = forecast_series(silent, season=12, periods=3)
        assert not outlook.mean.any()
        assert not outlook.quantiles.any()


def test_a_few_periods_give_their_mean_and_a_wide_spread() -> None:
    single = forecast_series(np.array([[np.nan, np.nan, 40.0]]), season=12, periods=2)
    assert np.allclose(single.mean, 40.0)
    assert single.at(0.9)[0, 0] > 1.5 * single.at(0.5)[0, 0]
    pair = forecast_series(np.array([[np.nan, 30.0, 50.0]]), season=12, periods=1)
    assert pair.mean[0, 0] == pytest.approx(40.0, rel=0.05)  # (30 + 50) / 2, the later one counting more


def test_an_intermittent_series_expects_its_rate_and_may_well_sell_nothing() -> None:
    sold = np.zeros(48)
    sold[::4] = 8.0
    outlook = forecast_series(sold[None], season=12, periods=3)
    assert 1.0 < outlook.mean[0, 0] < 3.0  # 8 every fourth month: 2 a month
    assert outlook.at(0.5)[0, 0] == 0.0  # three months of four sell nothing
    assert outlook.at(0.95)[0, 0] > 6.0


def test_a_dying_series_fades_though_its_last_sale_was_large() -> None:
    sold = np.where(np.arange(60) % 3 == 0, 6.0, 0.0)
    dying = sold.copy()
    dying[24:] = 0.0
    alive, dead = forecast_series(np.array([sold, dying]), season=12, periods=1).mean[:, 0]
    assert alive == pytest.approx(2.0, rel=0.1)  # 6 every third month
    assert dead < 0.1 * alive


def test_one_month_without_sales_does_not_break_a_series() -> None:
    values = 50 + 5 * np.random.default_rng(6).normal(size=48)
    values[20] = 0.0
    outlook = forecast_series(values[None], season=12, periods=3)
    assert 40 < outlook.mean[0].mean() < 60


histories = st.integers(1, 40).flatmap(lambda length: st.lists(
    st.one_of(st.just(0.0), st.floats(1e-3, 1e6)), min_size=length, max_size=length))


@settings(max_examples=40, deadline=None)
@given(histories)
def test_quantiles_rise_and_nothing_is_negative_or_missing_whatever_the_history(history) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        outlook = forecast_series(np.array([history]), season=12, periods=5)
    assert np.isfinite(outlook.mean).all()
    assert (outlook.mean >= 0).all()
    assert (np.diff(outlook.quantiles, axis=-1) >= -1e-9 * outlook.quantiles[..., 1:]).all()
    assert (outlook.quantiles >= 0).all()


def test_each_series_has_its_own_forecast_whoever_stands_beside_it() -> None:
    random = np.random.default_rng(7)
    values = np.exp(random.normal(3, 0.2, (5, 48)))
    values[1, ::3] = 0.0
    values[2, :43] = np.nan
    together = forecast_series(values, season=12, periods=4)
    for row in range(5):
        alone = forecast_series(values[row:row + 1], season=12, periods=4)
        assert np.allclose(alone.quantiles[0], together.quantiles[row], rtol=1e-9)
    assert together.quantiles.shape == (5, 4, len(LEVELS))
