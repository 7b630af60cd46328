"""The demand review: sums that are those of the forecast, intervals of sums, and what a plan folder keeps of it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import planner
from planner.demand.demand import Demand
from planner.plan.demand_review import REVIEW_TABLES, DemandReview, review_of
from planner.plan.plan import Plan
from planner.scenario.scenario import Scenario

ITEMS = [{"item": "city", "family": "bikes", "price": 500.0}, {"item": "cargo", "family": "freight", "price": 2000.0}]
MARKETS = [{"market": "north", "region": "europe"}, {"market": "south", "region": "europe"}]


def history() -> list[dict[str, object]]:
    """Three years of orders that differ from month to month, the cargo bike in the north only."""
    noise = np.random.default_rng(1)
    months = pd.period_range("2023-01", "2025-12", freq="M")
    places = (("city", "north", 90), ("city", "south", 40), ("cargo", "north", 20))
    return [{"date": f"{month}-15", "item": item, "market": market, "quantity": float(noise.poisson(mean))}
            for item, market, mean in places for month in months]


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return planner.load_scenario({
        "name": "Two families", "calendar": {"start": "2026-01", "periods": 4}, "objective": {"mode": "cost"},
        "items": ITEMS, "sites": [{"site": "plant"}], "markets": MARKETS, "order_history": history(),
        "sales_targets": [{"target": "bikes", "measure": "units", "family": "bikes", "quantity": 300,
                           "from": "2026-01", "to": "2026-02"}],
        "forecast_overrides": [{"item": "cargo", "market": "north", "period": "2026-02", "quantity": 50,
                                "reason": "a tender is won", "author": "Ines", "entered": "2025-12-20"}],
        "sourcing": [{"item": item["item"], "supplier": "arvo", "site": "plant", "unit_cost": 100} for item in ITEMS],
        "lanes": [{"origin": "plant", "destination": market["market"], "mode": "truck", "unit_cost": 5}
                  for market in MARKETS],
        "service_terms": [{"lost_sale_cost": 5000}]})


@pytest.fixture(scope="module")
def demand(scenario: Scenario) -> Demand:
    return planner.forecast(scenario)


@pytest.fixture(scope="module")
def review(scenario: Scenario, demand: Demand) -> DemandReview:
    return review_of(demand, scenario)


def test_families_regions_and_everything_add_up_to_the_forecast(review: DemandReview, demand: Demand) -> None:
    expected = review["expected"]
    for level in ("all", "family", "region"):
        own = expected[expected["level"] == level]
        assert own["quantity"].sum() == pytest.approx(demand.quantiles["mean"].sum())
    assert review["origins"]["quantity"].sum() == pytest.approx(demand.ledger["quantity"].sum())


def test_a_value_is_a_quantity_at_its_price(review: DemandReview) -> None:
    bikes = review["expected"].query("name == 'bikes'")
    assert bikes["value"].to_list() == pytest.approx((500.0 * bikes["quantity"]).to_list())
    assert bikes["high_value"].to_list() == pytest.approx((500.0 * bikes["high"]).to_list())


def test_the_interval_of_a_sum_is_narrower_than_the_sum_of_intervals(review: DemandReview, demand: Demand) -> None:
    # city sells in two markets whose errors are not the same: together they are surer than one by one
    rows = demand.quantiles[demand.quantiles["item"] == "city"]
    apart = float((rows["q90"] - rows["q10"]).sum())
    bikes = review["expected"].query("name == 'bikes'")
    assert 0 < float((bikes["high"] - bikes["low"]).sum()) < apart
    assert (bikes["low"] <= bikes["high"]).all()


def test_a_target_has_the_demand_of_its_scope_and_span(review: DemandReview) -> None:
    bikes = review["expected"].query("name == 'bikes'").head(2)  # January and February
    target = review["targets"].iloc[0]
    assert target["demand"] == pytest.approx(bikes["quantity"].sum())
    assert bikes["low"].sum() < target["low"] < target["demand"] < target["high"] < bikes["high"].sum()


def test_accuracy_is_that_of_past_forecasts(review: DemandReview, demand: Demand) -> None:
    past = demand.past_forecasts.query("lag == 1 and item == 'city'")
    own = review["accuracy"].query("lag == 1 and family == 'bikes' and method == 'seasonal_naive'")
    assert own["actual"].sum() == pytest.approx(past["actual"].sum())
    assert own["error"].sum() == pytest.approx((past["seasonal_naive"] - past["actual"]).abs().sum())
    assert set(review["accuracy"]["lag"]) <= {1, 2, 3}


def test_what_people_changed_is_told_with_its_reason(review: DemandReview) -> None:
    only = review["overrides"].to_dict("records")
    assert [(row["item"], row["reason"], row["author"], str(row["from"]), row["after"]) for row in only] == [
        ("cargo", "a tender is won", "Ines", "2026-02", 50.0)]


def test_a_plan_folder_keeps_the_review(scenario: Scenario, demand: Demand, review: DemandReview,
                                        tmp_path: Path) -> None:
    plan = planner.solve(scenario, demand)
    plan.save(tmp_path / "plan")
    saved = Plan.load(tmp_path / "plan").demand_review
    assert saved is not None
    for name in REVIEW_TABLES:
        pd.testing.assert_frame_equal(saved[name], review[name], check_dtype=False, check_freq=False,
                                      check_column_type=False)


def test_a_plan_without_its_forecast_has_no_review(scenario: Scenario, demand: Demand, tmp_path: Path) -> None:
    plan = replace(planner.solve(scenario, demand), demand=None)
    plan.save(tmp_path / "plan")
    assert not (tmp_path / "plan" / "demand").exists()
    assert Plan.load(tmp_path / "plan").demand_review is None
