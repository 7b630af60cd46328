"""A pegged plan: what serves what at what cost, by hand and on scenarios of every feature."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

import planner
from planner.model.cost_terms import COST_TERMS
from planner.plan.pegging import Pegging, peg
from planner.plan.pegging.flows import OWN_COSTS
from planner.plan.pegging.landed import SHARED, UNLAID
from tests.model.plants import plant, table, works
from tests.model.random_scenarios import random_scenario

SEEDS = (1, 13, 21)
SCENARIOS = {"works": works()} | {f"random {seed}": random_scenario(seed) for seed in SEEDS}

MADE_AHEAD = plant(
    [4, 12], items=table("item", ("bike",), ("frame",)),
    # 10 starts a period give 8 good bikes, each of two frames at 5
    routings=table("item site routing unit_cost yield_rate capacity", ("bike", "plant", "line", 10, 0.8, 10)),
    bill_of_materials=table("parent component quantity_per", ("bike", "frame", 2)),
    sourcing=table("item supplier site unit_cost", ("frame", "arvo", "plant", 5)),
    inventory=table("item site holding_cost", ("bike", "plant", 1)))


def pegged(scenario: dict[str, Any]) -> Pegging:
    return planner.solve(planner.load_scenario(scenario)).pegging()


@pytest.fixture(scope="module")
def ahead() -> Pegging:
    return pegged(MADE_AHEAD)


def test_every_cost_is_laid_on_flows_or_declared_to_be_for_none() -> None:
    laid = [*OWN_COSTS, *UNLAID, *(term for shared in SHARED for term in shared.terms)]
    assert sorted(laid) == sorted([*COST_TERMS, "setups"])  # setups are of a routing, or shared by a family


def test_a_delivery_costs_what_is_spent_for_it(ahead: Pegging) -> None:
    costs = ahead.landed_costs.set_index("period")
    # January: 4 good of 5 started: 5 x 10 and 10 frames at 5 = 100. March has 8 of its own: 200, and 4 of
    # January: 100, kept for 4.
    assert costs["cost"].round(6).tolist() == [100, 304]
    assert costs["unit_cost"].round(6).tolist() == [25, round(304 / 12, 6)]
    assert costs["holding"].round(6).tolist() == [0, 4]


def test_a_delivery_is_served_through_stock_from_the_period_before(ahead: Pegging) -> None:
    served = ahead.serving(period="2026-02")
    flows = served.flows.assign(period=served.flows["period"].astype("str"))
    told = {(row.level, row.kind, row.item, row.period): (round(row.quantity, 6), round(row.cost, 6))
            for row in flows.itertuples(index=False)}
    assert told == {
        (0, "production", "bike", "2026-01"): (5, 50), (0, "production", "bike", "2026-02"): (10, 100),
        (0, "stock", "bike", "2026-01"): (4, 4), (0, "shipment", "bike", "2026-02"): (12, 0),
        (1, "purchase", "frame", "2026-01"): (10, 50), (1, "purchase", "frame", "2026-02"): (20, 100)}
    assert served.costs.sum() == pytest.approx(304)


def test_what_depends_on_a_supplier_is_all_that_needs_its_parts() -> None:
    # 10 bikes of a frame each: 4 frames come from arvo, which is cheaper, the rest from borea.
    scenario = plant(
        [10], items=table("item price", ("bike", 50), ("frame", 0), ("wheel", 0)),
        routings=table("item site routing unit_cost", ("bike", "plant", "line", 1)),
        bill_of_materials=table("parent component quantity_per", ("bike", "frame", 1), ("bike", "wheel", 2)),
        sourcing=table("item supplier site unit_cost capacity", ("frame", "arvo", "plant", 5, 4),
                       ("frame", "borea", "plant", 9, None), ("wheel", "cima", "plant", 1, None)))
    pegging = pegged(scenario)
    arvo, cima = pegging.depending(supplier="arvo"), pegging.depending(supplier="cima")
    assert arvo.deliveries[["amount", "dependent", "revenue"]].to_numpy().round(6).tolist() == [[4, 4, 200]]
    assert cima.deliveries[["amount", "dependent", "revenue"]].to_numpy().round(6).tolist() == [[20, 10, 500]]


def test_a_work_center_is_followed_by_its_hours() -> None:
    scenario = MADE_AHEAD | {
        "work_centers": table("site work_center hour_cost", ("plant", "press", 3)),
        "routing_steps": table("item site routing work_center hours_per_unit", ("bike", "plant", "line", "press", 0.5))}
    found = pegged(scenario).depending(work_center="press", period="2026-01")
    # 10 started in January take 5 hours; half of them is for the bikes of January.
    assert found.unit == "hours"
    assert found.deliveries["amount"].round(6).tolist() == [2.5, 2.5]
    assert found.deliveries["dependent"].round(6).tolist() == [4, 4]


@pytest.fixture(scope="module", params=["bicycles", *SCENARIOS])
def any_pegging(request: pytest.FixtureRequest) -> Pegging:
    """Lots, yields, rework, lead times, crews and several sites, each in some scenario."""
    if request.param == "bicycles":
        found: planner.Plan = request.getfixturevalue("plan")
        return found.pegging()
    return pegged(SCENARIOS[request.param])


@pytest.mark.parametrize("rule", ["oldest_first", "latest_first"])
def test_costs_add_up_to_those_of_the_plan(any_pegging: Pegging, rule: Any) -> None:
    plan = any_pegging.books.plan
    ends = peg(plan, rule=rule).costs_by_end
    amounts = plan.tables["costs"].groupby("cost")["amount"].sum()
    assert ends.sum(axis="columns").to_dict() == pytest.approx(amounts.to_dict(), rel=1e-9, abs=1e-6)
    assert ends["rounding"].abs().sum() <= 1e-6 * amounts.abs().sum()
    assert set(ends.index[ends["unlaid"].abs() > 1e-6]) <= {*UNLAID, "wages", "hiring", "separation", "sites",
                                                          "capacity_options", "setups", "ordering"}


@pytest.mark.parametrize("rule", ["oldest_first", "latest_first"])
def test_every_flow_ends_in_deliveries_or_in_stock(any_pegging: Pegging, rule: Any) -> None:
    pegging = peg(any_pegging.books.plan, rule=rule)
    stays = np.zeros(pegging.graph.nodes)
    stays[pegging.graph.stays["node"].to_numpy(np.int64)] = 1.0
    kept = pegging.graph.share_ending_in(stays)[: len(pegging.flows.coming)]
    sold = pegging.shares_of([np.ones(len(pegging.flows.deliveries), dtype=bool)])[:, 0]
    real = pegging.flows.coming["arriving"].to_numpy() > 1e-4
    assert (kept + sold)[real] == pytest.approx(1.0, abs=1e-5)


def test_all_that_serves_is_what_the_tables_say_and_the_parts_are_the_whole(any_pegging: Pegging) -> None:
    plan, served = any_pegging.books.plan, any_pegging.serving()
    sales = plan.tables["sales"]
    delivered = float((sales["delivered_on_time"] + sales["delivered_late"]).sum())
    assert served.deliveries["quantity"].sum() == pytest.approx(delivered, abs=1e-4)
    markets = any_pegging.books.scenario["markets"]["market"]
    to_markets = served.flows[(served.flows["kind"] == "shipment") & served.flows["site"].isin(markets)]
    assert to_markets["quantity"].sum() == pytest.approx(delivered, abs=1e-4)
    assert served.flows["cost"].sum() == pytest.approx(served.costs.sum(), rel=1e-6, abs=1e-6)
    assert served.deliveries["cost"].sum() == pytest.approx(served.costs.sum(), rel=1e-9, abs=1e-6)
    by_item = [any_pegging.serving(item=item).flows for item in served.deliveries["item"].unique()]
    parts = pd.concat(by_item)["cost"].sum() if by_item else 0.0
    assert parts == pytest.approx(served.flows["cost"].sum(), rel=1e-6, abs=1e-6)


def test_what_depends_holds_all_of_its_sources(any_pegging: Pegging) -> None:
    found = any_pegging.depending(kind="purchase")
    ends = found.deliveries["amount"].sum() + found.stays["amount"].sum()
    assert ends == pytest.approx(found.sources["amount"].sum(), rel=1e-6, abs=1e-4)
    assert (found.deliveries["dependent"] <= found.deliveries["quantity"] + 1e-9).all()
