"""Figures and dates as people and systems write them. What a whole column agrees on is recognised; what could
be read in two ways is not, and a setting is named that says which.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import numpy as np
import pandas as pd

from planner.scenario.calendar import FIRST_YEAR, LAST_YEAR

Decimal = Literal["point", "comma"]
_NO_SPACES = dict.fromkeys(map(ord, "\u00a0\u202f\u2009 '’"))
_NUMBER: dict[Decimal, re.Pattern[str]] = {
    "point": re.compile(r"([0-9]+|[0-9]{1,3}(,[0-9]{3})+)?(\.[0-9]*)?(e[-+]?[0-9]+)?", re.IGNORECASE),
    "comma": re.compile(r"([0-9]+|[0-9]{1,3}(\.[0-9]{3})+)?(,[0-9]*)?(e[-+]?[0-9]+)?", re.IGNORECASE),
}
_CURRENCY = re.compile(
    r"^([A-Z]{0,3}[$€£¥₹]|[A-Z]{3}|kr\.?)(?=[-+(.,0-9])|(?<=[-)%.,0-9])([$€£¥₹]|[A-Z]{3}|kr\.?)$"
)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
OTHER_MONTHS = {
    "mai": 5,
    "okt": 10,
    "dez": 12,
    "mär": 3,
    "mrz": 3,
    "fév": 2,
    "fev": 2,
    "avr": 4,
    "juin": 6,
    "juil": 7,
    "aoû": 8,
    "aou": 8,
    "déc": 12,
    "ene": 1,
    "abr": 4,
    "ago": 8,
    "dic": 12,
    "mrt": 3,
    "maa": 3,
    "mei": 5,
    "gen": 1,
    "mag": 5,
    "giu": 6,
    "lug": 7,
    "set": 9,
    "ott": 10,
}
_TIME = re.compile(
    r"[T ,]+[0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?"
    r"( ?[AaPp]\.?[Mm]\.?)?( ?(Z|UTC|[+-][0-9]{2}:?[0-9]{2}))?$"
)
_PARTS = re.compile(r"([0-9]{1,4})[-/. ]+([0-9]{1,2})[-/. ]+([0-9]{1,4})")
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_YEAR_MONTH = re.compile(r"([0-9]{4})(?:[-/. M]{1,2}(0?[1-9]|1[0-2])|(0[1-9]|1[0-2]))")
_MONTH_YEAR = re.compile(r"(0?[1-9]|1[0-2])[-/. ]([0-9]{4})")
_WEEK = re.compile(r"([0-9]{4})[-/ ]?(?:W|KW|CW|wk ?)([0-9]{1,2})", re.IGNORECASE)
_WEEK_FIRST = re.compile(r"(?:W|KW|CW|wk|week) ?([0-9]{1,2})[-/ ]+([0-9]{4})", re.IGNORECASE)
_SERIAL = re.compile(r"([0-9]{5})(\.[0-9]+)?")
_WORD = re.compile(r"[^\W\d_]{3,}", re.UNICODE)


@dataclass(frozen=True)
class Recognised:
    """What a column of texts says: a value for each row, which rows cannot be read, and how it was written.

    `either` is a text that could be read in two ways, where the column does not settle it.
    """

    values: np.ndarray
    unreadable: np.ndarray
    way: str = ""
    either: str = ""


# ------------------------------------------------------------------------------------------------- figures


def number_of(text: str, decimal: Decimal) -> float | None:
    """The number that a text spells: 1,260.50, (1 260), 95%, EUR 12, 12-; none where it spells none."""
    bare = _without_sign(_CURRENCY.sub("", text.translate(_NO_SPACES)))
    negative = bare.startswith("-")
    bare = _CURRENCY.sub("", bare.removeprefix("-"))
    share = bare.endswith("%")
    bare = bare.removesuffix("%")
    if not _NUMBER[decimal].fullmatch(bare) or not any(letter.isdigit() for letter in bare):
        return None
    plain = bare.replace(",", "") if decimal == "point" else bare.replace(".", "").replace(",", ".")
    return (-1 if negative else 1) * float(plain) / (100 if share else 1) + 0.0


def _without_sign(bare: str) -> str:
    """The text with its sign first: (12) and 12- are -12."""
    if bare.startswith("(") and bare.endswith(")"):
        return f"-{bare[1:-1]}"
    return f"-{bare[:-1]}" if bare.endswith("-") and not bare.startswith("-") else bare.removeprefix("+")


def currency_of(text: str) -> str:
    """The currency that stands with a figure; empty where none does."""
    found = _CURRENCY.search(text.translate(_NO_SPACES).strip("-+()"))
    return (found[1] or found[2]) if found else ""


def numbers(texts: pd.Series, decimal: Decimal | None) -> Recognised:
    """The numbers of a column, blanks as not-a-number. Figures in a currency that most others of the column
    are not in cannot be read.
    """
    codes, different = pd.factorize(texts)
    ways: tuple[Decimal, ...] = (decimal,) if decimal else ("point", "comma")
    readings = {way: [number_of(text, way) if text else np.nan for text in different] for way in ways}
    counts = {way: sum(value is None for value in read) for way, read in readings.items()}
    best = min(ways, key=lambda way: counts[way])
    either = ""
    if len(ways) == 2 and counts["point"] == counts["comma"]:
        both = zip(different, readings["point"], readings["comma"], strict=True)
        either = next((text for text, one, other in both if text and one != other), "")
    read = np.array([np.nan if value is None else value for value in readings[best]] + [np.nan])
    odd = _in_another_currency(different)
    wrong = np.array(
        [value is None or text in odd for text, value in zip(different, readings[best], strict=True)]
        + [False],
        dtype=bool,
    )
    is_settled = len(ways) == 2 and counts["point"] != counts["comma"]
    return Recognised(read[codes], wrong[codes], way=best if is_settled else "", either=either)


def _in_another_currency(texts: Iterable[str]) -> set[str]:
    """The texts that name another currency than most texts that name one."""
    named = {text: currency for text in texts if (currency := currency_of(text))}
    usual = Counter(named.values()).most_common(1)
    return {text for text, currency in named.items() if currency != usual[0][0]}


# --------------------------------------------------------------------------------------------------- dates


def _year(text: str) -> int:
    year = int(text)
    return year if len(text) > 2 else 2000 + year if year < 70 else 1900 + year


def _date(year: str, month: int, day: int) -> date | None:
    try:
        found = date(_year(year), month, day)
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None


def _ymd(text: str) -> date | None:
    found = _COMPACT.fullmatch(text) or _PARTS.fullmatch(text)
    return (
        _date(found[1], int(found[2]), int(found[3]))
        if found and len(found[1]) == 4 and len(found[3]) <= 2
        else _named_day(text)
    )


def _dmy(text: str) -> date | None:
    found = _PARTS.fullmatch(text)
    return (
        _date(found[3], int(found[2]), int(found[1]))
        if found and len(found[1]) <= 2 and len(found[3]) in (2, 4)
        else _named_day(text)
    )


def _mdy(text: str) -> date | None:
    found = _PARTS.fullmatch(text)
    return (
        _date(found[3], int(found[1]), int(found[2]))
        if found and len(found[1]) <= 2 and len(found[3]) in (2, 4)
        else _named_day(text)
    )


def _month_number(text: str) -> int | None:
    word = _WORD.search(text)
    if word is None:
        return None
    short = word[0].casefold()
    known = next((OTHER_MONTHS[name] for name in (short[:4], short[:3]) if name in OTHER_MONTHS), None)
    return MONTHS.index(short[:3]) + 1 if short[:3] in MONTHS else known


def _named_day(text: str) -> date | None:
    """15 Jan 2026, 15-Jan-26 or January 15, 2026."""
    month, figures = _month_number(text), re.findall(r"[0-9]+", text)
    if month is None or len(figures) != 2 or len(_WORD.findall(text)) != 1 or len(figures[1]) not in (2, 4):
        return None
    return _date(figures[1], month, int(figures[0]))


def _month(text: str) -> date | None:
    """2026-01, 202601, 01/2026, Jan-26 or January 2026, as its first day."""
    if found := _YEAR_MONTH.fullmatch(text):
        return _date(found[1], int(found[2] or found[3]), 1)
    if found := _MONTH_YEAR.fullmatch(text):
        return _date(found[2], int(found[1]), 1)
    month, figures = _month_number(text), re.findall(r"[0-9]+", text)
    if month is None or len(figures) != 1 or len(_WORD.findall(text)) != 1 or len(figures[0]) not in (2, 4):
        return None
    return _date(figures[0], month, 1)


def _week(text: str) -> date | None:
    """2026-W05, 2026 KW5 or W05 2026, as its Monday."""
    found = _WEEK.fullmatch(text)
    year, week = (found[1], found[2]) if found else ("", "")
    if found is None and (last := _WEEK_FIRST.fullmatch(text)):
        year, week = last[2], last[1]
    try:
        return date.fromisocalendar(int(year), int(week), 1) if year else None
    except ValueError:
        return None


def _serial(text: str) -> date | None:
    """Days as Excel counts them: 46022 is 2025-12-31."""
    found = _SERIAL.fullmatch(text)
    return date(1899, 12, 30) + timedelta(days=int(found[1])) if found else None


WAYS: dict[str, Callable[[str], date | None]] = {
    "ymd": _ymd,
    "dmy": _dmy,
    "mdy": _mdy,
    "month": _month,
    "week": _week,
    "serial": _serial,
}
WAY_NAMES = {
    "ymd": "year-month-day",
    "dmy": "day/month/year",
    "mdy": "month/day/year",
    "month": "months",
    "week": "weeks",
    "serial": "days as Excel counts them",
}


def dates(texts: pd.Series, way: str | None) -> Recognised:
    """The days of a column; months and weeks as their first day, times of day left away."""
    codes, different = pd.factorize(texts)
    bare = [_TIME.sub("", text).strip() for text in different]
    readings = {
        name: [read(text) if text else None for text in bare]
        for name, read in WAYS.items()
        if way in (None, name)
    }
    missed = {
        name: sum(value is None for text, value in zip(bare, read, strict=True) if text)
        for name, read in readings.items()
    }
    best = min(missed, key=lambda name: missed[name])
    either = ""
    for name, read in readings.items():
        if name != best and missed[name] == missed[best]:
            both = zip(different, readings[best], read, strict=True)
            either = either or next((text for text, one, other in both if one and other and one != other), "")
    days = np.array([np.datetime64(one or "NaT", "s") for one in (*readings[best], None)])
    wrong = np.array(
        [bool(text) and one is None for text, one in zip(bare, readings[best], strict=True)] + [False],
        dtype=bool,
    )
    return Recognised(days[codes], wrong[codes], way=best if any(bare) else "", either=either)
