"""The model's table of contents: what is declared, in which order, and under which rules."""

from dataclasses import dataclass

import pandas as pd
import pyomo.environ as pyo

from planner.demand.demand import Demand
from planner.model import (
    delivery,
    inventory,
    production,
    production_lots,
    production_options,
    quality,
    sales,
    sites,
    sourcing,
    sourcing_lots,
    stability,
    workforce,
)
from planner.model.big_m import Requirements
from planner.model.compiler.declare import Columnar
from planner.model.demand_lines import demand_lines
from planner.model.network import Reader, flows
from planner.model.rules import Amount, Rule, by_name
from planner.progress import checkpoint
from planner.scenario.scenario import Scenario
from planner.text_cells import plain_texts

# Every constraint family, in the order of the matrix's rows. The order is part of a plan: among plans that
# are equally good, the solver's choice depends on it, so a new family goes below those of its area and moves
# none.
RULES: dict[str, Rule] = by_name(
    delivery.lane_capacity, delivery.minimum_shipment, delivery.shipment_leaves,
    delivery.vehicle_capacity,
    production_options.option_limit, production_options.option_runs_when_installed,
    production_options.maintenance_stops,
    sites.choice_limit, sites.site_is_open,
    production_lots.setup_needed, production_lots.minimum_lot, production_lots.production_multiple,
    production_lots.family_setup_needed, production_lots.carried_from_before,
    production_lots.one_setup_carried, production_lots.setup_kept_through,
    production_lots.undisturbed_center,
    production.routing_capacity, production.open_sites_produce, production.work_center_load,
    production.work_center_capacity, production.overtime_limit,
    sourcing_lots.placed_orders, sourcing_lots.minimum_order, sourcing_lots.order_multiple,
    sourcing_lots.tiers_add_up, sourcing_lots.tier_limit, sourcing_lots.tier_minimum,
    sourcing_lots.one_tier, sourcing_lots.tier_filled,
    sourcing.source_capacity, sourcing.supplier_capacity, sourcing.min_share, sourcing.max_share,
    inventory.opening_inventory, inventory.inventory_balance, inventory.safety_stock,
    inventory.stock_outflow, inventory.days_of_supply, inventory.max_inventory,
    inventory.ending_inventory, inventory.storage_capacity, inventory.open_sites_only,
    sales.market_deliveries, sales.opening_backorders, sales.demand_balance, sales.late_deliveries,
    sales.max_lateness, sales.lateness_of_later_demand, sales.min_fill_rate, sales.sales_targets,
    workforce.opening_headcount, workforce.headcount_balance, workforce.labor_hours,
    workforce.labor_overtime_limit, workforce.min_headcount, workforce.max_headcount, workforce.max_hires,
    stability.frozen_production, stability.frozen_purchases, stability.frozen_shipments,
    stability.frozen_hires, stability.frozen_separations,
    stability.production_change, stability.purchases_change, stability.shipments_change,
    stability.hires_change, stability.separations_change,
)

# Every cost, in the order in which the objective adds them up.
COSTS: dict[str, Amount] = by_name(
    quality.scrap, quality.scrap_of_receipts,
    delivery.vehicle_trips, delivery.freight,
    production_options.capacity_options, production_options.running_options,
    sites.sites, sites.open_sites,
    production_lots.setups, production_lots.family_setups,
    production.production, production.work_center_hours, production.hours_worked_as_overtime,
    production.work_center_overtime,
    sourcing_lots.ordering,
    sourcing.purchase, sourcing_lots.purchase_by_tier,
    inventory.holding, inventory.safety_stock_penalty, inventory.storage_overflow,
    sales.backorders, sales.lost_sales,
    workforce.wages, workforce.labor_overtime, workforce.hiring, workforce.separation,
    stability.changed_production, stability.changed_purchases, stability.changed_shipments,
    stability.changed_hires, stability.changed_separations,
)


@dataclass(frozen=True)
class Model:
    """The Pyomo model of a scenario with what it was declared with."""

    pyomo: pyo.ConcreteModel
    declared: Columnar
    scenario: Scenario


@plain_texts()
def build_model(scenario: Scenario, demand: Demand, *, words: type[Columnar] = Columnar) -> Model:
    """The scenario's sets, rates, variables and rules as a Pyomo model; `words` chooses how its components
    are kept.
    """
    read = Reader(scenario)
    declare = words(read.names)
    lines = demand_lines(scenario, demand)
    sales.declare_sales(declare, read, lines)
    network = flows(read, _demanded(declare))
    needs = Requirements(read, network, lines)
    maximum_stock = inventory.declare_stock(declare, read, network, needs)
    sourcing.declare_sourcing(declare, read, network, needs)
    production.declare_production(declare, read, network, needs)
    delivery.declare_delivery(declare, read, network, needs)
    production_options.declare_options(declare, read)
    sites.declare_sites(declare, read, maximum_stock)
    quality.declare_quality(declare, read)
    workforce.declare_workforce(declare, read)
    stability.declare_stability(declare, read)
    for rule in RULES.values():
        checkpoint()
        declare.constraint(rule)
    return Model(declare.m, declare, scenario)


def _demanded(declare: Columnar) -> pd.DataFrame:
    """The items and markets in which something is wanted."""
    return pd.DataFrame(declare.indices["market_periods"].columns)[["item", "market"]].drop_duplicates()
