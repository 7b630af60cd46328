"""Returns and cancellations: order lines below 0, and what they do to the history."""

from typing import Literal

import numpy as np
import pandas as pd

from planner.demand.series.matrix import Matrix
from planner.figures import figure

Returns = Literal["refuse", "net", "drop", "cancel"]


def without_returns(orders: pd.DataFrame, rule: Returns) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """The orders as the rule for lines below 0 has them, and a sentence on what it did.

    `net` keeps the lines, so that they come off the period in which they were entered; `drop` leaves them
    out; `cancel` takes each off the orders that the same buyer had placed for the item, the one of the same
    quantity first, else the latest.
    """
    returned = orders["quantity"] < 0
    if not returned.any() or rule in ("refuse", "net"):
        return orders, ()
    sales = orders[~returned]
    units = -float(orders.loc[returned, "quantity"].sum())
    returns = f"Returns of {figure(units)} units ({int(returned.sum()):,} of {len(orders):,} order lines)"
    if rule == "drop":
        return sales, (f"{returns} were left out.",)
    quantity, unmatched = _cancelled(orders, returned.to_numpy())
    sentence = f"{returns} were taken off the orders that they belong to"
    without_order = (
        f"; for {figure(unmatched)} units of them there was no earlier order" if unmatched > 0 else ""
    )
    return sales.assign(quantity=quantity[~returned.to_numpy()]), (f"{sentence}{without_order}.",)


def _cancelled(orders: pd.DataFrame, returned: np.ndarray) -> tuple[Matrix, float]:
    """Quantities after every return has come off an order before it, and the units that found none."""
    quantity = orders["quantity"].to_numpy(dtype=float).copy()
    days = orders["date"].to_numpy()
    buyers = orders["customer"].where(orders["customer"].notna(), orders["market"])
    unmatched = 0.0
    groups = orders.groupby([buyers, orders["item"]], sort=True).ngroup().to_numpy()
    for group in np.unique(groups[returned]):
        places = np.flatnonzero(groups == group)
        if group >= 0:  # a line without buyer or item belongs to none
            ordered = places[np.argsort(days[places], kind="stable")]
            for place in ordered[returned[ordered]]:
                before = ordered[(days[ordered] <= days[place]) & ~returned[ordered]]
                unmatched += _taken_off(quantity, before, -quantity[place])
    return quantity, unmatched


def _taken_off(quantity: Matrix, orders: np.ndarray, units: float) -> float:
    """Takes units off the orders, the one of exactly so many first, then from the latest back; the rest."""
    exact = orders[quantity[orders] == units]
    for place in (exact[-1:] if len(exact) else orders[::-1]):
        cancelled = min(quantity[place], units)
        quantity[place] -= cancelled
        units -= cancelled
    return float(units)
