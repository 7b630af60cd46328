"""Overrides: what people changed in the forecast, kept apart from what the statistics said."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.demand.grid import Grid
from planner.demand.series.matrix import Matrix
from planner.scenario.scope import Groups, covered

ADJUSTMENTS = ("item", "market", "period", "before", "after", "reason", "author")


def adjust(forecast: Matrix, overrides: pd.DataFrame, grid: Grid, *, free: NDArray[np.bool_],
           groups: Groups) -> tuple[Matrix, pd.DataFrame]:
    """The forecast as people want it, and a row for each figure that an override touched: before, after,
    reason, author.

    Overrides hold one after the other, in the order in which they were entered. A percentage changes every
    figure it reaches; a quantity is that of all that the row covers, an item, a family, a market, a region or
    all, and is divided in proportion to the forecast, or evenly where that is zero. Rows that are not `free`,
    which the user brings, stay as they are.
    """
    adjusted, touched, scope_names = forecast.copy(), [], groups.of(grid.series)
    number = grid.calendar.number(overrides["period"])
    for place in (
        overrides.reset_index(drop=True)["entered"].sort_values(kind="stable", na_position="first").index
    ):
        override = overrides.iloc[place]
        period = int(number[place]) - 1
        rows = np.flatnonzero(covered(override, scope_names) & free)
        if not len(rows) or not 0 <= period < grid.calendar.periods:
            continue
        before = adjusted[rows, period]
        adjusted[rows, period] = _after(before, override)
        touched.append(
            grid.series.iloc[rows].assign(
                period=grid.calendar.index.take(np.full(len(rows), period)),
                before=before,
                after=adjusted[rows, period],
                reason=override["reason"],
                author=override["author"],
            )
        )
    return adjusted, pd.concat(touched, ignore_index=True)[list(ADJUSTMENTS)] if touched else no_adjustments()


def no_adjustments() -> pd.DataFrame:
    """The list of adjustments where nobody made any."""
    return pd.DataFrame({name: [] for name in ADJUSTMENTS})


def _after(before: Matrix, override: pd.Series) -> Matrix:
    """The figures of one period after one override."""
    if pd.notna(override["percent"]):
        changed: Matrix = before * (1 + override["percent"] / 100)
        return changed
    total = before.sum()
    share = before / total if total > 0 else np.full(len(before), 1 / len(before))
    after: Matrix = override["quantity"] * share
    return after


def split(
    origins: dict[str, Matrix], before: Matrix, after: Matrix, *, added_by: str = "override"
) -> dict[str, Matrix]:
    """The adjusted figures by origin: what judgement adds is its own, what it takes comes from all origins in
    proportion.
    """
    share_left = np.divide(np.minimum(before, after), before, out=np.zeros_like(before), where=before > 0)
    return {origin: values * share_left for origin, values in origins.items()} | {
        added_by: np.maximum(after - before, 0.0)
    }
