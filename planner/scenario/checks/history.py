"""An order history is what it seems: each line once, no day from another century, returns on purpose."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from planner.errors import Problem
from planner.scenario.checks.draft import Draft
from planner.scenario.suggestions import quoted

NEARLY_ALL = 0.95  # share of the lines that have a twin: two exports were joined, not two orders placed
MINIMUM_LINES = 20
LONELY = 1000  # days to the next order, from which a first or last day was hardly meant


def check_returns(draft: Draft) -> Iterator[Problem]:
    """Lines below 0 are there only where forecast.returns says what they do."""
    frame, cells = draft.frames["order_history"], draft.cells["order_history"]
    if draft.settings is None or draft.settings.forecast.returns != "refuse":
        return
    yield from cells.problems(
        (frame["quantity"] < 0).to_numpy(),
        "quantity",
        "is a return or a cancellation: say with forecast.returns what it does: net (taken off its own "
        "period), drop (left out) or cancel (taken off the order that it belongs to)",
        code="return",
        kind="number",
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
