"""A cell that can be read in one way only is evidence for the others; without evidence nothing is decided."""

from decimal import Decimal

import numpy as np
import pytest

from planner.scenario.reading.recognition.numbers import as_number, number_style


def read(*texts: str, said: str | None = None, documented: bool = True) -> list[str | None]:
    """What the cells of a column mean, or the first that could mean two numbers."""
    style = number_style({"quantity": np.array(texts, dtype=object)}, said=said, documented=documented)  # type: ignore[arg-type]
    if style.open_to:
        return [style.open_to, "?"]
    return [as_number(text, style.decimals, of_percent=Decimal("0.01")) for text in texts]


@pytest.mark.parametrize(("texts", "numbers"), [
    (["12,5"], ["12.5"]),
    (["0,125"], ["0.125"]),  # no thousands begin with 0
    (["1234,567"], ["1234.567"]),  # thousands have three digits at most before them
    (["1,260.50"], ["1260.50"]),
    (["1.260,50"], ["1260.50"]),
    (["1,260,000"], ["1260000"]),
    (["1.260.000"], ["1260000"]),
    (["1 260", "1\u00a0260", "1\u202f260,5", "1'260"], ["1260", "1260", "1260.5", "1260"]),
    (["12 34", "1 2600", "12,34,56", "1,26.5"], [None, None, None, None]),
    (["95%", "7,5 %"], ["0.95", "0.075"]),
    (["120,00-", "(1.200,50)", "\u22123"], ["-120.00", "-1200.50", "-3"]),
    (["1,5E3"], ["1.5E3"]),
    (["-", "()", "%", ".", ",", "abc", "1.2.3"], [None] * 7),
])
def test_a_number_is_read_as_it_can_only_be_meant(texts: list[str], numbers: list[str | None]) -> None:
    assert read(*texts) == numbers


def test_one_cell_that_is_certain_decides_for_all_others() -> None:
    assert read("12,5", "1.260") == ["12.5", "1260"]
    assert read("12.5", "1,260") == ["12.5", "1260"]


def test_a_number_that_could_be_two_is_asked_about() -> None:
    assert read("1,260") == ["1,260", "?"]
    assert read("1,265", "980") == ["1,265", "?"]  # decimals, as many as needed, would look the same
    assert read("1,260", "0,5") == ["1.260", "0.5"]


def test_a_comma_parts_thousands_where_others_show_no_decimals_and_it_ends_in_0() -> None:
    # three decimals would be shown in 980, too, and a 0 at the end would not be shown without them
    assert read("1,260", "980") == ["1260", "980"]


def test_a_point_is_a_decimal_point_in_a_file_that_is_written_as_scenarios_are_and_is_asked_about_elsewhere() -> None:
    assert read("1.260", "3") == ["1.260", "3"]
    assert read("1.265", "3", documented=False) == ["1.265", "?"]
    assert read("0.125", "1.265", documented=False) == ["0.125", "1.265"]


def test_what_is_said_counts_and_what_does_not_fit_it_is_no_number() -> None:
    assert read("1,260", said="comma") == ["1.260"]
    assert read("1,260", said="point") == ["1260"]
    assert read("12.5", "3,5", said="comma") == [None, "3.5"]


def test_where_cells_disagree_the_fewer_are_no_numbers() -> None:
    assert read("12,5", "3,25", "7.75") == ["12.5", "3.25", None]


def test_a_percent_is_no_number_where_nobody_knows_of_what() -> None:
    assert as_number("5%", "point", of_percent=None) is None
