"""Workers of each pool: how many, what they work, what they cost."""

import pandas as pd

from planner.plan.tables.decisions import Decisions, join, total
from planner.scenario.keys import LABOR_POOL


def workforce_table(decisions: Decisions, capacity: pd.DataFrame) -> pd.DataFrame:
    """Headcount, its changes and its hours, in every period in which the pool exists."""
    keys = [*LABOR_POOL, "period"]
    headcount = decisions.of("headcount")
    opening = headcount.assign(period=headcount["period"] + 1).rename(
        columns={"headcount": "opening_headcount"}
    )
    overtime = decisions.of("labor_overtime").rename(columns={"labor_overtime": "overtime_hours"})
    table = decisions.rates.pools[[*keys, "hours_per_worker", "attrition_rate"]]
    changes = [decisions.of("hired"), decisions.of("separated")]
    for measures in (headcount, opening, *changes, overtime, _crew_hours(decisions, capacity)):
        table = join(table, measures, keys)
    table = table.assign(attrition=table["opening_headcount"] * table["attrition_rate"],
                         regular_hours=table["headcount"] * table["hours_per_worker"])
    return decisions.with_costs(table, keys, table="workforce")


def _crew_hours(decisions: Decisions, capacity: pd.DataFrame) -> pd.DataFrame:
    crews = decisions.rates.work_centers[["site", "work_center", "period", "labor_pool", "crew_size"]]
    worked = capacity.merge(
        crews[crews["labor_pool"].notna()], on=["site", "work_center", "period"], validate="one_to_one"
    )
    return total(
        worked.assign(hours=worked["load_hours"] * worked["crew_size"]),
        [*LABOR_POOL, "period"],
        hours_used="hours",
    )
