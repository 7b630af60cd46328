"""Setups, minimum lots, multiples, families and carry-over in production, worked out by hand."""

import pytest

from tests.model.audited import bill, by_period, planned
from tests.model.plants import plant, table, wanting

HOLDING = table("item site holding_cost", ("bike", "plant", 1))


def made(wanted, columns, *cells, **tables):
    """Bikes made at 10 each; a bike in stock at the end of a period costs 1."""
    routings = [
        {"item": "bike", "site": "plant", "routing": "line", "unit_cost": 10} | row
        for row in table(columns, *cells)
    ]
    return plant(wanted, **{"routings": routings, "inventory": HOLDING} | tables)


@pytest.mark.parametrize(("setup_cost", "setups"), [(39, {1: 1, 2: 1}), (41, {1: 1})])
def test_lots_are_joined_when_a_setup_costs_more_than_keeping(setup_cost, setups):
    # Making period 2's 40 in period 1 keeps 40 for one period: 40 against the cost of a second setup.
    plan = planned(made([30, 40], "setup_cost", (setup_cost,)))
    assert by_period(plan, "production", "setups") == setups
    assert bill(plan)["setups"] == setup_cost * len(setups)


def test_a_lot_reaches_its_minimum():
    # At least 50: 70 at once, 40 kept, is cheaper than 50 + 50 = 300 more.
    plan = planned(made([30, 40], "min_lot", (50,)))
    assert by_period(plan, "production", "production") == {1: 70}
    assert bill(plan) == {"production": 700, "holding": 40}


def test_starts_are_whole_lots():
    plan = planned(made([30, 40], "lot_multiple", (25,)))
    assert by_period(plan, "production", "lots") == {1: 2, 2: 1}  # 50, then 25: 20 and 5 left
    assert bill(plan) == {"production": 750, "holding": 25}


def test_a_minimum_lot_between_two_multiples_means_the_next_multiple():
    # At least 50 in lots of 40 is 80, for 10 wanted: 800 + 70 left, against 10 lost at 100 = 1,000.
    plan = planned(made([10], "min_lot lot_multiple", (50, 40)))
    assert by_period(plan, "production", "production") == {1: 80}


STEP = table(
    "item site routing work_center hours_per_unit setup_hours", ("bike", "plant", "line", "weld", 1, 10)
)


def welded(wanted, columns, *cells, **tables):
    centers = [{"site": "plant", "work_center": "weld"} | row for row in table(columns, *cells)]
    return made(wanted, "lead_time", (0,), routing_steps=STEP, work_centers=centers, **tables)


def test_setup_time_is_taken_from_the_hours_of_the_work_center():
    # 40 hours a month: 10 to set up, 30 to weld. 30 wanted then 30: both months are full.
    plan = planned(welded([30, 30], "available_hours", (40,)))
    assert by_period(plan, "capacity", "load_hours") == {1: 40, 2: 40}
    assert by_period(plan, "capacity", "setup_hours") == {1: 10, 2: 10}
    assert bill(plan) == {"production": 600}


def test_what_setup_time_leaves_no_hours_for_is_lost():
    plan = planned(welded([35], "available_hours", (40,)))
    assert bill(plan) == {"production": 300, "lost_sales": 500}  # 5 of 35 at 100


def test_a_kept_setup_takes_neither_time_nor_money_again():
    # 40 hours: with the setup kept, period 2 has all 40 for welding.
    plan = planned(welded([30, 40], "available_hours setup_carryover", (40, "yes")))
    assert by_period(plan, "production", "setups") == {1: 1}
    assert by_period(plan, "production", "carried") == {2: 1}
    assert bill(plan) == {"production": 700}


def two_items(carryover):
    """Bikes and trikes on one work center, 5 hours to set up for either, 25 hours a month, 10 of each wanted
    in each month.
    """
    pairs = ("bike", "trike")
    return plant(
        items=table("item", *((item,) for item in pairs)),
        periods=3,
        demand=[row for item in pairs for row in wanting([10, 10, 10], item=item)],
        routings=table("item site routing setup_cost", *((item, "plant", "line", 7) for item in pairs)),
        routing_steps=table(
            "item site routing work_center hours_per_unit setup_hours",
            *((item, "plant", "line", "weld", 1, 5) for item in pairs),
        ),
        inventory=table("item site max_inventory", *((item, "plant", 0) for item in pairs)),
        work_centers=table(
            "site work_center available_hours setup_carryover", ("plant", "weld", 30, carryover)
        ),
    )


def test_a_work_center_keeps_one_setup_at_a_time():
    # Without stock each month makes both. Month 1 sets up twice; months 2 and 3 keep the last and set up the
    # other: 4 x 7.
    plan = planned(two_items("yes"))
    assert by_period(plan, "capacity", "setup_hours") == {1: 10, 2: 5, 3: 5}
    assert bill(plan) == {"setups": 28}
    carried = plan.tables["production"].groupby("period")["carried"].sum()
    assert carried.tolist() == [0, 1, 1]
    assert bill(planned(two_items("no"))) == {"setups": 42}  # two a month


def test_a_setup_is_not_kept_through_a_period_in_which_another_is_made():
    # Bikes in months 1 and 3, trikes in month 2: keeping the bikes' setup through month 2 would save a setup
    # of 7.
    scenario = two_items("yes")
    scenario["demand"] = [*wanting([10, 0, 10], item="bike"), *wanting([0, 10, 0], item="trike")]
    assert bill(planned(scenario)) == {"setups": 21}
    scenario["demand"] = wanting([10, 0, 10], item="bike")
    assert bill(planned(scenario)) == {"setups": 7}  # nothing disturbs it


def family(work_center=None):
    scenario = two_items("no")
    members = ((item, "plant", "line", "frames") for item in ("bike", "trike"))
    scenario["routings"] = table("item site routing setup_family", *members)
    scenario["routing_steps"] = [{**step, "setup_hours": 0} for step in scenario["routing_steps"]]
    columns = "site setup_family work_center setup_hours setup_cost"
    scenario["setup_families"] = table(columns, ("plant", "frames", work_center, 8, 50))
    return scenario


def test_a_family_is_set_up_once_for_all_its_routings():
    plan = planned(family("weld"))
    assert by_period(plan, "setup_families", "setups") == {1: 1, 2: 1, 3: 1}
    assert by_period(plan, "capacity", "load_hours") == {1: 28, 2: 28, 3: 28}  # 8 + 10 + 10
    assert bill(plan) == {"setups": 150}


def test_a_family_without_a_work_center_takes_no_hours():
    plan = planned(family())
    assert by_period(plan, "capacity", "load_hours") == {1: 20, 2: 20, 3: 20}
    assert by_period(plan, "setup_families", "setups")
    assert by_period(plan, "setup_families", "setup_hours") == {}


def test_yield_and_components_are_within_the_bounds_of_lots():
    # Half comes out good: 20 started for 10 wanted, 3 tubes each = 60, bought in one order.
    plan = planned(
        made(
            [10],
            "setup_cost yield_rate",
            (1, 0.5),
            items=table("item", ("bike",), ("tube",)),
            bill_of_materials=table("parent component quantity_per", ("bike", "tube", 3)),
            sourcing=table("item supplier site unit_cost order_cost", ("tube", "arvo", "plant", 1, 5)),
        )
    )
    assert by_period(plan, "production", "production") == {1: 20}
    assert by_period(plan, "sourcing", "purchased") == {1: 60}
