"""A file of tables says what was recognised in it, and what it leaves open is a question, not a guess."""

from collections.abc import Callable

import pandas as pd
import pytest

import planner
from planner.scenario.load import check
from tests.scenario.conftest import Write, changed

Problems = Callable[..., list[str]]
HISTORY = "date,market,item,quantity,revenue\n"
GERMAN = ("date;market;item;quantity;revenue\n"
          "31.01.2025;town;bread;1.260;3.780,50\n03.02.2025;town;bread;980;2.940,00\n")


def history(text: str) -> dict[str, str | bytes | None]:
    return {"order_history.csv": text, "demand.csv": None}


def test_a_file_of_a_german_excel_is_read_as_it_is_meant_and_says_how(write: Write) -> None:
    folder = write({"order_history.csv": GERMAN.encode("cp1252"), "demand.csv": None})
    orders = planner.load_scenario(folder)["order_history"]
    assert orders["quantity"].tolist() == [1260.0, 980.0]
    assert orders["revenue"].tolist() == [3780.5, 2940.0]
    assert orders["date"].tolist() == [pd.Timestamp(2025, 1, 31), pd.Timestamp(2025, 2, 3)]
    assert [str(problem) for problem in check(folder) if problem.severity == "note"] == [
        "order_history.csv: its cells are separated by semicolons",
        'order_history.csv, quantity: "1.260" is read as 1260 (decimal comma)',
        'order_history.csv, revenue: "3.780,50" is read as 3780.50 (decimal comma)',
        'order_history.csv, date: "31.01.2025" is read as 2025-01-31',
    ]


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8-sig"])
def test_letters_are_read_in_the_encoding_of_the_file(write: Write, encoding: str) -> None:
    text = "market,region\ntown,Süd\n"
    scenario = planner.load_scenario(write({"markets.csv": text.encode(encoding)}))
    assert scenario["markets"]["region"].tolist() == ["Süd"]


def test_an_encoding_that_is_not_plain_is_said_with_a_word_to_look_at(problems_of: Problems) -> None:
    assert problems_of({"markets.csv": "market,region\ntown,Süd\n".encode("cp1252")}) == [
        'markets.csv: its letters are read as cp1252, as in "Süd"'
    ]


def test_an_encoding_that_is_said_is_used(write: Write) -> None:
    files = {"scenario.yaml": "name: B\ncalendar: {start: 2026-01, periods: 3}\nformats: {markets: {encoding: cp1250}}\n",
             "markets.csv": "market,region\ntown,Győr\n".encode("cp1250")}
    assert planner.load_scenario(write(files))["markets"]["region"].tolist() == ["Győr"]


def test_a_row_that_only_says_the_separator_is_no_header(write: Write, problems_of: Problems) -> None:
    scenario = planner.load_scenario(write({"markets.csv": "sep=;\r\nmarket;region\r\ntown;north\r\n"}))
    assert scenario["markets"]["region"].tolist() == ["north"]


def test_rows_below_a_separator_row_keep_their_numbers(problems_of: Problems) -> None:
    found = problems_of({"items.csv": "sep=;\nitem;price\nbread;3\nflour;dear\n"})
    assert found[0] == 'items.csv row 4, price = "dear": must be a number written like 1234.5'


def test_days_that_could_be_two_are_one_question(problems_of: Problems) -> None:
    rows = "".join(f"0{day}/04/2025,town,bread,5,\n" for day in range(1, 9))
    errors = problems_of(history(HISTORY + rows), severity="error")
    assert errors == [
        'order_history.csv, date: "01/04/2025" could be day/month/year or month/day/year, and no other cell of the file shows which: set '
        "formats: {dates: dmy} in scenario.yaml, or mdy"
    ]


@pytest.mark.parametrize(("order", "day"), [("dmy", "2025-04-03"), ("mdy", "2025-03-04")])
def test_the_answer_settles_it(write: Write, order: str, day: str) -> None:
    files = {**history(HISTORY + "03/04/2025,town,bread,5,\n"),
             "scenario.yaml": f"name: B\ncalendar: {{start: 2026-01, periods: 3}}\nformats: {{dates: {order}}}\n"}
    orders = planner.load_scenario(write(files))["order_history"]
    assert orders["date"].tolist() == [pd.Timestamp(day)]


def test_days_that_contradict_the_others_are_errors_in_their_rows(problems_of: Problems) -> None:
    errors = problems_of(history(HISTORY + "31/01/2025,town,bread,5,\n30/01/2025,town,bread,5,\n01/29/2025,town,bread,5,\n"), severity="error")
    assert errors == ['order_history.csv row 4, date = "01/29/2025": must be a date written like 2026-03-15, from 1900 to 2200']


def test_numbers_that_could_be_two_are_one_question(problems_of: Problems) -> None:
    errors = problems_of(history(HISTORY + '2025-01-03,town,bread,"1,265",\n2025-01-04,town,bread,"1,275",\n'), severity="error")
    assert errors == [
        'order_history.csv, quantity: "1,265" could be 1265 or 1.265, and no other cell of the file shows which: set formats: {decimal: point} '
        "in scenario.yaml for 1265, or comma for 1.265"
    ]


def test_day_numbers_of_excel_are_days_where_the_whole_column_is(write: Write, problems_of: Problems) -> None:
    text = HISTORY + "45658,town,bread,5,\n45689,town,bread,6,\n"
    orders = planner.load_scenario(write(history(text), name="serial"))["order_history"]
    assert orders["date"].tolist() == [pd.Timestamp(2025, 1, 1), pd.Timestamp(2025, 2, 1)]
    mixed = problems_of(history(text + "2025-03-01,town,bread,7,\n"), severity="error")
    assert mixed[0] == 'order_history.csv row 2, date = "45658": must be a date written like 2026-03-15, from 1900 to 2200'


def test_yes_and_no_may_be_true_and_false(write: Write) -> None:
    pools = "site,labor_pool,headcount,hours_per_worker,whole_workers\nbakery,bakers,2,150,WAHR\n"
    assert planner.load_scenario(write({"labor_pools.csv": pools}))["labor_pools"]["whole_workers"].tolist() == ["yes"]


def test_what_is_written_as_scenarios_are_needs_no_note(write: Write) -> None:
    assert check(write(changed("sourcing.csv", (",1,1,,", ",1.260,1,,")))) == []


def test_the_apostrophe_that_keeps_a_name_from_running_is_taken_away_again(write: Write) -> None:
    files = changed("items.csv", ("flour,raw", "\"'=1+1\",raw"))
    files |= changed("sourcing.csv", ("flour", "'=1+1")) | changed("bill_of_materials.csv", ("flour", "'=1+1")) | changed("inventory.csv", ("flour", "'=1+1"))
    assert planner.load_scenario(write(files))["items"]["item"].tolist() == ["bread", "=1+1"]
