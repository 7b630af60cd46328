"""Audit of sales: what was wanted, what became of it, and how the targets stand."""

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from planner.plan.audit.findings import ABSOLUTE, Books, Finding, above, below, differing, equal, rule
from planner.plan.layout import TABLES
from planner.plan.rates import summed
from planner.scenario.keys import DEMAND_LINE
from planner.scenario.scope import USUAL_PRIORITY, covered, span_ends

KEYS = [*DEMAND_LINE, "period"]
MARKET = ["item", "market", "period"]


@rule
def booked_demand(books: Books) -> list[Finding]:
    """Booked lines want what is ordered for the period, and the ledger books it, overdue orders in the first
    period.
    """
    orders, sales = books.rates.orders, books["sales"]
    due = orders[orders["period"] > 0].rename(columns={"quantity": "demand"})
    booked = sales[sales["demand_class"] == "booked"]
    pairs = booked[[*KEYS, "demand"]].merge(
        due[[*KEYS, "demand"]], on=KEYS, how="outer", suffixes=("", "_ordered")
    )
    ledger = orders.assign(period=orders["period"].clip(lower=1)).pipe(summed, MARKET, "quantity")
    booked_entries = books["demand"][books["demand"]["origin"] == "booked"]
    entries = booked_entries.merge(ledger, on=MARKET, how="outer", suffixes=("", "_ordered"))
    pairs = pairs.fillna({"demand": 0.0, "demand_ordered": 0.0})
    entries = entries.fillna({"quantity": 0.0, "quantity_ordered": 0.0})
    ordered = entries["quantity_ordered"]
    return [
        *differing(
            books, "sales", pairs, expected=pairs["demand_ordered"], found=pairs["demand"], column="demand"
        ),
        *differing(books, "demand", entries, expected=ordered, found=entries["quantity"], column="quantity"),
    ]


@rule
def forecast_demand(books: Books) -> list[Finding]:
    """Forecast lines want what the ledger has besides booked orders, and where the user brought the demand,
    the rest of that.
    """
    sales, demand = books["sales"], books["demand"]
    lines = sales[sales["demand_class"] == "forecast"]
    lines = lines.pipe(summed, MARKET, "demand")
    free = demand[demand["origin"] != "booked"].pipe(summed, MARKET, "quantity")
    brought = _brought_by_user(books)
    ledger = lines.merge(free, on=MARKET, how="outer")
    # the ledger holds the mean, the plan serves another quantile
    if books.plan.settings["forecast"]["plan_on"] != "mean":
        ledger = ledger.merge(brought[MARKET], on=MARKET)
    user = lines.merge(brought, on=MARKET, how="right")
    pairs = pd.concat([ledger, user], ignore_index=True).assign(
        demand_class="forecast", priority=USUAL_PRIORITY
    )
    pairs = pairs.fillna({"demand": 0.0, "quantity": 0.0})
    return differing(
        books, "sales", pairs, expected=pairs["quantity"], found=pairs["demand"], column="demand"
    )


@rule
def demand_balance(books: Books) -> list[Finding]:
    """What is wanted is delivered on time, delivered late, owed or lost; overdue orders are owed when the
    plan starts.
    """
    sales = _with_owed_before(books)
    owed = (
        sales["owed"] + sales["demand"] - sales["delivered_on_time"] - sales["delivered_late"] - sales["lost"]
    )
    return differing(books, "sales", sales, expected=owed, found=sales["backorders"], column="backorders")


@rule
def deliveries_are_wanted(books: Books) -> list[Finding]:
    """On time is delivered at most what is wanted in the period, late at most what was owed before it."""
    sales = _with_owed_before(books)
    return [
        *above(
            books,
            "sales",
            sales,
            found=sales["delivered_on_time"],
            limit=sales["demand"],
            what="delivered_on_time",
        ),
        *above(
            books, "sales", sales, found=sales["delivered_late"], limit=sales["owed"], what="delivered_late"
        ),
    ]


@rule
def max_lateness(books: Books) -> list[Finding]:
    """Nothing is owed longer than max_lateness or beyond the horizon, the oldest being delivered first."""
    sales = books.rates.service_terms(books["sales"].sort_values(KEYS, ignore_index=True))
    last = books.rates.last
    overdue = (
        books.rates.orders[books.rates.orders["period"] == 0]
        .assign(period=1)
        .rename(columns={"quantity": "overdue"})
    )
    sales = sales.merge(overdue[[*KEYS, "overdue"]], on=KEYS, how="left")
    allowed = sales["max_lateness"].astype("Float64").fillna(last).to_numpy(dtype=float)
    # What is wanted in a period may still be owed at the end of the periods up to this one.
    until = np.minimum(sales["period"] + allowed, last).astype(int) - 1
    open_units = sales["demand"] + sales["overdue"].fillna(0.0) - sales["delivered_on_time"]
    starts = sales[[*DEMAND_LINE, "period"]].assign(units=open_units)
    ends = sales[DEMAND_LINE].assign(period=np.maximum(until + 1, sales["period"]), units=-open_units)
    events = pd.concat([starts, ends], ignore_index=True).pipe(summed, KEYS, "units")
    running = events.assign(may_be_owed=events.groupby(DEMAND_LINE)["units"].cumsum())
    # Every period of a line has an event, because every row starts one.
    pairs = sales.merge(running[[*KEYS, "may_be_owed"]], on=KEYS, how="left")
    return above(
        books, "sales", pairs, found=pairs["backorders"], limit=pairs["may_be_owed"], what="backorders"
    )


