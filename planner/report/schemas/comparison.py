"""What `planner compare --json` prints beside the scorecard."""

from planner.plan.comparison.layout import COMPARISON_TABLES
from planner.report.schemas.field_types import Schema, many, number, plan_table, record, text, whole

BOOLEAN = {"type": "boolean"}
CANDIDATE = {
    "name": text("heading of the plan"),
    "is_proven": BOOLEAN | {"description": "whether no plan of its scenario is better by more than its gap"},
    "is_eligible": BOOLEAN | {"description": "whether it can be recommended"},
    "why_not": text("why it cannot; blank: it can"),
    "rank": whole("its place among those that can, from 1; 0: it cannot"),
    "service": number("share of the demand on time", blank=True),
    "attainment": number("mean attainment of the sales targets; null: there are none", blank=True),
    "margin": number("revenue less all costs"), "cost": number("all costs"),
    "delivered": number("units delivered"),
}


def comparison_details(statements: Schema) -> dict[str, Schema]:
    """The fields beside the scorecard; `statements` is the schema of sentences with their figures."""
    tables = {name: plan_table(table) for name, table in COMPARISON_TABLES.items()}
    walk = {"first": text("heading of the plan it begins at"),
            "second": text("heading of the plan it ends at"),
            "notes": many("what was left out", {"type": "string"}),
            "steps": tables.pop("steps"), "nervousness": tables.pop("nervousness"),
            "statements": statements}
    return {
        "recommendation": record({
            "plan": text("heading of the plan to agree on; null: there is nothing to choose", blank=True),
            "is_clear": BOOLEAN | {"description": "whether no other eligible plan is better in anything"},
            "rule": text("by what it is chosen"),
            "candidates": many("the plans, in the order in which they were named", record(CANDIDATE)),
            "statements": statements}, "which plan to agree on, and why"),
        **tables,
        "walks": many("with --why: from the first plan to each other, one change at a time", record(walk))}
