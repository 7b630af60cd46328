"""Tiny plants whose best plan can be worked out by hand, and short words to ask a solution what it decided.

A plant is one site, one item and one market unless a test says more: a test names only the tables that it is
about.
"""

from collections.abc import Sequence
from typing import Any

from planner.demand.demand import make_demand
from planner.model.solve import solve_model
from planner.scenario.load import load_scenario


def table(columns: str, *cells: Sequence[Any]) -> list[dict[str, Any]]:
    """Records of a table: the names of its columns, then its rows; None is a blank."""
    names = columns.split()
    return [{name: cell for name, cell in zip(names, row, strict=True) if cell is not None} for row in cells]


def month(number: int) -> str:
    """Period 1 of every plant is January 2026."""
    return f"2026-{number:02d}"


def wanting(
    quantities: Sequence[float], *, item: str = "bike", market: str = "north"
) -> list[dict[str, Any]]:
    """Rows of the table demand, from the first period on."""
    return [{"item": item, "market": market, "period": month(number), "quantity": quantity}
            for number, quantity in enumerate(quantities, start=1)]


def plant(
    wanted: Sequence[float] = (),
    *,
    periods: int | None = None,
    mode: str = "cost",
    beyond: str = "all",
    **tables: Any,
) -> dict[str, Any]:
    """A scenario in which north wants so many bikes of the plant in each period.

    A unit owed at the end of a period costs 20, a unit never delivered 100.
    """
    return {
        "name": "Plant", "question": "What does the arithmetic say?",
        "calendar": {"start": month(1), "periods": periods or len(wanted)},
        "objective": {"mode": mode, "beyond_targets": beyond},
        "items": table("item", ("bike",)),
        "sites": table("site", ("plant",)),
        "markets": table("market", ("north",)),
        "demand": wanting(wanted),
        "service_terms": table("backorder_cost lost_sale_cost", (20, 100)),
        "lanes": table("origin destination mode", ("plant", "north", "truck")),
        **tables}


BOUGHT = table("item supplier site unit_cost", ("bike", "arvo", "plant", 10))  # as many as wanted, at once
MADE = table("item site routing unit_cost", ("bike", "plant", "line", 10))  # as many as wanted, at once
# what is made or bought leaves in the same period
NO_STOCK = table("item site max_inventory", ("bike", "plant", 0))
ON_TIME = table("lost_sale_cost max_lateness", (100, 0))  # on time or never


def solve(scenario: dict[str, Any], **limits: Any) -> Any:
    """The solution of a scenario given as a dict. Wherever the objective is a cost, the cost terms add up to
    it.
    """
    loaded = load_scenario(scenario)
    solution = solve_model(loaded, make_demand(loaded), **limits)
    if solution.mode != "profit":
        added_up = sum(frame["amount"].sum() for frame in solution.costs.values())
        assert abs(added_up - solution.objective) <= 1e-6 * max(1.0, abs(added_up)), (
            "cost terms and objective differ"
        )
    return solution


def decided(solution: Any, variable: str, *by: str, **where: Any) -> dict[Any, float]:
    """What the solution decided, added up by these index columns, zeros left out."""
    frame = solution.values[variable]
    for column, wanted in where.items():
        frame = frame[frame[column] == wanted]
    return _nonzero(frame.groupby(list(by) if len(by) > 1 else by[0])["value"].sum())


def total(solution: Any, variable: str, **where: Any) -> float:
    """The sum of a variable over all its index, or over the part of it that `where` names."""
    frame = solution.values[variable]
    for column, wanted in where.items():
        frame = frame[frame[column] == wanted]
    return round(float(frame["value"].sum()), 6) + 0.0


def bill(solution: Any) -> dict[str, float]:
    """Every cost term that is not 0."""
    amounts = {term: round(float(frame["amount"].sum()), 6) for term, frame in solution.costs.items()}
    return {term: amount for term, amount in amounts.items() if amount}


def by_period(solution: Any, term: str) -> dict[int, float]:
    """A cost term by the period it is charged in, zeros left out."""
    return _nonzero(solution.costs[term].groupby("period")["amount"].sum())


def price(solution: Any, constraint: str, *, key: str | None = None, period: int | None = None) -> float:
    """The shadow price of one row of a family; 0 where the table has none."""
    found = solution.shadow_prices
    found = found[found["constraint"] == constraint]
    if key is not None:
        found = found[found["key"] == key]
    if period is not None:
        found = found[found["period"] == period]
    assert len(found) <= 1, f"{len(found)} rows of {constraint} have a price; name one"
    return round(float(found["shadow_price"].sum()), 6) + 0.0


