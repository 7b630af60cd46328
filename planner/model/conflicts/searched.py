"""Figures that have to be tried: lateness and first periods change which rows there are; lots are whole."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from planner.model.conflicts.causes import Causes
from planner.model.conflicts.elastic import Elastic, Mask
from planner.model.conflicts.figures import tidied
from planner.model.conflicts.required import Space, nearest_whole
from planner.model.conflicts.shifts import Built
from planner.model.solver.matrix import Compiled
from planner.scenario.written import Cell

MAXIMUM_TRIALS = 12  # of lot sizes; the nearest are tried first
MAXIMUM_LOTS = 8  # in a quantity: smaller ones are hardly a multiple


@dataclass(frozen=True)
class Trial:
    """Models with other figures, in which the cells of other conflicts give freely."""

    compiled: Compiled
    built: Built
    free: tuple[Cell, ...]
    until: float

    def does(self, cell: Cell, figure: Any) -> bool:
        """Whether a plan exists with the figure in the cell."""
        return is_possible(self.built({cell: figure}), self.free, until=self.until)


def is_possible(compiled: Compiled, free: tuple[Cell, ...], *, until: float) -> bool:
    """Whether a plan exists, whatever becomes of the cells that give freely."""
    elastic = Elastic(compiled, until=until)
    causes = Causes(compiled, elastic)
    held = ~elastic.none()
    for cell in free:
        held &= ~causes.rows_of(cell)
    return elastic.is_possible(held) is True


def searched_figure(trial: Trial, space: Space, cell: Cell, rows: Mask, elastic: Elastic) -> Any:
    """The nearest figure in the cell with which a plan exists; None where no figure alone is enough."""
    search: Callable[..., Any] = {"max_lateness": _lateness, "from": _first_period,
                                   "frozen_periods": _frozen}.get(cell.column, _lot)
    return search(trial, space, cell, rows=rows, elastic=elastic)


def _lateness(trial: Trial, _: Space, cell: Cell, *, rows: Mask, elastic: Elastic) -> float | None:
    scenario = trial.compiled.model.scenario
    value = int(cell.value(scenario))
    found = nearest_whole(lambda periods: trial.does(cell, periods), value,
                          max(scenario.calendar.periods, value + 1))
    return None if found is None else float(found)


def _frozen(trial: Trial, _: Space, cell: Cell, *, rows: Mask, elastic: Elastic) -> float | None:
    value = int(cell.value(trial.compiled.model.scenario))
    found = nearest_whole(lambda periods: trial.does(cell, periods), value, 0)
    return None if found is None else float(found)


def _first_period(trial: Trial, _: Space, cell: Cell, *, rows: Mask, elastic: Elastic) -> pd.Period | None:
    calendar = trial.compiled.model.scenario.calendar
    value = int(calendar.number(pd.PeriodIndex([cell.value(trial.compiled.model.scenario)]))[0])
    if value <= 1:
        return None
    found = nearest_whole(lambda number: trial.does(cell, calendar.index[number - 1]), value, 1)
    return None if found is None else calendar.index[found - 1]


def _lot(trial: Trial, space: Space, cell: Cell, *, rows: Mask, elastic: Elastic) -> float | None:
    """The nearest lot of which some number is a quantity that is possible."""
    value = float(cell.value(trial.compiled.model.scenario))
    lots = {lot for low, high in _quantities(space, rows, elastic) for lot in _lots_within(low, high)}
    nearest = sorted(lots - {value}, key=lambda lot: (abs(lot - value), lot))
    return next((lot for lot in nearest[:MAXIMUM_TRIALS] if trial.does(cell, lot)), None)


def _lots_within(low: float, high: float) -> Iterator[float]:
    for count in range(1, MAXIMUM_LOTS + 1):
        if np.isfinite(high) and high > 0:
            yield tidied(high / count, larger_does=False)
        if low > 0:
            yield tidied(low / count, larger_does=True)


def _quantities(space: Space, rows: Mask, elastic: Elastic) -> Iterator[tuple[float, float]]:
    """The least and the most that each quantity in lots could be if it need not be in lots."""
    places = elastic.rows_that_give[rows]
    loose = space.without(places)
    model, size = loose.widened.rows, space.compiled.layout.size
    for place in places[:MAXIMUM_LOTS].tolist():
        goal = np.zeros(size)
        row = space.widened.rows.matrix[[place]]
        goal[row.indices[row.data > 0]] = 1.0
        ends = [loose.minimised(model, sign * goal, added=0) for sign in (1.0, -1.0)]
        low, high = (None if end.objective is None else abs(end.objective) for end in ends)
        if low is not None:
            yield low, np.inf if high is None else high
