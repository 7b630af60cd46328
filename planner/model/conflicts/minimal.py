"""Sets of cells that cannot hold together, each as small as can be: without any of them, the rest can."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sparse

from planner.model.conflicts.causes import Causes
from planner.model.conflicts.elastic import FACTS, NOISE, Elastic, Mask, Numbers, Relaxation
from planner.progress import tell_more
from planner.scenario.written import Cell

PRICE_NOISE = 1e-9  # a share of the largest price
MAXIMUM_CONFLICTS = 10  # that a message lists; whoever has mended so many solves again


@dataclass(frozen=True)
class CellConflict:
    """Cells that cannot hold together. `rows` are those by which they came to light; `minimal` says that each
    has been left out once, and without it the others can hold.
    """

    cells: tuple[Cell, ...]
    rows: Mask
    minimal: bool


@dataclass(frozen=True)
class Found:
    """The conflicts, none of which shares a cell with another; `complete`: without them a plan exists.
    `known` says that time was long enough to tell.
    """

    conflicts: tuple[CellConflict, ...]
    complete: bool
    known: bool = True


def conflicts_of(elastic: Elastic, causes: Causes) -> Found:
    """Conflicts, one after the other: the cells of each may give while the next is sought."""
    conflicts: list[CellConflict] = []
    held, free = elastic.none(), elastic.none()
    while True:
        suspects, is_known = _suspects(elastic, causes, held=held, free=free)
        for rows in suspects[:MAXIMUM_CONFLICTS - len(conflicts)]:
            tell_more("limits in conflict")
            conflict = _smallest(elastic, causes, rows, held=held)
            conflicts.append(conflict)
            for cell in conflict.cells:
                free |= causes.rows_of(cell)
        if not suspects or len(conflicts) >= MAXIMUM_CONFLICTS:
            return Found(tuple(conflicts), is_known and not suspects, known=elastic.seconds_left > 0)


def _suspects(elastic: Elastic, causes: Causes, *, held: Mask, free: Mask) -> tuple[list[Mask], bool]:
    """Sets of rows that cannot hold together, none with decisions of another, and whether it is known that
    there are no more. `held` gains the rows that have to give but are written nowhere.
    """
    while True:
        relaxation = elastic.relaxation(held, free, integers=False)
        if relaxation is None:
            return [], False
        if relaxation.given.max(initial=0.0) > NOISE:
            suspects = list(_apart(elastic, relaxation, free=free))
        elif elastic.has_integers:
            return _filtered(elastic, causes, held=held, free=free)
        else:
            return [], True
        unwritten = [causes.unwritten(rows) for rows in suspects]
        if not any(rows.any() for rows in unwritten):
            return suspects, True
        held |= np.logical_or.reduce(unwritten)


def _apart(elastic: Elastic, relaxation: Relaxation, *, free: Mask) -> Iterator[Mask]:
    """The rows with a price prove that no plan exists; those without decisions in common, each for itself."""
    rows, giving, priced = elastic.widened.rows, elastic.rows_that_give, _priced(relaxation)
    shared = abs(rows.matrix[priced])  # without signs, so that nothing cancels out
    count, parts = sparse.csgraph.connected_components(shared @ shared.T, directed=False)
    part_of = np.full(len(rows.upper), -1, np.int64)
    part_of[priced] = parts
    worst = np.zeros(count + 1)
    np.maximum.at(worst, part_of[giving], relaxation.given)
    for part in np.argsort(-worst[:count], kind="stable").tolist():
        if worst[part] > NOISE:
            yield (part_of[giving] == part) & ~free


def _priced(relaxation: Relaxation) -> Numbers:
    """The rows of the model with a price."""
    assert relaxation.prices is not None
    sizes = np.abs(relaxation.prices)
    return np.flatnonzero(sizes > PRICE_NOISE * sizes.max(initial=1.0))


def _filtered(elastic: Elastic, causes: Causes, *, held: Mask, free: Mask) -> tuple[list[Mask], bool]:
    """What has to give is held and others are asked, until nothing is left that could: with integer variables
    there are no prices that prove it.
    """
    fixed = elastic.none()
    while True:
        relaxation = elastic.relaxation(held | fixed, free, integers=True)
        if relaxation is None:
            is_conflict = fixed.any() and elastic.is_possible(held | fixed) is False
            return ([fixed], True) if is_conflict else ([], False)
        gives = (relaxation.given > NOISE) & ~fixed
        if not gives.any():
            return [], True
        held |= causes.unwritten(gives)
        for cell in causes.cells(gives):
            fixed |= causes.rows_of(cell) & ~free


def _smallest(elastic: Elastic, causes: Causes, rows: Mask, *, held: Mask) -> CellConflict:
    """Each cell behind the rows is left out if the others are in conflict without it."""
    kept, needed, minimal = causes.cells(rows), list[Cell](), True
    order = {cell: place for place, cell in enumerate(kept)}
    while untried := [cell for cell in kept if cell not in needed]:
        # what is there already is a reason only if the limits alone are none
        cell = min(untried, key=lambda cell: (causes.family_of(cell, rows) not in FACTS, order[cell]))
        rest = [other for other in kept if other != cell]
        still = _still_in_conflict(elastic, causes, rest, held=held) if rest else None
        minimal = minimal and (elastic.seconds_left > 0 or not rest)
        if still is None:
            needed.append(cell)
        else:
            kept = still
    return CellConflict(tuple(kept), rows, minimal)


def _still_in_conflict(
    elastic: Elastic, causes: Causes, cells: list[Cell], *, held: Mask
) -> list[Cell] | None:
    """Those of the cells that prove that they cannot all hold; None where they can, or time was too short."""
    together = held.copy()
    for cell in cells:
        together |= causes.rows_of(cell)
    if elastic.seconds_left <= 0:
        return None
    relaxation = elastic.relaxation(held, ~together, integers=False)
    if relaxation is not None and relaxation.given.max(initial=0.0) > NOISE:
        proof = elastic.none()
        proof[np.isin(elastic.rows_that_give, _priced(relaxation))] = True
        return [cell for cell in cells if (causes.rows_of(cell) & proof).any()]
    if elastic.has_integers and elastic.is_possible(together) is False:
        return cells
    return None
