"""How wide ranges are."""

import numpy as np
import pytest

from planner.demand.series.outlook import LEVELS
from planner.demand.series.ranges import capped, error_shape, recent_variance, within_reach


def test_noise_of_recent_years_counts_more() -> None:
    errors = np.concatenate([np.full(24, 3.0), np.full(12, 1.0)])[None]
    plain = (24 * 9 + 12) / 36
    assert recent_variance(errors, 12)[0] < plain
    assert recent_variance(np.array([[np.nan, 2.0]]), 12)[0] == 4.0


def test_no_spread_is_wider_than_the_series_ever_moved() -> None:
    values = np.tile([0.0, 1.0], 30)[None]  # moves by 1 from period to period, by 0 in two
    variance = capped(np.linspace(1, 50, 6)[None], values)
    # 1.2 times the root mean square of its moves, which do not fall with the distance: 1.44
    assert variance[0] == pytest.approx([1.0, 1.44, 1.44, 1.44, 1.44, 1.44])


def test_where_the_history_is_too_short_moves_grow_as_those_of_a_walk() -> None:
    values = np.arange(8.0)[None]
    variance = capped(np.full((1, 6), 1000.0) * np.arange(1, 7), values)
    assert variance[0, 0] == 1000.0
    assert np.isfinite(variance).all()


def test_the_shape_is_students_without_errors_and_its_own_with_many() -> None:
    unknown = error_shape(np.full((1, 4), np.nan))[0]
    assert unknown[LEVELS.index(0.975)] == pytest.approx(2.447 * np.sqrt(4 / 6) * 1.0, rel=0.01)
    skewed = np.random.default_rng(2).exponential(1, (1, 3000)) - 1
    own = error_shape(skewed)[0]
    assert own[LEVELS.index(0.025)] == pytest.approx(-1, abs=0.06)
    assert own[LEVELS.index(0.975)] == pytest.approx(np.log(40) - 1, abs=0.25)  # exp(-x) = .025


def test_no_quantile_is_beyond_what_such_series_have_ever_done() -> None:
    quantiles = np.full((1, 2, len(LEVELS)), 1e6)
    quantiles[..., :5] = 10.0
    limited = within_reach(quantiles, np.array([[np.nan, 20.0, 40.0]]))
    assert limited[0, 0, -1] == 40 * (3 + 6 / 2)
    assert limited[0, 0, 0] == 10.0
