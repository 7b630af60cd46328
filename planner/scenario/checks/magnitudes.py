"""Figures lie so close to each other that the solver's arithmetic, with sixteen digits, tells them apart."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner.errors import Problem
from planner.scenario.checks.draft import Draft
from planner.scenario.checks.rows import place_text


@dataclass(frozen=True)
class Kind:
    """Columns whose figures are compared, and how many times the smallest the largest may be."""

    columns: tuple[tuple[str, str], ...]
    widest: float


# what quantities are multiplied by: the entries of the solver's matrix
MULTIPLIERS = Kind((
    ("bill_of_materials", "quantity_per"),
    ("routings", "yield_rate"),
    ("routings", "min_lot"),
    ("routings", "lot_multiple"),
    ("routing_steps", "hours_per_unit"),
    ("routing_steps", "setup_hours"),
    ("setup_families", "setup_hours"),
    ("sourcing", "moq"),
    ("sourcing", "lot_multiple"),
    ("price_breaks", "from_quantity"),
    ("capacity_options", "added_hours"),
    ("maintenance", "hours_per_stop"),
    ("inspections", "hours_per_unit"),
    ("inspections", "rework_hours"),
    ("labor_pools", "hours_per_worker"),
    ("labor_pools", "overtime_hours_per_worker"),
    ("work_centers", "availability"),
    ("work_centers", "performance"),
    ("work_centers", "quality"),
    ("work_centers", "crew_size"),
    ("items", "volume"),
    ("lanes", "min_shipment"),
    ("lanes", "vehicle_size"),
), widest=1e9)
# what is wanted, what there is and how much can be had
QUANTITIES = Kind((
    ("demand", "quantity"),
    ("booked_orders", "quantity"),
    ("order_history", "quantity"),
    ("scheduled_receipts", "quantity"),
    ("sourcing", "capacity"),
    ("supplier_capacity", "capacity"),
    ("routings", "capacity"),
    ("lanes", "capacity"),
    ("inventory", "on_hand"),
    ("inventory", "safety_stock"),
    ("inventory", "max_inventory"),
    ("inventory", "ending_inventory"),
), widest=1e12)
# what is paid for a unit, an hour, a worker or a lot
COSTS = Kind((
    ("sourcing", "unit_cost"),
    ("sourcing", "order_cost"),
    ("price_breaks", "unit_cost"),
    ("routings", "unit_cost"),
    ("routings", "setup_cost"),
    ("work_centers", "hour_cost"),
    ("work_centers", "overtime_hour_cost"),
    ("labor_pools", "wage"),
    ("labor_pools", "overtime_wage"),
    ("lanes", "unit_cost"),
    ("lanes", "vehicle_cost"),
    ("inventory", "holding_cost"),
    ("inventory", "safety_stock_penalty"),
    ("service_terms", "lost_sale_cost"),
    ("service_terms", "backorder_cost"),
), widest=1e12)


COMPARED = (MULTIPLIERS, QUANTITIES, COSTS)


def check_range(draft: Draft) -> Iterator[Problem]:
    """The figures of one kind lie within so many orders of magnitude of each other."""
    for kind in COMPARED:
        figures = _figures(draft, kind)
        if not figures.empty:
            yield from _too_far_apart(draft, figures, widest=kind.widest)


def _figures(draft: Draft, kind: Kind) -> pd.DataFrame:
    """Every figure above 0 with its table, column and row."""
    frames = [
        pd.DataFrame({
            "table": table,
            "column": column,
            "value": draft.frames[table][column].to_numpy(dtype=float, na_value=np.nan),
            "row": range(len(draft.frames[table])),
        })
        for table, column in kind.columns if table in draft.frames and table not in draft.broken
    ]
    empty = pd.DataFrame({"table": [], "column": [], "value": np.zeros(0), "row": []})
    figures = pd.concat([frame for frame in frames if len(frame)] or [empty], ignore_index=True)
    counted = np.isfinite(figures["value"]) & (figures["value"] > 0)
    return figures.iloc[np.flatnonzero(counted.to_numpy())]


def _too_far_apart(draft: Draft, figures: pd.DataFrame, *, widest: float) -> Iterator[Problem]:
    order = figures["value"].to_numpy().argsort(kind="stable")
    small, large = figures.iloc[order[0]], figures.iloc[order[-1]]
    orders = np.log10(large["value"]) - np.log10(small["value"])
    if orders <= np.log10(widest):
        return
    large_place = place_text(draft.cells[large["table"]], int(large["row"]))
    message = (
        f"is {int(orders)} orders of magnitude below {large['column']} = {large['value']:g} in "
        f"{large['table']} {large_place}, more than the solver's arithmetic is made for. "
        "Choose units such as thousands or kilograms in which they lie closer"
    )
    yield draft.cells[small["table"]].problem(
        int(small["row"]), small["column"], message, code="far_apart", kind="number", severity="warning"
    )
