"""A solved model with further decisions beside its own: what one more lever, or one more order, would do.

It begins where the plan's own solve ended, every goal held that came before the last. The further decisions
are columns that stand at 0 until somebody opens them, so that the plan's basis fits, and a few pivots answer
each question.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray

from planner.model.compiler.compile import Rows
from planner.model.compiler.lookup import Floats
from planner.model.objective import Goal
from planner.model.solver.highs import Session
from planner.model.solver.matrix import Compiled
from planner.model.solver.outcome import Outcome
from planner.model.solver.warm_start import WarmStart

Places = NDArray[np.int64]
TOLERANCE = 1e-6


@dataclass(frozen=True)
class Link:
    """A row of its own over all columns, further ones included: coefficients @ columns <= 0."""

    columns: Places
    coefficients: Floats


class Extended:
    """The model of a plan with `added` columns, as a linear program."""

    def __init__(self, compiled: Compiled, goals: Sequence[Goal], start: WarmStart, *,
                 added: sparse.csr_array, links: Sequence[Link] = ()) -> None:
        """`added` has a row for each row of the model and a column for each further decision."""
        self.size, self.count = compiled.layout.size, added.shape[1]
        solver, none = compiled.model.scenario.settings.solver, np.zeros(self.count)
        rows = Rows(sparse.hstack([compiled.rows.matrix, added]).tocsr(), compiled.rows.lower,
                    compiled.rows.upper)
        whole = np.zeros(self.size + self.count, bool)
        self.session = Session(rows, np.append(compiled.lower, none), np.append(compiled.upper, none),
                               whole=whole, threads=solver.threads, seed=solver.seed, gap=solver.gap)
        for goal in goals[:-1]:
            reached = goal.value(start.values) - goal.constant
            self.session.hold(self.widened(goal.coefficients), _held(reached))
        for link in links:
            row = np.zeros(self.size + self.count)
            row[link.columns] = link.coefficients
            self.session.hold(row, 0.0)
        self._basis = _widened(start.bases[-1], self.count, len(links)) if start.bases else None

    def bound(self, columns: Places, lower: Floats, upper: Floats) -> None:
        """New bounds for some columns, the model's or further ones (which come after all of the model's)."""
        self.session.bound(columns.astype(np.int32), lower, upper)

    def minimise(self, coefficients: Floats, *, from_plan: bool = False) -> Outcome:
        """The minimum value of a goal; `from_plan` begins at the plan's own basis, whose point keeps all
        limits.
        """
        if from_plan and self._basis is not None:
            self.session.start_at(self._basis, is_feasible=True)
        return self.session.minimise(coefficients, 0.0, seconds=None)

    def widened(self, coefficients: Floats) -> Floats:
        """Coefficients of the model's own columns, with 0 for the further ones."""
        return np.append(coefficients, np.zeros(self.count))

    def own(self, values: Floats) -> Floats:
        """The values of the model's own columns."""
        return values[:self.size]


def _held(value: float) -> float:
    """How high a goal may be: what it is at a point that itself keeps its limits but to the solver's
    tolerance.
    """
    return value + TOLERANCE * max(1.0, abs(value))


def _widened(basis: highspy.HighsBasis | None, columns: int, rows: int) -> highspy.HighsBasis | None:
    """The basis with further columns at their lower bound and further rows that do not bind."""
    if basis is None:
        return None
    wide = highspy.HighsBasis()
    wide.col_status = [*basis.col_status, *[highspy.HighsBasisStatus.kLower] * columns]
    wide.row_status = [*basis.row_status, *[highspy.HighsBasisStatus.kBasic] * rows]
    wide.valid = True
    return wide
