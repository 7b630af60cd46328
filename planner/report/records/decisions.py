"""What has to be decided as plain values for other programs; `schemas` declares what stands in it."""

from typing import Any

from planner.plan.deciding import ToDecide
from planner.plan.deciding.statements import ahead_statements, decision_statements
from planner.report.records import frame_records, result, statement_records


def decisions_record(to_decide: ToDecide) -> dict[str, Any]:
    """The decisions, and where work is done ahead."""
    calendar = to_decide.plan.calendar
    return result("decide", {
        "plan": to_decide.plan.name,
        "currency": to_decide.plan.currency,
        "statements": statement_records([*decision_statements(to_decide), *ahead_statements(to_decide)]),
        "decisions": frame_records(to_decide.decisions, calendar),
        "made_ahead": frame_records(to_decide.made_ahead, calendar),
    })
