"""What has to be decided as plain values for other programs; `json_schema.py` declares what stands in it."""

from typing import Any

from planner.plan.deciding import ToDecide
from planner.plan.deciding.statements import ahead_statements, decision_statements
from planner.report.pegging_records import statement_records
from planner.report.records import frame_records, result


def decisions_record(found: ToDecide) -> dict[str, Any]:
    """The decisions, and where work is done ahead."""
    calendar = found.plan.calendar
    return result("decide", {
        "plan": found.plan.name,
        "currency": found.plan.currency,
        "statements": statement_records([*decision_statements(found), *ahead_statements(found)]),
        "decisions": frame_records(found.decisions, calendar),
        "made_ahead": frame_records(found.made_ahead, calendar),
    })
