"""A cycle goes from opened to closed in one order, and loses nothing on the way."""

import shutil
from pathlib import Path

import pytest

import planner
from planner.errors import CycleError, PlanError
from planner.plan.cycle import files
from planner.plan.cycle.files import read_record, record_text
from planner.plan.folder import load_plan
from tests.plan.cycle.conftest import closed, decided, edit, opened

OTHERS = {"half": "loses sales"}


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_the_same_steps_give_the_same_bytes_and_no_place_of_this_machine(
    work: Path, stages: dict[str, Path],
) -> None:
    closed(decided(opened()))
    first = bytes_of(Path("cycles/1"))
    assert bytes_of(stages["closed"] / "cycles" / "1") == first
    assert [name for name, content in first.items() if str(work.parent).encode() in content] == []
    assert {name.split("/")[0] for name in first} == {
        "cycle.yaml", "seal.csv", "plans.csv", "inputs.csv", "inputs", "forecast.csv", "agreed_plan", ".gitattributes"}


def test_the_record_reads_back_the_same(signed: planner.Cycle) -> None:
    record = signed.record
    assert read_record(signed.folder) == record
    assert (record.state, record.cycle, record.revision) == ("closed", "2026-01", 9)
    assert [(plan.plan, plan.folder, plan.scenario) for plan in record.plans] == [
        ("starter", "../../plans/starter", "../../starter"), ("half", "../../plans/half", "../../half")]
    assert record.decision is not None and record.decision.proof == "proven"
    assert record_text(record).count("\n") > 50


def test_a_table_that_scenarios_share_stands_in_the_cycle_once(signed: planner.Cycle) -> None:
    tables = [file.name.rpartition("-")[0] for file in Path("cycles/1/inputs").iterdir()]
    assert tables.count("items") == 1
    assert tables.count("work_centers") == 2  # halved in the what-if


def test_the_agreed_plan_stands_in_the_cycle(signed: planner.Cycle) -> None:
    before = load_plan("plans/starter")
    shutil.rmtree("plans")
    assert signed.agreed_plan == before


REFUSED = [
    (lambda cycle: cycle.sign("sales", by="Anna"), "has no decision yet: there is nothing to sign"),
    (lambda cycle: cycle.close(by="Anna"), "is not signed by sales and operations: it cannot be closed"),
    (lambda cycle: cycle.decide("strater", why="x", by="Anna"), 'it has starter, half. Did you mean "starter"'),
    (lambda cycle: cycle.decide("starter", why="x", by="Anna"), "say why half is rejected"),
    (lambda cycle: cycle.decide("starter", why="x", rejected=OTHERS | {"hlaf": "y"}, by="Anna"), 'Did you mean "half"'),
    (lambda cycle: cycle.decide("starter", why=" ", rejected=OTHERS, by="Anna"), "why: say it in words"),
    (lambda cycle: cycle.assume("x", owner="y", by=""), "say who: --by NAME"),
    (lambda cycle: cycle.assume("x", owner="y", by="z", on="28.01.2026"), "must be a day like 2026-01-28"),
    (lambda cycle: cycle.act("x", owner="y", due=None, by="z"), "say by which day"),
    (lambda cycle: cycle.done(7), "has no action 7: it has 1"),
    (lambda cycle: cycle.withdraw("sales"), "sales has not signed"),
    (lambda cycle: planner.Cycle.open("cycles/1", "starter", by="Ben"), r"was opened already \(Anna, 2026-01-26\)"),
    (lambda cycle: planner.Cycle.open("plans", "starter", by="Ben"), "this folder holds something else"),
    (lambda cycle: planner.Cycle.open("cycles/2", "starter", by="Ben", previous="cycles/1"), "Close it first"),
    (lambda cycle: planner.Cycle.open("cycles/2", "starter", by="Ben", actuals="actuals.csv"), "with --previous"),
    (lambda cycle: planner.Cycle.load("plans"), "no cycle here"),
]


def test_a_step_out_of_order_is_refused_and_writes_nothing(begun: planner.Cycle) -> None:
    before = bytes_of(Path())
    for step, message in REFUSED:
        with pytest.raises(CycleError, match=message):
            step(begun)
    assert bytes_of(Path()) == before


