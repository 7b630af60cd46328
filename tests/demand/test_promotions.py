"""Promotions lift demand while they run, and the history is read without them."""

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
    scenario = promoted(orders([20.0] * 36), item="bike", uplift=0.5, forward_buy=0.4, **{"from": "2026-01", "to": "2026-01"})
    assert by_origin(scenario) == {
        ("bike", "2026-01", "baseline"): 20, ("bike", "2026-01", "promotion"): 10,  # half of 20
        ("bike", "2026-02", "baseline"): 16,  # 40 % of the 10 are missing in the month after
        ("bike", "2026-03", "baseline"): 20}


def test_quantiles_are_lifted_like_the_mean() -> None:
    scenario = promoted(orders([20.0] * 36), item="bike", uplift=0.5, **{"from": "2026-02", "to": "2026-02"})
    quantiles = planner.forecast(scenario).quantiles
    assert quantiles["q90"].round(6).tolist() == [20, 30, 20]
    assert quantiles["mean"].round(6).tolist() == [20, 30, 20]


def test_a_past_promotion_is_not_taken_for_a_trend() -> None:
    history = [20.0] * 33 + [40.0] * 3
    taken_off = promoted(orders(history), item="bike", uplift=1.0, **{"from": "2025-10", "to": "2025-12"}, periods=1)
    # 40 are 20 lifted by one: 20 are normal. What follows the sale is normal, too, for nothing was bought forward.
    assert by_origin(taken_off) == {("bike", "2026-01", "baseline"): 20}
    not_known = shop(periods=1, order_history=orders(history))
    assert by_origin(not_known)["bike", "2026-01", "baseline"] > 30


def test_a_family_is_promoted_in_the_market_named() -> None:
    scenario = shop(periods=1, items=("bike", "trike"), markets=("north", "south"),
                    order_history=orders([20.0] * 24) + orders([8.0] * 24, item="trike") + orders([5.0] * 24, market="south"),
                    promotions=[{"promotion": "sale", "family": "wheels", "market": "north", "uplift": 0.25,
                                 "from": "2026-01", "to": "2026-01"}])
    promoted_units = planner.forecast(scenario).ledger.query("origin == 'promotion'").set_index(["item", "market"])["quantity"]
    assert promoted_units.round(6).to_dict() == {("bike", "north"): 5.0, ("trike", "north"): 2.0}


def test_promotions_that_take_more_than_there_is_leave_a_little() -> None:
    scenario = promoted(orders([20.0] * 36), item="bike", uplift=3.0, forward_buy=1.0, periods=1,
                        **{"from": "2025-12", "to": "2025-12"})
    total = planner.forecast(scenario).quantiles["mean"].iloc[0]
    assert total == pytest.approx(0.05 * 18.3, rel=0.1)  # 3 x 20 are bought forward, against 20: a twentieth is left
