"""How a file writes its days and periods: order of day and month, names of months, time of day, day numbers.

31/12/2026 shows that the day comes first and 12/31/2026 that the month does; 03/04/2026 could be either,
and is read as what the rest of the file shows.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from planner.scenario.calendar import FIRST_YEAR, LAST_YEAR, Bucket

Order = Literal["dmy", "mdy"]

Way = Literal["ymd", "dmy", "mdy", "month", "week", "serial"]

ORDERS: dict[Order, str] = {"dmy": "day/month/year", "mdy": "month/day/year"}
DAY_ZERO = date(1899, 12, 30)  # on which Excel's day numbers count; it takes 1900 for a leap year
FIRST_SERIAL, LAST_SERIAL = 20_000, 80_000  # 1954 to 2119: what else is a number of five digits is no day
CENTURY_FROM = 70  # of years written with two digits: 69 is 2069, and 70 is 1970

# in English, German, French, Spanish, Italian, Dutch and Portuguese; the beginning of a name will do
_MONTHS = (
    "january januar jänner janvier enero gennaio januari janeiro",
    "february februar février fevrier febrero febbraio februari fevereiro",
    "march märz maerz mrz mars marzo maart mrt março",
    "april avril abril aprile",
    "may mai mayo maggio mei maio",
    "june juni juin junio giugno junho",
    "july juli juillet julio luglio julho",
    "august août aout agosto augustus",
    "september septembre septiembre settembre setembro",
    "october oktober octobre octubre ottobre outubro",
    "november novembre noviembre novembro",
    "december dezember décembre decembre diciembre dicembre dezembro",
)
_WORD = r"(?P<name>[^\W\d_]{3,12})\.?"
_TIME = re.compile(
    r"[T ,]+\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?\s*([AaPp]\.?[Mm]\.?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?$"
)
_BY_YEAR = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})\.?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_PARTS = re.compile(r"(\d{1,2})([-/.])\s?(\d{1,2})\2\s?(\d{4}|\d{2})")
_WITH_MONTH_NAMES = (
    re.compile(rf"(?P<day>\d{{1,2}})\.?[-/ ]{_WORD}[-/ ]{{1,2}}(?P<year>\d{{4}}|\d{{2}})"),
    re.compile(rf"{_WORD}[-/ ](?P<day>\d{{1,2}}),?[-/ ]{{1,2}}(?P<year>\d{{4}})"),
)
_SERIAL = re.compile(r"(\d{5})([.,]\d+)?")
_MONTH_FORMS = (
    re.compile(r"(?P<year>\d{4})[-/. ]M?(?P<month>\d{1,2})"),
    re.compile(r"(?P<month>\d{1,2})[-/. ](?P<year>\d{4})"),
    re.compile(r"(?P<year>\d{4})-?M?(?P<month>\d{2})"),
    re.compile(rf"{_WORD}[-/ .']{{1,2}}(?P<year>\d{{4}}|\d{{2}})"),
    re.compile(rf"(?P<year>\d{{4}})[-/ ]{_WORD}"),
)
_WEEK_FORMS = (
    re.compile(r"(?P<year>\d{4})[-/ ]?(?:W|KW|CW|WK|WEEK|S)[- ]?(?P<week>\d{1,2})", re.IGNORECASE),
    re.compile(r"(?:W|KW|CW|WK|WEEK|S)[- ]?(?P<week>\d{1,2})[-/ .](?P<year>\d{4})", re.IGNORECASE),
)


@dataclass(frozen=True)
class Day:
    """A cell that may be a day: what it is in each order of day and month, and whether it has a time of day.
    Where the order is plain, as in 2026-03-15 or 15 March 2026, both are the same.
    """

    dmy: date | None
    mdy: date | None
    timed: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it could be two days."""
        return self.dmy is not None and self.mdy is not None and self.dmy != self.mdy

    def within(self, order: Order) -> date | None:
        """The day, where day and month stand in that order."""
        return self.dmy if order == "dmy" else self.mdy


@lru_cache(maxsize=100_000)
def read_day(text: str) -> Day | None:
    """The day that the text may name; none where it names none in any order."""
    bare = without_time(text)
    for read in (_by_year, _in_parts, _by_month_name):
        either = read(bare)
        if either is not None and either != (None, None):
            return Day(*either, timed=bare != text)
    return None


Either = tuple[date | None, date | None]  # with the day first, with the month first


def _by_year(text: str) -> Either | None:
    match = _BY_YEAR.fullmatch(text) or _COMPACT.fullmatch(text)
    if match is None:
        return None
    year, month, day = (int(part) for part in match.groups() if part.isdigit())
    return _in_either_order(_day(year, month, day))


