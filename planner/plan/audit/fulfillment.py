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
    sums = books[NAME].pipe(summed, KEYS, *SETTLED)
    compared = books["sales"].merge(sums, on=KEYS, how="outer", suffixes=("", "_told")).fillna(0.0)
    return [finding for measure in SETTLED
            for finding in differing(books, "sales", compared, expected=compared[f"{measure}_told"],
                                     found=compared[measure], column=measure)]


@rule
def orders_are_settled(books: Books) -> list[Finding]:
    """Every booked order is delivered or lost, no more and no less; forecast demand of a period, too."""
    fulfillment = books[NAME]
    settled = fulfillment.assign(settled=fulfillment[SETTLED].sum(axis=1))
    orders = books.scenario.booked_orders
    due = orders[["order", "item", "market", "priority", "quantity"]].assign(
        demand_class="booked", origin="booked", due=orders["number"])
    each = [*DEMAND_LINE, "origin", "order", "due"]
    by_order = settled[settled["demand_class"] == "booked"].pipe(summed, each, "settled")
    compared = by_order.merge(due, on=each, how="outer").fillna({"settled": 0.0, "quantity": 0.0})
    of_forecast = [*DEMAND_LINE, "due"]
    sales = books["sales"]
    forecast = sales[(sales["demand_class"] == "forecast") & (sales["demand"] > 0)]
    forecast = forecast.rename(columns={"period": "due", "demand": "quantity"})[[*of_forecast, "quantity"]]
    by_period = settled[settled["demand_class"] == "forecast"].pipe(summed, of_forecast, "settled")
    forecasts = by_period.merge(forecast, on=of_forecast, how="outer")
    return [finding for frame in (compared, forecasts.fillna({"settled": 0.0, "quantity": 0.0}))
            for finding in differing(books, NAME, frame, expected=frame["quantity"],
                                     found=frame["settled"], column="what is delivered and lost")]


@rule
def fulfillment_in_time(books: Books) -> list[Finding]:
    """On time is in the period of the demand; late is after it, and no later than max_lateness allows."""
    rows = books[NAME]
    last = last_period_owed(books.rates, rows) + 1
    wrong = {
        "delivered_on_time": (rows["due"] != rows["period"], "on time is not in the period of the demand"),
        "delivered_late": ((rows["due"] >= rows["period"]) | (rows["period"] > last),
                           "late is before its time or later than max_lateness allows"),
        "lost": ((rows["due"] > rows["period"]) | (rows["period"] > last),
                 "lost is before its time or after it must be settled"),
    }
    return [finding for measure, (is_wrong, what) in wrong.items()
            for finding in impossible(books, NAME, rows, found=rows[measure], wrong=is_wrong, what=what)]


@rule
def fulfillment_in_turn(books: Books) -> list[Finding]:
    """Orders of a line at one price are settled in turn: who may wait least long, then the oldest, then by
    name; on time, those of a period by name.
    """
    orders = books.scenario.booked_orders
    keys = [*DEMAND_LINE, "due", "order", "agreed"]
    booked = books[NAME][books[NAME]["demand_class"] == "booked"]
    agreed = booked["order"].map(orders.set_index("order")["price"])
    booked = booked.assign(agreed=agreed.astype("float64").fillna(-1.0))  # -1: the list price, whatever it is
    not_on_time = booked["delivered_late"] + booked["lost"]
    queued = booked[not_on_time > tolerance(booked["lost"], booked["delivered_late"])]
    waited = queued.groupby(keys, as_index=False).agg(first=("period", "min"), last=("period", "max"))
    waited = waited.assign(owed_until=last_period_owed(books.rates, waited))
    line = [*DEMAND_LINE, "agreed"]
    waited = waited.sort_values([*line, "owed_until", "due", "order"], ignore_index=True)
    one_before = waited.groupby(line)["last"].shift(fill_value=0)
    on_time = booked.merge(orders[["order", "quantity"]], on="order")
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
    split = books[NAME][books[NAME]["demand_class"] == "forecast"]
    sums = split.groupby([*FORECAST_DUE, "period"])[SETTLED].transform("sum")
    pairs = split.join(sums.add_suffix("_in_all")).merge(shares, on=[*FORECAST_DUE, "origin"], how="left")
    expected = pairs[["item", "market", "due"]].merge(
        ledger[FORECAST_DUE].drop_duplicates(), how="left", on=FORECAST_DUE, indicator=True)
    judged = pairs[(expected["_merge"] == "both").to_numpy()].fillna({"share": 0.0})
    return [finding for measure in SETTLED
            for finding in differing(books, NAME, judged, found=judged[measure], column=measure,
                                     expected=judged[f"{measure}_in_all"] * judged["share"])]


@rule
def own_prices(books: Books) -> list[Finding]:
    """A booked order earns its agreed price, everything else the list price of the period of delivery."""
    lines = books[NAME]
    orders = books.scenario.booked_orders.set_index("order")
    price = lines["order"].map(orders["price"]).astype("float64").fillna(books.rates.list_prices(lines))
    delivered = lines["delivered_on_time"] + lines["delivered_late"]
    customer = lines["order"].map(orders["customer"]).astype("str").fillna("")
    return [
        *differing(books, NAME, lines, expected=price, found=lines["price"], column="price"),
        *differing(books, NAME, lines, expected=price * delivered, found=lines["revenue"], column="revenue",
                   price=price),
        *(Finding("", NAME, " | ".join(str(row[key]) for key in TABLES[NAME].keys if key != "period"),
                  period=books.label(int(row["period"])), expected=row["expected"], found=row["customer"],
                  message=f"customer is {row['customer']!r}, must be {row['expected']!r}")
          for row in lines.assign(expected=customer)[
              np.asarray(customer != lines["customer"])].to_dict("records")),
    ]
