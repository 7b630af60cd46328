"""What stands, what is on its way and how it is kept at the end of 2025, sized from a month's needs of
2026.
"""

from collections import defaultdict
from typing import Any

import clientele
import company
import sales

Row = dict[str, Any]

DEALS_ON_TOP = 1.12  # bikes sold in deals come on top of the run rate
PLANT_SHARES = {  # where a bike is assembled; the rest of them in the other plant
    "city-one": {"gyor": 1.0},
    "city-step": {"gyor": 1.0},
    "city-fold": {"gyor": 1.0},
    "city-pro": {"gyor": 0.7, "lyon": 0.3},
    "cargo-mini": {"lyon": 1.0},
    "cargo-long": {"lyon": 1.0},
    "cargo-box": {"lyon": 1.0},
    "trail-hard": {"lyon": 0.4, "gyor": 0.6},
    "trail-full": {"lyon": 1.0},
    "trail-gravel": {"lyon": 0.4, "gyor": 0.6},
}
MADE_AT = {
    "frame-city": "lyon",
    "frame-cargo": "lyon",
    "frame-trail": "lyon",
    "wheelset": "gyor",
    "battery-pack": "gyor",
}
WAREHOUSE_SHARES = {
    "venlo": {"germany": 0.7, "benelux": 1.0, "nordics": 1.0, "france": 0.2},
    "vienna": {"germany": 0.3, "alpine": 1.0},
    "zaragoza": {"france": 0.8, "iberia": 1.0},
}
HOLDING_RATE = 0.013  # capital, insurance and handling a month
SHORT_STOCK_RATE = 0.028  # what a unit of missing safety stock costs a month, of its value
BIKE_DAYS_OF_SUPPLY = 20
MONTHS_ON_HAND = {"warehouse": 0.75, "plant": 0.12, "made": 0.2, "purchased": 1.15}
MAXIMUM_MONTHS = {"warehouse": 0.95, "plant": 0.25}  # shelf space for bikes
MONTHS_OF_SAFETY_STOCK = {"made": 0.1, "purchased": 1.0}
# stock handed on to the months after the plan
MONTHS_AT_THE_END = {"warehouse": 0.55, "made": 0.1, "purchased": 1.0}
NEARBY = {"tube-set", "castings"}  # delivered by road from the next valley, so that little is kept
NEARBY_SHARE = 0.6  # of the stock that is kept of other purchased parts
EARLY_RECEIPTS = 0.96  # autumn orders were a little careful
LARGEST_BATTERY_STOCK = 4200  # packs that the fire insurer of Győr allows under one roof
ON_RAILS = {
    ("city-one", "venlo"): 170,
    ("city-step", "venlo"): 150,
    ("cargo-mini", "venlo"): 90,
    ("cargo-long", "venlo"): 60,
    ("city-one", "zaragoza"): 70,
}
# Share of the normal hours: Lyon closes for half of August, Győr for a week and a half; both rest at
# Christmas.
SHORT_MONTHS = {"2026-05": {"lyon": 0.9, "gyor": 0.95}, "2026-08": {"lyon": 0.5, "gyor": 0.65},
                "2026-12": {"lyon": 0.8, "gyor": 0.8}, "2027-05": {"lyon": 0.9, "gyor": 0.95}}
# From February to July both works councils let the assembly lines work longer.
SEASON_MONTHS = [
    f"{year}-{month:02d}" for year, last in ((2026, 7), (2027, 6)) for month in range(2, last + 1)
]
SEASON_OVERTIME = {("lyon", "assembly"): 340, ("gyor", "assembly"): 340}
PRICE_RISE, PRICE_RISE_FROM = 1.02, "2027-01"
ALPINE_PREMIUM = 1.04


def monthly_needs() -> dict[tuple[str, str], float]:
    """Units of an average month of 2026 by item and plant: bikes assembled there and parts used or made
    there.
    """
    needs: dict[tuple[str, str], float] = defaultdict(float)
    components = defaultdict(list)
    for row in company.rows_of(company.TABLES["bill_of_materials"]):
        components[row["parent"]].append((row["component"], float(row["quantity_per"])))
    for item in company.rows_of(clientele.RUN_RATE):
        volume = float(item["volume_2025"]) * (1 + float(item["growth"])) * DEALS_ON_TOP / 12
        for plant, share in PLANT_SHARES[item["item"]].items():
            needs[item["item"], plant] += volume * share
            for part, quantity in components[item["item"]]:
                needs[part, plant] += volume * share * quantity
                for below, per_part in components[part]:
                    needs[below, MADE_AT[part]] += volume * share * quantity * per_part
    return dict(needs)


def inventory() -> list[Row]:
    """Stock of bikes in plants and warehouses and of parts in plants, with how each is kept."""
    needs = monthly_needs()
    bikes = list(PLANT_SHARES)
    rows = [_bike(item, site, share=_warehouse_share(item, site), kind="warehouse")
            for item in bikes for site in WAREHOUSE_SHARES]
    rows += [
        _bike(item, plant, share=share, kind="plant")
        for item in bikes
        for plant, share in PLANT_SHARES[item].items()
    ]
    return rows + [_part(item, site, need) for (item, site), need in needs.items() if item not in bikes]


