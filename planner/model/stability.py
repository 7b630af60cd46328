"""Stability: what the first periods are held to, and what changes against the plan agreed on cost."""

from typing import Any

import numpy as np
import pandas as pd
import pyomo.environ as pyo
from numpy.typing import NDArray

from planner.model.compiler.declare import Columnar
from planner.model.compiler.lookup import Codes
from planner.model.network import Reader
from planner.model.rules import constraint, cost
from planner.scenario.flows import FLOWS, Flow

# The set over which each decision is declared; its rows begin in `start`, or else in `period`.
DECIDED_OVER = {"production": "starts", "purchased": "purchases", "shipped": "shipments",
                "hired": "pool_periods", "separated": "pool_periods"}


def declare_stability(declare: Columnar, read: Reader) -> None:
    """What is frozen, and what is counted as a change. Without a plan agreed on there is neither."""
    for flow in FLOWS.values():
        columns = declare.indices[DECIDED_OVER[flow.name]].columns
        begins = columns["start" if "start" in columns else "period"]
        frozen = begins <= read.scenario.frozen_periods
        charged = np.isin(begins, np.array(read.scenario.charged_periods, dtype=np.int64))
        _declare_frozen(declare, read, flow, _rows(columns, frozen))
        _declare_changes(declare, read, flow, _rows(columns, charged))


def _rows(columns: dict[str, Codes], chosen: NDArray[np.bool_]) -> pd.DataFrame:
    return pd.DataFrame({name: codes[chosen] for name, codes in columns.items()})


def _declare_frozen(declare: Columnar, read: Reader, flow: Flow, frozen: pd.DataFrame) -> None:
    """The decisions in the frozen periods, and what the plan agreed on has of each."""
    quantity = pd.Series(dtype=float)
    if len(frozen):
        begins, order = "start" if "start" in frozen else "period", list(frozen.columns)
        if flow.name == "shipped":
            frozen = frozen[frozen["destination"].isin(read.rows("sites")["site"])]
        held = read.held(flow).rename(columns={"period": begins})
        frozen = frozen.merge(held, how="left", on=[*flow.keys, begins], validate="one_to_one")
        frozen, quantity = frozen[order], frozen["quantity"].fillna(0.0)
    declare.set(f"{flow.name}_held", frozen, list(frozen.columns))
    declare.param(f"held_{flow.name}", f"{flow.name}_held", quantity)


def _declare_changes(declare: Columnar, read: Reader, flow: Flow, charged: pd.DataFrame) -> None:
    """The changes that cost something, each with the decisions that it adds up and what was agreed."""
    keys = [*flow.counted_by, "period"]
    begins = charged["start"] if "start" in charged else charged["period"]
    begun = charged.assign(period=begins, start=begins)
    changes = _changes(read, flow, begun, keys)
    declare.set(f"{flow.name}_changes", changes, keys)
    for side in ("above", "below"):
        declare.variable(f"{flow.name}_{side}_agreed", f"{flow.name}_changes")
    declare.param(f"agreed_{flow.name}", f"{flow.name}_changes", changes["quantity"])
    declare.param(f"{flow.name}_change_cost", f"{flow.name}_changes", changes["cost"])
    added_up = [key for key in flow.keys if key not in keys]
    counted = begun.merge(changes[keys]) if len(changes) else begun[:0]
    declare.group(f"counted_{flow.name}", f"{flow.name}_changes", counted, by=keys,
                  members=[*added_up, "start"])


