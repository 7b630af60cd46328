"""A conflict for every rule that can be part of one, each in a plant of its own, many of them in one scenario."""

from typing import Any

from tests.model.plants import MADE, month, table

PERIODS = 4
NAMES = {"bike", "plant", "north", "depot", "arvo", "cima", "press", "start", "a", "b", "g"}
FIRST = (month(1), month(1))
PROMISE = table("item lost_sale_cost min_fill_rate", ("bike", 100, 0.6))  # 6 of 10 on time
BUY = table("item supplier site unit_cost", ("bike", "arvo", "plant", 1))
STEP = table("item site routing work_center hours_per_unit", ("bike", "plant", "line", "weld", 1))
TEN = {"demand": table("item market period quantity", ("bike", "north", month(1), 10)), "service_terms": PROMISE}
ONE = {"demand": table("item market period quantity", ("bike", "north", month(1), 1)),
       "service_terms": table("item lost_sale_cost", ("bike", 100))}
NONE = {"service_terms": table("item lost_sale_cost", ("bike", 100))}


def center(**columns: Any) -> list[dict[str, Any]]:
    """One work center."""
    return [{"site": "plant", "work_center": "weld", **columns}]


def crew(**columns: Any) -> list[dict[str, Any]]:
    """One pool of workers."""
    return [{"site": "plant", "labor_pool": "crew", **columns}]


def held(most: float, **columns: Any) -> list[dict[str, Any]]:
    """What may be held of the bike."""
    return [{"item": "bike", "site": "plant", "max_inventory": most, **columns}]


WELDED = {**TEN, "routings": MADE, "routing_steps": STEP}
CREWED = {**WELDED, "work_centers": center(labor_pool="crew", crew_size=1)}
LATE = {"lanes": table("origin destination mode lead_time", ("plant", "north", "truck", 1))}

