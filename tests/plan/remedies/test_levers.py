"""A lever that widens rows widens them as its overrides do: solving within the model is solving the what-if."""

import numpy as np
import pytest

import planner
from planner.model.solve import built
from planner.plan.remedies.levers import LEVERS, levers_of
from planner.plan.remedies.remedies import _new_figures
from planner.plan.resolving import Resolver
from planner.scenario.whatif.other_figures import overrides_of
from tests.model.plants import month, plant, table

# Every lever has a row here that it widens.
ALL = plant(
    [6, 6, 6], mode="targets_first",
    items=table("item price", ("bike", 100), ("frame", None)),
    routings=table("item site routing unit_cost capacity", ("bike", "plant", "line", 10, 9)),
    routing_steps=table("item site routing work_center hours_per_unit", ("bike", "plant", "line", "saw", 1)),
    work_centers=table("site work_center available_hours availability overtime_hours labor_pool",
                       ("plant", "saw", 10, 0.8, 3, "crew")),
    capacity=table("site work_center period available_hours", ("plant", "saw", month(2), 7)),
    capacity_options=table("option site work_center added_hours fixed_cost max_count",
                           ("shift", "plant", "saw", 5, 50, 1)),
    labor_pools=table("site labor_pool headcount hours_per_worker max_headcount max_hires "
                      "overtime_hours_per_worker from to",
                      ("plant", "crew", 2, 5, 3, 1, 1, None, None),
                      ("plant", "crew", None, 5, 4, 2, 1, month(2), month(2))),
    bill_of_materials=table("parent component quantity_per", ("bike", "frame", 1)),
    sourcing=table("item supplier site unit_cost capacity min_share max_share",
                   ("frame", "arvo", "plant", 5, 9, 0.2, None), ("frame", "borea", "plant", 6, 9, None, 0.9)),
    supplier_capacity=table("supplier item period capacity", ("arvo", None, None, 8),
                            ("arvo", "frame", month(2), 7)),
    scheduled_receipts=table("item site period quantity", ("frame", "plant", month(2), 5)),
    inventory=table("item site on_hand max_inventory ending_inventory safety_stock safety_stock_penalty",
                    ("bike", "plant", 3, 20, 2, 4, 1), ("frame", "plant", 1, 20, 1, 0, None)),
    lanes=table("origin destination mode capacity", ("plant", "north", "truck", 9)),
    sales_targets=table("target measure quantity", ("year", "units", 17)))


@pytest.fixture(scope="module")
def resolver():
    scenario = planner.load_scenario(ALL)
    return Resolver(planner.solve(scenario), scenario)


@pytest.fixture(scope="module")
def levers(resolver):
    return levers_of(resolver.scenario, resolver.compiled, resolver.start.values)


def test_every_kind_of_lever_is_found(levers):
    assert {lever.kind.name for lever in levers} == set(LEVERS)
    assert len({lever.name for lever in levers}) == len(levers)


@pytest.mark.parametrize("kind", [kind.name for kind in LEVERS.values() if kind.widens_rows_only])
def test_what_a_lever_widens_is_what_its_scenario_has(resolver, levers, kind):
    for lever in (one for one in levers if one.kind.name == kind):
        amounts = np.minimum(np.full(len(lever.rows), lever.step), np.where(lever.ceiling < 2, 0.5, lever.ceiling))
        overrides = overrides_of(resolver.scenario, _new_figures(lever, amounts))
        changed = built(resolver.scenario.changed(overrides), resolver.demand).rows
        known = resolver.compiled.rows
        upper, lower = known.upper.copy(), known.lower.copy()
        for row, gain in lever.widened(amounts).items():
            upper[row] += gain
            lower[row] += gain
        assert changed.families == known.families
        assert (known.upper != upper).any()
        np.testing.assert_allclose(changed.upper, upper, rtol=1e-9)
        np.testing.assert_allclose(changed.lower, lower, rtol=1e-9)
        np.testing.assert_array_equal(changed.matrix.data, known.matrix.data)


def test_hours_are_gross_and_widen_effective_hours(levers):
    hours = next(lever for lever in levers if lever.kind.name == "hours")
    assert list(hours.now) == pytest.approx([10, 7, 10])
    assert list(hours.widens) == pytest.approx([0.8, 0.8, 0.8])


def test_the_target_that_is_to_be_met_is_no_lever(resolver):
    found = levers_of(resolver.scenario, resolver.compiled, resolver.start.values, but="year")
    assert "target" not in {lever.kind.name for lever in found}