def _bike(item: str, site: str, *, share: float, kind: str) -> Row:
    need = share * _bikes_a_month(item)
    at_warehouse = kind == "warehouse"
    return {
        "item": item,
        "site": site,
        "on_hand": round(MONTHS_ON_HAND[kind] * need),
        "safety_stock": None,
        "days_of_supply": BIKE_DAYS_OF_SUPPLY if at_warehouse else None,
        "safety_stock_penalty": _of_value(item, SHORT_STOCK_RATE) if at_warehouse else None,
        "max_inventory": _tens(MAXIMUM_MONTHS[kind] * need) + 10,
        "holding_cost": _of_value(item, HOLDING_RATE),
        "ending_inventory": round(MONTHS_AT_THE_END[kind] * need) if at_warehouse else None,
    }


def _part(item: str, site: str, need: float) -> Row:
    kind = "made" if item in MADE_AT else "purchased"
    need *= NEARBY_SHARE if item in NEARBY else 1
    return {"item": item, "site": site, "on_hand": _tens(MONTHS_ON_HAND[kind] * need),
            "safety_stock": _tens(MONTHS_OF_SAFETY_STOCK[kind] * need), "days_of_supply": None,
            "safety_stock_penalty": _of_value(item, SHORT_STOCK_RATE),
            "max_inventory": LARGEST_BATTERY_STOCK if (item, site) == ("battery-pack", "gyor") else None,
            "holding_cost": _of_value(item, HOLDING_RATE),
            "ending_inventory": _tens(MONTHS_AT_THE_END[kind] * need)}


def scheduled_receipts() -> list[Row]:
    """Parts ordered in 2025 that cover the lead times of their main suppliers, and bikes on the railway."""
    needs = monthly_needs()
    main = {}
    for row in company.rows_of(company.TABLES["sourcing"]):
        main.setdefault((row["item"], row["site"]), int(row["lead_time"]))
    parts = [
        {
            "item": item,
            "site": site,
            "period": f"2026-{month:02d}",
            "quantity": _tens(needs[item, site] * EARLY_RECEIPTS),
        }
        for (item, site), lead_time in main.items()
        for month in range(1, lead_time + 1)
    ]
    return parts + [{"item": item, "site": site, "period": "2026-01", "quantity": quantity}
                    for (item, site), quantity in ON_RAILS.items()]


def capacity() -> list[Row]:
    """Hours of the months that holidays shorten, and overtime of the months in which the works councils allow
    more of it.
    """
    rows = [_month(row, month) for month in sorted({*SHORT_MONTHS, *SEASON_MONTHS})
            for row in company.rows_of(company.TABLES["work_centers"])]
    return [row for row in rows if row["available_hours"] or row["overtime_hours"]]


def _month(work_center: dict[str, str], month: str) -> Row:
    share = SHORT_MONTHS.get(month, {}).get(work_center["site"])
    overtime = float(work_center["overtime_hours"])
    if month in SEASON_MONTHS:
        overtime = SEASON_OVERTIME.get((work_center["site"], work_center["work_center"]), overtime)
    changed = share or overtime != float(work_center["overtime_hours"])
    return {"site": work_center["site"], "work_center": work_center["work_center"], "period": month,
            "available_hours": round(float(work_center["available_hours"]) * share) if share else None,
            "overtime_hours": round(overtime * (share or 1)) if changed else None}


def prices() -> list[Row]:
    """The Alpine premium and the rise of January 2027; the price of `items` holds elsewhere."""
    rows = []
    for item in PLANT_SHARES:
        price = float(company.by_key(company.ITEMS)[item]["price"])
        for market, premium in (("", 1.0), ("alpine", ALPINE_PREMIUM)):
            now = [(price * premium, "")] if market else []
            for figure, since in (*now, (price * premium * PRICE_RISE, PRICE_RISE_FROM)):
                rows.append({"item": item, "market": market, "price": round(figure), "from": since})
    return rows


def _bikes_a_month(item: str) -> float:
    row = company.by_key(clientele.RUN_RATE)[item]
    return float(row["volume_2025"]) * (1 + float(row["growth"])) * DEALS_ON_TOP / 12


def _warehouse_share(item: str, warehouse: str) -> float:
    run_rate = company.by_key(clientele.RUN_RATE)[item]
    volumes = {
        market: sales.monthly_volume(run_rate, market, month=sales.MONTHS)
        for market in clientele.MARKET_WEIGHTS
    }
    served = sum(volumes[market] * share for market, share in WAREHOUSE_SHARES[warehouse].items())
    return served / sum(volumes.values())


def _of_value(item: str, rate: float) -> float:
    return round(float(company.by_key(company.ITEMS)[item]["standard_cost"]) * rate, 2)


def _tens(quantity: float) -> int:
    return round(quantity / 10) * 10
