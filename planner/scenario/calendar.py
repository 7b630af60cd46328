"""The calendar: the periods that are planned, and how periods are written."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal, get_args

import numpy as np
import pandas as pd

from planner.errors import PlannerError

Bucket = Literal["month", "week"]
PeriodForm = Literal["period", "text", "timestamp"]

FREQUENCIES: dict[Bucket, str] = {"month": "M", "week": "W-SUN"}  # ISO weeks end on Sunday
EXAMPLES: dict[Bucket, str] = {"month": "2026-03", "week": "2026-W10"}
# beyond these a date is a slip of the pen, and pandas soon runs out of nanoseconds
FIRST_YEAR, LAST_YEAR = 1900, 2200

_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_WEEK = re.compile(r"([0-9]{4})-W([0-5][0-9])")
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")


@dataclass(frozen=True)
class Calendar:
    """The planned periods: `periods` months or ISO weeks, one after the other, from `start`."""

    start: pd.Period
    periods: int
    bucket: Bucket = "month"

    @property
    def freq(self) -> str:
        """The pandas frequency of a period: M, or W-SUN for ISO weeks."""
        return FREQUENCIES[self.bucket]

    @cached_property
    def index(self) -> pd.PeriodIndex:
        """Every planned period, in order."""
        return pd.period_range(self.start, periods=self.periods, freq=self.freq, name="period")

    @property
    def end(self) -> pd.Period:
        """The last planned period."""
        return self.index[-1]

    @cached_property
    def days(self) -> np.ndarray:
        """The number of days in each planned period."""
        if self.bucket == "week":
            return np.full(self.periods, 7, dtype=np.int64)
        return self.index.days_in_month.to_numpy().astype(np.int64)

    def parse(self, text: str, *, day: bool = False) -> pd.Period:
        """The period that the text names; with `day`, a full date names the period it lies in. ValueError
        says the rule.
        """
        return parse_period(text, bucket=self.bucket, day=day)

    def label(self, period: pd.Period) -> str:
        """How the period is written: 2026-03 or 2026-W10."""
        return period_label(period)

    def labels(self, periods: "pd.Series | pd.PeriodIndex") -> np.ndarray:
        """How each of the periods is written; a blank stays blank."""
        codes, different = pd.factorize(pd.PeriodIndex(periods))
        written = np.array([self.label(period) for period in different] + [np.nan], dtype=object)
        return written[codes]

    def number(self, periods: "pd.Series | pd.PeriodIndex") -> np.ndarray:
        """1 for the first planned period, and so on; 0 and less lie before, more than `periods` after. A
        blank is 0.
        """
        index = pd.PeriodIndex(periods)
        if index.freqstr != self.freq:
            raise ValueError(f"the periods are {index.freqstr}, the calendar's are {self.freq}")
        number = index.asi8 - self.start.ordinal + 1
        return np.where(index.isna(), 0, number)

    def span(self) -> str:
        """First and last period, for messages."""
        return f"{self.label(self.start)} to {self.label(self.end)}"


def with_periods_as(frame: pd.DataFrame, form: PeriodForm) -> pd.DataFrame:
    """The frame with its periods as pandas Periods, as text like 2026-03, or as the first day of each.

    Databases and most parquet readers know no Period, but text and timestamps.
    """
    if form not in get_args(PeriodForm):
        raise PlannerError(f"periods = {form!r}: must be period, text or timestamp")
    written = frame.copy(deep=False)
    for name in frame.columns:
        if form != "period" and isinstance(frame[name].dtype, pd.PeriodDtype):
            codes, different = pd.factorize(pd.PeriodIndex(frame[name]))
            first = [period.start_time if form == "timestamp" else period_label(period)
                     for period in different]
            values = pd.Series([*first, None], dtype="datetime64[ns]" if form == "timestamp" else "str")
            written[name] = values.take(codes).set_axis(frame.index)
    return written


def period_label(period: pd.Period) -> str:
    """A month as 2026-03, a week as 2026-W10."""
    if period.freqstr == FREQUENCIES["month"]:
        return f"{period.year:04d}-{period.month:02d}"
    year, week, _ = period.start_time.isocalendar()
    return f"{year:04d}-W{week:02d}"


def parse_period(text: str, *, bucket: Bucket, day: bool = False) -> pd.Period:
    """The period that the text names: strictly 2026-03 for months and 2026-W10 for ISO weeks."""
    match = (_MONTH if bucket == "month" else _WEEK).fullmatch(text)
    try:
        if match:
            year, number = int(match[1]), int(match[2])
            first = date(year, number, 1) if bucket == "month" else date.fromisocalendar(year, number, 1)
        elif day and _DAY.fullmatch(text):
            first = date.fromisoformat(text)
        else:
            raise ValueError
        if not FIRST_YEAR <= first.year <= LAST_YEAR:
            raise ValueError
    except ValueError:
        raise ValueError(period_rule(bucket, day=day)) from None
    return pd.Period(first, freq=FREQUENCIES[bucket])


def parse_date(text: str) -> date:
    """The day that the text names: strictly 2026-03-15."""
    try:
        if not _DAY.fullmatch(text):
            raise ValueError
        day = date.fromisoformat(text)
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise ValueError
    except ValueError:
        raise ValueError(DATE_RULE) from None
    return day


DATE_RULE = f"must be a date written like 2026-03-15, from {FIRST_YEAR} to {LAST_YEAR}"


def period_rule(bucket: Bucket, *, day: bool = False) -> str:
    """What a period must look like, for messages."""
    either = ", or a date written like 2026-03-15" if day else ""
    return f"must be a {bucket} written like {EXAMPLES[bucket]}{either}, from {FIRST_YEAR} to {LAST_YEAR}"
