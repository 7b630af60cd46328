"""The generated manufacturer with setups, minimum lots, minimum orders and shifts: plans that are hard to
prove.

    from lumpy_scenario import lumpy_records
    scenario = load_scenario(lumpy_records(size, seed=1))
"""

from typing import Any

import numpy as np
from generated_scenario import Size, records

# About 10,000, 50,000 and 200,000 variables.
SIZES = {
    "10k": Size(products=14, parts=8, plants=2, warehouses=2, markets=4, suppliers=4, periods=12),
    "50k": Size(products=60, parts=30, plants=3, warehouses=4, markets=8, suppliers=8, periods=12),
    "200k": Size(products=220, parts=90, plants=4, warehouses=4, markets=10, suppliers=12, periods=12),
}
SHIFTS = 3  # a work center runs 1 to 3 shifts, each a half of its hours in the linear scenario
SETUP_SHARE = 0.15  # setup cost against the cost of a mean month's production
SETUP_HOURS_SHARE = 0.15  # setup time against the hours of a mean month's production
MIN_LOT_SHARE, MOQ_SHARE = 0.3, 0.4  # against a mean month's quantity


def lumpy_records(size: Size, seed: int = 1) -> dict[str, Any]:
    """The scenario dict of `generated_scenario.records` with lumps added."""
    made = records(size, seed=seed)
    random = np.random.RandomState(seed)
    monthly = _monthly_quantity(made)
    places = _count(made["routings"], "item")
    steps = {
        (row["item"], row["site"], row["work_center"]): row["hours_per_unit"] for row in made["routing_steps"]
    }
    for row in made["routings"]:
        quantity = monthly[row["item"]] / places[row["item"]]
        row["setup_cost"] = round(
            50 + SETUP_SHARE * quantity * row["unit_cost"] * random.uniform(0.5, 1.5), 1
        )
        row["min_lot"] = round(MIN_LOT_SHARE * quantity)
    for row in made["routing_steps"]:
        quantity = monthly[row["item"]] / places[row["item"]]
        row["setup_hours"] = round(
            SETUP_HOURS_SHARE * quantity * steps[row["item"], row["site"], row["work_center"]], 2
        )
    offers = _count(made["sourcing"], "item")
    for row in made["sourcing"]:
        row["moq"] = round(MOQ_SHARE * monthly[row["item"]] / offers[row["item"]])
        row["order_cost"] = 60.0
    made["capacity_options"] = [_shift(row) for row in made["work_centers"]]
    for row in made["work_centers"]:
        row["available_hours"] = 0.0
    made["name"] = f"Lumpy, {size.products} products, seed {seed}"
    return made


def _shift(center: dict[str, Any]) -> dict[str, Any]:
    hours = round(0.55 * center["available_hours"], 1)
    return {
        "option": f"shift-{center['site']}-{center['work_center']}",
        "site": center["site"],
        "work_center": center["work_center"],
        "added_hours": hours,
        "fixed_cost": 0.0,
        "period_cost": round(6.0 * hours),
        "max_count": SHIFTS,
    }


def _monthly_quantity(made: dict[str, Any]) -> dict[str, float]:
    """Units of each item that a month of mean demand takes, components included."""
    months = made["calendar"]["periods"]
    volume = {row["item"]: 0.0 for row in made["items"]}
    for row in made["demand"]:
        volume[row["item"]] += row["quantity"] / months
    for row in made["bill_of_materials"]:
        volume[row["component"]] += row["quantity_per"] * volume[row["parent"]]
    return volume


def _count(rows: list[dict[str, Any]], key: str) -> dict[str, int]:
    counts: dict[str, int] = {}
    for row in rows:
        counts[row[key]] = counts.get(row[key], 0) + 1
    return counts
