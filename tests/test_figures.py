"""How figures are written."""

import math

import pytest

from planner.figures import figure, one, percent, printable, scale_for, signed


@pytest.mark.parametrize(("value", "unit", "text"), [
    (81_761_234.0, "currency", "81.76 million EUR"),
    (422_275.0, "currency", "422,275 EUR"),
    (12.345, "currency per unit", "12.35 EUR per unit"),
    (2_500_000.0, "currency per unit", "2,500,000 EUR per unit"),
    (0.0276, "", "0.0276"),
    (0.934, "0 to 1", "93.4%"),
    (454.9, "units", "455 units"),
    (12.5, "units", "12.5 units"),
    (12.5, "currency", "12.50 EUR"),
    (12.000001, "hours", "12 hours"),
    (-3.0, "units", "−3 units"),
])
def test_a_figure_has_as_many_digits_as_people_compare(value: float, unit: str, text: str) -> None:
    assert one(value, unit, currency="EUR") == text


def test_a_figure_in_a_sentence_is_written_as_everywhere() -> None:
    assert [figure(value) for value in (1_734.2, 12.5, 3.0, 2_500_000.0)] == ["1,734", "12.5", "3", "2.5 million"]
    assert [signed(value) for value in (12.5, -12.5, 0.0)] == ["+12.5", "−12.5", "+0"]


def test_figures_side_by_side_share_one_scale() -> None:
    scale = scale_for([1_250_000.0, 98_000.0], "currency", currency="USD")
    assert (scale.text(1_250_000.0), scale.text(98_000.0), scale.unit) == ("1.250", "0.098", "million USD")


def test_what_is_not_known_is_a_dash_and_does_not_set_the_scale() -> None:
    scale = scale_for([math.nan, 3.0], "units")
    assert (scale.text(math.nan), scale.text(None), scale.difference(math.inf), scale.text(3.0)) == (
        "–",
        "–",
        "–",
        "3",
    )


def test_a_difference_carries_its_sign_and_one_too_small_to_be_seen_is_none() -> None:
    scale = scale_for([12_340_000.0], "currency")
    assert [scale.difference(value) for value in (250_000.0, -250_000.0, 4_000.0)] == ["+0.25", "−0.25", "="]


@pytest.mark.parametrize(("fraction", "text"), [(0.0, "0.0%"), (0.987, "98.7%"), (0.0001, "0.010%"), (-0.02, "−2.0%"), (math.nan, "–")])
def test_a_share_that_is_not_nothing_is_never_written_as_nothing(fraction: float, text: str) -> None:
    assert percent(fraction) == text


def test_letters_that_drive_a_terminal_are_taken_out() -> None:
    assert printable("bike\x1b[31m\x00\ud800 é") == "bike [31m   é"
