"""What a forecast has made of the past is taken over by a what-if where its past is the same, and nowhere else:
the demand is to the byte what it is when all is forecast anew.
"""

from dataclasses import fields

import numpy as np
import pandas as pd
import pytest

from planner.demand.demand import Demand, make_demand
from planner.demand.what_is_read import SUPPLY_TABLES, unread_tables
from planner.plan.resolving import demand_of_what_if
from planner.scenario.schema import TABLES
from tests.demand.shops import orders, shop

DAYS = pd.date_range("2024-01-03", "2025-12-20", periods=90)


def deals():
    """Every third won a month later, every third lost, the last ones open; by amount, so that prices count."""
    rows = []
    for place, day in enumerate(DAYS):
        outcome, closed = ("won", "lost", "lost")[place % 3], day + pd.Timedelta(days=30)
        rows.append({"opportunity": f"d{place}", "item": "bike", "market": "north", "amount": 400.0, "stage": "offer",
                     "created": str(day.date()),
                     **({"outcome": outcome, "closed": str(closed.date())} if closed < DAYS[-1] else {"outcome": "open"})})
    return rows


def won_orders():
    return [{"date": row["closed"], "item": "bike", "market": "north", "quantity": 4.0, "opportunity": row["opportunity"]}
            for row in deals() if row["outcome"] == "won"]


@pytest.fixture(scope="module")
def scenario():
    wave = 5 * np.sin(np.arange(30) * np.pi / 6)
    return shop(
        periods=4, items=("bike", "cart"), markets=("north", "south"), regions={"north": "up"},
        forecast={"backtest_origins": 1},
        order_history=[*orders(30 + wave), *won_orders(), *orders(20 - wave, item="cart", market="south")],
        opportunities=deals(), stockouts=[{"item": "cart", "market": "south", "from": "2024-10-01", "to": "2024-10-31"}],
        forecast_overrides=[{"item": "cart", "period": "2025-12", "percent": 50, "entered": "2025-11-10"}],
        forecast_streams=[{"item": "cart", "market": "south", "period": "2025-12", "stream": "sales", "quantity": 40,
                           "entered": "2025-11-20"}],
        prices=[{"item": "bike", "market": "north", "price": 100.0}],
        booked_orders=[{"order": "o1", "market": "north", "item": "bike", "quantity": 7, "due": "2026-02-10"}],
        sales_targets=[{"target": "year", "measure": "units", "quantity": 50}])


@pytest.fixture(scope="module")
def demand(scenario):
    return make_demand(scenario)


SAME_PAST = {
    "an override of today": {"forecast_overrides": [{"add": [{"period": "2026-02", "percent": 10}]}]},
    "an override of what nobody sold": {"forecast_overrides": [
        {"add": [{"item": "cart", "market": "north", "period": "2026-02", "quantity": 9}]}]},
    "a booked order": {"booked_orders": [{"where": {"order": "o1"}, "set": {"quantity": 90, "due": "2026-03-10"}}]},
    "the quantile planned on": {"settings": {"forecast": {"plan_on": 0.9, "quantile_of": "total"}}},
    "what orders use up": {"settings": {"forecast": {"consume_backward": 1, "consume_forward": 1}}},
    "a price of no deal": {"prices": [{"add": [{"item": "cart", "market": "south", "price": 80}]}]},
    "a standard cost": {"items": [{"where": {}, "set": {"standard_cost": 40}}]},
    "a target": {"sales_targets": [{"where": {}, "set": {"quantity": 70}}]},
}
OTHER_PAST = {
    "orders": {"order_history": [{"where": {"item": "cart"}, "multiply": {"quantity": 1.1}}]},
    "deals": {"opportunities": [{"where": {"outcome": "open"}, "multiply": {"amount": 2}}]},
    "the price of deals": {"prices": [{"where": {"item": "bike"}, "set": {"price": 200}}]},
    "an override of last year": {"forecast_overrides": [{"where": {"item": "cart"}, "set": {"percent": 10}}]},
    "a stream": {"forecast_streams": [{"where": {}, "set": {"quantity": 60}}]},
    "lanes where something was out of stock": {"lanes": [{"remove": {"destination": "south"}}]},
    "a stockout": {"stockouts": [{"where": {}, "set": {"market": "north"}}]},
    "what the user brings": {"demand": [{"add": [{"item": "cart", "market": "south", "period": "2026-01", "quantity": 5}]}]},
    "a launch": {"lifecycles": [{"add": [{"item": "cart", "market": "north", "like_item": "bike", "launch": "2026-01"}]}]},
    "a family": {"items": [{"where": {"item": "cart"}, "set": {"family": "frames"}}]},
    "a setting": {"settings": {"forecast": {"outliers": "keep"}}},
    "the seed": {"settings": {"solver": {"seed": 7}}},
}


def assert_same(one: Demand, other: Demand) -> None:
    for field in fields(Demand):
        if field.name not in ("groundwork", "sampled", "backtests", "history"):
            here, there = getattr(one, field.name), getattr(other, field.name)
            assert here.equals(there) if isinstance(here, pd.DataFrame) else here == there, field.name
    assert one.past_forecasts.equals(other.past_forecasts)
    assert one.draws(3, seed=1).equals(other.draws(3, seed=1))


@pytest.mark.parametrize("what", [*SAME_PAST, *OTHER_PAST])
def test_a_what_if_has_the_demand_that_it_has_alone(scenario, demand, what):
    changed = scenario.changed((SAME_PAST | OTHER_PAST)[what])
    taken_over = demand_of_what_if(changed, demand)
    assert_same(taken_over, make_demand(changed))
    is_taken_over = taken_over.groundwork.expectation is demand.groundwork.expectation
    assert is_taken_over == (what in SAME_PAST)


def test_a_change_of_supply_leaves_the_demand_as_it_is(scenario, demand):
    dearer = scenario.changed({"sourcing": [{"where": {}, "multiply": {"unit_cost": 2}}]})
    assert demand_of_what_if(dearer, demand) is demand


def test_what_no_demand_depends_on_is_supply_and_what_is_promised(scenario):
    assert unread_tables(scenario) == SUPPLY_TABLES - {"lanes"}
    assert {TABLES[name].area for name in set(TABLES) - SUPPLY_TABLES} <= {"master", "sales", "contingency"}
