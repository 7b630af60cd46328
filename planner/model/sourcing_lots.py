"""Lots in sourcing: minimum orders, order costs, whole multiples and prices that fall with quantity."""

from typing import Any

import numpy as np
import pandas as pd
import pyomo.environ as pyo

from planner.model.big_m import ROUNDING
from planner.model.compiler.declare import Columnar
from planner.model.network import Reader
from planner.model.rules import constraint, cost
from planner.scenario.keys import SOURCE

ORDER = [*SOURCE, "start"]


def declare_order_lots(declare: Columnar, read: Reader, purchases: pd.DataFrame) -> None:
    """Whether each fixed-charge order is placed, in how many lots and in which price tier. No fixed charge,
    nothing declared whole.

    `purchases` has every order with its rates and `maximum`, the maximum that could be of use.
    """
    placed = purchases[(purchases["moq"] > 0) | (purchases["order_cost"] > 0)]
    declare.set("orders", placed, ORDER)
    declare.variable("ordered", "orders", upper=pd.Series(np.ones(len(placed))), whole=True)
    declare.param("maximum_in_order", "orders", placed["maximum"])
    declare.param("source_order_cost", "orders", placed["order_cost"].fillna(0.0))
    minimum = placed[placed["moq"] > 0]
    declare.set("minimum_orders", minimum, ORDER)
    declare.param("source_moq", "minimum_orders", minimum["moq"])
    in_lots = purchases[purchases["lot_multiple"] > 0]
    declare.set("lot_orders", in_lots, ORDER)
    declare.variable(
        "order_lots",
        "lot_orders",
        upper=np.floor(in_lots["maximum"] / in_lots["lot_multiple"] + ROUNDING),
        whole=True,
    )
    declare.param("source_lot_multiple", "lot_orders", in_lots["lot_multiple"])
    _declare_tiers(declare, read, purchases)


def _declare_tiers(declare: Columnar, read: Reader, purchases: pd.DataFrame) -> None:
    tiers = price_tiers(read, purchases)
    tiered = tiers.drop_duplicates(ORDER)
    declare.set("tiers", tiers, [*ORDER, "tier"])
    declare.variable("tier_quantity", "tiers")
    declare.variable("tier_chosen", "tiers", upper=pd.Series(np.ones(len(tiers))), whole=True)
    declare.param("tier_unit_cost", "tiers", tiers["tier_price"])
    declare.param("tier_upto", "tiers", tiers["tier_upto"])
    declare.set("tiered_orders", tiered, ORDER)
    declare.group("tiers_of", "tiered_orders", tiers, by=ORDER, members=["tier"])
    one_price = tiers[~tiers["incremental"]]
    declare.set("one_price_tiers", one_price, [*ORDER, "tier"])
    declare.param("tier_from", "one_price_tiers", one_price["from_quantity"])
    one_tier = one_price.drop_duplicates(ORDER)
    declare.set("one_price_orders", one_tier, ORDER)
    filled = tiers[tiers["incremental"]].assign(filled_tier=lambda frame: frame["tier"])
    filled = filled[filled["tier"] < filled.groupby(ORDER)["tier"].transform("max")]
    declare.set("filled_tiers", filled, [*ORDER, "tier"])
    declare.param("tier_width", "filled_tiers", filled["tier_upto"])


def price_tiers(read: Reader, purchases: pd.DataFrame) -> pd.DataFrame:
    """Every price tier of every order that has price breaks; below the first break the source's own price
    holds.
    """
    breaks = read.rows("price_breaks").assign(
        incremental=read.scenario["price_breaks"]["kind"].to_numpy() == "incremental"
    )
    breaks = breaks.rename(columns={"unit_cost": "tier_price"})
    own = breaks.drop_duplicates(["supplier", "item"]).assign(from_quantity=0.0, tier_price=np.nan)
    lowest = breaks.groupby(["supplier", "item"])["from_quantity"].transform("min")
    breaks = pd.concat([own.merge(breaks.loc[lowest > 0, ["supplier", "item"]].drop_duplicates()), breaks])
    tiers = purchases[[*ORDER, "unit_cost", "maximum"]].merge(breaks, on=["supplier", "item"])
    tiers = tiers.sort_values([*ORDER, "from_quantity"], ignore_index=True)
    ordered = tiers.groupby(ORDER)
    upto = ordered["from_quantity"].shift(-1).fillna(tiers[["maximum", "from_quantity"]].max(axis=1))
    return tiers.assign(
        tier=ordered.cumcount().astype(np.int64) + 1,
        tier_price=tiers["tier_price"].fillna(tiers["unit_cost"]),
        tier_upto=np.where(tiers["incremental"], upto - tiers["from_quantity"], upto))


