"""The workbook: whole, the same each time, its formulas the plan's own figures, and no name ever a formula."""

import re
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pytest

import planner
from planner.errors import OutputError
from planner.report.output import write_report
from planner.report.workbook import write_workbook
from tests.report.examples import example_plan, rows, small_plan
from tests.report.grids.plans import bicycle_plan
from tests.report.workbook.sheets import Cell, cells, recalculated

SHEETS = ["Plan", "Targets", "Decisions", "S&OP sheets", "Deliveries", "Production", "Purchases", "Stock", "Crew",
          "Hours", "Money", "Changes"]
CELL = re.compile(r"([A-Z]+)([0-9]+)")


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("book") / "plan.xlsx"
    targets = rows("targets", {"target": "year", "measure": "units", "from": "2026-01", "to": "2026-04",
                               "quantity": 120.0, "demand": 110.0, "delivered": 108.0, "shortfall": 12.0})
    write_workbook([bicycle_plan(targets=targets)], target)
    return target


@pytest.fixture(scope="module")
def sheets(book: Path) -> dict[str, dict[str, Cell]]:
    return cells(book)


def row_of(sheet: dict[str, Cell], name: str, measure: str) -> int:
    return next(int(CELL.fullmatch(place)[2]) for place, cell in sheet.items()  # type: ignore[index]
                if place.startswith("A") and cell.value == name
                and sheet[f"B{CELL.fullmatch(place)[2]}"].value == measure)  # type: ignore[index]


def test_every_sheet_is_there_in_the_order_of_a_meeting(sheets: dict[str, dict[str, Cell]]) -> None:
    assert list(sheets) == SHEETS


def test_weeks_are_written_as_weeks_and_many_are_printed_on_several_pages(tmp_path: Path) -> None:
    weekly = planner.solve({
        "name": "Weekly", "calendar": {"start": "2026-W01", "periods": 49, "bucket": "week"}, "objective": {"mode": "cost"},
        "items": [{"item": "bike"}], "sites": [{"site": "plant"}], "markets": [{"market": "north"}],
        "demand": [{"item": "bike", "market": "north", "period": "2026-W02", "quantity": 4}],
        "service_terms": [{"lost_sale_cost": 9}], "sourcing": [{"item": "bike", "supplier": "s", "site": "plant", "unit_cost": 5}],
        "lanes": [{"origin": "plant", "destination": "north", "mode": "truck"}],
        "sales_targets": [{"target": "spring", "quantity": 9, "from": "2026-W10", "to": "2026-W20"}]})
    write_workbook([weekly], tmp_path / "plan.xlsx")
    sheets = cells(tmp_path / "plan.xlsx")
    assert {"2026-W10", "2026-W20"} <= {cell.value for cell in sheets["Targets"].values()}
    with ZipFile(tmp_path / "plan.xlsx") as archive:
        deliveries = archive.read(f"xl/worksheets/sheet{list(sheets).index('Deliveries') + 1}.xml").decode()
        assert 'fitToWidth="3"' in deliveries  # 49 weeks, 24 on a page
        assert "Deliveries!$A:$C" in archive.read("xl/workbook.xml").decode()  # the names, on each of them


def test_stock_is_opening_and_what_comes_less_what_goes(sheets: dict[str, dict[str, Cell]]) -> None:
    stock = sheets["Stock"]
    opening, closing = row_of(stock, "city (lyon)", "opening stock"), row_of(stock, "city (lyon)", "closing stock")
    produced, shipped = row_of(stock, "city (lyon)", "produced"), row_of(stock, "city (lyon)", "shipped")

    assert stock[f"D{opening}"] == Cell("50")
    assert stock[f"E{opening}"] == Cell("40.0", f"D{closing}")
    assert stock[f"E{closing}"] == Cell("20.0", f"E{opening}+E{produced}-E{shipped}")
    assert stock[f"H{shipped}"] == Cell("98.0", f"SUM(D{shipped}:G{shipped})")
    assert stock[f"H{closing}"] == Cell("2.0", f"G{closing}")


def test_a_balance_that_does_not_hold_is_no_formula(tmp_path: Path) -> None:
    plan = bicycle_plan()
    broken = plan.tables["inventory"].assign(closing=lambda table: table["closing"] + 1)
    write_workbook([replace(plan, tables={**plan.tables, "inventory": broken})], tmp_path / "plan.xlsx")
    stock = cells(tmp_path / "plan.xlsx")["Stock"]

    assert stock[f"E{row_of(stock, 'city (lyon)', 'closing stock')}"] == Cell("21")


