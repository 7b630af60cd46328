"""Whatever of a signed cycle is no longer as it was is named, with its file and row or line."""

import shutil
from pathlib import Path

import pytest

import planner
from planner.errors import CycleError
from planner.plan.cycle.files import read_record
from planner.plan.cycle.going_on import roll_cycle
from planner.plan.cycle.seal import broken
from tests.plan.cycle.conftest import edit


def test_nothing_is_wrong_with_what_nobody_touched(signed: planner.Cycle) -> None:
    status = signed.status()
    assert (status.broken, status.outdated, len(status.changes), status.is_sound) == ((), (), 0, True)
    moved = shutil.move(str(Path.cwd()), str(Path.cwd().with_name("elsewhere")))
    assert planner.Cycle.load(Path(moved) / "cycles/1").status().is_sound


EDITS = [
    ("cycle.yaml", "It keeps the promises", "It is cheap", "cycle.yaml line 46, decision.why: was edited after it was signed"),
    ("cycle.yaml", "plan: starter\n    folder", "plan: other\n    folder", "cycle.yaml line 14, plans[1].plan: was edited"),
    ("cycle.yaml", "  - side: operations\n    by: Ben", "  - side: operations\n    by: Bea",
     "cycle.yaml: signatures or closing are not as they were when the cycle was closed"),
    ("agreed_plan/tables/demand.csv", "user,80.0", "user,81.0", "agreed_plan/tables/demand.csv row 3: was edited"),
    ("forecast.csv", "260", "261", "forecast.csv: was edited"),
    ("seal.csv", "sha256\n", "sha256\n\n", "seal.csv: is not what the signatures in cycles/1/cycle.yaml are of"),
]


def test_an_edit_of_the_record_is_named(signed: planner.Cycle) -> None:
    for file, before, after, said in EDITS:
        content = Path(f"cycles/1/{file}").read_bytes()
        edit(f"cycles/1/{file}", before, after)
        wrong = list(broken(signed.folder, read_record(signed.folder)))
        assert [line for line in wrong if said in line] != [], wrong
        with pytest.raises(CycleError, match="is not what was signed"):
            roll_cycle("cycles/1", "february", to="2026-02", periods=11)
        Path(f"cycles/1/{file}").write_bytes(content)
    assert not Path("february").exists()
    assert list(broken(signed.folder, read_record(signed.folder))) == []


def test_an_edit_of_the_rows_that_were_signed_is_named(signed: planner.Cycle) -> None:
    (items,) = Path("cycles/1/inputs").glob("items-*.csv")
    edit(items, "bike", "bicycle")
    assert signed.status().broken == (f"{items} row 2: was edited after it was signed",)
    items.unlink()
    with pytest.raises(CycleError, match=r"items-.*csv: cannot be read"):
        signed.status()


def test_a_change_of_the_scenario_is_named_with_file_row_and_side(signed: planner.Cycle) -> None:
    edit("starter/lanes.csv", "truck,12", "truck,13")
    edit("starter/booked_orders.csv", "A-1001", "A-1009")
    status = signed.status()
    assert status.broken == ()
    assert "starter/lanes.csv row 2, unit_cost = 13, was 12 (origin=plant, destination=shops, mode=truck)" in status.outdated
    told = status.changes[["side", "table", "change", "column", "before", "after", "place"]].to_dict("records")
    assert {"side": "operations", "table": "lanes", "change": "changed", "column": "unit_cost", "before": "12",
            "after": "13", "place": "lanes.csv row 2, unit_cost"} in told
    assert [(row["side"], row["change"]) for row in told if row["table"] == "booked_orders"] == [
        ("sales", "removed"), ("sales", "added")]


def test_a_change_of_a_plan_is_named_with_its_row(signed: planner.Cycle) -> None:
    edit("starter/lanes.csv", "truck,12", "truck,13")
    planner.solve("starter").save("plans/starter")
    shutil.rmtree("plans/half/tables")
    outdated = signed.status().outdated
    assert any(line.startswith("plans/starter/tables/delivery.csv row 2: is not as it was") for line in outdated)
    assert "plans/half/tables/sales.csv: the file is missing, since plan half was added" in outdated


def test_what_changes_after_the_first_signature_cannot_be_signed_by_the_second(agreed: planner.Cycle) -> None:
    cycle = agreed.sign("sales", by="Anna")
    edit("cycles/1/cycle.yaml", "It keeps the promises", "It is cheap")
    with pytest.raises(CycleError, match=r"decision\.why: was edited after it was signed"):
        cycle.sign("operations", by="Ben")
    edit("cycles/1/cycle.yaml", "It is cheap", "It keeps the promises")
    edit("starter/lanes.csv", "truck,12", "truck,13")
    with pytest.raises(CycleError, match=r"lanes\.csv row 2, unit_cost = 13, was 12"):
        cycle.sign("operations", by="Ben")


def test_next_month_starts_from_what_was_signed_whatever_its_folder_says_by_now(signed: planner.Cycle) -> None:
    roll_cycle("cycles/1", "as-signed", to="2026-02", periods=11)
    edit("starter/lanes.csv", "truck,12", "truck,13")
    shutil.rmtree("plans")
    roll_cycle("cycles/1", "later", to="2026-02", periods=11)
    assert planner.load_scenario("later").content_hash == planner.load_scenario("as-signed").content_hash
    assert "agreed_plan: ../cycles/1/agreed_plan" in Path("later/scenario.yaml").read_text()
