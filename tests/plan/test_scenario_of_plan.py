"""A plan and its scenario find each other again, or it is said why not."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from planner.errors import PlanError
from planner.plan.plan import Plan
from planner.plan.scenario_of_plan import scenario_of
from planner.scenario.load import load_scenario
from planner.scenario.scenario import Scenario
from planner.scenario.starter import write_starter


def test_a_plan_of_this_process_has_its_scenario(plan: Plan, scenario: Scenario) -> None:
    assert scenario_of(plan) is scenario


def test_the_scenario_of_a_plan_from_files_is_read_where_it_was(plan: Plan, tmp_path: Path) -> None:
    write_starter(tmp_path / "starter")
    starter = load_scenario(tmp_path / "starter")
    saved = replace(plan, scenario=None, scenario_hash=starter.content_hash,
                    scenario_source=str(tmp_path / "starter"))

    assert scenario_of(saved).content_hash == starter.content_hash


def test_a_scenario_that_has_changed_since_is_refused(plan: Plan, scenario: Scenario) -> None:
    changed = scenario.changed({"items": [{"where": {"item": "bike"}, "multiply": {"price": 1.1}}]})

    with pytest.raises(PlanError, match="it has changed since, or it is another scenario"):
        scenario_of(plan, changed)


def test_a_plan_without_a_scenario_says_how_to_name_one(plan: Plan) -> None:
    with pytest.raises(PlanError, match=re.escape("Name it with --scenario")):
        scenario_of(replace(plan, scenario=None, scenario_source=""))
