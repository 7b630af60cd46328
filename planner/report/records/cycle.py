"""A monthly cycle as plain values for other programs, and what stands in them."""

from dataclasses import asdict
from typing import Any

import pandas as pd

from planner.plan.cycle import Status
from planner.report.records import frame_records, result
from planner.scenario.calendar import period_label


def cycle_record(status: Status) -> dict[str, Any]:
    """The record, what has changed under it, and how last month's plan did."""
    record, since = status.cycle.record, status.since
    return result("cycle status", {
        **asdict(record),
        "state": record.state,
        "broken": list(status.broken),
        "outdated": list(status.outdated),
        "unread": status.unread,
        "changes": frame_records(status.changes),
        "open_actions": frame_records(status.open_actions),
        "since": None if since is None else {
            "cycle": since.previous.record.cycle,
            "plan": since.plan.name,
            "against_plan": frame_records(_labelled(since.against_plan)),
            "accuracy": frame_records(since.accuracy),
            "stability": frame_records(since.stability),
        },
    })


def _labelled(frame: pd.DataFrame) -> pd.DataFrame:
    periods = [period_label(period) for period in frame["period"]]
    return frame.assign(period=pd.Series(periods, index=frame.index, dtype=object))