# Each with the figures that conflict and what each would have to be: rule, column, figure.
LINEAR: dict[str, tuple[dict[str, Any], set[tuple[str, str, Any]]]] = {
    # 2 hours make 2 of 6
    "hours": ({**WELDED, "work_centers": center(available_hours=2)}, {
        ("work_center_capacity", "available_hours", 6), ("overtime_limit", "overtime_hours", 4),
        ("min_fill_rate", "min_fill_rate", 0.2)}),
    # effective hours are 0.8 of the gross ones: 6 / 0.8 = 7.5, 4 * 0.8 = 3.2 of 10
    "hours of a month": ({**WELDED, "work_centers": center(available_hours=20, availability=0.8), "capacity": table(
        "site work_center period available_hours", ("plant", "weld", month(1), 4))}, {
        ("work_center_capacity", "available_hours", 7.5), ("overtime_limit", "overtime_hours", 3.5),
        ("min_fill_rate", "min_fill_rate", 0.32)}),
    "routing": ({**TEN, "routings": table("item site routing capacity", ("bike", "plant", "line", 4))}, {
        ("routing_capacity", "capacity", 6), ("min_fill_rate", "min_fill_rate", 0.4)}),
    # 5 workers asked for, 2 there, 1 can be hired
    "workers": ({**NONE, "labor_pools": crew(headcount=2, hours_per_worker=9, min_headcount=5, max_hires=1)}, {
        ("opening_headcount", "headcount", 4), ("min_headcount", "min_headcount", 3), ("max_hires", "max_hires", 3)}),
    # 2 workers at most work 2 hours each and may work half an hour more: 5 of 6
    "crew": ({**CREWED, "labor_pools": crew(
        headcount=1, hours_per_worker=2, max_headcount=2, overtime_hours_per_worker=0.5)}, {
        ("labor_hours", "hours_per_worker", 2.5), ("labor_overtime_limit", "overtime_hours_per_worker", 1),
        ("max_headcount", "max_headcount", 2.4), ("min_fill_rate", "min_fill_rate", 0.5)}),
    "supplier": ({**TEN, "sourcing": BUY, "supplier_capacity": table("supplier capacity", ("arvo", 4))}, {
        ("supplier_capacity", "capacity", 6), ("min_fill_rate", "min_fill_rate", 0.4)}),
    # 3 of arvo are 3/4 of all: 4 in all
    "least share": ({**TEN, "sourcing": table(
        "item supplier site unit_cost capacity min_share from to", ("bike", "arvo", "plant", 1, 3, 0.75, *FIRST),
        ("bike", "cima", "plant", 1, None, None, *FIRST))}, {
        ("source_capacity", "capacity", 4.5), ("min_share", "min_share", 0.5),
        ("min_fill_rate", "min_fill_rate", 0.4)}),
    "largest share": ({**TEN, "sourcing": table(
        "item supplier site unit_cost capacity max_share from to", ("bike", "arvo", "plant", 1, None, 0.25, *FIRST),
        ("bike", "cima", "plant", 1, 3, None, *FIRST))}, {
        ("source_capacity", "capacity", 4.5), ("max_share", "max_share", 0.5),
        ("min_fill_rate", "min_fill_rate", 0.4)}),
    "lane": ({**TEN, "sourcing": BUY, "lanes": table(
        "origin destination mode capacity", ("plant", "north", "truck", 4))}, {
        ("lane_capacity", "capacity", 6), ("min_fill_rate", "min_fill_rate", 0.4)}),
    # 9 there, 1 leaves, space for 3
    "space": ({**ONE, "sites": table("site storage_capacity", ("plant", 3)),
               "inventory": table("item site on_hand", ("bike", "plant", 9))}, {
        ("opening_inventory", "on_hand", 4), ("storage_capacity", "storage_capacity", 8)}),
    "receipts": ({**NONE, "scheduled_receipts": table("item site period quantity", ("bike", "plant", month(1), 9)),
                  "inventory": held(3)}, {
        ("inventory_balance", "quantity", 3), ("max_inventory", "max_inventory", 9)}),
    # 4 months of 10
    "end": ({**NONE, "sourcing": BUY, "supplier_capacity": table("supplier capacity", ("arvo", 10)),
             "inventory": table("item site ending_inventory", ("bike", "plant", 100))}, {
        ("supplier_capacity", "capacity", 25), ("ending_inventory", "ending_inventory", 40)}),
    # the 9 arrive a month after they were wanted, and cannot stay
    "late": ({**LATE, "demand": table("item market period quantity", *(("bike", "north", month(at), 9) for at in (1, 3))),
              "service_terms": table("item lost_sale_cost max_lateness", ("bike", 100, 0)),
              "inventory": held(0, on_hand=9)}, {
        ("max_lateness", "max_lateness", 1), ("max_inventory", "max_inventory", 9), ("opening_inventory", "on_hand", 0)}),
    # the first 9 may be late, those of March may not, and take nothing of their patience
    "later": ({**LATE, "demand": table("item market period quantity", *(("bike", "north", month(at), 9) for at in (1, 3))),
               "service_terms": table("item lost_sale_cost max_lateness from to", ("bike", 100, 3, None, None),
                                      ("bike", 100, 0, month(3), month(3))),
               "scheduled_receipts": table("item site period quantity", ("bike", "plant", month(3), 9)),
               "inventory": held(0, on_hand=9)}, {
        ("lateness_of_later_demand", "max_lateness", 1), ("max_inventory", "max_inventory", 4.5),
        ("opening_inventory", "on_hand", 0), ("inventory_balance", "quantity", 0)}),
}
WHOLE: dict[str, tuple[dict[str, Any], set[tuple[str, str, Any]]]] = {
    # 10 wanted and 4 held: of a lot of 20, 6 have no place
    "lot": ({**TEN, "routings": table("item site routing min_lot", ("bike", "plant", "line", 20)),
             "inventory": held(4)}, {
        ("minimum_lot", "min_lot", 14), ("max_inventory", "max_inventory", 10), ("min_fill_rate", "min_fill_rate", 0)}),
    "order": ({**TEN, "sourcing": table("item supplier site unit_cost moq", ("bike", "arvo", "plant", 1, 20)),
               "inventory": held(4)}, {
        ("minimum_order", "moq", 14), ("max_inventory", "max_inventory", 10), ("min_fill_rate", "min_fill_rate", 0)}),
    # one lot of 7 is too little, two are beyond the capacity
    "lots": ({**TEN, "service_terms": table("item lost_sale_cost min_fill_rate", ("bike", 100, 0.8)),
              "routings": table("item site routing lot_multiple capacity", ("bike", "plant", "line", 7, 12)),
              "inventory": held(0)}, {
        ("production_multiple", "lot_multiple", 8), ("min_fill_rate", "min_fill_rate", 0.7)}),
    "pallets": ({**TEN, "sourcing": table("item supplier site unit_cost lot_multiple", ("bike", "arvo", "plant", 1, 20)),
                 "inventory": held(4)}, {
        ("order_multiple", "lot_multiple", 14), ("max_inventory", "max_inventory", 10),
        ("min_fill_rate", "min_fill_rate", 0)}),
    "shipment": ({**TEN, "sourcing": BUY, "lanes": table(
        "origin destination mode min_shipment", ("plant", "north", "truck", 15))}, {
        ("minimum_shipment", "min_shipment", 10), ("min_fill_rate", "min_fill_rate", 0)}),
    "trucks": ({**TEN, "sourcing": BUY, "lanes": table(
        "origin destination mode vehicle_size max_vehicles", ("plant", "north", "truck", 2, 1))}, {
        ("vehicles", "max_vehicles", 3), ("min_fill_rate", "min_fill_rate", 0.2)}),
    # a press adds 2 hours
    "options": ({**WELDED, "work_centers": center(available_hours=1), "capacity_options": table(
        "option site work_center added_hours fixed_cost max_count", ("press", "plant", "weld", 2, 50, 1))}, {
        ("option_limit", "max_count", 3), ("work_center_capacity", "available_hours", 4),
        ("overtime_limit", "overtime_hours", 3), ("min_fill_rate", "min_fill_rate", 0.3)}),
    # the month with all the work has to take one of two stops of 2 hours
    "stops": ({**WELDED, "work_centers": center(available_hours=6), "maintenance": table(
        "site work_center hours_per_stop stops max_stops_per_period from to", ("plant", "weld", 2, 2, 1, month(1), month(2)))}, {
        ("stopped", "max_stops_per_period", 2), ("maintenance_stops", "stops", 1),
        ("work_center_capacity", "available_hours", 8), ("overtime_limit", "overtime_hours", 2),
        ("min_fill_rate", "min_fill_rate", 0.4)}),
    # stock in two sites of which one may be opened
    "choice": ({**ONE, "sites": table("site", ("plant",), ("depot",)), "site_options": table(
        "site_option site kind fixed_cost choice_group max_chosen", ("a", "plant", "open", 5, "g", 1),
        ("b", "depot", "open", 5, "g", 1)),
        "inventory": table("item site on_hand", ("bike", "plant", 5), ("bike", "depot", 5))}, {
        ("choice_limit", "max_chosen", 2), ("opening_inventory", "on_hand", 1), ("opening_inventory", "on_hand", 0)}),
    "closed store": ({**NONE, "site_options": table(
        "site_option site kind fixed_cost from", ("start", "plant", "open", 5, month(3))),
        "inventory": table("item site on_hand", ("bike", "plant", 5))}, {
        ("open_sites_only", "from", month(1)), ("opening_inventory", "on_hand", 0)}),
    "closed plant": ({**TEN, "routings": MADE, "site_options": table(
        "site_option site kind fixed_cost from", ("start", "plant", "open", 5, month(2)))}, {
        ("open_sites_produce", "from", month(1)), ("min_fill_rate", "min_fill_rate", 0)}),
}
# No conflict without these: what is short of them is paid for, or ranked, or can be lost.
CANNOT = {"safety_stock", "days_of_supply", "sales_targets"}


def planted(cases: dict[str, tuple[dict[str, Any], set[tuple[str, str, Any]]]]) -> dict[str, Any]:
    """All the cases in one scenario, each with names of its own."""
    merged: dict[str, Any] = {
        "name": "Planted", "question": "What conflicts?", "calendar": {"start": month(1), "periods": PERIODS},
        "objective": {"mode": "cost"}}
    for name, (tables, _) in cases.items():
        whole = {"items": table("item", ("bike",)), "sites": table("site", ("plant",)),
                 "markets": table("market", ("north",)),
                 "lanes": table("origin destination mode", ("plant", "north", "truck")), **tables}
        for key, rows in whole.items():
            merged.setdefault(key, []).extend(_renamed(row, name) for row in rows)
    # lanes hold for one item each, or they would carry those of other plants too
    return merged


def _renamed(row: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: f"{name} {cell}" if isinstance(cell, str) and cell in NAMES else cell for key, cell in row.items()}
