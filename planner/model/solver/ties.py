"""Decisions that cost nothing either way are settled the same way every time, so that a plan reads as people
would make it.

An optimal plan may pay overtime at the price of idle regular hours, hire and let go at no cost, or call a
delivery late that is on time. Each of these has an equally good plan without it; that one is taken.
"""

import numpy as np

from planner.model.compiler.compile import Layout, Rows
from planner.model.compiler.lookup import Floats

# What makes up for a limit, and the rules in which it does: no more of it than those rules need.
MAKES_UP_FOR = {
    "overtime": ("work_center_capacity",),
    "labor_overtime": ("labor_hours",),
    "safety_stock_shortfall": ("safety_stock", "days_of_supply"),
    "storage_overflow": ("storage_capacity",),
    "target_shortfall": ("sales_targets",),
}
NOISE = 1e-7  # amounts below this are rounding: the solver's own feasibility tolerance


def settled(values: Floats, rows: Rows, layout: Layout, *, upper: Floats, units: Floats) -> Floats:
    """The values with every tied decision settled; no cost and no limit is worse for it.

    `units` says what the solver takes for 1 of each variable.
    """
    values = np.where(np.abs(values) < NOISE * units, 0.0, values)
    values = _on_time_first(values, rows, layout, upper)
    values = _net_hiring(values, layout)
    for slack, families in MAKES_UP_FOR.items():
        values = _minimized(values, rows, layout, slack, families, units=units)
    return values


def _on_time_first(values: Floats, rows: Rows, layout: Layout, upper: Floats) -> Floats:
    """What arrives serves the period's own demand before backorders, unless lateness is limited."""
    size = layout.sizes["delivered_on_time"]
    on_time, late = (
        slice(layout.first[name], layout.first[name] + size)
        for name in ("delivered_on_time", "delivered_late")
    )
    limited = np.zeros(layout.size, bool)
    expiring = rows.families.get("max_lateness", slice(0, 0))
    limited[rows.matrix[expiring].indices] = True
    moved = np.where(limited[on_time], 0.0, np.minimum(values[late], upper[on_time] - values[on_time]))
    result = values.copy()
    result[on_time] += moved
    result[late] -= moved
    return result


def _net_hiring(values: Floats, layout: Layout) -> Floats:
    """Nobody is hired into a pool in the period in which others are let go."""
    size = layout.sizes["hired"]
    hired, separated = (
        slice(layout.first[name], layout.first[name] + size) for name in ("hired", "separated")
    )
    result = values.copy()
    net = np.minimum(values[hired], values[separated])
    result[hired] -= net
    result[separated] -= net
    return result


def _minimized(
    values: Floats, rows: Rows, layout: Layout, slack: str, families: tuple[str, ...], *, units: Floats
) -> Floats:
    """As little of a slack as its rules need: what the rest of each row exceeds its limit by."""
    place = slice(layout.first[slack], layout.first[slack] + layout.sizes[slack])
    needed = np.zeros(layout.sizes[slack])
    for family in families:
        place_of_rows = rows.families.get(family, slice(0, 0))
        matrix = rows.matrix[place_of_rows]
        own = matrix[:, place].tocoo()
        excess = matrix @ values - own @ values[place] - rows.upper[place_of_rows]
        np.maximum.at(needed, own.coords[1], excess[own.coords[0]])
    result = values.copy()
    result[place] = np.minimum(values[place], np.where(needed < NOISE * units[place], 0.0, needed))
    return result
