"""An explanation says where the plan agreed on is why customers wait."""

from pathlib import Path
from typing import Any

import pytest

import planner
from tests.model.agreed import going_on, write_agreed
from tests.model.plants import BOUGHT, MADE, plant, table

DEPOT = {"sites": table("site", ("plant",), ("depot",)),
         "lanes": table("origin destination mode", ("plant", "depot", "truck"), ("depot", "north", "van")), "sourcing": BOUGHT}


@pytest.mark.parametrize(("tables", "agreed", "sentence"), [
    ({"sourcing": BOUGHT}, {"purchased": [("bike", "arvo", "plant", 1, 4)]},
     "What of bike is bought from Arvo for Plant in 2026-01 is frozen by the plan agreed on: 4 units in 2026-01."),
    ({"routings": MADE}, {"production": [("bike", "plant", "line", 1, 4)]},
     "What of bike is made on line in Plant in 2026-01 is frozen by the plan agreed on: 4 units in 2026-01."),
    (DEPOT, {"purchased": [("bike", "arvo", "plant", 1, 9)], "shipped": [("plant", "depot", "truck", "bike", 1, 4)]},
     "What of bike goes from Plant to Depot by truck in 2026-01 is frozen by the plan agreed on: 4 units in 2026-01."),
])
def test_what_is_frozen_is_named_where_it_is_in_the_way(
    tables: dict[str, Any], agreed: dict[str, Any], sentence: str, tmp_path: Path
) -> None:
    place = write_agreed(tmp_path / "plan", agreed, sites=("plant", "depot"))
    plan = planner.solve(planner.load_scenario(going_on(plant([10, 0], mode="targets_first", **tables), place, frozen=1)))
    assert [text for text in plan.explain() if "frozen" in text] == [sentence]
