"""Forecasts of parts listen to what their sum shows."""

import numpy as np
import pandas as pd
import pytest

import planner
from planner.demand.runrate.history import History
from planner.demand.runrate.reconcile import anchored
from planner.demand.series.combination import forecast_series
from planner.demand.series.outlook import Outlook
from planner.scenario.scope import groups_of
from tests.demand.shops import orders, shop

ITEMS = pd.DataFrame({"item": ["bike", "trike"], "family": ["wheels", "wheels"]})
MARKETS = pd.DataFrame({"market": ["north", "south", "east"], "region": ["cold", "warm", "warm"]})
GROUPS = groups_of(ITEMS, MARKETS)


def histories(*series: tuple[str, str, np.ndarray]) -> History:
    names = pd.DataFrame([(item, market) for item, market, _ in series], columns=["item", "market"])
    return History(names, np.array([values for *_, values in series]), pd.Period("2025-12", freq="M"), 12)


def reconciled(history: History, level: str) -> tuple[Outlook, Outlook]:
    """The outlook of every series by itself, and as it agrees with the sums."""
    def forecast(values):
        return forecast_series(values, season=12, periods=6)

    alone = forecast(history.values)
    return alone, anchored(alone, history, level=level, groups=GROUPS, forecast=forecast)


def swapping() -> History:
    """Two markets between which customers move to and fro: the sum is steady, and so it is known."""
    swing = np.cumsum(np.random.default_rng(1).normal(0, 4, 48))
    return histories(
        ("bike", "north", 100 + swing), ("bike", "south", 100 - swing), ("trike", "east", np.full(48, 10.0))
    )


@pytest.mark.parametrize("level", ["item", "family", "total"])
def test_parts_add_up_to_a_sum_that_is_better_known(level) -> None:
    alone, together = reconciled(swapping(), level)
    others = 10 if level != "item" else 0
    rows = slice(0, 3 if others else 2)
    assert together.mean[rows].sum(axis=0) == pytest.approx(np.full(6, 200 + others), rel=0.003)
    off = [np.abs(outlook.mean[rows].sum(axis=0) - 200 - others).max() for outlook in (alone, together)]
    assert off[0] > 3 * off[1]


def test_shares_stay_as_they_are_and_quantiles_and_parts_follow_the_mean() -> None:
    alone, together = reconciled(swapping(), "item")
    factor = together.mean[:2] / alone.mean[:2]
    assert factor[0] == pytest.approx(factor[1])
    assert np.allclose(together.quantiles[:2], alone.quantiles[:2] * factor[..., None])
    assert np.allclose(together.flat[:2], alone.flat[:2] * factor)
    assert np.array_equal(together.mean[2], alone.mean[2])  # the only market of its item


def test_a_level_leaves_alone_whom_it_has_no_company_for() -> None:
    alone, together = reconciled(swapping(), "region")
    assert np.array_equal(together.mean[0], alone.mean[0])  # alone in the cold
    assert not np.array_equal(together.mean[1], alone.mean[1])
    alone, together = reconciled(swapping(), "none")
    assert together is alone


def test_a_newcomer_is_no_growth_of_the_sum() -> None:
    young = np.where(np.arange(48) < 36, np.nan, 100.0)
    random = np.random.default_rng(2)
    history = histories(
        ("bike", "north", 100 + random.normal(0, 5, 48)),
        ("bike", "south", 100 + random.normal(0, 5, 48)),
        ("bike", "east", young),
    )
    alone, together = reconciled(history, "item")
    assert np.array_equal(together.mean[2], alone.mean[2])
    assert together.mean[:2].sum(axis=0) == pytest.approx(np.full(6, 200.0), rel=0.03)


def test_nothing_falls_below_zero_and_what_never_sells_stays_so() -> None:
    random = np.random.default_rng(3)
    sparse = np.where(random.random(48) < 0.2, 5.0, 0.0)
    history = histories(
        ("bike", "north", sparse), ("bike", "south", np.zeros(48)), ("bike", "east", sparse[::-1])
    )
    _, together = reconciled(history, "item")
    assert (together.mean >= 0).all()
    assert not together.mean[1].any()


def test_the_anchor_is_a_setting_and_the_plan_hears_of_it() -> None:
    swing = swapping().values
    tables = {
        "periods": 6,
        "markets": ("north", "south"),
        "order_history": orders(swing[0]) + orders(swing[1], market="south"),
    }
    apart, agreed = (
        planner.forecast(shop(**tables, forecast={"anchor": anchor}))
        .quantiles.groupby("period")["mean"]
        .sum()
        for anchor in ("none", "item")
    )
    assert np.abs(agreed - 200).max() < 0.5 * np.abs(apart - 200).max()
