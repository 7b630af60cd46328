"""What travels on each lane, when it arrives, and in how many vehicles."""

import pandas as pd

from planner.plan.tables.decisions import Decisions, arriving, join, rows_of, total, with_arrival
from planner.scenario.keys import LANE


def delivery_table(decisions: Decisions) -> pd.DataFrame:
    """Shipments of every lane and item that the plan could use, in the periods in which they may leave or do
    arrive.
    """
    keys = [*LANE, "item", "period"]
    shipped = decisions.of("shipped")
    left = decisions.rates.on_lanes(shipped)
    arrived = arriving(left, {"shipped": "arrived"}, keys=[*LANE, "item"], last=decisions.rates.last)
    table = join(join(rows_of(shipped, arrived, keys=keys), shipped, keys), arrived, keys)
    table = with_arrival(table, decisions.rates.on_lanes(table[keys]), keys=keys)
    return decisions.with_costs(table, keys, table="delivery")


def trips_table(decisions: Decisions) -> pd.DataFrame:
    """The vehicles of every lane row that has some, in every period in which it holds, and what they carry.

    A row for all items has a blank item.
    """
    keys, rates = [*LANE, "lane_item", "period"], decisions.rates
    rows = rates.lane_rows
    sizes = rows.loc[rows["vehicle_size"] > 0, [*keys, "vehicle_size"]]
    shipped = total(rates.on_lanes(decisions.of("shipped")), keys, shipped="shipped")
    table = join(join(sizes, decisions.of("vehicles"), keys), shipped, keys)
    filled = table.assign(room=table["vehicles"] * table["vehicle_size"])
    filled = filled.rename(columns={"lane_item": "item"})
    return decisions.with_costs(filled, [*LANE, "item", "period"], table="trips")
