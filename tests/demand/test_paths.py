"""Paths are demand as it may come: each series as its quantiles say, and all of them together."""

import numpy as np
import pandas as pd
import pytest

import planner
from planner.demand.paths import Paths, common_share, quantile_of_total
from planner.demand.runrate.history import History
from planner.demand.series.outlook import LEVELS

MONTHS = pd.period_range("2021-01", "2025-12", freq="M")


def shop(*, series: int = 8, common: float = 0.0, **forecast: object) -> planner.Scenario:
    """So many items of about 100 a month; `common` is the spread of what moves all of them."""
    random = np.random.default_rng(0)
    shared = common * random.standard_normal(len(MONTHS))
    orders = [{"date": f"{month}-01", "market": "m", "item": f"i{item}",
               "quantity": float(np.round(100 * np.exp(shared[place] + 0.2 * random.standard_normal()), 1))}
              for item in range(series) for place, month in enumerate(MONTHS.astype(str))]
    return planner.load_scenario({
        "name": "Shop", "question": "?", "calendar": {"start": "2026-01", "periods": 3},
        "items": [{"item": f"i{item}"} for item in range(series)], "markets": [{"market": "m"}],
        "order_history": orders, "forecast": forecast})


def test_paths_of_a_series_have_its_quantiles() -> None:
    demand = planner.forecast(shop(series=2))
    drawn = demand.draws(4000).groupby(["item", "period"])["quantity"].quantile(0.9)
    expected = demand.quantiles.set_index(["item", "period"])["q90"]
    assert drawn.to_numpy() == pytest.approx(expected.reindex(drawn.index).to_numpy(), rel=0.03)


def test_the_same_seed_draws_the_same_paths_and_another_one_others() -> None:
    demand = planner.forecast(shop(series=2))
    one, again, other = (demand.draws(5, seed=seed) for seed in (1, 1, 2))
    assert one.equals(again) and not one.equals(other)
    assert one.columns.tolist() == ["item", "market", "period", "path", "quantity"]
    assert len(one) == 2 * 3 * 5


def test_the_quantile_of_the_total_is_less_than_the_quantiles_added_up() -> None:
    each, total = (planner.forecast(shop(plan_on=0.9, quantile_of=of)) for of in ("series", "total"))
    assert (each.plan_on, total.plan_on) == ("q90", "total_q90")
    added, at_total = (demand.planned["remaining"].sum() for demand in (each, total))
    mean = each.quantiles["mean"].sum()
    # eight series that move apart: the spread of their sum is that of one by the root of eight
    assert mean < at_total < mean + 0.7 * (added - mean)
    paths = total.draws(1000).groupby(["period", "path"])["quantity"].sum()
    reached = paths.groupby("period").quantile(0.9).to_numpy()
    planned = total.quantiles.groupby("period")["total_q90"].sum().to_numpy()
    assert planned == pytest.approx(reached, rel=0.02)


def test_what_moves_all_series_widens_their_total() -> None:
    apart, together = (planner.forecast(shop(common=spread)).draws(1000) for spread in (0.0, 0.3))
    width = [paths.groupby(["period", "path"])["quantity"].sum().groupby("period").std().mean()
             / paths["quantity"].mean() for paths in (apart, together)]
    assert width[1] > 2 * width[0]


def history(values: np.ndarray) -> History:
    return History(pd.DataFrame({"item": range(len(values)), "market": "m"}), values, MONTHS[-1], 12)


def test_series_that_move_alike_have_much_in_common_and_others_nothing() -> None:
    random = np.random.default_rng(1)
    own, shared = random.standard_normal((10, 60)), random.standard_normal(60)
    assert common_share(history(100 * np.exp(0.1 * own))) < 0.1
    assert common_share(history(100 * np.exp(0.1 * own + 0.2 * shared))) > 0.5
    assert common_share(history(np.full((1, 60), 100.0))) == 0.0


def test_the_distance_of_the_total_is_shared_out_by_what_moves_with_it() -> None:
    random = np.random.default_rng(2)
    paths = np.stack([100 + 30 * random.standard_normal((1, 5000)), 100 + 10 * random.standard_normal((1, 5000))])
    mean = np.full((2, 1), 100.0)
    shared = quantile_of_total(paths, mean, 0.9)
    assert shared.sum() == pytest.approx(200 + 1.2816 * np.sqrt(30**2 + 10**2), rel=0.01)
    assert (shared[0, 0] - 100) / (shared[1, 0] - 100) == pytest.approx(9, rel=0.1)  # as their variances


def test_an_error_that_lasts_is_the_same_in_all_periods() -> None:
    quantiles = np.tile(100 + 10 * np.arange(len(LEVELS)), (1, 4, 1)).astype(float)
    lasting, passing = (Paths(quantiles, np.array([share]), wins=None, common=0.0).drawn(500, seed=0)[0]
                        for share in (1.0, 0.0))
    assert np.corrcoef(lasting)[0, 3] == pytest.approx(1.0)
    assert abs(np.corrcoef(passing)[0, 3]) < 0.2
