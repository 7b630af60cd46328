"""Promotions lift demand while they run, and the history is read without them."""

import numpy as np
import pytest

import planner
from tests.demand.shops import orders, shop


def by_origin(scenario) -> dict[tuple[str, str, str], float]:
    ledger = planner.forecast(scenario).ledger
    return {(row.item, str(row.period), row.origin): round(row.quantity, 6) for row in ledger.itertuples()}


def promoted(history, *, periods: int = 3, **promotion):
    """A shop that sells bikes, with one promotion."""
    return shop(periods=periods, order_history=history, promotions=[{"promotion": "sale", **promotion}])


def test_a_promotion_adds_its_uplift_under_its_own_name_and_borrows_from_the_months_after() -> None:
    scenario = promoted(
        orders([20.0] * 36), item="bike", uplift=0.5, forward_buy=0.4, **{"from": "2026-01", "to": "2026-01"}
    )
    assert by_origin(scenario) == {
        ("bike", "2026-01", "baseline"): 20, ("bike", "2026-01", "promotion"): 10,  # half of 20
        ("bike", "2026-02", "baseline"): 16,  # 40 % of the 10 are missing in the month after
        ("bike", "2026-03", "baseline"): 20}


def test_quantiles_are_lifted_like_the_mean() -> None:
    scenario = promoted(orders([20.0] * 48), item="bike", uplift=0.5, **{"from": "2026-02", "to": "2026-02"})
    quantiles = planner.forecast(scenario).quantiles
    assert quantiles["q90"].round(6).tolist() == [20, 30, 20]
    assert quantiles["mean"].round(6).tolist() == [20, 30, 20]


def test_a_past_promotion_is_not_taken_for_a_trend() -> None:
    history = [20.0] * 33 + [40.0] * 3
    taken_off = promoted(
        orders(history), item="bike", uplift=1.0, **{"from": "2025-10", "to": "2025-12"}, periods=1
    )
    # 40 are 20 lifted by one: 20 are normal. What follows the sale is normal, too, for nothing was bought
    # forward.
    assert by_origin(taken_off) == {("bike", "2026-01", "baseline"): 20}
    not_known = shop(periods=1, order_history=orders(history))
    assert by_origin(not_known)["bike", "2026-01", "baseline"] > 30


def test_a_family_is_promoted_in_the_market_named() -> None:
    scenario = shop(
        periods=1,
        items=("bike", "trike"),
        markets=("north", "south"),
        order_history=orders([20.0] * 24)
        + orders([8.0] * 24, item="trike")
        + orders([5.0] * 24, market="south"),
        promotions=[
            {
                "promotion": "sale",
                "family": "wheels",
                "market": "north",
                "uplift": 0.25,
                "from": "2026-01",
                "to": "2026-01",
            }
        ],
    )
    promoted_units = (
        planner.forecast(scenario)
        .ledger.query("origin == 'promotion'")
        .set_index(["item", "market"])["quantity"]
    )
    assert promoted_units.round(6).to_dict() == {("bike", "north"): 5.0, ("trike", "north"): 2.0}


def test_promotions_that_take_more_than_there_is_leave_a_little() -> None:
    scenario = promoted(orders([20.0] * 36), item="bike", uplift=3.0, forward_buy=1.0, periods=1,
                        **{"from": "2025-12", "to": "2025-12"})
    total = planner.forecast(scenario).quantiles["mean"].iloc[0]
    # 3 x 20 are bought forward, against 20: a twentieth is left
    assert total == pytest.approx(0.05 * 18.3, rel=0.1)


def lifted_history(
    uplift: float, months: tuple[int, ...], *, noise: float = 0.05, length: int = 36, seed: int = 0
) -> np.ndarray:
    """Sales around 100, promoted in some months."""
    figures = 100 * np.exp(noise * np.random.default_rng(seed).standard_normal(length))
    figures[list(months)] *= 1 + uplift
    return figures


def past(*months: str, item: str = "bike") -> list[dict]:
    return [
        {"promotion": f"sale {item} {month}", "item": item, "from": month, "to": month} for month in months
    ]


