"""frePPLe's manufacturing demo, converted into a scenario, planned and audited.

    python benchmarks/frepple_demo.py [--scenario FOLDER]

`--scenario` also leaves the converted scenario in a folder, to be looked at or planned by hand. The data is
`frepple/manufacturing_demo.json` in the folder PLANNER_DATA. It is not part of the project; without it this
says so and ends.

A furniture maker: one factory, a warehouse, two shops; chairs, varnished chairs and two tables of sawn,
ground and bought parts. frePPLe schedules orders by the second; here they are planned by the month. What was
decided on the way:

Time. Six months from frePPLe's `currentdate`, January 2021. The order history is monthly, so months are what
can be forecast.
    Lead times are rounded to whole months: suppliers' days and weeks become 0, the chair supplier's 30 days
    become 1.
Names. `wooden panel` becomes `wooden-panel`. Sites are the locations where stock stands. Every location where
customers
    ask for goods also becomes a market, `shop-1-customers`, with a lane from that location.
Demand. Closed demands are the order history, by market, because a frePPLe customer buys at several locations.
Open demands are
    booked orders; frePPLe's priority 0 and 1 become 1 and 2. What is not ordered yet is forecast.
Production. An operation with an item is a routing; its own steps, or else itself, take `duration_per` on each
machine that
    it needs. Fixed times (drying for six hours) are lost in a month. Priorities between alternatives are left
    to cost.
Capacity. A machine's hours are 24 hours for each of its working days (the location's `Working Days`, without
holidays), times
    its size. `operators` is a pool of three people; each operation takes one of them while it runs.
    Varnishing takes no machine: it becomes a work center with the hours of the only operator who has the
    skill. The sawing skill (two of the three) cannot bind, because there is one saw.
Purchases. frePPLe gives no purchase prices: the item's cost is taken, for the alternative chair supplier too.
    Minimum and multiple order sizes are dropped, so that the plan stays a linear program.
Stock. Buffers' stock is on hand. Keeping stock costs 1.5 % of the item's cost a month, our assumption, so
that the plan has a
    reason not to build early.
Orders in progress. Confirmed purchase orders are scheduled receipts. Confirmed transfers that leave after the
start are not
    fixed: the goods are still in the warehouse, and the plan decides.
Objective. The default: orders first, then the forecast, then the lowest cost.
"""

import argparse
import csv
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from public_data import FREPPLE, missing

import planner

Record = dict[str, Any]
Objects = Mapping[str, list[Record]]

FILE = FREPPLE / "manufacturing_demo.json"
PERIODS = 6
HOURS_A_DAY = 24
SECONDS_AN_HOUR = 3600.0
SECONDS_A_MONTH = 30.4 * 24 * SECONDS_AN_HOUR
HOLDING_RATE = 0.015
FACTORY = "factory"
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def main() -> int:
    """Converts, plans, shows; 1 when the audit finds something."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--scenario", type=Path, help="folder to leave the converted scenario in")
    folder = asked.parse_args().scenario
    if not FILE.exists():
        print(missing(FILE), file=sys.stderr)
        return 0
    described = convert(json.loads(FILE.read_text(encoding="utf-8")))
    if folder is not None:
        write_scenario(described, folder)
    scenario = planner.load_scenario(described)
    plan = planner.solve(scenario)
    findings = planner.audit(plan, scenario)
    show(plan)
    print(f"\naudit: {len(findings)} findings", *findings, sep="\n  ")
    return 1 if findings else 0


def convert(fixture: Iterable[Record]) -> Record:
    """The scenario that a frePPLe fixture describes, as a dict of settings and tables."""
    objects: dict[str, list[Record]] = defaultdict(list)
    for entry in fixture:
        objects[entry["model"].split(".")[1]].append(entry["fields"])
    start = next(
        parameter["value"] for parameter in objects["parameter"] if parameter.get("name") == "currentdate"
    )
    months = pd.period_range(start, periods=PERIODS, freq="M")
    tables = {
        **masters(objects),
        **selling(objects),
        **buying(objects),
        **making(objects),
        **capacities(objects, months),
        "inventory": stock(objects),
        "lanes": lanes(objects),
    }
    return {
        "name": "frePPLe manufacturing demo",
        "question": "Can the furniture maker serve its orders and its forecast?",
        "calendar": {"start": str(months[0]), "periods": PERIODS, "bucket": "month"},
        "currency": "USD",
        **tables,
    }


def masters(objects: Objects) -> dict[str, list[Record]]:
    """Items, sites where stock stands, and a market for every location where customers ask."""
    sites = sorted({buffer["location_id"] for buffer in objects["buffer"]})
    items = [item for item in objects["item"] if "cost" in item]
    return {
        "items": [
            {
                "item": slug(item["name"]),
                "family": item["category"],
                "price": item["cost"],
                "standard_cost": item["cost"],
                "volume": item["volume"],
                "weight": item["weight"],
            }
            for item in items
        ],
        "sites": [{"site": slug(site)} for site in sites],
        "markets": [
            {"market": market(place)}
            for place in sorted({demand["location_id"] for demand in objects["demand"]})
        ],
    }


def selling(objects: Objects) -> dict[str, list[Record]]:
    """Closed demands as history, open ones as orders."""
    history = [
        {
            "date": demand["due"][:10],
            "market": market(demand["location_id"]),
            "item": slug(demand["item_id"]),
            "quantity": demand["quantity"],
        }
        for demand in objects["demand"]
        if demand["status"] == "closed"
    ]
    orders = [
        {
            "order": slug(demand["name"]),
            "market": market(demand["location_id"]),
            "item": slug(demand["item_id"]),
            "quantity": demand["quantity"],
            "due": demand["due"][:10],
            "priority": demand["priority"] + 1,
        }
        for demand in objects["demand"]
        if demand["status"] == "open"
    ]
    return {"order_history": history, "booked_orders": orders}


def buying(objects: Objects) -> dict[str, list[Record]]:
    """Suppliers at the items' own cost, and confirmed purchase orders by month of arrival."""
    cost = {item["name"]: item.get("cost") for item in objects["item"]}
    sourcing = [
        {
            "item": slug(row["item_id"]),
            "supplier": slug(row["supplier_id"]),
            "site": slug(row["location_id"]),
            "unit_cost": cost[row["item_id"]],
            "lead_time": months_of(row["leadtime"]),
        }
        for row in objects["itemsupplier"]
    ]
    arriving: dict[tuple[str, str, str], float] = defaultdict(float)
    for order in objects["operationplan"]:
        if order["type"] == "PO":
            arriving[slug(order["item_id"]), slug(order["location_id"]), order["enddate"][:7]] += order[
                "quantity"
            ]
    receipts = [{"item": item, "site": site, "period": month, "quantity": quantity}
                for (item, site, month), quantity in arriving.items()]
    return {"sourcing": sourcing, "scheduled_receipts": receipts}


