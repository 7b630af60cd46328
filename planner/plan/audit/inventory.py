"""Audit of inventory: every flow, every balance, the stock to keep and the space it takes."""

import numpy as np
import pandas as pd

from planner.plan.audit.findings import (
    Books,
    Finding,
    above,
    below,
    differing,
    equal,
    equal_limit,
    impossible,
    rule,
)
from planner.plan.rates import summed
from planner.scenario.keys import STOCK

KEYS = [*STOCK, "period"]


def _with_terms(books: Books) -> pd.DataFrame:
    """Every stock and period with the terms that hold; a stock without terms keeps nothing and costs
    nothing.
    """
    return books["inventory"].drop(columns="safety_stock").merge(
        books.rates.stocks.rename(columns={"safety_stock_penalty": "shortfall_price"}), on=KEYS, how="left")


@rule
def opening_inventory(books: Books) -> list[Finding]:
    """The first period opens with what is on hand, every other one with the closing stock before it."""
    stock = books["inventory"]
    first = books.scenario.states("inventory").assign(period=1).rename(columns={"on_hand": "opening"})
    before = stock.assign(period=stock["period"] + 1, opening=stock["closing"])
    expected = pd.concat(
        [first[[*KEYS, "opening"]], before.loc[before["period"] <= books.rates.last, [*KEYS, "opening"]]]
    )
    return equal(books, "inventory", "opening", expected)


@rule
def inventory_balance(books: Books) -> list[Finding]:
    """Closing stock is opening stock plus what came in less what went out."""
    stock = books["inventory"]
    came_in = (
        stock["opening"]
        + stock["produced"]
        + stock["received"]
        + stock["scheduled_receipts"]
        + stock["transferred_in"]
    )
    went_out = stock["consumed"] + stock["shipped"] + stock["transferred_out"] + stock["scrapped"]
    return differing(
        books, "inventory", stock, expected=came_in - went_out, found=stock["closing"], column="closing"
    )


@rule
def stock_comes_from_somewhere(books: Books) -> list[Finding]:
    """Production, suppliers and receipts known before the plan deliver what the stock books as coming in."""
    produced = books["production"].pipe(summed, KEYS, "produced")
    received = books["sourcing"].pipe(summed, KEYS, "received")
    receipts = books.scenario["scheduled_receipts"].rename(columns={"quantity": "scheduled_receipts"})
    receipts = receipts.assign(period=books.scenario.calendar.number(receipts["period"]))
    receipts = receipts[receipts["period"].between(1, books.rates.last)]
    receipts = receipts.pipe(summed, KEYS, "scheduled_receipts")
    return [
        *equal(books, "inventory", "produced", produced),
        *equal(books, "inventory", "received", received),
        *equal(books, "inventory", "scheduled_receipts", receipts),
    ]


@rule
def bill_of_materials(books: Books) -> list[Finding]:
    """Every unit started uses up its components, at the site and in the period of its start."""
    used = books["production"].merge(books.rates.components, on=STOCK)
    used = used.assign(item=used["component"], consumed=used["production"] * used["quantity_per"])
    return equal(books, "inventory", "consumed", used.pipe(summed, KEYS, "consumed"))


@rule
def stock_goes_somewhere(books: Books) -> list[Finding]:
    """Shipments and transfers leave the stock at their origin, transfers reach the stock at their
    destination.
    """
    travelling = books["delivery"]
    to_site = travelling["destination"].isin(books.scenario["sites"]["site"])
    leaving = travelling.assign(site=travelling["origin"])
    reaching = travelling[to_site].assign(
        site=travelling["destination"], transferred_in=travelling["arrived"]
    )
    shipped = leaving[~to_site].pipe(summed, KEYS, "shipped")
    sent = leaving[to_site].assign(transferred_out=leaving["shipped"]).pipe(summed, KEYS, "transferred_out")
    return [
        *equal(books, "inventory", "shipped", shipped),
        *equal(books, "inventory", "transferred_out", sent),
        *equal(books, "inventory", "transferred_in", reaching.pipe(summed, KEYS, "transferred_in")),
    ]


@rule
def scrap(books: Books) -> list[Finding]:
    """What yield and inspection take leaves the stock."""
    lost = books["production"].assign(scrapped=books["production"]["yield_loss"])
    scrapped = pd.concat([lost[[*KEYS, "scrapped"]], books["quality"][[*KEYS, "scrapped"]]])
    return equal(books, "inventory", "scrapped", scrapped.pipe(summed, KEYS, "scrapped"))


