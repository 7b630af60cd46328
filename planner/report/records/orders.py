"""Orders and customers as plain values for other programs; `schemas` declares what stands in them."""

from typing import Any

import pandas as pd

from planner.plan.orders import order_statements
from planner.plan.plan import Plan
from planner.report.records import frame_records, result, statement_records


def orders_record(plan: Plan, orders: pd.DataFrame, customers: pd.DataFrame) -> dict[str, Any]:
    """The orders and customers that were asked about, and what there is to say of them."""
    return result("customers", {
        "plan": plan.name,
        "currency": plan.currency,
        "statements": statement_records(order_statements(plan, orders, customers)),
        "customers": frame_records(customers, plan.calendar),
        "orders": frame_records(orders, plan.calendar),
    })
