"""A scenario stays what it was when it was loaded, and its fingerprint says whether two are the same."""

import gc
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

import planner
from planner.errors import OutputError
from planner.scenario.load import check
from planner.scenario.starter import write_starter
from tests.scenario.conftest import Write, changed


def test_nobody_can_change_the_tables_of_a_scenario(write: Write) -> None:
    scenario = planner.load_scenario(write())
    before = scenario.content_hash
    frame = scenario["demand"]
    frame["quantity"] = 0.0
    frame.loc[0, "item"] = "x"
    sites = scenario.tables["sites"]
    del sites["region"]
    assert scenario["demand"].values.tolist()[0][0] == "bread"
    assert scenario["demand"]["quantity"].tolist() == [100.0, 120.0]
    assert scenario["sites"].columns[1] == "region"
    with pytest.raises(TypeError):
        scenario.tables["demand"] = frame  # type: ignore[index]
    assert pickle.loads(pickle.dumps(scenario)).content_hash == before


def test_absent_tables_are_not_shared_between_scenarios(write: Write) -> None:
    prices = planner.load_scenario(write())["prices"]
    prices["note"] = 1
    assert "note" not in planner.load_scenario(write(name="again"))["prices"].columns


@pytest.mark.parametrize(
    "files",
    [
        changed("demand.csv", ("100", "101")),
        changed("sourcing.csv", ("mill", "mull")),
        {"scenario.yaml": "name: Bakery\ncalendar: {start: 2026-01, periods: 4}\n"},
        changed("inventory.csv", ("flour,bakery,30,5,2,,", "flour,bakery,30,5,2,2026-01,")),
        changed(
            "demand.csv", ("bread,town,2026-01,100\n", ""), ("120\n", "120\nbread,town,2026-01,100\n")
        ),  # rows in another order
        {"prices.csv": "item,price\nbread,3\n"},
    ],
)
def test_another_content_has_another_hash(write: Write, files: dict[str, str]) -> None:
    assert (
        planner.load_scenario(write()).content_hash
        != planner.load_scenario(write(files, name="other")).content_hash
    )


@pytest.mark.parametrize(
    "files",
    [
        {"scenario.yaml": "# the same\nquestion: Why?\nname: Other\ncurrency: EUR\ncalendar: {periods: 3, "
                          "start: '2026-01'}\n"},
        changed("demand.csv", ("100", "100.0")),
        changed("demand.csv", ("item,market", " item ,market")),
        {"items.csv": "price,item,family\n3,bread,baked\n,flour,raw\n"},
        {"prices.csv": "item,price\n"},
    ],
)
def test_the_same_content_has_the_same_hash_however_it_is_written(
    write: Write, files: dict[str, str]
) -> None:
    assert (
        planner.load_scenario(write()).content_hash
        == planner.load_scenario(write(files, name="other")).content_hash
    )


def test_the_hash_does_not_depend_on_the_process(write: Write) -> None:
    folder = write()
    code = f"import planner; print(planner.load_scenario({str(folder)!r}).content_hash)"
    hashes = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed},
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert hashes == {planner.load_scenario(folder).content_hash}


def test_the_garbage_collector_works_again_after_loading_even_when_that_fails(write: Write) -> None:
    planner.load_scenario(write())
    assert gc.isenabled()
    with pytest.raises(planner.ScenarioError):
        planner.load_scenario(write({"scenario.yaml": "name: ["}, name="bad"))
    assert gc.isenabled()


def test_the_source_is_the_folder_as_it_was_given(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write()
    monkeypatch.chdir(folder.parent)
    assert planner.load_scenario("bakery").source == "bakery"
    assert planner.load_scenario(Path("bakery")).source == "bakery"


def test_reading_and_checking_a_scenario_imports_neither_solver_nor_statistics_nor_charts(
    write: Write,
) -> None:
    code = (
        "import sys, planner\n"
        f"planner.load_scenario({str(write())!r})\n"
        "heavy = {'pyomo', 'highspy', 'statsmodels', 'scipy', 'altair', 'vl_convert', 'jinja2'} & "
        "set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_planner_offers_its_names_and_no_others() -> None:
    assert {
        "load_scenario",
        "forecast",
        "solve",
        "compare",
        "write_report",
        "audit",
        "load_plan",
        "Scenario",
        "Demand",
        "Plan",
        "ScenarioError",
        "InfeasibleError",
        "NoPlanError",
        "PlanError",
        "OutputError",
    } <= set(dir(planner))
    with pytest.raises(AttributeError, match="module 'planner' has no attribute 'load_scenarios'"):
        planner.load_scenarios  # noqa: B018


def test_the_starter_has_no_problems_and_uses_the_basic_tables(tmp_path: Path) -> None:
    folder = write_starter(tmp_path / "new" / "starter")
    assert check(folder) == []
    scenario = planner.load_scenario(folder)
    filled = {name for name, frame in scenario.tables.items() if len(frame)}
    assert filled == {path.stem for path in folder.glob("*.csv")}
    assert {"demand", "sourcing", "routings", "labor_pools", "inventory", "lanes", "sales_targets"} <= filled
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["starter"]


def test_the_starter_fills_an_empty_folder_and_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    write_starter(tmp_path / "empty")
    assert check(tmp_path / "empty") == []
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "items.csv").write_text("mine")
    with pytest.raises(OutputError, match=r"full: is there already and not empty\. Name a new folder"):
        write_starter(tmp_path / "full")
    assert [path.read_text() for path in (tmp_path / "full").iterdir()] == ["mine"]
    with pytest.raises(OutputError, match=r"items\.csv: is there already and not empty"):
        write_starter(tmp_path / "full" / "items.csv")


def test_a_starter_that_cannot_be_written_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(source: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("shutil.copyfile", full)
    with pytest.raises(OutputError, match="starter: cannot be written: No space left on device"):
        write_starter(tmp_path / "starter")
    assert list(tmp_path.iterdir()) == []


def test_a_span_beside_a_row_without_one_is_no_problem(write: Write) -> None:
    scenario = planner.load_scenario(
        write(
            {
                "sourcing.csv": "item,supplier,site,unit_cost,from,to\nflour,mill,bakery,1,,\nflour,mill,bakery,2,2026-02,2026-02\n"
            }
        )
    )
    assert scenario.by_period("sourcing")["unit_cost"].tolist() == [1.0, 2.0, 1.0]
