"""Booked orders use up what was forecast; every unit keeps one origin."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import planner
from planner.demand.consume import consume
from tests.demand.shops import orders, shop

STEADY = orders([20.0] * 24)


def booked(*lines: tuple[str, float]) -> list[dict]:
    return [{"order": f"so-{number}", "item": "bike", "market": "north", "quantity": quantity, "due": due}
            for number, (due, quantity) in enumerate(lines)]


def ledger_of(scenario) -> dict[tuple[str, str], float]:
    ledger = planner.forecast(scenario).ledger
    return {(str(row.period), row.origin): round(row.quantity, 6) for row in ledger.itertuples()}


def test_run_rate_business_is_used_up_before_the_pipeline() -> None:
    left = consume({"baseline": np.array([[20.0]]), "pipeline": np.array([[10.0]])}, np.array([[25.0]]))
    assert left["baseline"].item() == 0.0  # 20 of the 25
    assert left["pipeline"].item() == 5.0  # the other 5 of 10


def test_a_booked_order_is_part_of_its_months_forecast() -> None:
    ledger = ledger_of(shop(periods=2, order_history=STEADY, booked_orders=booked(("2026-01", 5), ("2026-02", 30))))
    assert ledger == {("2026-01", "booked"): 5, ("2026-01", "baseline"): 15,  # 20 expected, 5 of them here already
                      ("2026-02", "booked"): 30}  # more than expected: the orders alone


def test_overdue_orders_come_on_top_of_the_first_month() -> None:
    scenario = shop(periods=1, order_history=STEADY, booked_orders=booked(("2025-11", 7), ("2026-01", 5)))
    assert ledger_of(scenario) == {("2026-01", "booked"): 12, ("2026-01", "baseline"): 15}
    planned = planner.forecast(scenario).planned
    assert planned[["booked", "remaining"]].round(6).to_numpy().tolist() == [[12.0, 15.0]]


def test_what_the_user_brings_replaces_the_forecast_and_contains_the_orders() -> None:
    brought = [{"item": "bike", "market": "north", "period": "2026-01", "quantity": 50},
               {"item": "bike", "market": "north", "period": "2026-02", "quantity": 10}]
    scenario = shop(periods=3, order_history=STEADY, demand=brought,
                    booked_orders=booked(("2025-12", 8), ("2026-02", 25)))
    assert ledger_of(scenario) == {("2026-01", "booked"): 8, ("2026-01", "user"): 42, ("2026-02", "booked"): 25}


def test_a_user_replaces_only_the_item_and_market_named() -> None:
    scenario = shop(periods=1, markets=("north", "south"), order_history=STEADY + orders([20.0] * 24, market="south"),
                    demand=[{"item": "bike", "market": "south", "period": "2026-01", "quantity": 1}])
    ledger = planner.forecast(scenario).ledger
    assert ledger.set_index("market")["origin"].to_dict() == {"north": "baseline", "south": "user"}


def test_without_any_history_only_the_orders_are_planned() -> None:
    demand = planner.forecast(shop(periods=2, booked_orders=booked(("2026-02", 4))))
    assert demand.planned[["booked", "remaining"]].to_numpy().tolist() == [[0.0, 0.0], [4.0, 0.0]]
    assert demand.record.empty


def test_orders_beyond_the_calendar_wait_for_the_next_plan() -> None:
    assert planner.forecast(shop(periods=1, booked_orders=booked(("2026-05", 4)))).ledger.empty


figures = st.lists(st.floats(0, 1e6), min_size=4, max_size=4)


@settings(max_examples=200, deadline=None)
@given(figures, figures, figures, figures)
def test_the_total_is_the_larger_of_forecast_and_orders_and_every_unit_has_one_origin(user, baseline, pipeline, due) -> None:
    sources = {"baseline": np.array([baseline]), "user": np.array([user]), "pipeline": np.array([pipeline])}
    ordered = np.array([due])
    left = consume(sources, ordered)
    forecast = sum(sources.values())
    assert np.allclose(sum(left.values()) + ordered, np.maximum(forecast, ordered))
    assert all((left[origin] >= 0).all() and (left[origin] <= sources[origin]).all() for origin in sources)


@settings(max_examples=6, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["2025-11", "2026-01", "2026-02", "2026-03"]), st.floats(0.5, 60)), max_size=5))
def test_ledger_quantiles_and_plan_agree_on_the_total_whatever_is_booked(lines) -> None:
    history = orders(20 + 5 * np.random.default_rng(8).normal(size=30))
    demand = planner.forecast(shop(periods=3, order_history=history, booked_orders=booked(*lines)))
    keys = ["item", "market", "period"]
    total = demand.ledger.groupby(keys)["quantity"].sum()
    assert np.allclose(total, demand.quantiles.set_index(keys)["mean"].loc[total.index])
    planned = demand.planned.set_index(keys)
    assert np.allclose(total, planned.sum(axis=1).loc[total.index])
    assert planned["booked"].sum() == pytest.approx(sum(quantity for _, quantity in lines))
    levels = demand.quantiles[["q05", "q10", "q25", "q50", "q75", "q90", "q95"]].to_numpy()
    assert (np.diff(levels, axis=1) >= -1e-9).all()
