"""Each cost of a plan once: its area, the scenario's columns that it is charged by, and the plan's columns in
which it stands beside what it is for.

The costs of the model look themselves up here, and so do the cost table, the report and the audit. Nothing
here knows Pyomo.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class CostTerm:
    """A named part of a plan's total cost.

    `rates` are the scenario's columns, as table.column; `columns` those of the plan's tables, which add up to
    the term. Where it `is_of_service`, it is the price of being late or short, which `targets_first` ranks
    instead of counting.
    """

    name: str
    area: str
    rates: tuple[str, ...]
    columns: tuple[str, ...] = ()
    is_of_service: bool = False


# In the order in which goods flow.
COST_TERMS: dict[str, CostTerm] = {term.name: term for term in (
    CostTerm("purchase", "sourcing", rates=("sourcing.unit_cost", "price_breaks.unit_cost"),
             columns=("sourcing.purchase_cost",)),
    CostTerm("ordering", "sourcing", rates=("sourcing.order_cost",), columns=("sourcing.order_cost",)),
    CostTerm("production", "production", rates=("routings.unit_cost",),
             columns=("production.production_cost",)),
    CostTerm("setups", "production", rates=("routings.setup_cost", "setup_families.setup_cost"),
             columns=("production.setup_cost", "setup_families.setup_cost")),
    CostTerm("capacity_options", "production",
             rates=("capacity_options.fixed_cost", "capacity_options.period_cost"),
             columns=("options.option_cost",)),
    CostTerm("sites", "production", rates=("site_options.fixed_cost", "sites.site_cost"),
             columns=("site_options.option_cost", "sites.site_cost")),
    CostTerm("work_center_hours", "production", rates=("work_centers.hour_cost",),
             columns=("capacity.hour_cost",)),
    CostTerm("work_center_overtime", "production", rates=("work_centers.overtime_hour_cost",),
             columns=("capacity.overtime_cost",)),
    CostTerm("scrap", "quality", rates=("inspections.scrap_cost",), columns=("quality.scrap_cost",)),
    CostTerm("wages", "workforce", rates=("labor_pools.wage",), columns=("workforce.wages",)),
    CostTerm("labor_overtime", "workforce", rates=("labor_pools.overtime_wage",),
             columns=("workforce.overtime_cost",)),
    CostTerm("hiring", "workforce", rates=("labor_pools.hire_cost",), columns=("workforce.hire_cost",)),
    CostTerm("separation", "workforce", rates=("labor_pools.separation_cost",),
             columns=("workforce.separation_cost",)),
    CostTerm("holding", "inventory", rates=("inventory.holding_cost",), columns=("inventory.holding",)),
    CostTerm("safety_stock_penalty", "inventory", rates=("inventory.safety_stock_penalty",),
             columns=("inventory.safety_stock_penalty",)),
    CostTerm("storage_overflow", "inventory", rates=("sites.storage_overflow_cost",),
             columns=("storage.overflow_cost",)),
    CostTerm("freight", "delivery", rates=("lanes.unit_cost",), columns=("delivery.freight",)),
    CostTerm("vehicle_trips", "delivery", rates=("lanes.vehicle_cost",), columns=("trips.vehicle_cost",)),
    CostTerm("stability", "stability", rates=("stability_costs.cost",),
             columns=("stability.stability_cost",)),
    CostTerm("backorders", "sales", rates=("service_terms.backorder_cost",), is_of_service=True),
    CostTerm("lost_sales", "sales", rates=("service_terms.lost_sale_cost",), is_of_service=True),
)}


def shown_in(table: str) -> dict[str, str]:
    """The cost columns of a table of the plan, each with its cost term."""
    places = ((term.name, column.split(".")) for term in COST_TERMS.values() for column in term.columns)
    return {column: term for term, (home, column) in places if home == table}
