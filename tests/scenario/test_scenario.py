"""A scenario stays what it was when it was loaded, and its fingerprint says whether two are the same."""

import gc
import json
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import planner
from planner.errors import OutputError, ScenarioError
from planner.scenario.load import check
from planner.scenario.starter import write_starter
from tests.scenario.conftest import Write, changed, with_row


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
    def full(target: Path, content: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OutputError, match=r"starter: cannot be written \(No space left on device\)"):
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


OVERRIDES: dict[str, Any] = {
    "settings": {"objective": {"mode": "cost"}},
    "demand": [{"where": {"period": "2026-0*"}, "multiply": {"quantity": 1.5}}],
    "items": [{"add": {"item": "rye", "family": "baked"}}, {"where": {"item": "rye"}, "set": {"price": 4}}],
    "customers": [{"remove": {"customer": "*"}}],
    "booked_orders": [{"remove": {"order": "A1"}}],
}


def test_a_scenario_changed_in_memory_is_the_what_if_of_a_folder(write: Write) -> None:
    base = planner.load_scenario(write())
    described = json.dumps({"name": "More", "question": "And more?", "base": "../bakery", "overrides": OVERRIDES})
    folder = write({"scenario.yaml": described}, name="more", only=True)
    changed_one, loaded = base.changed(OVERRIDES, name="More", question="And more?"), planner.load_scenario(folder)
    assert changed_one.content_hash == loaded.content_hash != base.content_hash
    assert changed_one.changes.equals(loaded.changes)
    assert (changed_one.name, changed_one.question, changed_one.source) == ("More", "And more?", "")
    assert changed_one.settings.objective.mode == "cost"
    assert base["demand"]["quantity"].tolist() == [100.0, 120.0]


def test_a_changed_scenario_can_be_changed_again(write: Write) -> None:
    once = planner.load_scenario(write()).changed({"demand": [{"where": {}, "multiply": {"quantity": 2}}]})
    twice = once.changed({"demand": [{"where": {}, "multiply": {"quantity": 2}}]})
    assert (once.name, twice.name) == ("Bakery, changed", "Bakery, changed, changed")
    assert twice["demand"]["quantity"].tolist() == [400.0, 480.0]
    assert twice.changes["before"].tolist() == ["200", "240"]


def test_a_wrong_change_has_the_same_problems_as_in_a_folder(write: Write) -> None:
    base = planner.load_scenario(write())
    wrong = {
        "demand": [{"where": {"item": "bred"}, "set": {"quantity": 1}}],
        "sites": [{"remove": {"site": "bakery"}}],
    }
    with pytest.raises(ScenarioError) as raised:
        base.changed(wrong, name="Wrong")
    found = [str(problem) for problem in raised.value.problems]
    assert raised.value.scenario == "Wrong"
    assert found[0] == 'overrides.demand[0], where item = "bred": matches no rows. Nearest item: "bread"'
    assert 'sourcing.csv row 2, site = "bakery": no such site' in found
    for nonsense in (None, [], "x", {"demand": 3}, {"demnd": []}):
        with pytest.raises(ScenarioError):
            base.changed(nonsense)  # type: ignore[arg-type]


def test_changes_take_frames_arrays_and_real_periods(write: Write) -> None:
    base = planner.load_scenario(write())
    march = pd.DataFrame({"item": ["bread"], "market": "town", "period": pd.Period("2026-03", "M"), "quantity": 7})
    periods = pd.period_range("2026-01", periods=2, freq="M")
    changed_one = base.changed({
        "demand": [{"add": march}, {"where": {"period": periods}, "set": {"quantity": np.int64(1)}}],
        "items": [{"where": {"item": np.array(["bread", "flour"])}, "set": {"price": np.float64(2.5)}}],
    })
    assert changed_one["demand"]["quantity"].tolist() == [1.0, 1.0, 7.0]
    assert changed_one["items"]["price"].tolist() == [2.5, 2.5]


@pytest.mark.parametrize("odd", [object(), {1, 2}, b"x", pd.DataFrame({"item": ["bread"]}), np.zeros((2, 2)), len])
def test_a_change_that_cannot_be_written_ends_in_problems(odd: object, write: Write) -> None:
    base = planner.load_scenario(write())
    for overrides in ({"demand": odd}, {"demand": [odd]}, {"items": [{"where": {"item": odd}, "set": {"price": 1}}]}):
        with pytest.raises(ScenarioError):
            base.changed(overrides)


def test_what_a_scenario_warns_of_reaches_a_program(write: Write) -> None:
    scenario = planner.load_scenario(write(with_row("items.csv", "rye,baked,3")))
    assert scenario.warnings == ()
    files = with_row("inventory.csv", "bread,bakery,1,,,2030-01,")
    warned = planner.load_scenario(write(files, name="warned"))
    assert [str(problem) for problem in warned.warnings] == [
        "inventory.csv row 3, from, to: 2030-01 to the end lies outside the calendar, 2026-01 to 2026-03, so the "
        "row has no effect"
    ]
    assert warned.changed({}).warnings == warned.warnings


def test_a_scenario_is_shown_in_a_line(write: Write) -> None:
    assert repr(planner.load_scenario(write())) == "Scenario('Bakery', 2026-01 to 2026-03, 18 rows)"
