"""What stock is worth: its units at the standard cost of their item."""

import pandas as pd

from planner.plan.plan import Plan


def at_standard_cost(plan: Plan, measure: str) -> "pd.Series[float]":
    """A measure of the table inventory in money, row by row, in the plan's currency.

    units of the measure * standard_cost of the item; an item without one counts for nothing.
    """
    inventory = plan.tables["inventory"]
    costs = plan.tables["items"].set_index("item")["standard_cost"]
    worth: pd.Series[float] = inventory[measure] * inventory["item"].map(costs).astype("float64").fillna(0.0)
    return worth


def average_stock_value(plan: Plan) -> float:
    """Closing stock at standard cost, on average over the periods, in the plan's currency; 0 where no item
    has one.
    """
    return plan.kpis.get("stock_value", 0.0)
