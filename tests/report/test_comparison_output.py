"""A comparison as a page, a workbook, JSON and CSV files: all say the same."""

import json
from pathlib import Path

import pandas as pd
import pytest
from jsonschema import Draft202012Validator

import planner
from planner.csv_tables import locale_of
from planner.errors import OutputError
from planner.plan.comparison.compare import Comparison, compare
from planner.report.comparison_output import expect_comparison, write_comparison
from planner.report.comparison_tables import comparison_tables
from planner.report.schemas.results import schema_of
from tests.model.plants import plant, table

# The saw makes 8 of the 10 bikes that north wants each month, and in the other plan all of them.
SHORT = plant(
    [10] * 3, mode="targets_first", items=table("item price standard_cost", ("bike", 100, 50)),
    routings=table("item site routing unit_cost", ("bike", "plant", "line", 10)),
    routing_steps=table("item site routing work_center hours_per_unit", ("bike", "plant", "line", "saw", 1)),
    work_centers=table("site work_center available_hours hour_cost", ("plant", "saw", 8, 2)),
    sales_targets=table("target measure quantity", ("spring", "units", 30)))


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    base = planner.load_scenario({**SHORT, "name": "Today"})
    more = base.changed({"work_centers": [{"where": {}, "set": {"available_hours": 10}}]}, name="Second shift")
    return compare([base, more, base], walk=True)


def test_json_is_what_the_schema_declares(comparison: Comparison, tmp_path: Path) -> None:
    write_comparison(comparison, tmp_path / "plans.json")

    told = json.loads((tmp_path / "plans.json").read_text())
    assert list(Draft202012Validator(schema_of("compare")).iter_errors(told)) == []
    assert told["recommendation"]["plan"] == "Second shift"
    assert [walk["second"] for walk in told["walks"]] == ["Second shift", "Today (2)"]
    assert told["walks"][0]["steps"][0]["delivered"] == pytest.approx(6)
    assert {row["period"] for row in told["service"]} == {"2026-01", "2026-02", "2026-03"}


def test_csv_files_hold_every_table_as_the_locale_writes_it(comparison: Comparison, tmp_path: Path) -> None:
    write_comparison(comparison, tmp_path / "plans", locale=locale_of("de"))

    names = sorted(file.stem for file in (tmp_path / "plans").iterdir())
    assert names == sorted(comparison.frames)
    service = pd.read_csv(tmp_path / "plans" / "service.csv", sep=";", decimal=",")
    assert service["fill_rate"].tolist() == pytest.approx(comparison.service["fill_rate"].tolist())
    assert "0,8" in (tmp_path / "plans" / "service.csv").read_text()
    write_comparison(comparison, tmp_path / "plans")  # over its own
    assert "0.8" in (tmp_path / "plans" / "service.csv").read_text()


def test_the_workbook_has_a_sheet_for_each_table_and_the_same_bytes(comparison: Comparison, tmp_path: Path) -> None:
    for name in ("one.xlsx", "two.xlsx"):
        write_comparison(comparison, tmp_path / name)

    sheets = pd.read_excel(tmp_path / "one.xlsx", sheet_name=None, engine="calamine", header=None)
    assert list(sheets) == ["Comparison", "Service", "Targets", "Customers", "Load", "Margin", "Why", "Near periods",
                            "Moves", "Differences"]
    assert sheets["Comparison"].iloc[0, 0] == "Today against Second shift and Today (2)"
    assert sheets["Targets"].iloc[4].tolist()[-1] == pytest.approx(0.8)  # 24 of 30
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_the_page_says_what_to_agree_on_and_loads_nothing(comparison: Comparison, tmp_path: Path) -> None:
    write_comparison(comparison, tmp_path / "plans.html")

    text = (tmp_path / "plans.html").read_text()
    assert "Recommended: Second shift" in text
    assert "Work centers of plant, available hours 8 to 10" in text
    assert "src=" not in text and "@import" not in text


def test_each_table_has_a_column_for_each_plan(comparison: Comparison) -> None:
    tables = {table.caption: table for table in comparison_tables(comparison)}

    load = tables["Load against capacity"]
    assert [cell.text for cell in load.bodies[0][1][0]] == ["saw", "Plant", "100.0% (3)", "100.0% (3)", "100.0% (3)"]
    targets = tables["Attainment of the sales targets"]
    assert [cell.text for cell in targets.bodies[0][1][0]] == ["spring", "units", "30", "80.0%", "100.0%", "80.0%"]
    why = tables["Why Second shift differs from Today"]
    # 6 more at 100, each for 12
    whole = [cell.text for cell in why.bodies[0][1][-1]]
    assert [text.removesuffix(".0") for text in whole] == ["In all", "+528", "+72", "+6", "−6", "+20"]


@pytest.mark.parametrize(("name", "reason"), [("plans.pdf", "as .html, .xlsx or .json, or as CSV files"),
                                              ("notes", "holds something else than a comparison")])
def test_other_places_are_refused_before_the_work(tmp_path: Path, name: str, reason: str) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "mine.txt").write_text("mine")

    with pytest.raises(OutputError, match=reason):
        expect_comparison(tmp_path / name)
    assert (tmp_path / "notes" / "mine.txt").read_text() == "mine"
