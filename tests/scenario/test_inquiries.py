"""Inquiries are read as tables are: all problems at once, with file, row, column, value and what is allowed."""

from pathlib import Path

import pytest

import planner
from planner.scenario.inquiries import read_inquiries, single_inquiry
from tests.model.plants import plant, table

SCENARIO = plant([1, 1], customers=table("customer market", ("acme", "north")))


@pytest.fixture(scope="module")
def scenario() -> planner.Scenario:
    return planner.load_scenario(SCENARIO)


def problems(scenario: planner.Scenario, file: Path, text: str) -> list[str]:
    file.write_text(text, encoding="utf-8")
    with pytest.raises(planner.ScenarioError) as caught:
        read_inquiries(file, scenario)
    return [str(problem) for problem in caught.value.problems]


def test_every_problem_of_a_file_is_told_at_once(scenario: planner.Scenario, tmp_path: Path) -> None:
    told = problems(scenario, tmp_path / "many.csv", (
        "order,customer,market,item,quantity,due,price\n"
        "a,,north,bikee,4,2026-01,\n"
        "a,acme,north,bike,0,2025-12,\n"
        "b,acmee,,bike,x,2026-03,-1\n"
        "c,,,bike,1,January,\n"))
    assert sorted(told) == sorted([
        'many.csv row 2, item = "bikee": no such item. Did you mean "bike"?',
        'many.csv row 3, order = "a": there is another inquiry of this name',
        "many.csv row 3, customer, market: only one of them may be filled in",
        "many.csv row 3, quantity = 0: must be more than 0 units",
        'many.csv row 3, due = "2025-12": is before the plan starts: the plan goes from 2026-01 to 2026-02',
        'many.csv row 4, customer = "acmee": no such customer. Did you mean "acme"?',
        'many.csv row 4, quantity = "x": must be a number written like 1234.5',
        'many.csv row 4, due = "2026-03": is after the plan ends: the plan goes from 2026-01 to 2026-02',
        "many.csv row 4, price = -1: must be 0 or more",
        "many.csv row 5, customer, market: one of them must be filled in",
        'many.csv row 5, due = "January": must be a month written like 2026-03, or a date written like 2026-03-15, '
        "from 1900 to 2200",
    ])


@pytest.mark.parametrize(("text", "message"), [
    ("order,market,item,due\na,north,bike,2026-01\n", "many.csv row 1, quantity: this column is missing"),
    ("order,market,item,quantity,due\n", "many.csv: there are no inquiries in it"),
    ("order,market,item,quantity,due,colour\na,north,bike,1,2026-01,red\n",
     'many.csv row 1, "colour": no such column'),
])
def test_what_is_no_table_of_inquiries_is_refused(scenario: planner.Scenario, tmp_path: Path, text: str,
                                                  message: str) -> None:
    assert problems(scenario, tmp_path / "many.csv", text) == [message]


def test_a_file_of_another_language_is_read(scenario: planner.Scenario, tmp_path: Path) -> None:
    (tmp_path / "many.csv").write_text("order;customer;item;quantity;due;price\na;acme;bike;1234,5;31.01.2026;9,5\n",
                                       encoding="utf-8")
    inquiry = read_inquiries(tmp_path / "many.csv", scenario)[0]
    line = inquiry.lines[0]
    assert (inquiry.due, line.market, line.quantity, line.price) == (1, "north", 1234.5, 9.5)


def test_a_single_inquiry_names_no_row(scenario: planner.Scenario) -> None:
    with pytest.raises(planner.ScenarioError) as caught:
        single_inquiry({"order": "inquiry", "item": "bike", "quantity": "-4", "market": "nort"}, scenario)
    assert str(caught.value) == (
        "3 problems in the inquiry\n"
        "  quantity = -4: must be more than 0 units\n"
        "  due: must be filled in\n"
        '  market = "nort": no such market. Did you mean "north"?')