def _changes(read: Reader, flow: Flow, begun: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """What is begun in one plan or the other and costs something to change: the keys, the agreed `quantity`
    and the `cost` of a unit.
    """
    if not len(read.scenario.charged_periods):
        return pd.DataFrame({name: pd.Series(dtype=np.int64) for name in keys}).assign(quantity=0.0, cost=0.0)
    agreed = read.agreed_on(flow).groupby(keys, as_index=False)[["quantity"]].sum()
    every = pd.concat([begun[keys], agreed[keys]], ignore_index=True).drop_duplicates(ignore_index=True)
    priced = read.with_stability_costs(flow, every)
    return priced.merge(agreed, how="left", on=keys, validate="one_to_one").fillna({"quantity": 0.0})


@constraint("production_held")
def frozen_production(m: pyo.ConcreteModel, item: Any, site: Any, routing: Any, start: Any) -> Any:
    """In the frozen periods as much is started on every routing as was agreed, nothing where nothing was.

        production = production of the plan agreed on

    Unit: units started. Shadow price: cost of one more unit agreed on; below 0 what it saves.
    """
    return m.production[item, site, routing, start] == m.held_production[item, site, routing, start]


@constraint("purchased_held")
def frozen_purchases(m: pyo.ConcreteModel, item: Any, supplier: Any, site: Any, start: Any) -> Any:
    """In the frozen periods as much is ordered from every supplier as was agreed, nothing where nothing was.

        purchased = purchases of the plan agreed on

    Unit: units ordered. Shadow price: cost of one more unit agreed on; below 0 what it saves.
    """
    return m.purchased[item, supplier, site, start] == m.held_purchased[item, supplier, site, start]


@constraint("shipped_held")
def frozen_shipments(
    m: pyo.ConcreteModel, origin: Any, destination: Any, mode: Any, item: Any, start: Any
) -> Any:
    """In the frozen periods as much leaves for every other site as was agreed, nothing where nothing was.

        shipped = shipments of the plan agreed on

    What leaves for markets follows the orders of customers. Unit: units leaving. Shadow price: cost of one
    more unit agreed on; below 0 what it saves.
    """
    return (m.shipped[origin, destination, mode, item, start]
            == m.held_shipped[origin, destination, mode, item, start])


@constraint("hired_held")
def frozen_hires(m: pyo.ConcreteModel, site: Any, labor_pool: Any, period: Any) -> Any:
    """In the frozen periods as many workers are hired as was agreed.

        hired = hires of the plan agreed on

    Unit: workers. Shadow price: cost of one more hire agreed on; below 0 what it saves.
    """
    return m.hired[site, labor_pool, period] == m.held_hired[site, labor_pool, period]


@constraint("separated_held")
def frozen_separations(m: pyo.ConcreteModel, site: Any, labor_pool: Any, period: Any) -> Any:
    """In the frozen periods as many workers are let go as was agreed.

        separated = separations of the plan agreed on

    Unit: workers. Shadow price: cost of one more separation agreed on; below 0 what it saves.
    """
    return m.separated[site, labor_pool, period] == m.held_separated[site, labor_pool, period]


@constraint("production_changes")
def production_change(m: pyo.ConcreteModel, item: Any, site: Any, period: Any) -> Any:
    """What is started of an item at a site is what was agreed, and what is above it less what is below it.

        sum over routings: production = agreed + production_above_agreed - production_below_agreed

    Unit: units started. Shadow price: cost saved by one more unit agreed on.
    """
    started = sum(m.production[item, site, routing, start]
                  for routing, start in m.counted_production[item, site, period])
    apart = (m.production_above_agreed[item, site, period] - m.production_below_agreed[item, site, period])
    return started - apart == m.agreed_production[item, site, period]


@constraint("purchased_changes")
def purchases_change(m: pyo.ConcreteModel, item: Any, supplier: Any, site: Any, period: Any) -> Any:
    """What is ordered of an item from a supplier is what was agreed, and what is above it less what is below.

        purchased = agreed + purchased_above_agreed - purchased_below_agreed

    Unit: units ordered. Shadow price: cost saved by one more unit agreed on.
    """
    ordered = sum(m.purchased[item, supplier, site, start]
                  for start in m.counted_purchased[item, supplier, site, period])
    apart = (m.purchased_above_agreed[item, supplier, site, period]
             - m.purchased_below_agreed[item, supplier, site, period])
    return ordered - apart == m.agreed_purchased[item, supplier, site, period]


@constraint("shipped_changes")
def shipments_change(m: pyo.ConcreteModel, origin: Any, destination: Any, item: Any, period: Any) -> Any:
    """What leaves a site for another or a market is what was agreed, and what is above it less what is below.

        sum over modes: shipped = agreed + shipped_above_agreed - shipped_below_agreed

    Unit: units leaving. Shadow price: cost saved by one more unit agreed on.
    """
    leaving = sum(m.shipped[origin, destination, mode, item, start]
                  for mode, start in m.counted_shipped[origin, destination, item, period])
    apart = (m.shipped_above_agreed[origin, destination, item, period]
             - m.shipped_below_agreed[origin, destination, item, period])
    return leaving - apart == m.agreed_shipped[origin, destination, item, period]


@constraint("hired_changes")
def hires_change(m: pyo.ConcreteModel, site: Any, labor_pool: Any, period: Any) -> Any:
    """The workers hired for a pool are those agreed on, and those above them less those below.

        hired = agreed + hired_above_agreed - hired_below_agreed

    Unit: workers. Shadow price: cost saved by one more hire agreed on.
    """
    joining = sum(m.hired[site, labor_pool, start] for start in m.counted_hired[site, labor_pool, period])
    apart = m.hired_above_agreed[site, labor_pool, period] - m.hired_below_agreed[site, labor_pool, period]
    return joining - apart == m.agreed_hired[site, labor_pool, period]


@constraint("separated_changes")
def separations_change(m: pyo.ConcreteModel, site: Any, labor_pool: Any, period: Any) -> Any:
    """The workers of a pool that are let go are those agreed on, and those above them less those below.

        separated = agreed + separated_above_agreed - separated_below_agreed

    Unit: workers. Shadow price: cost saved by one more separation agreed on.
    """
    leaving = sum(m.separated[site, labor_pool, start]
                  for start in m.counted_separated[site, labor_pool, period])
    apart = (m.separated_above_agreed[site, labor_pool, period]
             - m.separated_below_agreed[site, labor_pool, period])
    return leaving - apart == m.agreed_separated[site, labor_pool, period]


@cost("production_changes", term="stability")
def changed_production(m: pyo.ConcreteModel, item: Any, site: Any, period: Any) -> Any:
    """What is started more or less than agreed."""
    return m.production_change_cost[item, site, period] * (
        m.production_above_agreed[item, site, period] + m.production_below_agreed[item, site, period])


@cost("purchased_changes", term="stability")
def changed_purchases(m: pyo.ConcreteModel, item: Any, supplier: Any, site: Any, period: Any) -> Any:
    """What is ordered more or less than agreed."""
    return m.purchased_change_cost[item, supplier, site, period] * (
        m.purchased_above_agreed[item, supplier, site, period]
        + m.purchased_below_agreed[item, supplier, site, period])


@cost("shipped_changes", term="stability")
def changed_shipments(m: pyo.ConcreteModel, origin: Any, destination: Any, item: Any, period: Any) -> Any:
    """What is shipped more or less than agreed."""
    return m.shipped_change_cost[origin, destination, item, period] * (
        m.shipped_above_agreed[origin, destination, item, period]
        + m.shipped_below_agreed[origin, destination, item, period])


@cost("hired_changes", term="stability")
def changed_hires(m: pyo.ConcreteModel, site: Any, labor_pool: Any, period: Any) -> Any:
    """Workers hired more or less than agreed."""
    return m.hired_change_cost[site, labor_pool, period] * (
        m.hired_above_agreed[site, labor_pool, period] + m.hired_below_agreed[site, labor_pool, period])


@cost("separated_changes", term="stability")
def changed_separations(m: pyo.ConcreteModel, site: Any, labor_pool: Any, period: Any) -> Any:
    """Workers let go more or less than agreed."""
    return m.separated_change_cost[site, labor_pool, period] * (
        m.separated_above_agreed[site, labor_pool, period]
        + m.separated_below_agreed[site, labor_pool, period])
