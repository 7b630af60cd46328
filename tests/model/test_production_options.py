"""Capacity options and maintenance stops, worked out by hand."""

import pytest

from planner.errors import InfeasibleError
from tests.model.audited import bill, by_period, planned
from tests.model.plants import MADE, NO_STOCK, plant, table

STEP = table("item site routing work_center hours_per_unit", ("bike", "plant", "line", "weld", 1))


def welded(wanted, hours, **tables):
    """An hour of welding for each bike, no stock, a unit owed costs 20 a month and a unit lost 100."""
    centers = table("site work_center available_hours availability", ("plant", "weld", hours, 0.5))
    return plant(
        wanted,
        **{"routings": MADE, "routing_steps": STEP, "work_centers": centers, "inventory": NO_STOCK} | tables,
    )


def option(columns, *cells):
    return [
        {"option": "shift", "site": "plant", "work_center": "weld"} | row for row in table(columns, *cells)
    ]


def test_an_option_adds_hours_after_the_oee_factors_in_the_periods_in_which_it_runs():
    # 100 hours at .5 are 50; the shift adds 40 x .5 = 20. Wanted 50, 70, 50: it runs in month 2 only.
    plan = planned(
        welded(
            [50, 70, 50], 100, capacity_options=option("added_hours fixed_cost period_cost", (40, 30, 100))
        )
    )
    assert by_period(plan, "options", "running") == {2: 1}
    assert by_period(plan, "capacity", "option_hours") == {2: 20}
    assert bill(plan) == {"production": 1700, "capacity_options": 130}


def test_an_option_that_costs_more_than_it_saves_is_not_bought():
    # 20 late for a month cost 400 and are made up for in month 3, against 401.
    plan = planned(
        welded(
            [50, 70, 30], 100, capacity_options=option("added_hours fixed_cost period_cost", (40, 300, 101))
        )
    )
    assert bill(plan) == {"production": 1500, "backorders": 400}


def test_an_option_works_a_lead_time_after_it_is_bought():
    # Bought in month 1 at the earliest, it works from month 2: of 70 in month 1, 20 wait a month.
    plan = planned(
        welded([70, 50], 100, capacity_options=option("added_hours fixed_cost lead_time", (40, 10, 1)))
    )
    assert by_period(plan, "options", "bought") == {1: 1}
    assert by_period(plan, "options", "running") == {2: 1}
    assert bill(plan) == {"production": 1200, "capacity_options": 10, "backorders": 400}


def test_an_option_is_bought_by_its_last_date_and_runs_on():
    plan = planned(
        welded([50, 50, 70], 100, capacity_options=option("added_hours fixed_cost to", (40, 10, "2026-02")))
    )
    assert by_period(plan, "options", "running")[3] == 1
    plan = planned(
        welded([70, 50, 50], 100, capacity_options=option("added_hours fixed_cost from", (40, 10, "2026-02")))
    )
    assert bill(plan)["backorders"] == 400  # too late for month 1


def test_no_more_of_an_option_is_bought_than_there_is():
    # 110 wanted, 50 there: 3 x 20 would do, 2 are to be had; 20 are lost.
    plan = planned(
        welded([110], 100, capacity_options=option("added_hours fixed_cost max_count", (40, 10, 2)))
    )
    assert by_period(plan, "options", "bought") == {1: 2}
    assert bill(plan) == {"production": 900, "capacity_options": 20, "lost_sales": 2000}


def maintenance(columns, *cells):
    return [{"site": "plant", "work_center": "weld"} | row for row in table(columns, *cells)]


def test_a_stop_is_placed_where_it_hurts_least():
    # 50 effective hours; the stop takes 60 x .5 = 30. Wanted 50, 10, 50: month 2.
    plan = planned(welded([50, 10, 50], 100, maintenance=maintenance("hours_per_stop", (60,))))
    assert by_period(plan, "maintenance", "stops") == {2: 1}
    assert by_period(plan, "capacity", "stop_hours") == {2: 30}
    assert bill(plan) == {"production": 1100}


def test_a_stop_keeps_to_its_months():
    # Only months 2 and 3 are allowed; either loses 30 hours of a full month.
    plan = planned(
        welded(
            [10, 50, 50], 100, maintenance=maintenance("hours_per_stop from to", (60, "2026-02", "2026-03"))
        )
    )
    assert by_period(plan, "maintenance", "stops").keys() <= {2, 3}
    assert bill(plan) == {"production": 800, "lost_sales": 3000} or bill(plan)["backorders"] > 0


def test_stops_are_spread_when_only_one_fits_into_a_month():
    plan = planned(welded([20, 20, 50], 100, maintenance=maintenance("hours_per_stop stops", (60, 2))))
    assert by_period(plan, "maintenance", "stops") == {1: 1, 2: 1}
    plan = planned(
        welded(
            [50, 0, 50], 100, maintenance=maintenance("hours_per_stop stops max_stops_per_period", (50, 2, 2))
        )
    )
    assert by_period(plan, "maintenance", "stops") == {2: 2}


def test_a_stop_longer_than_the_month_leaves_no_plan():
    with pytest.raises(InfeasibleError):
        planned(welded([50], 100, maintenance=maintenance("hours_per_stop", (101,))))
