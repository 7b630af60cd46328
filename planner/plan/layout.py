"""The tables of a plan: every column with its unit and meaning, keys first. The results reference is made from here."""

from dataclasses import dataclass
from typing import Literal

from planner.model.limits import KEYS

# whole numbers are never blank, ranks may be
Kind = Literal["name", "whole", "rank", "number", "period"]

KINDS: dict[str, Kind] = {"priority": "whole", "tier": "whole", "lag": "whole", "customer": "name", "period": "period", "due": "period", "arrives": "period", "promised": "period", "from": "period", "to": "period", "measure": "name", "unit": "name", "family": "name", **dict.fromkeys(("change", "text", "kind", "table", "status", "largest"), "name"), "until": "period", "step": "whole"}

BLANK = "blank"  # may be blank: where there is no limit, the limit is blank, and so is what is measured against it
WHOLE = "whole"  # comes in whole numbers only
STATE = "state"  # stands at the end of a period: over several periods it is averaged, never added up


@dataclass(frozen=True)
class Measure:
    """One column of a plan table."""

    name: str
    unit: str
    meaning: str
    key: bool = False
    traits: frozenset[str] = frozenset()

    @property
    def kind(self) -> Kind:
        """What its cells hold: keys are names and measures numbers, unless KINDS says otherwise."""
        kind = KINDS.get(self.name, "name" if self.key else "number")
        return "rank" if kind == "whole" and self.may_be_blank else kind

    @property
    def may_be_blank(self) -> bool:
        """Whether a blank is a value: unlimited, or no such thing."""
        return BLANK in self.traits

    @property
    def is_whole(self) -> bool:
        """Whether it comes in whole numbers only."""
        return WHOLE in self.traits

    @property
    def is_state(self) -> bool:
        """Whether it is a level rather than a flow."""
        return STATE in self.traits


BLANKS = frozenset({BLANK})


def key(name: str, meaning: str, *traits: str, unit: str = "") -> Measure:
    """A column that names what a row stands for; with BLANK it may be blank."""
    return Measure(name, unit, meaning, key=True, traits=frozenset(traits))


@dataclass(frozen=True)
class PlanTable:
    """One table of a plan: the area it belongs to and its columns, keys first. One of the `past` has periods
    before the plan, and figures that the plan does not decide.
    """

    name: str
    meaning: str
    columns: tuple[Measure, ...]
    past: bool = False

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


def _table(name: str, meaning: str, keys: dict[str, str], measures: dict[str, tuple[str, ...]], *, past: bool = False) -> PlanTable:
    """A table of key columns with their meanings and measures with unit, meaning and traits. What a key of rules and costs may lack is blank."""
    key_columns = [Measure(key, "", text, key=True, traits=frozenset({BLANK} if text == KEYS.get(key) else ())) for key, text in keys.items()]
    return PlanTable(name, meaning, (*key_columns, *(
        Measure(column, unit, text, traits=frozenset(traits)) for column, (unit, text, *traits) in measures.items())), past=past)


PERIOD = {"period": "the period"}
# What a cost can be traced to: nothing costs by target, group of options or price tier.
COST_KEYS = {key: text for key, text in KEYS.items() if key not in ("target", "choice_group", "tier")}