@rule
def safety_stock(books: Books) -> list[Finding]:
    """The stock to keep is the larger of safety stock and outflow of the days of supply; what is missing is a
    shortfall.
    """
    stocks = _with_terms(books).sort_values(KEYS, ignore_index=True)
    needed = _coming_outflow(books, stocks).clip(lower=stocks["safety_stock"].fillna(0.0))
    missing = below(
        books,
        "inventory",
        stocks,
        found=stocks["closing"] + stocks["safety_stock_shortfall"],
        limit=needed,
        what="closing stock and shortfall",
    )
    return [*equal(books, "inventory", "safety_stock", stocks.assign(safety_stock=needed)), *missing,
            *impossible(books, "inventory", stocks, found=stocks["safety_stock_shortfall"], wrong=needed <= 0,
                        what="short of a stock that nothing asks for")]


@rule
def inventory_limits(books: Books) -> list[Finding]:
    """Closing stock stays within max_inventory, and the last one reaches ending_inventory."""
    rows = _with_terms(books)
    endings = books.scenario.states("inventory")[[*STOCK, "ending_inventory"]]
    endings = endings[endings["ending_inventory"].notna()].assign(period=books.rates.last)
    last = endings.merge(books["inventory"], on=KEYS, how="left")
    return [
        *above(books, "inventory", rows, found=rows["closing"], limit=rows["max_inventory"], what="closing"),
        *below(
            books,
            "inventory",
            last,
            found=last["closing"].fillna(0.0),
            limit=last["ending_inventory"],
            what="closing",
        ),
    ]


@rule
def inventory_costs(books: Books) -> list[Finding]:
    """Closing stock pays its holding cost, missing stock its penalty."""
    stocks = _with_terms(books)
    rates = stocks.fillna({"holding_cost": 0.0, "shortfall_price": 0.0})
    costs = rates.assign(
        holding=rates["closing"] * rates["holding_cost"],
        safety_stock_penalty=rates["safety_stock_shortfall"] * rates["shortfall_price"],
    )
    return [*equal(books, "inventory", "holding", costs, price="holding_cost"),
            *equal(books, "inventory", "safety_stock_penalty", costs, price="shortfall_price")]


@rule
def storage(books: Books) -> list[Finding]:
    """The stock of a site takes the volume of its items; what does not fit overflows, where overflow has a
    price.
    """
    volumes = books.scenario["items"][["item", "volume"]]
    stored = books["inventory"].merge(volumes, on="item")
    stored = stored.assign(volume=stored["volume"] * stored["closing"])
    sites = books.scenario["sites"][["site", "storage_capacity", "storage_overflow_cost"]]
    space = books["storage"].drop(columns="storage_capacity").merge(sites, on="site", how="left")
    hard = space["storage_overflow_cost"].isna()
    limit = space["storage_capacity"] + space["added_capacity"] + space["overflow"]
    return [
        *equal(books, "storage", "volume", stored.pipe(summed, ["site", "period"], "volume")),
        *equal_limit(books, "storage", "storage_capacity", space),
        *above(books, "storage", space, found=space["volume"], limit=limit, what="volume"),
        *impossible(
            books,
            "storage",
            space,
            found=space["overflow"],
            wrong=hard,
            what="overflow where none is allowed",
        ),
    ]


@rule
def storage_cost(books: Books) -> list[Finding]:
    """Space used beyond the capacity costs the site's overflow cost."""
    space = books["storage"].merge(
        books.scenario["sites"][["site", "storage_overflow_cost"]], on="site", how="left"
    )
    cost = space["overflow"] * space["storage_overflow_cost"].fillna(0.0)
    return equal(
        books, "storage", "overflow_cost", space.assign(overflow_cost=cost), price="storage_overflow_cost"
    )


def _coming_outflow(books: Books, stocks: pd.DataFrame) -> pd.Series:
    """Outflow of the days of supply that follow each row's period, read off the running total of the stock's
    outflow.

    Rows are sorted by stock and period; after the last period its outflow goes on at the same daily rate.
    """
    days = np.asarray(books.scenario.calendar.days, dtype=float)
    days_covered = stocks["days_of_supply"].fillna(0.0)
    clock = np.concatenate([[0.0], np.cumsum(days)])
    horizon = clock[-1] + max(float(days_covered.max()), 1.0) if len(stocks) else clock[-1] + 1.0
    cover = pd.Series(0.0, index=stocks.index)
    outflow = stocks["shipped"] + stocks["transferred_out"] + stocks["consumed"]
    keeping = days_covered.gt(0).groupby([stocks["item"], stocks["site"]]).transform("any")
    for _, rows in stocks[keeping].groupby(STOCK, sort=False):
        flow = outflow.loc[rows.index].to_numpy()
        total = np.concatenate([[0.0], np.cumsum(flow)])
        beyond = total[-1] + flow[-1] / days[-1] * (horizon - clock[-1])
        end = clock[rows["period"].to_numpy()]
        until = np.interp(end + days_covered.loc[rows.index].to_numpy(), [*clock, horizon], [*total, beyond])
        cover.loc[rows.index] = until - np.interp(end, clock, total)
    return cover