def _in_parts(text: str) -> Either | None:
    match = _PARTS.fullmatch(text)
    if match is None:
        return None
    first, second, year = int(match[1]), int(match[3]), _year(match[4])
    if match[2] == ".":  # nobody writes points and the month first
        return _in_either_order(_day(year, second, first))
    return _day(year, second, first), _day(year, first, second)


def _by_month_name(text: str) -> Either | None:
    for form in _WITH_MONTH_NAMES:
        match = form.fullmatch(text)
        month = _month(match["name"]) if match else None
        if match is not None and month is not None:
            return _in_either_order(_day(_year(match["year"]), month, int(match["day"])))
    return None


def _in_either_order(day: date | None) -> Either:
    return day, day


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if FIRST_YEAR <= year <= LAST_YEAR else None
    except ValueError:
        return None


def _year(text: str) -> int:
    number = int(text)
    return number if len(text) == 4 else number + (1900 if number >= CENTURY_FROM else 2000)


def day_written(text: str, way: Way) -> date | None:
    """The day that the text names, where days are written in that way: months and weeks as their first day.
    """
    if way == "serial":
        return serial_day(text)
    if way in ("month", "week"):
        period = read_period(text, "month" if way == "month" else "week")
        return None if period is None else _first_day(period)
    in_figures = _by_year(text) if way == "ymd" else _in_parts(text)
    either = in_figures or _by_month_name(text)
    return None if either is None else either[way == "mdy"]


def _first_day(period: str) -> date | None:
    year, _, part = period.partition("-")
    try:
        if part.startswith("W"):
            return date.fromisocalendar(int(year), int(part[1:]), 1)
        return _day(int(year), int(part), 1)
    except ValueError:
        return None


def without_time(text: str) -> str:
    """The text without its time of day."""
    return _TIME.sub("", text).strip()


@lru_cache(maxsize=1000)
def _month(name: str) -> int | None:
    """The number of the month that the word is the name of, or the beginning of its name."""
    word = name.casefold()
    meant = [
        at for at, names in enumerate(_MONTHS, start=1) if any(one.startswith(word) for one in names.split())
    ]
    return meant[0] if len(meant) == 1 else None


def serial_day(text: str) -> date | None:
    """The day of an Excel day number such as 46023; none where the text is no such number."""
    match = _SERIAL.fullmatch(text)
    if match is None or not FIRST_SERIAL <= int(match[1]) <= LAST_SERIAL:
        return None
    return DAY_ZERO + timedelta(days=int(match[1]))


def read_period(text: str, bucket: Bucket) -> str | None:
    """The period, as scenarios write it, that a text such as Jan-26, 01/2026 or KW10/2026 names."""
    for form in _MONTH_FORMS if bucket == "month" else _WEEK_FORMS:
        match = form.fullmatch(text)
        if match is None:
            continue
        parts = match.groupdict()
        year = _year(parts["year"])
        if bucket == "week":
            return f"{year:04d}-W{int(parts['week']):02d}"
        month = _month(parts["name"]) if parts.get("name") else int(parts["month"])
        if month is not None and 1 <= month <= 12 and FIRST_YEAR <= year <= LAST_YEAR:
            return f"{year:04d}-{month:02d}"
    return None


@dataclass(frozen=True)
class DayStyle:
    """In which order a file writes days. `open_to` is a cell that could mean two days, where nothing in the
    file says which; `against` one that is written in the other order than most.
    """

    order: Order
    open_to: str = ""
    against: str = ""


def day_style(texts: Iterable[str], *, order: Order | None) -> DayStyle:
    """The order of day and month that all cells agree on; `order` is what somebody has said it is."""
    if order is not None:
        return DayStyle(order)
    only: dict[Order, list[str]] = {"dmy": [], "mdy": []}
    open_texts: list[str] = []
    for text in texts:
        day = read_day(text)
        if day is None or day.dmy == day.mdy:
            continue
        if day.is_open:
            open_texts.append(text)
        else:
            only["dmy" if day.mdy is None else "mdy"].append(text)
    if not any(only.values()):
        return DayStyle("dmy", open_to=next(iter(open_texts), ""))
    most: Order = "mdy" if len(only["mdy"]) > len(only["dmy"]) else "dmy"
    other: Order = "dmy" if most == "mdy" else "mdy"
    return DayStyle(most, against=next(iter(only[other]), ""))


def as_day(text: str, order: Order) -> date | None:
    """The day that the text names, where day and month stand in that order."""
    day = read_day(text)
    return day.within(order) if day is not None else None
