"""An order history is what it seems: each line once, no day from another century, returns on purpose."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from planner.errors import Problem
from planner.scenario.checks.draft import Draft
from planner.scenario.suggestions import quoted

NEARLY_ALL = 0.95  # share of the lines that have a twin: two exports were joined, not two orders placed
MINIMUM_LINES = 20
MINIMUM_MONTHS = 4  # that all orders fall on the first day of so many is no accident
LONELY = 1000  # days to the next order, from which a first or last day was hardly meant


def check_returns(draft: Draft) -> Iterator[Problem]:
    """Lines below 0 are there only where forecast.returns says what they do."""
    frame, cells = draft.frames["order_history"], draft.cells["order_history"]
    below = np.flatnonzero((frame["quantity"] < 0).to_numpy())
    if draft.settings is None or draft.settings.forecast.returns != "refuse" or not len(below):
        return
    others = f", as are {len(below) - 1:,} more rows below 0" if len(below) > 1 else ""
    yield cells.problem(
        int(below[0]),
        "quantity",
        f"is a return or a cancellation{others}: say with forecast.returns what it does: net (taken off its "
        "own period), drop (left out) or cancel (taken off the order that it belongs to)",
        code="return",
        kind="number",
    )


def check_months_in_weeks(draft: Draft) -> Iterator[Problem]:
    """A history of monthly totals is not planned in weeks: each month would be one week's demand."""
    assert draft.calendar is not None  # the rule asks for a calendar
    dates = draft.frames["order_history"]["date"].dropna()
    months = dates.dt.to_period("M").nunique()
    is_monthly = (dates.dt.day == 1).all() or dates.dt.is_month_end.all()
    if draft.calendar.bucket == "week" and months >= MINIMUM_MONTHS and is_monthly:
        yield draft.cells["order_history"].problem(
            0,
            "date",
            f"every row is dated on the {'first' if dates.iloc[0].day == 1 else 'last'} day of a month, but "
            "the plan is in weeks: a whole month counts as the demand of one week. Give the history by day "
            "or week, or plan in months",
            code="monthly",
            kind="date",
            severity="warning",
        )


def check_twins(draft: Draft) -> Iterator[Problem]:
    """Nearly every line of the history is not there twice."""
    frame, cells = draft.frames["order_history"], draft.cells["order_history"]
    twice = frame.duplicated(keep=False)
    if len(frame) < MINIMUM_LINES or twice.mean() < NEARLY_ALL:
        return
    again = np.flatnonzero(frame.duplicated().to_numpy())[:1]
    yield from cells.problems(
        again,
        "",
        f"{int(twice.sum()):,} of {len(frame):,} lines are there more than once, so demand counts double: "
        "were two exports joined?",
        code="twins",
        severity="warning",
    )


def check_lonely_days(draft: Draft) -> Iterator[Problem]:
    """No order lies years before all others."""
    frame, cells = draft.frames["order_history"], draft.cells["order_history"]
    days = frame["date"].dropna().drop_duplicates().sort_values()
    if len(days) < 3:
        return
    pause = (days.iloc[1] - days.iloc[0]).days
    lonely = (frame["date"] == days.iloc[0]).to_numpy() & (pause > LONELY)
    following: pd.Timestamp = days.iloc[1]
    yield from cells.problems(
        lonely,
        "date",
        f"lies {pause / 365.25:.0f} years before the next order, {quoted(f'{following:%Y-%m-%d}')}: is it "
        "mistyped? All time between counts as without demand",
        code="lonely",
        kind="date",
        severity="warning",
    )
