"""Orders in sourcing: minimum, cost, whole lots and prices that fall with quantity, worked out by hand."""

import pytest

from tests.model.audited import bill, by_period, planned
from tests.model.plants import plant, table

HOLDING = table("item site holding_cost", ("bike", "plant", 1))


def bought(wanted, columns="", *cells, **tables):
    """Bikes bought at 10 each; a bike in stock at the end of a period costs 1."""
    sources = [
        {"item": "bike", "supplier": "arvo", "site": "plant", "unit_cost": 10} | row
        for row in table(columns, *cells)
    ]
    return plant(wanted, sourcing=sources, inventory=HOLDING, **tables)


def test_without_lumps_everything_is_bought_when_it_is_wanted():
    plan = planned(bought([30, 40], "lead_time", (0,)))
    assert by_period(plan, "sourcing", "purchased") == {1: 30, 2: 40}
    assert by_period(plan, "sourcing", "orders") == {1: 1, 2: 1}


def test_an_order_reaches_its_minimum_and_the_rest_is_kept():
    # At least 50 in an order: 50 in period 1 keep 20 (20), period 2 then lacks 20 and a second order would
    # keep 30 more. One order of 70: 70 x 10 + 40 in stock after period 1 = 740. Two orders: 100 x 10 + ... is
    # dearer.
    plan = planned(bought([30, 40], "moq", (50,)))
    assert by_period(plan, "sourcing", "purchased") == {1: 70}
    assert bill(plan) == {"purchase": 700, "holding": 40}


def test_a_minimum_order_above_all_demand_is_bought_if_losing_sales_costs_more():
    # 120 at 10 = 1,200 and 90 + 50 in stock, against 30 + 40 lost at 100 = 7,000.
    plan = planned(bought([30, 40], "moq", (120,)))
    assert by_period(plan, "sourcing", "purchased") == {1: 120}
    assert bill(plan) == {"purchase": 1200, "holding": 90 + 50}


@pytest.mark.parametrize(("order_cost", "orders"), [(39, {1: 1, 2: 1}), (41, {1: 1})])
def test_orders_are_joined_when_placing_one_costs_more_than_keeping(order_cost, orders):
    # Buying period 2's 40 in period 1 keeps 40 for one period: 40 against the cost of a second order.
    plan = planned(bought([30, 40], "order_cost", (order_cost,)))
    assert by_period(plan, "sourcing", "orders") == orders
    assert bill(plan)["ordering"] == order_cost * len(orders)


def test_orders_come_in_whole_lots():
    # Lots of 25: 30 wanted, then 40. 2 lots, then 1: 20 and 5 left = 25. (1 lot first owes 5 at 20 each.)
    plan = planned(bought([30, 40], "lot_multiple", (25,)))
    assert by_period(plan, "sourcing", "lots") == {1: 2, 2: 1}
    assert bill(plan) == {"purchase": 750, "holding": 20 + 5}


def test_an_order_with_a_cost_may_exceed_what_is_needed_to_fill_its_lots():
    # 70 wanted in all, lots of 50: one order of 2 lots, 100 x 10 + 5 + 70 + 30 in stock.
    plan = planned(bought([30, 40], "lot_multiple order_cost", (50, 500)))
    assert by_period(plan, "sourcing", "purchased") == {1: 100}
    assert bill(plan) == {"purchase": 1000, "ordering": 500, "holding": 70 + 30}


def breaks(kind, *cells):
    return [
        {"supplier": "arvo", "item": "bike", "kind": kind} | row
        for row in table("from_quantity unit_cost", *cells)
    ]


def test_a_price_for_all_units_is_worth_buying_more_than_is_wanted():
    # 90 at 10 = 900; from 100 on every unit costs 8: 100 x 8 + 10 left = 810.
    plan = planned(bought([90], "lead_time", (0,), price_breaks=breaks("all_units", (100, 8))))
    assert by_period(plan, "sourcing", "purchased") == {1: 100}
    assert bill(plan) == {"purchase": 800, "holding": 10}


def test_an_incremental_price_holds_for_the_units_beyond_its_quantity():
    # 150 in one order: 100 x 10 + 50 x 6 = 1,300 + 50 in stock for one period, against 1,500 one by one.
    plan = planned(bought([100, 50], "lead_time", (0,), price_breaks=breaks("incremental", (100, 6))))
    assert by_period(plan, "sourcing", "purchased") == {1: 150}
    assert bill(plan) == {"purchase": 1300, "holding": 50}


def test_of_several_breaks_the_one_in_which_the_quantity_lies_sets_the_price():
    # 60: below 50 at 12, from 50 at 9, from 100 at 8.5. 60 x 9 = 540; 100 x 8.5 + 40 left = 890.
    plan = planned(
        bought([60], "lead_time", (0,), price_breaks=breaks("all_units", (0, 12), (50, 9), (100, 8.5)))
    )
    assert bill(plan) == {"purchase": 540}


def test_a_tier_that_capacity_cannot_reach_is_not_used():
    plan = planned(bought([90], "capacity", (95,), price_breaks=breaks("all_units", (100, 1))))
    assert bill(plan) == {"purchase": 900}


def test_scrap_at_inspection_is_bought_on_top_within_the_bounds_of_lots():
    # A quarter is scrapped: 100 bought for 75 wanted, although the order is a lump with a bound.
    plan = planned(
        bought([75], "order_cost", (1,), inspections=table("item site defect_rate", ("bike", "plant", 0.25)))
    )
    assert by_period(plan, "sourcing", "purchased") == {1: 100}
