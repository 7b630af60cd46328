"""Names that people can read, and names that they take for the same."""

import pytest

from planner.scenario.lettering import appearance, name_fault, strange_letter, text_fault


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("bike 26\"", ""),
        ("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", ""),  # Persian, which parts words by a joiner
        ("\U0001f469\u200d\U0001f52c", ""),  # an emoji of two
        ("two\nlines", "U+000A LINE FEED"),
        ("red\x1b[31m", "U+001B ESCAPE"),
        ("no\u00a0break", "U+00A0 NO-BREAK SPACE"),
        ("turned\u202eround", "U+202E RIGHT-TO-LEFT OVERRIDE"),
        ("\u200d", "U+200D ZERO WIDTH JOINER"),
        ("\u3164", "U+3164 HANGUL FILLER"),
    ],
)
def test_a_letter_that_cannot_be_seen_is_named(name: str, fault: str) -> None:
    assert name_fault(name) == fault


def test_a_text_may_have_lines_but_no_control_characters() -> None:
    assert text_fault("agreed with sales,\n\tsee minutes") == ""
    assert text_fault("red\x1b[31m") == "U+001B ESCAPE"


@pytest.mark.parametrize(
    ("name", "other", "letter"),
    [
        ("Arvo", "arvo", ""),
        ("city  cycles", "city cycles", ""),
        ("frame\u0301", "fram\u00e9", "U+0301 COMBINING ACUTE ACCENT"),
        ("\u0410rvo", "Arvo", "U+0410 CYRILLIC CAPITAL LETTER A"),
        ("\u0397ellas", "Hellas", "U+0397 GREEK CAPITAL LETTER ETA"),
        ("A\u2013100", "A-100", "U+2013 EN DASH"),
        ("\uff21\uff11", "A1", "U+FF21 FULLWIDTH LATIN CAPITAL LETTER A"),
        ("mi\u200ddi", "midi", "U+200D ZERO WIDTH JOINER"),
    ],
)
def test_names_that_look_alike_have_the_same_appearance(name: str, other: str, letter: str) -> None:
    assert appearance(name) == appearance(other)
    assert strange_letter(name, other) == letter


@pytest.mark.parametrize(("name", "other"), [("A1", "A2"), ("wheel", "wheels"), ("A0", "AO"), ("ab", "a b")])
def test_names_that_look_different_have_not(name: str, other: str) -> None:
    assert appearance(name) != appearance(other)