@constraint("orders")
def placed_orders(m: pyo.ConcreteModel, item: Any, supplier: Any, site: Any, start: Any) -> Any:
    """Something is bought only where an order is placed.

        purchased <= the maximum that could be of use * ordered

    Unit: units. Shadow price: none with integer variables.
    """
    maximum = m.maximum_in_order[item, supplier, site, start] * m.ordered[item, supplier, site, start]
    return m.purchased[item, supplier, site, start] <= maximum


@constraint("minimum_orders")
def minimum_order(m: pyo.ConcreteModel, item: Any, supplier: Any, site: Any, start: Any) -> Any:
    """An order that is placed is at least the minimum order quantity.

        purchased >= moq * ordered

    Unit: units. Shadow price: cost saved by a minimum lower by one, at the orders placed.
    """
    minimum = m.source_moq[item, supplier, site, start] * m.ordered[item, supplier, site, start]
    return m.purchased[item, supplier, site, start] >= minimum


@constraint("lot_orders")
def order_multiple(m: pyo.ConcreteModel, item: Any, supplier: Any, site: Any, start: Any) -> Any:
    """What is bought is a whole number of lots.

        purchased = lot_multiple * order_lots

    Unit: units. Shadow price: cost of one unit beyond whole lots.
    """
    lots = m.source_lot_multiple[item, supplier, site, start] * m.order_lots[item, supplier, site, start]
    return m.purchased[item, supplier, site, start] - lots == 0


@constraint("tiered_orders")
def tiers_add_up(m: pyo.ConcreteModel, item: Any, supplier: Any, site: Any, start: Any) -> Any:
    """What is bought is bought at the price of some tier.

        purchased = sum over tiers: tier_quantity

    Unit: units. Shadow price: price of one more unit.
    """
    bought = sum(
        m.tier_quantity[item, supplier, site, start, tier] for tier in m.tiers_of[item, supplier, site, start]
    )
    return bought - m.purchased[item, supplier, site, start] == 0


@constraint("tiers")
def tier_limit(m: pyo.ConcreteModel, item: Any, supplier: Any, site: Any, start: Any, tier: Any) -> Any:
    """A tier sells only when it is chosen, and no more than it holds.

        tier_quantity <= maximum of the tier * tier_chosen

    Unit: units. Shadow price: none with integer variables.
    """
    bound = m.tier_upto[item, supplier, site, start, tier]
    return m.tier_quantity[item, supplier, site, start, tier] <= (
        bound * m.tier_chosen[item, supplier, site, start, tier]
    )


@constraint("one_price_tiers")
def tier_minimum(m: pyo.ConcreteModel, item: Any, supplier: Any, site: Any, start: Any, tier: Any) -> Any:
    """A price for all units holds from its quantity on.

        tier_quantity >= from_quantity * tier_chosen

    Unit: units. Shadow price: none with integer variables.
    """
    bound = m.tier_from[item, supplier, site, start, tier]
    return m.tier_quantity[item, supplier, site, start, tier] >= (
        bound * m.tier_chosen[item, supplier, site, start, tier]
    )


@constraint("one_price_orders")
def one_tier(m: pyo.ConcreteModel, item: Any, supplier: Any, site: Any, start: Any) -> Any:
    """An order has one price for all its units.

        sum over tiers: tier_chosen <= 1

    Unit: orders. Shadow price: none with integer variables.
    """
    return (
        sum(
            m.tier_chosen[item, supplier, site, start, tier]
            for tier in m.tiers_of[item, supplier, site, start]
        )
        <= 1
    )


@constraint("filled_tiers")
def tier_filled(m: pyo.ConcreteModel, item: Any, supplier: Any, site: Any, start: Any, tier: Any) -> Any:
    """With incremental prices a tier is full before the next one sells.

        tier_quantity >= width of the tier * tier_chosen of the next

    Unit: units. Shadow price: none with integer variables.
    """
    full = (
        m.tier_width[item, supplier, site, start, tier] * m.tier_chosen[item, supplier, site, start, tier + 1]
    )
    return m.tier_quantity[item, supplier, site, start, tier] >= full


@cost("orders")
def ordering(m: pyo.ConcreteModel, item: Any, supplier: Any, site: Any, start: Any) -> Any:
    """The cost of placing orders."""
    return m.source_order_cost[item, supplier, site, start] * m.ordered[item, supplier, site, start]


@cost("tiers", term="purchase")
def purchase_by_tier(
    m: pyo.ConcreteModel, item: Any, supplier: Any, site: Any, start: Any, tier: Any
) -> Any:
    """The price of what is ordered where there are price breaks, by tier."""
    return (m.tier_unit_cost[item, supplier, site, start, tier]
            * m.tier_quantity[item, supplier, site, start, tier])
