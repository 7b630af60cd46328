"""What people change is done, kept apart and kept on file."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import planner
from planner.demand.judgement.overrides import split
from tests.demand.shops import orders, shop

HISTORY = orders([30.0] * 48) + orders([10.0] * 48, market="south")


def changed(*overrides: dict, **tables):
    """Demand of January with these overrides of bikes; the forecast is 30 in north and 10 in south."""
    rows = [{"item": "bike", "period": "2026-01", **override} for override in overrides]
    return planner.forecast(
        shop(periods=1, markets=("north", "south"), order_history=HISTORY, forecast_overrides=rows, **tables)
    )


def units(demand) -> dict[tuple[str, str], float]:
    return {(row.market, row.origin): round(row.quantity, 6) for row in demand.ledger.itertuples()}


def test_what_is_added_has_its_own_origin() -> None:
    assert units(changed({"market": "north", "quantity": 36})) == {
        ("north", "baseline"): 30, ("north", "override"): 6, ("south", "baseline"): 10}


def test_what_is_taken_comes_off_the_forecast() -> None:
    demand = changed({"market": "north", "percent": -20})
    assert units(demand) == {("north", "baseline"): 24, ("south", "baseline"): 10}
    assert demand.quantiles.set_index("market")["q90"].round(6).to_dict() == {"north": 24, "south": 10}


def test_a_quantity_for_all_markets_is_divided_by_their_forecast() -> None:
    demand = changed({"quantity": 80})
    totals = demand.quantiles.set_index("market")["mean"].round(6).to_dict()
    assert totals == {"north": 60, "south": 20}  # 80 x 30/40 and 80 x 10/40


def test_overrides_hold_in_the_order_in_which_they_were_entered_and_stay_on_file() -> None:
    demand = changed(
        {"market": "north", "percent": 10, "entered": "2025-12-20", "reason": "fair", "author": "Ann"},
        {
            "market": "north",
            "quantity": 50,
            "entered": "2025-12-10",
            "reason": "order in sight",
            "author": "Bob",
        },
    )
    assert units(demand)["north", "override"] == 25  # 50 first, then 10 % more: 55 against 30
    kept = demand.adjustments[["before", "after", "reason", "author"]].round(6).to_numpy().tolist()
    assert kept == [[30.0, 50.0, "order in sight", "Bob"], [50.0, 55.0, "fair", "Ann"]]


def test_an_override_entered_after_the_day_of_the_forecast_is_not_known() -> None:
    demand = changed({"quantity": 80, "entered": "2026-01-05"})
    assert demand.adjustments.empty
    assert units(demand) == {("north", "baseline"): 30, ("south", "baseline"): 10}


def test_an_item_without_any_forecast_can_be_given_one() -> None:
    override = {"item": "bike", "market": "north", "period": "2026-01", "quantity": 7}
    demand = planner.forecast(shop(periods=1, forecast_overrides=[override]))
    assert units(demand) == {("north", "override"): 7}
    assert demand.quantiles[["q05", "q95"]].to_numpy().tolist() == [[7.0, 7.0]]


def test_what_the_user_brings_is_not_overridden() -> None:
    brought = [{"item": "bike", "market": "north", "period": "2026-01", "quantity": 99}]
    demand = changed({"percent": 50}, demand=brought)
    assert units(demand) == {("north", "user"): 99, ("south", "baseline"): 10, ("south", "override"): 5}


cells = st.lists(st.floats(0, 1e6), min_size=3, max_size=3)


@settings(max_examples=200, deadline=None)
@given(cells, cells, cells)
def test_an_override_never_counts_a_unit_twice(baseline, pipeline, after) -> None:
    origins = {"baseline": np.array([baseline]), "pipeline": np.array([pipeline])}
    before, wanted = origins["baseline"] + origins["pipeline"], np.array([after])
    parts = split(origins, before, wanted)
    assert np.allclose(np.sum(list(parts.values()), axis=0), wanted)
    assert all((part >= 0).all() for part in parts.values())
    assert pytest.approx(0) == (parts["override"] * (wanted <= before)).sum()


def several(*overrides: dict):
    """Demand of January of two items of a family and one of another, in two regions: 30 and 10 wheels, 20
    trikes, 40 tools.
    """
    rows = [{"period": "2026-01", **override} for override in overrides]
    history = HISTORY + orders([20.0] * 24, item="trike") + orders([40.0] * 24, item="tool", market="south")
    return planner.forecast(shop(
        periods=1, items=("bike", "trike", "tool"), families={"tool": "gear"}, markets=("north", "south"),
        regions={"north": "cold", "south": "warm"}, order_history=history, forecast_overrides=rows))


def means(demand) -> dict[tuple[str, str], float]:
    return {(row.item, row.market): round(row.mean, 6) for row in demand.quantiles.itertuples()}


@pytest.mark.parametrize(("override", "expected"), [
    ({"family": "wheels", "quantity": 120}, {("bike", "north"): 60, ("bike", "south"): 20, ("trike", "north"): 40,
                                             ("tool", "south"): 40}),  # 30, 10 and 20 doubled
    ({"region": "warm", "percent": 10}, {("bike", "north"): 30, ("bike", "south"): 11, ("trike", "north"): 20,
                                         ("tool", "south"): 44}),
    ({"family": "wheels", "region": "cold", "quantity": 100}, {("bike", "north"): 60, ("bike", "south"): 10,
                                                               ("trike", "north"): 40, ("tool", "south"): 40}),
    ({"percent": -50}, {("bike", "north"): 15, ("bike", "south"): 5, ("trike", "north"): 10, ("tool", "south"): 20})])
def test_an_override_holds_at_any_level_and_is_divided_by_share(override, expected) -> None:
    assert means(several(override)) == expected
