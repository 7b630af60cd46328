"""What a plan says at a glance: its proof, its figures, and how much there is in its tables."""

from planner.figures import NOTHING, one, percent
from planner.glance import row_counts
from planner.plan.plan import Plan

OBJECTIVES = {"targets_first": "operations cost", "cost": "cost", "profit": "profit"}
LEADING_KPIS = ("order_fill_rate", "on_time_in_full", "target_attainment", "revenue", "margin", "total_cost")


def facts(plan: Plan) -> dict[str, str]:
    """The facts by name, in the order in which people ask."""
    calendar = plan.calendar
    units = dict(zip(plan.kpi_table["kpi"], plan.kpi_table["unit"], strict=True))
    return {
        "question": plan.question or NOTHING,
        "status": f"{plan.status}, gap {NOTHING if plan.proof.worst is None else percent(plan.proof.worst)}",
        OBJECTIVES.get(plan.mode, "objective"): one(plan.objective, "currency", currency=plan.currency),
        "periods": f"{calendar.span()}, {calendar.periods} {calendar.bucket}s",
        **{name.replace("_", " "): one(plan.kpis[name], units[name], currency=plan.currency)
           for name in LEADING_KPIS if name in plan.kpis},
        "rows of tables": row_counts(plan.tables),
    }
