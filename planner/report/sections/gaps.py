"""Gaps: what is missing of targets and of demand, and who can close it. The table that both sides sign."""

from planner.errors import PlannerError
from planner.report.gap_tables import gap_tables
from planner.report.parts import Plans, Section


def gaps(plans: Plans) -> list[Section]:
    """The gap report of the first plan; none where its scenario is no longer there as it was."""
    try:
        found = plans.first.gaps()
    except PlannerError:
        return []
    missed = [statement.text for statement in found.statements if statement.kind != "target_gap"]
    return [Section("gaps", "Gaps", plans.first_says(" ".join(missed)), tables=gap_tables(found))]
