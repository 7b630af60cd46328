"""Delivery: what travels on which lane, between sites and to markets."""

from typing import Any

import numpy as np
import pandas as pd
import pyomo.environ as pyo

from planner.model.big_m import Requirements
from planner.model.compiler.declare import Columnar
from planner.model.network import Flows, Reader, within
from planner.model.rules import constraint, cost
from planner.scenario.keys import LANE

LEAVING = [*LANE, "lane_item", "period"]


def declare_delivery(declare: Columnar, read: Reader, flows: Flows, needs: Requirements) -> None:
    """Every shipment that arrives within the horizon where it is stocked or in demand."""
    shipments = _shipments(declare, read, flows)
    between_sites = shipments["destination"].isin(flows.stock_points["site"])
    declare.set("shipments", shipments, [*LANE, "item", "start"])
    declare.variable("shipped", "shipments")
    declare.param("lane_unit_cost", "shipments", shipments["unit_cost"])
    transfers, deliveries = shipments[between_sites], shipments[~between_sites]
    declare.group("arriving_transfers", "stock_periods", transfers, by=["item", "destination", "arrival"],
                  members=["origin", "mode", "start"])
    declare.group("arriving_deliveries", "market_periods", deliveries, by=["item", "destination", "arrival"],
                  members=["origin", "mode", "start"])
    for name, leaving in (("leaving_transfers", transfers), ("leaving_deliveries", deliveries)):
        declare.group(
            name, "stock_periods", leaving, by=["item", "origin", "start"], members=["destination", "mode"]
        )
    _declare_lane_limits(declare, shipments, needs.in_all(shipments["item"], shipments["start"]))


def _shipments(declare: Columnar, read: Reader, flows: Flows) -> pd.DataFrame:
    leaving = flows.lanes.rename(columns={"period": "start"})
    leaving = leaving.assign(arrival=leaving["start"] + leaving["lead_time"].astype(np.int64))
    markets = pd.DataFrame(declare.indices["market_periods"].columns)
    market_periods = pd.MultiIndex.from_frame(markets)
    to_market = pd.MultiIndex.from_frame(leaving[["item", "destination", "arrival"]]).isin(market_periods)
    to_site = within(leaving, flows.stock_points, site="destination") & (leaving["arrival"] <= read.last)
    useful = within(leaving, flows.stock_points, site="origin") & (to_site | to_market)
    return leaving[useful].reset_index(drop=True)


def _declare_lane_limits(declare: Columnar, shipments: pd.DataFrame, maximum: "np.ndarray") -> None:
    """A lane's row limits all the items it carries together: its capacity, its minimum shipment, its
    vehicles.
    """
    leaving = shipments.assign(maximum=maximum).rename(columns={"start": "period"})
    totals = leaving.groupby(LEAVING)["maximum"].sum().rename("maximum_in_all").reset_index()
    lanes = leaving.drop_duplicates(LEAVING).merge(totals, on=LEAVING)
    lanes["maximum_in_all"] = np.fmin(lanes["maximum_in_all"], lanes["capacity"])
    for name, limited in (
        ("capped_lanes", lanes[lanes["capacity"].notna()]),
        ("lot_lanes", lanes[lanes["min_shipment"] > 0]),
        ("vehicle_lanes", lanes[lanes["vehicle_size"] > 0]),
    ):
        declare.set(name, limited, LEAVING)
        declare.group(
            f"carried_on_{name}", name, leaving.merge(limited[LEAVING]), by=LEAVING, members=["item"]
        )
        _declare_lane_rates(declare, name, limited)


def _declare_lane_rates(declare: Columnar, name: str, lanes: pd.DataFrame) -> None:
    if name == "capped_lanes":
        declare.param("lane_capacity_of", name, lanes["capacity"])
    elif name == "lot_lanes":
        declare.variable("leaves", name, upper=pd.Series(np.ones(len(lanes))), whole=True)
        declare.param("lane_min_shipment", name, lanes["min_shipment"])
        declare.param("lane_maximum_useful", name, lanes[["maximum_in_all", "min_shipment"]].max(axis=1))
    else:
        enough = np.ceil(lanes["maximum_in_all"] / lanes["vehicle_size"])
        declare.variable("vehicles", name, upper=np.fmin(enough, lanes["max_vehicles"]), whole=True)
        declare.param("lane_vehicle_size", name, lanes["vehicle_size"])
        declare.param("lane_vehicle_cost", name, lanes["vehicle_cost"].fillna(0.0))


