"""Which side answers for which table: sales for what is sold and promised, operations for how it is supplied.

Declared once, for whoever says who changed what, and for whoever lets people change it.
"""

from collections.abc import Mapping
from typing import Literal

Side = Literal["sales", "operations", "shared"]

SIGNING: tuple[Side, Side] = ("sales", "operations")  # what is shared, each of the two may change
SETTINGS = "settings"  # of a scenario, beside its tables

SIDES: Mapping[str, Side] = {
    SETTINGS: "shared",
    # master
    "items": "shared", "sites": "operations", "site_options": "operations", "markets": "sales",
    "customers": "sales", "exchange_rates": "shared",
    # sales
    "order_history": "sales", "booked_orders": "sales", "opportunities": "sales", "stage_history": "sales",
    "close_history": "sales", "stages": "sales", "campaigns": "sales", "promotions": "sales",
    "lifecycles": "sales", "forecast_overrides": "sales", "forecast_streams": "sales",
    "working_days": "sales", "stockouts": "operations", "demand": "sales", "prices": "sales",
    "sales_targets": "sales", "service_terms": "sales",
    # sourcing
    "sourcing": "operations", "supplier_capacity": "operations", "price_breaks": "operations",
    "scheduled_receipts": "operations",
    # production
    "bill_of_materials": "operations", "routings": "operations", "routing_steps": "operations",
    "work_centers": "operations", "capacity": "operations", "setup_families": "operations",
    "capacity_options": "operations", "maintenance": "operations",
    # quality
    "inspections": "operations", "specifications": "operations", "properties": "operations",
    # workforce
    "labor_pools": "operations", "training": "operations",
    # inventory, delivery
    "inventory": "operations", "lanes": "operations",
    # finance, contingency
    "budgets": "shared", "disruptions": "shared",
    # what both sides agreed on, and their goals
    "stability_costs": "shared", "goals": "shared",
}

# Columns of shared tables that one side answers for.
COLUMN_SIDES: Mapping[tuple[str, str], Side] = {
    ("items", "price"): "sales", ("items", "gaps"): "sales",
    ("items", "standard_cost"): "operations", ("items", "volume"): "operations",
    ("items", "weight"): "operations", ("items", "shelf_life"): "operations",
}


def side_of(table: str, column: str = "") -> Side:
    """The side that answers for the table, or for the column of it: sales, operations, or shared."""
    return COLUMN_SIDES.get((table, column), SIDES[table])


def tables_of(side: Side) -> tuple[str, ...]:
    """The tables that the side answers for, in the order of the schema; settings are no table."""
    return tuple(table for table, owner in SIDES.items() if owner == side and table != SETTINGS)
