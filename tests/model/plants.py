"""Tiny plants whose best plan can be worked out by hand, and short words to ask a solution what it decided.

A plant is one site, one item and one market unless a test says more: a test names only the tables that it is about.
"""

from collections.abc import Sequence
from typing import Any

from planner.demand.demand import make_demand
from planner.model.solve import solve_model
from planner.scenario.load import load_scenario

SPAN = ("from", "to")


def table(columns: str, *cells: Sequence[Any]) -> list[dict[str, Any]]:
    """Records of a table: the names of its columns, then its rows; None is a blank."""
    names = columns.split()
    return [{name: cell for name, cell in zip(names, row, strict=True) if cell is not None} for row in cells]


def month(number: int) -> str:
    """Period 1 of every plant is January 2026."""
    return f"2026-{number:02d}"


def wanting(quantities: Sequence[float], *, item: str = "bike", market: str = "north") -> list[dict[str, Any]]:
    """Rows of the table demand, from the first period on."""
    return [{"item": item, "market": market, "period": month(number), "quantity": quantity}
            for number, quantity in enumerate(quantities, start=1)]


def plant(wanted: Sequence[float] = (), *, periods: int | None = None, mode: str = "cost", beyond: str = "all",
          **tables: Any) -> dict[str, Any]:
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
NO_STOCK = table("item site max_inventory", ("bike", "plant", 0))  # what is made or bought leaves in the same period
ON_TIME = table("lost_sale_cost max_lateness", (100, 0))  # on time or never


def solve(scenario: dict[str, Any], **limits: Any) -> Any:
    """The solution of a scenario given as a dict. Its cost terms add up to its objective where that is all costs."""
    loaded = load_scenario(scenario)
    solution = solve_model(loaded, make_demand(loaded), **limits)
    if solution.mode == "cost":
        total = sum(frame["amount"].sum() for frame in solution.costs.values())
        assert abs(total - solution.objective) <= 1e-6 * max(1.0, abs(total)), "cost terms and objective differ"
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