def transferred_in(m: Any, item: Any, site: Any, period: Any) -> Any:
    """What arrives at a stock from other sites in a period."""
    return sum(
        m.shipped[origin, site, mode, item, start]
        for origin, mode, start in m.arriving_transfers[item, site, period]
    )


def transferred_out(m: Any, item: Any, site: Any, period: Any) -> Any:
    """What leaves a stock for other sites in a period."""
    return sum(
        m.shipped[site, destination, mode, item, period]
        for destination, mode in m.leaving_transfers[item, site, period]
    )


def shipped_to_markets(m: Any, item: Any, site: Any, period: Any) -> Any:
    """What leaves a stock for markets in a period."""
    return sum(
        m.shipped[site, market, mode, item, period]
        for market, mode in m.leaving_deliveries[item, site, period]
    )


@constraint("capped_lanes")
def lane_capacity(
    m: pyo.ConcreteModel, origin: Any, destination: Any, mode: Any, lane_item: Any, period: Any
) -> Any:
    """What leaves on a lane stays within its capacity, all items of its row together.

        sum over items: shipped <= capacity

    Unit: units leaving in the period. Shadow price: cost saved by room for one more unit.
    """
    leaving = sum(m.shipped[origin, destination, mode, item, period]
                  for item in m.carried_on_capped_lanes[origin, destination, mode, lane_item, period])
    return leaving <= m.lane_capacity_of[origin, destination, mode, lane_item, period]


@constraint("lot_lanes")
def minimum_shipment(
    m: pyo.ConcreteModel, origin: Any, destination: Any, mode: Any, lane_item: Any, period: Any
) -> Any:
    """What leaves on a lane, when anything does, is at least its minimum shipment.

        sum over items: shipped >= min_shipment * leaves

    Unit: units. Shadow price: cost saved by a minimum shipment lower by one, in the periods in which
    something leaves.
    """
    leaving = sum(m.shipped[origin, destination, mode, item, period]
                  for item in m.carried_on_lot_lanes[origin, destination, mode, lane_item, period])
    minimum = (
        m.lane_min_shipment[origin, destination, mode, lane_item, period]
        * m.leaves[origin, destination, mode, lane_item, period]
    )
    return leaving >= minimum


@constraint("lot_lanes")
def shipment_leaves(
    m: pyo.ConcreteModel, origin: Any, destination: Any, mode: Any, lane_item: Any, period: Any
) -> Any:
    """Something is shipped on a lane with a minimum shipment only in periods in which it leaves.

        sum over items: shipped <= the maximum that could be of use * leaves

    Unit: units. Shadow price: none with integer variables.
    """
    leaving = sum(m.shipped[origin, destination, mode, item, period]
                  for item in m.carried_on_lot_lanes[origin, destination, mode, lane_item, period])
    maximum = (
        m.lane_maximum_useful[origin, destination, mode, lane_item, period]
        * m.leaves[origin, destination, mode, lane_item, period]
    )
    return leaving <= maximum


@constraint("vehicle_lanes")
def vehicle_capacity(
    m: pyo.ConcreteModel, origin: Any, destination: Any, mode: Any, lane_item: Any, period: Any
) -> Any:
    """What leaves on a lane fits into its vehicles.

        sum over items: shipped <= vehicle_size * vehicles

    Unit: units. Shadow price: cost saved by room for one more unit, with the vehicles that go.
    """
    leaving = sum(m.shipped[origin, destination, mode, item, period]
                  for item in m.carried_on_vehicle_lanes[origin, destination, mode, lane_item, period])
    room = (
        m.lane_vehicle_size[origin, destination, mode, lane_item, period]
        * m.vehicles[origin, destination, mode, lane_item, period]
    )
    return leaving <= room


@cost("vehicle_lanes")
def vehicle_trips(
    m: pyo.ConcreteModel, origin: Any, destination: Any, mode: Any, lane_item: Any, period: Any
) -> Any:
    """The cost of every vehicle that goes."""
    return (m.lane_vehicle_cost[origin, destination, mode, lane_item, period]
            * m.vehicles[origin, destination, mode, lane_item, period])


@cost("shipments")
def freight(
    m: pyo.ConcreteModel, origin: Any, destination: Any, mode: Any, item: Any, start: Any
) -> Any:
    """Freight of everything that leaves."""
    return (m.lane_unit_cost[origin, destination, mode, item, start]
            * m.shipped[origin, destination, mode, item, start])