TABLES: dict[str, PlanTable] = {table.name: table for table in (
    _table("items", "The items that are planned, as the scenario has them.", {"item": "the item"}, {
        "family": ("", "its family; blank: none"),
        "unit": ("", "what it is counted in; blank: not said"),
        "price": ("currency per unit", "its list price; blank: it has none", STATE, BLANK),
        "standard_cost": ("currency per unit", "what a unit of it counts for in stock; blank: not said", STATE, BLANK)}),
    _table("actuals", "What was ordered for the year before the plan, returns as the forecast has them.",
           {"item": "the item", "period": "a period before the plan"}, {
        "ordered": ("units", "ordered for the period"),
        "revenue": ("currency", "what it earned; blank: not recorded", BLANK)}, past=True),
    _table("sales", "Demand, and what of it is delivered on time, late and lost.",
           {"item": "the item", "market": "the market", "demand_class": "booked or forecast", "priority": "1 is served first", **PERIOD}, {
        "demand": ("units", "demand of the period"),
        "delivered_on_time": ("units", "delivered in the period of the demand"),
        "delivered_late": ("units", "delivered out of the backorders"),
        "backorders": ("units", "still owed at the end of the period", STATE),
        "lost": ("units", "given up in the period"),
        "price": ("currency per unit", "mean price of what is delivered; where nothing is, of the demand, or the list price", STATE),
        "revenue": ("currency", "price times what is delivered")}),
    _table("fulfillment", "What becomes of each booked order, and of forecast demand by origin.",
           {"item": "the item", "market": "the market", "demand_class": "booked or forecast", "priority": "1 is served first",
            "origin": "booked, pipeline, baseline, promotion, consensus, override or user",
            "order": "the booked order; blank: forecast demand",
            "due": "period of the demand; of an order overdue when the plan starts, a period before it", **PERIOD}, {
        "customer": ("", "who ordered; blank: not recorded, or forecast demand"),
        "delivered_on_time": ("units", "delivered in the period, which is the one of the demand"),
        "delivered_late": ("units", "delivered in the period, after the one of the demand"),
        "lost": ("units", "given up in the period"),
        "price": ("currency per unit", "the order's agreed price, else the list price of the period", STATE),
        "revenue": ("currency", "price times what is delivered")}),
    _table("sourcing", "What is ordered from whom.",
           {"item": "the item", "supplier": "the supplier", "site": "the site delivered to", **PERIOD}, {
        "purchased": ("units", "ordered in the period"),
        "received": ("units", "arriving in the period"),
        "arrives": ("period", "when what is ordered in the period arrives, perhaps after the plan; blank: nothing can be ordered", BLANK),
        "capacity": ("units", "maximum quantity that can be ordered from the supplier for the site; blank: unlimited", BLANK),
        "orders": ("orders", "orders placed", WHOLE),
        "lots": ("lots", "whole lots ordered; blank: any quantity can be", WHOLE, BLANK),
        "purchase_cost": ("currency", "paid for what is ordered, at the price of its quantity"),
        "order_cost": ("currency", "cost of placing the orders")}),
    _table("production", "What is started and what comes out.",
           {"item": "the item", "site": "the site", "routing": "the routing", **PERIOD}, {
        "production": ("units", "started in the period"),
        "produced": ("units", "completed in the period, good or not"),
        "yield_loss": ("units", "completed in the period but not good"),
        "arrives": ("period", "when what is started in the period is completed, perhaps after the plan; blank: nothing can be started", BLANK),
        "hours": ("hours", "hours of all steps for what is started, setups apart"),
        "setups": ("setups", "setups made, of a routing that needs them", WHOLE),
        "carried": ("setups", "setups kept from the period before", WHOLE),
        "lots": ("lots", "whole lots started; blank: any quantity can be", WHOLE, BLANK),
        "setup_hours": ("hours", "hours that its setups take, on all work centers"),
        "production_cost": ("currency", "unit cost of what is started, hours and components apart"),
        "setup_cost": ("currency", "cost of its setups")}),
    _table("setup_families", "Setups that the routings of a family share.",
           {"site": "the site", "setup_family": "the family", **PERIOD}, {
        "setups": ("setups", "setups made", WHOLE),
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
        "opening_headcount": ("workers", "workers before the period", STATE),
        "hired": ("workers", "joining in the period"),
        "separated": ("workers", "let go in the period"),
        "attrition": ("workers", "leaving by themselves"),
        "headcount": ("workers", "workers in the period", STATE),
        "regular_hours": ("hours", "hours available without overtime"),
        "overtime_hours": ("hours", "overtime worked"),
        "hours_used": ("hours", "crew hours that production and inspection take"),
        "wages": ("currency", "wages, used or not"),
        "overtime_cost": ("currency", "overtime wages"),
        "hire_cost": ("currency", "cost of hiring"),
        "separation_cost": ("currency", "cost of separation")}),
    _table("inventory", "Every flow of every stock: opening + inflows - outflows = closing.",
           {"item": "the item", "site": "the site", **PERIOD}, {
        "opening": ("units", "stock at the start of the period", STATE),
        "produced": ("units", "completed by production, good or not"),
        "received": ("units", "received from suppliers"),
        "scheduled_receipts": ("units", "scheduled receipts that arrive in the period"),
        "transferred_in": ("units", "arriving from other sites"),
        "consumed": ("units", "used as a component"),
        "shipped": ("units", "leaving for markets"),
        "transferred_out": ("units", "leaving for other sites"),
        "scrapped": ("units", "lost to yield and inspection"),
        "closing": ("units", "stock at the end of the period", STATE),
        "safety_stock": ("units", "safety stock (soft, at a penalty), the larger of safety_stock and days_of_supply", STATE),
        "safety_stock_shortfall": ("units", "stock missing against it", STATE),
        "holding": ("currency", "cost of the closing stock"),
        "safety_stock_penalty": ("currency", "penalty of the shortfall")}),
    _table("storage", "Space used at each site.",
           {"site": "the site", **PERIOD}, {
        "volume": ("volume", "space the closing stock takes", STATE),
        "storage_capacity": ("volume", "space there is; blank: unlimited", STATE, BLANK),
        "added_capacity": ("volume", "space that expansions have added", STATE),
        "overflow": ("volume", "space used beyond it", STATE),
        "overflow_cost": ("currency", "cost of the overflow")}),
    _table("delivery", "What travels where.",
           {"origin": "site it leaves", "destination": "site or market it reaches", "mode": "means of transport", "item": "the item", **PERIOD}, {
        "shipped": ("units", "leaving in the period"),
        "arrived": ("units", "arriving in the period"),
        "arrives": ("period", "when what leaves in the period arrives, perhaps after the plan; blank: nothing can leave", BLANK),
        "freight": ("currency", "freight of what leaves")}),
    _table("trips", "Vehicles that go, on lanes with vehicles.",
           {"origin": "site they leave", "destination": "site or market they reach", "mode": "means of transport",
            "item": "item of the lane's row; blank: all that it carries", **PERIOD}, {
        "shipped": ("units", "leaving in the period, all items of the row together"),
        "vehicles": ("vehicles", "vehicles that go", WHOLE),
        "room": ("units", "what they hold"),
        "vehicle_cost": ("currency", "cost of the trips")}),
    _table("capacity", "Hours of each work center.",
           {"site": "the site", "work_center": "the work center", **PERIOD}, {
        "available_hours": ("hours", "regular hours, gross; blank: unlimited", BLANK),
        "effective_hours": ("hours", "regular hours after the OEE factors; blank: unlimited", BLANK),
        "option_hours": ("hours", "hours that running options add, after the OEE factors"),
        "stop_hours": ("hours", "hours that maintenance stops take, after the OEE factors"),
        "load_hours": ("hours", "hours worked, setups and overtime included"),
        "setup_hours": ("hours", "hours of it that are setups"),
        "overtime_hours": ("hours", "hours worked as overtime"),
        "overtime_limit": ("hours", "maximum overtime, after the OEE factors"),
        "utilization": ("0 to 1", "load over effective hours, with options and without stops; above 1 with overtime", STATE, BLANK),
        "hour_cost": ("currency", "cost of the regular hours worked"),
        "overtime_cost": ("currency", "cost of the overtime hours worked")}),
    _table("options", "Capacity options bought and running.",
           {"option": "the option", **PERIOD}, {
        "bought": ("options", "bought in the period", WHOLE),
        "running": ("options", "running in the period", STATE, WHOLE),
        "option_cost": ("currency", "cost of buying and running")}),
    _table("maintenance", "When the stops that must be placed take place.",
           {"site": "the site", "work_center": "the work center", **PERIOD}, {
        "stops": ("stops", "stops in the period", WHOLE),
        "stop_hours": ("hours", "hours that they take, after the OEE factors")}),
    _table("sites", "Sites that cost something to keep open, or that can be opened or closed.",
           {"site": "the site", **PERIOD}, {
        "open": ("0 or 1", "whether the site is open", STATE, WHOLE),
        "site_cost": ("currency", "cost of the period in which it is open")}),
    _table("site_options", "Sites opened, closed and expanded.",
           {"site_option": "the option", **PERIOD}, {
        "chosen": ("options", "chosen in the period", WHOLE),
        "option_cost": ("currency", "cost of doing it")}),
    _table("stability", "What is begun in the periods that the plan agreed on has too, and how far that is from it.",
           {"area": "production, sourcing, delivery or workforce", "measure": "production, purchased, shipped, hired or separated: the column that is compared",
            **{key: KEYS[key] for key in ("item", "site", "supplier", "destination", "labor_pool")}, **PERIOD}, {
        "agreed": ("units or workers", "in the plan agreed on"),
        "planned": ("units or workers", "in this plan"),
        "changed": ("units or workers", "the one less the other, never below 0"),
        "frozen": ("0 or 1", "whether it is held to the plan agreed on", STATE, WHOLE),
        "stability_cost": ("currency", "cost of the change")}),
    _table("targets", "Sales targets against demand and deliveries.",
           {"target": "the target"}, {
        "measure": ("", "units or revenue"),
        "priority": ("rank", "1 is met first"),
        "from": ("period", "first period counted"),
        "to": ("period", "last period counted"),
        "quantity": ("units or currency", "the target"),
        "demand": ("units or currency", "demand in its scope"),
        "delivered": ("units or currency", "what is delivered in its scope"),
        "shortfall": ("units or currency", "the target less what is delivered, never below 0")}),
    _table("costs", "Every cost, with what it can be traced to; the amounts add up to the plan's total cost.",
           {"area": "the area", "cost": "the cost", **COST_KEYS, **PERIOD}, {
        "amount": ("currency", "the cost")}),
    _table("shadow_prices", "Marginal values of limits, pass by pass: what one more unit of a maximum, or one unit less of a minimum, would save or serve.",
           {"pass": "the pass of plan.passes: those before the last one are passes of service",
            "constraint": "the rule", "key": "what it stands for, parts joined by ' | '", **KEYS, **PERIOD,
            "from": "of lateness_of_later_demand: the period of the demand that waits less long"}, {
        "shadow_price": ("currency per unit", "cost saved by one more unit of the limit; in passes of service, units served, or share of the targets met", STATE),
        "unit": ("", "unit of the limit")}),
    _table("demand", "Where every unit of demand comes from.",
           {"item": "the item", "market": "the market", **PERIOD, "origin": "booked, pipeline, baseline, promotion, consensus, override or user"}, {
        "quantity": ("units", "units wanted")}),
    _table("forecast_record", "How well past forecasts did, each made from what was known at the time.",
           {"level": "item and market, item, market, or total",
            "measure": "wape, bias, mase, rmsse, pinball (scaled), coverage_80, coverage_90, coverage_95, tracking_signal, off_track (share of "
                       "the series), instability (change from one backtest origin to the next), step_value, value_added, value_added_to_quarter",
            "lag": "periods ahead; 0: the whole horizon",
            "method": "seasonal_naive and same_month_last_quarter for comparison; stream_ and the name of each "
                      "stream; run_rate, pipeline, promotions, streams, overrides: each with the steps before it; planner: the last step"}, {
        "value": ("as the measure", "wape, bias and instability as shares of what was wanted; step_value: wape of the step before less the "
                                    "step's own; value_added: wape of seasonal_naive, or same_month_last_quarter, less the method's")}),
)}
