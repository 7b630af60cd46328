"""Sourcing: what is ordered from which supplier, within what suppliers can ship."""

from typing import Any

import numpy as np
import pandas as pd
import pyomo.environ as pyo

from planner.model.big_m import Requirements, agreed_at_least, minimum_orders, whole_lots
from planner.model.compiler.columnar import BLANK
from planner.model.compiler.declare import Columnar
from planner.model.network import Flows, Reader, within
from planner.model.quality import good_share
from planner.model.rules import constraint, cost
from planner.model.sourcing_lots import declare_order_lots
from planner.scenario.flows import FLOWS
from planner.scenario.keys import SOURCE

LIMIT = ["supplier", "scope_item", "period"]


def declare_sourcing(declare: Columnar, read: Reader, flows: Flows, needs: Requirements) -> None:
    """Every order that arrives within the horizon where the item can be stocked, and the limits on it."""
    purchases = _purchases(read, flows)
    useful = _maximum_purchased(read, purchases, needs)
    purchases["maximum"] = agreed_at_least(read, FLOWS["purchased"], purchases, useful)
    declare.set("purchases", purchases, [*SOURCE, "start"])
    declare.variable("purchased", "purchases")
    tiered = pd.MultiIndex.from_frame(purchases[["supplier", "item"]]).isin(
        pd.MultiIndex.from_frame(read.rows("price_breaks")[["supplier", "item"]]))
    # its tiers have the price
    declare.param("source_unit_cost", "purchases", purchases["unit_cost"].mask(tiered, 0.0))
    capped = purchases[purchases["capacity"].notna()].rename(columns={"start": "period"})
    declare.set("capped_sources", capped, [*SOURCE, "period"])
    declare.param("source_capacity_of", "capped_sources", capped["capacity"])
    _declare_receipts(declare, purchases)
    _declare_supplier_capacity(declare, read, purchases)
    _declare_shares(declare, read, purchases)
    declare_order_lots(declare, read, purchases)


def _purchases(read: Reader, flows: Flows) -> pd.DataFrame:
    bought = read.by_period("sourcing").rename(columns={"period": "start"})
    bought["arrival"] = bought["start"] + bought["lead_time"].astype(np.int64)
    useful = within(bought, flows.stock_points) & (bought["arrival"] <= read.last)
    return good_share(read, bought[useful].reset_index(drop=True))


def _maximum_purchased(read: Reader, purchases: pd.DataFrame, needs: Requirements) -> pd.Series:
    """The maximum of an order that could be of use: what is needed, the minimum order and its last price
    break, in whole lots.
    """
    if not needs.bounding:
        return pd.Series(np.inf, index=purchases.index)
    good = 1.0 - purchases["scrapped_by_inspection"]
    needed = needs.from_period(purchases["item"], purchases["arrival"]) / good.where(good > 0, 1.0)
    ordered = whole_lots(needed, purchases["lot_multiple"])
    useful = np.fmin(np.fmax(ordered, minimum_orders(read, purchases)), purchases["capacity"])
    return pd.Series(useful, index=purchases.index)


def _declare_receipts(declare: Columnar, purchases: pd.DataFrame) -> None:
    receipts = purchases.assign(period=purchases["arrival"])
    declare.set("receipts", receipts, [*SOURCE, "start", "period"])
    declare.param("receipt_scrap", "receipts", receipts["scrapped_by_inspection"])
    declare.param(
        "receipt_scrap_cost", "receipts", receipts["scrapped_by_inspection"] * receipts["scrap_cost"]
    )
    declare.param("receipt_hours", "receipts", receipts["inspection_hours"])
    declare.group("received", "stock_periods", receipts, by=["item", "site", "period"],
                  members=["supplier", "start"])


def _declare_supplier_capacity(declare: Columnar, read: Reader, purchases: pd.DataFrame) -> None:
    """The capacity of a supplier for one item or for all together; a row with a period beats the one
    without.
    """
    table = read.rows("supplier_capacity").rename(columns={"item": "scope_item"})
    always = table["period"] == 0  # how the calendar numbers a blank
    every = table[always].drop(columns="period").merge(read.periods(), how="cross")
    limits = pd.concat([table[~always], every]).drop_duplicates(LIMIT)
    single = purchases.assign(scope_item=purchases["item"])
    joint = purchases.assign(scope_item=BLANK)
    ordered = pd.concat([single, joint]).rename(columns={"start": "period"})
    ordered = ordered.merge(limits[LIMIT])
    limits = limits.merge(ordered[LIMIT].drop_duplicates()).sort_values(LIMIT, ignore_index=True)
    declare.set("supplier_limits", limits, LIMIT)
    declare.param("supplier_capacity_of", "supplier_limits", limits["capacity"])
    declare.group("ordered_from", "supplier_limits", ordered, by=LIMIT,
                  members=["item", "site"])


