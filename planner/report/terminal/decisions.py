"""What has to be decided, as people read it in a terminal."""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd
from rich.console import Group, RenderableType
from rich.text import Text

from planner.figures import NOTHING, Scale, figure, scale_for
from planner.plan.deciding import ToDecide
from planner.plan.deciding.statements import ahead_statements, amount_text, decision_text
from planner.plan.plan import Plan
from planner.report.terminal.parts import indented, titled_table

MAXIMUM_ROWS = 40
WAITING = {"free": "free", "impossible": "impossible", "unknown": NOTHING}


def decisions_result(to_decide: ToDecide) -> RenderableType:
    """The decisions with what waiting costs, and where work is done ahead."""
    sentences = [indented(statement.text) for statement in ahead_statements(to_decide)]
    ahead: list[RenderableType] = []
    if sentences:
        ahead = [Text(), Text("Where work is done ahead", style="bold"), *sentences]
    nothing: list[RenderableType] = [Text("There is nothing to decide in these periods.")]
    table = _decisions(to_decide)
    return Group(*([table] if table.renderables else nothing), *ahead)


def _decisions(to_decide: ToDecide) -> Group:
    rows, plan = to_decide.decisions, to_decide.plan
    cost = scale_for(rows["cost"], "currency", currency=plan.currency)
    lost = scale_for(rows["waiting_margin"].dropna(), "currency", currency=plan.currency)
    in_one = rows["period"].nunique() == 1
    cells = [_cells(plan, row, cost, lost)[in_one:] for row in rows.head(MAXIMUM_ROWS).to_dict("records")]
    heads = ["when", "decision", "how much", "arrives, serves", f"cost, {cost.unit}",
             f"waiting costs, {lost.unit or plan.currency}", "late then", "lost then"][in_one:]
    when = f" in {plan.calendar.label(rows['period'].iloc[0])}" if in_one else ""
    note = ("Waiting: margin lost, and units late or lost in addition, where it is not done in its "
            f"{plan.bucket}: solved again. {NOTHING}: not solved again; --most asks for more.")
    return titled_table(f"To decide{when}", heads, cells, words=2 - in_one, note=note)


def _cells(plan: Plan, row: Mapping[Hashable, Any], cost: Scale, lost: Scale) -> list[str]:
    label = plan.calendar.label
    return [label(row["period"]), decision_text(row), amount_text(row),
            NOTHING if pd.isna(row["arrives"]) else label(row["arrives"]), cost.text(row["cost"]),
            WAITING.get(row["waiting"]) or lost.text(row["waiting_margin"]),
            _units(row["waiting_late"]), _units(row["waiting_lost"])]


def _units(quantity: float) -> str:
    return NOTHING if pd.isna(quantity) else figure(round(quantity, 2) + 0.0)
