"""A cycle can make a scenario again that is held to the plan of the month before."""

from pathlib import Path

import planner
from planner.plan.cycle.inputs import save_inputs, scenario_then, written_then
from tests.model.agreed import going_on, write_agreed
from tests.model.plants import BOUGHT, plant


def test_a_scenario_that_is_held_to_a_plan_is_made_again_from_the_cycle(tmp_path: Path) -> None:
    place = write_agreed(tmp_path / "cycles" / "1" / "agreed_plan", {"purchased": [("bike", "arvo", "plant", 1, 5)]})
    scenario = planner.load_scenario(going_on(plant([10], sourcing=BOUGHT), place, frozen=1))
    cycle = tmp_path / "cycles" / "2"
    save_inputs(cycle, scenario)
    assert "agreed_plan,,../1/agreed_plan" in (cycle / "inputs.csv").read_text()
    again = scenario_then(cycle, scenario.content_hash, name="Again")
    assert again.held("purchased")["quantity"].tolist() == [5]
    assert "agreed_plan" not in written_then(cycle, scenario.content_hash).tables
