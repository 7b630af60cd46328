"""Audit of what becomes of each booked order and of forecast demand by origin."""

import numpy as np

from planner.plan.audit.findings import (
    ABSOLUTE,
    Books,
    Finding,
    above,
    differing,
    impossible,
    rule,
    tolerance,
)
from planner.plan.layout import TABLES
from planner.plan.rates import last_period_owed, summed
from planner.scenario.keys import DEMAND_LINE

NAME = "fulfillment"
KEYS = [*DEMAND_LINE, "period"]
SETTLED = ["delivered_on_time", "delivered_late", "lost"]
FORECAST_DUE = ["item", "market", "due"]


@rule
def fulfillment_adds_up(books: Books) -> list[Finding]:
    """Orders and origins together are delivered and lost what their line is."""
    told = books[NAME].pipe(summed, KEYS, *SETTLED)
    both = books["sales"].merge(told, on=KEYS, how="outer", suffixes=("", "_told")).fillna(0.0)
    return [finding for measure in SETTLED
            for finding in differing(books, "sales", both, expected=both[f"{measure}_told"],
                                     found=both[measure], column=measure)]


@rule
def orders_are_settled(books: Books) -> list[Finding]:
    """Every booked order is delivered or lost, no more and no less; forecast demand of a period, too."""
    found = books[NAME]
    settled = found.assign(settled=found[SETTLED].sum(axis=1))
    orders = books.scenario.booked_orders
    due = orders[["order", "item", "market", "priority", "quantity"]].assign(
        demand_class="booked", origin="booked", due=orders["number"])
    each = [*DEMAND_LINE, "origin", "order", "due"]
    by_order = settled[settled["demand_class"] == "booked"].pipe(summed, each, "settled")
    both = by_order.merge(due, on=each, how="outer").fillna({"settled": 0.0, "quantity": 0.0})
    of_forecast = [*DEMAND_LINE, "due"]
    sales = books["sales"]
    wanted = sales[(sales["demand_class"] == "forecast") & (sales["demand"] > 0)]
    wanted = wanted.rename(columns={"period": "due", "demand": "quantity"})[[*of_forecast, "quantity"]]
    by_period = settled[settled["demand_class"] == "forecast"].pipe(summed, of_forecast, "settled")
    rest = by_period.merge(wanted, on=of_forecast, how="outer").fillna({"settled": 0.0, "quantity": 0.0})
    return [finding for frame in (both, rest)
            for finding in differing(books, NAME, frame, expected=frame["quantity"],
                                     found=frame["settled"], column="what is delivered and lost")]


@rule
def fulfillment_in_time(books: Books) -> list[Finding]:
    """On time is in the period of the demand; late is after it, and no later than max_lateness allows."""
    told = books[NAME]
    last = last_period_owed(books.rates, told) + 1
    wrong = {
        "delivered_on_time": (told["due"] != told["period"], "on time is not in the period of the demand"),
        "delivered_late": ((told["due"] >= told["period"]) | (told["period"] > last),
                           "late is before its time or later than max_lateness allows"),
        "lost": ((told["due"] > told["period"]) | (told["period"] > last),
                 "lost is before its time or after it must be settled"),
    }
    return [finding for measure, (is_wrong, what) in wrong.items()
            for finding in impossible(books, NAME, told, found=told[measure], wrong=is_wrong, what=what)]


@rule
def fulfillment_in_turn(books: Books) -> list[Finding]:
    """Orders of a line at one price are settled in turn: who may wait least long, then the oldest, then by
    name; on time, those of a period by name.
    """
    orders = books.scenario.booked_orders
    keys = [*DEMAND_LINE, "due", "order", "agreed"]
    told = books[NAME][books[NAME]["demand_class"] == "booked"]
    agreed = told["order"].map(orders.set_index("order")["price"])
    told = told.assign(agreed=agreed.astype("float64").fillna(-1.0))  # -1: the list price, whatever it is
    queued = told[told["delivered_late"] + told["lost"] > tolerance(told["lost"], told["delivered_late"])]
    waited = queued.groupby(keys, as_index=False).agg(first=("period", "min"), last=("period", "max"))
    waited = waited.assign(owed_until=last_period_owed(books.rates, waited))
    line = [*DEMAND_LINE, "agreed"]
    waited = waited.sort_values([*line, "owed_until", "due", "order"], ignore_index=True)
    one_before = waited.groupby(line)["last"].shift(fill_value=0)
    on_time = told.merge(orders[["order", "quantity"]], on="order")
    on_time = on_time[on_time["due"] >= 1].groupby([*line, "due", "order"], as_index=False).agg(
        quantity=("quantity", "first"), delivered_on_time=("delivered_on_time", "sum"))
    missing = (on_time["quantity"] - on_time["delivered_on_time"]).clip(lower=0.0)
    missing_before = missing.groupby([on_time[key] for key in [*line, "due"]]).shift(fill_value=0.0)
    return [
        *above(books, NAME, waited, found=one_before.astype(float), limit=waited["first"].astype(float),
               what="an order whose turn is earlier is settled as late as period"),
        *impossible(books, NAME, on_time, found=on_time["delivered_on_time"],
                    wrong=missing_before > ABSOLUTE + tolerance(on_time["quantity"], on_time["quantity"]),
                    what="on time although an order before it in turn is not whole"),
    ]


@rule
def origins_in_proportion(books: Books) -> list[Finding]:
    """Forecast demand of a period is served in proportion to its origins, as the ledger has them."""
    ledger = books["demand"][books["demand"]["origin"] != "booked"].rename(columns={"period": "due"})
    whole = ledger.groupby(FORECAST_DUE)["quantity"].transform("sum")
    shares = ledger[[*FORECAST_DUE, "origin"]].assign(share=ledger["quantity"] / whole)
    told = books[NAME][books[NAME]["demand_class"] == "forecast"]
    sums = told.groupby([*FORECAST_DUE, "period"])[SETTLED].transform("sum")
    both = told.join(sums.add_suffix("_in_all")).merge(shares, on=[*FORECAST_DUE, "origin"], how="left")
    expected = both[["item", "market", "due"]].merge(
        ledger[FORECAST_DUE].drop_duplicates(), how="left", on=FORECAST_DUE, indicator=True)
    judged = both[(expected["_merge"] == "both").to_numpy()].fillna({"share": 0.0})
    return [finding for measure in SETTLED
            for finding in differing(books, NAME, judged, found=judged[measure], column=measure,
                                     expected=judged[f"{measure}_in_all"] * judged["share"])]


@rule
def own_prices(books: Books) -> list[Finding]:
    """A booked order earns its agreed price, everything else the list price of the period of delivery."""
    told = books[NAME]
    orders = books.scenario.booked_orders.set_index("order")
    price = told["order"].map(orders["price"]).astype("float64").fillna(books.rates.list_prices(told))
    delivered = told["delivered_on_time"] + told["delivered_late"]
    customer = told["order"].map(orders["customer"]).astype("str").fillna("")
    return [
        *differing(books, NAME, told, expected=price, found=told["price"], column="price"),
        *differing(books, NAME, told, expected=price * delivered, found=told["revenue"], column="revenue",
                   price=price),
        *(Finding("", NAME, " | ".join(str(row[key]) for key in TABLES[NAME].keys if key != "period"),
                  period=books.label(int(row["period"])), expected=row["expected"], found=row["customer"],
                  message=f"customer is {row['customer']!r}, must be {row['expected']!r}")
          for row in told.assign(expected=customer)[
              np.asarray(customer != told["customer"])].to_dict("records")),
    ]
