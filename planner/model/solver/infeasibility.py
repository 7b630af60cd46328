"""Why no plan exists: the hard limits that have to give, found by letting each give at a price."""

from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sparse

from planner.model.build import RULES
from planner.model.compiler.compile import Rows
from planner.model.solver.highs import Session

if TYPE_CHECKING:
    from planner.model.solver.matrix import Compiled

MOST_NAMED = 10  # conflicts that a message lists
NOISE = 1e-6


def conflicts(compiled: "Compiled") -> list[str]:
    """The limits that would have to give, and by how much, for a plan to exist: the least total relaxation.

    Every row of a limit family gets a slack; the sum of the slacks, each as a share of its limit, is
    minimised. What has to give at the least is a good name for the conflict, though seldom the only one.
    """
    relaxable = np.concatenate(
        [
            np.arange(place.start, place.stop)
            for name, place in compiled.rows.families.items()
            if RULES[name].declared.is_relaxable
        ]
        or [np.zeros(0, int)]
    )
    upper = compiled.rows.upper[relaxable]
    count, size = len(relaxable), compiled.layout.size
    slack = sparse.csr_array(
        (np.full(count, -1.0), (relaxable, np.arange(count))), shape=(compiled.rows.matrix.shape[0], count)
    )
    rows = Rows(
        sparse.hstack([compiled.rows.matrix, slack]).tocsr(), compiled.rows.lower, compiled.rows.upper
    )
    solver = compiled.model.scenario.settings.solver
    session = Session(
        rows,
        np.append(compiled.lower, np.zeros(count)),
        np.append(compiled.upper, np.full(count, np.inf)),
        np.append(compiled.whole, np.zeros(count, bool)),
        threads=solver.threads,
        seed=solver.seed,
        gap=solver.gap,
    )
    weights = 1.0 / np.maximum(np.abs(upper), 1.0)
    outcome = session.minimise(np.append(np.zeros(size), weights), 0.0, seconds=None)
    if outcome.values is None:
        return []
    given = outcome.values[size:]
    worst = np.argsort(-given * weights, kind="stable")[:MOST_NAMED]
    return [
        _sentence(compiled, int(relaxable[place]), float(given[place]))
        for place in worst
        if given[place] > NOISE
    ]


def _sentence(compiled: "Compiled", row: int, amount: float) -> str:
    name = next(name for name, place in compiled.rows.families.items() if place.start <= row < place.stop)
    index = getattr(compiled.model.pyomo, name).index_set().index
    member = index.member(row - compiled.rows.families[name].start)
    calendar = compiled.model.scenario.calendar
    parts = [calendar.label(calendar.index[part - 1]) if column == "period" else str(part)
             for column, part in zip(index.columns, member, strict=True)]
    return (
        f"{name} {', '.join(part for part in parts if part)}: would have to give by {amount:,.6g} "
        f"{RULES[name].declared.unit}"
    )
