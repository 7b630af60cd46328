"""The public names: they are there, they are described, and asking for them costs nothing before they are
used.
"""

import inspect
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import planner
from planner.scenario.calendar import with_periods_as

ROOT = Path(__file__).parents[1]
SLOW = ("pandas", "pyomo", "highspy", "statsmodels", "scipy", "altair", "vl_convert")


@pytest.mark.parametrize("name", planner.__all__)
def test_public_name_is_there_and_described(name: str) -> None:
    assert getattr(planner, name).__doc__


def test_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'planner' has no attribute 'slove'"):
        planner.slove  # noqa: B018


def imported_by(code: str) -> set[str]:
    """The slow libraries that a fresh Python has imported after running the code."""
    asked = f"{code}\nimport sys\nprint(*(name for name in {SLOW} if name in sys.modules))"
    result = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return set(result.stdout.splitlines()[-1].split())


@pytest.mark.parametrize("code", ["import planner", "import planner.cli", "import planner.errors"])
def test_importing_does_not_wait_for_slow_libraries(code: str) -> None:
    assert imported_by(code) == set()


def test_checking_a_scenario_waits_for_pandas_only() -> None:
    call = "CliRunner().invoke(app, ['check', 'scenarios/red-tomato'])"
    assert imported_by(f"from typer.testing import CliRunner\nfrom planner.cli import app\n{call}") == {
        "pandas"
    }


def test_solving_waits_for_the_solver() -> None:
    assert {"pyomo", "highspy"} <= imported_by(
        "import planner\nplanner.solve(planner.load_scenario('scenarios/red-tomato'))"
    )


VERBS = [name for name in planner.__all__ if inspect.isfunction(getattr(planner, name))]


@pytest.mark.parametrize("name", VERBS)
def test_help_names_every_argument_and_an_error(name: str) -> None:
    verb = getattr(planner, name)
    missing = [one for one in inspect.signature(verb).parameters if not re.search(rf"`{one}[`=]", verb.__doc__)]
    assert missing == []
    assert re.search(r"\b(Planner|Scenario|Plan|Output)Error\b", verb.__doc__)


def test_help_of_solve_names_every_status_and_error() -> None:
    text = planner.solve.__doc__
    for said in ('"optimal"', '"time_limit"', '"interrupted"', "ScenarioError", "InfeasibleError", "NoPlanError"):
        assert said in text


def test_the_reference_has_every_public_name() -> None:
    text = (ROOT / "docs" / "reference" / "api.md").read_text()
    headings = re.findall(r"^### planner\.(\w+)$", text, flags=re.MULTILINE)
    assert sorted(headings) == sorted(planner.__all__)
    for member in ("frame", "explain", "save", "load", "kpis", "calendar"):
        assert re.search(rf"^- `{member}[`(]", text, flags=re.MULTILINE)


# ------------------------------------------------------------------------------------- what people hand over

TINY = {
    "name": "Tiny <shop>",
    "calendar": {"start": "2026-01", "periods": 2},
    "items": [{"item": "bike"}],
    "sites": [{"site": "plant"}],
    "markets": [{"market": "north"}],
    "demand": [{"item": "bike", "market": "north", "period": "2026-02", "quantity": 10}],
    "sourcing": [{"item": "bike", "supplier": "arvo", "site": "plant", "unit_cost": 100}],
    "lanes": [{"origin": "plant", "destination": "north", "mode": "truck", "unit_cost": 5}],
}


@pytest.fixture(scope="module")
def plan() -> planner.Plan:
    return planner.solve(TINY)


def written(folder: Path) -> Path:
    """The tiny scenario as a folder."""
    folder.mkdir()
    (folder / "scenario.yaml").write_text(f"name: {TINY['name']}\ncalendar: {{start: 2026-01, periods: 2}}\n")
    for table, rows in TINY.items():
        if isinstance(rows, list):
            pd.DataFrame(rows).to_csv(folder / f"{table}.csv", index=False)
    return folder


