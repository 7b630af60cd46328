"""Inventory: every flow of every stock, written out by name, and the stock that is to be kept."""

from typing import Any

import numpy as np
import pandas as pd
import pyomo.environ as pyo

from planner.model.big_m import Requirements
from planner.model.compiler.declare import Columnar
from planner.model.delivery import shipped_to_markets, transferred_in, transferred_out
from planner.model.network import Flows, Reader
from planner.model.production import consumed, produced
from planner.model.quality import scrapped
from planner.model.rules import constraint, cost
from planner.model.sites import added_space
from planner.model.sourcing import received
from planner.scenario.keys import STOCK


def declare_stock(declare: Columnar, read: Reader, flows: Flows, needs: Requirements) -> pd.Series:
    """Every stock in every period, from its opening state on, and the most each could hold. Declared first:
    all flows
    refer to it."""
    stock = _stock(read, flows)
    opening = flows.stock_points.merge(read.states("inventory"), how="left", on=STOCK).assign(period=0)
    declare.set("stock_periods", stock, [*STOCK, "period"])
    declare.set("stock_openings", opening, [*STOCK, "period"])
    declare.param("stock_on_hand", "stock_openings", opening["on_hand"].fillna(0.0))
    declare.set("stock_states", pd.concat([opening, stock]), [*STOCK, "period"])
    declare.variable("inventory", "stock_states")
    declare.param("stock_scheduled_receipts", "stock_periods", stock["scheduled"])
    declare.param("stock_holding_cost", "stock_periods", stock["holding_cost"])
    capped = stock[stock["max_inventory"].notna()]
    declare.set("capped_stock", capped, [*STOCK, "period"])
    declare.param("stock_max_inventory", "capped_stock", capped["max_inventory"])
    ending = opening[opening["ending_inventory"].fillna(0.0) > 0].assign(period=read.last)
    declare.set("ending_stock", ending, [*STOCK, "period"])
    declare.param("stock_ending_inventory", "ending_stock", ending["ending_inventory"])
    _declare_safety(declare, read, stock)
    _declare_storage(declare, read, stock)
    return pd.Series(needs.in_all(stock["item"], stock["period"]), index=stock.index)


def _stock(read: Reader, flows: Flows) -> pd.DataFrame:
    receipts = (
        read.rows("scheduled_receipts")
        .groupby([*STOCK, "period"])["quantity"]
        .sum()
        .rename("scheduled")
        .reset_index()
    )
    policy = read.by_period("inventory")
    stock = flows.stock_points.merge(read.periods(), how="cross")
    stock = stock.merge(policy, how="left", on=[*STOCK, "period"], validate="one_to_one")
    stock = stock.merge(receipts, how="left", on=[*STOCK, "period"])
    # A stock point without a row in the inventory table keeps nothing and costs nothing.
    return stock.fillna({"scheduled": 0.0, "holding_cost": 0.0, "safety_stock": 0.0, "days_of_supply": 0.0})


def _declare_safety(declare: Columnar, read: Reader, stock: pd.DataFrame) -> None:
    safe = stock[(stock["safety_stock"] > 0) | (stock["days_of_supply"] > 0)]
    declare.set("safe_stock", safe, [*STOCK, "period"])
    # No more can be short than is to be kept; days of supply ask for what the plan itself decides.
    maximum = safe["safety_stock"].where(safe["days_of_supply"] == 0, np.inf)
    declare.variable("safety_stock_shortfall", "safe_stock", upper=maximum)
    declare.param("stock_safety_stock_penalty", "safe_stock", safe["safety_stock_penalty"])
    fixed = safe[safe["safety_stock"] > 0]
    declare.set("fixed_safety_stock", fixed, [*STOCK, "period"])
    declare.param("stock_safety_stock", "fixed_safety_stock", fixed["safety_stock"])
    covering = safe[safe["days_of_supply"] > 0]
    covers = covering.merge(cover_shares(read.calendar.days, covering), on=["days_of_supply", "period"])
    covered = stock[[*STOCK, "period"]].merge(covering[STOCK].drop_duplicates())
    declare.set("covered_stock", covered, [*STOCK, "period"])
    declare.variable("outflow", "covered_stock")
    declare.set("covering_stock", covering, [*STOCK, "period"])
    declare.set("covers", covers, [*STOCK, "period", "cover_period"])
    declare.param("cover_share", "covers", covers["share"])
    declare.group(
        "covered_periods", "covering_stock", covers, by=[*STOCK, "period"], members=["cover_period"]
    )


