"""Sheets are tables by their names; whatever else is in a workbook is told, or named where it was meant."""

from collections.abc import Callable

import planner
from tests.scenario.reading.workbook.conftest import BOOK, SETTINGS, Book

Problems = Callable[..., list[str]]


def test_sheets_may_be_called_as_people_write(book: Book) -> None:
    scenario = planner.load_scenario(book({"demand": None, "Demand": BOOK["demand"], "lanes": None, " Lanes": BOOK["lanes"]}))
    assert len(scenario["demand"]) == 2 and len(scenario["lanes"]) == 1


def test_a_hidden_sheet_is_read_and_told(problems_in: Problems) -> None:
    assert problems_in(hidden=["demand"]) == ["bakery.xlsx sheet demand: is hidden, and is read all the same"]


def test_other_sheets_are_told_copies_and_slips_are_errors(problems_in: Problems) -> None:
    assert problems_in({"pivot": [["x"]], "items (2)": [["x"]], "sorcing": [["x"]], "blank": []}) == [
        "bakery.xlsx sheet items (2): is a copy of the sheet items: remove it, or give it another name",
        'bakery.xlsx sheet sorcing: no such table. Did you mean "sourcing"? Give a sheet of notes another name',
        "bakery.xlsx sheet pivot: is called like no table, and is not read",
    ]


def test_a_workbook_without_settings_says_where_to_begin(problems_in: Problems) -> None:
    assert problems_in({"scenario": None}) == [
        "bakery.xlsx: has no sheet called scenario. Start from the one that planner new --xlsx writes"
    ]


def test_settings_say_their_rows(problems_in: Problems) -> None:
    assert problems_in({"scenario": [*SETTINGS, ["solver.gap", 5], ["solver.gop", 1], ["name", "Twice"], ["# a note", "x"]]}) == [
        "bakery.xlsx sheet scenario row 7, name: is given twice",
        "bakery.xlsx sheet scenario row 5, solver.gap = 5: must be from 0 to 1",
        'bakery.xlsx sheet scenario row 6, solver.gop: no such setting. Allowed are time_limit, effort, gap, threads, seed. Did you mean "gap"?',
    ]


def test_a_workbook_asks_no_database(problems_in: Problems) -> None:
    assert problems_in({"scenario": [*SETTINGS, ["tables.demand.query", "select 1"], ["tables.demand.connection", "HOME"]]}) == [
        "bakery.xlsx sheet scenario row 5, tables: queries stand in scenario.yaml only: a workbook may come from anybody"
    ]


def test_blank_sheets_of_a_what_if_leave_the_tables_of_its_base_alone(book: Book) -> None:
    book()
    child = book({**dict.fromkeys(BOOK), "scenario": [["setting", "value"], ["name", "C"], ["base", "bakery.xlsx"]],
                  "demand": [BOOK["demand"][0]], "overrides": [["table", "where", "set"], ["items", "item: bread", "price: 4"]]}, name="c.xlsx")
    scenario = planner.load_scenario(child)
    assert len(scenario["demand"]) == 2
    assert scenario["items"]["price"].tolist()[0] == 4.0


def test_an_error_in_an_override_names_its_row(book: Book, problems_in: Problems) -> None:
    book()
    found = problems_in({**dict.fromkeys(BOOK), "scenario": [["setting", "value"], ["name", "C"], ["base", "bakery.xlsx"]],
                         "overrides": [["table", "set"], ["items", "prize: 4"]]}, name="c.xlsx")
    assert found[0].startswith("c.xlsx sheet overrides row 2, overrides.items[0]")
