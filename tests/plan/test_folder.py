"""A plan folder is written whole or not at all, reads back equal, and says what is wrong with it."""

import builtins
import errno
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from bicycles import bicycles
from hypothesis import HealthCheck, given, settings, strategies as st

from planner.errors import OutputError, PlanError
from planner.plan.audit import audit
from planner.plan.demand_review import REVIEW_TABLES
from planner.plan.layout import TABLES
from planner.plan.plan import Plan, make_plan
from planner.scenario.load import load_scenario


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def strangers(folder: Path) -> list[str]:
    """What is left lying about beside the plan."""
    return sorted(path.name for path in folder.parent.iterdir() if path != folder)


def test_a_plan_reads_back_equal(plan: Plan, tmp_path: Path) -> None:
    plan.save(tmp_path / "plan")

    assert Plan.load(tmp_path / "plan") == plan


def test_plans_that_differ_are_not_equal(plan: Plan) -> None:
    frame = plan.tables["inventory"].copy()
    frame.loc[0, "closing"] += 1e-9

    assert plan != replace(plan, tables={**plan.tables, "inventory": frame})
    assert plan != replace(plan, objective=plan.objective + 1e-9)
    assert plan != "a plan"


def test_the_folder_holds_what_people_expect(plan: Plan, tmp_path: Path) -> None:
    plan.save(tmp_path / "deep" / "plan")

    tables = {f"tables/{name}.csv" for name in TABLES}
    review = {f"demand/{name}.csv" for name in REVIEW_TABLES}
    assert set(files(tmp_path / "deep" / "plan")) == {"plan.json", "kpis.csv", "changes.csv"} | tables | review
    head = json.loads((tmp_path / "deep" / "plan" / "plan.json").read_text())
    expected = {
        "name": "Bicycles",
        "status": "optimal",
        "mode": "cost",
        "objective": plan.objective,
        "bound": plan.bound,
        "gap": plan.gap,
        "currency": "EUR",
        "bucket": "month",
    }
    assert {name: head[name] for name in expected} == expected
    assert head["scenario_hash"] == plan.scenario_hash
    assert set(head["versions"]) == {"planner", "pyomo", "highspy"}
    assert head["settings"]["calendar"]["start"] == "2026-01"
    assert "forecast" in head["seconds"]["phases"]


def test_the_same_scenario_gives_the_same_bytes_but_for_the_seconds(plan: Plan, tmp_path: Path) -> None:
    again = make_plan(load_scenario(bicycles(objective={"mode": "cost"})))
    plan.save(tmp_path / "one" / "plan")
    again.save(tmp_path / "two" / "plan")

    one, two = files(tmp_path / "one" / "plan"), files(tmp_path / "two" / "plan")
    heads = [json.loads(written.pop("plan.json")) for written in (one, two)]
    assert one == two
    assert heads[0].pop("seconds") != heads[1].pop("seconds")
    assert list(heads[0].items()) == list(heads[1].items())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=st.floats(allow_nan=False, allow_infinity=False), name=st.text(min_size=1).filter(lambda text: text.isprintable()))
def test_every_number_and_name_reads_back_exactly(
    plan: Plan, tmp_path: Path, value: float, name: str
) -> None:
    costs = (
        plan.tables["costs"]
        .head(2)
        .assign(amount=[value, 0.1 + 0.2], item=pd.Series([name, "NA"], dtype="str"))
    )
    odd = replace(plan, name=name, tables={**plan.tables, "costs": costs})
    odd.save(tmp_path / "plan")

    back = Plan.load(tmp_path / "plan")

    assert back.tables["costs"]["amount"].tolist() == [value, 0.1 + 0.2]
    assert back.tables["costs"]["item"].tolist() == [name, "NA"]
    assert back.name == name


def test_weeks_read_back(tmp_path: Path) -> None:
    weekly = make_plan(load_scenario({
        "name": "Weeks", "calendar": {"start": "2026-W52", "periods": 3, "bucket": "week"},
        "items": [{"item": "a"}], "sites": [{"site": "s"}],
        "inventory": [{"item": "a", "site": "s", "on_hand": 5, "holding_cost": 1}]}))
    weekly.save(tmp_path / "plan")

    assert Plan.load(tmp_path / "plan") == weekly
    assert "2026-W53" in (tmp_path / "plan" / "tables" / "inventory.csv").read_text()


