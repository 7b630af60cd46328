"""Columns of figures and days, of any file. What a whole column agrees on is recognised; what could be read
in two ways is not, and is named.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from planner.scenario.reading.recognition.days import Way, day_written, without_time
from planner.scenario.reading.recognition.numbers import Decimals, written

WAYS: tuple[Way, ...] = ("ymd", "dmy", "mdy", "month", "week", "serial")
WAY_NAMES: Mapping[str, str] = {
    "ymd": "year-month-day",
    "dmy": "day/month/year",
    "mdy": "month/day/year",
    "month": "months",
    "week": "weeks",
    "serial": "days as Excel counts them",
}


@dataclass(frozen=True)
class Recognised:
    """What a column of texts says: a value for each row, which rows cannot be read, and how it was written.

    `either` is a text that could be read in two ways, where the column does not settle it; `percent` one that
    is in percent, and is read as a share.
    """

    values: np.ndarray
    unreadable: np.ndarray
    way: str = ""
    either: str = ""
    percent: str = ""


def number_of(text: str, decimal: Decimals) -> float | None:
    """The number that a text spells: 1,260.50, (1 260), 95%, EUR 12, 12-; none where it spells none."""
    cell = written(text)
    if cell is None or not cell.reads(decimal):
        return None
    return float(cell.value(decimal)) / (100 if cell.percent else 1) + 0.0


def numbers(texts: pd.Series, decimal: Decimals | None) -> Recognised:
    """The numbers of a column, blanks as not-a-number. Figures in a currency that most others of the column
    are not in cannot be read.
    """
    codes, different = pd.factorize(texts)
    ways: tuple[Decimals, ...] = (decimal,) if decimal else ("point", "comma")
    readings = {way: [number_of(text, way) if text else np.nan for text in different] for way in ways}
    counts = {way: sum(value is None for value in read) for way, read in readings.items()}
    best = min(ways, key=lambda way: counts[way])
    either = ""
    if len(ways) == 2 and counts["point"] == counts["comma"]:
        pairs = zip(different, readings["point"], readings["comma"], strict=True)
        either = next((text for text, one, other in pairs if text and one != other), "")
    read = np.array([np.nan if value is None else value for value in readings[best]] + [np.nan])
    odd = _in_another_currency(different)
    wrong = np.array(
        [value is None or text in odd for text, value in zip(different, readings[best], strict=True)]
        + [False],
        dtype=bool,
    )
    is_settled = len(ways) == 2 and counts["point"] != counts["comma"]
    percent = next((text for text in different if text.endswith("%")), "")
    way = best if is_settled else ""
    return Recognised(read[codes], wrong[codes], way=way, either=either, percent=percent)


def _in_another_currency(texts: Iterable[str]) -> set[str]:
    """The texts that name another currency than most texts that name one."""
    cells = {text: cell for text in texts if text and (cell := written(text)) is not None}
    currencies = {text: cell.currency for text, cell in cells.items() if cell.currency}
    usual = Counter(currencies.values()).most_common(1)
    return {text for text, currency in currencies.items() if currency != usual[0][0]}


def dates(texts: pd.Series, way: Way | None) -> Recognised:
    """The days of a column; months and weeks as their first day, times of day left away."""
    codes, different = pd.factorize(texts)
    bare = [without_time(text) for text in different]
    readings: dict[Way, list[date | None]] = {
        name: [day_written(text, name) if text else None for text in bare]
        for name in WAYS
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
            pairs = zip(different, readings[best], read, strict=True)
            unlike = (text for text, one, other in pairs if one and other and one != other)
            either = either or next(unlike, "")
    days = np.array([np.datetime64(one or "NaT", "s") for one in (*readings[best], None)])
    wrong = np.array(
        [bool(text) and one is None for text, one in zip(bare, readings[best], strict=True)] + [False],
        dtype=bool,
    )
    return Recognised(days[codes], wrong[codes], way=best if any(bare) else "", either=either)