def test_the_effect_of_past_promotions_is_estimated_and_reported_with_its_error() -> None:
    # months 13, 22 and 31 of 36, the last being December 2025: January 2024, October 2024, July 2025
    history = orders(lifted_history(0.6, (12, 21, 30)))
    scenario = shop(
        periods=2,
        order_history=history,
        promotions=[
            *past("2024-01", "2024-10", "2025-07"),
            {"promotion": "next", "item": "bike", "from": "2026-02", "to": "2026-02"},
        ],
    )
    demand = planner.forecast(scenario)
    effect = demand.promotion_effects.iloc[0]
    assert effect["uplift"] == pytest.approx(0.6, abs=0.1)
    assert 0 < effect["standard_error"] < 0.1
    assert (effect["item"], effect["periods"], effect["estimated_from"]) == ("bike", 3.0, "item")
    ledger = demand.ledger.set_index(["period", "origin"])["quantity"]
    assert ledger["2026-02", "promotion"] == pytest.approx(effect["uplift"] * ledger["2026-02", "baseline"])
    assert any("Past promotions lifted bike by" in note for note in demand.notes)


def test_an_uplift_that_is_given_holds_whatever_the_past_shows() -> None:
    promotions = [*past("2024-01", "2024-10", "2025-07"),
                  {"promotion": "next", "item": "bike", "from": "2026-01", "to": "2026-01", "uplift": 0.1}]
    demand = planner.forecast(
        shop(periods=1, order_history=orders(lifted_history(0.6, (12, 21, 30))), promotions=promotions)
    )
    ledger = demand.ledger.set_index("origin")["quantity"]
    assert ledger["promotion"] == pytest.approx(0.1 * ledger["baseline"])


def test_an_item_that_was_never_promoted_learns_from_its_family_and_one_alone_says_that_nothing_is_known() -> (
    None
):
    history = orders(lifted_history(0.6, (12, 21, 30))) + orders(
        lifted_history(0.0, (), seed=1), item="trike"
    )
    coming = {"promotion": "next", "item": "trike", "from": "2026-01", "to": "2026-01"}
    scenario = shop(periods=1, items=("bike", "trike"), order_history=history,
                    promotions=[*past("2024-01", "2024-10", "2025-07"), coming])
    demand = planner.forecast(scenario)
    promoted = demand.ledger.query("origin == 'promotion'").set_index("item")["quantity"]
    assert promoted["trike"] == pytest.approx(60, rel=0.2)
    alone = planner.forecast(shop(periods=1, order_history=orders([20.0] * 36), promotions=past("2026-01")))
    assert alone.notes == (
        "Promotion sale bike 2026-01 has no uplift, and the past shows none: it changes nothing about bike.",
    )
    assert alone.quantiles["mean"].round(6).tolist() == [20.0]


def test_a_promotion_of_every_december_cannot_be_told_from_december() -> None:
    figures = lifted_history(0.6, (11, 23, 35))
    demand = planner.forecast(
        shop(periods=12, order_history=orders(figures), promotions=past("2023-12", "2024-12", "2025-12"))
    )
    assert demand.promotion_effects.empty
    mean = demand.quantiles["mean"]
    assert mean.iloc[11] > 1.3 * mean.iloc[:11].mean()  # it is a season


def test_past_forecasts_do_not_know_the_effect_of_later_promotions() -> None:
    figures = lifted_history(0.6, (12, 21, 34))
    stronger = figures.copy()
    stronger[34] *= 3  # November 2025
    months = past("2024-01", "2024-10", "2025-11")
    before, after = (
        planner.forecast(
            shop(order_history=orders(history), promotions=months, forecast={"backtest_origins": 4})
        ).past_forecasts.query("origin < '2025-11'")["promotions"]
        for history in (figures, stronger)
    )
    assert before.tolist() == after.tolist()


@pytest.mark.parametrize(("uplift", "left"), [(-0.5, 10), (-0.04, 19.2), (-1.0, 0)])  # of 20 a month
def test_an_event_takes_demand_away(uplift: float, left: float) -> None:
    scenario = promoted(orders([20.0] * 36), item="bike", uplift=uplift, **{"from": "2026-02", "to": "2026-02"})
    quantiles = planner.forecast(scenario).quantiles
    assert quantiles["mean"].to_numpy() == pytest.approx([20, left, 20])
    assert quantiles["q90"].iloc[1] == pytest.approx(left / 20 * quantiles["q90"].iloc[0], rel=0.01)


def test_an_event_that_took_demand_away_is_read_out_of_the_history_and_learned_from() -> None:
    figures = [20.0] * 36
    figures[16] = figures[27] = 12.0  # 2024-05 and 2025-04, each 40 % less
    events = [{"promotion": month, "item": "bike", "from": month, "to": month} for month in ("2024-05", "2025-04", "2026-02")]
    forecast = planner.forecast(shop(order_history=orders(figures), periods=3, promotions=events))
    assert forecast.quantiles["mean"].to_numpy() == pytest.approx([20, 12, 20], rel=0.02)
