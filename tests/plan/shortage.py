"""A small shop whose every shortage has one cause, so that an explanation can be checked by hand.

Bikes take an hour of assembly each: 100 h and 10 h of overtime a month. Frames come from Arvo after a month,
helmets from Borea after two, lamps from Arvo at once.
"""

import copy
from typing import Any

from bicycles import rows

DEMAND = rows("""
    item    market  period   quantity
    bike    north   2026-01  100
    bike    north   2026-02  150
    bike    north   2026-03  130
    lamp    north   2026-01  40
    lamp    north   2026-03  60
    helmet  north   2026-01  25
    helmet  north   2026-03  30""")

SHOP: dict[str, Any] = {
    "name": "Shop", "question": "Why is it short?",
    "calendar": {"start": "2026-01", "periods": 3}, "currency": "EUR",
    "objective": {"mode": "targets_first"},
    "items": rows("""
        item    family  price  standard_cost
        bike    bikes   500    200
        frame   -       -      60
        lamp    parts   30     10
        helmet  parts   80     20"""),
    "sites": rows("site\nplant"),
    "markets": rows("market  region\nnorth  europe"),
    "customers": rows("customer  market  priority\nacme  north  1"),
    "booked_orders": rows("""
        order  customer  item  quantity  due      priority
        o-1    acme      bike  10        2026-01  1"""),
    "demand": DEMAND,
    "service_terms": rows("""
        priority  max_lateness  lost_sale_cost  backorder_cost
        -         0             1000            10"""),
    "sales_targets": rows("""
        target   measure  family  from     to       quantity  priority
        quarter  units    bikes   2026-01  2026-03  400       1
        parts    units    parts   2026-01  2026-03  130       2"""),
    "bill_of_materials": rows("parent  component  quantity_per\nbike  frame  1"),
    "routings": rows("item  site  routing  unit_cost\nbike  plant  line  50"),
    "routing_steps": rows("item  site  routing  work_center  hours_per_unit\nbike  plant  line  assembly  1"),
    "work_centers": rows("""
        site   work_center  available_hours  hour_cost  overtime_hours  overtime_hour_cost
        plant  assembly     100              10         10              15"""),
    "sourcing": rows("""
        item    supplier  site   unit_cost  lead_time
        frame   arvo      plant  60         1
        lamp    arvo      plant  10         0
        helmet  borea     plant  20         2"""),
    "inventory": rows("""
        item    site   on_hand  holding_cost
        frame   plant  150      1
        bike    plant  0        2"""),
    "lanes": rows("origin  destination  mode  unit_cost\nplant  north  road  5"),
}


def shop(**changes: Any) -> dict[str, Any]:
    """The scenario as a dict; a keyword replaces a table or a setting."""
    return copy.deepcopy({**SHOP, **changes})