def test_the_scenario_is_found_from_the_plan_folder_even_when_both_move(tmp_path: Path) -> None:
    (tmp_path / "home" / "shop").mkdir(parents=True)
    (tmp_path / "home" / "shop" / "scenario.yaml").write_text(
        "name: Shop\ncalendar: {start: 2026-01, periods: 2}\n"
    )
    (tmp_path / "home" / "shop" / "items.csv").write_text("item\nlamp\n")
    make_plan(load_scenario(tmp_path / "home" / "shop")).save(tmp_path / "home" / "plans" / "shop")
    (tmp_path / "home").rename(tmp_path / "moved")

    head = json.loads((tmp_path / "moved" / "plans" / "shop" / "plan.json").read_text())

    assert head["scenario_source"] == "../../shop"
    assert audit(tmp_path / "moved" / "plans" / "shop") == []


# ----------------------------------------------------------------------------------- what must never happen
# to a folder


def test_a_new_plan_replaces_the_old_one_and_keeps_what_people_put_beside_it(
    plan: Plan, tmp_path: Path
) -> None:
    folder = tmp_path / "plan"
    plan.save(folder)
    (folder / "page.html").write_text("a report")
    (folder / "notes").mkdir()
    (folder / "notes" / "meeting.txt").write_text("agreed")

    replace(plan, question="Another?").save(folder)

    assert Plan.load(folder).question == "Another?"
    assert ((folder / "page.html").read_text(), (folder / "notes" / "meeting.txt").read_text()) == (
        "a report",
        "agreed",
    )
    assert strangers(folder) == []