def test_folders_stand_for_what_is_in_them(plan: planner.Plan, tmp_path: Path) -> None:
    scenario = written(tmp_path / "scenario")
    plan.save(tmp_path / "plan")

    assert planner.solve(str(scenario)).tables["sales"].equals(plan.tables["sales"])
    assert planner.forecast(scenario).ledger["quantity"].sum() == 10
    assert len(planner.compare([tmp_path / "plan", scenario, plan, TINY]).names) == 4
    assert planner.compare(tmp_path / "plan" / "plan.json").names == (plan.name,)
    assert planner.audit(tmp_path / "plan", scenario) == []
    for number, given in enumerate([plan, [plan], str(tmp_path / "plan"), scenario, (plan, scenario)]):
        planner.write_report(given, tmp_path / f"{number}.html")
        assert "Tiny &lt;shop&gt;" in (tmp_path / f"{number}.html").read_text()


@pytest.mark.parametrize(("call", "message"), [
    (lambda plan, place: planner.solve(42), "int 42 is no scenario. Give its folder or workbook, a dict"),
    (lambda plan, place: planner.solve(None), "NoneType None is no scenario"),
    (lambda plan, place: planner.forecast(plan), "Plan Plan Tiny <shop> is no scenario"),
    (lambda plan, place: planner.solve(TINY, 5), "demand = int 5: must be what planner.forecast gives"),
    (lambda plan, place: planner.solve(TINY, start=TINY), "start = dict .*: must be a plan"),
    (lambda plan, place: planner.compare(7), "int 7 is no plan. Give a plan, the folder of a plan or of a scenario"),
    (lambda plan, place: planner.compare([plan, 7]), "int 7 is no plan"),
    (lambda plan, place: planner.write_report([], place / "page.html"), "a pack shows 1 to"),
    (lambda plan, place: planner.write_report([plan, None], place / "page.html"), "NoneType None is no plan"),
    (lambda plan, place: planner.write_report(plan, place), "this is a folder. Choose a file name"),
    (lambda plan, place: planner.load_plan(place), "no plan here"),
    (lambda plan, place: plan.frame("prodction"), 'no table "prodction". Did you mean "production"'),
    (lambda plan, place: plan.frame("sales", periods="date"), "periods = 'date': must be period, text or timestamp"),
    (lambda plan, place: planner.forecast(TINY).frame("legder"), 'no table "legder". Did you mean "ledger"'),
])
def test_what_is_wrong_is_said_in_words(call, message: str, plan: planner.Plan, tmp_path: Path) -> None:
    with pytest.raises(planner.PlannerError, match=message):
        call(plan, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_every_table_goes_into_a_database_and_a_parquet_file(plan: planner.Plan, tmp_path: Path) -> None:
    connection = sqlite3.connect(":memory:")
    for name in [*plan.tables, "kpis", "changes"]:
        plan.frame(name, periods="text").to_sql(name, connection)
        plan.frame(name, periods="timestamp").to_parquet(tmp_path / f"{name}.parquet")
    planner.forecast(TINY).frame("ledger", periods="text").to_sql("ledger", connection)
    [(period, delivered)] = connection.execute("select period, delivered_on_time from sales where demand > 0")
    assert (period, round(delivered, 6)) == ("2026-02", 10.0)
    assert connection.execute("select distinct period from ledger").fetchall() == [("2026-02",)]
    dates = pd.read_parquet(tmp_path / "sales.parquet")["period"]
    assert set(dates) <= {pd.Timestamp("2026-01-01"), pd.Timestamp("2026-02-01")}
    assert plan.frame("sales").equals(plan.tables["sales"])


def test_a_blank_period_stays_blank() -> None:
    frame = pd.DataFrame({"period": pd.PeriodIndex(["2026-01", None], freq="M")})
    assert with_periods_as(frame, "text")["period"].isna().tolist() == [False, True]
    assert with_periods_as(frame, "timestamp")["period"].tolist() == [pd.Timestamp("2026-01-01"), pd.NaT]


def test_what_is_printed_fits_a_screen_and_a_notebook(plan: planner.Plan) -> None:
    scenario = planner.load_scenario(TINY)
    for thing in (plan, planner.forecast(scenario), planner.compare([plan, plan]), scenario):
        lines = repr(thing).splitlines()
        assert len(lines) <= 20
        assert max(map(len, lines)) <= 100
        page = thing._repr_html_()
        assert page.startswith("<table>")
        assert "<shop>" not in page
    assert "status" in repr(plan)
    assert "optimal, gap 0.0%" in repr(plan)
