"""The command line: what each command prints where, and how it ends."""

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

import planner
from planner import cli
from planner.errors import InfeasibleError, NoPlanError
from planner.plan import plan as plan_module
from planner.scenario.load import load_scenario
from planner.scenario.starter import examples

ROOT = Path(__file__).parents[1]


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli.app, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def starter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scenario that `planner new` writes."""
    folder = tmp_path_factory.mktemp("cli") / "starter"
    result = run("new", folder)
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == f"A scenario to start from is in {folder}. Try: planner solve {folder}\n"
    return folder


@pytest.fixture(scope="module")
def solved(starter: Path) -> Path:
    """Its plan."""
    folder = starter.with_name("plan")
    result = run("solve", starter, "--output", folder)
    assert (result.exit_code, result.stderr) == (0, f"plan written to {folder}\n")
    assert "optimal: best achievable service, at the lowest cost for that service" in result.stdout
    return folder


def edited(starter: Path, folder: Path, file: str, old: str, new: str) -> Path:
    """A copy of the starter scenario with one text replaced."""
    shutil.copytree(starter, folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    return folder


# --------------------------------------------------------------------------------------------------------
# check


def test_check_says_that_nothing_is_wrong(starter: Path) -> None:
    result = run("check", starter)
    assert (result.exit_code, result.stdout, result.stderr) == (0, f"{starter}: no problems\n", "")


def test_the_starter_hires_and_lets_go_whole_people(solved: Path) -> None:
    crew = pd.read_csv(solved / "tables" / "workforce.csv")
    people = crew[["headcount", "hired", "separated"]].to_numpy()
    assert people.sum() > 0
    assert people == pytest.approx(people.round(), abs=1e-6)


def test_check_lists_every_problem_on_stdout_and_exits_2(starter: Path, tmp_path: Path) -> None:
    wrong = edited(starter, tmp_path / "wrong", "lanes.csv", "lead_time", "leadtime")
    result = run("check", wrong)
    assert result.exit_code == 2
    assert f"{wrong}: 1 error" in result.stdout
    assert "lanes.csv" in result.stdout and "leadtime" in result.stdout


def test_check_lists_the_differences_from_the_base() -> None:
    told = json.loads(run("check", ROOT / "scenarios" / "second-shift", "--changes", "--json").stdout)
    assert told["problems"] == []
    assert {"table", "change", "key", "column", "before", "after"} == set(told["changes"][0])
    assert run("check", ROOT / "scenarios" / "second-shift", "--changes").stdout.count("max_hires") >= 1


def test_check_without_changes_does_not_list_them() -> None:
    assert "changes" not in json.loads(run("check", ROOT / "scenarios" / "second-shift", "--json").stdout)


@pytest.mark.parametrize("command", ["check", "forecast", "solve", "compare"])
def test_a_folder_that_is_not_there_is_bad_input(command: str, tmp_path: Path) -> None:
    result = run(command, tmp_path / "nowhere")
    assert result.exit_code == 2
    assert "nowhere" in result.stdout + result.stderr


# ----------------------------------------------------------------------------------------------- forecast,
# solve


def test_forecast_writes_its_tables_and_shows_them(starter: Path, tmp_path: Path) -> None:
    result = run("forecast", starter, "--output", tmp_path / "demand")
    assert (result.exit_code, result.stderr) == (0, f"demand written to {tmp_path / 'demand'}\n")
    assert {file.name for file in (tmp_path / "demand").iterdir()} == {
        "ledger.csv",
        "quantiles.csv",
        "cumulated.csv",
        "record.csv",
        "past_forecasts.csv",
        "adjustments.csv",
        "deals.csv",
        "pipeline_kpis.csv",
        "streams.csv",
        "parts.csv",
        "cleaned.csv",
        "promotion_effects.csv",
        "forecast.json",
    }
    assert "all items" in result.stdout
    assert "cannot be judged" in result.stdout  # its demand is brought by the user


def test_a_history_in_a_file_is_forecast_into_a_file(tmp_path: Path) -> None:
    pd.DataFrame(
        {
            "date": pd.period_range("2024-01", periods=24, freq="M").start_time,
            "item": "bike",
            "market": "north",
            "quantity": 5.0,
        }
    ).to_parquet(tmp_path / "history.parquet")
    result = run(
        "forecast-history",
        tmp_path / "history.parquet",
        "--periods",
        "2",
        "--output",
        tmp_path / "out.parquet",
    )
    assert (result.exit_code, result.stdout) == (0, "")
    assert "1 series forecast for 2 periods" in result.stderr
    assert pd.read_parquet(tmp_path / "out.parquet")["mean"].round(6).tolist() == [5.0, 5.0]


def test_a_forecast_is_explained_and_compared_with_the_one_before(starter: Path, tmp_path: Path) -> None:
    run("forecast", starter, "--output", tmp_path / "earlier")
    result = run("forecast", starter, "--explain", "--previous", tmp_path / "earlier")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("All items, all periods: ")
    assert "brought: demand brought by the user" in result.stdout
    assert "In the last forecast it was the same" in result.stdout
    assert len(json.loads(run("forecast", starter, "--explain", "--json").stdout)["sentences"]) > 0
    nowhere = run("forecast", starter, "--explain", "--previous", tmp_path / "nowhere")
    assert (nowhere.exit_code, "is not that of an earlier forecast" in nowhere.stderr) == (2, True)


def test_forecast_as_json_has_every_row(starter: Path) -> None:
    told = json.loads(run("forecast", starter, "--json").stdout)
    assert {row["origin"] for row in told["ledger"]} == {"booked", "user"}
    assert told["ledger"][0]["period"].startswith("2026-")


def test_solve_as_json_has_the_plan_and_nothing_else_on_stdout(starter: Path) -> None:
    result = run("solve", starter, "--json", "--time-limit", "60")
    told = json.loads(result.stdout)
    assert (result.exit_code, result.stderr, told["status"]) == (0, "", "optimal")
    assert told["objective"] == pytest.approx(sum(row["amount"] for row in told["tables"]["costs"]))
    assert told["settings"]["solver"]["time_limit"] == 60


def test_solve_ends_after_the_effort_given(starter: Path) -> None:
    enough = json.loads(run("solve", starter, "--json", "--effort", "60").stdout)
    assert (enough["status"], enough["settings"]["solver"]["effort"]) == ("optimal", 60)
    none = run("solve", starter, "--effort", "0")
    assert (none.exit_code, "--effort" in none.stderr) == (2, True)


def test_solve_of_a_wrong_scenario_tells_every_problem_on_stderr(starter: Path, tmp_path: Path) -> None:
    result = run(
        "solve", edited(starter, tmp_path / "wrong", "scenario.yaml", "periods: 12", "periods: twelve")
    )
    assert (result.exit_code, result.stdout) == (2, "")
    assert "1 problem in " in result.stderr and "calendar.periods" in result.stderr


def test_hard_limits_that_conflict_are_named_and_exit_3(starter: Path, tmp_path: Path) -> None:
    greedy = edited(
        starter,
        tmp_path / "greedy",
        "inventory.csv",
        "bike,plant,150,40,30,6,100",
        "bike,plant,150,40,30,6,99999",
    )
    result = run("solve", greedy, "--output", tmp_path / "plan")
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr.startswith("no plan satisfies every hard limit: one of these ")
    assert "(inventory.csv row 2, ending_inventory = 99999): " in result.stderr
    assert not (tmp_path / "plan").exists()
    several = run("compare", starter, greedy, "--json")
    assert several.exit_code == 3 and several.stderr.startswith(f"{greedy}: no plan satisfies every hard limit")
    error = json.loads(several.stdout)["error"]
    member = next(member for member in error["conflicts"][0]["members"] if member["rule"] == "ending_inventory")
    assert (member["file"], member["row"], member["column"], member["value"]) == ("inventory.csv", 2, "ending_inventory", 99999)
    mended = edited(greedy, tmp_path / "mended", "inventory.csv", "99999", f"{member['required']:.9g}")
    assert run("solve", mended, "--output", tmp_path / "plan").exit_code == 0


@pytest.mark.parametrize(("error", "code"), [
    (InfeasibleError("no plan satisfies every hard limit", notes=["no time"]), 3),
    (NoPlanError("the time limit came while minimising cost, before there was a plan"), 4),
    (MemoryError(), 2),
    (OSError(28, "No space left on device", "/tmp/scratch"), 2),
])
def test_every_failure_is_a_message_and_an_exit_code(error: Exception, code: int, starter: Path,
                                                     monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr(plan_module, "make_plan", fail)
    result = run("solve", starter)
    assert (result.exit_code, result.stdout) == (code, "")
    assert result.stderr and "Traceback" not in result.stderr


def test_a_time_limit_too_short_for_any_plan_exits_4(starter: Path, tmp_path: Path) -> None:
    # with integer variables there always is the plan to do nothing
    fractions = shutil.copytree(starter, tmp_path / "fractions")
    labor_pools = fractions / "labor_pools.csv"
    labor_pools.write_text(labor_pools.read_text().replace(",yes", ",no"))
    result = run("solve", fractions, "--time-limit", "0.001")
    assert result.exit_code == 4
    assert "before there was a plan" in result.stderr


def test_an_unproven_plan_is_warned_of_and_refused_where_less_is_required(
    starter: Path, solved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    proven = planner.load_plan(solved)
    unproven = replace(proven, status="time_limit", bound=0.9 * proven.objective, gap=0.1)
    monkeypatch.setattr(plan_module, "make_plan", lambda *_, **__: unproven)
    enough = run("solve", starter, "--require-gap", "0.1")
    assert enough.exit_code == 0
    assert enough.stderr.endswith("is not proven to be the best plan: service proven; cost proven within 10.0%\n")
    short = run("solve", starter, "--require-gap", "0.05", "--output", tmp_path / "plan")
    assert (short.exit_code, short.stdout) == (4, enough.stdout)
    assert short.stderr.endswith("\nthe worst gap is 10.0%; 5.0% is required\n")
    head = json.loads((tmp_path / "plan" / "plan.json").read_text())
    assert head["proof"] == {"service": 0.0, "targets": 0.0, "cost": 0.1, "worst": 0.1}
    page = run("report", tmp_path / "plan", "--output", tmp_path / "page.html")
    assert (page.exit_code, "cost proven within 10.0%" in page.stderr) == (0, True)


@pytest.mark.parametrize("limit", ["0", "-1", "soon"])
def test_a_time_limit_must_be_seconds(limit: str, starter: Path) -> None:
    result = run("solve", starter, "--time-limit", limit)
    assert result.exit_code == 2
    assert "--time-limit" in result.stderr


@pytest.mark.parametrize("command", ["forecast", "solve", "report"])
def test_a_place_that_cannot_be_written_is_told_before_the_work(command: str, starter: Path, tmp_path: Path,
                                                                monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("older")
    for module in (cli.running, cli.commands):
        monkeypatch.setattr(module, "loaded", None)  # no work is done
    result = run(command, starter, "--output", tmp_path / "file" / "new")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        f"{tmp_path / 'file' / 'new'}: cannot be written, because of {tmp_path / 'file'}. "
        "Choose a place that can be written\n"
    )
    assert (tmp_path / "file").read_text() == "older"


def test_other_peoples_files_are_no_place_for_a_plan(starter: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("older")
    result = run("solve", starter, "--output", tmp_path)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "this folder holds something else than a plan" in result.stderr


# ------------------------------------------------------------------------------- audit, explain, compare,
# report


def test_audit_of_a_sound_plan_finds_nothing(solved: Path) -> None:
    result = run("audit", solved)
    assert (result.exit_code, result.stdout) == (0, "Starter: every figure is what the scenario makes it\n")


def test_audit_of_a_forged_plan_exits_1(solved: Path, tmp_path: Path, starter: Path) -> None:
    forged = tmp_path / "forged"
    shutil.copytree(solved, forged)
    file = forged / "tables" / "costs.csv"
    head, first, *rest = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join([head, f"{first}1", *rest, ""]), encoding="utf-8")  # one more digit
    told = run("audit", forged, "--scenario", starter, "--json")
    assert told.exit_code == 1
    assert {finding["table"] for finding in json.loads(told.stdout)["findings"]} >= {"costs"}
    assert "finding" in run("audit", forged, "--scenario", starter).stdout


def test_audit_needs_to_know_the_scenario(solved: Path, tmp_path: Path) -> None:
    orphan = tmp_path / "elsewhere" / "orphan"
    shutil.copytree(solved, orphan)
    head = json.loads((orphan / "plan.json").read_text(encoding="utf-8"))
    (orphan / "plan.json").write_text(json.dumps({**head, "scenario_source": ""}), encoding="utf-8")
    result = run("audit", orphan)
    assert (result.exit_code, result.stdout) == (2, "")
    assert (
        result.stderr == f"{orphan}: the plan does not say where its scenario is. Name it with --scenario\n"
    )


def test_explain_says_sentences(solved: Path) -> None:
    result = run("explain", solved, "--item", "bike", "--period", "2026-05")
    assert result.exit_code == 0
    assert "demand is" in result.stdout
    assert json.loads(run("explain", solved, "--item", "bike", "--json").stdout)["sentences"]


def test_explain_of_an_item_that_is_not_there_names_the_nearest(solved: Path) -> None:
    result = run("explain", solved, "--item", "bikke")
    assert (result.exit_code, result.stdout) == (2, "")
    assert 'Did you mean "bike"?' in result.stderr


def test_show_prints_the_plan_by_name_and_period(solved: Path) -> None:
    result = run("show", solved)
    assert (result.exit_code, result.stderr) == (0, "")
    titles = [line.split(" by ")[0] for line in result.stdout.splitlines() if " by " in line]
    assert titles[:3] == ["Deliveries against demand", "Production", "Purchases"]


def test_show_prints_csv_for_the_spreadsheets_of_a_language(solved: Path) -> None:
    english = run("show", solved, "--what", "money", "--csv").stdout.splitlines()
    german = run("show", solved, "--what", "money", "--csv", "--locale", "de").stdout.splitlines()
    assert german[0].startswith("what;by;name;measure;unit;")
    assert german == [line.replace(",", ";").replace(".", ",") for line in english]
    assert any("," in line for line in german)


def test_what_cannot_be_shown_is_an_error_in_a_sentence(solved: Path) -> None:
    result = run("show", solved, "--what", "stocks")
    assert (result.exit_code, result.stdout) == (2, "")
    assert 'there is no grid "stocks", only deliveries, ' in result.stderr


def test_export_writes_a_list_to_a_file_and_several_to_a_folder(solved: Path, tmp_path: Path) -> None:
    one = run("export", solved, "--what", "purchase_requisitions", "--output", tmp_path / "pr.csv", "--locale", "de")
    assert (one.exit_code, one.stdout) == (0, "")
    assert (tmp_path / "pr.csv").read_text(encoding="utf-8").startswith("\ufeffnumber;order_date;delivery_date;")
    assert run("export", solved, "--output", tmp_path / "orders").exit_code == 0
    assert sorted(file.stem for file in (tmp_path / "orders").iterdir()) == [
        "hires", "production_orders", "purchase_requisitions", "shipments", "transfers"]
    printed = run("export", solved, "--what", "purchase_requisitions")
    assert printed.stdout == (tmp_path / "orders" / "purchase_requisitions.csv").read_text(encoding="utf-8")


def test_several_lists_in_one_file_and_lists_in_a_workbook_are_refused(solved: Path, tmp_path: Path) -> None:
    several = run("export", solved, "--output", tmp_path / "orders.csv")
    assert several.exit_code == 2
    assert "is one file. Choose one list with --what, or a folder for several" in several.stderr
    assert "planner report --output writes a workbook" in run("export", solved, "--output", "plan.xlsx").stderr


def test_compare_takes_plans_and_scenarios(solved: Path, starter: Path) -> None:
    result = run("compare", solved, starter)
    assert result.exit_code == 0
    assert result.stderr.startswith("plans of scenarios are remembered in ") and result.stderr.count("\n") == 1
    assert run("compare", solved, solved).stderr == ""
    assert "Starter (2)" in result.stdout
    assert json.loads(run("compare", solved, solved, "--json").stdout)["differences"] == []


def test_solve_starts_from_a_plan_and_refuses_what_is_none(solved: Path, starter: Path, tmp_path: Path) -> None:
    refused = run("solve", starter, "--start", starter)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "plan.json" in refused.stderr
    assert run("solve", starter, "--start", tmp_path / "nowhere").exit_code == 2
    started = run("solve", starter, "--start", solved, "--json")
    assert started.exit_code == 0
    before = json.loads((solved / "plan.json").read_text(encoding="utf-8"))
    assert json.loads(started.stdout)["objective"] == pytest.approx(before["objective"])


def test_report_writes_a_page_and_keeps_stdout_clean(solved: Path, tmp_path: Path) -> None:
    page = tmp_path / "pages" / "page.html"
    result = run("report", solved, "--output", page)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", f"report written to {page}\n")
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_report_needs_to_know_where_to(solved: Path) -> None:
    result = run("report", solved)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--output" in result.stderr


# ----------------------------------------------------------------------------------------------------- all of
# it


@pytest.mark.parametrize("arguments", [["slove"], ["solve"], ["solve", "--frobnicate", "x"], ["check"]])
def test_a_command_that_is_not_understood_exits_2(arguments: list[str]) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")


def test_help_names_every_command() -> None:
    text = run("--help").stdout
    commands = (
        "new",
        "check",
        "forecast",
        "forecast-history",
        "solve",
        "audit",
        "explain",
        "compare",
        "report",
    )
    assert [name for name in commands if f" {name} " not in text] == []


def test_version_is_that_of_the_package() -> None:
    assert run("--version").stdout == f"planner {planner.__version__}\n"


def test_the_package_can_be_run() -> None:
    result = subprocess.run(
        [sys.executable, "-m", "planner", "--help"], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert "Usage: " in result.stdout and result.stderr == ""


def test_the_pages_of_a_folder_that_is_no_plan_say_so(tmp_path: Path) -> None:
    result = run("audit", tmp_path)
    assert (result.exit_code, result.stderr) == (2, f"{tmp_path}: no plan here: plan.json is missing\n")


# --------------------------------------------------------------------------------------- what holds for all commands


def test_every_command_has_a_sentence_on_one_line_and_every_help_fits_a_narrow_window(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    shown = run("--help").stdout
    commands = [line.split()[0] for line in shown.split("Commands:")[1].splitlines() if line.strip()]
    assert len(commands) >= 9
    assert "..." not in shown.split("Commands:")[1]
    for command in ("", *commands):
        helped = run(*filter(None, [command]), "--help").stdout
        assert [line for line in helped.splitlines() if len(line) > 80] == []


def test_the_version_is_a_flag() -> None:
    assert run("--version").stdout == f"planner {planner.__version__}\n"
    assert re.search(r"--version {2,}Print the version", run("--help").stdout)


def test_shells_are_taught_to_complete(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = {"_PLANNER_COMPLETE": "complete_bash", "COMP_WORDS": "planner new x --example su", "COMP_CWORD": "4"}
    result = CliRunner().invoke(cli.app, [], env=asked, prog_name="planner")
    assert result.stdout.split() == ["supplier-outage"]


def test_a_fault_of_the_programs_own_says_what_to_report(
    starter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def faulty(place: object) -> None:
        raise KeyError("spring")

    monkeypatch.setattr("planner.scenario.load.examine", faulty)
    result = run("check", starter)
    assert (result.exit_code, result.stdout) == (70, "")
    assert result.stderr.startswith("planner has a fault and could not go on (KeyError: 'spring').")
    assert "Traceback" not in result.stderr
    details = Path(re.search(r"with the file (\S+\.txt) and", result.stderr)[1])
    assert "in faulty" in details.read_text()
    details.unlink()


def test_lists_and_charts_cost_no_file_of_a_scenario_or_a_plan(starter: Path, solved: Path, tmp_path: Path) -> None:
    before = {path: path.read_bytes() for folder in (starter, solved) for path in folder.rglob("*") if path.is_file()}
    for command in (
        ("sweep", starter, "--frontier", "service", "--output", starter / "demand.csv"),
        ("sweep", starter, "--frontier", "service", "--chart", solved / "frontier.svg"),
        ("compare", solved, solved, "--output", solved / "plan.json"),
        ("export", solved, "--what", "shipments", "--output", solved / "tables" / "sales.csv"),
        ("export", solved, "--output", starter),
    ):
        result = run(*command)
        assert (result.exit_code, result.stdout) == (2, ""), command
        assert "keeps its own files only. Choose another folder" in " ".join(result.stderr.split())
    chart = run("sweep", starter, "--frontier", "service", "--chart", tmp_path / "frontier.png")
    assert (chart.exit_code, chart.stderr) == (2, f"{tmp_path / 'frontier.png'}: a chart is a drawing (.svg)\n")
    assert {path: path.read_bytes() for path in before} == before


def test_a_page_replaces_nothing_but_a_page(starter: Path, solved: Path, tmp_path: Path) -> None:
    before = (solved / "plan.json").read_bytes()
    (tmp_path / "mine.html").write_text("<p>mine")
    result = run("report", solved, "--output", tmp_path / "mine.html")
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"{tmp_path / 'mine.html'}: is there already and is no page. Choose another name" in result.stderr
    for target in (solved / "plan.json", starter / "items.csv", tmp_path / "pack.docx", tmp_path / "pack.xls"):
        result = run("report", solved, "--output", target)
        assert (result.exit_code, result.stdout) == (2, "")
        assert f"{target}: a report is a page (.html), paper (.pdf) or a workbook (.xlsx)" in result.stderr
        assert target.exists() == (target.parent != tmp_path)
    assert (solved / "plan.json").read_bytes() == before
    for _ in range(2):
        assert run("report", solved, "--output", tmp_path / "page.html").exit_code == 0


def test_a_forecast_is_not_written_into_the_scenario(starter: Path) -> None:
    before = sorted(file.name for file in starter.iterdir())
    result = run("forecast", starter, "--output", starter)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "this folder holds something else than a forecast" in result.stderr
    assert sorted(file.name for file in starter.iterdir()) == before


def test_a_current_folder_that_was_removed_is_said(tmp_path: Path) -> None:
    (tmp_path / "gone").mkdir()
    code = "import os, sys; os.rmdir(os.getcwd()); from planner.cli import main; main()"
    result = subprocess.run([sys.executable, "-c", code, "new", "here"], cwd=tmp_path / "gone", text=True,
                            capture_output=True, check=False, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)})
    assert result.returncode == 2
    assert "here: cannot be written (the current folder is no longer there)." in result.stderr


@pytest.mark.parametrize("name", examples())
def test_every_bundled_scenario_is_written_as_it_is(name: str, tmp_path: Path) -> None:
    result = run("new", tmp_path / "mine", "--example", name)
    assert (result.exit_code, result.stdout) == (0, "")
    bundled = ROOT / "scenarios" / name
    assert load_scenario(tmp_path / "mine").content_hash == load_scenario(bundled).content_hash


def test_bundled_scenarios_are_listed_and_a_wrong_name_is_told(tmp_path: Path) -> None:
    bundled = ROOT / "scenarios"
    listed = run("new", "--list").stdout.splitlines()
    assert [line.split()[0] for line in listed] == sorted(folder.parent.name for folder in bundled.glob("*/scenario.yaml"))
    assert all("?" in line for line in listed)
    wrong = run("new", tmp_path / "mine", "--example", "baselin")
    assert wrong.exit_code == 2
    assert 'no bundled scenario "baselin", only baseline, ' in wrong.stderr
    assert 'Did you mean "baseline"?' in wrong.stderr
