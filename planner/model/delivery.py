"""Delivery: what travels on which lane, between sites and to markets."""

from typing import Any

import numpy as np
import pandas as pd
import pyomo.environ as pyo

from planner.model.declare import Columnar
from planner.model.rules import constraint, cost
from planner.model.sets import Flows, Reader, within

LANE = ["origin", "destination", "mode"]


def declare_delivery(declare: Columnar, read: Reader, flows: Flows) -> None:
    """Every shipment that arrives within the horizon where it is stocked or wanted."""
    shipments = _shipments(declare, read, flows)
    between_sites = shipments["destination"].isin(flows.stock_points["site"])
    declare.set("shipments", shipments, [*LANE, "item", "start"])
    declare.variable("shipped", "shipments")
    declare.param("freight_price", "shipments", shipments["unit_cost"])
    transfers, deliveries = shipments[between_sites], shipments[~between_sites]
    declare.group("arriving_transfers", "stock_periods", transfers, by=["item", "destination", "arrival"],
                  members=["origin", "mode", "start"])
    declare.group("arriving_deliveries", "market_periods", deliveries, by=["item", "destination", "arrival"],
                  members=["origin", "mode", "start"])
    for name, leaving in (("leaving_transfers", transfers), ("leaving_deliveries", deliveries)):
        declare.group(name, "stock_periods", leaving, by=["item", "origin", "start"], members=["destination", "mode"])
    _declare_lane_capacity(declare, shipments)


def _shipments(declare: Columnar, read: Reader, flows: Flows) -> pd.DataFrame:
    leaving = flows.lanes.rename(columns={"period": "start"})
    leaving = leaving.assign(arrival=leaving["start"] + leaving["lead_time"].astype(np.int64))
    wanted = pd.DataFrame(declare.indices["market_periods"].columns)
    asked = pd.MultiIndex.from_frame(wanted)
    to_market = pd.MultiIndex.from_frame(leaving[["item", "destination", "arrival"]]).isin(asked)
    to_site = within(leaving, flows.stock_points, site="destination") & (leaving["arrival"] <= read.last)
    useful = within(leaving, flows.stock_points, site="origin") & (to_site | to_market)
    return leaving[useful].reset_index(drop=True)


def _declare_lane_capacity(declare: Columnar, shipments: pd.DataFrame) -> None:
    """A lane's row limits all the items it carries together."""
    capped = shipments[shipments["capacity"].notna()].rename(columns={"start": "period"})
    lanes = capped.drop_duplicates([*LANE, "lane_item", "period"])
    declare.set("capped_lanes", lanes, [*LANE, "lane_item", "period"])
    declare.param("most_leaving", "capped_lanes", lanes["capacity"])
    declare.group("carried", "capped_lanes", capped, by=[*LANE, "lane_item", "period"], members=["item"])


def transferred_in(m: Any, item: Any, site: Any, period: Any) -> Any:
    """What arrives at a stock from other sites in a period."""
    return sum(m.shipped[origin, site, mode, item, start] for origin, mode, start in m.arriving_transfers[item, site, period])


def transferred_out(m: Any, item: Any, site: Any, period: Any) -> Any:
    """What leaves a stock for other sites in a period."""
    return sum(m.shipped[site, destination, mode, item, period] for destination, mode in m.leaving_transfers[item, site, period])


def shipped_to_markets(m: Any, item: Any, site: Any, period: Any) -> Any:
    """What leaves a stock for markets in a period."""
    return sum(m.shipped[site, market, mode, item, period] for market, mode in m.leaving_deliveries[item, site, period])


@constraint("capped_lanes", unit="units", limit=True)
def lane_capacity(m: pyo.ConcreteModel, origin: Any, destination: Any, mode: Any, lane_item: Any, period: Any) -> Any:
    """What leaves on a lane stays within its capacity, all items of its row together.

        sum over items: shipped <= capacity

    Unit: units leaving in the period. Shadow price: cost saved by room for one more unit.
    """
    leaving = sum(m.shipped[origin, destination, mode, item, period]
                  for item in m.carried[origin, destination, mode, lane_item, period])
    return leaving <= m.most_leaving[origin, destination, mode, lane_item, period]


@cost
def freight(m: pyo.ConcreteModel) -> Any:
    """Freight of everything that leaves."""
    return sum(m.freight_price[origin, destination, mode, item, start] * m.shipped[origin, destination, mode, item, start]
               for origin, destination, mode, item, start in m.shipments)
