"""Audit of delivery: what leaves, what arrives, what the lanes can carry, and in how many vehicles."""

import pandas as pd

from planner.plan.audit.findings import (
    ABSOLUTE,
    Books,
    Finding,
    above,
    below,
    differing,
    equal,
    impossible,
    rule,
)
from planner.plan.rates import summed
from planner.scenario.keys import LANE

KEYS = [*LANE, "item", "period"]


def _left(books: Books) -> pd.DataFrame:
    """Every shipment with the terms of its lane."""
    return books.rates.on_lanes(books["delivery"])


@rule
def lanes_exist(books: Books) -> list[Finding]:
    """Goods travel only on lanes of the scenario, in periods in which they hold."""
    left = _left(books)
    return impossible(books, "delivery", left, found=left["shipped"], wrong=left["lane_item"].isna(),
                      what="shipped, but there is no such lane then")


@rule
def arrivals_follow_shipments(books: Books) -> list[Finding]:
    """What leaves arrives a lead time later, with the lead time that held when it left."""
    left = _left(books)
    with_lane = left[left["lane_item"].notna()]
    arrival = with_lane.assign(
        period=with_lane["period"] + with_lane["lead_time"].astype("int64"), arrived=with_lane["shipped"]
    )
    inside = arrival[arrival["period"] <= books.rates.last]
    return equal(books, "delivery", "arrived", inside.pipe(summed, KEYS, "arrived"))


@rule
def lane_capacity(books: Books) -> list[Finding]:
    """What leaves on a lane stays within its capacity, all items of its row together."""
    left = _left(books)
    with_lane = left[left["lane_item"].notna()]
    row = [*LANE, "lane_item", "period"]
    capacities = with_lane.drop_duplicates(row)[[*row, "capacity"]]
    rows = capacities.merge(with_lane.pipe(summed, row, "shipped"), on=row)
    return above(
        books,
        "delivery",
        rows.rename(columns={"lane_item": "item"}),
        found=rows["shipped"],
        limit=rows["capacity"],
        what="shipped on the lane in all",
    )


@rule
def freight(books: Books) -> list[Finding]:
    """Everything that leaves pays the lane's freight."""
    left = _left(books)
    expected = left.assign(freight=left["shipped"] * left["unit_cost"])
    return equal(books, "delivery", "freight", expected, price="unit_cost")


@rule
def minimum_shipment(books: Books) -> list[Finding]:
    """What leaves on a lane, when anything does, is at least its minimum shipment."""
    left = _left(books)
    rows = left[left["min_shipment"] > 0].groupby([*LANE, "lane_item", "period"], as_index=False).agg(
        shipped=("shipped", "sum"), minimum=("min_shipment", "first"))
    rows = rows[rows["shipped"] > ABSOLUTE].rename(columns={"lane_item": "item"})
    return below(
        books, "delivery", rows, found=rows["shipped"], limit=rows["minimum"],
        what="shipped on the lane in all"
    )


@rule
def vehicles(books: Books) -> list[Finding]:
    """What leaves on a lane with vehicles fits into those that go, no more of them than can be; each costs
    its trip.
    """
    keys, left = [*LANE, "item", "period"], _left(books)
    in_vehicles = left[left["vehicle_size"] > 0].drop(columns="item").rename(columns={"lane_item": "item"})
    shipped = in_vehicles.groupby(keys, as_index=False)[["shipped"]].sum()
    terms = books.rates.lane_rows.drop(columns="item").rename(
        columns={"lane_item": "item", "vehicle_cost": "price"}
    )
    trips = books["trips"].assign(item=books["trips"]["item"].fillna(""))
    trips = trips.merge(terms[[*keys, "vehicle_size", "price", "max_vehicles"]], on=keys, how="left")
    trips = trips.assign(room=trips["vehicles"] * trips["vehicle_size"].fillna(0.0),
                         vehicle_cost=trips["vehicles"] * trips["price"].fillna(0.0))
    return [
        *equal(books, "trips", "shipped", shipped),
        *equal(books, "trips", "room", trips),
        *equal(books, "trips", "vehicle_cost", trips),
        *above(books, "trips", trips, found=trips["shipped"], limit=trips["room"], what="shipped"),
        *above(
            books,
            "trips",
            trips,
            found=trips["vehicles"],
            limit=trips["max_vehicles"].astype(float),
            what="vehicles",
        ),
    ]


@rule
def market_deliveries(books: Books) -> list[Finding]:
    """What arrives at a market is delivered to its demand, on time or late, and nothing else is."""
    keys, sites = ["item", "market", "period"], books.scenario["sites"]["site"]
    arrived = books["delivery"][~books["delivery"]["destination"].isin(sites)].rename(
        columns={"destination": "market"}
    )
    arrived = arrived.pipe(summed, keys, "arrived")
    sales = books["sales"].assign(
        delivered=books["sales"]["delivered_on_time"] + books["sales"]["delivered_late"]
    )
    delivered = sales.pipe(summed, keys, "delivered")
    compared = pd.merge(arrived, delivered, on=keys, how="outer").fillna({"arrived": 0.0, "delivered": 0.0})
    return differing(
        books,
        "sales",
        compared,
        expected=compared["arrived"],
        found=compared["delivered"],
        column="deliveries to the market",
    )
