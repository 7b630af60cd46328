"""What is frozen stays as it was agreed, and what may change has its price."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import planner
from planner.demand.demand import make_demand
from planner.model.build import build_model
from planner.model.solver.matrix import compile_model
from planner.scenario.load import load_scenario
from tests.model.agreed import going_on, held, write_agreed
from tests.model.audited import bill as audited_bill, planned
from tests.model.plants import BOUGHT, MADE, NO_STOCK, bill, decided, month, plant, solve, table, total
from tests.model.random_scenarios import random_scenario
from tests.model.reference import assert_same_as_pyomo

HOLDING = table("item site holding_cost", ("bike", "plant", 1))
BIKES = ("bike", "arvo", "plant")
HAND = [*MADE, *table("item site routing unit_cost", ("bike", "plant", "hand", 1))]
DEPOT: dict[str, Any] = {
    "sites": table("site", ("plant",), ("depot",)),
    "lanes": table("origin destination mode unit_cost", ("plant", "depot", "truck", 2), ("depot", "north", "van", 1)),
    "inventory": table("item site holding_cost", ("bike", "plant", 1), ("bike", "depot", 1)),
}
CREW: dict[str, Any] = {
    "routings": MADE,
    "routing_steps": table("item site routing work_center hours_per_unit", ("bike", "plant", "line", "weld", 1)),
    "work_centers": table("site work_center labor_pool", ("plant", "weld", "smiths")),
    "labor_pools": table("site labor_pool headcount hours_per_worker wage hire_cost separation_cost",
                         ("plant", "smiths", 1, 10, 50, 5, 5)),
}


@pytest.fixture
def ten_a_month(tmp_path: Path) -> Path:
    """Ten bikes are ordered in each month."""
    return write_agreed(tmp_path / "plan", {"purchased": [(*BIKES, number, 10) for number in (1, 2, 3)]})


def test_what_is_ordered_in_a_frozen_period_is_what_was_agreed(ten_a_month: Path) -> None:
    plan = planned(going_on(plant([4, 10], sourcing=BOUGHT, inventory=HOLDING), ten_a_month, frozen=1))
    assert held(plan, "purchased") == {(*("bike", "plant", "arvo"), month(1)): (10, 10),
                                       (*("bike", "plant", "arvo"), month(2)): (10, 4)}
    assert audited_bill(plan) == {"purchase": 14 * 10, "holding": 6 * 1}  # 6 of the 10 wait a month
    prices = plan.tables["shadow_prices"]
    # a unit more in January would wait a month, too
    assert prices.loc[prices["constraint"] == "frozen_purchases", "shadow_price"].round(6).tolist() == [1]


def test_nothing_is_ordered_where_nothing_was_agreed_and_customers_wait(tmp_path: Path) -> None:
    nothing = write_agreed(tmp_path / "plan", {})
    plan = solve(going_on(plant([3, 10], sourcing=BOUGHT), nothing, frozen=1))
    assert decided(plan, "purchased", "period") == {2: 13}
    assert bill(plan) == {"purchase": 130, "backorders": 60}  # 3 wait a month at 20


@pytest.mark.parametrize("mode", ["targets_first", "profit"])
def test_what_is_frozen_comes_before_customers_in_every_mode(mode: str, tmp_path: Path) -> None:
    nothing = write_agreed(tmp_path / "plan", {})
    plan = solve(going_on(plant([3, 10], mode=mode, sourcing=BOUGHT, items=table("item price", ("bike", 50)),
                                service_terms=table("lost_sale_cost max_lateness", (100, 0))), nothing, frozen=1))
    assert total(plan, "lost") == 3


def test_what_is_started_is_held_on_every_routing_by_itself(tmp_path: Path) -> None:
    was = write_agreed(tmp_path / "plan", {"production": [("bike", "plant", "line", 1, 10)]})
    plan = solve(going_on(plant([10, 10], routings=HAND), was, frozen=1))
    # By hand a bike costs 1, on the line 10: ten are made there in January all the same.
    assert decided(plan, "production", "period", routing="line") == {1: 10}
    assert bill(plan) == {"production": 10 * 10 + 10 * 1}


def test_lead_time_and_yield_count_what_is_started(tmp_path: Path) -> None:
    slow = table("item site routing unit_cost lead_time yield_rate", ("bike", "plant", "line", 10, 1, 0.5))
    was = write_agreed(tmp_path / "plan", {"production": [("bike", "plant", "line", 1, 20)]})
    plan = solve(going_on(plant([0, 4, 0], routings=slow, inventory=HOLDING), was, frozen=1))
    # 10 of the 20 come out good in February; 6 are left for two months.
    assert bill(plan) == {"production": 200, "holding": 12}


def test_what_goes_to_other_sites_is_held_and_what_goes_to_markets_is_not(tmp_path: Path) -> None:
    was = write_agreed(tmp_path / "plan", sites=("plant", "depot"), rows={
        "purchased": [(*BIKES, 1, 10)],
        "shipped": [("plant", "depot", "truck", "bike", 1, 10), ("depot", "north", "van", "bike", 1, 10)]})
    plan = planned(going_on(plant([4, 8], sourcing=BOUGHT, **DEPOT), was, frozen=1))
    assert held(plan, "shipped") == {
        ("bike", "plant", "depot", month(1)): (10, 10), ("bike", "depot", "north", month(1)): (10, 4),
        ("bike", "plant", "depot", month(2)): (0, 2), ("bike", "depot", "north", month(2)): (0, 8)}
    table_ = plan.tables["stability"]
    assert table_.loc[table_["frozen"] == 1, "measure"].tolist() == ["shipped", "purchased"]


def test_workers_are_hired_and_let_go_as_agreed(tmp_path: Path) -> None:
    was = write_agreed(tmp_path / "plan", {"hired": [("plant", "smiths", 2, 1)], "separated": [("plant", "smiths", 3, 1)],
                                           "production": [("bike", "plant", "line", number, 10) for number in (1, 2, 3)]})
    whole = {**CREW, "labor_pools": [{**CREW["labor_pools"][0], "whole_workers": "yes"}]}
    plan = planned(going_on(plant([10, 10, 10], **whole), was, frozen=3))
    assert plan.tables["workforce"]["headcount"].tolist() == [1, 2, 1]  # although one would do
    assert audited_bill(plan) == {"production": 300, "wages": 200, "hiring": 5, "separation": 5}


def test_a_change_is_not_made_where_it_costs_more_than_it_saves(ten_a_month: Path) -> None:
    costs = table("area cost", ("sourcing", 12))
    plan = solve(going_on(plant([6, 14], sourcing=BOUGHT, inventory=HOLDING), ten_a_month, stability_costs=costs))
    # Four fewer in January and four more in February would cost 8 x 12; they wait a month for 4.
    assert bill(plan) == {"purchase": 200, "holding": 4}


@pytest.mark.parametrize(("cost", "due"), [(2, {"purchase": 50, "stability": 40}), (3, {"purchase": 100})])
def test_an_order_that_moves_to_another_supplier_is_two_changes(cost: float, due: dict[str, float], tmp_path: Path) -> None:
    was = write_agreed(tmp_path / "plan", {"purchased": [(*BIKES, 1, 10)]}, periods=1)
    two = [*BOUGHT, *table("item supplier site unit_cost", ("bike", "borea", "plant", 5))]
    plan = solve(going_on(plant([10], sourcing=two), was, stability_costs=table("area cost", ("sourcing", cost))))
    assert bill(plan) == due  # ten fewer here and ten more there, which saves 5 each


def test_an_item_that_moves_to_another_routing_is_no_change(tmp_path: Path) -> None:
    was = write_agreed(tmp_path / "plan", {"production": [("bike", "plant", "line", 1, 10)]})
    plan = solve(going_on(plant([10], routings=HAND), was, stability_costs=table("area cost", ("production", 1000))))
    assert bill(plan) == {"production": 10}


def test_changes_of_deliveries_and_of_workers_cost(tmp_path: Path) -> None:
    was = write_agreed(tmp_path / "plan", {
        "hired": [("plant", "smiths", 2, 1)], "separated": [("plant", "smiths", 3, 1)],
        "shipped": [("plant", "north", "truck", "bike", number, quantity) for number, quantity in ((1, 10), (2, 20), (3, 10))]})
    costs = table("area cost", ("delivery", 3), ("workforce", 7))
    plan = solve(going_on(plant([10, 10, 10], inventory=NO_STOCK, **CREW), was, stability_costs=costs))
    # Ten fewer leave for the north. Not to hire the worker is two changes at 7, and saves 5 + 5 and a wage of 50.
    assert bill(plan) == {"production": 300, "wages": 150, "stability": 10 * 3 + 2 * 7}


def test_the_most_specific_row_holds_in_the_periods_of_both_plans(tmp_path: Path) -> None:
    was = write_agreed(tmp_path / "plan", {"purchased": [(*BIKES, number, 10) for number in (1, 2)]}, periods=2)
    costs = table("area item site from to cost", ("sourcing", None, None, None, None, 90), ("sourcing", "bike", None, None, None, 2),
                  ("sourcing", "bike", None, month(2), month(2), 4), ("sourcing", None, "plant", None, None, 80))
    dear = table("item site holding_cost", ("bike", "plant", 50))
    plan = planned(going_on(plant([9, 9, 9], sourcing=BOUGHT, inventory=dear), was, stability_costs=costs))
    assert plan.tables["stability"]["stability_cost"].round(6).tolist() == [0, 0, 2, 4]  # of shipments nothing is said
    assert audited_bill(plan)["stability"] == 6
    charged = plan.tables["costs"].query("cost == 'stability'")[["area", "item", "site", "supplier"]]
    assert charged.drop_duplicates().to_numpy().tolist() == [["stability", "bike", "plant", "arvo"]]


def test_more_than_could_be_of_use_is_begun_where_it_was_agreed(tmp_path: Path) -> None:
    # Setups and orders have switches, whose bounds are what could be of use: nothing, since nobody wants a bike. The
    # lots are whole, and the quantities have the solver's rounding.
    was = write_agreed(tmp_path / "plan", {
        "production": [("bike", "plant", "line", 1, 9.9999999)], "purchased": [("frame", "arvo", "plant", 1, 21.0000001)]})
    plan = solve(going_on(plant(
        periods=2, items=table("item", ("bike",), ("frame",)),
        sourcing=table("item supplier site unit_cost order_cost lot_multiple", ("frame", "arvo", "plant", 1, 5, 7)),
        routings=table("item site routing unit_cost setup_cost", ("bike", "plant", "line", 10, 5)),
        bill_of_materials=table("parent component quantity_per", ("bike", "frame", 2))), was, frozen=1))
    assert bill(plan) == {"production": 100, "setups": 5, "purchase": 21, "ordering": 5}


def test_where_nothing_is_frozen_or_charged_the_plan_agreed_on_is_not_even_read(tmp_path: Path) -> None:
    plain, now = (load_scenario({**plant([10], sourcing=BOUGHT), **more}) for more in ({}, {"agreed_plan": str(tmp_path / "gone")}))
    assert now.agreed is None and now.content_hash == plain.content_hash
    one, other = (compile_model(build_model(scenario, make_demand(scenario))) for scenario in (now, plain))
    assert (one.rows.matrix != other.rows.matrix).nnz == 0 and np.array_equal(one.rows.upper, other.rows.upper)


def test_a_random_plant_goes_on_from_its_plan(tmp_path: Path) -> None:
    was = random_scenario(3)
    planner.solve(planner.load_scenario(was)).save(tmp_path / "plan")
    costs = table("area cost", ("sourcing", 1), ("delivery", 0.5), ("production", 2))
    demand = [{**row, "quantity": row["quantity"] + number % 2} for number, row in enumerate(was["demand"])]
    now = load_scenario(going_on(was, tmp_path / "plan", frozen=1, demand=demand, stability_costs=costs))
    assert_same_as_pyomo(now, make_demand(now))
    plan = planner.solve(now)
    assert [str(finding) for finding in planner.audit(plan, now)] == []
    assert plan.tables["stability"]["frozen"].any()
