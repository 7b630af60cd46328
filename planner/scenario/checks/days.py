"""Days make sense beside the calendar: the past lies in the past, and no year is a slip of the pen."""

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from planner.errors import Problem
from planner.scenario.calendar import Calendar
from planner.scenario.checks.draft import Draft
from planner.scenario.known_from import KNOWN_FROM
from planner.scenario.schema import TABLES

FARTHEST = 50  # years: no plan looks that far ahead, and no history that goes back so far says anything
LONGEST_OVERDUE = 1  # year: an order that is late for longer is hardly still waited for
DAYS = 365.25  # in a year


def check_known_from(draft: Draft) -> Iterator[Problem]:
    """What is dated after the day up to which the past is known is not forecast from, and that is said."""
    if draft.settings is None or draft.calendar is None:
        return
    day = last_known_day(draft)
    for table, column in KNOWN_FROM.items():
        yield from _after(draft, table, column, day, "the forecast leaves them out", code="after_as_of")
    later = "these deals count as open"
    yield from _after(draft, "opportunities", "closed", day, later, code="decided_later")


def last_known_day(draft: Draft) -> pd.Timestamp:
    """The day up to which the past is known: `forecast.as_of`, at the latest the day before the calendar."""
    assert draft.settings is not None  # callers ask first
    assert draft.calendar is not None
    day_before = draft.calendar.start.start_time.normalize() - pd.Timedelta(days=1)
    as_of = draft.settings.forecast.as_of
    return day_before if as_of is None else min(pd.Timestamp(as_of), day_before)


def _after(
    draft: Draft, table: str, column: str, day: pd.Timestamp, consequence: str, *, code: str
) -> Iterator[Problem]:
    """One warning for the table, at the first of the rows, with their number."""
    if table in draft.broken:
        return
    frame, cells = draft.frames[table], draft.cells[table]
    later = np.flatnonzero((frame[column] > day).to_numpy())
    if len(later):
        yield cells.problem(
            int(later[0]),
            column,
            f"{len(later):,} of {len(frame):,} rows are dated after {day:%Y-%m-%d}, up to which the past is "
            f"known: {consequence}. Is calendar.start, or forecast.as_of, too early?",
            code=code,
            kind="date",
            severity="warning",
        )


def check_far_days(draft: Draft) -> Iterator[Problem]:
    """No day or period lies so far from the calendar that its year must be wrong."""
    assert draft.calendar is not None  # the rule asks for a calendar
    for name, table in TABLES.items():
        if not table.planned or name in draft.broken or not len(draft.cells[name]):
            continue
        for column in (column for column in table.columns if column.kind in ("date", "period")):
            years = _years_from(draft.frames[name][column.name], draft.calendar)
            is_due = (name, column.name) == ("booked_orders", "due")
            far = (np.abs(years) > FARTHEST) & ~(is_due & (years < 0))
            yield from draft.cells[name].problems(
                far, column.name, _is_far(years), code="far_away", kind=column.kind, severity="warning"
            )


def check_overdue_orders(draft: Draft) -> Iterator[Problem]:
    """No order that is still to be delivered was due long ago."""
    assert draft.calendar is not None  # the rule asks for a calendar
    calendar, due = draft.calendar, draft.frames["booked_orders"]["due"]
    years, periods = _years_from(due, calendar), 1 - calendar.number(due)
    yield from draft.cells["booked_orders"].problems(
        years < -LONGEST_OVERDUE,
        "due",
        lambda at: (
            f"is overdue by {periods[at]:,} {calendar.bucket}s, and is planned as late. Is the year right?"
        ),
        code="long_overdue",
        kind="period",
        severity="warning",
    )


def _years_from(days: pd.Series, calendar: Calendar) -> np.ndarray:
    """Years from the start of the calendar to each day, below 0 before it; a blank is 0."""
    if isinstance(days.dtype, pd.PeriodDtype):
        per_year = 12 if calendar.bucket == "month" else DAYS / 7
        return np.where(days.isna(), 0.0, (calendar.number(days) - 1) / per_year)
    start = calendar.start.start_time.to_datetime64()
    passed = (days.to_numpy() - start) / np.timedelta64(1, "D") / DAYS
    return np.where(days.isna(), 0.0, passed)


def _is_far(years: np.ndarray) -> Callable[[int], str]:
    def message(position: int) -> str:
        side = "after" if years[position] > 0 else "before"
        return f"lies {abs(years[position]):.0f} years {side} the start of the calendar. Is the year right?"

    return message
