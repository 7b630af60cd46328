"""Whole workers or fractions of them, worked out by hand."""

import pytest

from tests.model.audited import bill, planned
from tests.model.plants import MADE, NO_STOCK, plant, table

STEP = table("item site routing work_center hours_per_unit", ("bike", "plant", "line", "weld", 1))


def crewed(wanted, whole, **terms):
    """10 hours a month for each smith, one for each bike; a smith earns 70 a month."""
    pool = {
        "site": "plant",
        "labor_pool": "smiths",
        "hours_per_worker": 10,
        "wage": 70,
        "whole_workers": whole,
        **terms,
    }
    centers = table("site work_center labor_pool", ("plant", "weld", "smiths"))
    return plant(
        wanted,
        routings=MADE,
        routing_steps=STEP,
        work_centers=centers,
        labor_pools=[pool],
        inventory=NO_STOCK,
    )


def headcount(plan):
    return plan.tables["workforce"]["headcount"].round(6).tolist()


def test_fractions_of_workers_are_hired_where_nothing_says_otherwise():
    plan = planned(crewed([25], "no"))
    assert headcount(plan) == [2.5]
    assert bill(plan) == {"production": 250, "wages": 175}


def test_whole_workers_are_rounded_up_when_that_is_worth_it():
    # The third smith costs 70 and saves 5 lost bikes at 100 (less 10 each to make).
    plan = planned(crewed([25], "yes"))
    assert headcount(plan) == [3]
    assert bill(plan) == {"production": 250, "wages": 210}


def test_whole_workers_are_rounded_down_when_the_last_one_would_idle():
    # 20.5 wanted: half a bike lost at 100 is less than a smith at 70.
    plan = planned(crewed([20.5], "yes"))
    assert headcount(plan) == [2]
    assert bill(plan) == {"production": 200, "wages": 140, "lost_sales": 50}


def test_attrition_takes_fractions_and_hiring_makes_workers_whole_again():
    # 10 smiths, a tenth leaves: 9, then 8.1; half a smith at least is hired back to 9 whole ones.
    plan = planned(crewed([90, 90], "yes", headcount=10, attrition_rate=0.1))
    assert headcount(plan) == [9, 9]
    assert plan.tables["workforce"]["hired"].tolist() == pytest.approx([0, 0.9])