def _declare_shares(declare: Columnar, read: Reader, purchases: pd.DataFrame) -> None:
    """What counts for a share: all that is bought while it is agreed, also when the supplier itself could
    deliver no more.
    """
    agreed = (
        read.by_period("sourcing")
        .rename(columns={"period": "start"})
        .merge(purchases[SOURCE].drop_duplicates())
    )
    everyone = purchases[["item", "supplier", "site", "start"]].rename(columns={"supplier": "other"})
    for bound in ("min_share", "max_share"):
        bounded = agreed[agreed[bound].notna()]
        declare.set(f"{bound}_sources", bounded[SOURCE].drop_duplicates(), SOURCE)
        declare.set(f"{bound}_periods", bounded, [*SOURCE, "start"])
        declare.param(f"{bound}_of", f"{bound}_periods", bounded[bound])
        own, all_orders = (
            bounded.merge(purchases[[*SOURCE, "start"]]),
            bounded.merge(everyone, on=["item", "site", "start"]),
        )
        declare.group(f"{bound}_orders", f"{bound}_sources", own, by=SOURCE, members=["start"])
        declare.group(
            f"{bound}_all_orders", f"{bound}_sources", all_orders, by=SOURCE, members=["other", "start"]
        )


def received(m: Any, item: Any, site: Any, period: Any) -> Any:
    """What suppliers deliver to a stock in a period, before inspection."""
    return sum(m.purchased[item, supplier, site, start] for supplier, start in m.received[item, site, period])


@constraint("capped_sources")
def source_capacity(m: pyo.ConcreteModel, item: Any, supplier: Any, site: Any, period: Any) -> Any:
    """What a site orders of an item from a supplier stays within the source's capacity.

        purchased <= capacity

    Unit: units in the period of the order. Shadow price: cost saved by one more unit that the supplier could
    ship.
    """
    return m.purchased[item, supplier, site, period] <= m.source_capacity_of[item, supplier, site, period]


@constraint("supplier_limits")
def supplier_capacity(m: pyo.ConcreteModel, supplier: Any, scope_item: Any, period: Any) -> Any:
    """What all sites order from a supplier, of one item or of all, stays within what it can ship.

        sum over items and sites: purchased <= capacity

    Unit: units in the period of the order. Shadow price: cost saved by one more unit that the supplier could
    ship.
    """
    ordered = sum(
        m.purchased[item, supplier, site, period]
        for item, site in m.ordered_from[supplier, scope_item, period]
    )
    return ordered <= m.supplier_capacity_of[supplier, scope_item, period]


@constraint("min_share_sources")
def min_share(m: pyo.ConcreteModel, item: Any, supplier: Any, site: Any) -> Any:
    """A supplier gets at least its agreed share of what the site buys of the item over the horizon.

        sum over periods: purchased from the supplier >= sum over periods: min_share * purchased from all

    Unit: units. Shadow price: cost saved by one unit less promised.
    """
    own = sum(m.purchased[item, supplier, site, start] for start in m.min_share_orders[item, supplier, site])
    promised = sum(m.min_share_of[item, supplier, site, start] * m.purchased[item, other, site, start]
                   for other, start in m.min_share_all_orders[item, supplier, site])
    return own >= promised


@constraint("max_share_sources")
def max_share(m: pyo.ConcreteModel, item: Any, supplier: Any, site: Any) -> Any:
    """A supplier gets at most its agreed share of what the site buys of the item over the horizon.

        sum over periods: purchased from the supplier <= sum over periods: max_share * purchased from all

    Unit: units. Shadow price: cost saved by one unit more allowed.
    """
    own = sum(m.purchased[item, supplier, site, start] for start in m.max_share_orders[item, supplier, site])
    allowed = sum(m.max_share_of[item, supplier, site, start] * m.purchased[item, other, site, start]
                  for other, start in m.max_share_all_orders[item, supplier, site])
    return own <= allowed


@cost("purchases")
def purchase(m: pyo.ConcreteModel, item: Any, supplier: Any, site: Any, start: Any) -> Any:
    """The price of everything that is ordered, in the period of the order."""
    return m.source_unit_cost[item, supplier, site, start] * m.purchased[item, supplier, site, start]
