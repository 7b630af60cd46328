"""Exports of the usual systems go in with the profile that ships for them, every row accounted for."""

from pathlib import Path

import pytest

from planner.scenario.importing.importing import ImportResult, import_files
from planner.scenario.importing.mapping_file import profiles
from tests.scenario.importing.conftest import left_out, rows

SAMPLES = Path(__file__).with_name("samples")


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> dict[str, ImportResult]:
    """The sample of every profile, imported with it."""
    folder = tmp_path_factory.mktemp("profiles")
    return {name: import_files(sorted((SAMPLES / name).glob("*.csv")), {"profile": name}, folder / name) for name in profiles()}


@pytest.mark.parametrize("name", profiles())
def test_sums_agree_and_only_a_penalty_of_safety_stock_is_left_to_say(imported: dict[str, ImportResult], name: str) -> None:
    assert all(account.agrees and account.rows_read for account in imported[name].accounts)
    errors = {problem.code for problem in imported[name].problems if problem.severity == "error"}
    assert errors <= {"inventory.safety_stock_penalty.penalty_needed"}


@pytest.mark.parametrize(("name", "won", "open_"), [
    ("hubspot", ["8801"], ["8802", "8804", "8805"]), ("salesforce", ["0061", "0061"], ["0063"]), ("pipedrive", ["11"], ["13"]),
    ("zoho", ["zcrm_501"], ["zcrm_503"]), ("odoo", ["31"], ["32"]), ("erpnext", ["OPP-1"], ["OPP-2"])])
def test_stages_become_outcomes(imported: dict[str, ImportResult], name: str, won: list[str], open_: list[str]) -> None:
    deals = rows(imported[name], "opportunities")
    outcome = deals[0].split(",").index("outcome")
    found = {kind: [row.split(",")[0] for row in deals[1:] if row.split(",")[outcome] == kind] for kind in ("won", "open")}
    assert found == {"won": won, "open": open_}


def test_deals_without_products_are_planned_in_money(imported: dict[str, ImportResult]) -> None:
    assert rows(imported["hubspot"], "items") == ["item,price", "all products,1"]
    assert rows(imported["salesforce"], "items") == ["item", "CARGO", "CITY"]


@pytest.mark.parametrize(("name", "read"), [("sap", "plant_data"), ("frepple", "stock")])
def test_safety_stock_without_a_penalty_says_what_to_give_the_mapping(imported: dict[str, ImportResult], tmp_path: Path, name: str, read: str) -> None:
    note = next(note for note in imported[name].notes if note.startswith("safety stock"))
    said = note.partition("Give the mapping ")[2].partition(", with your cost")[0]
    assert said == f"{{profile: {name}, reads: {{{read}: {{columns: {{safety_stock_penalty: {{value: 5}}}}}}}}}}"
    (tmp_path / "m.yaml").write_text(said)
    result = import_files(sorted((SAMPLES / name).glob("*.csv")), tmp_path / "m.yaml", tmp_path / "scenario")
    assert [problem for problem in result.problems if problem.severity == "error"] == []
    assert [note for note in result.notes if note.startswith("safety stock")] == []


def test_lines_under_the_first_of_an_order_belong_to_it_and_a_return_comes_off(imported: dict[str, ImportResult]) -> None:
    assert rows(imported["odoo"], "order_history")[1:] == [
        "2025-10-06,Harbor Rentals,[CITY] City bike,4,3600", "2025-10-06,Harbor Rentals,[LOCK] Lock,4,120",
        "2025-11-03,Velo Hub,[CITY] City bike,1,900"]


def test_what_is_still_to_deliver_is_booked(imported: dict[str, ImportResult]) -> None:
    assert rows(imported["erpnext"], "booked_orders")[1:] == ["SO-0001-CITY,Harbor Rentals,CITY,7,2026-01"]
    assert rows(imported["sap"], "booked_orders")[1:] == ["12005-10,100042,4711,7,2026-01"]
    assert rows(imported["frepple"], "booked_orders")[1:] == ["Order 3,Store A,chair,25,2026-01"]


def test_sap_codes_lose_their_zeros_stock_adds_up_and_steps_are_hours_of_a_unit(imported: dict[str, ImportResult]) -> None:
    sap = imported["sap"]
    assert rows(sap, "inventory")[1:] == ["4711,1000,20,5", "4712,1000,1220,100"]  # 14 + 6 on hand
    assert rows(sap, "routing_steps")[1:] == ["4711,1000,50000012-1,WELD,0.2,0.5",  # 120 min / 10 pieces / 60, 30 min
                                              "4711,1000,50000012-1,ASSEMBLY,0.75,0"]  # 0.5 h and 15 min
    assert left_out(sap)['ABGRU = "61"'] == 1  # rejected


def test_frepple_materials_are_what_an_operation_uses(imported: dict[str, ImportResult]) -> None:
    assert rows(imported["frepple"], "bill_of_materials") == ["parent,component,quantity_per", "chair,leg,4"]
    assert rows(imported["frepple"], "sourcing")[1:] == ["leg,Woodworks,factory,2.5,100,50"]
