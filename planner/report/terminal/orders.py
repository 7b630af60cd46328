"""Orders and customers as people read them in a terminal."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from rich.console import Group, RenderableType
from rich.text import Text

from planner.figures import NOTHING, Scale, figure, scale_for
from planner.plan.orders import UNNAMED, order_statements
from planner.plan.plan import Plan
from planner.report.terminal.parts import indented, titled_table

MAXIMUM_CUSTOMERS = 10
MAXIMUM_ORDERS = 20
HURT = ["late", "overdue", "lost"]
FATES = ["units", "made late", "overdue", "lost"]
NOTE = "Overdue: late already when the plan starts. Worth: what is late, overdue or lost, at its prices."
SMALLEST = 1e-6  # units: the solver's rounding


def orders_result(plan: Plan, orders: pd.DataFrame, customers: pd.DataFrame, *,
                  every_order: bool = False) -> RenderableType:
    """Sentences, who loses or waits for most money, and the orders that are late, overdue or lost, or every
    order.
    """
    sentences = [indented(statement.text) for statement in order_statements(plan, orders, customers)]
    head = Text("Orders and customers", style="bold")
    listed = orders if every_order else _hurt(orders)
    tables = [table for table in (_customers(plan, customers), _orders(plan, listed)) if table.renderables]
    return Group(head, *sentences, *(part for table in tables for part in (Text(), table)))


def _customers(plan: Plan, customers: pd.DataFrame) -> Group:
    hurt = _hurt(customers)
    money = _money(plan, hurt)
    listed = hurt.head(MAXIMUM_CUSTOMERS)
    rows = ([row["customer"] or UNNAMED[row["demand_class"]], row["market"], *_fates(row, money)]
            for row in listed.to_dict("records"))
    heads = ["who", "market", *FATES, f"worth, {money.unit}"]
    title = _title("Whose demand is late or lost", hurt, MAXIMUM_CUSTOMERS)
    return titled_table(title, heads, rows, words=2, note=NOTE)


def _orders(plan: Plan, orders: pd.DataFrame) -> Group:
    money, label = _money(plan, orders), plan.calendar.label
    rows = ([row["order"], row["customer"] or NOTHING, row["item"], label(row["due"]),
             NOTHING if pd.isna(row["promised"]) else label(row["promised"]), *_fates(row, money)]
            for row in orders.head(MAXIMUM_ORDERS).to_dict("records"))
    heads = ["order", "customer", "item", "due", "promised", *FATES, f"worth, {money.unit}"]
    title = _title("Orders", orders, MAXIMUM_ORDERS)
    return titled_table(title, heads, rows, words=5)


def _hurt(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows[HURT].max(axis="columns") > SMALLEST]


def _fates(row: Mapping[Any, Any], money: Scale) -> list[str]:
    return [figure(row["quantity"]), *(figure(row[name]) for name in HURT), money.text(_worth(row))]


def _worth(row: Mapping[Any, Any]) -> float:
    """What is late, overdue or lost, in money."""
    return float(sum(row[f"{name}_value"] for name in HURT))


def _money(plan: Plan, rows: pd.DataFrame) -> Scale:
    return scale_for(map(_worth, rows.to_dict("records")), "currency", currency=plan.currency)


def _title(title: str, rows: pd.DataFrame, maximum: int) -> str:
    return f"{title}, the worst {maximum} of {len(rows)}" if len(rows) > maximum else title
