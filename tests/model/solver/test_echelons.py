"""Echelons: how much of an item stands in all that is made of it."""

from typing import Any

import pytest

from planner.demand.demand import make_demand
from planner.model.build import build_model
from planner.model.solver.echelons import content
from planner.model.solver.matrix import compile_model
from planner.scenario.load import load_scenario
from tests.model.plants import plant, table


def inside(component: str, parent: str, **changes: Any) -> float:
    """How much of the component a unit of the parent contains: a bike has 2 wheels, a wheel 3 spokes."""
    made = {
        "items": table("item", ("bike",), ("wheel",), ("spoke",)), "sites": table("site", ("plant",), ("works",)),
        "bill_of_materials": table("parent component quantity_per", ("bike", "wheel", 2), ("wheel", "spoke", 3)),
        "routings": table("item site routing unit_cost", ("bike", "plant", "line", 1), ("wheel", "plant", "line", 1)),
        "sourcing": table("item supplier site unit_cost", ("spoke", "maker", "plant", 1))}
    scenario = load_scenario(plant([5, 5], **made | changes))
    compiled = compile_model(build_model(scenario, make_demand(scenario)))
    code = compiled.model.declared.names.code
    return float(content(compiled)[code(component), code(parent)])


def test_a_unit_contains_itself_its_components_and_theirs() -> None:
    assert [inside(item, "bike") for item in ("bike", "wheel", "spoke")] == [1, 2, 2 * 3]
    assert inside("bike", "spoke") == 0


def test_what_yield_takes_is_inside_a_good_unit() -> None:
    lossy = table("item site routing unit_cost yield_rate", ("bike", "plant", "line", 1, 0.8), ("wheel", "plant", "line", 1, 0.5))
    assert inside("spoke", "bike", routings=lossy) == pytest.approx(2 / 0.8 * 3 / 0.5)
