"""What is ordered from whom, and when it arrives."""

import pandas as pd

from planner.plan.tables.decisions import Decisions, arriving, join, rows_of

SOURCE = ["item", "supplier", "site"]


def sourcing_table(decisions: Decisions) -> pd.DataFrame:
    """Orders and receipts of every source, in every period in which it can be ordered from or something arrives."""
    rates, keys = decisions.rates, [*SOURCE, "period"]
    purchased = decisions.of("purchased")
    ordered = purchased.merge(rates.sources[[*keys, "lead_time"]], on=keys, how="left", validate="one_to_one")
    received = arriving(ordered, {"purchased": "received"}, keys=SOURCE, last=rates.last)
    table = rows_of(rates.sources, purchased, received, keys=keys)
    table = join(join(table, purchased, keys), received, keys)
    table = table.merge(rates.sources[[*keys, "capacity"]], on=keys, how="left", validate="one_to_one")
    return decisions.with_costs(table, keys, {"purchase_cost": "purchase"})
