"""What is ordered from whom, in how many orders and lots, and when it arrives."""

import pandas as pd

from planner.plan.tables.decisions import Decisions, arriving, join, rows_of, with_arrival
from planner.scenario.keys import SOURCE

ORDERED = 1e-5  # units; less is the solver's rounding and no order


def sourcing_table(decisions: Decisions) -> pd.DataFrame:
    """Orders and receipts of every source, in every period in which it can be ordered from or something
    arrives.
    """
    rates, keys = decisions.rates, [*SOURCE, "period"]
    purchased = decisions.of("purchased")
    ordered = purchased.merge(rates.sources[[*keys, "lead_time"]], on=keys, how="left", validate="one_to_one")
    received = arriving(ordered, {"purchased": "received"}, keys=SOURCE, last=rates.last)
    table = rows_of(rates.sources, purchased, received, keys=keys)
    table = join(join(table, purchased, keys), received, keys)
    table = join(join(table, decisions.of("ordered"), keys), decisions.of("order_lots"), keys)
    terms = rates.sources[[*keys, "capacity", "moq", "order_cost", "lot_multiple"]].rename(
        columns={"order_cost": "order_price"}
    )
    table = table.merge(terms, on=keys, how="left", validate="one_to_one")
    any_order = (table["purchased"] > ORDERED).astype(float)
    table = table.assign(orders=table["ordered"].where(is_fixed_charge(table), any_order),
                         lots=table["order_lots"].where(table["lot_multiple"] > 0))
    return decisions.with_costs(with_arrival(table, rates.sources, keys=keys), keys, table="sourcing")


def is_fixed_charge(orders: pd.DataFrame) -> pd.Series:
    """Whether placing each order is a decision of its own: it costs something, or asks for a minimum."""
    return (orders["moq"] > 0) | (orders["order_price"] > 0)
