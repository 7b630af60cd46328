"""The model's table of contents: what is declared, in which order, and under which rules."""

from dataclasses import dataclass

import pandas as pd
import pyomo.environ as pyo

from planner.demand.demand import Demand
from planner.model import (
    delivery,
    inventory,
    options,
    order_lots,
    production,
    quality,
    sales,
    setups,
    sourcing,
    workforce,
)
from planner.model.declare import Columnar
from planner.model.demand_lines import demand_lines
from planner.model.requirements import Requirements
from planner.model.rules import Cost, Rule, by_name
from planner.model.sets import Reader, flows
from planner.scenario.scenario import Scenario

# Every constraint family, in the order of the matrix's rows. The order is part of a plan: among plans that are equally good,
# the solver's choice depends on it, so a new family goes below those of its area and moves none.
RULES: dict[str, Rule] = by_name(
    delivery.lane_capacity, delivery.minimum_shipment, delivery.shipment_leaves, delivery.vehicle_capacity,
    options.option_limit, options.option_runs_when_installed, options.maintenance_stops,
    options.choice_limit, options.site_is_open,
    setups.setup_needed, setups.minimum_lot, setups.production_multiple, setups.family_setup_needed,
    setups.carried_from_before, setups.one_setup_carried, setups.setup_kept_through,
    setups.undisturbed_center,
    production.routing_capacity, production.open_sites_produce, production.work_center_load,
    production.work_center_capacity, production.overtime_limit,
    order_lots.placed_orders, order_lots.minimum_order, order_lots.order_multiple, order_lots.tiers_add_up,
    order_lots.tier_limit, order_lots.tier_minimum, order_lots.one_tier, order_lots.tier_filled,
    sourcing.source_capacity, sourcing.supplier_capacity, sourcing.min_share, sourcing.max_share,
    inventory.opening_inventory, inventory.inventory_balance, inventory.safety_stock,
    inventory.stock_outflow, inventory.days_of_supply, inventory.max_inventory, inventory.ending_inventory,
    inventory.storage_capacity, inventory.open_sites_only,
    sales.market_deliveries, sales.opening_backorders, sales.demand_balance, sales.late_deliveries,
    sales.max_lateness, sales.lateness_of_later_demand, sales.min_fill_rate, sales.sales_targets,
    workforce.opening_headcount, workforce.headcount_balance, workforce.labor_hours,
    workforce.labor_overtime_limit, workforce.min_headcount, workforce.max_headcount, workforce.max_hires,
)

# Every cost term, in the order in which the objective adds them up.
COSTS: dict[str, Cost] = by_name(
    quality.scrap,
    delivery.vehicle_trips, delivery.freight,
    options.capacity_options, options.sites,
    setups.setups,
    production.production, production.work_center_hours, production.work_center_overtime,
    order_lots.ordering,
    sourcing.purchase,
    inventory.holding, inventory.safety_stock_penalty, inventory.storage_overflow,
    sales.backorders, sales.lost_sales,
    workforce.wages, workforce.labor_overtime, workforce.hiring, workforce.separation,
)


@dataclass(frozen=True)
class Model:
    """The Pyomo model of a scenario with what it was declared with."""

    pyomo: pyo.ConcreteModel
    declared: Columnar
    scenario: Scenario


def build_model(scenario: Scenario, demand: Demand, *, words: type[Columnar] = Columnar) -> Model:
    """The scenario's sets, rates, variables and rules as a Pyomo model; `words` chooses how its components are kept."""
    read = Reader(scenario)
    declare = words(read.names)
    lines = demand_lines(scenario, demand)
    sales.declare_sales(declare, read, lines)
    network = flows(read, _demanded(declare))
    needs = Requirements(read, network, lines)
    most_stock = inventory.declare_stock(declare, read, network, needs)
    sourcing.declare_sourcing(declare, read, network, needs)
    production.declare_production(declare, read, network, needs)
    delivery.declare_delivery(declare, read, network, needs)
    options.declare_options(declare, read, most_stock)
    quality.declare_quality(declare, read)
    workforce.declare_workforce(declare, read)
    for rule in RULES.values():
        declare.constraint(rule)
    return Model(declare.m, declare, scenario)


def _demanded(declare: Columnar) -> pd.DataFrame:
    """The items and markets in which something is wanted."""
    return pd.DataFrame(declare.indices["market_periods"].columns)[["item", "market"]].drop_duplicates()
