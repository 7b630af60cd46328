"""Audit of lots in sourcing: orders that are placed, their minimum, their multiples and the price of their
quantity.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.plan.audit.findings import ABSOLUTE, Books, Finding, below, equal, impossible, rule, whole_lots
from planner.scenario.keys import SOURCE

KEYS = [*SOURCE, "period"]
Floats = NDArray[np.float64]


def _orders(books: Books) -> pd.DataFrame:
    """Every order with the terms that hold when it is placed."""
    terms = books.rates.sources.rename(columns={"order_cost": "order_price"})
    orders = books["sourcing"].merge(terms.drop(columns="capacity"), on=KEYS, how="left")
    return orders.assign(decided=(orders["moq"] > 0) | (orders["order_price"] > 0))


@rule
def orders(books: Books) -> list[Finding]:
    """Something is bought only with an order; where orders have no minimum and no cost, one stands for each
    purchase.
    """
    placed = _orders(books)
    bought = (placed["purchased"] > ABSOLUTE).astype(float)
    decided = placed[placed["decided"]]
    twice = decided["orders"].where(decided["orders"] > 1, 0.0)
    return [
        *equal(
            books,
            "sourcing",
            "orders",
            placed.assign(orders=placed["orders"].where(placed["decided"], bought)),
        ),
        *impossible(
            books,
            "sourcing",
            decided,
            found=decided["purchased"],
            wrong=decided["orders"] < 1,
            what="bought without an order",
        ),
        *impossible(
            books,
            "sourcing",
            decided,
            found=twice,
            wrong=twice > 1,
            what="orders of one source in one period",
        ),
    ]


@rule
def minimum_order(books: Books) -> list[Finding]:
    """An order that is placed is at least the minimum order quantity."""
    placed = _orders(books)
    minimum = placed["moq"] * placed["orders"]
    return below(books, "sourcing", placed, found=placed["purchased"], limit=minimum, what="purchased")


@rule
def order_multiple(books: Books) -> list[Finding]:
    """Where there is a lot multiple, what is bought is its lots."""
    return whole_lots(books, "sourcing", _orders(books), quantity="purchased")


@rule
def order_cost(books: Books) -> list[Finding]:
    """Every order costs what placing it costs."""
    placed = _orders(books)
    return equal(
        books,
        "sourcing",
        "order_cost",
        placed.assign(order_cost=placed["orders"] * placed["order_price"].fillna(0.0)),
    )


@rule
def purchase_cost(books: Books) -> list[Finding]:
    """Each order costs its units at the price that holds when it is placed, and for its quantity."""
    placed = _orders(books)
    offer = ["supplier", "item"]
    breaks, rows_of = books.scenario["price_breaks"], placed.groupby(offer).indices
    cost = (placed["purchased"] * placed["unit_cost"]).to_numpy(copy=True)
    for key, tiers in breaks.sort_values("from_quantity").groupby(offer):
        rows = rows_of.get(key, [])
        cost[rows] = _tiered(placed.iloc[rows], tiers)
    return equal(books, "sourcing", "purchase_cost", placed.assign(purchase_cost=cost), price="unit_cost")


def _tiered(placed: pd.DataFrame, tiers: pd.DataFrame) -> Floats:
    """The cost of orders by quantity; at a break itself, where either price may be meant, the one nearer to
    what is paid.
    """
    lower, upper = (
        _cost_in_tier(placed, tiers, placed["purchased"].to_numpy() + nudge)
        for nudge in (-ABSOLUTE, ABSOLUTE)
    )
    paid = placed["purchase_cost"].to_numpy()
    nearest: Floats = np.where(np.abs(lower - paid) < np.abs(upper - paid), lower, upper)
    return nearest


def _cost_in_tier(placed: pd.DataFrame, tiers: pd.DataFrame, quantity: Floats) -> Floats:
    """What is bought at the prices of the tier in which `quantity` lies; below the first break the source's
    own price holds.
    """
    starts, prices = tiers["from_quantity"].to_numpy(), tiers["unit_cost"].to_numpy()
    tier = np.searchsorted(starts, np.maximum(quantity, 0.0), side="right") - 1
    own, bought = placed["unit_cost"].to_numpy(), placed["purchased"].to_numpy()
    if (tiers["kind"] == "all_units").all():
        cost: Floats = bought * np.where(tier < 0, own, prices[tier])
        return cost
    below_breaks = np.minimum(bought, starts[0]) * own
    widths = np.clip(bought[:, None] - starts, 0.0, np.append(np.diff(starts), np.inf))
    incremental: Floats = below_breaks + widths @ prices
    return incremental
