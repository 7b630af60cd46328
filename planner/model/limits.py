"""Each rule of the model once: its words, its unit, whether somebody could relax it, and where it is written.

The rules look themselves up here, and so does everything that speaks of them: shadow prices, explanations,
the report, the audit and the message about limits in conflict. Nothing here knows Pyomo, so that a plan that
was saved can be read without it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

# What a row of the rule is: a limit that could be wider, a minimum or a number of which less could be
# demanded, a balance of what comes and goes, or a link between decisions, which nobody can relax.
Kind = Literal["maximum", "minimum", "exact", "balance", "link"]

# The key columns of rules and costs, in the order in which tables have them, with what a blank says.
KEYS: dict[str, str] = {
    "item": "the item; blank: none, or all together",
    "site": "the site, where there is one",
    "supplier": "the supplier, where there is one",
    "routing": "the routing, where there is one",
    "setup_family": "the setup family, where there is one",
    "work_center": "the work center, where there is one",
    "labor_pool": "the labor pool, where there is one",
    "origin": "site that a lane leaves, where there is a lane",
    "destination": "site or market that the lane reaches",
    "mode": "its means of transport",
    "market": "the market, where there is one",
    "demand_class": "booked or forecast, where it is about demand; `booked at` a price where prices decide",
    "priority": "priority of that demand",
    "target": "the sales target, where there is one",
    "option": "the capacity option, where there is one",
    "site_option": "the site option, where there is one",
    "choice_group": "the group of site options, where there is one",
    "tier": "the price tier, where there is one",
}
RANKS = frozenset({"priority", "tier"})  # keys that are numbers


@dataclass(frozen=True)
class Limit:
    """A rule in words: "maximum lateness" of whatever its key columns say.

    `sources` are the columns of the scenario in which it is written, as table.column, the one that beats the
    others first. A `soft` minimum may be missed, at a price or by rank, so that it never stands in the way
    of a plan.
    """

    name: str
    words: str
    kind: Kind
    unit: str
    area: str
    sources: tuple[str, ...] = ()
    soft: bool = False

    @property
    def is_limit(self) -> bool:
        """Whether somebody could ask for more or less of it, so that its shadow price is a marginal value."""
        return self.kind in ("maximum", "minimum", "exact")

    @property
    def is_relaxable(self) -> bool:
        """Whether it can be what keeps any plan from being possible."""
        return self.is_limit and not self.soft

    @property
    def is_equality(self) -> bool:
        """Whether its shadow price may be below 0: one more unit on its right-hand side can save as well."""
        return self.kind in ("balance", "exact")


def _of(area: str, *limits: tuple[str, str, Kind, str, *tuple[str, ...]]) -> Iterable[Limit]:
    """Name, words, kind, unit and sources of each rule of an area."""
    for name, words, kind, unit, *sources in limits:
        yield Limit(name, words, kind=kind, unit=unit, area=area, soft="soft" in sources,
                    sources=tuple(source for source in sources if source != "soft"))


FROZEN = "calendar.frozen_periods"  # a setting, which stands in no table

LIMITS: dict[str, Limit] = {limit.name: limit for limit in (
    *_of("production",
        ("work_center_load", "load", "balance", "hours"),
        ("work_center_capacity", "available hours", "maximum", "hours",
         "capacity.available_hours", "work_centers.available_hours"),
        ("overtime_limit", "maximum overtime", "maximum", "hours",
         "capacity.overtime_hours", "work_centers.overtime_hours"),
        ("routing_capacity", "routing capacity", "maximum", "units", "routings.capacity"),
        ("minimum_lot", "minimum lot", "minimum", "units", "routings.min_lot"),
        ("production_multiple", "whole lots", "balance", "units", "routings.lot_multiple"),
        ("setup_needed", "setup", "link", "units"),
        ("family_setup_needed", "setup of the family", "link", "units"),
        ("carried_from_before", "setup carried over", "link", "setups"),
        ("one_setup_carried", "one setup carried over", "link", "setups"),
        ("setup_kept_through", "setup kept through the period", "link", "setups"),
        ("undisturbed_center", "setup kept undisturbed", "link", "setups"),
        ("option_limit", "maximum count", "maximum", "options", "capacity_options.max_count"),
        ("option_runs_when_installed", "options installed", "link", "options"),
        ("maintenance_stops", "maintenance stops due", "exact", "stops", "maintenance.stops"),
        ("choice_limit", "maximum chosen", "maximum", "options", "site_options.max_chosen"),
        ("site_is_open", "opening and closing", "balance", "sites"),
        ("open_sites_produce", "closed site for production", "link", "units", "site_options.kind")),
    *_of("workforce",
        ("opening_headcount", "opening headcount", "balance", "workers", "labor_pools.headcount"),
        ("headcount_balance", "headcount", "balance", "workers"),
        ("labor_hours", "labor hours", "maximum", "hours", "labor_pools.hours_per_worker"),
        ("labor_overtime_limit", "maximum overtime", "maximum", "hours",
         "labor_pools.overtime_hours_per_worker"),
        ("min_headcount", "minimum headcount", "minimum", "workers", "labor_pools.min_headcount"),
        ("max_headcount", "maximum headcount", "maximum", "workers", "labor_pools.max_headcount"),
        ("max_hires", "maximum hires", "maximum", "workers", "labor_pools.max_hires")),
    *_of("sourcing",
        ("supplier_capacity", "supplier capacity", "maximum", "units", "supplier_capacity.capacity"),
        ("source_capacity", "source capacity", "maximum", "units", "sourcing.capacity"),
        ("min_share", "minimum share", "minimum", "units", "sourcing.min_share"),
        ("max_share", "maximum share", "maximum", "units", "sourcing.max_share"),
        ("minimum_order", "minimum order quantity", "minimum", "units", "sourcing.moq"),
        ("order_multiple", "whole lots", "balance", "units", "sourcing.lot_multiple"),
        ("placed_orders", "order placed", "link", "units"),
        ("tiers_add_up", "price tiers", "balance", "units"),
        ("tier_limit", "quantity of the price tier", "link", "units"),
        ("tier_minimum", "minimum of the price tier", "link", "units"),
        ("one_tier", "one price", "link", "orders"),
        ("tier_filled", "price tiers in order", "link", "units")),
    *_of("delivery",
        ("lane_capacity", "lane capacity", "maximum", "units", "lanes.capacity"),
        ("minimum_shipment", "minimum shipment", "minimum", "units", "lanes.min_shipment"),
        ("shipment_leaves", "shipment that leaves", "link", "units"),
        ("vehicle_capacity", "vehicles", "link", "units")),
    *_of("inventory",
        ("storage_capacity", "storage capacity", "maximum", "volume", "sites.storage_capacity"),
        ("max_inventory", "maximum inventory", "maximum", "units", "inventory.max_inventory"),
        ("ending_inventory", "ending inventory", "minimum", "units", "inventory.ending_inventory"),
        ("safety_stock", "safety stock", "minimum", "units", "inventory.safety_stock", "soft"),
        ("days_of_supply", "days of supply", "minimum", "units", "inventory.days_of_supply", "soft"),
        ("opening_inventory", "opening stock", "balance", "units", "inventory.on_hand"),
        ("inventory_balance", "stock", "balance", "units", "scheduled_receipts.quantity"),
        ("stock_outflow", "outflow", "balance", "units"),
        ("open_sites_only", "closed site for stock", "link", "units", "site_options.kind")),
    *_of("sales",
        ("max_lateness", "maximum lateness", "maximum", "units", "service_terms.max_lateness"),
        ("lateness_of_later_demand", "maximum lateness of later demand", "maximum", "units",
         "service_terms.max_lateness"),
        ("min_fill_rate", "minimum fill rate", "minimum", "units", "service_terms.min_fill_rate"),
        ("sales_targets", "quantity", "minimum", "units or currency", "sales_targets.quantity", "soft"),
        ("market_deliveries", "deliveries", "balance", "units"),
        ("opening_backorders", "opening backorders", "balance", "units"),
        ("demand_balance", "demand", "balance", "units"),
        ("late_deliveries", "backorders to deliver", "link", "units")),
    *_of("stability",
        ("frozen_production", "frozen production", "exact", "units", FROZEN),
        ("frozen_purchases", "frozen purchases", "exact", "units", FROZEN),
        ("frozen_shipments", "frozen shipments", "exact", "units", FROZEN),
        ("frozen_hires", "frozen hires", "exact", "workers", FROZEN),
        ("frozen_separations", "frozen separations", "exact", "workers", FROZEN),
        ("production_change", "change of production", "balance", "units"),
        ("purchases_change", "change of purchases", "balance", "units"),
        ("shipments_change", "change of shipments", "balance", "units"),
        ("hires_change", "change of hires", "balance", "workers"),
        ("separations_change", "change of separations", "balance", "workers")),
)}

# Limits on single decisions, which are bounds of a variable rather than rules of their own.
BOUNDS: dict[str, Limit] = {limit.name: limit for limit in (
    *_of("production",
        ("stopped", "maximum stops", "maximum", "stops", "maintenance.max_stops_per_period"),
        ("bought", "maximum count", "maximum", "options", "capacity_options.max_count"),
        ("running", "maximum count", "maximum", "options", "capacity_options.max_count")),
    *_of("delivery", ("vehicles", "maximum vehicles", "maximum", "vehicles", "lanes.max_vehicles")),
)}


def subject(key: Mapping[Any, Any]) -> str:
    """What a row of a rule is about, out of its key columns: bike in north (forecast, priority 5)."""
    words = [text.format(**key) for column, text in _WORDS.items() if is_filled(key.get(column))]
    if is_filled(key.get("origin")):
        lane = f"{key['origin']} to {key['destination']}{_if(key.get('mode'), ' by {}')}"
        words = [f"{words[0]}, {lane}", *words[1:]] if words else [lane]
    if is_filled(key.get("supplier")):
        words.append(f"{'from ' if words else ''}{key['supplier']}")
    for column, text in _WORDS_OF.items():
        if is_filled(key.get(column)):
            words.append(f"{'of ' if words else ''}{text.format(**key)}")
    words += [text.format(**key) for column, text in _LAST_WORDS.items() if is_filled(key.get(column))]
    if is_filled(key.get("site")) and key["site"] != key.get("origin"):
        words.append(f"at {key['site']}" if words else str(key["site"]))
    ranks = [str(key["demand_class"])] if is_filled(key.get("demand_class")) else []
    ranks += [f"{column} {key[column]:.0f}" for column in sorted(RANKS) if is_filled(key.get(column))]
    return " ".join([*words, f"({', '.join(ranks)})"] if ranks else words)


_WORDS = {"option": "option {option}", "site_option": "site option {site_option}",
          "choice_group": "choice group {choice_group}", "target": "target {target}", "item": "{item}"}
_WORDS_OF = {"setup_family": "setup family {setup_family}", "work_center": "work center {work_center}",
             "labor_pool": "labor pool {labor_pool}"}
_LAST_WORDS = {"routing": "on {routing}", "market": "in {market}"}


def is_filled(cell: Any) -> bool:
    """Whether a key column says something: neither a blank nor missing."""
    return cell is not None and cell != "" and cell == cell  # a missing number differs from itself


def _if(cell: Any, text: str) -> str:
    return text.format(cell) if is_filled(cell) else ""
