"""A folder of scenarios is planned in one go: bases first, only what has changed, nothing lost on the way."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

import planner
from planner import cli
from planner.errors import CancelledError, OutputError, PlanError, PlannerError, ScenarioError
from planner.plan import run as module
from planner.scenario.schema import TABLES
from tests.model.plants import plant, table

# The line makes 10 bikes a month, north wants 20, 10 and 30.
SHORT = plant(
    [20, 10, 30], mode="targets_first",
    items=table("item price", ("bike", 100)),
    routings=table("item site routing unit_cost", ("bike", "plant", "line", 10)),
    routing_steps=table("item site routing work_center hours_per_unit", ("bike", "plant", "line", "saw", 1)),
    work_centers=table("site work_center available_hours hour_cost", ("plant", "saw", 10, 2)))


def write_folder(scenario, folder: Path) -> None:
    folder.mkdir(parents=True)
    settings = {key: value for key, value in scenario.items() if key not in TABLES} | {"name": folder.name}
    (folder / "scenario.yaml").write_text(json.dumps(settings), encoding="utf-8")  # JSON is YAML
    for name in scenario.keys() & TABLES.keys():
        pd.DataFrame(scenario[name]).to_csv(folder / f"{name}.csv", index=False)


def what_if(folder: Path, base: str, hours: float) -> None:
    folder.mkdir()
    (folder / "scenario.yaml").write_text(
        f"name: {folder.name}\nbase: ../{base}\noverrides:\n  work_centers:\n"
        f"    - where: {{work_center: saw}}\n      set: {{available_hours: {hours}}}\n", encoding="utf-8")


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """A base, a what-if of it that sorts before it, and a what-if of that."""
    folder = tmp_path_factory.mktemp("run") / "scenarios"
    write_folder(SHORT, folder / "today")
    what_if(folder / "more", "today", 12)
    what_if(folder / "a-lot", "more", 20)
    return folder


@pytest.fixture(scope="module")
def done(written, tmp_path_factory):
    plans = tmp_path_factory.mktemp("plans")
    return planner.run(written, plans), plans


@pytest.fixture(autouse=True)
def own_cache(monkeypatch, tmp_path):
    """What other tests have solved is not remembered."""
    monkeypatch.setenv("PLANNER_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def month(written, done, tmp_path):
    """A copy of the scenarios and of their plans."""
    shutil.copytree(written, tmp_path / "scenarios")
    shutil.copytree(done[1], tmp_path / "plans")
    return tmp_path


@pytest.fixture
def solved(monkeypatch):
    """The names of the scenarios that are solved."""
    names = []
    real = module.make_plan
    monkeypatch.setattr(module, "make_plan", lambda scenario, **more: names.append(scenario.name) or real(scenario, **more))
    return names


def states(run):
    return {one.name: one.state for one in run.planned}


def test_bases_come_first_and_what_ifs_begin_at_their_plans(done):
    run, plans = done
    assert [(one.name, one.start) for one in run.planned] == [("today", ""), ("more", "today"), ("a-lot", "more")]
    assert [round(plan.kpis["units_delivered"]) for plan in run.plans] == [30, 36, 60]
    assert planner.load_plan(plans / "more").kpis == run.planned[1].plan.kpis


def test_the_plans_are_compared(done):
    assert done[0].comparison.recommendation.plan == "a-lot"


def test_of_more_plans_than_a_pack_shows_the_foremost_are_packed(month):
    for name, hours in (("less", 5), ("least", 4)):
        what_if(month / "scenarios" / name, "today", hours)
    ended = CliRunner().invoke(cli.app, ["run", str(month / "scenarios"), "--output", str(month / "plans"),
                                         "--pack", str(month / "pack.html")])
    assert ended.exit_code == 0
    assert "Recommended: a-lot" in ended.stdout
    # 60 bikes a-lot, 36 more, 15 less, 12 least; today, the first, is in any case
    assert f"report of today, less, more and a-lot written to {month / 'pack.html'}" in ended.stderr
    assert (month / "pack.html").is_file()
    again = planner.run(month / "scenarios", month / "plans")
    assert [plan.name for plan in again.foremost(2)] == ["today", "a-lot"]
    assert [plan.name for plan in again.foremost(9)] == ["today", "least", "less", "more", "a-lot"]


def test_what_has_not_changed_is_not_solved_again(month, solved):
    again = planner.run(month / "scenarios", month / "plans")
    assert set(states(again).values()) == {"unchanged"}
    assert (solved, len(again.plans)) == ([], 3)


def test_what_was_solved_elsewhere_is_not_solved_again(month, solved):
    planner.compare([month / "scenarios" / "today", month / "scenarios" / "more"])
    done = planner.run(month / "scenarios", month / "new")
    assert states(done) == {"today": "remembered", "more": "remembered", "a-lot": "solved"}
    assert solved == ["a-lot"]
    assert [planner.load_plan(month / "new" / plan.name).kpis for plan in done.plans] == [plan.kpis for plan in done.plans]
    planner.run(month / "scenarios", month / "newer", cache=False)
    assert solved == ["a-lot", "today", "more", "a-lot"]


def test_what_a_run_solves_from_nothing_is_remembered(month, solved):
    planner.run(month / "scenarios", month / "new")
    # a what-if begins at its base's plan, and may end at another one of equally good plans
    assert states(planner.run(month / "scenarios", month / "newer")) == {"today": "remembered", "more": "solved", "a-lot": "solved"}


def test_a_plan_that_another_limit_ended_is_not_remembered(month, monkeypatch):
    real = module.make_plan
    monkeypatch.setattr(module, "make_plan", lambda *given, **more: replace(real(*given, **more), status="time_limit"))
    planner.run(month / "scenarios", month / "quick", time_limit=1)
    monkeypatch.setattr(module, "make_plan", real)
    assert set(states(planner.run(month / "scenarios", month / "slow")).values()) == {"solved"}


def test_a_change_reaches_the_what_ifs_of_what_was_changed_and_no_other(month, solved):
    shutil.rmtree(month / "scenarios" / "more")
    what_if(month / "scenarios" / "more", "today", 13)
    again = planner.run(month / "scenarios", month / "plans")
    assert states(again) == {"today": "unchanged", "more": "solved", "a-lot": "unchanged"}  # a-lot sets its own hours
    assert solved == ["more"]
    assert again.planned[1].plan.kpis["units_delivered"] == pytest.approx(39)


def test_a_scenario_without_a_plan_stops_no_other(month):
    (month / "scenarios" / "more" / "scenario.yaml").write_text(
        "name: more\nbase: ../today\noverrides:\n  service_terms:\n    - where: {}\n      set: {min_fill_rate: 1}\n")
    shutil.rmtree(month / "plans" / "a-lot")
    what_if(month / "scenarios" / "less", "today", 5)
    again = planner.run(month / "scenarios", month / "plans")
    assert states(again) == {"today": "unchanged", "less": "solved", "more": "infeasible", "a-lot": "solved"}
    assert again.planned[-1].start == "today"  # the nearest base with a plan
    assert "minimum fill rate" in again.planned[2].message
    assert [type(failure).__name__ for failure in again.failures] == ["InfeasibleError"]
    assert planner.load_plan(month / "plans" / "more").kpis["units_delivered"] == pytest.approx(36)  # as it was


def test_problems_of_all_scenarios_come_at_once_and_before_the_work(month, solved):
    for name in ("more", "a-lot"):
        (month / "scenarios" / name / "scenario.yaml").write_text(f"name: {name}\nbase: ../tomorrow\n")
    with pytest.raises(ScenarioError) as caught:
        planner.run(month / "scenarios", month / "plans")
    assert [problem.file for problem in caught.value.problems] == ["a-lot/scenario.yaml", "more/scenario.yaml"]
    assert solved == []


def test_a_stop_leaves_the_plans_that_there_are(month, monkeypatch):
    shutil.rmtree(month / "plans")
    real = module.make_plan

    def stopped(scenario, **more):
        if scenario.name == "more":
            raise CancelledError("cancelled while solving, before there was a plan")
        return real(scenario, **more)
    monkeypatch.setattr(module, "make_plan", stopped)
    assert states(planner.run(month / "scenarios", month / "plans")) == {"today": "solved"}
    assert [path.name for path in (month / "plans").iterdir()] == ["today"]


def test_what_is_no_plan_is_not_replaced(month):
    shutil.rmtree(month / "plans" / "more")
    (month / "plans" / "more").mkdir()
    (month / "plans" / "more" / "letter.txt").write_text("mine")
    with pytest.raises(OutputError, match="something else than a plan"):
        planner.run(month / "scenarios", month / "plans")


def test_a_plan_that_was_edited_is_named_before_the_work(month, solved):
    (month / "plans" / "more" / "tables" / "sales.csv").write_text("item\n")
    with pytest.raises(PlanError, match=r"sales\.csv"):
        planner.run(month / "scenarios", month / "plans")
    assert solved == []


def test_a_folder_without_scenarios_is_said(tmp_path):
    with pytest.raises(PlannerError, match="no scenario here"):
        planner.run(tmp_path, tmp_path / "plans")
