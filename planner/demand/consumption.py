"""One demand out of several sources: booked orders use up what was forecast, and every unit keeps one
origin.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner.demand.grid import Grid
from planner.demand.series.matrix import Matrix

# What a booked order uses up first: run-rate business. A deal that is still open has not ordered yet.
USED_UP_IN_TURN = ("user", "baseline", "promotion", "consensus", "override", "pipeline")


@dataclass(frozen=True)
class Booked:
    """Booked units by row and period in which they are due, and units overdue when the calendar starts, by
    row.
    """

    due: Matrix
    overdue: Matrix

    @property
    def total(self) -> Matrix:
        """All booked units by period; the overdue ones are wanted in the first."""
        total = self.due.copy()
        total[:, 0] += self.overdue
        return total


def book(orders: pd.DataFrame, grid: Grid) -> Booked:
    """Units booked by row and period, from located orders."""
    due, overdue = np.zeros(grid.shape), np.zeros(len(grid.series))
    row, number, quantity = grid.row(orders), orders["number"].to_numpy(), orders["quantity"].to_numpy()
    late = number < 1
    np.add.at(due, (row[~late], number[~late] - 1), quantity[~late])
    np.add.at(overdue, row[late], quantity[late])
    return Booked(due, overdue)


def consume(
    sources: dict[str, Matrix], due: Matrix, *, backward: int = 0, forward: int = 0
) -> dict[str, Matrix]:
    """What is left of every source after booked orders have used it up, in turn.

    An order consumes the forecast of its own period, then that of the `backward` periods before, the nearest
    first, then that of the `forward` periods after: the customer may have ordered early or late what was
    expected at another time.
    """
    left, remaining = due, {origin: sources[origin] for origin in sorted(sources, key=USED_UP_IN_TURN.index)}
    for shift in (0, *range(-1, -backward - 1, -1), *range(1, forward + 1)):
        for origin, values in remaining.items():
            used = np.minimum(left, _shifted(values, shift))
            remaining[origin], left = values - _shifted(used, -shift), left - used
    return remaining


def _shifted(values: Matrix, periods: int) -> Matrix:
    """In each period the figure so many periods later; 0 outside the calendar."""
    shifted = np.zeros_like(values)
    if abs(periods) < values.shape[1]:
        target = slice(max(-periods, 0), values.shape[1] - max(periods, 0))
        shifted[:, target] = values[:, max(periods, 0):values.shape[1] - max(-periods, 0)]
    return shifted


def ledger_frame(remaining: dict[str, Matrix], booked: Booked, grid: Grid) -> pd.DataFrame:
    """Every expected unit with its one origin: item, market, period, origin, quantity; no empty rows."""
    origins = {"booked": booked.total} | remaining
    ledger = pd.concat(
        [grid.frame(quantity=values).assign(origin=origin) for origin, values in origins.items()]
    )
    ledger = ledger[ledger["quantity"] > 0][["item", "market", "period", "origin", "quantity"]]
    return ledger.sort_values(["item", "market", "period", "origin"], ignore_index=True)
