"""The tables of a plan: every column with its unit and meaning, keys first. The results reference is made from here."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["name", "whole", "number", "period"]

KINDS: dict[str, Kind] = {"priority": "whole", "lag": "whole", "period": "period", "from": "period", "to": "period", "measure": "name", "unit": "name"}
# Where there is no limit, the limit is blank, and so is what is measured against it.
MAY_BE_BLANK = frozenset({"capacity", "available_hours", "effective_hours", "utilization", "storage_capacity", "lots"})
# What comes in whole numbers only.
WHOLE_MEASURES = frozenset({"orders", "lots", "setups", "carried", "bought", "running", "stops", "chosen", "open", "vehicles"})
# What stands at the end of a period: over several periods it is averaged, never added up.
STATES = frozenset({"backorders", "opening_headcount", "headcount", "opening", "closing", "safety_stock", "safety_stock_shortfall",
                    "volume", "storage_capacity", "added_capacity", "overflow", "utilization", "price", "shadow_price",
                    "running", "open"})


@dataclass(frozen=True)
class Measure:
    """One column of a plan table."""

    name: str
    unit: str
    meaning: str
    key: bool = False

    @property
    def kind(self) -> Kind:
        """What its cells hold: keys are names and measures numbers, unless KINDS says otherwise."""
        return KINDS.get(self.name, "name" if self.key else "number")

    @property
    def may_be_blank(self) -> bool:
        """Whether a blank is a value: unlimited, or no such thing."""
        return self.name in MAY_BE_BLANK

    @property
    def is_state(self) -> bool:
        """Whether it is a level rather than a flow."""
        return self.name in STATES


@dataclass(frozen=True)
class PlanTable:
    """One table of a plan: the area it belongs to and its columns, keys first."""

    name: str
    meaning: str
    columns: tuple[Measure, ...]

    @property
    def keys(self) -> list[str]:
        """Names of the key columns, in order."""
        return [column.name for column in self.columns if column.key]

    @property
    def measures(self) -> list[str]:
        """Names of the columns that hold numbers to be compared, in order."""
        return [column.name for column in self.columns if not column.key and column.kind == "number"]

    @property
    def names(self) -> list[str]:
        """Names of all columns, in order."""
        return [column.name for column in self.columns]


def _table(name: str, meaning: str, keys: dict[str, str], measures: dict[str, tuple[str, str]]) -> PlanTable:
    key_columns = [Measure(key, "", text, key=True) for key, text in keys.items()]
    return PlanTable(name, meaning, (*key_columns, *(Measure(column, unit, text) for column, (unit, text) in measures.items())))


PERIOD = {"period": "the period"}

TABLES: dict[str, PlanTable] = {table.name: table for table in (
    _table("sales", "What is wanted, delivered, late and lost.",
           {"item": "the item", "market": "the market", "demand_class": "booked or forecast", "priority": "1 is served first", **PERIOD}, {
        "demand": ("units", "wanted in the period"),
        "delivered_on_time": ("units", "delivered in the period it was wanted in"),
        "delivered_late": ("units", "delivered out of the backorders"),
        "backorders": ("units", "still owed at the end of the period"),
        "lost": ("units", "given up in the period"),
        "price": ("currency per unit", "sales price"),
        "revenue": ("currency", "price times what is delivered")}),
    _table("sourcing", "What is ordered from whom.",
           {"item": "the item", "supplier": "the supplier", "site": "the site delivered to", **PERIOD}, {
        "purchased": ("units", "ordered in the period"),
        "received": ("units", "arriving in the period"),
        "capacity": ("units", "most that can be ordered from the supplier for the site; blank: unlimited"),
        "orders": ("orders", "orders placed"),
        "lots": ("lots", "whole lots ordered; blank: any quantity can be"),
        "purchase_cost": ("currency", "paid for what is ordered, at the price of its quantity"),
        "order_cost": ("currency", "cost of placing the orders")}),
    _table("production", "What is started and what comes out.",
           {"item": "the item", "site": "the site", "routing": "the routing", **PERIOD}, {
        "production": ("units", "started in the period"),
        "produced": ("units", "completed in the period, good or not"),
        "yield_loss": ("units", "completed in the period but not good"),
        "hours": ("hours", "hours of all steps for what is started, setups apart"),
        "setups": ("setups", "setups made, of a routing that needs them"),
        "carried": ("setups", "setups kept from the period before"),
        "lots": ("lots", "whole lots started; blank: any quantity can be"),
        "setup_hours": ("hours", "hours that its setups take, on all work centers"),
        "production_cost": ("currency", "unit cost of what is started, hours and components apart"),
        "setup_cost": ("currency", "cost of its setups")}),
    _table("setup_families", "Setups that the routings of a family share.",
           {"site": "the site", "setup_family": "the family", **PERIOD}, {
        "setups": ("setups", "setups made"),
        "setup_hours": ("hours", "hours that they take"),
        "setup_cost": ("currency", "cost of the setups")}),
    _table("quality", "What inspection finds.",
           {"item": "the item", "site": "the site", **PERIOD}, {
        "inspected": ("units", "inspected in the period"),
        "defective": ("units", "found defective"),
        "reworked": ("units", "made good by rework"),
        "scrapped": ("units", "scrapped by inspection"),
        "inspection_hours": ("hours", "hours of inspection and rework"),
        "scrap_cost": ("currency", "cost of disposing of the scrap")}),
    _table("workforce", "Workers of each pool.",
           {"site": "the site", "labor_pool": "the pool", **PERIOD}, {
        "opening_headcount": ("workers", "workers before the period"),
        "hired": ("workers", "joining in the period"),
        "separated": ("workers", "let go in the period"),
        "attrition": ("workers", "leaving by themselves"),
        "headcount": ("workers", "workers in the period"),
        "regular_hours": ("hours", "hours available without overtime"),
        "overtime_hours": ("hours", "overtime worked"),
        "hours_used": ("hours", "crew hours that production and inspection take"),
        "wage_cost": ("currency", "wages, used or not"),
        "overtime_cost": ("currency", "overtime wages"),
        "hire_cost": ("currency", "cost of hiring"),
        "separation_cost": ("currency", "cost of separation")}),
    _table("inventory", "Every flow of every stock: opening + inflows - outflows = closing.",
           {"item": "the item", "site": "the site", **PERIOD}, {
        "opening": ("units", "stock at the start of the period"),
        "produced": ("units", "completed by production, good or not"),
        "received": ("units", "received from suppliers"),
        "scheduled_receipts": ("units", "arriving from before the plan"),
        "transferred_in": ("units", "arriving from other sites"),
        "consumed": ("units", "used as a component"),
        "shipped": ("units", "leaving for markets"),
        "transferred_out": ("units", "leaving for other sites"),
        "scrapped": ("units", "lost to yield and inspection"),
        "closing": ("units", "stock at the end of the period"),
        "safety_stock": ("units", "stock to keep, the larger of safety_stock and days_of_supply"),
        "safety_stock_shortfall": ("units", "stock missing against it"),
        "holding_cost": ("currency", "cost of the closing stock"),
        "safety_stock_cost": ("currency", "penalty of the shortfall")}),
    _table("storage", "Space used at each site.",
           {"site": "the site", **PERIOD}, {
        "volume": ("volume", "space the closing stock takes"),
        "storage_capacity": ("volume", "space there is; blank: unlimited"),
        "added_capacity": ("volume", "space that expansions have added"),
        "overflow": ("volume", "space used beyond it"),
        "overflow_cost": ("currency", "cost of the overflow")}),
    _table("delivery", "What travels where.",
           {"origin": "site it leaves", "destination": "site or market it reaches", "mode": "means of transport", "item": "the item", **PERIOD}, {
        "shipped": ("units", "leaving in the period"),
        "arrived": ("units", "arriving in the period"),
        "freight_cost": ("currency", "freight of what leaves")}),
    _table("trips", "Vehicles that go, on lanes with vehicles.",
           {"origin": "site they leave", "destination": "site or market they reach", "mode": "means of transport",
            "item": "item of the lane's row; blank: all that it carries", **PERIOD}, {
        "shipped": ("units", "leaving in the period, all items of the row together"),
        "vehicles": ("vehicles", "vehicles that go"),
        "room": ("units", "what they hold"),
        "vehicle_cost": ("currency", "cost of the trips")}),
    _table("capacity", "Hours of each work center.",
           {"site": "the site", "work_center": "the work center", **PERIOD}, {
        "available_hours": ("hours", "regular hours, gross; blank: unlimited"),
        "effective_hours": ("hours", "regular hours after the OEE factors; blank: unlimited"),
        "option_hours": ("hours", "hours that running options add, after the OEE factors"),
        "stop_hours": ("hours", "hours that maintenance stops take, after the OEE factors"),
        "load_hours": ("hours", "hours worked, setups and overtime included"),
        "setup_hours": ("hours", "hours of it that are setups"),
        "overtime_hours": ("hours", "hours worked as overtime"),
        "overtime_limit": ("hours", "most overtime, after the OEE factors"),
        "utilization": ("0 to 1", "load over effective hours, with options and without stops; above 1 with overtime"),
        "hour_cost": ("currency", "cost of the regular hours worked"),
        "overtime_cost": ("currency", "cost of the overtime hours worked")}),
    _table("options", "Capacity options bought and running.",
           {"option": "the option", **PERIOD}, {
        "bought": ("options", "bought in the period"),
        "running": ("options", "running in the period"),
        "option_cost": ("currency", "cost of buying and running")}),
    _table("maintenance", "When the stops that must be placed take place.",
           {"site": "the site", "work_center": "the work center", **PERIOD}, {
        "stops": ("stops", "stops in the period"),
        "stop_hours": ("hours", "hours that they take, after the OEE factors")}),
    _table("sites", "Sites that cost something to keep open, or that can be opened or closed.",
           {"site": "the site", **PERIOD}, {
        "open": ("0 or 1", "whether the site is open"),
        "site_cost": ("currency", "cost of the period in which it is open")}),
    _table("site_options", "Sites opened, closed and expanded.",
           {"site_option": "the option", **PERIOD}, {
        "chosen": ("options", "chosen in the period"),
        "option_cost": ("currency", "cost of doing it")}),
    _table("targets", "Sales targets against what is wanted and delivered.",
           {"target": "the target"}, {
        "measure": ("", "units or revenue"),
        "priority": ("rank", "1 is met first"),
        "from": ("period", "first period counted"),
        "to": ("period", "last period counted"),
        "quantity": ("units or currency", "the target"),
        "demand": ("units or currency", "what is wanted in its scope"),
        "delivered": ("units or currency", "what is delivered in its scope"),
        "shortfall": ("units or currency", "the target less what is delivered, never below 0")}),
    _table("costs", "Every cost; the amounts add up to the plan's total cost.",
           {"area": "the area", "cost": "the cost", "site": "the site, where there is one", "item": "the item, where there is one", **PERIOD}, {
        "amount": ("currency", "the cost")}),
    _table("shadow_prices", "What one more unit of a limit would save.",
           {"constraint": "the rule", "key": "what it stands for, parts joined by ' | '", **PERIOD}, {
        "shadow_price": ("currency per unit", "cost saved by one more unit of the limit"),
        "unit": ("", "unit of the limit")}),
    _table("demand", "Where every unit of demand comes from.",
           {"item": "the item", "market": "the market", **PERIOD, "origin": "booked, pipeline, baseline, promotion, consensus, override or user"}, {
        "quantity": ("units", "units wanted")}),
    _table("forecast_record", "How well past forecasts did, each made from what was known at the time.",
           {"level": "item and market, item, market, or total",
            "measure": "wape, bias, mase, rmsse, pinball (scaled), coverage_80, coverage_90, coverage_95, tracking_signal, off_track (share of "
                       "the series), instability (change from cycle to cycle), step_value, value_added, value_added_to_quarter",
            "lag": "periods ahead; 0: the whole horizon",
            "method": "seasonal_naive and same_month_last_quarter for comparison; stream_ and the name of each "
                      "stream; run_rate, pipeline, promotions, streams, overrides: each with the steps before it; planner: the last step"}, {
        "value": ("as the measure", "wape, bias and instability as shares of what was wanted; step_value: wape of the step before less the "
                                    "step's own; value_added: wape of seasonal_naive, or same_month_last_quarter, less the method's")}),
)}

COST_TERMS: dict[str, str] = {
    "purchase": "sourcing", "ordering": "sourcing", "production": "production", "setups": "production",
    "capacity_options": "production", "sites": "production",
    "work_center_hours": "production", "work_center_overtime": "production",
    "scrap": "quality", "wages": "workforce", "labor_overtime": "workforce", "hiring": "workforce", "separation": "workforce",
    "holding": "inventory", "safety_stock_penalty": "inventory", "storage_overflow": "inventory", "freight": "delivery", "vehicle_trips": "delivery",
    "backorders": "sales", "lost_sales": "sales",
}

LIMIT_UNITS: dict[str, str] = {
    "market_deliveries": "units", "demand_balance": "units", "late_deliveries": "units", "max_lateness": "units", "lateness_of_later_demand": "units", "min_fill_rate": "units", "sales_targets": "units or currency",
    "source_capacity": "units", "supplier_capacity": "units", "min_share": "units", "max_share": "units",
    "routing_capacity": "units", "work_center_load": "hours", "work_center_capacity": "hours", "overtime_limit": "hours",
    "inventory_balance": "units", "stock_outflow": "units", "safety_stock": "units", "days_of_supply": "units", "max_inventory": "units", "ending_inventory": "units",
    "storage_capacity": "volume", "lane_capacity": "units",
    "headcount_balance": "workers", "labor_hours": "hours", "labor_overtime_limit": "hours", "min_headcount": "workers",
    "max_headcount": "workers", "max_hires": "workers",
    "placed_orders": "units", "minimum_order": "units", "order_multiple": "units", "tiers_add_up": "units", "tier_limit": "units",
    "tier_minimum": "units", "one_tier": "orders", "tier_filled": "units",
    "setup_needed": "units", "minimum_lot": "units", "production_multiple": "units", "family_setup_needed": "units",
    "carried_from_before": "setups", "one_setup_carried": "setups", "setup_kept_through": "setups", "undisturbed_center": "setups",
    "option_limit": "options", "option_runs_when_installed": "options", "maintenance_stops": "stops",
    "choice_limit": "options", "site_is_open": "sites", "open_sites_only": "units", "open_sites_produce": "units",
    "minimum_shipment": "units", "shipment_leaves": "units", "vehicle_capacity": "units",
    "opening_inventory": "units", "opening_headcount": "workers", "opening_backorders": "units",
}
