"""Figures and dates are recognised where all of a column agree, and never guessed where they do not."""

from datetime import date

import pandas as pd
import pytest

from planner.scenario.reading.recognition.columns import dates, number_of, numbers
from planner.scenario.reading.recognition.numbers import written


@pytest.mark.parametrize(("text", "decimal", "value"), [
    ("1,260", "point", 1260), ("1,260.5", "point", 1260.5), ("1.260,5", "comma", 1260.5), ("1 260,5", "comma", 1260.5),
    ("1'260.5", "point", 1260.5), ("(12)", "point", -12), ("12-", "point", -12), ("1.200,000-", "comma", -1200),
    ("-0", "point", 0), ("95%", "point", 0.95), ("€ 12.50", "point", 12.5), ("12.50 EUR", "point", 12.5),
    ("-$5", "point", -5), ("($5.00)", "point", -5), ("1e3", "point", 1000), (".5", "point", 0.5),
    ("5,- €", "comma", 5), ("1.260,--", "comma", 1260),
])
def test_a_figure_is_read_as_people_and_systems_write_it(text: str, decimal: str, value: float) -> None:
    assert number_of(text, decimal) == value  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["A12", "12 pieces", "1,26", "1.2.3", "--5", "n/a", "12.5.2026", "%", "1,2,3", "1 2"])
def test_what_is_no_figure_is_none(text: str) -> None:
    assert number_of(text, "point") is None


def test_the_currency_that_stands_with_a_figure_is_known() -> None:
    assert [cell.currency for text in ("USD 5", "5 €", "-$5", "5") if (cell := written(text))] == ["USD", "€", "$", ""]


def column(*texts: str) -> pd.Series:
    return pd.Series(texts, dtype=object)


def test_one_cell_settles_what_the_decimals_of_a_column_are() -> None:
    read = numbers(column("1,260", "3,5", ""), None)
    assert (read.way, read.either, read.values[:2].tolist()) == ("comma", "", [1.26, 3.5])


def test_a_figure_that_could_be_either_is_named() -> None:
    assert numbers(column("5", "1,260"), None).either == "1,260"
    assert numbers(column("5", "1,260"), "point").either == ""
    assert numbers(column("5", "12.5"), None).either == ""


def test_a_figure_in_another_currency_than_the_others_cannot_be_read() -> None:
    assert numbers(column("$5", "$6", "€7", "8"), "point").unreadable.tolist() == [False, False, True, False]


@pytest.mark.parametrize(("text", "way", "day"), [
    ("2026-03-04", "ymd", date(2026, 3, 4)), ("20260304", "ymd", date(2026, 3, 4)),
    ("2026-03-04T10:11:12Z", "ymd", date(2026, 3, 4)), ("31/12/2026 8:26", "dmy", date(2026, 12, 31)),
    ("31.12.26", "dmy", date(2026, 12, 31)), ("12/31/2026 8:26 PM", "mdy", date(2026, 12, 31)),
    ("15 Jan 2026", "ymd", date(2026, 1, 15)), ("Jan-26", "month", date(2026, 1, 1)), ("2026-01", "month", date(2026, 1, 1)),
    ("202601", "month", date(2026, 1, 1)), ("01.2026", "month", date(2026, 1, 1)), ("Mai 2026", "month", date(2026, 5, 1)),
    ("2026-W02", "week", date(2026, 1, 5)), ("KW 2 2026", "week", date(2026, 1, 5)), ("46022", "serial", date(2025, 12, 31)),
])
def test_a_day_is_read_as_people_and_systems_write_it(text: str, way: str, day: date) -> None:
    read = dates(column(text), None)
    assert (read.way, read.values[0].astype(object).date(), read.either) == (way, day, "")


def test_a_day_that_could_be_either_is_named_and_one_other_settles_it() -> None:
    assert dates(column("03/04/2026", "05/06/2026"), None).either == "03/04/2026"
    settled = dates(column("03/04/2026", "25/06/2026"), None)
    assert (settled.either, settled.way, str(settled.values[0])[:10]) == ("", "dmy", "2026-04-03")


@pytest.mark.parametrize("text", ["31/02/2026", "2026-13-01", "soon", "0001-01-01", "12"])
def test_what_is_no_day_cannot_be_read(text: str) -> None:
    assert dates(column(text), None).unreadable.tolist() == [True]