def cover_shares(days: np.ndarray, covering: pd.DataFrame) -> pd.DataFrame:
    """Which share of each coming period's outflow the days of supply cover; past the horizon the last period
    repeats.
    """
    rows: list[tuple[float, int, int, float]] = []
    supplies = covering[["days_of_supply", "period"]].drop_duplicates()
    for supply_days, period in supplies.itertuples(index=False):
        shares: dict[int, float] = {}
        left, later = float(supply_days), int(period) + 1
        while left > 1e-12:
            cover_period = min(later, len(days))
            length = float(days[cover_period - 1])
            shares[cover_period] = shares.get(cover_period, 0.0) + min(1.0, left / length)
            left, later = left - length, later + 1
        rows.extend((supply_days, period, cover_period, share) for cover_period, share in shares.items())
    return pd.DataFrame(rows, columns=["days_of_supply", "period", "cover_period", "share"]).astype(
        {"days_of_supply": float, "period": np.int64, "cover_period": np.int64, "share": float})


def _declare_storage(declare: Columnar, read: Reader, stock: pd.DataFrame) -> None:
    volumes = read.rows("items")[["item", "volume"]]
    stored = stock[[*STOCK, "period"]].merge(volumes, on="item", validate="many_to_one")
    sites = read.rows("sites")
    limited = sites[sites["storage_capacity"].notna() & sites["site"].isin(stored["site"])].merge(
        read.periods(), how="cross"
    )
    declare.set("volumes", volumes, ["item"])
    declare.param("item_volume", "volumes", volumes["volume"])
    declare.set("limited_sites", limited, ["site", "period"])
    declare.param("site_storage_capacity", "limited_sites", limited["storage_capacity"])
    declare.param("site_storage_overflow_cost", "limited_sites", limited["storage_overflow_cost"].fillna(0.0))
    hard = limited["storage_overflow_cost"].isna()
    declare.variable("storage_overflow", "limited_sites", upper=pd.Series(np.where(hard, 0.0, np.inf)))
    inside = stored.merge(limited[["site", "period"]])
    declare.group("stored_at", "limited_sites", inside, by=["site", "period"], members=["item"])


def going_out(m: Any, item: Any, site: Any, period: Any) -> Any:
    """What leaves a stock in a period: to markets, to other sites and into production."""
    return (
        shipped_to_markets(m, item, site, period)
        + transferred_out(m, item, site, period)
        + consumed(m, item, site, period)
    )


@constraint("stock_openings")
def opening_inventory(m: pyo.ConcreteModel, item: Any, site: Any, period: Any) -> Any:
    """The plan starts with the stock there is.

        inventory before the first period = on_hand

    Unit: units. Shadow price: cost of one more unit at the start (below 0: it saves).
    """
    return m.inventory[item, site, period] == m.stock_on_hand[item, site, period]


@constraint("stock_periods")
def inventory_balance(m: pyo.ConcreteModel, item: Any, site: Any, period: Any) -> Any:
    """Closing inventory is opening inventory plus what came in less what went out.

        closing = opening + produced + received + scheduled receipts + transferred in
                  - consumed - shipped - transferred out - scrapped

    Unit: units. Shadow price: cost of taking one more unit from the stock in the period.
    """
    came_in = (produced(m, item, site, period) + received(m, item, site, period)
               + m.stock_scheduled_receipts[item, site, period] + transferred_in(m, item, site, period))
    went_out = going_out(m, item, site, period) + scrapped(m, item, site, period)
    return m.inventory[item, site, period - 1] + came_in - went_out == m.inventory[item, site, period]


