"""From the first plan's margin to that of each other plan: what is earned more, and what each cost adds."""

from collections.abc import Iterator, Sequence

import pandas as pd

from planner.model.cost_terms import COST_TERMS
from planner.plan.comparison.layout import BRIDGE
from planner.plan.plan import Plan

NOTHING = 1e-6  # of the currency
START, REVENUE, END = "margin of the first plan", "revenue", "margin of the plan"


def bridge_table(plans: Sequence[Plan], names: Sequence[str]) -> pd.DataFrame:
    """BRIDGE: for each plan but the first, its steps in the order in which goods flow."""
    rows = [(name, *step) for plan, name in zip(plans[1:], names[1:], strict=True)
            for step in _steps(plans[0], plan)]
    return pd.DataFrame(rows, columns=BRIDGE.names).astype({"amount": "float64"})


def _steps(first: Plan, plan: Plan) -> Iterator[tuple[str, str, float]]:
    """The start, what revenue and each cost term that differs adds to the margin, and the end."""
    before, after = costs_of(first), costs_of(plan)
    earned, revenue = revenue_of(first), revenue_of(plan)
    yield START, "start", earned - before.sum()
    yield REVENUE, "revenue", revenue - earned
    for term in COST_TERMS:
        saved = float(before.get(term, 0.0) - after.get(term, 0.0))
        if abs(saved) > NOTHING:
            yield term, "cost", saved
    yield END, "end", revenue - after.sum()


def costs_of(plan: Plan) -> "pd.Series[float]":
    """Every cost of the plan by its term."""
    amounts: pd.Series[float] = plan.tables["costs"].groupby("cost")["amount"].sum().astype("float64")
    return amounts


def revenue_of(plan: Plan) -> float:
    """What the plan delivers, at its prices."""
    return float(plan.tables["sales"]["revenue"].sum())
