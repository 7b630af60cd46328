"""Frozen periods that leave no plan are named with how many would do, beside the limits that they conflict with."""

from pathlib import Path
from typing import Any

import pytest

from planner.errors import InfeasibleError
from planner.model.limits import LIMITS
from tests.model.agreed import going_on, write_agreed
from tests.model.plants import BOUGHT, MADE, NO_STOCK, plant, solve, table

CREW = {"hours_per_worker": 10, "site": "plant", "labor_pool": "smiths"}
# The tables of a plant, what was agreed in February, and what is in conflict: rule, column, the figure that does.
CASES: dict[str, tuple[dict[str, Any], dict[str, Any], set[tuple[str, str, float]]]] = {
    # five bikes are begun and nobody wants them: nowhere can they stay
    "production": ({"routings": MADE, "inventory": NO_STOCK}, {"production": [("bike", "plant", "line", 2, 5)]},
                   {("frozen_production", "frozen_periods", 1), ("max_inventory", "max_inventory", 5)}),
    "purchases": ({"sourcing": BOUGHT, "inventory": NO_STOCK}, {"purchased": [("bike", "arvo", "plant", 2, 5)]},
                  {("frozen_purchases", "frozen_periods", 1), ("max_inventory", "max_inventory", 5)}),
    # five leave for the depot, and three are there
    "shipments": ({"sites": table("site", ("plant",), ("depot",)), "lanes": table("origin destination mode", ("plant", "depot", "truck")),
                   "inventory": table("item site on_hand", ("bike", "plant", 3))},
                  {"shipped": [("plant", "depot", "truck", "bike", 2, 5)]},
                  {("frozen_shipments", "frozen_periods", 1), ("opening_inventory", "on_hand", 5)}),
    # one is there, two are hired, and two may be there
    "hires": ({"labor_pools": [{**CREW, "headcount": 1, "max_headcount": 2}]}, {"hired": [("plant", "smiths", 2, 2)]},
              {("frozen_hires", "frozen_periods", 1), ("max_headcount", "max_headcount", 3)}),
    # one of two is let go, and both must stay: one more hire, which is frozen too, would do as well
    "separations": ({"labor_pools": [{**CREW, "headcount": 2, "min_headcount": 2}]}, {"separated": [("plant", "smiths", 2, 1)]},
                    {("frozen_hires", "frozen_periods", 1), ("min_headcount", "min_headcount", 1)}),
}


@pytest.mark.parametrize("case", CASES)
def test_frozen_periods_in_conflict_are_named_with_how_many_would_do(case: str, tmp_path: Path) -> None:
    tables, agreed, due = CASES[case]
    place = write_agreed(tmp_path / "plan", agreed, sites=("plant", "depot"))
    with pytest.raises(InfeasibleError) as told:
        solve(going_on(plant(periods=3, **tables), place, frozen=2))
    [conflict] = told.value.conflicts
    found = {(member.rule, member.column, member.required) for member in conflict.members}
    assert due <= found
    frozen = next(member for member in conflict.members if member.column == "frozen_periods")
    assert (frozen.table, frozen.place, frozen.bound, frozen.unit) == ("calendar", "calendar.frozen_periods", "maximum", "periods")
    assert "(calendar.frozen_periods = 2): 1 period or less would do" in frozen.sentence


def test_limits_that_switches_are_made_of_are_named_too(tmp_path: Path) -> None:
    # five hours are needed and three are there; what the setup lets through is no more than the hours do
    place = write_agreed(tmp_path / "plan", {"production": [("bike", "plant", "line", 2, 5)]})
    scenario = plant(
        periods=3, routings=table("item site routing unit_cost setup_cost", ("bike", "plant", "line", 10, 5)),
        routing_steps=table("item site routing work_center hours_per_unit", ("bike", "plant", "line", "weld", 1)),
        work_centers=table("site work_center available_hours", ("plant", "weld", 3)))
    with pytest.raises(InfeasibleError) as told:
        solve(going_on(scenario, place, frozen=2))
    [conflict] = told.value.conflicts
    assert {(member.rule, member.required) for member in conflict.members} == {
        ("frozen_production", 1), ("work_center_capacity", 5), ("overtime_limit", 2)}


def test_every_rule_of_frozen_periods_has_its_conflict() -> None:
    assert {f"frozen_{case}" for case in CASES} == {name for name in LIMITS if name.startswith("frozen_")}
