"""Figures straight from the solver's values are those of the plan's tables."""

import dataclasses

import pytest

import planner
from planner.model.solve import SettledPoint, built, solve_built, solved_again
from planner.model.solver.what_ifs import WhatIfs
from planner.plan.resolving import service_tables
from planner.plan.served import Served
from planner.plan.totals import NUMBERS, figures_of
from tests.model.plants import month, plant, table

# One line of bikes: an overdue order at 20, one without a price, forecast demand whose price rises in March; some of
# it comes late, some never.
MIXED = dict(
    items=table("item family price", ("bike", "wheels", 60)),
    demand=table("item market period quantity", *[("bike", "north", month(period), 10) for period in (1, 2, 3)]),
    booked_orders=table("order item market quantity due priority price",
                        ("old", "bike", "north", 4, "2025-11", 5, 20), ("new", "bike", "north", 3, month(1), 5, None),
                        ("later", "bike", "north", 5, month(2), 5, 30)),
    prices=table("item market price from to", ("bike", "north", 70, month(3), month(3))),
    routings=table("item site routing unit_cost capacity", ("bike", "plant", "line", 5, 8)),
    service_terms=table("item market backorder_cost lost_sale_cost max_lateness", (None, None, 1, 100, 1)),
    sales_targets=table("target measure item from to quantity", ("year", "units", None, None, None, 33),
                        ("spring", "revenue", "bike", month(1), month(2), 1300), ("easy", "units", None, None, None, 1)))


@pytest.mark.parametrize("mode", ["targets_first", "cost", "profit"])
def test_figures_of_the_point_are_those_of_the_tables(mode):
    scenario = planner.load_scenario(plant([], periods=3, mode=mode, **MIXED))
    demand = planner.forecast(scenario)
    compiled = built(scenario, demand)
    what_ifs = WhatIfs(compiled, solve_built(compiled).warm_start)
    point, _ = solved_again(what_ifs, compiled)
    assert isinstance(point, SettledPoint)
    solution = point.solution()
    cost = sum(float(frame["amount"].sum()) for frame in solution.costs.values())
    expected = figures_of(service_tables(solution, scenario, demand), cost=cost)
    found = Served(scenario, demand, compiled).figures(point)
    assert {name: getattr(found, name) for name in NUMBERS} == pytest.approx(
        {name: getattr(expected, name) for name in NUMBERS})
    assert found.missed == pytest.approx(expected.missed)
    assert found.late > 0 and found.revenue > 0 and min(found.missed["year"], found.missed["spring"]) > 0
    assert dataclasses.asdict(found)["lost"] == pytest.approx(expected.lost)
