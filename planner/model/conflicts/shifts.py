"""How the model moves with a figure of the scenario: built once more with other figures, and compared."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import scipy.sparse as sparse

from planner.model.big_m import FIXED_CHARGES
from planner.model.compiler.compile import Rows
from planner.model.compiler.lookup import Floats
from planner.model.conflicts.causes import Causes
from planner.model.conflicts.elastic import FACTS, Elastic, Numbers, Widened, limit_named, with_bounds_as_rows
from planner.model.limits import BOUNDS, LIMITS
from planner.model.solver.matrix import Compiled
from planner.scenario.scenario import Scenario
from planner.scenario.schema import TABLES
from planner.scenario.written import Cell

Built = Callable[[Mapping[Cell, Any]], Compiled]  # the model with other figures in some cells
FAR = 1000.0  # times a maximum: more than anybody needs, for switches to let through what is needed then

# Figures that change which rows there are, or of which neither more nor less is always better.
SEARCHED = {("service_terms", "max_lateness"), ("calendar", "frozen_periods"), ("site_options", "from"),
            ("routings", "lot_multiple"), ("sourcing", "lot_multiple")}


@dataclass(frozen=True)
class Shift:
    """What one `step` of the figure in a cell adds to the rows that it sets.

    `direction` is 1 where more of it lets more plans exist, -1 where less does, 0 where it depends; up to
    `most` steps, and `most_down` against the direction.
    """

    cell: Cell
    value: float
    step: float
    direction: int
    most: float
    most_down: float
    whole: bool
    rows: Numbers
    limits: Floats
    matrix: sparse.csr_array

    @property
    def is_linear(self) -> bool:
        """Whether the figure stands alone in its rows, multiplied by no decision."""
        return bool(self.matrix.nnz == 0)


def direction_of(family: str) -> int:
    """Whether more (1) or less (-1) of a figure of the rule lets more plans exist; 0: it depends."""
    return {"maximum": 1, "minimum": -1}.get(limit_named(family).kind, 0) if family not in FACTS else 0


def has_switches(scenario: Scenario) -> bool:
    """Whether rows have bounds in them that are worked out from other figures."""
    used = (bool((scenario[table][column].notna() & (scenario[table][column] != 0)).any())
            for table, columns in FIXED_CHARGES.items() for column in columns)
    return any(used)


def shifts_of(compiled: Compiled, elastic: Elastic, causes: Causes, cells: Sequence[tuple[Cell, str]], *,
              built: Built) -> tuple[Widened, dict[Cell, Shift]]:
    """How the model moves with each cell, each named with its rule; and the model itself, its switches wide
    enough for larger figures.
    """
    scenario, widened = compiled.model.scenario, elastic.widened
    plain = {cell: family for cell, family in cells if (cell.table, cell.column) not in SEARCHED}
    steps = {cell: _step(scenario, cell, direction_of(family)) for cell, family in plain.items()}
    steps = {cell: step for cell, step in steps.items() if step}
    if not steps:
        return widened, {}
    figures = {cell: float(cell.value(scenario)) + step for cell, step in steps.items()}
    moved = with_bounds_as_rows(built(figures))
    if moved.rows.matrix.shape != widened.rows.matrix.shape:
        return widened, {}
    shifts = {cell: _shift(scenario, cell, step, direction_of(plain[cell]), widened, moved,
                           rows=elastic.rows_that_give[causes.rows_of(cell)])
              for cell, step in steps.items()}
    if has_switches(scenario):
        far = {cell: float(cell.value(scenario)) * FAR + FAR for cell, family in plain.items()
               if direction_of(family) > 0 and TABLES[cell.table][cell.column].maximum is None}
        widened = _loosened(widened, with_bounds_as_rows(built(far))) if far else widened
    return widened, shifts


def _step(scenario: Scenario, cell: Cell, direction: int) -> float:
    """How far the figure is moved to see what it does; 0 where it is at its end."""
    column, value = TABLES[cell.table][cell.column], float(cell.value(scenario))
    if direction < 0:
        return -min(1.0, value) if column.kind == "whole" else -value / 2
    if column.kind == "whole":
        return 1.0
    return max(1.0, abs(value)) if column.maximum is None else (column.maximum - value) / 2


def _shift(scenario: Scenario, cell: Cell, step: float, direction: int, before: Widened, after: Widened, *,
           rows: Numbers) -> Shift:
    column, value = TABLES[cell.table][cell.column], float(cell.value(scenario))
    floor = column.minimum if column.minimum is not None else -np.inf
    ceiling = np.inf if column.maximum is None else column.maximum
    up, down = (ceiling - value) / abs(step), (value - floor) / abs(step)
    matrix = (after.rows.matrix[rows] - before.rows.matrix[rows]).tocsr()
    matrix.data[np.abs(matrix.data) < 1e-12] = 0.0
    matrix.eliminate_zeros()
    return Shift(cell, value=value, step=step, direction=direction, most=up if step > 0 else down,
                 most_down=0.0 if direction else down, whole=column.kind == "whole", rows=rows,
                 limits=after.rows.upper[rows] - before.rows.upper[rows], matrix=matrix)


def _loosened(near: Widened, far: Widened) -> Widened:
    """The model with the switches and bounds of another where those let more through."""
    if near.rows.matrix.shape != far.rows.matrix.shape:
        return near
    links = np.zeros(len(near.rows.upper), bool)
    for name, place in near.rows.families.items():
        links[place] = name not in BOUNDS and LIMITS[name].kind == "link"
    wide = sparse.diags_array(links.astype(float)) @ near.rows.matrix.minimum(far.rows.matrix)
    own = sparse.diags_array((~links).astype(float)) @ near.rows.matrix
    rows = replace(near.rows, matrix=sparse.csr_array(wide + own))
    return Widened(rows, np.maximum(near.upper, far.upper))


def freed(rows: Rows, free: Numbers) -> Rows:
    """The rows, some of them without limits."""
    lower, upper = rows.lower.copy(), rows.upper.copy()
    lower[free], upper[free] = -np.inf, np.inf
    return replace(rows, lower=lower, upper=upper)


def shifted(compiled: Compiled, steps: Sequence[tuple[Shift, float]]) -> Compiled:
    """The model with figures moved by so many steps."""
    rows, count = compiled.rows, len(compiled.rows.upper)
    lower, upper, columns, matrix = rows.lower.copy(), rows.upper.copy(), compiled.upper.copy(), rows.matrix
    for shift, times in steps:
        inside = shift.rows < count
        places, limits = shift.rows[inside], shift.limits[inside] * times
        lower[places] += limits
        upper[places] += limits
        columns[_bounded(compiled)[shift.rows[~inside] - count]] += shift.limits[~inside] * times
        if not shift.is_linear:
            spread = sparse.csr_array((np.ones(len(places)), (places, np.flatnonzero(inside))),
                                      shape=(count, len(shift.rows)))
            matrix = sparse.csr_array(matrix + times * (spread @ shift.matrix))
    return replace(compiled, rows=replace(rows, lower=lower, upper=upper, matrix=matrix), upper=columns)


def _bounded(compiled: Compiled) -> Numbers:
    """The variables with limits on single decisions, in the order of their rows."""
    places = (compiled.layout.place(name) for name in BOUNDS)
    return np.concatenate([np.arange(place.start, place.stop, dtype=np.int64) for place in places])
