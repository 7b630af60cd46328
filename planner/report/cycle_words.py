"""Figures of a monthly cycle as people read them, on a terminal and in the pack."""

import pandas as pd

from planner.figures import NOTHING, percent, signed

SIGNAL = 4.0  # mean errors, beyond which the sum of errors is no chance
ACCURACY_NOTE = (
    "Lag: periods ahead. WAPE and bias by item and market. Overrides: points of WAPE that they took off. "
    f"Tracking signal beyond {SIGNAL:g}: out of control; {NOTHING}: fewer than 3 periods."
)


def share_of(part: float, whole: float) -> str:
    """The part as a share of the whole."""
    return percent(part / whole) if whole else NOTHING


def difference_in_units(units: float) -> str:
    """The units with their sign."""
    return "=" if round(units, 2) == 0 else signed(units)


def percent_or_nothing(share: float) -> str:
    """The share, where it is known."""
    return NOTHING if pd.isna(share) else percent(share)


def points_taken_off(share: float) -> str:
    """Points of an error, above 0 where it has become smaller."""
    if pd.isna(share) or round(100 * share, 1) == 0:
        return NOTHING if pd.isna(share) else "0.0"
    return f"{'+' if share > 0 else '−'}{abs(100 * share):.1f}"


def signal(value: float) -> str:
    """A tracking signal, where there are periods enough for one."""
    return NOTHING if pd.isna(value) else f"{'+' if value > 0 else '−'}{abs(value):.1f}"
