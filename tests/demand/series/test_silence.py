"""Longer silence never raises a forecast; it fades by the rhythm of the series, and the range says what is not
known.
"""

import numpy as np
import pytest

from planner.demand.series.combination import forecast_series
from planner.demand.series.outlook import LEVELS, Outlook
from planner.demand.series.silence import chance_of_selling_on, fading_out, silent_periods

EVERY_MONTH = 100 + 3 * (-1.0) ** np.arange(30)
EVERY_FOURTH = np.where(np.arange(33) % 4 == 0, 8.0, 0.0)
SUMMER = np.where(np.isin(np.arange(57) % 12, (4, 5, 6, 7, 8)), 100.0 + np.arange(57) % 5, 0.0)  # May to September


def after(figures: np.ndarray, silent: int, season: int = 12) -> Outlook:
    return forecast_series(np.concatenate([figures, np.zeros(silent)])[None], season=season, periods=12)


@pytest.mark.parametrize("season", [12, 52])
@pytest.mark.parametrize("figures", [EVERY_MONTH, EVERY_FOURTH, EVERY_MONTH[:3], np.array([7.0])])
def test_longer_silence_never_raises_the_forecast(figures: np.ndarray, season: int) -> None:
    means = [after(figures, silent, season).mean[0, :2].sum() for silent in range(30)]
    assert (np.diff(means) <= 1e-9).all()
    assert means[29] < 0.7 * means[0]


def test_an_item_of_every_month_is_nearly_gone_after_a_year() -> None:
    assert after(EVERY_MONTH, 0).mean[0, 0] == pytest.approx(100, abs=5)
    assert 20 < after(EVERY_MONTH, 3).mean[0, 0] < 80
    assert after(EVERY_MONTH, 12).mean[0, 0] < 5


def test_the_range_says_that_it_may_be_over_or_go_on() -> None:
    for silent in (3, 5, 7):
        outlook = after(EVERY_MONTH, silent)
        assert outlook.at(0.05)[0, 0] == 0.0
        assert outlook.at(0.95)[0, 0] > 90


def test_silence_within_the_own_rhythm_says_little() -> None:
    whole = after(EVERY_FOURTH, 0).mean[0, 0]
    assert after(EVERY_FOURTH, 3).mean[0, 0] > 0.7 * whole
    assert after(EVERY_FOURTH, 24).mean[0, 0] < 0.1 * whole


def test_an_item_of_the_summer_comes_again_after_the_winter() -> None:
    outlook = after(SUMMER, 7)  # October to April
    assert outlook.mean[0, :5] == pytest.approx(np.full(5, 100.0), rel=0.2)
    assert outlook.mean[0, 5:].max() < 5


def test_chance_of_selling_on_by_hand() -> None:
    # Sold in both periods: one sale after the first, no pause. Silent for one: .5 / (1.5 + .5) = .25 by luck,
    # and .03 for a reason; it ends in a month with .01: .28 / (.28 + .01)
    values = np.array([[4.0, 5.0, 0.0], [4.0, 5.0, 6.0]])
    silent = silent_periods(values)
    assert silent.tolist() == [1, 0]
    chance = chance_of_selling_on(values, silent, season=12)
    assert chance == pytest.approx([0.28 / 0.29, 1.0])


def test_quantiles_of_a_series_that_sells_on_with_half_a_chance() -> None:
    whole = Outlook.steady(np.full((1, 1), 50.0), np.array(LEVELS)[None, None] * 100, np.zeros(1))
    half = fading_out(whole, np.array([0.5]))
    assert half.mean[0, 0] == 25.0
    assert half.at(0.25)[0, 0] == 0.0
    # the upper quarter of all is the middle of those that sell on
    assert half.at(0.75)[0, 0] == pytest.approx(50.0)
    assert half.at(0.95)[0, 0] == pytest.approx(90.0)


def test_nothing_is_silent_that_never_sold() -> None:
    assert silent_periods(np.zeros((2, 5))).tolist() == [0, 0]
    assert silent_periods(np.zeros((0, 0))).tolist() == []
