"""What spreadsheet programs make of cells is taken for what it means, and what means nothing is named with its
cell.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pandas as pd
import pytest

import planner
from tests.scenario.conftest import BAKERY, Write
from tests.scenario.reading.workbook.conftest import BOOK, SETTINGS, Book, Formula, InPercent, changed_rows

Problems = Callable[..., list[str]]


def test_a_workbook_is_the_scenario_that_its_folder_is(book: Book, write: Write) -> None:
    in_book, in_folder = planner.load_scenario(book()), planner.load_scenario(write())
    assert in_book.content_hash == in_folder.content_hash
    assert (in_book.name, in_book.question) == ("Bakery", "")
    assert in_book.source.endswith("bakery.xlsx")


@pytest.mark.parametrize("cell", [date(2026, 1, 1), date(2026, 1, 31), "Jan-26", "01/2026", "Januar 2026"])
def test_a_period_is_a_period_whatever_the_program_made_of_it(book: Book, cell: Any) -> None:
    demand = planner.load_scenario(book(changed_rows("demand", "2026-01", cell)))["demand"]
    assert demand["period"].tolist()[0] == pd.Period("2026-01", freq="M")


def test_a_day_in_the_middle_of_a_period_names_none(problems_in: Problems) -> None:
    assert problems_in(changed_rows("demand", "2026-01", date(2026, 1, 15))) == [
        'bakery.xlsx sheet demand cell C2, period = "2026-01-15": must be a month written like 2026-03, '
        "from 1900 to 2200"
    ]


@pytest.mark.parametrize(("cell", "number"), [("120", 120.0), ("1,260", 1260.0), ("1 260,5", 1260.5), (" 7 ", 7.0), ("(5)", None)])
def test_a_text_that_looks_like_a_number_is_one(book: Book, cell: str, number: float | None) -> None:
    if number is None:
        with pytest.raises(planner.ScenarioError, match=r"cell D3, quantity = -5: must be 0 or more"):
            planner.load_scenario(book(changed_rows("demand", 120.0, cell)))
        return
    assert planner.load_scenario(book(changed_rows("demand", 120.0, cell)))["demand"]["quantity"].tolist() == [100.0, number]


def test_a_text_of_a_thousand_is_not_read_as_one_without_a_word(book: Book, problems_in: Problems) -> None:
    alone = {"demand": [["item", "market", "period", "quantity"], ["bread", "town", "2026-01", "1.000"]]}
    assert [text for text in problems_in(alone) if "1.000" in text] == [
        'bakery.xlsx sheet demand, quantity: "1.000" could be 1.000 or 1000, and no other cell of the file shows which: set '
        "formats.decimal to point in the sheet scenario for 1.000, or comma for 1000"]
    beside = {"demand": [*alone["demand"], ["bread", "town", "2026-02", 980], ["bread", "town", "2026-03", 12.5]]}
    assert planner.load_scenario(book(beside))["demand"]["quantity"].tolist() == [1000.0, 980.0, 12.5]


def test_95_percent_is_0_95(book: Book) -> None:
    scenario = planner.load_scenario(book(changed_rows("routings", 0.95, "95%")))
    assert scenario["routings"]["yield_rate"].tolist() == [0.95]


def test_cells_shown_in_percent_are_what_the_reader_sees_and_it_is_said(book: Book, problems_in: Problems) -> None:
    changes = changed_rows("routings", 0.95, InPercent(0.07)) | {
        "forecast_overrides": [["item", "market", "period", "percent", "reason"], ["bread", "town", "2026-02", InPercent(0.1), "fair"]],
        "demand": [["item", "market", "period", "quantity"], ["bread", "town", "2026-01", InPercent(0.5)]],
        "scenario": [*SETTINGS, ["solver.gap", InPercent(0.01)]]}
    scenario = planner.load_scenario(book(changes))
    assert scenario["routings"]["yield_rate"].tolist() == [0.07]
    assert scenario["forecast_overrides"]["percent"].tolist() == [10.0]  # 10% of the forecast, in a column of percent
    assert scenario["demand"]["quantity"].tolist() == [0.5]  # half a unit, however it is shown
    assert scenario.settings.solver.gap == 0.01
    said = [text for text in problems_in(changes) if "is read as" in text]
    assert said == ['bakery.xlsx sheet forecast_overrides, percent: "10%" is read as 10 (decimal point)',
                    'bakery.xlsx sheet routings, yield_rate: "7%" is read as 0.07 (decimal point)']


def test_numbers_that_are_names_are_written_without_decimals(book: Book) -> None:
    rows = {"customers": [["customer", "market"], [4711.0, "town"]],
            "booked_orders": [["order", "customer", "item", "quantity", "due"], [1.0, "4711", "bread", 10, date(2026, 2, 9)]]}
    orders = planner.load_scenario(book(rows))["booked_orders"]
    assert orders[["order", "customer"]].to_numpy().tolist() == [["1", "4711"]]
    assert orders["due"].tolist() == [pd.Period("2026-02", freq="M")]


def test_titles_blank_rows_blanks_and_merged_headings_around_the_table_change_nothing(book: Book) -> None:
    header, *rows = BOOK["demand"]
    around = [["Demand of the bakery"], [], ["what", "where", "when", "how much"], header, [], *rows, ["", " "], []]
    demand = planner.load_scenario(book({"demand": around}))["demand"]
    assert demand["quantity"].tolist() == [100.0, 120.0]


def test_a_time_of_day_is_left_out_and_said(book: Book, problems_in: Problems) -> None:
    history = [["date", "market", "item", "quantity"], [datetime(2025, 11, 3, 17, 30), "town", "bread", 5]]
    assert problems_in({"order_history": history, "demand": None})[-1] == (
        'bakery.xlsx sheet order_history, date: "2025-11-03T17:30:00" is read as 2025-11-03, without the time of day'
    )


def test_days_count_from_1904_where_the_workbook_says_so(book: Book) -> None:
    scenario = planner.load_scenario(book(changed_rows("demand", "2026-01", date(2026, 1, 1)), epoch_1904=True))
    assert scenario["demand"]["period"].tolist()[0] == pd.Period("2026-01", freq="M")


@pytest.mark.parametrize(("cell", "problem"), [
    (Formula("=NA()").giving("#N/A"), 'cell D3, quantity = "#N/A": is an error of the spreadsheet: give a value, or leave the cell blank'),
    (Formula("=1/0").giving("#DIV/0!"), 'cell D3, quantity = "#DIV/0!": is an error of the spreadsheet: give a value, or leave the cell blank'),
    (Formula("=A1*2").giving(""), "cell D3, quantity: is a formula that was never calculated: open the workbook in Excel or LibreOffice, "
                                  "and save it again"),
    (date(2026, 3, 12), 'cell D3, quantity = "2026-03-12": is a day, as spreadsheets make one of codes such as 3-12: format the column as '
                        "text, and write the code again"),
    (True, 'cell D3, quantity = "TRUE": must be a number written like 1234.5'),
    ("many", 'cell D3, quantity = "many": must be a number written like 1234.5'),
])
def test_what_is_no_value_is_named_with_sheet_and_cell(problems_in: Problems, cell: Any, problem: str) -> None:
    found = problems_in(changed_rows("demand", 120.0, cell))
    assert found[0] == f"bakery.xlsx sheet demand {problem}"


def test_the_result_of_a_formula_is_its_value(book: Book) -> None:
    scenario = planner.load_scenario(book(changed_rows("demand", 120.0, Formula("=60*2").giving(120))))
    assert scenario["demand"]["quantity"].tolist() == [100.0, 120.0]


def test_a_code_that_became_a_day_is_no_name(problems_in: Problems) -> None:
    found = problems_in({"sites": [["site"], ["bakery"], ["store"], [date(2026, 3, 12)]]})
    assert found == ['bakery.xlsx sheet sites cell A4, site = "2026-03-12": is a day, as spreadsheets make one of codes such as 3-12: '
                     "format the column as text, and write the code again"]


def test_notes_beside_a_table_are_left_alone_even_where_they_are_errors(book: Book) -> None:
    header, *rows = BOOK["demand"]
    noted = [[*header, "# check", "Notes"], *([*row, Formula("=NA()").giving("#N/A"), "ask Ann"] for row in rows)]
    assert planner.load_scenario(book({"demand": noted}))["demand"]["quantity"].tolist() == [100.0, 120.0]


def test_cells_without_a_heading_are_named(problems_in: Problems) -> None:
    header, *rows = BOOK["demand"]
    assert problems_in({"demand": [header, [*rows[0], "", "x"], rows[1]]}) == [
        "bakery.xlsx sheet demand cell F2: stands beside the table: give its column a name (# and any name for notes), or remove it"
    ]


def test_a_sheet_without_names_of_columns_says_which_are_looked_for(problems_in: Problems) -> None:
    assert problems_in({"demand": [["artikel", "menge"], ["bread", 5]]}) == [
        "bakery.xlsx sheet demand: no row names the columns of the table: item, market, period, quantity ..."
    ]


def test_a_header_that_is_repeated_below_is_named(problems_in: Problems) -> None:
    header, *rows = BOOK["demand"]
    assert problems_in({"demand": [header, rows[0], header, rows[1]]})[0] == (
        "bakery.xlsx sheet demand row 3: repeats the header, as files put one below the other do. Remove the row"
    )


def test_a_missing_column_is_named_with_what_it_may_be(problems_in: Problems) -> None:
    text = BAKERY["demand.csv"].replace("period", "Ship period").replace("quantity", "Order quantity,Ship quantity")
    header, *rows = [line.split(",") for line in text.splitlines()]
    found = problems_in({"demand": [header, *([*row, "5"] for row in rows)]})
    assert 'bakery.xlsx sheet demand row 1, period: this column is missing. Is it "Ship period"?' in found
    assert ('bakery.xlsx sheet demand row 1, quantity: this column is missing. "Order quantity" or "Ship quantity": which is it?') in found
