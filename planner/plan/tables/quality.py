"""What inspection finds in the goods that production and suppliers deliver."""

import pandas as pd

from planner.plan.layout import TABLES
from planner.plan.tables.decisions import Decisions, every_period, join, total
from planner.scenario.keys import STOCK


def quality_table(decisions: Decisions, production: pd.DataFrame, sourcing: pd.DataFrame) -> pd.DataFrame:
    """Units inspected, found defective, reworked and scrapped where they arrive, with the hours it takes."""
    keys = [*STOCK, "period"]
    terms = decisions.rates.scenario["inspections"]
    produced = production.assign(inspected=production["produced"] - production["yield_loss"])
    bought = sourcing.rename(columns={"received": "inspected"})
    inspected = total(
        pd.concat([produced[[*keys, "inspected"]], bought[[*keys, "inspected"]]]), keys, inspected="inspected"
    )
    table = join(every_period(terms, decisions.rates.last), inspected, keys)
    defective = table["inspected"] * table["defect_rate"]
    reworked = defective * table["rework_rate"]
    hours = table["inspected"] * table["hours_per_unit"] + reworked * table["rework_hours"]
    table = table.assign(
        defective=defective, reworked=reworked, scrapped=defective - reworked, inspection_hours=hours
    )
    priced = decisions.with_costs(table.drop(columns="scrap_cost"), keys, table="quality")
    return priced[TABLES["quality"].names]
