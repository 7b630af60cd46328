"""Rows that a session carries for the bound alone: every plan with integer variables satisfies them
anyway.
"""

import numpy as np
import scipy.sparse as sparse

from planner.model.compiler.lookup import Floats
from planner.model.solver.scaling import ScaledHighs

TIGHT = 1e-6  # a row with less slack than this share of its right-hand side holds a point up


class AddedRows:
    """The rows added last to a HiGHS object, which can be taken away again as long as nothing follows
    them.
    """

    def __init__(self, highs: ScaledHighs) -> None:
        self._highs = highs
        self._parts: list[tuple[sparse.csr_array, Floats]] = []

    def add(self, matrix: sparse.csr_array, minimum: Floats) -> None:
        """From now on matrix @ variables >= least."""
        self._highs.add_rows(matrix, minimum, np.full(len(minimum), np.inf))
        self._parts.append((matrix, minimum))

    def take_away(self, values: Floats | None = None) -> None:
        """Only binding cuts stay; without a point, none."""
        if not self._parts:
            return
        matrix = sparse.vstack([added for added, _ in self._parts]).tocsr()
        minimum = np.concatenate([needed for _, needed in self._parts])
        slack = np.ones(len(minimum), bool)
        if values is not None:
            slack = matrix @ values - minimum > TIGHT * np.maximum(1.0, np.abs(minimum))
        first = self._highs.getNumRow() - len(minimum)
        loose = (first + np.flatnonzero(slack)).astype(np.int32)
        self._highs.delete_rows(loose)
        self._parts = [(matrix[np.flatnonzero(~slack)], minimum[~slack])] if not slack.all() else []