def making(objects: Objects) -> dict[str, list[Record]]:
    """A routing for each operation that makes an item, with its steps and what it consumes."""
    made = {operation["name"]: operation for operation in objects["operation"] if operation.get("item_id")}
    routing_of = {
        operation["name"]: made[operation.get("owner_id") or operation["name"]]
        for operation in objects["operation"]
    }
    routings = [
        {"item": slug(operation["item_id"]), "site": slug(operation["location_id"]), "routing": slug(name)}
        for name, operation in made.items()
    ]
    steps = [
        {
            "item": slug(owner["item_id"]),
            "site": slug(owner["location_id"]),
            "routing": slug(owner["name"]),
            "work_center": work_center,
            "hours_per_unit": float(operation["duration_per"]) / SECONDS_AN_HOUR,
        }
        for operation in objects["operation"]
        for owner in [routing_of[operation["name"]]]
        for work_center in machines_of(operation["name"], objects)
    ]
    bill = [{"parent": slug(routing_of[row["operation_id"]]["item_id"]), "component": slug(row["item_id"]),
             "quantity_per": -row["quantity"]} for row in objects["operationmaterial"] if row["quantity"] < 0]
    return {"routings": routings, "routing_steps": steps, "bill_of_materials": bill}


def machines_of(operation: str, objects: Objects) -> list[str]:
    """The machines that an operation needs; where it needs only a skilled operator, the work center of that
    skill.
    """
    needs = [row for row in objects["operationresource"] if row["operation_id"] == operation]
    machines = [slug(row["resource_id"]) for row in needs if row["resource_id"] != "operators"]
    return machines or [slug(row["skill_id"]) for row in needs if row.get("skill_id")]


def capacities(objects: Objects, months: pd.PeriodIndex) -> dict[str, list[Record]]:
    """Hours of each machine, of the varnisher and of the operators, month by month."""
    by_name = {resource["name"]: resource for resource in objects["resource"]}
    operators = [name for name, resource in by_name.items() if resource.get("owner_id") == "operators"]
    machines = {slug(name): [name] for name in by_name if name not in operators and name != "operators"}
    used = {
        center for operation in objects["operation"] for center in machines_of(operation["name"], objects)
    }
    skilled = {
        skill: [row["resource_id"] for row in objects["resourceskill"] if slug(row["skill_id"]) == skill]
        for skill in sorted({slug(row["skill_id"]) for row in objects["resourceskill"]} & used)
    }
    hours = {center: [sum(hours_of(by_name[name], month, objects) for name in names) for month in months]
             for center, names in {**machines, **skilled, "operators": operators}.items()}
    pool = hours.pop("operators")
    place = {"site": FACTORY}
    return {
        "work_centers": [
            {**place, "work_center": center, "labor_pool": "operators", "crew_size": 1} for center in hours
        ],
        "capacity": [
            {**place, "work_center": center, "period": str(month), "available_hours": available}
            for center, monthly in hours.items()
            for month, available in zip(months, monthly, strict=True)
        ],
        "labor_pools": [
            {
                **place,
                "labor_pool": "operators",
                "headcount": len(operators),
                "min_headcount": len(operators),
                "max_headcount": len(operators),
                "hours_per_worker": total / len(operators),
                "from": str(month),
                "to": str(month),
            }
            for month, total in zip(months, pool, strict=True)
        ],
    }


