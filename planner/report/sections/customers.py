"""Whose demand is late or lost: customers by name, and the forecast demand of each market."""

from typing import Any

from planner.figures import Scale, figure, scale_for
from planner.plan.orders import UNNAMED, customers_of
from planner.report.parts import Cell, Plans, Table

MAXIMUM_CUSTOMERS = 12
FATES = ["late", "overdue", "lost"]
SEEN = 1e-6  # units: the solver's rounding


def customer_table(plans: Plans) -> list[Table]:
    """Those of the first plan that lose or wait for most money."""
    found = customers_of(plans.first)
    hurt = found[found[FATES].max(axis="columns") > SEEN]
    if hurt.empty:
        return []
    worth = hurt[[f"{name}_value" for name in FATES]].sum(axis="columns")
    money = scale_for(worth, "currency", currency=plans.first.currency)
    shown = hurt.assign(worth=worth).head(MAXIMUM_CUSTOMERS).to_dict("records")
    more = len(hurt) - len(shown)
    note = ("Overdue: late already when the plan starts. Worth: what is late, overdue or lost, at its prices."
            + (f" {more} more are late or lost in part." if more else ""))
    of_plan = f", {plans.names[0]}" if plans.are_several else ""
    headings = ["Who", "Market", "Units", "Made late", "Overdue", "Lost", f"Worth, {money.unit}"]
    return [Table(f"Whose demand is late or lost{of_plan}", headings,
                  [("", [_row(row, money) for row in shown])], words=2, note=note)]


def _row(row: Any, money: Scale) -> list[Cell]:
    name = row["customer"] or UNNAMED[row["demand_class"]]
    figures = (figure(row[name]) for name in ("quantity", *FATES))
    return [Cell(name), Cell(row["market"]), *map(Cell, figures), Cell(money.text(row["worth"]))]
