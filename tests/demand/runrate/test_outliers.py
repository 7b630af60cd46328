"""Slips are winsorised; season, new levels and what is uneven by nature stay."""

import numpy as np
import pytest

from planner.demand.runrate.outliers import winsorised

MONTHS = np.arange(60)
NOISE = np.exp(0.05 * np.random.default_rng(0).standard_normal(60))


def changed(values: np.ndarray, season: int = 12) -> list[int]:
    """Places of the figures that are winsorised."""
    return np.flatnonzero(winsorised(values[None], season)[0] != values).tolist()


def test_a_slip_is_winsorised_to_near_the_usual() -> None:
    values = 100 * NOISE
    values[20] = 5000
    cut = winsorised(values[None], 12)[0]
    assert np.flatnonzero(cut != values).tolist() == [20]
    assert 100 < cut[20] < 150


@pytest.mark.parametrize(("month", "factor"), [(11, 3.0), (7, 0.1), (3, 8.0)])
def test_a_peak_or_dip_of_every_year_is_season(month: int, factor: float) -> None:
    values = 200 * NOISE * np.where(month == MONTHS % 12, factor, 1.0)
    assert changed(values) == []
    assert changed(values[:24]) == []  # two years will do


def test_a_slip_in_a_series_with_a_yearly_peak_is_winsorised_all_the_same() -> None:
    values = 200 * NOISE * np.where(MONTHS % 12 == 11, 3.0, 1.0)
    values[30] *= 10
    assert changed(values) == [30]


def test_a_week_before_or_after_is_the_same_time_of_another_year() -> None:
    weeks = np.arange(156)
    values = 100 * np.exp(0.05 * np.random.default_rng(1).standard_normal(156))
    values[[50, 50 + 52 + 1, 50 + 104 - 1]] *= 3
    assert changed(values, 52) == []
    once = np.where(weeks == 50, 300.0, np.where(weeks > 50, 100.0, values))
    assert changed(once, 52) == [50]


def test_a_new_level_is_no_slip() -> None:
    values = np.where(MONTHS < 57, 100.0, 300.0) * NOISE
    assert changed(values) == []


def test_two_bad_months_that_pass_are_no_new_level() -> None:
    values = 100 * NOISE
    values[40:42] = 8
    assert changed(values) == [40, 41]
    values[40:50] = 8  # ten months are
    assert changed(values) == []


def test_a_zero_elsewhere_does_not_hide_a_slip() -> None:
    values = 100 * NOISE
    values[20], values[5] = 5000, 0
    assert changed(values) == [20]


def test_in_a_series_that_sells_now_and_then_only_a_quantity_far_from_all_others_is_winsorised() -> None:
    values = np.where(MONTHS % 3 == 0, 10.0, 0.0)
    values[21] = 900
    assert changed(values) == [21]
    values[21] = 25
    assert changed(values) == []


def test_a_short_series_is_judged_by_its_median_and_only_by_much() -> None:
    short = np.array([520, 480, 505, 490, 510, 500, 495, 74_215, 480, 510.0])
    assert changed(short) == [7]
    short[7] = 1500  # three times the usual may be real
    assert changed(short) == []
    assert changed(np.array([500, 520, 74_215.0])) == []  # of three nobody knows which is usual
    assert changed(np.array([180, 400, 750, 1500, 1850, 3100.0])) == []


def test_what_is_uneven_by_nature_is_no_slip() -> None:
    values = 20 * NOISE
    values[[3, 10, 22, 35, 41, 58]] *= 20  # one month of ten sells twenty times as much
    assert changed(values) == []