@rule
def min_fill_rate(books: Books) -> list[Finding]:
    """Over the horizon, each line gets at least the promised share of its demand on time."""
    sales = books.rates.service_terms(books["sales"])
    promised = sales[sales["min_fill_rate"].notna() & (sales["demand"] > 0)]
    promised = promised.assign(promised=promised["min_fill_rate"] * promised["demand"])
    lines = promised.pipe(summed, DEMAND_LINE, "delivered_on_time", "promised")
    return below(
        books,
        "sales",
        lines,
        found=lines["delivered_on_time"],
        limit=lines["promised"],
        what="delivered_on_time",
    )


@rule
def sales_prices(books: Books) -> list[Finding]:
    """A line earns what its orders and origins earn; its price is their mean, or where nothing is delivered
    that of its demand.
    """
    by_line = books["fulfillment"].pipe(summed, KEYS, "revenue").rename(columns={"revenue": "told"})
    sales = books["sales"].merge(by_line, on=KEYS, how="left").fillna({"told": 0.0})
    delivered = sales["delivered_on_time"] + sales["delivered_late"]
    idle = delivered <= ABSOLUTE
    price = books.rates.demand_prices(sales)
    return [
        *differing(books, "sales", sales[idle], expected=price[idle], found=sales["price"][idle],
                   column="price"),
        *differing(books, "sales", sales, expected=sales["told"], found=sales["revenue"], column="revenue",
                   price=sales["price"]),
        *differing(books, "sales", sales[~idle], expected=(sales["price"] * delivered)[~idle],
                   found=sales["revenue"][~idle], column="revenue", price=sales["price"][~idle]),
    ]


@rule
def sales_targets(books: Books) -> list[Finding]:
    """Every target counts what is wanted and delivered in its scope and span, and falls short by the rest."""
    declared, sales = books.scenario["sales_targets"], books["sales"]
    first, last = span_ends(declared, books.scenario.calendar)
    declared = declared.assign(**{"from": first, "to": last})
    scope_names, price = books.scenario.groups.of(sales), books.rates.demand_prices(sales)
    counted = [_counted(sales[covered(target, scope_names)], target, price)
               for target in declared.to_dict("records")]
    sums = pd.DataFrame(counted, columns=["demand", "delivered"], dtype=float)
    expected = declared.assign(demand=sums["demand"], delivered=sums["delivered"],
                               shortfall=(declared["quantity"] - sums["delivered"]).clip(lower=0.0))
    figures = [
        finding
        for measure in TABLES["targets"].measures
        for finding in equal(books, "targets", measure, expected)
    ]
    compared = books["targets"].merge(expected, on="target", how="inner", suffixes=("", "_declared"))
    return figures + [
        finding
        for column in ("measure", "priority", "from", "to")
        for finding in _not_as_declared(compared, column)
    ]


def _with_owed_before(books: Books) -> pd.DataFrame:
    """The sales table with what each line owed before each period, as `owed`."""
    sales, orders = books["sales"], books.rates.orders
    overdue = orders[orders["period"] == 0].rename(columns={"quantity": "owed"})
    before = sales.rename(columns={"backorders": "owed"})
    owed = pd.concat([overdue, before], ignore_index=True)[[*KEYS, "owed"]]
    joined = sales.merge(owed.assign(period=owed["period"] + 1), on=KEYS, how="left")
    return joined.assign(owed=joined["owed"].fillna(0.0))


def _brought_by_user(books: Books) -> pd.DataFrame:
    """The user's demand less the booked orders it includes, never below 0."""
    brought, orders = books.scenario["demand"], books.rates.orders
    brought = brought.assign(period=books.scenario.calendar.number(brought["period"]))
    brought = brought[brought["period"].between(1, books.rates.last)][[*MARKET, "quantity"]]
    booked = orders.assign(period=orders["period"].clip(lower=1)).pipe(summed, MARKET, "quantity")
    joined = brought.merge(booked, on=MARKET, how="left", suffixes=("", "_booked"))
    remaining = (joined["quantity"] - joined["quantity_booked"].fillna(0.0)).clip(lower=0.0)
    return joined[MARKET].assign(quantity=remaining)


def _not_as_declared(compared: pd.DataFrame, column: str) -> list[Finding]:
    declared = compared[f"{column}_declared"]
    return [Finding("", "targets", str(row["target"]), period="", expected=str(row[f"{column}_declared"]),
                    found=str(row[column]),
                    message=f"{column} is {row[column]}, must be {row[f'{column}_declared']}")
            for row in compared[compared[column] != declared].to_dict("records")]


def _counted(
    sales: pd.DataFrame, target: Mapping[Hashable, Any], price: pd.Series
) -> tuple[float, float]:
    """Demand and deliveries of the lines in a target's scope, within its span and as it measures them."""
    inside = sales[sales["period"].between(target["from"], target["to"])]
    if target["measure"] == "revenue":
        return float((inside["demand"] * price.loc[inside.index]).sum()), float(inside["revenue"].sum())
    delivered = inside["delivered_on_time"] + inside["delivered_late"]
    return float(inside["demand"].sum()), float(delivered.sum())
