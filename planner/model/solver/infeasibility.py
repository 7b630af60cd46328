"""Why no plan exists: the limits that have to give, what stands against each, and where both are written."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import scipy.sparse as sparse
from numpy.typing import NDArray

from planner.model.compiler.compile import Rows
from planner.model.compiler.lookup import Floats
from planner.model.limits import BOUNDS, KEYS, LIMITS, Limit, is_filled, subject
from planner.model.solver.deadline import seconds_left
from planner.model.solver.highs import Session
from planner.model.solver.outcome import Outcome
from planner.model.solver.row_keys import row_keys
from planner.progress import is_cancelled, tell_more
from planner.scenario.written import written_at

if TYPE_CHECKING:
    from planner.model.solver.matrix import Compiled

MAXIMUM_NAMED = 10  # conflicts that a message lists
MAXIMUM_AGAINST = 3  # limits that stand against one, in a message
SECONDS = 60.0  # to look for the conflict; a message that comes later helps nobody
MINIMUM_SECONDS = 5.0  # beyond a time limit that has come: without a reason nobody can mend the scenario
NOISE = 1e-6
Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Relaxation:
    """The minimum that rows have to give: `given` for each of `rows`, the price of every row of the model,
    and the value of every variable.
    """

    rows: Numbers
    given: Floats
    weights: Floats
    prices: Floats
    values: Floats


def conflicts(compiled: "Compiled", *, deadline: float | None) -> list[str]:
    """The limits that would have to give, and by how much, for a plan to exist: the minimum total relaxation.

    Every row of a limit family gets a slack; the sum of the slacks, each as a share of its limit, is
    minimised. What has to give then is a good name for the conflict, though seldom the only one; what
    has a price there stands against it. Where no limit could help, every rule is let give.
    """
    tell_more("limits in conflict")
    left, families = seconds_left(deadline), compiled.rows.families
    seconds = SECONDS if left is None else min(max(left, MINIMUM_SECONDS), SECONDS)
    relaxation = _minimized(
        compiled, [name for name in families if LIMITS[name].is_relaxable], seconds=seconds
    )
    relaxation = relaxation or _minimized(compiled, list(families), seconds=seconds)
    if relaxation is None and is_cancelled():
        return ["the search for the limits in conflict was cancelled"]
    if relaxation is None:
        return [f"which limits are in conflict was not found within {seconds:.0f} seconds"]
    order = np.argsort(-relaxation.given * relaxation.weights, kind="stable")
    giving = order[relaxation.given[order] > NOISE]
    parts = _connected(compiled, relaxation)
    said = [_sentence(compiled, relaxation, place, parts) for place in giving[:MAXIMUM_NAMED].tolist()]
    more = len(giving) - MAXIMUM_NAMED
    return [*said, f"and {more:,} more"] if more > 0 else said


def _minimized(compiled: "Compiled", families: Iterable[str], *, seconds: float) -> Relaxation | None:
    """The minimum total relaxation of these families; None where even that makes no plan possible."""
    rows = _rows_of(compiled, families)
    lower, upper = compiled.rows.lower, compiled.rows.upper
    down = rows[lower[rows] == upper[rows]]  # an equality may be missed on either side
    slacks, signs = np.append(rows, down), np.append(np.full(len(rows), -1.0), np.ones(len(down)))
    count = len(slacks)
    slack = sparse.csr_array((signs, (slacks, np.arange(count))), shape=(len(upper), count))
    weights = 1.0 / np.maximum(np.abs(upper[slacks]), 1.0)
    outcome = _minimised(compiled, slack, weights, seconds=seconds)
    if outcome is None or outcome.values is None:
        return None
    given = outcome.values[compiled.layout.size:]
    either = given[:len(rows)].copy()
    np.add.at(either, np.flatnonzero(lower[rows] == upper[rows]), given[len(rows):])
    prices = np.zeros(len(upper)) if outcome.row_duals is None else outcome.row_duals
    return Relaxation(
        rows, either, weights=weights[:len(rows)], prices=prices, values=outcome.values[:compiled.layout.size]
    )


def _rows_of(compiled: "Compiled", families: Iterable[str]) -> Numbers:
    places = (compiled.rows.families[name] for name in families)
    ranges = [np.arange(place.start, place.stop, dtype=np.int64) for place in places]
    return np.concatenate([np.zeros(0, np.int64), *ranges])


def _minimised(
    compiled: "Compiled", slack: sparse.csr_array, weights: Floats, *, seconds: float
) -> Outcome | None:
    """The model with slack columns at these weights, and prices also where there are integer variables."""
    count, solver = len(weights), compiled.model.scenario.settings.solver
    session = Session(
        Rows(sparse.hstack([compiled.rows.matrix, slack]).tocsr(), compiled.rows.lower, compiled.rows.upper),
        np.append(compiled.lower, np.zeros(count)),
        np.append(compiled.upper, np.full(count, np.inf)),
        whole=np.append(compiled.whole, np.zeros(count, bool)),
        threads=solver.threads,
        seed=solver.seed,
        gap=solver.gap,
    )
    goal = np.append(np.zeros(compiled.layout.size), weights)
    outcome = session.minimise(goal, 0.0, seconds=seconds)
    if outcome.values is None or not session.has_integers:
        return outcome
    fixed = session.with_fixed_numbers(goal, 0.0, outcome.values, seconds=seconds)
    return fixed if fixed.values is not None else outcome


def _connected(compiled: "Compiled", relaxation: Relaxation) -> Numbers:
    """For each row with a price, the number of the conflict that it is part of; -1 for all other rows.

    Rows belong together that share a decision: several conflicts that have nothing to do with each other are
    kept apart.
    """
    parts = np.full(len(relaxation.prices), -1, dtype=np.int64)
    priced = np.flatnonzero(np.abs(relaxation.prices) > NOISE)
    shared = abs(compiled.rows.matrix[priced])  # without signs, so that nothing cancels out
    _, parts[priced] = sparse.csgraph.connected_components(shared @ shared.T, directed=False)
    return parts


def _sentence(compiled: "Compiled", relaxation: Relaxation, place: int, parts: Numbers) -> str:
    """One row that has to give, where it is written, and what stands against it."""
    row = int(relaxation.rows[place])
    limit = _limit_of(compiled, row)
    key = row_keys(compiled, limit.name, np.array([row - compiled.rows.families[limit.name].start]))
    given = f"would have to give by {relaxation.given[place]:,.6g} {limit.unit}"
    said = f"{_named(compiled, limit, key)}: {given}"
    others = np.flatnonzero((parts == parts[row]) & (parts >= 0) & ~np.isin(np.arange(len(parts)), [row]))
    against = [*_against(compiled, others), *_bounds_against(compiled, relaxation, others)]
    more = [f"{len(against) - MAXIMUM_AGAINST} more"] if len(against) > MAXIMUM_AGAINST else []
    listed = [*against[:MAXIMUM_AGAINST], *more]
    return f"{said}; in conflict with {' and '.join(listed)}" if listed else said


def _against(compiled: "Compiled", rows: Numbers) -> Iterator[str]:
    """The limits among the rows, and whatever else in them is written in the scenario: one for each key, with
    its periods.
    """
    for name, family in compiled.rows.families.items():
        limit = LIMITS[name]
        mine = rows[(rows >= family.start) & (rows < family.stop)] - family.start
        if not len(mine) or not limit.sources:
            continue
        for same in _by_key(row_keys(compiled, name, mine)):
            if limit.is_limit or _written(compiled, limit, same):
                yield _named(compiled, limit, same)


def _bounds_against(compiled: "Compiled", relaxation: Relaxation, rows: Numbers) -> Iterator[str]:
    """The limits on single decisions of these rows that are used up."""
    decided = np.zeros(compiled.layout.size, bool)
    decided[compiled.rows.matrix[rows].indices] = True
    full = decided & (relaxation.values >= compiled.upper - NOISE)
    for name, limit in BOUNDS.items():
        members = np.flatnonzero(full[compiled.layout.place(name)])
        if len(members):
            yield from (_named(compiled, limit, same)
                        for same in _by_key(row_keys(compiled, name, members))
                        if _written(compiled, limit, same))


def _by_key(keys: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """The rows that stand for the same in different periods, together."""
    named = [key for key in keys.columns if key in KEYS]
    yield from (same for _, same in keys.groupby(named, sort=False, dropna=False))


def _limit_of(compiled: "Compiled", row: int) -> Limit:
    families = compiled.rows.families.items()
    return LIMITS[next(name for name, place in families if place.start <= row < place.stop)]


def _named(compiled: "Compiled", limit: Limit, keys: pd.DataFrame) -> str:
    """The limit in words, with its periods and the cell in which it is written."""
    periods = sorted({int(period) for period in keys["period"] if period > 0})
    labels = [compiled.model.scenario.calendar.label(compiled.model.scenario.calendar.index[period - 1])
              for period in (*periods[:1], *periods[1:][-1:])]
    when = f", {' to '.join(labels)}" if labels else ""
    written = _written(compiled, limit, keys)
    return f"{limit.words} of {subject(_key(keys))}{when}{f' ({written})' if written else ''}"


def _written(compiled: "Compiled", limit: Limit, keys: pd.DataFrame) -> str:
    return written_at(
        compiled.model.scenario, limit.sources, _key(keys), period=int(keys["period"].iloc[0])
    )


def _key(keys: pd.DataFrame) -> dict[str, Any]:
    """What the first of the rows stands for, without blanks."""
    return {key: cell for key, cell in keys.iloc[0].to_dict().items() if key in KEYS and is_filled(cell)}
