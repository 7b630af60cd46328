"""A manufacturer of any size, always the same for the same size: plants, bills of material, suppliers,
warehouses, markets.

    from generated_scenario import LARGE, records
    scenario = planner.load_scenario(records(LARGE))

The records are a scenario dict: the keys of `scenario.yaml` and a list of records for each table. Demand is
given, so that nothing is forecast, and the mode is `cost`, so that there is one goal. It always has a plan:
demand that the plants cannot make may be lost at a price.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

Record = dict[str, Any]

WORK_CENTERS = ("machining", "assembly")
HOURS_PER_WORKER = 150.0
PLANTS_PER_PRODUCT = 2
WAREHOUSES_PER_MARKET = 2
SUPPLIERS_PER_PART = 2
PARTS_PER_PRODUCT = 3
MARKETS_SHARE = 0.5  # share of the markets in which a product is sold
LOAD = 1.05  # share of the regular hours that mean demand takes


@dataclass(frozen=True)
class Size:
    """How many of each thing there are."""

    products: int
    parts: int
    plants: int
    warehouses: int
    markets: int
    suppliers: int
    periods: int


SMALL = Size(products=20, parts=10, plants=2, warehouses=2, markets=4, suppliers=4, periods=6)
# about 200,000 variables
LARGE = Size(products=260, parts=105, plants=4, warehouses=4, markets=10, suppliers=12, periods=12)


def records(size: Size, seed: int = 7) -> dict[str, Any]:
    """The scenario as a dict that `planner.load_scenario` takes."""
    business = _Business(size, np.random.RandomState(seed))
    areas = (
        business.masters,
        business.selling,
        business.buying,
        business.making,
        business.staffing,
        business.keeping,
        business.moving,
    )
    return {
        "name": f"Generated, {size.products} products",
        "question": "How long does a large model take to build and to hand over?",
        "calendar": {"start": "2026-01", "periods": size.periods, "bucket": "month"},
        "objective": {"mode": "cost"},
        **{name: rows for area in areas for name, rows in area().items()},
    }


class _Business:
    """The names and the network, drawn once; each method writes the tables of one area."""

    def __init__(self, size: Size, random: np.random.RandomState) -> None:
        self.random = random
        self.periods = [f"{2026 + month // 12}-{month % 12 + 1:02d}" for month in range(size.periods)]
        self.products, self.parts = _names("product", size.products), _names("part", size.parts)
        self.plants, self.warehouses = _names("plant", size.plants), _names("warehouse", size.warehouses)
        self.markets, self.suppliers = _names("market", size.markets), _names("supplier", size.suppliers)
        self.sold_in = {
            item: self._some(self.markets, round(MARKETS_SHARE * size.markets)) for item in self.products
        }
        self.served_from = {
            market: self._some(self.warehouses, WAREHOUSES_PER_MARKET) for market in self.markets
        }
        self.bill = {
            item: {part: int(random.randint(1, 4)) for part in self._some(self.parts, PARTS_PER_PRODUCT)}
            for item in self.products
        }
        self.made_at = {item: self._some(self.plants, PLANTS_PER_PRODUCT) for item in self.products}
        self.made_at |= {part: self._plants_using(part) for part in self.parts}
        self.cost = {item: self._between(20, 200) for item in self.products}
        self.cost |= {part: self._between(3, 20) for part in self.parts}
        self.hours = {
            (item, center): round(self._between(0.02, 0.1), 4)
            for item in self.cost
            for center in WORK_CENTERS
        }
        self.level = {
            (item, market): float(random.lognormal(4, 0.8))
            for item in self.products
            for market in self.sold_in[item]
        }
        self.volume = self._volumes()

    def _some(self, names: list[str], count: int) -> list[str]:
        chosen = self.random.choice(len(names), size=min(max(count, 1), len(names)), replace=False)
        return [names[index] for index in sorted(chosen)]

    def _between(self, low: float, high: float) -> float:
        return round(float(self.random.uniform(low, high)), 3)

    def _plants_using(self, part: str) -> list[str]:
        return sorted(
            {plant for item in self.products if part in self.bill[item] for plant in self.made_at[item]}
        )

    def _volumes(self) -> dict[str, float]:
        """Units of each item that a month of mean demand takes."""
        volume = dict.fromkeys(self.cost, 0.0)
        for (item, _), level in self.level.items():
            volume[item] += level
        for item, parts in self.bill.items():
            for part, quantity in parts.items():
                volume[part] += quantity * volume[item]
        return volume

    def masters(self) -> dict[str, list[Record]]:
        """Items, sites and markets."""
        items = [{"item": item, "family": item.split("-")[0], "price": 3 * cost, "standard_cost": cost}
                 for item, cost in self.cost.items()]
        space = round(sum(self.volume[item] for item in self.products) / len(self.warehouses))
        sites: list[Record] = [{"site": plant} for plant in self.plants]
        sites += [
            {"site": site, "storage_capacity": space, "storage_overflow_cost": 2.0}
            for site in self.warehouses
        ]
        return {"items": items, "sites": sites, "markets": [{"market": market} for market in self.markets]}

    def selling(self) -> dict[str, list[Record]]:
        """Demand with a season of its own for each product, and what late and lost units cost."""
        months = np.arange(len(self.periods))
        season = {item: 1 + self._between(0, 0.5) * np.sin(2 * np.pi * months / 12 + self._between(0, 6))
                  for item in self.products}
        demand: list[Record] = []
        for (item, market), level in self.level.items():
            wanted = level * season[item] * self.random.lognormal(0, 0.15, size=len(months))
            demand += [
                {"item": item, "market": market, "period": period, "quantity": round(float(quantity), 1)}
                for period, quantity in zip(self.periods, wanted, strict=True)
            ]
        terms = [
            {"item": item, "backorder_cost": 0.3 * self.cost[item], "lost_sale_cost": 6 * self.cost[item]}
            for item in self.products
        ]
        return {"demand": demand, "service_terms": terms}

    def buying(self) -> dict[str, list[Record]]:
        """Parts can be bought as well as made, from suppliers of limited capacity."""
        sourcing = [
            {
                "item": part,
                "supplier": supplier,
                "site": plant,
                "lead_time": int(self.random.randint(0, 3)),
                "unit_cost": round(self.cost[part] * self._between(1.0, 1.6), 2),
            }
            for part in self.parts
            for supplier in self._some(self.suppliers, SUPPLIERS_PER_PART)
            for plant in self.made_at[part]
        ]
        sold = sorted({(row["supplier"], row["item"]) for row in sourcing})
        capacity = [{"supplier": supplier, "item": item, "capacity": round(0.6 * self.volume[item] + 5)}
                    for supplier, item in sold]
        return {"sourcing": sourcing, "supplier_capacity": capacity}

    def making(self) -> dict[str, list[Record]]:
        """One routing of two steps for each item and plant; work centers sized for mean demand."""
        places = [(item, plant) for item, plants in self.made_at.items() for plant in plants]
        routings = [
            {
                "item": item,
                "site": plant,
                "routing": "usual",
                "unit_cost": 0.5 * self.cost[item],
                "yield_rate": 0.99,
            }
            for item, plant in places
        ]
        steps = [
            {
                "item": item,
                "site": plant,
                "routing": "usual",
                "work_center": center,
                "hours_per_unit": self.hours[item, center],
            }
            for item, plant in places
            for center in WORK_CENTERS
        ]
        centers = [
            {
                "site": plant,
                "work_center": center,
                "available_hours": round(self._load(plant, center) / LOAD),
                "hour_cost": 10.0,
                "overtime_hours": round(0.2 * self._load(plant, center)),
                "overtime_hour_cost": 16.0,
                "labor_pool": "crew",
                "crew_size": 1.0,
            }
            for plant in self.plants
            for center in WORK_CENTERS
        ]
        bill = [{"parent": item, "component": part, "quantity_per": quantity}
                for item, parts in self.bill.items() for part, quantity in parts.items()]
        return {
            "bill_of_materials": bill,
            "routings": routings,
            "routing_steps": steps,
            "work_centers": centers,
        }

    def _load(self, plant: str, center: str) -> float:
        """Hours that a month of mean demand takes on a work center when the plants share it evenly."""
        return sum(self.volume[item] / len(plants) * self.hours[item, center]
                   for item, plants in self.made_at.items() if plant in plants)

    def staffing(self) -> dict[str, list[Record]]:
        """One crew in each plant, just large enough for mean demand."""
        crew = {plant: round(sum(self._load(plant, center) for center in WORK_CENTERS) / HOURS_PER_WORKER)
                for plant in self.plants}
        terms = {
            "hours_per_worker": HOURS_PER_WORKER,
            "wage": 3000.0,
            "overtime_hours_per_worker": 20.0,
            "overtime_wage": 28.0,
            "hire_cost": 1500.0,
            "separation_cost": 3000.0,
            "attrition_rate": 0.01,
        }
        pools = [
            {"site": plant, "labor_pool": "crew", "headcount": crew[plant], **terms} for plant in self.plants
        ]
        return {"labor_pools": pools}

    def keeping(self) -> dict[str, list[Record]]:
        """Products and parts may stand in the plants; products stand in the warehouses with safety stock."""
        rows = [
            {
                "item": item,
                "site": plant,
                "on_hand": round(0.3 * self.volume[item] / len(plants)),
                "holding_cost": 0.02 * self.cost[item],
            }
            for item, plants in self.made_at.items()
            for plant in plants
        ]
        share = 1 / len(self.warehouses)
        rows += [
            {
                "item": item,
                "site": site,
                "on_hand": round(0.4 * share * self.volume[item]),
                "safety_stock": round(0.3 * share * self.volume[item]),
                "safety_stock_penalty": 0.08 * self.cost[item],
                "holding_cost": 0.02 * self.cost[item],
            }
            for item in self.products
            for site in self.warehouses
        ]
        return {"inventory": rows}

    def moving(self) -> dict[str, list[Record]]:
        """Plants reach every warehouse by road and by rail; a market is served from two warehouses."""
        modes = (("road", 3.0, 0), ("rail", 1.0, 1))
        lanes = [
            {
                "origin": plant,
                "destination": site,
                "mode": mode,
                "unit_cost": self._between(cost, cost + 3),
                "lead_time": lead_time,
            }
            for plant in self.plants
            for site in self.warehouses
            for mode, cost, lead_time in modes
        ]
        lanes += [
            {
                "origin": site,
                "destination": market,
                "mode": "road",
                "unit_cost": self._between(1, 8),
                "lead_time": 0,
            }
            for market, sites in self.served_from.items()
            for site in sites
        ]
        return {"lanes": lanes}


def _names(kind: str, count: int) -> list[str]:
    return [f"{kind}-{number:04d}" for number in range(1, count + 1)]