@constraint("fixed_safety_stock")
def safety_stock(m: pyo.ConcreteModel, item: Any, site: Any, period: Any) -> Any:
    """Closing inventory reaches the safety stock, or falls short at a price.

        inventory + shortfall >= safety_stock

    Unit: units. Shadow price: cost saved by one unit less to keep.
    """
    stock_and_shortfall = m.inventory[item, site, period] + m.safety_stock_shortfall[item, site, period]
    return stock_and_shortfall >= m.stock_safety_stock[item, site, period]


@constraint("covered_stock")
def stock_outflow(m: pyo.ConcreteModel, item: Any, site: Any, period: Any) -> Any:
    """The outflow of a stock is what it ships, transfers out and gives to production.

        outflow = shipped + transferred out + consumed

    Unit: units. Shadow price: cost of one more unit of outflow to be covered.
    """
    return m.outflow[item, site, period] == going_out(m, item, site, period)


@constraint("covering_stock")
def days_of_supply(m: pyo.ConcreteModel, item: Any, site: Any, period: Any) -> Any:
    """Closing inventory covers the outflow of the coming days, or falls short at a price.

        inventory + shortfall >= sum over coming periods: share of the period covered * outflow

    Past the horizon the last period's outflow repeats. Unit: units. Shadow price: cost saved by one unit less
    to keep.
    """
    coming = sum(m.cover_share[item, site, period, cover_period] * m.outflow[item, site, cover_period]
                 for cover_period in m.covered_periods[item, site, period])
    return m.inventory[item, site, period] + m.safety_stock_shortfall[item, site, period] >= coming


@constraint("capped_stock")
def max_inventory(m: pyo.ConcreteModel, item: Any, site: Any, period: Any) -> Any:
    """Closing inventory stays within the maximum that may be held.

        inventory <= max_inventory

    Unit: units. Shadow price: cost saved by room for one more unit.
    """
    return m.inventory[item, site, period] <= m.stock_max_inventory[item, site, period]


@constraint("ending_stock")
def ending_inventory(m: pyo.ConcreteModel, item: Any, site: Any, period: Any) -> Any:
    """The plan ends with at least the stock asked for.

        inventory in the last period >= ending_inventory

    Unit: units. Shadow price: cost saved by one unit less asked for.
    """
    return m.inventory[item, site, period] >= m.stock_ending_inventory[item, site, period]


@constraint("limited_sites")
def storage_capacity(m: pyo.ConcreteModel, site: Any, period: Any) -> Any:
    """The stock of a site fits into its space, or overflows at a price.

        sum over items: volume * inventory <= storage_capacity + added_capacity of expansions + overflow

    Unit: volume. Shadow price: cost saved by one more unit of space.
    """
    stored = sum(m.item_volume[item] * m.inventory[item, site, period] for item in m.stored_at[site, period])
    space = m.site_storage_capacity[site, period] + added_space(m, site, period)
    return stored <= space + m.storage_overflow[site, period]


@constraint("optional_stock")
def open_sites_only(m: pyo.ConcreteModel, item: Any, site: Any, period: Any) -> Any:
    """Only an open site takes goods in or keeps stock.

        inventory + what comes in <= the maximum that could be of use * site_open

    Unit: units. Shadow price: none with integer variables.
    """
    used = (
        m.inventory[item, site, period]
        + produced(m, item, site, period)
        + received(m, item, site, period)
        + transferred_in(m, item, site, period)
    )
    return used <= m.maximum_at_site[item, site, period] * m.site_open[site, period]


@cost("stock_periods")
def holding(m: pyo.ConcreteModel, item: Any, site: Any, period: Any) -> Any:
    """Holding cost of the closing inventory of every period."""
    return m.stock_holding_cost[item, site, period] * m.inventory[item, site, period]


@cost("safe_stock")
def safety_stock_penalty(m: pyo.ConcreteModel, item: Any, site: Any, period: Any) -> Any:
    """Penalty of the stock that is missing against safety_stock and days_of_supply."""
    return m.stock_safety_stock_penalty[item, site, period] * m.safety_stock_shortfall[item, site, period]


@cost("limited_sites")
def storage_overflow(m: pyo.ConcreteModel, site: Any, period: Any) -> Any:
    """Cost of the space used beyond each site's capacity."""
    return m.site_storage_overflow_cost[site, period] * m.storage_overflow[site, period]
