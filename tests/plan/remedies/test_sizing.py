"""The sizes of levers: as few natural steps as close the gap, at nobody else's expense."""

import numpy as np
import pytest

import planner
from planner.model.objective import goals
from planner.plan.remedies.gaps import demand_gap, target_gap
from planner.plan.remedies.levers import levers_of
from planner.plan.remedies.sizing import Sizer
from planner.plan.resolving import Resolver
from tests.model.plants import plant, table

# The press has 10 hours a month and a bike takes one; the saw has room. 30 bikes are made where 45 are the target.
TWO = plant(
    [20, 20, 20], mode="targets_first",
    items=table("item price", ("bike", 100)),
    routings=table("item site routing unit_cost", ("bike", "plant", "line", 10)),
    routing_steps=table("item site routing work_center hours_per_unit", ("bike", "plant", "line", "saw", 0.5),
                        ("bike", "plant", "line", "press", 1)),
    work_centers=table("site work_center available_hours overtime_hours", ("plant", "saw", 40, 0),
                       ("plant", "press", 10, 0)),
    sales_targets=table("target measure quantity", ("year", "units", 45)))


@pytest.fixture(scope="module")
def resolver():
    scenario = planner.load_scenario(TWO)
    return Resolver(planner.solve(scenario), scenario)


def sizer_of(resolver, gap, levers):
    compiled = resolver.compiled
    return Sizer(compiled, goals(compiled.model, compiled.layout, compiled.costs), resolver.start, gap=gap,
                 levers=levers)


@pytest.fixture(scope="module")
def levers(resolver):
    return levers_of(resolver.scenario, resolver.compiled, resolver.start.values, but="year")


def test_levers_on_what_is_full_are_useful_and_no_others(resolver, levers):
    found = sizer_of(resolver, target_gap(resolver, "year"), levers).useful()
    # the press is full: its hours and its overtime; of the saw's 40 hours, 5 are used
    assert {levers[place].name for place in found} == {"hours plant press", "overtime plant press"}


def test_the_fewest_steps_that_close_the_gap(resolver, levers):
    place = next(number for number, lever in enumerate(levers) if lever.name == "hours plant press")
    sized = sizer_of(resolver, target_gap(resolver, "year"), levers).sized([place])
    # 15 bikes are missing: 15 hours, in tens, so that two months have a step more
    assert sized.left == pytest.approx(0, abs=1e-6)
    assert sized.amounts[0].sum() == pytest.approx(20) and set(sized.amounts[0]) <= {0.0, 10.0}
    assert sized.steps == pytest.approx(2)


def test_a_step_that_closes_nothing_is_not_taken(resolver, levers):
    gap = demand_gap(resolver, item="bike", market="north", period=None)
    place = next(number for number, lever in enumerate(levers) if lever.name == "hours plant saw")
    assert sizer_of(resolver, gap, levers).sized([place]) is None


def test_sizes_do_not_depend_on_what_was_sized_before(resolver, levers):
    gap, everything = target_gap(resolver, "year"), list(range(len(levers)))
    used = sizer_of(resolver, gap, levers)
    used.sized(everything)
    place = [next(number for number, lever in enumerate(levers) if lever.name == "overtime plant press")]
    again, fresh = used.sized(place), sizer_of(resolver, gap, levers).sized(place)
    np.testing.assert_array_equal(again.amounts[0], fresh.amounts[0])