def _nonzero(values: Any) -> dict[Any, float]:
    rounded = values.round(6)
    return {key: value + 0.0 for key, value in rounded[rounded != 0].items()}


def works(**changes: Any) -> dict[str, Any]:
    """A bicycle works in which nearly every rule of the model binds; a keyword replaces a table or a
    setting.
    """
    return {
        "name": "Works",
        "question": "Does everything hold together?",
        "calendar": {"start": month(1), "periods": 4},
        "objective": {"mode": "cost"},
        **_MARKET_SIDE,
        **_PLANT_SIDE,
        **_STOCK_SIDE,
        **changes,
    }


_MARKET_SIDE: dict[str, Any] = {
    "items": table("item family price volume", ("frame", None, 40, 0.5), ("bike", "bikes", 200, 1)),
    "markets": table("market region", ("north", "europe"), ("south", "africa")),
    "demand": [*wanting([26, 27, 34, 29]), *wanting([8, 10, 13, 12], market="south")],
    "booked_orders": table(
        "order market item quantity due priority price",
        ("o1", "north", "bike", 6, month(2), 1, 210),
        ("o2", "south", "bike", 2, "2025-12", None, None),
    ),
    "sales_targets": table(
        "target region quantity priority", ("europe", "europe", 120, 1), ("africa", "africa", 30, 2)
    ),
    "service_terms": table(
        "priority backorder_cost lost_sale_cost max_lateness min_fill_rate",
        (None, 6, 150, 1, 0.45),
        (1, 15, 400, 0, None),
    ),
}
_PLANT_SIDE: dict[str, Any] = {
    "sourcing": table(
        "item supplier site unit_cost lead_time capacity min_share max_share",
        ("frame", "arvo", "plant", 20, 1, 25, None, 0.6),
        ("frame", "borea", "plant", 26, 0, 9, None, None),
        ("frame", "cima", "plant", 29, 0, None, 0.1, None),
        ("bike", "arvo", "depot", 130, 1, None, None, None),
    ),
    "supplier_capacity": table(
        "supplier item period capacity", ("arvo", None, None, 27), ("arvo", "frame", month(2), 18)
    ),
    "scheduled_receipts": table("item site period quantity", ("frame", "plant", month(1), 9)),
    "bill_of_materials": table("parent component quantity_per", ("bike", "frame", 1)),
    "routings": table(
        "item site routing unit_cost yield_rate capacity",
        ("bike", "plant", "line", 12, 0.95, 30),
        ("bike", "plant", "hand", 30, 1, 7),
    ),
    "routing_steps": table(
        "item site routing work_center hours_per_unit",
        ("bike", "plant", "line", "weld", 0.5),
        ("bike", "plant", "line", "assembly", 1),
        ("bike", "plant", "hand", "assembly", 1.5),
    ),
    "work_centers": table(
        "site work_center available_hours availability performance hour_cost overtime_hours "
        "overtime_hour_cost "
        "labor_pool crew_size",
        ("plant", "weld", 15, 0.9, 0.95, 6, 2, 9, "smiths", 2),
        ("plant", "assembly", 30, 0.95, 0.9, 4, 8, 6, "smiths", 1),
    ),
    "capacity": table("site work_center period available_hours", ("plant", "weld", month(3), 11)),
    "inspections": table(
        "item site work_center hours_per_unit defect_rate rework_rate rework_hours scrap_cost",
        ("bike", "plant", "weld", 0.02, 0.04, 0.5, 0.3, 3),
    ),
    "labor_pools": table(
        "site labor_pool headcount hours_per_worker wage overtime_hours_per_worker overtime_wage hire_cost "
        "separation_cost "
        "attrition_rate min_headcount max_headcount max_hires",
        ("plant", "smiths", 5, 10, 60, 1.5, 14, 90, 40, 0.05, 4, 6, 0.6),
    ),
}
_STOCK_SIDE: dict[str, Any] = {
    "sites": table("site storage_capacity storage_overflow_cost", ("plant", None, None), ("depot", 14, 2)),
    "inventory": table(
        "item site on_hand safety_stock days_of_supply safety_stock_penalty max_inventory holding_cost "
        "ending_inventory",
        ("frame", "plant", 10, 4, None, 8, None, 0.4, None),
        ("bike", "depot", 12, 5, 5, 9, None, 1.2, 8),
        ("bike", "plant", None, None, None, None, 3, 1, None),
    ),
    "lanes": table(
        "origin destination mode item unit_cost lead_time capacity",
        ("plant", "depot", "truck", None, 2, 0, 31),
        ("depot", "north", "van", None, 4, 0, None),
        ("depot", "south", "ship", None, 3, 1, 9),
        ("plant", "north", "rail", "bike", 9, 0, 5),
    ),
}
