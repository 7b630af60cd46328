"""How a file writes its numbers: decimal point or comma, thousands, percent, signs behind or in brackets.

A cell that can be read in one way only is evidence for all others. 12,5 needs a decimal comma and 12.5 a
decimal point; 1,260 could be either, and is read as what the rest of the file shows.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Literal

import numpy as np
import pandas as pd

Decimals = Literal["point", "comma"]

PLAIN_LETTERS = frozenset("0123456789.\n")
PLAIN = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?")
SPACES = " \u00a0\u2007\u2009\u202f"  # the blanks with which thousands are parted
APOSTROPHES = "'’"
_GROUPED = re.compile(
    rf"[1-9][0-9]{{0,2}}(?:(?:[{SPACES}][0-9]{{3}})+|(?:[{APOSTROPHES}][0-9]{{3}})+)(?![0-9])"
)
_PARTED = re.compile(rf"[{SPACES}{APOSTROPHES}]")
_CURRENCY = re.compile(
    rf"^([A-Z]{{0,3}}[$€£¥₹]|[A-Z]{{3}}|kr\.?)[{SPACES}]?(?=[-+(.,0-9])"
    rf"|(?<=[-)%.,0-9])[{SPACES}]?([$€£¥₹]|[A-Z]{{3}}|kr\.?)$"
)
_NO_CENTS = re.compile(r"(?<=[0-9]),(-{1,2}|–|—)(?=$|[ \u00a0\u202f€A-Z])")  # 5,- is five without cents
_EXPONENT = r"([eE][-+]?[0-9]+)?"
_STYLES: dict[Decimals, re.Pattern[str]] = {
    "point": re.compile(rf"([1-9][0-9]{{0,2}}(,[0-9]{{3}})+|[0-9]+)?(\.[0-9]*)?{_EXPONENT}"),
    "comma": re.compile(rf"([1-9][0-9]{{0,2}}(\.[0-9]{{3}})+|[0-9]+)?(,[0-9]*)?{_EXPONENT}"),
}
_OTHER: dict[Decimals, Decimals] = {"point": "comma", "comma": "point"}
_THOUSANDS: dict[Decimals, str] = {"point": ",", "comma": "."}


@dataclass(frozen=True)
class Written:
    """A cell that may be a number: its sign, its digits with points and commas, whether it is in percent, and
    the currency that stands with it.
    """

    sign: str
    digits: str
    percent: bool = False
    currency: str = ""

    def reads(self, style: Decimals) -> bool:
        """Whether it is a number in that style."""
        return any(letter.isdigit() for letter in self.digits) and bool(_STYLES[style].fullmatch(self.digits))

    def value(self, style: Decimals) -> str:
        """The number, written as scenarios write it."""
        bare = self.digits.replace(_THOUSANDS[style], "").replace(",", ".")
        return self.sign + bare


@lru_cache(maxsize=100_000)
def written(text: str) -> Written | None:
    """The parts of a number; none where the text is no number in any style."""
    rest = _NO_CENTS.sub("", text.strip().replace("\u2212", "-"))
    percent = rest.endswith("%")
    rest = rest[:-1].rstrip(SPACES) if percent else rest
    sign, rest = _signed(rest)
    currency, bare = _without_currency(rest)
    if currency:
        sign, rest = (sign, bare) if sign else _signed(bare)
    if _PARTED.search(rest):
        parted = _GROUPED.match(rest)
        if parted is None or _PARTED.search(rest, parted.end()):
            return None
        rest = _PARTED.sub("", parted[0]) + rest[parted.end():]
    found = Written(sign, rest, percent=percent, currency=currency)
    return found if found.reads("point") or found.reads("comma") else None


def _without_currency(text: str) -> tuple[str, str]:
    """The currency that stands before or behind the number, and what is left."""
    found = _CURRENCY.search(text)
    return (found[1] or found[2], _CURRENCY.sub("", text, count=1)) if found else ("", text)


def _signed(text: str) -> tuple[str, str]:
    """The sign and what follows it; it may stand behind the number, or be a pair of brackets."""
    if text.startswith("(") and text.endswith(")"):
        return "-", text[1:-1].strip(SPACES)
    if text.endswith("-") and not text.startswith(("-", "+")):
        return "-", text[:-1].rstrip(SPACES)
    if text.startswith(("-", "+")):
        return text[0].replace("+", ""), text[1:].lstrip(SPACES)
    return "", text


@dataclass(frozen=True)
class NumberStyle:
    """How a file writes its numbers. `open_to` is a cell that could mean two numbers, where nothing in the
    file says which; `against` one that is written in the other way than most.
    """

    decimals: Decimals
    open_to: str = ""
    against: str = ""


def number_style(
    columns: Mapping[str, np.ndarray], *, said: Decimals | None, documented: bool
) -> NumberStyle:
    """The style that the cells of all columns of numbers agree on.

    `said` is what somebody has said it is. A `documented` file is written as scenarios are (with commas
    between its cells), so that a point is a decimal point unless another cell shows otherwise.
    """
    if said is not None:
        return NumberStyle(said)
    only: dict[Decimals, list[str]] = {"point": [], "comma": []}
    both: list[str] = []
    for texts in columns.values():
        cells = {text: cell for text in pd.unique(texts) if text and (cell := written(text)) is not None}
        either = [text for text, cell in cells.items() if _is_open(cell)]
        grouped = _grouped_style(either, cells, documented=documented)
        for text, cell in cells.items():
            ways = _ways(cell)
            if len(ways) == 1:
                only[ways[0]].append(text)
            elif text in either and grouped is not None:
                only[grouped].append(text)
        both += either if grouped is None else []
    return _decided(only, both, documented=documented)


def _decided(only: dict[Decimals, list[str]], both: list[str], *, documented: bool) -> NumberStyle:
    if only["point"] or only["comma"]:
        most: Decimals = "comma" if len(only["comma"]) > len(only["point"]) else "point"
        return NumberStyle(most, against=next(iter(only[_OTHER[most]]), ""))
    undecided = [text for text in both if not documented or "," in text]
    return NumberStyle("point", open_to=next(iter(undecided), ""))


def _ways(cell: Written) -> list[Decimals]:
    """The styles in which the cell is a number, where it makes a difference which."""
    ways: list[Decimals] = [style for style in _STYLES if cell.reads(style)]
    return ways if len(ways) == 1 or _is_open(cell) else []


def _is_open(cell: Written) -> bool:
    """Whether it is another number in the other style."""
    return all(cell.reads(style) for style in _STYLES) and len({cell.value(style) for style in _STYLES}) > 1


def _grouped_style(
    either: Iterable[str], cells: Mapping[str, Written], *, documented: bool
) -> Decimals | None:
    """The style in which cells such as 1,260 part thousands, where they cannot be decimals.

    A column that shows three decimals shows them in all its cells, and one that shows as many as it needs
    has no 0 at the end: where 980 stands beside 1,260, the comma parts thousands.
    """
    texts = list(either)
    ends_in_zero = any(cells[text].digits.endswith("0") for text in texts)
    has_whole = any(cell.digits.isdigit() for cell in cells.values())
    letters = {letter for text in texts for letter in text if letter in ".,"}
    if not (ends_in_zero and has_whole) or len(letters) > 1:
        return None
    if letters == {","}:
        return "point"
    return None if documented else "comma"


def as_number(text: str, style: Decimals, *, of_percent: Decimal | None) -> str | None:
    """The number as scenarios write it; none where the text is none. `of_percent` is what one percent is
    worth in the column; without it a number in percent is none.
    """
    if PLAIN.fullmatch(text) and style == "point":
        return text
    cell = written(text)
    if cell is None or not cell.reads(style):
        return None
    if cell.currency:
        return None  # the scenario has one currency, and nobody says that it is this one
    if not cell.percent:
        return cell.value(style)
    try:
        return None if of_percent is None else f"{(Decimal(cell.value(style)) * of_percent).normalize():f}"
    except InvalidOperation:
        return None


def is_plain(texts: np.ndarray) -> bool:
    """Whether all cells are numbers as scenarios write them, as far as a quick look at their letters tells.
    """
    if PLAIN_LETTERS.issuperset("\n".join(texts)):
        return True
    return all(not text or PLAIN.fullmatch(text) for text in pd.unique(texts))
