"""Where an item comes from, and how its stock stands."""

from collections.abc import Mapping
from typing import Any

from planner.figures import figure
from planner.naming import spelled
from planner.plan.explain.asked import Asked
from planner.plan.explain.short import NOTHING
from planner.plan.statement import Statement


def supply_statements(asked: Asked) -> list[Statement]:
    """Production, suppliers, and what was on its way."""
    production, bought, stock = asked.rows("production"), asked.rows("sourcing"), asked.rows("inventory")
    started = production.groupby(["site", "routing"], as_index=False)[["production"]].sum()
    ordered = bought.groupby(["supplier", "site"], as_index=False)[["purchased"]].sum()
    units = f"units of {asked.item} are"
    statements = [Statement("made", f"{figure(row['production'])} {units} started on {row['routing']} in "
                                    f"{spelled(row['site'])} {asked.when}.", _by_text(row))
                  for row in started[started["production"] > NOTHING].to_dict("records")]
    statements += [Statement("bought", f"{figure(row['purchased'])} {units} ordered from "
                                       f"{spelled(row['supplier'])} for {spelled(row['site'])} {asked.when}.",
                             _by_text(row))
                   for row in ordered[ordered["purchased"] > NOTHING].to_dict("records")]
    arriving = float(stock["scheduled_receipts"].sum())
    text = f"{figure(arriving)} units of {asked.item} arrive {asked.when} as scheduled receipts."
    receipts = Statement("scheduled_receipts", text, {"scheduled_receipts": arriving})
    return [*statements, receipts] if arriving > NOTHING else statements


def _by_text(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(name): value for name, value in row.items()}


def stock_statements(asked: Asked) -> list[Statement]:
    """Stock at the end of the period, or of the horizon, against the safety stock."""
    at = asked.period or asked.plan.calendar.end
    rows = asked.rows("inventory")
    rows = rows[(rows["period"] == at) & ((rows["closing"] > NOTHING) | (rows["safety_stock"] > NOTHING))]
    statements = []
    for row in rows.to_dict("records"):
        safety = f", its safety stock {figure(row['safety_stock'])}" if row["safety_stock"] > NOTHING else ""
        missing = row["safety_stock_shortfall"]
        short = f", {figure(missing)} are missing" if missing > NOTHING else ""
        text = (f"Stock of {row['item']} in {spelled(row['site'])} is {figure(row['closing'])} units at the "
                f"end of {asked.plan.calendar.label(at)}{safety}{short}.")
        names = ("item", "site", "closing", "safety_stock", "safety_stock_shortfall")
        figures = {name: row[name] for name in names}
        statements.append(Statement("stock", text, figures))
    return statements
