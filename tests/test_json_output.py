"""What `--json` prints is what the reference says, for every command."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner, Result

import planner
from generator.cli import every_command
from planner import cli
from planner.errors import Conflict, ConflictMember, InfeasibleError
from planner.plan import plan as plan_module
from planner.report import records
from planner.report.schemas.results import RESULTS, SCHEMA, schema_document, schema_of
from tests.demand.pipeline.test_campaigns import stall

CALLS: dict[str, tuple[str, ...]] = {
    "check": ("check", "{scenario}", "--changes"),
    "forecast": ("forecast", "{scenario}"),
    "forecast --explain": ("forecast", "{scenario}", "--explain"),
    "solve": ("solve", "{scenario}"),
    "import": ("import", "{export}", "--profile", "zoho", "--output", "{imported}"),
    "roll": ("roll", "{scenario}", "--to", "2026-02", "--plan", "{other}", "--output", "{rolled}"),
    "audit": ("audit", "{plan}"),
    "explain": ("explain", "{plan}"),
    "gaps": ("gaps", "{plan}"),
    "goals": ("goals", "{plan}"),
    "worth": ("worth", "{plan}", "--site", "plant", "--work-center", "line"),
    "show": ("show", "{plan}", "--what", "stock", "--what", "sheet"),
    "customers": ("customers", "{plan}"),
    "decide": ("decide", "{plan}", "--most", "2"),
    "peg": ("peg", "{plan}"),
    "export": ("export", "{plan}"),
    "promise": ("promise", "{plan}", "--item", "bike", "--quantity", "4", "--market", "shops", "--due", "2026-02"),
    "remedies": ("remedies", "{other}", "--market", "shops", "--maximum", "2"),
    "sweep": ("sweep", "{scenario}", "--vary", "work_centers.available_hours = *1, *1.2"),
    "run": ("run", "{folder}", "--output", "{plans}"),
    "compare": ("compare", "{plan}", "{other}"),
    "cycle status": ("cycle", "status", "{cycle}"),
}


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli.app, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A scenario and a what-if of it that loses sales, and the plans of both."""
    folder = tmp_path_factory.mktemp("json")
    run("new", folder / "starter")
    what_if = folder / "what-if"
    what_if.mkdir()
    (what_if / "scenario.yaml").write_text(
        "name: kpi\nquestion: Half the hours?\nbase: ../starter\noverrides:\n  work_centers:\n"
        "    - where: {work_center: line}\n      multiply: {available_hours: 0.5}\n", encoding="utf-8")
    for scenario, plan in (("starter", "plan"), ("what-if", "other")):
        assert run("solve", folder / scenario, "--output", folder / plan).exit_code == 0
    assert run("cycle", "open", folder / "cycle", folder / "starter", "--by", "Anna").exit_code == 0
    assert run("cycle", "add", folder / "cycle", folder / "plan", "--action", "Ask", "--due", "2026-02-01",
               "--by", "Anna").exit_code == 0
    export = Path(__file__).parent / "scenario" / "importing" / "samples" / "zoho" / "deals.csv"
    return {"scenario": str(what_if), "plan": str(folder / "plan"), "other": str(folder / "other"),
            "folder": str(folder), "plans": str(folder / "plans"), "export": str(export), "imported": str(folder / "imported"),
            "rolled": str(tmp_path_factory.mktemp("rolled") / "next"),
            "cycle": str(folder / "cycle")}


def faults(told: Any, result: str) -> list[str]:
    """Where a record is not what the reference says."""
    return [f"{error.json_path}: {error.message}" for error in Draft202012Validator(schema_of(result)).iter_errors(told)]


@pytest.mark.parametrize("result", CALLS)
def test_each_command_prints_what_the_reference_says(result: str, places: dict[str, str]) -> None:
    printed = run(*(word.format(**places) for word in CALLS[result]), "--json")
    told = json.loads(printed.stdout)
    assert printed.exit_code == 0
    assert (told["schema"], told["command"]) == (SCHEMA, result)
    assert faults(told, result) == []


