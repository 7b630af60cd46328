"""Small random scenarios in which whole-number levers, limits and goals come and go by chance, from a seed.

Figures are small whole numbers, so that plans tie and goals count in steps: there a proof goes wrong first.
"""

from collections.abc import Sequence
from random import Random
from typing import Any

from tests.model.plants import month

Row = dict[str, Any]
ITEMS, PARTS, SITES, MARKETS = ("bike", "trike"), ("frame", "wheel"), ("plant", "depot"), ("north", "south")


def random_scenario(seed: int) -> dict[str, Any]:
    """A scenario that `check` accepts, or nearly always does."""
    random = Random(seed)
    periods = random.randint(1, 5)
    items, parts = _some(random, ITEMS), _some(random, (*PARTS, None))
    sites, markets = _some(random, SITES), _some(random, MARKETS)
    return {
        "name": f"Random {seed}",
        "calendar": {"start": month(1), "periods": periods},
        "objective": {
            "mode": random.choice(("targets_first", "targets_first", "cost", "profit")),
            "beyond_targets": random.choice(("all", "profitable", "none")),
        },
        "solver": {"gap": 0, "seed": seed % 3},
        "items": [{"item": name, "price": random.randint(5, 40)} for name in (*items, *parts)],
        "sites": [_site(random, name) for name in sites],
        "markets": [{"market": name, "region": random.choice(("west", "east"))} for name in markets],
        **_wanted(random, items, markets, periods=periods),
        **_supply(random, items, parts, sites=sites, periods=periods),
        **_work(random, sites),
        **_stock_and_lanes(random, (*items, *parts), sites, markets=markets),
    }