def test_each_formula_gives_the_plans_own_figure(book: Path, sheets: dict[str, dict[str, Cell]],
                                                 tmp_path: Path) -> None:
    again = recalculated(book, tmp_path)
    formulas = [(name, place, cell) for name, sheet in sheets.items() for place, cell in sheet.items() if cell.formula]

    assert {name for name, _, _ in formulas} == {"Targets", "S&OP sheets", "Deliveries", "Production", "Purchases",
                                                 "Stock", "Crew", "Hours", "Money"}
    for name, place, cell in formulas:
        letters, number = CELL.fullmatch(place).groups()  # type: ignore[union-attr]
        column = sum((ord(letter) - 64) * 26**power for power, letter in enumerate(reversed(letters))) - 1
        found = again[name][int(number) - 1][column]
        assert figure(found) == pytest.approx(float(cell.value or 0), abs=0.005), (name, place, cell)


def figure(text: str) -> float:
    """A figure as a spreadsheet writes it."""
    return float(text.rstrip("%") or 0) / (100 if text.endswith("%") else 1)


def test_a_larger_plan_recalculates_too(tmp_path: Path) -> None:
    write_workbook([example_plan(periods=18)], tmp_path / "plan.xlsx")
    again = recalculated(tmp_path / "plan.xlsx", tmp_path)

    assert not [row for rows_found in again.values() for row in rows_found
                for cell in row if cell.startswith(("#", "Err:"))]


def test_no_name_is_a_formula_a_link_or_a_number(tmp_path: Path) -> None:
    names = ("=1+1", "+1", "-1", "@SUM(1)", "https://example.org", "007")
    items = rows("items", *({"item": name, "family": name, "unit": name} for name in names))
    stock = rows("inventory", *({"item": name, "site": "=A1", "opening": 1.0, "closing": 1.0} for name in names))
    sales = rows("sales", *({"item": name, "market": name, "demand": 1.0} for name in names))
    plan = small_plan(tables={"items": items, "inventory": stock, "sales": sales}, name="=2+2", question="@x")
    write_workbook([plan], tmp_path / "plan.xlsx")

    found = cells(tmp_path / "plan.xlsx")
    texts = {cell.value: cell.kind for sheet in found.values() for cell in sheet.values() if not cell.formula
             if cell.value in (*names, "=2+2", "@x", *(f"{name} (=A1)" for name in names))}
    assert set(texts.values()) == {"inlineStr"}
    assert {"=2+2", "@x", *names} <= set(texts)


def test_the_same_plan_gives_the_same_bytes(book: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_workbook([bicycle_plan()], tmp_path / f"{name}.xlsx")

    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_an_empty_plan_has_a_workbook(tmp_path: Path) -> None:
    write_workbook([small_plan(tables={})], tmp_path / "plan.xlsx")

    assert list(cells(tmp_path / "plan.xlsx")) == SHEETS


def test_a_report_is_what_its_file_is_called(tmp_path: Path) -> None:
    write_report(bicycle_plan(), tmp_path / "plan.XLSX")
    write_report([bicycle_plan(), bicycle_plan()], tmp_path / "page.html")

    assert (tmp_path / "plan.XLSX").read_bytes().startswith(b"PK")
    assert (tmp_path / "page.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_several_plans_are_compared_on_a_sheet_with_figures(tmp_path: Path) -> None:
    plans = [example_plan(periods=3), example_plan("Second shift", periods=3, extra=0.12)]
    write_report(plans, tmp_path / "pack.xlsx")

    sheet = cells(tmp_path / "pack.xlsx")["Comparison"]
    assert any(cell.value.startswith("Recommended: Second shift") for cell in sheet.values())  # it delivers most
    row = next(place[1:] for place, cell in sheet.items() if cell.value == "Margin" and place[0] == "A")
    first, second, difference = (float(sheet[f"{column}{row}"].value) for column in "CDE")
    assert difference == pytest.approx(second - first)


def test_other_files_in_the_place_of_a_workbook_are_refused(tmp_path: Path) -> None:
    (tmp_path / "plan.xlsx").write_text("my notes")
    with pytest.raises(OutputError, match="is there already and is no workbook"):
        write_report(bicycle_plan(), tmp_path / "plan.xlsx")
    assert (tmp_path / "plan.xlsx").read_text() == "my notes"
