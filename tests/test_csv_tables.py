"""CSV tables: names that cannot run as formulas, and the locale of whoever opens them."""

import pandas as pd
import pytest

from planner.csv_tables import as_named, csv_text, handed_on, locale_of
from planner.errors import OutputError

NAMES = ["bike", "=1+1", "'=1+1", "''@x", "-5", "+1.5e3", "-5 kg", "@SUM(A1)", "\tx", "it's", "'", "", "-", "50%"]


def test_names_that_a_spreadsheet_would_run_have_an_apostrophe_and_read_back() -> None:
    frame = pd.DataFrame({"name": pd.Series(NAMES, dtype="str"), "figure": range(len(NAMES))})
    cells = pd.Series([line.rsplit(",", 1)[0].strip('"') for line in csv_text(frame).splitlines()[1:]])
    assert cells.tolist() == ["bike", "'=1+1", "''=1+1", "'''@x", "-5", "+1.5e3", "'-5 kg", "'@SUM(A1)", "'\tx", "it's", "'", "", "'-", "50%"]
    assert as_named(cells).tolist() == NAMES


def test_a_frame_whose_column_is_called_like_an_argument_is_written() -> None:
    assert csv_text(pd.DataFrame({"self": ["=x"]})) == "self\n'=x\n"


def test_a_locale_with_decimal_commas_separates_by_semicolons() -> None:
    frame = pd.DataFrame({"item": ["a, b", "c;d"], "quantity": [1234.5, 2.0]})

    assert handed_on(frame, locale_of("de")) == 'item;quantity\na, b;1234,5\n"c;d";2\n'
    assert handed_on(frame, locale_of("en")) == 'item,quantity\n"a, b",1234.5\nc;d,2\n'


def test_a_locale_that_is_not_known_is_refused_with_those_that_are() -> None:
    with pytest.raises(OutputError, match="locale xx: must be en, cs, da, de, "):
        locale_of("xx")
