"""The audit finds what does not hold to the plan agreed on, and changes that are counted or charged wrongly."""

from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest

import planner
from planner.plan.audit import RULES, Books
from planner.plan.rates import Rates
from planner.scenario.scenario import Scenario
from tests.model.agreed import going_on, write_agreed
from tests.model.plants import BOUGHT, plant, table

STABILITY_RULES = ("frozen_quantities", "changes_of_the_agreed_plan", "stability_costs")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[planner.Plan, Scenario]:
    """Ten a month were agreed, of which January is frozen; five are wanted, and a change costs 2."""
    place = write_agreed(tmp_path_factory.mktemp("agreed") / "plan",
                         {"purchased": [("bike", "arvo", "plant", number, 10) for number in (1, 2)]})
    scenario = planner.load_scenario(going_on(plant([10, 5], sourcing=BOUGHT), place, frozen=1,
                                              stability_costs=table("area cost", ("sourcing", 2))))
    return planner.solve(scenario), scenario


def more_in_january(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(purchased=frame["purchased"].where(frame["period"].astype(str) != "2026-01", 11.0))


@pytest.mark.parametrize(("name", "edit", "finding"), [
    ("sourcing", more_in_january,
     "sourcing, bike | arvo | plant, 2026-01: purchased, which is frozen, is 11, must be 10 (frozen_quantities)"),
    ("stability", lambda frame: frame.assign(agreed=frame["agreed"] + (frame["measure"] == "purchased")),
     "stability, sourcing | purchased | bike | plant | arvo | all | all, 2026-02: agreed is 11, must be 10 "
     "(changes_of_the_agreed_plan)"),
    ("stability", lambda frame: frame.assign(frozen=0),
     "stability, sourcing | purchased | bike | plant | arvo | all | all, 2026-01: frozen is 0, must be 1 "
     "(changes_of_the_agreed_plan)"),
    ("stability", lambda frame: frame.assign(stability_cost=frame["stability_cost"] / 2),
     "stability, sourcing | purchased | bike | plant | arvo | all | all, 2026-02: stability_cost is 5, must be 10 "
     "(stability_costs)"),
    ("stability", lambda frame: frame.assign(planned=frame["planned"] + (frame["measure"] == "purchased")),
     "stability, sourcing | purchased | bike | plant | arvo | all | all, 2026-02: planned is 6, must be 5 "
     "(changes_of_the_agreed_plan)"),
    ("stability", lambda frame: frame.assign(changed=0.0),
     "stability, sourcing | purchased | bike | plant | arvo | all | all, 2026-02: changed is 0, must be 5 "
     "(changes_of_the_agreed_plan)"),
    ("stability", lambda frame: frame[frame["measure"] != "purchased"],
     "stability, sourcing | purchased | bike | plant | arvo | all | all, 2026-02: planned is 0, must be 5 "
     "(changes_of_the_agreed_plan)"),
])
def test_a_planted_deviation_is_found(
    made: tuple[planner.Plan, Scenario], name: str, edit: Callable[[pd.DataFrame], pd.DataFrame], finding: str
) -> None:
    plan, scenario = made
    edited = replace(plan, tables={**plan.tables, name: edit(plan.tables[name])})
    assert finding in found(edited, scenario)
    assert found(plan, scenario) == []


def found(plan: planner.Plan, scenario: Scenario) -> list[str]:
    """What the rules of stability find."""
    books = Books(plan, Rates(scenario))
    return [str(one) for name in STABILITY_RULES for one in RULES[name](books)]