def _some(random: Random, names: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(
        name for name in names[: random.randint(1, len(names))] if name is not None
    )


def _maybe(random: Random, chance: float, **cells: Any) -> Row:
    """Each cell with this chance, on its own."""
    return {name: cell for name, cell in cells.items() if random.random() < chance}


def _site(random: Random, name: str) -> Row:
    row: Row = {"site": name} | _maybe(random, 0.15, storage_capacity=random.randint(2, 15))
    if "storage_capacity" in row:
        row |= _maybe(random, 0.7, storage_overflow_cost=random.randint(0, 4))
    return row


def _wanted(
    random: Random, items: Sequence[str], markets: Sequence[str], *, periods: int
) -> dict[str, list[Row]]:
    demand = [
        {"item": item, "market": market, "period": month(period), "quantity": random.randint(1, 9)}
        for item in items for market in markets for period in range(1, periods + 1) if random.random() < 0.5
    ]
    booked = [
        {"order": f"o{number}", "item": random.choice(items), "market": random.choice(markets),
         "quantity": random.randint(1, 6), "due": random.choice(("2025-12", month(random.randint(1, periods))))}
        | _maybe(random, 0.3, priority=random.randint(1, 3))
        for number in range(random.choice((0, 1, 2)))
    ]
    targets = [
        {"target": f"t{number}", "quantity": random.randint(1, 30),
         "measure": random.choice(("units", "units", "revenue")), "priority": random.randint(1, 2)}
        | _maybe(random, 0.3, item=random.choice(items)) | _maybe(random, 0.3, market=random.choice(markets))
        for number in range(random.choice((0, 1, 1, 2)))
    ]
    terms = {"lost_sale_cost": random.randint(0, 60)} | _maybe(
        random, 0.5, backorder_cost=random.randint(0, 9), max_lateness=random.randint(0, 3)
    )
    return {"demand": demand, "booked_orders": booked, "sales_targets": targets, "service_terms": [terms]}


def _supply(
    random: Random, items: Sequence[str], parts: Sequence[str], *, sites: Sequence[str], periods: int
) -> dict[str, list[Row]]:
    bought = [*parts, *[item for item in items if random.random() < 0.4]]
    sourcing = [_source(random, item, supplier, site) for item in bought for site in sites
                for supplier in ("arvo", "borea")[: random.randint(1, 2)]]
    offers = sorted({(row["item"], row["supplier"]) for row in sourcing})
    breaks = [_break(random, item, supplier, quantity) for item, supplier in offers if random.random() < 0.25
              for quantity in (random.randint(0, 3), random.randint(4, 9))]
    for row in breaks:  # one kind for all breaks of a supplier and item
        row["kind"] = ("all_units", "incremental")[(len(row["item"]) + len(row["supplier"])) % 2]
    routings = [_routing(random, item, site) for item in items for site in sites if random.random() < 0.7]
    made = sorted({row["item"] for row in routings})
    return {
        "sourcing": sourcing,
        "price_breaks": breaks,
        "supplier_capacity": [
            {"supplier": "arvo", "period": month(random.randint(1, periods)), "capacity": random.randint(0, 9)}
        ][: random.choice((0, 0, 1))],
        "bill_of_materials": [
            {"parent": parent, "component": part, "quantity_per": random.choice((1, 1, 2, 0.5))}
            for parent in made for part in parts if random.random() < 0.6
        ],
        "routings": routings,
        "routing_steps": [
            {"item": row["item"], "site": row["site"], "routing": "line", "work_center": "press",
             "hours_per_unit": random.choice((0.5, 1, 2))} | _maybe(random, 0.3, setup_hours=random.randint(1, 4))
            for row in routings if random.random() < 0.6
        ],
    }


def _source(random: Random, item: str, supplier: str, site: str) -> Row:
    lot = _maybe(random, 0.15, lot_multiple=random.choice((2, 3, 5)))
    return {
        "item": item, "supplier": supplier, "site": site, "unit_cost": random.randint(0, 9),
        "lead_time": random.choice((0, 0, 1)),
    } | lot | _maybe(random, 0.2, moq=random.randint(1, 8), order_cost=random.randint(0, 20),
                     capacity=random.randint(8, 15))


def _break(random: Random, item: str, supplier: str, quantity: int) -> Row:
    return {"supplier": supplier, "item": item, "from_quantity": quantity, "unit_cost": max(0, 9 - quantity)
            if random.random() < 0.7 else 0}


def _routing(random: Random, item: str, site: str) -> Row:
    return {"item": item, "site": site, "routing": "line", "unit_cost": random.randint(0, 5)} | _maybe(
        random, 0.2, min_lot=random.randint(1, 8), setup_cost=random.randint(0, 20),
        capacity=random.randint(8, 15), yield_rate=random.choice((0.5, 0.8)),
        lot_multiple=random.choice((2, 3, 5)), lead_time=1,
    )


def _work(random: Random, sites: Sequence[str]) -> dict[str, list[Row]]:
    centers: list[Row] = [
        {"site": site, "work_center": "press", "available_hours": random.randint(2, 20),
         "overtime_hours": random.randint(0, 6), "overtime_hour_cost": random.randint(0, 6)}
        for site in sites
    ]
    tables: dict[str, list[Row]] = {"work_centers": centers}
    if random.random() < 0.3:
        centers[0] |= {"labor_pool": "crew"}
        tables["labor_pools"] = [
            {"site": sites[0], "labor_pool": "crew", "headcount": random.randint(0, 3), "hours_per_worker": 5,
             "wage": random.randint(0, 20), "hire_cost": random.randint(0, 10),
             "separation_cost": random.randint(0, 10), "overtime_hours_per_worker": random.randint(0, 2),
             "overtime_wage": random.randint(0, 6), "whole_workers": random.choice(("yes", "no"))}
            | _maybe(random, 0.3, max_headcount=random.randint(3, 5), max_hires=random.randint(0, 2))
        ]
    if random.random() < 0.2:
        tables["capacity_options"] = [
            {"option": "second", "site": sites[0], "work_center": "press", "added_hours": random.randint(2, 9),
             "fixed_cost": random.randint(0, 30), "period_cost": random.randint(0, 5)}
        ]
    return tables


def _stock_and_lanes(
    random: Random, items: Sequence[str], sites: Sequence[str], *, markets: Sequence[str]
) -> dict[str, list[Row]]:
    inventory = [
        {"item": item, "site": site, "safety_stock_penalty": random.randint(0, 9)} | _maybe(
            random, 0.3, on_hand=random.randint(0, 6), holding_cost=random.choice((0, 0.5, 1, 2)),
            safety_stock=random.randint(0, 4), max_inventory=random.randint(6, 12))
        for item in items for site in sites if random.random() < 0.6
    ]
    lanes = [_lane(random, site, market) for site in sites for market in markets]
    if len(sites) > 1:
        lanes.append(_lane(random, sites[0], sites[1]))
    return {"inventory": inventory, "lanes": lanes}


def _lane(random: Random, origin: str, destination: str) -> Row:
    row = {"origin": origin, "destination": destination, "mode": "truck", "unit_cost": random.randint(0, 4),
           "lead_time": random.choice((0, 0, 1))} | _maybe(random, 0.2, capacity=random.randint(6, 15))
    if random.random() < 0.2:
        row |= {"vehicle_size": random.choice((2, 4, 5)), "vehicle_cost": random.randint(0, 12)}
    return row | _maybe(random, 0.1, min_shipment=random.randint(1, 5))