def test_what_is_signed_is_changed_only_after_the_signature_is_taken_back(agreed: planner.Cycle) -> None:
    cycle = agreed.sign("sales", by="Anna")
    for step in (lambda: cycle.assume("x", owner="y", by="z"), lambda: cycle.add("plans/half", by="z"),
                 lambda: cycle.decide("half", why="x", rejected={"starter": "y"}, by="z", again=True)):
        with pytest.raises(CycleError, match=r"is signed by sales .*--withdraw takes the signature back"):
            step()
    with pytest.raises(CycleError, match="sales has signed already"):
        cycle.sign("sales", by="Ben")
    with pytest.raises(CycleError, match="side production: must be sales or operations"):
        cycle.sign("production", by="Ben")
    again = cycle.withdraw("sales").decide("half", why="x", rejected={"starter": "y"}, by="z", again=True)
    assert again.record.decision is not None and again.record.decision.plan == "half"
    assert again.agreed_plan.name == "Half the hours"


def test_a_closed_cycle_never_changes(signed: planner.Cycle) -> None:
    for step in (lambda: signed.assume("x", owner="y", by="z"), lambda: signed.withdraw("sales"),
                 lambda: signed.close(by="z"), lambda: signed.sign("sales", by="z")):
        with pytest.raises(CycleError, match=r"cycle 2026-01 is closed \(Anna, 2026-01-28\)"):
            step()


def test_two_people_lose_nothing_of_each_other(begun: planner.Cycle) -> None:
    anna = begun
    ben = planner.Cycle.load("cycles/1")
    ben.assume("Ben's", owner="Ben", by="Ben")
    anna = anna.assume("Anna's", owner="Anna", by="Anna")  # what is added is added to what stands there by now
    assert [one.assumption for one in anna.record.assumptions] == ["Arvo delivers", "Ben's", "Anna's"]
    with pytest.raises(CycleError, match="has changed since it was read: it was at revision 5 and is at 7"):
        ben.decide("starter", why="x", rejected=OTHERS, by="Ben")


def test_a_cycle_that_somebody_else_is_writing_is_left_alone(begun: planner.Cycle, monkeypatch: pytest.MonkeyPatch) -> None:
    cycle = begun
    before = bytes_of(Path("cycles/1"))
    monkeypatch.setattr(files, "PATIENCE", 0.0)
    with files.locked(cycle.folder), pytest.raises(CycleError, match="somebody else is writing this cycle"):
        cycle.assume("x", owner="y", by="z")
    assert bytes_of(Path("cycles/1")) == before
    cycle.assume("x", owner="y", by="z")


def test_a_plan_whose_scenario_has_changed_is_neither_added_nor_decided_on(begun: planner.Cycle) -> None:
    cycle = begun
    edit("starter/lanes.csv", "truck,12", "truck,13")
    with pytest.raises(CycleError) as error:
        cycle.decide("starter", why="x", rejected=OTHERS, by="Anna")
    assert str(error.value).splitlines() == [
        "plan starter is not what was added to the cycle. Solve it and add it again",
        "  starter/lanes.csv row 2, unit_cost = 13, was 12 (origin=plant, destination=shops, mode=truck)"]
    with pytest.raises(PlanError, match="it has changed since"):
        cycle.add("plans/starter", by="Anna")


def test_a_half_written_plan_is_not_added(work: Path) -> None:
    Path("plans/half/tables/sales.csv").unlink()
    cycle = planner.Cycle.open("cycles/1", "starter", by="Anna")
    with pytest.raises(PlanError, match=r"sales\.csv: the file is missing"):
        cycle.add("plans/half", by="Anna")
    assert read_record(cycle.folder).plans == ()


def test_a_plan_that_was_solved_again_takes_the_place_of_the_first(begun: planner.Cycle) -> None:
    cycle = begun
    edit("starter/lanes.csv", "truck,12", "truck,13")
    planner.solve("starter").save("plans/starter")
    again = cycle.add("plans/starter", by="Ben")
    assert [plan.plan for plan in again.record.plans] == ["half", "starter"]
    assert again.status().outdated == ("starter/lanes.csv row 2, unit_cost = 13, was 12 (origin=plant, "
                                       "destination=shops, mode=truck)",)  # under the what-if


def test_a_record_with_mistakes_lists_all_of_them_with_their_lines(begun: planner.Cycle) -> None:
    edit("cycles/1/cycle.yaml", "revision: 5", "revision: five")
    edit("cycles/1/cycle.yaml", "owner: Ben", "ownr: Ben")
    with pytest.raises(CycleError) as error:
        planner.Cycle.load("cycles/1")
    assert str(error.value).splitlines() == [
        "cycles/1/cycle.yaml line 5, revision = five: must be a whole number",
        'cycles/1/cycle.yaml line 32, assumptions[1].ownr: no such entry. Did you mean "owner"?',
        "cycles/1/cycle.yaml line 31, assumptions[1].owner: is missing"]
