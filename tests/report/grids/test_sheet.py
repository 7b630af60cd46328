"""The S&OP sheet of a family: what was, what is wanted, what comes, what is left, and what it is worth."""

import numpy as np
import pytest

from planner.report.grids import Grid, make_sheets
from planner.report.grids.sheet import days_of_supply
from tests.report.grids.plans import bicycle_plan


@pytest.fixture(scope="module")
def sheet() -> Grid:
    (only,) = make_sheets(bicycle_plan())
    return only


def values(sheet: Grid, measure: str) -> tuple[float | None, ...]:
    return next(line.values for line in sheet.lines if line.measure == measure)


def test_a_sheet_begins_with_the_last_actuals(sheet: Grid) -> None:
    assert (sheet.title, sheet.past) == ("S&OP sheet of bikes", 3)
    assert sheet.periods[:4] == ("2025-10", "2025-11", "2025-12", "2026-01")
    assert values(sheet, "demand") == (0.0, 8.0, 2.0, 11.0, 22.0, 33.0, 44.0)
    assert values(sheet, "revenue")[:4] == (0.0, 1200.0, 600.0, 1800.0)
    # the stock before the plan is the one with which it begins: 50 + 9
    assert values(sheet, "closing stock")[:4] == (None, None, 59.0, 48.0)


def test_a_sheet_has_the_same_period_of_the_year_before(sheet: Grid) -> None:
    assert values(sheet, "a year earlier") == (None, None, None, 7.0, 0.0, 0.0, 0.0)


def test_a_sheet_is_in_units_and_money(sheet: Grid) -> None:
    # 10 x 100 + 1 x 200, and what is lost in April at its price: 2 x 150
    assert values(sheet, "cost of goods")[3] == 1200.0
    assert values(sheet, "revenue lost")[6] == 300.0
    assert values(sheet, "stock value")[3:] == (5600.0, 3200.0, 600.0, 200.0)
    assert {line.measure: line.unit for line in sheet.lines}["stock value"] == "EUR"


def test_totals_are_those_of_the_plan(sheet: Grid) -> None:
    totals = {line.measure: line.total for line in sheet.lines}

    assert totals["demand"] == 110.0
    assert totals["closing stock"] == 2.0


def test_quarters_have_whole_quarters_before_them() -> None:
    (sheet,) = make_sheets(bicycle_plan(), quarters=True)

    assert sheet.periods == ("2025-Q3", "2025-Q4", "2026-Q1", "2026-Q2")
    assert values(sheet, "demand") == (0.0, 10.0, 66.0, 44.0)
    assert values(sheet, "a year earlier")[2:] == (7.0, 0.0)


def test_a_component_has_a_sheet_when_it_is_asked_for() -> None:
    (sheet,) = make_sheets(bicycle_plan(), by="item", only={"item": "wheel"})

    assert sheet.title == "S&OP sheet of wheel"
    assert values(sheet, "received")[3:] == (5.0, 5.0, 0.0, 45.0)
    assert "demand" not in {line.measure for line in sheet.lines}


def test_stock_lasts_for_whole_periods_and_a_part_of_the_next() -> None:
    days = days_of_supply(np.array([30.0, 20.0, 5.0]), np.array([99.0, 20.0, 40.0]), np.array([31.0, 28.0, 31.0]))

    # 20 in February, then 10 of 40 in March; half of March; after the end it goes on like March: 5 of 40
    assert days.tolist() == [28.0 + 31.0 / 4, 31.0 / 2, 31.0 / 8]
    assert np.isnan(days_of_supply(np.array([3.0]), np.array([0.0]), np.array([31.0]))[0])
