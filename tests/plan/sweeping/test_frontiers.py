"""Frontiers, against what can be worked out by hand."""

import pytest

import planner
from planner.errors import PlannerError
from planner.plan.sweeping.frontiers import knee_of
from tests.model.plants import plant, table
from tests.plan.sweeping.test_what_ifs import SHORT

# 20 bikes are wanted in the second month, and 10 a month can be made: 10 wait in stock for a month, at 40 each.
AHEAD = {**SHORT, "calendar": {**SHORT["calendar"], "periods": 2},
         "demand": table("item market period quantity", ("bike", "north", "2026-02", 20))}


def test_each_level_of_service_comes_at_its_lowest_cost():
    found = planner.frontier(SHORT, of="service", levels=[0.25, 0.4, 0.9])
    # a bike on time costs 12; of 60 wanted at most 30 can be on time
    assert [point.status for point in found.points] == ["optimal", "optimal", "infeasible", "optimal"]
    assert found.frame["service"].tolist()[1:3] == pytest.approx([0.25, 0.4])
    assert found.frame["total_cost"].tolist()[1:3] == pytest.approx([180, 288])
    assert found.points[-1].values == {"service": "most"}
    assert (found.points[-1].service, found.points[-1].kpis["total_cost"]) == pytest.approx((0.5, 360))


def test_less_stock_costs_service():
    # the plan keeps 10 bikes at 40 in one of two months: 200 on average; with half of that 5 are made ahead
    found = planner.frontier(AHEAD, of="stock", levels=[0.0, 0.5, 1.0])
    assert found.base.stock_value == pytest.approx(200)
    assert found.frame["stock_value"].tolist()[1:] == pytest.approx([0, 100, 200])
    assert found.frame["service"].tolist()[1:] == pytest.approx([0.5, 0.75, 1.0])
    assert found.knee is None  # a straight line has none


def test_what_is_in_stock_when_the_plan_starts_is_no_stock_of_the_plan():
    # the 5 bikes there serve January; without stock at its end February has the 10 that it makes of 20
    opening = {**AHEAD, "inventory": table("item site on_hand", ("bike", "plant", 5)),
               "demand": table("item market period quantity", ("bike", "north", "2026-01", 5), ("bike", "north", "2026-02", 20))}
    none = planner.frontier(opening, of="stock", levels=[0.0]).points[0]
    assert (none.status, none.service, none.stock_value) == ("optimal", pytest.approx(15 / 25), 0.0)


def test_the_knee_is_where_the_line_bends():
    assert knee_of([0, 1, 2, 3], [0, 0.1, 0.2, 3]) == 2
    assert knee_of([0, 1, 2], [0, 1, 2]) is None
    assert knee_of([0, 1], [0, 5]) is None


def test_a_frontier_of_stock_needs_standard_costs():
    without = plant([5], mode="targets_first", items=table("item price", ("bike", 100)))
    with pytest.raises(PlannerError, match="standard_cost"):
        planner.frontier(without, of="stock")


@pytest.mark.parametrize("asked, says", [
    ({"of": "cost"}, r'^frontier of "cost": must be service or stock$'),
    ({"of": "servce"}, r'^frontier of "servce": must be service or stock\. Did you mean "service"\?$'),
    ({"of": "service", "levels": [95]}, "level 95: must be a share from 0 to 1, like 0.95"),
    ({"of": "service", "levels": [float("nan")]}, "must be a share"),
])
def test_what_is_no_level_is_refused_before_the_work(asked, says):
    with pytest.raises(PlannerError, match=says):
        planner.frontier(SHORT, **asked)
