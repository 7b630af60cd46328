"""The past lies in the past, and years are no slips of the pen."""

from collections.abc import Callable

import pytest

import planner
from tests.scenario.conftest import BAKERY, Write, changed, with_row

Problems = Callable[..., list[str]]
HISTORY = "date,market,item,quantity\n2025-11-30,town,bread,5\n2025-12-31,town,bread,5\n2026-01-01,town,bread,5\n"
LEFT_OUT = "up to which the past is known: the forecast leaves them out. Is calendar.start, or forecast.as_of, too early?"


def test_history_after_the_day_that_is_known_is_counted(problems_of: Problems) -> None:
    assert problems_of({"order_history.csv": HISTORY}) == [
        f'order_history.csv row 4, date = "2026-01-01": 1 of 3 rows are dated after 2025-12-31, {LEFT_OUT}'
    ]


def test_the_day_that_is_known_is_the_one_that_was_set_and_lies_before_the_calendar(write: Write) -> None:
    for number, (as_of, rows) in enumerate((("2025-11-30", 2), ("2026-06-30", 1))):
        text = BAKERY["scenario.yaml"] + f"forecast: {{as_of: {as_of}}}\n"
        folder = write({"order_history.csv": HISTORY, "scenario.yaml": text}, name=str(number))
        (warning,) = planner.load_scenario(folder).warnings
        assert f"{rows} of 3 rows" in warning.message


@pytest.mark.parametrize(
    ("file", "text", "place"),
    [
        ("opportunities.csv", "opportunity,market,item,quantity,created,outcome\n"
                              "o,town,bread,5,2026-02-03,open\n", 'row 2, created = "2026-02-03"'),
        ("promotions.csv", "promotion,item,from,to,entered\np,bread,2026-02,2026-02,2026-01-05\n",
         'row 2, entered = "2026-01-05"'),
        ("forecast_overrides.csv", "item,market,period,percent,reason,author,entered\n"
                                   "bread,town,2026-02,10,x,y,2026-01-05\n", 'row 2, entered = "2026-01-05"'),
    ],
)
def test_whatever_is_entered_later_is_said(file: str, text: str, place: str, problems_of: Problems) -> None:
    assert problems_of({file: text}) == [f"{file} {place}: 1 of 1 rows are dated after 2025-12-31, {LEFT_OUT}"]


def test_deals_that_are_decided_later_count_as_open_and_that_is_said(problems_of: Problems) -> None:
    deals = "opportunity,market,item,quantity,created,closed,outcome\no,town,bread,5,2025-02-03,2026-01-02,won\n"
    assert problems_of({"opportunities.csv": deals}) == [
        'opportunities.csv row 2, closed = "2026-01-02": 1 of 1 rows are dated after 2025-12-31, up to which the '
        "past is known: these deals count as open. Is calendar.start, or forecast.as_of, too early?"
    ]


def test_a_past_promotion_explains_the_history_so_nobody_is_told_to_remove_it(problems_of: Problems) -> None:
    header = "promotion,item,from,to\n"
    assert problems_of({"promotions.csv": header + "may,bread,2025-05,2025-05\n"}) == []


def test_a_promotion_after_the_calendar_has_no_effect(problems_of: Problems) -> None:
    rows = "promotion,item,from,to\nlate,bread,2026-05,2026-05\n"
    assert problems_of({"promotions.csv": rows}) == [
        "promotions.csv row 2, from, to: 2026-05 to 2026-05 lies outside the calendar, 2026-01 to 2026-03, so the "
        "row has no effect"
    ]


@pytest.mark.parametrize(
    ("due", "problems"),
    [
        ("2025-01", []),
        ("2024-12", ["is overdue by 13 months, and is planned as late. Is the year right?"]),
        ("1926-01", ["is overdue by 1,200 months, and is planned as late. Is the year right?"]),
        ("1926-01-15", ["is overdue by 1,200 months, and is planned as late. Is the year right?"]),
        ("2126-01", ["is due after the calendar ends in 2026-03, so it is not planned",
                     "lies 100 years after the start of the calendar. Is the year right?"]),
    ],
)
def test_an_order_due_long_ago_is_asked_about(due: str, problems: list[str], problems_of: Problems) -> None:
    found = problems_of(changed("booked_orders.csv", ("2026-02", due)))
    assert found == [f'booked_orders.csv row 2, due = "{due}": {problem}' for problem in problems]


@pytest.mark.parametrize(
    ("files", "place"),
    [
        ({"order_history.csv": HISTORY[: HISTORY.index("2025-12")] + "1925-12-31,town,bread,5\n"},
         'order_history.csv row 3, date = "1925-12-31": lies 100 years before'),
        ({"customers.csv": BAKERY["customers.csv"].replace("priority", "since").replace(",2\n", ",1905-01-01\n")},
         'customers.csv row 2, since = "1905-01-01": lies 121 years before'),
        (with_row("inventory.csv", "bread,bakery,,1,2,2126-01,"),
         'inventory.csv row 3, from = "2126-01": lies 100 years after'),
    ],
)
def test_a_year_that_is_far_away_is_asked_about(files: dict[str, str], place: str, problems_of: Problems) -> None:
    assert f"{place} the start of the calendar. Is the year right?" in problems_of(files)
