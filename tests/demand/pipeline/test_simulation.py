"""Possible outcomes of a pipeline: every deal whole or not at all, and what hits them all drawn once."""

import numpy as np
import pandas as pd
import pytest

from planner.demand.pipeline.simulation import DRAWS, LASTING_SHOCK, common_shocks, simulate
from tests.demand.pipelines import deal


def test_a_deal_is_won_once_or_not_at_all() -> None:
    deals = pd.DataFrame([deal(0.0, quantity=10.0, quantity_spread=0.0, opportunity="x")])
    draws = simulate(deals, np.array([[0.3, 0.5]]), np.array([0]), count=1, shock=np.ones((2, DRAWS)), seed=0)
    assert set(np.unique(draws.sum(axis=1))) == {0.0, 10.0}
    assert (draws > 0).sum(axis=-1)[0] / DRAWS == pytest.approx([0.3, 0.5], abs=0.05)


def test_a_common_shock_widens_the_total() -> None:
    deals = pd.DataFrame([deal(0.0, quantity_spread=0.0, opportunity=f"d{place}") for place in range(400)])
    alone, shared = (
        simulate(deals, np.full((400, 1), 0.3), np.zeros(400, dtype=int), count=1, shock=shock, seed=0).std()
        for shock in (np.ones((1, DRAWS)), common_shocks(np.zeros(1), spread=0.3, seed=0))
    )
    assert alone == pytest.approx(np.sqrt(400 * 0.3 * 0.7), rel=0.1)  # 9.2
    assert shared > 3 * alone


def test_the_lines_of_a_deal_are_won_together() -> None:
    lines = pd.DataFrame([deal(0.0, opportunity="x", quantity=quantity, quantity_spread=0.0) for quantity in (2.0, 3.0)])
    draws = simulate(lines, np.full((2, 1), 0.5), np.array([0, 1]), count=2, shock=np.ones((1, DRAWS)), seed=0)
    assert set(zip(draws[0, 0].tolist(), draws[1, 0].tolist(), strict=True)) == {(0.0, 0.0), (2.0, 3.0)}


def test_shocks_are_1_on_average_and_shared_by_the_periods_of_a_month() -> None:
    shocks = common_shocks(np.array([0, 0, 1]), spread=0.2, seed=0)
    assert shocks.mean(axis=1) == pytest.approx([1, 1, 1], abs=0.02)  # .21 / sqrt(1000 draws) = .007
    assert np.array_equal(shocks[0], shocks[1])
    assert not np.array_equal(shocks[0], shocks[2])


def test_a_shock_that_lasts_is_shared_by_all_months() -> None:
    months = common_shocks(np.arange(2), spread=0.0, seed=0)
    assert np.array_equal(months[0], months[1])
    assert np.log(months[0]).std() == pytest.approx(LASTING_SHOCK, rel=0.1)


def test_deals_to_come_are_won_as_often_as_their_weight_says() -> None:
    coming = pd.DataFrame([deal(0.0, opportunity=None, weight=40.0, quantity=5.0, quantity_spread=2.0)])
    draws = simulate(coming, np.array([[0.25]]), np.array([0]), count=1, shock=np.ones((1, DRAWS)), seed=0)[0, 0]
    assert draws.mean() == pytest.approx(40 * 0.25 * 5, rel=0.05)  # 10 wins of 5
    # 10 wins vary by sqrt(10), and each by 2: sqrt(10 x 25 + 10 x 4)
    assert draws.std() == pytest.approx(np.sqrt(10 * 25 + 10 * 4), rel=0.1)