def test_every_command_with_json_is_in_the_reference() -> None:
    verbs = every_command()
    able = {verb for verb, command in verbs.items() if any("--json" in option.opts for option in command.params)}
    assert {result.split(" --")[0] for result in RESULTS} - {"error"} == able
    assert set(RESULTS) == {*CALLS, "error"}


def test_a_demand_of_history_and_deals_is_what_the_reference_says() -> None:
    scenario = stall()
    demand = planner.forecast(scenario)
    told = json.loads(records.json_text(records.demand_record(demand, scenario.calendar)))
    assert len(told["ledger"]) > 0 and len(told["record"]) > 0 and len(told["pipeline_kpis"]) > 0
    assert faults(told, "forecast") == []


def test_what_the_reference_does_not_know_is_found(places: dict[str, str]) -> None:
    told = json.loads(run("compare", places["plan"], places["other"], "--json").stdout)
    assert faults({**told, "more": 1}, "compare") != []
    assert faults({**told, "plans": [{"number": "1"}]}, "compare") != []


def test_the_document_is_a_schema_and_tells_results_apart(places: dict[str, str]) -> None:
    Draft202012Validator.check_schema(schema_document())
    told = json.loads(run("explain", places["plan"], "--json").stdout)
    assert [*Draft202012Validator(schema_document()).iter_errors(told)] == []


def test_plans_stand_at_their_places_whatever_they_are_called(places: dict[str, str]) -> None:
    told = json.loads(run("compare", places["plan"], places["other"], places["plan"], "--json").stdout)
    assert [(plan["number"], plan["name"], plan["heading"]) for plan in told["plans"]] == [
        (1, "Starter", "Starter"), (2, "kpi", "kpi (plan)"), (3, "Starter", "Starter (2)")]
    assert [plan["folder"] for plan in told["plans"]] == [places["plan"], places["other"], places["plan"]]
    rate = next(row for row in told["kpis"] if row["kpi"] == "order_fill_rate")
    assert rate["values"][0] == rate["values"][2] > rate["values"][1]
    assert rate["differences"][0] is None and rate["verdicts"] == ["", "worse", "same"]
    assert not {"Starter", "kpi (plan)"} & {name for row in (*told["kpis"], *told["differences"]) for name in row}


def test_an_error_stands_on_stdout_as_json_too(places: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = run("compare", Path(places["plan"]) / "nowhere", "--json")
    told = json.loads(wrong.stdout)
    assert (wrong.exit_code, told["command"], told["error"]["kind"], told["error"]["exit_code"]) == (2, "compare", "scenario", 2)
    assert faults(told, "error") == []

    member = ConflictMember(
        rule="ending_inventory", words="ending inventory of bike", keys={"item": "bike", "tier": 1}, first="2026-03", last="2026-03",
        table="inventory", file="inventory.csv", row=2, column="ending_inventory", value=100.0, required=40.0,
        bound="maximum", unit="units", enough=True)

    def infeasible(*_: object, **__: object) -> None:
        raise InfeasibleError("no plan", [Conflict((member,), sentences=("100 kept",))])
    monkeypatch.setattr(plan_module, "make_plan", infeasible)
    failed = run("solve", places["scenario"], "--json")
    told = json.loads(failed.stdout)
    (conflict,) = told["error"]["conflicts"]
    assert (failed.exit_code, told["error"]["kind"], conflict["sentences"]) == (3, "infeasible", ["100 kept"])
    assert (conflict["members"][0]["required"], conflict["members"][0]["cost"]) == (40.0, None)
    assert faults(told, "error") == []


def test_without_json_an_error_leaves_stdout_empty(tmp_path: Path) -> None:
    assert run("compare", tmp_path / "nowhere").stdout == ""
