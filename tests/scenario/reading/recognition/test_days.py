"""Days and periods in the ways in which programs write them."""

from datetime import date

import pytest

from planner.scenario.reading.recognition.days import as_day, day_style, read_day, read_period, serial_day


@pytest.mark.parametrize("text", [
    "2026-03-05", "2026/3/5", "2026.03.05", "20260305", "05.03.2026", "5.3.26", "5. März 2026", "5 Mar 2026", "05-Mar-26", "Mar 5, 2026",
    "5 de marzo 2026".replace("de ", ""), "2026-03-05 17:30", "2026-03-05T17:30:00.000Z", "05.03.2026 17:30:00", "5 mars 2026",
])
def test_a_day_that_can_only_be_one_is_that_one_in_any_order(text: str) -> None:
    assert as_day(text, "dmy") == as_day(text, "mdy") == date(2026, 3, 5)


@pytest.mark.parametrize("text", ["2026-02-30", "31.02.2026", "13/13/2026", "5 Marker 2026", "2026-W10", "Mar-26", "5", "1/2", "0001-01-01", "5 ju 2026"])
def test_what_is_no_day_is_none(text: str) -> None:
    assert read_day(text) is None


def test_the_order_is_that_of_the_cells_that_show_it() -> None:
    european = day_style(["03/04/2026", "31/12/2025"], order=None)
    american = day_style(["03/04/2026", "12/31/2025"], order=None)
    assert (as_day("03/04/2026", european.order), european.open_to) == (date(2026, 4, 3), "")
    assert (as_day("03/04/2026", american.order), american.open_to) == (date(2026, 3, 4), "")


def test_without_such_a_cell_the_order_is_open_unless_both_are_the_same_day() -> None:
    assert day_style(["03/04/2026", "05/06/2026"], order=None).open_to == "03/04/2026"
    assert day_style(["03/03/2026"], order=None).open_to == ""
    assert day_style(["03/04/2026"], order="mdy").open_to == ""


def test_where_cells_disagree_the_fewer_are_named() -> None:
    style = day_style(["31/12/2025", "30/12/2025", "12/29/2025"], order=None)
    assert (style.order, style.against, as_day("12/29/2025", style.order)) == ("dmy", "12/29/2025", None)


@pytest.mark.parametrize(("text", "period"), [
    ("Jan-26", "2026-01"), ("Januar 2026", "2026-01"), ("janv.-26", "2026-01"), ("Mrz 26", "2026-03"), ("01/2026", "2026-01"), ("1.2026", "2026-01"),
    ("2026-1", "2026-01"), ("2026/01", "2026-01"), ("202601", "2026-01"), ("2026M01", "2026-01"), ("2026 Jan", "2026-01"),
    ("Marker-26", None), ("Jui 2026", None), ("13/2026", None), ("26-01", None), ("January", None),
])
def test_a_month_may_be_written_in_many_ways(text: str, period: str | None) -> None:
    assert read_period(text, "month") == period


@pytest.mark.parametrize(("text", "period"), [
    ("KW10/2026", "2026-W10"), ("CW 3 2026", "2026-W03"), ("2026W10", "2026-W10"), ("2026-W1", "2026-W01"), ("W10 2026", "2026-W10"), ("10/2026", None),
])
def test_a_week_says_that_it_is_one(text: str, period: str | None) -> None:
    assert read_period(text, "week") == period


def test_a_day_number_of_excel_is_a_day_of_our_time() -> None:
    assert serial_day("46023") == serial_day("46023.75") == date(2026, 1, 1)
    assert serial_day("12345") is serial_day("99999") is serial_day("460231") is None
