"""Capacitated lot sizing with setup times (Trigeiro, Thomas and McClain, 1989) as scenarios of this planner.

An instance is a dict with items, periods, capacity and, for each item, unit_time, hold_cost, setup_time, setup_cost and
demand by period. One plant makes everything on one machine; nothing is owed, nothing is there when the plan starts.
"""

from collections.abc import Mapping
from typing import Any

MONTHS = 12
FIRST_YEAR = 2001
NEVER = 100  # setups that a lost unit costs as much as: nobody would lose one


def lotsizing_scenario(instance: Mapping[str, Any], *, name: str = "Lot sizing") -> dict[str, Any]:
    """The instance as a scenario: its least cost is the instance's optimum, wherever all its demand can be met."""
    items = [f"item-{number:02d}" for number in range(1, instance["items"] + 1)]
    of_item = {key: dict(zip(items, instance[key], strict=True))
               for key in ("unit_time", "hold_cost", "setup_time", "setup_cost", "demand")}
    return {
        "name": name, "calendar": {"start": _month(0), "periods": instance["periods"]}, "objective": {"mode": "cost"},
        "solver": {"gap": 0},
        "items": [{"item": item} for item in items], "sites": [{"site": "plant"}], "markets": [{"market": "market"}],
        "demand": [{"item": item, "market": "market", "period": _month(number), "quantity": quantity}
                   for item in items for number, quantity in enumerate(of_item["demand"][item]) if quantity],
        "service_terms": [{"lost_sale_cost": NEVER * max(instance["setup_cost"]), "max_lateness": 0}],
        "routings": [{"item": item, "site": "plant", "routing": "machine", "setup_cost": of_item["setup_cost"][item]}
                     for item in items],
        "routing_steps": [{"item": item, "site": "plant", "routing": "machine", "work_center": "machine",
                           "hours_per_unit": of_item["unit_time"][item], "setup_hours": of_item["setup_time"][item]}
                          for item in items],
        "work_centers": [{"site": "plant", "work_center": "machine", "available_hours": instance["capacity"]}],
        "inventory": [{"item": item, "site": "plant", "holding_cost": of_item["hold_cost"][item]} for item in items],
        "lanes": [{"origin": "plant", "destination": "market", "mode": "hand"}],
    }


def _month(number: int) -> str:
    return f"{FIRST_YEAR + number // MONTHS}-{number % MONTHS + 1:02d}"