def hours_of(resource: Record, month: pd.Period, objects: Objects) -> float:
    """Hours in a month in which the resource's own calendar and its location's working days both allow
    work.
    """
    days = pd.date_range(month.start_time.normalize(), month.end_time.normalize())
    working = next(
        location["available_id"]
        for location in objects["location"]
        if location["name"] == resource["location_id"]
    )
    own = resource["maximum_calendar_id"]
    return HOURS_A_DAY * sum(value_on(day, own, objects) * value_on(day, working, objects) for day in days)


def value_on(day: pd.Timestamp, calendar: str, objects: Objects) -> float:
    """What a frePPLe calendar says on a day: the bucket with the lowest priority number that covers it."""
    covering = [bucket for bucket in objects["calendarbucket"]
                if bucket["calendar_id"] == calendar and bucket[WEEKDAYS[day.weekday()]]
                and pd.Timestamp(bucket["startdate"]) <= day < pd.Timestamp(bucket["enddate"])]
    if not covering:
        return float(
            next(entry["defaultvalue"] for entry in objects["calendar"] if entry["name"] == calendar)
        )
    return float(min(covering, key=lambda bucket: bucket["priority"])["value"])


def stock(objects: Objects) -> list[Record]:
    """What is on hand in each buffer, and what keeping it costs."""
    cost = {item["name"]: item.get("cost") for item in objects["item"]}
    return [
        {
            "item": slug(buffer["item_id"]),
            "site": slug(buffer["location_id"]),
            "on_hand": buffer["onhand"],
            "holding_cost": HOLDING_RATE * cost[buffer["item_id"]],
        }
        for buffer in objects["buffer"]
    ]


def lanes(objects: Objects) -> list[Record]:
    """frePPLe's transfers between locations, and the counter at which each location serves its customers."""
    moves = [
        {
            "origin": slug(row["origin_id"]),
            "destination": slug(row["location_id"]),
            "mode": "truck",
            "item": "" if row["item_id"] == "All items" else slug(row["item_id"]),
            "lead_time": months_of(row["leadtime"]),
        }
        for row in objects["itemdistribution"]
    ]
    places = sorted({demand["location_id"] for demand in objects["demand"]})
    return [
        *moves,
        *(
            {
                "origin": slug(place),
                "destination": market(place),
                "mode": "counter",
                "item": "",
                "lead_time": 0,
            }
            for place in places
        ),
    ]


def show(plan: planner.Plan) -> None:
    """Prints what is wanted, made, loaded and bought."""
    sales = plan.tables["sales"]
    print(
        f"{plan.name}: {plan.status}, cost {plan.objective:,.0f} {plan.currency}, bound {plan.bound:,.0f}\n"
    )
    columns = ["demand", "delivered_on_time", "delivered_late", "lost"]
    print(sales.groupby(["demand_class", "item"])[columns].sum().round(1).to_string(), "\n")
    print(
        plan.tables["production"].pivot_table(index="item", columns="period", values="production").round(1),
        "\n",
    )
    print(
        plan.tables["capacity"]
        .pivot_table(index="work_center", columns="period", values="utilization")
        .round(2),
        "\n",
    )
    workforce = plan.tables["workforce"].set_index("period")
    print(
        "operators' hours used",
        (workforce["hours_used"] / workforce["regular_hours"]).round(2).to_string(),
        sep="\n",
    )


def write_scenario(described: Record, folder: Path) -> None:
    """Leaves the scenario as a folder of CSV files beside scenario.yaml."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = {name: rows for name, rows in described.items() if isinstance(rows, list)}
    settings = {name: value for name, value in described.items() if name not in tables}
    (folder / "scenario.yaml").write_text(
        "".join(f"{name}: {json.dumps(value)}\n" for name, value in settings.items()), encoding="utf-8")
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


def slug(name: str) -> str:
    """The name as a key."""
    return name.lower().replace(" ", "-")


def market(place: str) -> str:
    """The market of the customers who ask at a location."""
    return f"{slug(place)}-customers"


def months_of(seconds: str) -> int:
    """A duration in whole months, rounded."""
    return round(float(seconds) / SECONDS_A_MONTH)


if __name__ == "__main__":
    sys.exit(main())
