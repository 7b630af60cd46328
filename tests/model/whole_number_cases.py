"""For every rule about whole numbers a tiny plan that would be cheaper without it: the larger tests work out
the sums.
"""

from tests.model import (
    test_production_lots,
    test_production_options,
    test_sites,
    test_sourcing_lots,
    test_vehicles,
)
from tests.model.plants import table, wanting

AT_ONCE = ("lead_time", (0,))


def breaks(wanted, kind, *cells):
    return test_sourcing_lots.bought(wanted, *AT_ONCE, price_breaks=test_sourcing_lots.breaks(kind, *cells))


def alternating():
    """Bikes in months 1 and 3 and trikes in month 2, on a work center that keeps its setup."""
    scenario = test_production_lots.two_items("yes")
    return {**scenario, "demand": [*wanting([10, 0, 10]), *wanting([0, 10, 0], item="trike")]}


def one_by_one():
    scenario = test_production_lots.two_items("yes")
    return {**scenario, "demand": wanting([0, 10, 0])}


def two_expansions():
    spans = table("item supplier site unit_cost to", ("bike", "arvo", "plant", 10, "2026-01"))
    columns = "site_option site kind fixed_cost added_capacity choice_group"
    expand = table(
        columns, ("east", "plant", "expand", 5, 30, "walls"), ("west", "plant", "expand", 5, 30, "walls")
    )
    return test_sites.plant(
        [0, 100], sourcing=spans, sites=table("site storage_capacity", ("plant", 60)), site_options=expand
    )


def opening_late():
    routings = table("item site routing unit_cost lead_time", ("bike", "depot", "line", 1, 1))
    lanes = table("origin destination mode", ("plant", "north", "truck"), ("depot", "north", "truck"))
    return test_sites.with_depot(
        [0, 10, 10], "fixed_cost from", (10, "2026-02"), routings=routings, lanes=lanes
    )


def shift(wanted, **terms):
    option = {
        "option": "shift",
        "site": "plant",
        "work_center": "weld",
        "added_hours": 40,
        "fixed_cost": 30,
        **terms,
    }
    return test_production_options.welded(wanted, 100, capacity_options=[option])


WHOLE_NUMBER_CASES = {
    "placed_orders": test_sourcing_lots.bought([30], "order_cost", (40,)),
    "minimum_order": test_sourcing_lots.bought([30], "moq", (50,)),
    "order_multiple": test_sourcing_lots.bought([30], "lot_multiple", (25,)),
    "tiers_add_up": breaks([5], "all_units", (100, 8)),
    "tier_limit": breaks([5], "all_units", (0, 12), (100, 1)),
    "tier_minimum": breaks([5], "all_units", (0, 12), (100, 1)),
    # Prices that rise: 150 at 5, or 50 at 1 and 100 at 5 if one order could have two prices.
    "one_tier": breaks([150], "all_units", (0, 1), (100, 5)),
    # 30 at 10 and 20 at 1, 30 of them kept; or 20 at 1 now and 30 at 10 a month later.
    "tier_filled": breaks([20, 30], "incremental", (0, 10), (30, 1)),
    "setup_needed": test_production_lots.made([30], "setup_cost", (40,)),
    "minimum_lot": test_production_lots.made([30], "min_lot", (50,)),
    "production_multiple": test_production_lots.made([30], "lot_multiple", (25,)),
    "family_setup_needed": test_production_lots.family(),
    "carried_from_before": one_by_one(),
    "one_setup_carried": test_production_lots.two_items("yes"),
    "setup_kept_through": alternating(),
    "undisturbed_center": alternating(),
    "option_limit": shift([50, 90]),  # 20 more with one shift, 40 with two
    "option_runs_when_installed": shift([70]),
    "maintenance_stops": test_production_options.welded(
        [50], 100, maintenance=test_production_options.maintenance("hours_per_stop", (60,))),
    "choice_limit": two_expansions(),
    "site_is_open": test_sites.with_depot([30, 30], "fixed_cost", (200,)),
    "open_sites_only": test_sites.with_depot([30, 30], "fixed_cost", (200,)),
    "open_sites_produce": opening_late(),
    "minimum_shipment": test_vehicles.trucked([20, 20], "min_shipment", (25,)),
    "shipment_leaves": test_vehicles.trucked([20, 20], "min_shipment", (25,)),
    "vehicle_capacity": test_vehicles.trucked([50], "vehicle_size vehicle_cost", (20, 30)),
}
