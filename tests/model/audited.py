"""Plans of tiny plants that pass the audit, and short words to ask what they decided."""

from collections.abc import Mapping
from typing import Any

import planner


def planned(scenario: Mapping[str, Any]) -> planner.Plan:
    """The proven plan of a scenario given as a dict. It passes the audit."""
    loaded = planner.load_scenario(scenario)
    plan = planner.solve(loaded)
    assert plan.status == "optimal"
    assert [str(finding) for finding in planner.audit(plan, loaded)] == []
    return plan


def bill(plan: planner.Plan) -> dict[str, float]:
    """Every cost term that is not 0."""
    amounts = plan.tables["costs"].groupby("cost")["amount"].sum().round(6)
    return {str(term): float(amount) for term, amount in amounts.items() if amount}


def by_period(plan: planner.Plan, table: str, measure: str, **where: str) -> dict[int, float]:
    """A measure by the number of its period, zeros left out."""
    frame = plan.tables[table]
    for column, wanted in where.items():
        frame = frame[frame[column] == wanted]
    number = plan.calendar.number(frame["period"])
    summed = frame[measure].groupby(number).sum().round(6)
    return {int(period): float(amount) for period, amount in summed.items() if amount}
