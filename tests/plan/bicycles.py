"""A small bicycle maker that uses every feature of a scenario at once, and the demand of its customers."""

import copy
from typing import Any

PERIODS = [f"2026-{month:02d}" for month in range(1, 7)]


def bicycles(**changes: Any) -> dict[str, Any]:
    """The scenario as a dict; a keyword replaces a table or a setting."""
    return copy.deepcopy({**SETTINGS, **MASTER, **SALES, **SOURCING, **PRODUCTION, **STOCK, **changes})


def rows(text: str) -> list[dict[str, Any]]:
    """Records of a table written in columns: names first, then a line for each row; a dash is a blank."""
    names, *lines = (line.split() for line in text.strip().splitlines())
    return [
        {name: _cell(cell) for name, cell in zip(names, line, strict=True) if cell != "-"} for line in lines
    ]


def _cell(text: str) -> Any:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


SETTINGS: dict[str, Any] = {
    "name": "Bicycles", "question": "Does the audit see everything?",
    "calendar": {"start": "2026-01", "periods": len(PERIODS)},
    "objective": {"mode": "targets_first"},
}
MASTER = {
    "items": rows("""
        item   family  price  standard_cost  volume
        frame  -       -      20             0.5
        wheel  -       -      8              0.2
        bike   bikes   200    90             1.0
        ebike  bikes   600    250            1.5"""),
    "sites": rows("""
        site   storage_capacity  storage_overflow_cost
        depot  60                1.5
        plant  -                 -"""),
    "markets": rows("""
        market  region
        north   europe
        south   africa"""),
    "customers": rows("""
        customer  market  priority  since
        acme      north   1         2020-01-15
        zeta      south   -         -"""),
}
SALES = {
    "booked_orders": rows("""
        order  customer  market  item   quantity  due      priority  price
        o1     acme      -       bike   30        2026-01  -         190
        o2     acme      -       bike   20        2026-03  -         -
        o3     -         south   bike   15        2026-02  2         210
        o4     zeta      -       bike   8         2025-12  3         -
        o5     acme      -       ebike  10        2026-04  -         580
        o6     acme      -       bike   99        2026-09  -         -"""),
    "demand": [
        {"item": item, "market": market, "period": period, "quantity": first + 10 * number}
        for item, market, first in (("bike", "north", 60), ("bike", "south", 40), ("ebike", "north", 10))
        for number, period in enumerate(PERIODS)
    ],
    "prices": rows("""
        item  market  price  from     to
        bike  south   185    -        -
        bike  -       205    2026-05  2026-06"""),
    "sales_targets": rows("""
        target      measure  item  family  market  region  from     to       quantity  priority
        bikes       units    -     bikes   -       -       -        -        900       2
        europe      revenue  -     -       -       europe  2026-02  2026-05  90000     1
        south-bike  units    bike  -       south   -       2026-03  -        5000      5"""),
    "service_terms": rows("""
        item   market  priority  backorder_cost  lost_sale_cost  max_lateness  min_fill_rate
        -      -       -         3               150             2             -
        bike   -       -         4               120             1             -
        bike   -       3         2               500             2             -
        -      -       1         9               400             -             -
        ebike  -       -         5               350             0             0.1"""),
    "opportunities": rows("""
        opportunity  customer  item   amount  created     closed      outcome  campaign
        d1           acme      bike   5000    2025-01-10  2025-03-11  won      fair
        d2           zeta      bike   2000    2025-02-01  2025-03-01  lost     -
        d3           acme      ebike  9000    2025-05-01  2025-06-10  won      fair
        d4           zeta      ebike  9000    2025-11-01  -           open     fair"""),
    "campaigns": rows("""
        campaign  period   cost  leads  qualified
        fair      2025-01  3000  40     10"""),
    "order_history": rows("""
        date        customer  item  quantity
        2024-01-05  acme      bike  10
        2024-06-05  zeta      bike  5
        2025-03-05  acme      bike  10"""),
}
SOURCING = {
    "sourcing": rows("""
        item   supplier  site   unit_cost  lead_time  capacity  min_share  max_share  from     to
        frame  arvo      plant  20         1          150       0.2        -          -        -
        frame  arvo      plant  23         2          120       0.2        -          2026-03  2026-04
        frame  borea     plant  26         0          -         -          0.7        -        -
        wheel  arvo      plant  8          1          -         -          -          -        -
        wheel  cima      plant  9.5        0          400       -          -          -        -"""),
    "supplier_capacity": rows("""
        supplier  item   period   capacity
        arvo      -      -        420
        arvo      frame  2026-02  90
        cima      wheel  -        300"""),
    "scheduled_receipts": rows("""
        item   site   period   quantity
        frame  plant  2026-01  40
        bike   depot  2026-02  25"""),
}
PRODUCTION = {
    "bill_of_materials": rows("""
        parent  component  site   quantity_per
        bike    frame      -      1
        bike    wheel      -      2
        ebike   frame      -      1
        ebike   wheel      -      2
        ebike   wheel      plant  2.5"""),
    "routings": rows("""
        item   site   routing  unit_cost  yield_rate  lead_time  capacity  from     to
        bike   plant  line     12         0.95        0          -         -        -
        bike   plant  line     14         0.9         1          90        2026-04  2026-05
        bike   plant  hand     30         1.0         0          40        -        -
        ebike  plant  line     50         0.97        1          -         -        -"""),
    "routing_steps": rows("""
        item   site   routing  work_center  hours_per_unit
        bike   plant  line     weld         0.5
        bike   plant  line     assembly     1.0
        bike   plant  hand     assembly     2.0
        ebike  plant  line     weld         0.6
        ebike  plant  line     assembly     1.8"""),
    "work_centers": rows("""
        site   work_center  available_hours  availability  performance  quality  hour_cost  overtime_hours  overtime_hour_cost
        plant  weld         90               0.9           0.95         1.0      6          20              9
        plant  assembly     180              0.95          0.9          0.98     4          30              -
        plant  lab          -                -             -            -        2          -               -"""),
    "capacity": rows("""
        site   work_center  period   available_hours  overtime_hours
        plant  weld         2026-03  60               -
        plant  assembly     2026-05  -                80"""),
    "inspections": rows("""
        item   site   work_center  hours_per_unit  defect_rate  rework_rate  rework_hours  scrap_cost
        bike   plant  lab          0.1             0.06         0.5          0.4           3
        frame  plant  weld         0.02            0.03         0.0          0             1"""),
    "labor_pools": rows("""
        site   labor_pool  headcount  hours_per_worker  wage  overtime_hours_per_worker  overtime_wage  from     to
        plant  smiths      2          120               900   15                         14             -        -
        plant  smiths      -          110               950   15                         14             2026-06  2026-06"""),
}
CREWS = {"weld": {"labor_pool": "smiths", "crew_size": 1.5}, "assembly": {"labor_pool": "smiths"}}
CHANGES_OF_STAFF = {
    "hire_cost": 500,
    "separation_cost": 300,
    "attrition_rate": 0.02,
    "min_headcount": 2,
    "max_headcount": 4,
    "max_hires": 0.5,
}
PRODUCTION["work_centers"] = [
    {**center, **CREWS.get(center["work_center"], {})} for center in PRODUCTION["work_centers"]
]
PRODUCTION["labor_pools"] = [{**pool, **CHANGES_OF_STAFF} for pool in PRODUCTION["labor_pools"]]
STOCK = {
    "inventory": rows("""
        item   site   on_hand  safety_stock  days_of_supply  safety_stock_penalty  max_inventory  holding_cost  from     to
        frame  plant  30       10            -               5                     200            0.4           -        -
        wheel  plant  80       -             -               -                     -              0.2           -        -
        bike   plant  -        -             -               -                     60             1.0           -        -
        bike   depot  50       15            12              8                     -              1.2           -        -
        bike   depot  -        25            40              8                     -              1.4           2026-05  2026-06
        ebike  depot  12       5             -               10                    -              2.0           -        -"""),
    "lanes": rows("""
        origin  destination  mode   item   unit_cost  lead_time  capacity  from     to
        plant   depot        truck  -      2          0          160       -        -
        plant   depot        truck  ebike  3          1          40        -        -
        depot   north        van    -      4          0          110       -        -
        depot   south        ship   -      3          1          -         -        -
        depot   south        ship   -      5          1          70        2026-03  2026-04
        plant   north        rail   bike   9          1          50        -        -"""),
}
STOCK["inventory"][3]["ending_inventory"] = 20
