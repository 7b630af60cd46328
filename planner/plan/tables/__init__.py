"""The tables of a plan, made of what the solver decided and what the scenario says.

One file per area. Every function takes the decisions and the tables it builds on, with periods as whole
numbers; `finish` turns them into calendar periods, orders columns and rows and clears solver noise.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from planner.model.solution import Solution
from planner.plan.layout import TABLES
from planner.plan.rates import Rates
from planner.plan.tables.costs import costs_table, shadow_prices_table
from planner.plan.tables.decisions import Decisions, finish
from planner.plan.tables.delivery import delivery_table, trips_table
from planner.plan.tables.fulfillment import fulfillment_table
from planner.plan.tables.inventory import inventory_table, storage_table
from planner.plan.tables.items import actuals_table, items_table
from planner.plan.tables.options import maintenance_table, options_table, site_options_table, sites_table
from planner.plan.tables.production import capacity_table, production_table, setup_families_table
from planner.plan.tables.quality import quality_table
from planner.plan.tables.sales import demand_table, sales_table
from planner.plan.tables.sourcing import sourcing_table
from planner.plan.tables.stability import stability_table
from planner.plan.tables.targets import targets_table
from planner.plan.tables.workforce import workforce_table
from planner.scenario.scenario import Scenario

if TYPE_CHECKING:
    from planner.demand.demand import Demand


def make_tables(solution: Solution, scenario: Scenario, demand: "Demand") -> Mapping[str, pd.DataFrame]:
    """Every table that `layout.py` declares, keys first, sorted by keys, unrounded."""
    rates = Rates(scenario)
    decisions = Decisions(solution, rates)
    fulfillment = fulfillment_table(decisions, demand)
    sales = sales_table(decisions, demand, fulfillment)
    sourcing = sourcing_table(decisions)
    production = production_table(decisions)
    quality = quality_table(decisions, production, sourcing)
    delivery = delivery_table(decisions)
    inventory = inventory_table(
        decisions, production=production, sourcing=sourcing, quality=quality, delivery=delivery
    )
    families, options, maintenance = (
        setup_families_table(decisions),
        options_table(decisions),
        maintenance_table(decisions),
    )
    capacity = capacity_table(
        decisions, quality=quality, families=families, options=options, maintenance=maintenance
    )
    site_options = site_options_table(decisions)
    tables = {
        "items": items_table(scenario),
        "actuals": actuals_table(scenario),
        "sales": sales,
        "fulfillment": fulfillment,
        "sourcing": sourcing,
        "production": production,
        "quality": quality,
        "workforce": workforce_table(decisions, capacity),
        "inventory": inventory,
        "storage": storage_table(decisions, inventory, site_options),
        "delivery": delivery,
        "capacity": capacity,
        "setup_families": families,
        "options": options,
        "maintenance": maintenance,
        "trips": trips_table(decisions),
        "sites": sites_table(decisions),
        "site_options": site_options,
        "targets": targets_table(rates, sales),
        "costs": costs_table(decisions),
        "shadow_prices": shadow_prices_table(solution, scenario),
        "demand": demand_table(rates, demand),
        "forecast_record": demand.record,
    }
    tables["stability"] = stability_table(decisions, tables)
    return {name: finish(tables[name], TABLES[name], scenario.calendar) for name in TABLES}
