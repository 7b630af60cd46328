"""The level of young series."""

import numpy as np
import pytest

from planner.demand.series.fading_level import fading_level


def test_a_level_and_its_errors_by_hand() -> None:
    found = fading_level(np.array([[np.nan, 1.0, 1.0, 1.0], [0.0, 0.0, 0.0, 2.0]]))
    assert found.level[0] == pytest.approx(1.0)
    assert np.isnan(found.errors[0, :2]).all()
    assert found.errors[0, 2:].tolist() == [0.0, 0.0]
    assert found.errors[1, 1:] == pytest.approx([0.0, 0.0, 2.0])
    assert found.weights.sum(axis=1) == pytest.approx([1.0, 1.0])
    assert found.level[1] == pytest.approx(2 * found.weights[1, 3])


def test_a_mean_of_noise_and_the_last_figure_of_a_walk() -> None:
    random = np.random.default_rng(1)
    noise = random.normal(0, 1, (300, 18))
    walk = np.cumsum(noise, axis=1)
    assert fading_level(noise).lasting.mean() < 0.2
    assert fading_level(walk).lasting.mean() > 0.5
    missed = np.sqrt(((fading_level(walk).level - walk[:, -1]) ** 2).mean())
    assert missed < 1.0  # the mean of a walk of 18 steps is off by sqrt(18 / 3) = 2.4


def test_six_rising_months_keep_their_level() -> None:
    found = fading_level(np.log(np.array([[180.0, 400, 750, 1500, 1850, 3100]])))
    assert 1000 < np.exp(found.level[0]) < 3100
