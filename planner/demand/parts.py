"""The parts of a demand figure: level, trend, season, promotions, deals, judgement and orders, which add up
to it.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.demand.expectation import Expectation
from planner.demand.grid import Grid
from planner.demand.series.matrix import Matrix

# Part and what it is, in the order in which people think of them.
PARTS = {
    "level": "what it sells apart from trend and season",
    "trend": "trend since the first planned period",
    "season": "time of the year and working days",
    "promotion": "promotions, what they take from later periods included",
    "open deals": "deals in the pipeline, each by its chance",
    "new deals": "deals nobody has opened yet",
    "consensus": "what the streams agreed on beyond the statistical forecast",
    "overrides": "what people changed",
    "brought": "demand brought by the user, which replaces the forecast",
    "orders": "booked orders beyond the forecast, less what orders of other periods have used up of it",
}
NOTHING = 1e-9  # units
COLUMNS = ("item", "market", "period", "part", "quantity")


def statistical_parts(expected: Expectation, grid: Grid, *, free: NDArray[np.bool_]) -> dict[str, Matrix]:
    """The parts of the statistical forecast on the grid; nothing in rows that are not `free` (row, 1)."""
    runrate = expected.origins["baseline"] + expected.origins["promotion"]
    opened = open_deals(expected)
    total = expected.total
    parts = {
        "level": total.level,
        "trend": total.flat - total.level,
        "season": expected.normal - total.flat,
        "promotion": runrate - expected.normal,
        "open deals": opened,
        "new deals": expected.origins["pipeline"] - opened,
    }
    return {name: np.where(free, grid.placed(expected.series, values), 0.0) for name, values in parts.items()}


def open_deals(expected: Expectation) -> Matrix:
    """Units expected of the deals that are open, by row and period of the expectation."""
    units = np.zeros_like(expected.normal)
    if expected.pipeline is not None:
        deals = expected.pipeline.deals
        is_open = np.flatnonzero(deals["opportunity"].notna())
        pairs = pd.MultiIndex.from_frame(deals.iloc[is_open][["item", "market"]])
        place = pd.MultiIndex.from_frame(expected.series).get_indexer(pairs)
        quantity = deals["quantity"].to_numpy()[is_open, None]
        np.add.at(units, place, expected.pipeline.chances[is_open] * quantity)
    return units


def parts_frame(parts: dict[str, Matrix], grid: Grid) -> pd.DataFrame:
    """Item, market, period, part, quantity; no empty rows."""
    frames = [grid.frame(quantity=parts[name]).assign(part=name) for name in PARTS]
    rows = pd.concat(frames, ignore_index=True)
    rows = rows[rows["quantity"].abs() > NOTHING][list(COLUMNS)]
    order = rows["part"].map({name: place for place, name in enumerate(PARTS)})
    return rows.assign(order=order).sort_values(["item", "market", "period", "order"], ignore_index=True)[
        list(COLUMNS)
    ]


def no_parts() -> pd.DataFrame:
    """The parts where nothing is wanted."""
    return pd.DataFrame({name: [] for name in COLUMNS})
