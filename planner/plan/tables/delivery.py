"""What travels on each lane, and when it arrives."""

import pandas as pd

from planner.plan.rates import LANE
from planner.plan.tables.decisions import Decisions, arriving, join, rows_of


def delivery_table(decisions: Decisions) -> pd.DataFrame:
    """Shipments of every lane and item that the plan could use, in the periods in which they may leave or do arrive."""
    keys = [*LANE, "item", "period"]
    shipped = decisions.of("shipped")
    left = decisions.rates.on_lanes(shipped)
    arrived = arriving(left, {"shipped": "arrived"}, keys=[*LANE, "item"], last=decisions.rates.last)
    table = join(join(rows_of(shipped, arrived, keys=keys), shipped, keys), arrived, keys)
    return decisions.with_costs(table, keys, {"freight_cost": "freight"})
