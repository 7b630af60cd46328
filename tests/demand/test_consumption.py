"""Booked orders use up what was forecast; every unit keeps one origin."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import planner
from planner.demand.consumption import consume
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
    ledger = ledger_of(
        shop(periods=2, order_history=STEADY, booked_orders=booked(("2026-01", 5), ("2026-02", 30)))
    )
    # 20 expected, 5 of them here already
    assert ledger == {("2026-01", "booked"): 5, ("2026-01", "baseline"): 15,
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
    assert ledger_of(scenario) == {
        ("2026-01", "booked"): 8,
        ("2026-01", "user"): 42,
        ("2026-02", "booked"): 25,
    }


def test_a_user_replaces_only_the_item_and_market_named() -> None:
    scenario = shop(
        periods=1,
        markets=("north", "south"),
        order_history=STEADY + orders([20.0] * 24, market="south"),
        demand=[{"item": "bike", "market": "south", "period": "2026-01", "quantity": 1}],
    )
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
def test_the_total_is_the_larger_of_forecast_and_orders_and_every_unit_has_one_origin(
    user, baseline, pipeline, due
) -> None:
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


WINDOWS = {"consume_backward": 1, "consume_forward": 2}


def test_an_order_uses_up_its_own_month_then_those_before_then_those_after() -> None:
    left = consume({"baseline": np.full((1, 5), 10.0)}, np.array([[0, 0, 27.0, 0, 0]]), backward=1, forward=2)
    assert left["baseline"].tolist() == [[10, 0, 0, 3, 10]]  # 10 of March, 10 of February, 7 of April
    far = consume({"baseline": np.full((1, 5), 10.0)}, np.array([[0, 0, 99.0, 0, 0]]), backward=1, forward=2)
    assert far["baseline"].tolist() == [[10, 0, 0, 0, 0]]  # January is out of reach


def test_every_month_uses_up_its_own_forecast_before_another_does() -> None:
    left = consume({"baseline": np.full((1, 3), 10.0)}, np.array([[4.0, 15.0, 8.0]]), backward=1, forward=1)
    # January keeps 10 - 4, of which February's last 5 take theirs
    assert left["baseline"].tolist() == [[1, 0, 2]]


def test_windows_take_the_neighbours_forecast_in_the_ledger_and_in_the_quantiles() -> None:
    history = orders(20 * np.exp(0.2 * np.random.default_rng(5).standard_normal(36)))
    tables = {"periods": 4, "order_history": history, "booked_orders": booked(("2026-02", 35))}
    alone, wide = planner.forecast(shop(**tables)), planner.forecast(shop(**tables, forecast=WINDOWS))
    expected = alone.quantiles["mean"]
    beyond = 35 - planner.forecast(shop(periods=4, order_history=history)).quantiles["mean"].iloc[1]
    assert wide.quantiles["mean"].tolist() == pytest.approx(
        [expected[0] - beyond, 35, expected[2], expected[3]]
    )
    assert wide.quantiles["q90"].iloc[0] == pytest.approx(alone.quantiles["q90"].iloc[0] - beyond)
    assert wide.ledger["quantity"].sum() == pytest.approx(wide.quantiles["mean"].sum())
    assert wide.cumulated["mean"].iloc[3] == pytest.approx(wide.quantiles["mean"].sum())


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0, 50), min_size=4, max_size=4), st.lists(st.floats(0, 90), min_size=4, max_size=4),
       st.integers(0, 5), st.integers(0, 5))
def test_windows_use_up_no_more_than_there_is_and_never_more_than_is_ordered(
    forecast, due, backward, forward
) -> None:
    sources = {"baseline": np.array([forecast]), "pipeline": np.array([forecast[::-1]])}
    left = consume(sources, np.array([due]), backward=backward, forward=forward)
    assert all(
        (left[origin] >= -1e-9).all() and (left[origin] <= sources[origin] + 1e-9).all() for origin in sources
    )
    used = sum(sources[origin].sum() - left[origin].sum() for origin in sources)
    assert used <= sum(due) + 1e-6
    narrow = consume(sources, np.array([due]))
    assert used >= sum(sources[origin].sum() - narrow[origin].sum() for origin in sources) - 1e-6
