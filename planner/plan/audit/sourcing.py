"""Audit of sourcing: who is ordered from, how much, and when it arrives."""

import pandas as pd

from planner.plan.audit.findings import Books, Finding, above, below, equal, equal_limit, impossible, rule
from planner.plan.rates import summed
from planner.scenario.keys import SOURCE

KEYS = [*SOURCE, "period"]


def _ordered(books: Books) -> pd.DataFrame:
    """Every order with the terms that hold when it is placed."""
    return books["sourcing"].merge(
        books.rates.sources, on=KEYS, how="left", suffixes=("_planned", ""), indicator="source"
    )


@rule
def sources_exist(books: Books) -> list[Finding]:
    """Orders go only to sources of the scenario, in periods in which they hold."""
    ordered = _ordered(books)
    return impossible(
        books,
        "sourcing",
        ordered,
        found=ordered["purchased"],
        wrong=ordered["source"] == "left_only",
        what="ordered, but there is no such source then",
    )


@rule
def receipts_follow_orders(books: Books) -> list[Finding]:
    """What is ordered arrives a lead time later, with the lead time that held when it was ordered."""
    ordered = _ordered(books)
    arrivals = ordered[ordered["source"] == "both"].assign(received=ordered["purchased"])
    arrivals = arrivals.assign(period=arrivals["period"] + arrivals["lead_time"].astype("int64"))
    inside = arrivals[arrivals["period"] <= books.rates.last]
    return equal(books, "sourcing", "received", inside.pipe(summed, KEYS, "received"))


@rule
def source_capacity(books: Books) -> list[Finding]:
    """What a site orders of an item from a supplier stays within the source's capacity."""
    ordered = _ordered(books)
    return [
        *equal_limit(books, "sourcing", "capacity", books.rates.sources),
        *above(
            books,
            "sourcing",
            ordered,
            found=ordered["purchased"],
            limit=ordered["capacity"],
            what="purchased",
        ),
    ]


@rule
def supplier_capacity(books: Books) -> list[Finding]:
    """What all sites order from a supplier, of one item or of all, stays within what it can ship; a period's
    own row holds.
    """
    limits, orders = books.scenario["supplier_capacity"], books["sourcing"]
    periods = pd.DataFrame({"period": range(1, books.rates.last + 1)})
    dated = limits[limits["period"].notna()]
    dated = dated.assign(period=books.scenario.calendar.number(dated["period"]))
    always = limits[limits["period"].isna()].drop(columns="period").merge(periods, how="cross")
    every = pd.concat([dated, always], ignore_index=True).drop_duplicates(["supplier", "item", "period"])
    by_item = orders.pipe(summed, ["supplier", "item", "period"], "purchased")
    in_all = orders.pipe(summed, ["supplier", "period"], "purchased")
    single = every[every["item"].notna()].merge(by_item, on=["supplier", "item", "period"])
    joint = every[every["item"].isna()].drop(columns="item").merge(in_all, on=["supplier", "period"])
    rows = pd.concat([single, joint], ignore_index=True)
    return above(
        books, "sourcing", rows, found=rows["purchased"], limit=rows["capacity"], what="purchased in all"
    )


@rule
def min_share(books: Books) -> list[Finding]:
    """Over the horizon, each supplier gets at least its share of what the site buys of the item."""
    share = _shares(books, "min_share")
    return below(
        books,
        "sourcing",
        share,
        found=share["purchased"],
        limit=share["promised"],
        what="purchased over the horizon",
    )


@rule
def max_share(books: Books) -> list[Finding]:
    """Over the horizon, each supplier gets at most its share of what the site buys of the item."""
    share = _shares(books, "max_share")
    return above(
        books,
        "sourcing",
        share,
        found=share["purchased"],
        limit=share["promised"],
        what="purchased over the horizon",
    )


def _shares(books: Books, bound: str) -> pd.DataFrame:
    """Purchases of each source, and what its share makes of the purchases of all sources in the same
    periods.
    """
    ordered = _ordered(books)
    everyone = ordered.pipe(summed, ["item", "site", "period"], "purchased")
    bounded = ordered[ordered[bound].notna()].merge(
        everyone, on=["item", "site", "period"], suffixes=("", "_in_all")
    )
    bounded = bounded.assign(promised=bounded[bound] * bounded["purchased_in_all"])
    return bounded.pipe(summed, SOURCE, "purchased", "promised")
