"""A what-if from a plan's own basis is what solving its model from nothing gives, pass by pass."""

import numpy as np
import pytest

import planner
from planner.errors import InfeasibleError
from planner.model.solve import built, solve_built
from planner.model.solver.what_ifs import Walk, WhatIfs
from tests.model.plants import month, plant, table

# Two lines share a crew; bikes and trikes are wanted by two targets and by two priorities of orders. Every pass of
# service has something to decide, and frames run short in March.
RIVALS = plant(
    [], periods=3, mode="targets_first",
    items=table("item price", ("bike", 100), ("trike", 150), ("frame", None)),
    demand=table("item market period quantity",
                 *[(item, "north", month(period), 12) for item in ("bike", "trike") for period in (1, 2, 3)]),
    booked_orders=table("order item market quantity due priority",
                        ("o1", "bike", "north", 6, month(1), 1), ("o2", "trike", "north", 5, month(1), 2)),
    routings=table("item site routing unit_cost", ("bike", "plant", "line", 10), ("trike", "plant", "line", 12)),
    routing_steps=table("item site routing work_center hours_per_unit",
                        ("bike", "plant", "line", "saw", 1), ("trike", "plant", "line", "saw", 1.5)),
    work_centers=table("site work_center available_hours hour_cost overtime_hours overtime_hour_cost",
                       ("plant", "saw", 14, 2, 2, 9)),
    bill_of_materials=table("parent component quantity_per", ("bike", "frame", 1), ("trike", "frame", 1)),
    sourcing=table("item supplier site unit_cost", ("frame", "arvo", "plant", 5)),
    supplier_capacity=table("supplier period capacity", ("arvo", month(3), 6)),
    inventory=table("item site on_hand max_inventory ending_inventory", ("bike", "plant", 0, 9, 0),
                    ("trike", "plant", 0, 9, 1)),
    sales_targets=table("target measure item quantity priority",
                        ("trikes", "units", "trike", 30, 1), ("bikes", "units", "bike", 30, 2)))
CHANGES = {
    "more hours": {"work_centers": [{"where": {"work_center": "saw"}, "set": {"available_hours": 20}}]},
    "fewer hours": {"work_centers": [{"where": {"work_center": "saw"}, "set": {"available_hours": 5}}]},
    "more frames": {"supplier_capacity": [{"where": {"supplier": "arvo"}, "set": {"capacity": 40}}]},
    "dearer frames": {"sourcing": [{"where": {"item": "frame"}, "set": {"unit_cost": 6}}]},
    "slower trikes": {"routing_steps": [{"where": {"item": "trike"}, "set": {"hours_per_unit": 2}}]},
    "nothing that matters": {"inventory": [{"where": {"item": "bike"}, "set": {"max_inventory": 12}}]},
}


@pytest.fixture(scope="module")
def scenario():
    return planner.load_scenario(RIVALS)


@pytest.fixture(scope="module")
def demand(scenario):
    return planner.forecast(scenario)


@pytest.fixture(scope="module")
def what_ifs(scenario, demand):
    compiled = built(scenario, demand)
    return WhatIfs(compiled, solve_built(compiled).warm_start)


@pytest.fixture(scope="module")
def models(scenario, demand):
    return {name: built(scenario.changed(overrides), demand) for name, overrides in CHANGES.items()}


def reached(model):
    return [one.objective for one in solve_built(model).passes]


@pytest.mark.parametrize("name", CHANGES)
def test_every_pass_ends_where_a_solve_from_nothing_ends(what_ifs, models, name):
    found = what_ifs.solved(models[name]).reached
    assert [one.objective for one in found.passes] == pytest.approx(reached(models[name]), rel=1e-7, abs=1e-6)
    assert found.outcome.status == "optimal"
    # what is called proven is proven: the point keeps every limit, and its value is the bound
    rows, values = models[name].rows, found.values
    assert np.all(rows.matrix @ values <= rows.upper + 1e-6) and np.all(rows.matrix @ values >= rows.lower - 1e-6)
    assert [one.bound for one in found.passes] == pytest.approx([one.objective for one in found.passes], rel=1e-7, abs=1e-6)


@pytest.mark.parametrize("first", CHANGES)
def test_it_ends_there_wherever_it_begins(what_ifs, models, first):
    near = what_ifs.solved(models[first])
    for model in models.values():
        found = what_ifs.solved(model, near=near).reached
        assert [one.objective for one in found.passes] == pytest.approx(reached(model), rel=1e-7, abs=1e-6)


def test_what_comes_out_does_not_depend_on_the_what_ifs_before_it(what_ifs, models, scenario, demand):
    compiled = built(scenario, demand)
    fresh = WhatIfs(compiled, what_ifs.start)
    for name in ("more hours", "fewer hours"):
        what_ifs.solved(models["slower trikes"])
        np.testing.assert_array_equal(what_ifs.solved(models[name]).reached.values,
                                      fresh.solved(models[name]).reached.values)


def test_a_change_that_touches_no_price_is_proven_without_the_solver(what_ifs, models):
    found = what_ifs.solved(models["nothing that matters"]).reached
    assert sum(one.seconds for one in found.passes) == 0.0
    assert sum(one.seconds for one in what_ifs.solved(models["more hours"]).reached.passes) > 0.0


def test_any_prices_bound_a_goal_and_the_plans_own_do_so_exactly(what_ifs):
    walk = Walk.through(what_ifs.compiled, what_ifs.goals, what_ifs.start.values)
    last = len(what_ifs.goals) - 1
    for place, goal in enumerate(what_ifs.goals):
        value = goal.value(what_ifs.start.values)
        own = what_ifs.prices[place]
        assert walk.bound(place, own) == pytest.approx(value, rel=1e-7, abs=1e-6)
        if own is not None:
            assert walk.bound(place, own * 0.5) <= value + 1e-6
        if place < last:
            walk.held[place] = value - goal.constant


def test_a_limit_that_nobody_can_keep_is_infeasible_and_the_session_goes_on(what_ifs, models, scenario, demand):
    # 9 trikes are to be left at the end, and 3 hours make 2
    stock = {"inventory": [{"where": {"item": "trike"}, "set": {"ending_inventory": 9}}],
             "work_centers": [{"where": {"work_center": "saw"}, "set": {"available_hours": 1, "overtime_hours": 0}}]}
    with pytest.raises(InfeasibleError):
        what_ifs.solved(built(scenario.changed(stock), demand))
    found = what_ifs.solved(models["more hours"]).reached
    assert [one.objective for one in found.passes] == pytest.approx(reached(models["more hours"]), rel=1e-7, abs=1e-6)


def test_a_model_of_another_shape_or_with_other_targets_does_not_fit(what_ifs, models, scenario, demand):
    assert all(what_ifs.fits(model) for model in models.values())
    fewer = {"sales_targets": [{"where": {"target": "bikes"}, "set": {"quantity": 20}}]}
    gone = {"supplier_capacity": [{"remove": {"supplier": "arvo"}}]}
    assert not what_ifs.fits(built(scenario.changed(fewer), demand))
    assert not what_ifs.fits(built(scenario.changed(gone), demand))
