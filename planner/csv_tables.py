"""Tables as CSV: in the fewest digits, for the spreadsheets of a language, and no name that would run as a
formula.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.errors import OutputError

if TYPE_CHECKING:
    import pandas as pd

FORMULA = re.compile(r"'*([=+\-@\t\r].*)", re.DOTALL)
NUMBER = re.compile(r"[+-]?[\d.,]+(e[+-]?\d+)?%?", re.IGNORECASE)


@dataclass(frozen=True)
class Locale:
    """How the spreadsheets of a language separate cells and write decimals."""

    separator: str
    decimal: str


DIGITS = 15  # of a figure that is handed on
ENGLISH = "en"
# Where decimals are written with a comma, cells are separated by semicolons.
DECIMAL_COMMA = ("cs", "da", "de", "es", "fi", "fr", "it", "nb", "nl", "pl", "pt", "sv")
LOCALES = {ENGLISH: Locale(",", "."), **dict.fromkeys(DECIMAL_COMMA, Locale(";", ","))}


def locale_of(language: str) -> Locale:
    """How CSV is written for the language; OutputError names those that are known."""
    if language not in LOCALES:
        raise OutputError(f"locale {language}: must be {', '.join(LOCALES)}")
    return LOCALES[language]


def handed_on(frame: "pd.DataFrame", locale: Locale = LOCALES[ENGLISH]) -> str:
    """The frame as CSV for other systems and people: as `csv_text`, but 150 is 150 and not 150.0."""
    return _written(frame, locale, float_format=f"%.{DIGITS}g")


def csv_text(frame: "pd.DataFrame") -> str:
    """The frame as CSV, floats in the fewest digits that read back the same. A name that a spreadsheet would
    run as a formula has an apostrophe before it, which `as_named` takes away again.
    """
    return _written(frame, LOCALES[ENGLISH], float_format=None)


def _written(frame: "pd.DataFrame", locale: Locale, *, float_format: str | None) -> str:

    written = frame.copy(deep=False)
    for name in frame.columns:
        if frame[name].dtype.kind not in "biufM":
            written[name] = _renamed(frame[name], _harmless)
    return str(written.to_csv(index=False, lineterminator="\n", sep=locale.separator, decimal=locale.decimal,
                              float_format=float_format))


def as_named(cells: "pd.Series") -> "pd.Series":
    """The names in cells that `csv_text` has written."""
    return _renamed(cells, lambda cell: cell[1:] if cell.startswith("'") and runs_as_formula(cell) else cell)


def runs_as_formula(text: str) -> bool:
    """Whether a spreadsheet that opens the text in a CSV file might run it, or would without apostrophes."""
    formula = FORMULA.fullmatch(text)
    return formula is not None and NUMBER.fullmatch(formula[1]) is None


def _harmless(cell: str) -> str:
    return f"'{cell}" if runs_as_formula(cell) else cell


def _renamed(cells: "pd.Series", change: Callable[[str], str]) -> "pd.Series":
    """The cells with every text changed; the same ones where no text changes, as nearly always."""
    texts = [text for text in cells.drop_duplicates().tolist() if isinstance(text, str)]
    changed = {text: new for text in texts if (new := change(text)) != text}
    return cells.map(lambda cell: changed.get(cell, cell)) if changed else cells