def test_a_folder_that_is_no_plan_is_never_touched(plan: Plan, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.jpg").write_text("meow")

    with pytest.raises(
        OutputError, match=r"this folder holds something else than a plan\. Choose an empty or a new folder"
    ):
        plan.save(tmp_path / "photos")

    assert files(tmp_path / "photos") == {"cat.jpg": b"meow"}
    assert strangers(tmp_path / "photos") == []


def test_a_file_is_not_replaced_by_a_folder(plan: Plan, tmp_path: Path) -> None:
    (tmp_path / "plan").write_text("mine")

    with pytest.raises(OutputError, match=r"this is a file\. Choose a folder"):
        plan.save(tmp_path / "plan")

    assert (tmp_path / "plan").read_text() == "mine"


def test_an_empty_folder_is_filled(plan: Plan, tmp_path: Path) -> None:
    (tmp_path / "plan").mkdir()
    plan.save(tmp_path / "plan")

    assert Plan.load(tmp_path / "plan") == plan


def failing_after(calls: int, function: Callable[..., Any], error: BaseException) -> Callable[..., Any]:
    """The function, which fails for good once it has been called so often."""
    left = [calls]

    def called(*arguments: Any, **keywords: Any) -> Any:
        left[0] -= 1
        if left[0] < 0:
            raise error
        return function(*arguments, **keywords)
    return called


DISK_FULL = OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("calls", range(0, len(TABLES) + 2, 3))
@pytest.mark.parametrize(("error", "raised"), [(DISK_FULL, OutputError), (KeyboardInterrupt(), KeyboardInterrupt)])
def test_whatever_stops_the_writing_leaves_the_old_plan_and_nothing_else(
        plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, calls: int, error: BaseException,
        raised: type[BaseException]) -> None:
    folder = tmp_path / "plan"
    plan.save(folder)
    before = files(folder)
    monkeypatch.setattr(pd.DataFrame, "to_csv", failing_after(calls, pd.DataFrame.to_csv, error))

    with pytest.raises(raised):
        replace(plan, question="Another?").save(folder)

    assert files(folder) == before
    assert strangers(folder) == []


@pytest.mark.parametrize(("error", "raised"), [(DISK_FULL, OutputError), (KeyboardInterrupt(), KeyboardInterrupt)])
@pytest.mark.parametrize("calls", [0, 1, 2])
def test_a_stop_between_the_two_renames_brings_the_old_plan_back(
        plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, calls: int, error: BaseException,
        raised: type[BaseException]) -> None:
    folder = tmp_path / "plan"
    plan.save(folder)
    before = files(folder)
    real = Path.rename
    renames = [0]

    def rename(path: Path, target: Path) -> Path:
        renames[0] += 1
        if renames[0] == calls + 1:
            raise error
        return real(path, target)

    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(raised):
        replace(plan, question="Another?").save(folder)

    assert files(folder) == before
    assert strangers(folder) == []


def test_a_save_that_was_killed_between_its_renames_loses_nothing(plan: Plan, tmp_path: Path) -> None:
    folder = tmp_path / "plan"
    plan.save(folder)
    folder.rename(tmp_path / ".plan.previous")  # where a killed save leaves the older plan

    assert Plan.load(folder) == plan

    replace(plan, question="Another?").save(folder)
    assert Plan.load(folder).question == "Another?"
    assert strangers(folder) == []


def test_a_disk_that_is_full_is_said_in_plain_words(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pd.DataFrame, "to_csv", failing_after(0, pd.DataFrame.to_csv, DISK_FULL))

    with pytest.raises(OutputError) as told:
        plan.save(tmp_path / "plan")

    assert str(told.value) == (
        f"{tmp_path / 'plan'}: cannot be written (No space left on device). What was there is left unchanged. "
        "Choose a place that can be written"
    )


def test_a_folder_that_cannot_be_written_is_an_output_error(plan: Plan, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(OutputError, match="plan: cannot be written"):
        plan.save(tmp_path / "file" / "plan")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0,
                    reason="root may write everywhere")
def test_a_read_only_parent_is_an_output_error(plan: Plan, tmp_path: Path) -> None:
    parent = tmp_path / "locked"
    parent.mkdir()
    parent.chmod(0o500)
    try:
        with pytest.raises(OutputError, match="Permission denied"):
            plan.save(parent / "plan")
    finally:
        parent.chmod(0o700)


# --------------------------------------------------------------------------------------------------- damaged
# folders


def cut_off(text: str) -> str:
    return text[:len(text) // 2].rsplit("\n", 1)[0] + "\n"


def replacing(old: str, new: str) -> Callable[[str], str]:
    return lambda text: text.replace(old, new, 1)


DAMAGES: dict[str, tuple[str, Callable[[str], str] | None, str]] = {
    "no plan.json": ("plan.json", None, "no plan here: plan.json is missing"),
    "broken plan.json": ("plan.json", cut_off, r"plan\.json: Expecting"),
    "another json": ("plan.json", lambda text: "[1]", r"plan\.json: this is not a plan's plan.json"),
    "another format": (
        "plan.json",
        replacing('"format": 4', '"format": 99'),
        "format is 99, this version reads format 4",
    ),
    "no objective": (
        "plan.json",
        replacing('"objective"', '"objektiv"'),
        r"plan\.json: objective is missing",
    ),
    "no start": (
        "plan.json",
        replacing('"start": "2026-01"', '"start": "soon"'),
        r"plan\.json: settings\.calendar\.start: must be a month",
    ),
    "no table": ("tables/inventory.csv", None, r"inventory\.csv: the file is missing"),
    "cut table": ("tables/inventory.csv", cut_off, r"inventory\.csv: has \d+ rows, plan.json says 36"),
    "no column": (
        "tables/inventory.csv",
        replacing("closing", "shutting"),
        r"inventory\.csv: column closing is missing",
    ),
    "words": (
        "tables/inventory.csv",
        replacing(",2026-01,", ",2026-01,many"),
        r'inventory\.csv, opening = "many50.0": must be',
    ),
    "no month": (
        "tables/inventory.csv",
        replacing("2026-02", "2026-13"),
        r'inventory\.csv, period = "2026-13": must be a month',
    ),
    "no text": ("tables/inventory.csv", lambda text: "\udcff" + text, r"inventory\.csv: 'utf-8' codec"),
    "empty file": ("kpis.csv", lambda text: "", r"kpis\.csv: No columns to parse"),
    "no changes": ("changes.csv", None, r"changes\.csv: the file is missing"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_folder_names_the_file_and_the_reason(plan: Plan, tmp_path: Path, damage: str) -> None:
    name, spoil, message = DAMAGES[damage]
    plan.save(tmp_path / "plan")
    file = tmp_path / "plan" / name
    if spoil is None:
        file.unlink()
    else:
        file.write_bytes(spoil(file.read_text()).encode("utf-8", errors="surrogateescape"))

    with pytest.raises(PlanError, match=message):
        Plan.load(tmp_path / "plan")


def test_a_folder_that_is_not_there_is_a_plan_error(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="no plan here"):
        Plan.load(tmp_path / "nowhere")


def test_a_number_changed_in_a_file_is_found_by_the_audit_of_the_folder(plan: Plan, tmp_path: Path) -> None:
    plan.save(tmp_path / "plan")
    file = tmp_path / "plan" / "tables" / "storage.csv"
    lines = file.read_text().splitlines()
    cells = lines[1].split(",")
    lines[1] = ",".join([*cells[:2], repr(float(cells[2]) + 1.0), *cells[3:]])
    file.write_text("\n".join([*lines, ""]))

    found = audit(tmp_path / "plan", load_scenario(bicycles(objective={"mode": "cost"})))

    assert {(finding.rule, finding.table, finding.key, finding.period) for finding in found} == {
        ("files_are_as_saved", "storage", "", ""),
        ("storage", "storage", "depot", "2026-01"),
    }


def test_an_infinite_bound_is_written_as_none(plan: Plan, tmp_path: Path) -> None:
    replace(plan, bound=-np.inf, gap=None).save(tmp_path / "plan")

    assert Plan.load(tmp_path / "plan").bound is None


def test_saving_uses_no_temporary_folder_elsewhere(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A rename is atomic on one disk only.
    def refused(*arguments: Any, **keywords: Any) -> Any:
        raise AssertionError("copied between disks")

    monkeypatch.setattr(shutil, "move", refused)
    opened: list[str] = []
    real = builtins.open

    def noted(file: Any, *arguments: Any, **keywords: Any) -> Any:
        opened.append(str(file))
        return real(file, *arguments, **keywords)

    monkeypatch.setattr(builtins, "open", noted)
    plan.save(tmp_path / "plan")

    assert all(Path(file).resolve().is_relative_to(tmp_path) for file in opened)


# ------------------------------------------------------------------------------------ plan.json, field by field

WRONG_FIELDS: dict[str, tuple[tuple[str | int, ...], object, str]] = {
    "name": (("name",), 1.5, "name = 1.5: must be a text"),
    "currency": (("currency",), None, "currency = null: must be a text"),
    "objective": (("objective",), "cheap", 'objective = "cheap": must be a number'),
    "objective true": (("objective",), True, "objective = true: must be a number"),
    "bucket": (("bucket",), "day", 'bucket = "day": must be month or week'),
    "bound": (("passes", 0, "bound"), {}, r"passes\[0\]\.bound = {}: must be a number or null"),
    "pass": (("passes", 0), 7, r"passes\[0\] = 7: must be an object"),
    "passes": (("passes",), {}, r"passes = {}: must be a list"),
    "periods": (("settings", "calendar", "periods"), 10**9, r"settings\.calendar\.periods = 1000000000: must be a whole"),
    "calendar": (("settings", "calendar"), [], r"settings\.calendar = \[\]: must be an object"),
    "start": (("settings", "calendar", "start"), 2026, r"settings\.calendar\.start = 2026: must be a text"),
    "plan on": (("settings", "forecast", "plan_on"), [], r"settings\.forecast\.plan_on = \[\]: must be mean or"),
    "phases": (("seconds", "phases", "forecast"), None, r"seconds\.phases\.forecast = null: must be a number"),
    "seconds": (("seconds", "passes"), [], r"seconds\.passes has 0 figures for 1 passes"),
    "versions": (("versions", "pyomo"), 6, r"versions\.pyomo = 6: must be a text"),
    "rows": (("files", "kpis.csv", "rows"), -1, r"files\.kpis\.csv\.rows = -1: must be a whole number, 0 or more"),
    "files": (("files", "kpis.csv"), None, r"files\.kpis\.csv = null: must be an object"),
    "source": (("scenario_source",), ["x"], r'scenario_source = \["x"\]: must be a text'),
}


@pytest.mark.parametrize("case", WRONG_FIELDS)
def test_a_field_of_the_wrong_kind_is_named_with_what_it_may_be(plan: Plan, tmp_path: Path, case: str) -> None:
    path, value, message = WRONG_FIELDS[case]
    plan.save(tmp_path / "plan")
    file = tmp_path / "plan" / "plan.json"
    head = json.loads(file.read_text())
    inner = head
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    file.write_text(json.dumps(head))

    with pytest.raises(PlanError, match=rf"plan\.json: {message}"):
        Plan.load(tmp_path / "plan")


def test_every_wrong_field_is_named_at_once(plan: Plan, tmp_path: Path) -> None:
    plan.save(tmp_path / "plan")
    file = tmp_path / "plan" / "plan.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "name": 1, "mode": None}))

    with pytest.raises(PlanError, match="name = 1: must be a text; mode = null: must be a text"):
        Plan.load(tmp_path / "plan")


def test_why_a_pass_ended_reads_back(plan: Plan, tmp_path: Path) -> None:
    stopped = replace(plan, passes=tuple(replace(step, status="time_limit") for step in plan.passes))
    stopped.save(tmp_path / "plan")

    assert Plan.load(tmp_path / "plan") == stopped


def test_a_setting_that_is_not_finite_costs_no_plan(plan: Plan, tmp_path: Path) -> None:
    endless = {**plan.settings, "solver": {**plan.settings["solver"], "time_limit": np.inf}}
    replace(plan, settings=endless).save(tmp_path / "plan")

    assert Plan.load(tmp_path / "plan").settings["solver"]["time_limit"] is None


def test_a_scenario_in_a_folder_whose_name_is_no_unicode_costs_no_plan(plan: Plan, tmp_path: Path) -> None:
    odd = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9")
    replace(plan, scenario_source=odd).save(tmp_path / "plan")

    assert Plan.load(tmp_path / "plan").scenario_source == odd
    assert json.loads((tmp_path / "plan" / "plan.json").read_bytes())["scenario_source"] == "../caf\udce9"


# -------------------------------------------------------------------------------------------- parts of two plans


def test_a_mixture_of_two_plans_is_refused(plan: Plan, tmp_path: Path) -> None:
    plan.save(tmp_path / "one")
    more = plan.tables["storage"].select_dtypes("float64") + 1.0
    storage = plan.tables["storage"].assign(**more)
    replace(plan, tables={**plan.tables, "storage": storage}).save(tmp_path / "two")
    shutil.copy(tmp_path / "two" / "tables" / "storage.csv", tmp_path / "one" / "tables" / "storage.csv")

    with pytest.raises(PlanError, match=r"storage\.csv: is not as it was saved: it was edited, or comes from another"):
        Plan.load(tmp_path / "one")


def test_a_plan_that_is_saved_while_it_is_read_is_read_again(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "plan"
    plan.save(folder)
    newer = replace(plan, question="Another?", tables={**plan.tables, "costs": plan.tables["costs"].head(1)})
    real, left = pd.read_csv, [3]

    def read(file: Any, **keywords: Any) -> Any:
        left[0] -= 1
        if left[0] == 0:
            newer.save(folder)
        return real(file, **keywords)

    monkeypatch.setattr(pd, "read_csv", read)

    assert Plan.load(folder) == newer


def test_a_name_that_begins_a_formula_is_harmless_in_the_file_and_reads_back(plan: Plan, tmp_path: Path) -> None:
    names = ["=HYPERLINK(1)", "'=already", "-5", "+cmd|x", "'quoted'", "@SUM(A1)"]
    costs = pd.concat([plan.tables["costs"].head(1)] * len(names), ignore_index=True).assign(item=pd.Series(names, dtype="str"))
    odd = replace(plan, tables={**plan.tables, "costs": costs})
    odd.save(tmp_path / "plan")

    text = (tmp_path / "plan" / "tables" / "costs.csv").read_text()
    assert Plan.load(tmp_path / "plan") == odd
    assert [name for name in ("'=HYPERLINK(1)", "''=already", ",-5,", "'+cmd|x", ",'quoted'", "'@SUM(A1)") if name not in text] == []
