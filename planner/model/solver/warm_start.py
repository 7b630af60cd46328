"""Begins a solve where an earlier one ended: what has changed goes into the live HiGHS object as arrays.

A what-if changes a demand, a capacity, a supply or a cost and leaves the shape of the model as it is: the
same variables in the same rules. Its matrix is compiled again, which is quick. The solver, which is not, is
told only what differs, and begins each pass at the basis at which the same pass of the earlier solve ended. A
basis of the same shape is a correct start whatever it stands for; how many pivots lie between it and the new
optimum is all that it decides.
"""

import logging
import weakref
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from threading import Lock
from typing import Any

import highspy
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.model.compiler.lookup import Floats
from planner.model.objective import Goal
from planner.model.solver.deadline import GRACE_SECONDS, later
from planner.model.solver.earlier_numbers import numbers_of
from planner.model.solver.highs import Session
from planner.model.solver.matrix import Compiled, open_session

log = logging.getLogger(__name__)

Decided = Mapping[str, pd.DataFrame]  # by integer variable: keys, period and value


class Live:
    """A session that may outlive its solve, used by one solve at a time."""

    def __init__(self, session: Session | None) -> None:
        self.session = session
        self.in_use = Lock()


@dataclass(frozen=True)
class WarmStart:
    """What a solve leaves for the next one of the same shape: its bases, pass by pass, and perhaps its live
    session.
    """

    shape: dict[str, str]
    bases: tuple[Any, ...]
    values: Floats
    live: Live

    def __reduce__(self) -> tuple[Any, ...]:
        """Sent to another process, it leaves its live session behind."""
        return _from_states, (self.shape, tuple(_states(basis) for basis in self.bases), self.values)


States = tuple[NDArray[np.int8], NDArray[np.int8]]


def _states(basis: Any) -> States | None:
    """The states of columns and rows of a basis, as numbers."""
    if basis is None:
        return None
    columns, rows = ([int(state) for state in states] for states in (basis.col_status, basis.row_status))
    return np.array(columns, np.int8), np.array(rows, np.int8)


def _from_states(shape: dict[str, str], bases: tuple[States | None, ...], values: Floats) -> WarmStart:
    return WarmStart(shape, tuple(None if states is None else _basis(*states) for states in bases), values,
                     live=Live(None))


def _basis(columns: NDArray[np.int8], rows: NDArray[np.int8]) -> highspy.HighsBasis:
    basis = highspy.HighsBasis()
    basis.col_status = [highspy.HighsBasisStatus(state) for state in columns.tolist()]
    basis.row_status = [highspy.HighsBasisStatus(state) for state in rows.tolist()]
    basis.valid = True
    return basis


class SolverRun:
    """The way of one session through its goals, beside the way of an earlier one where there is one to
    follow.
    """

    def __init__(self, live: Live, compiled: Compiled, goals: list[Goal], earlier: WarmStart | None,
                 decided: Decided | None = None) -> None:
        assert live.session is not None
        self.session: Session = live.session
        self._live, self._compiled, self._goals, self._earlier = live, compiled, goals, earlier
        self._decided = decided
        self._bases: list[Any] = []

    def begin_pass(self) -> None:
        """The session stands where the earlier solve ended this pass."""
        place = len(self._bases)
        if self._earlier is None or self.session.has_integers or place >= len(self._earlier.bases):
            return
        if self._earlier.bases[place] is not None:
            self.session.start_at(self._earlier.bases[place])

    def end_pass(self) -> None:
        """Where the pass ended is remembered for a later solve."""
        self._bases.append(self.session.basis())

    def allowed_until(self, deadline: float | None) -> float | None:
        """The deadline; a linear program that has a plan to start from is given some seconds at least."""
        has_start = self._earlier is not None or bool(self._decided)
        return later(deadline, GRACE_SECONDS) if has_start and not self.session.has_integers else deadline

    @property
    def earlier_values(self) -> Floats | None:
        """The integer values of the plan to start from, NaN where it has none; None without such a plan."""
        if self._earlier is not None:
            return self._earlier.values
        return numbers_of(self._compiled, self._decided) if self._decided else None

    def warm_start(self, values: Floats) -> WarmStart:
        """What this solve leaves, at the values that it ended with."""
        return WarmStart(_shape(self._compiled, self._goals), tuple(self._bases), values, live=self._live)

    def release(self) -> None:
        """The session is free for another solve, or closed where a later one lives or HiGHS was left to
        itself.
        """
        with _choosing:
            if self.session.is_lost or _latest is None or _latest() is not self._live:
                self._live.session = None
        self._live.in_use.release()

    def close(self) -> None:
        """No other solve goes on in the session: nobody knows where it stands."""
        self._live.session = None


def apart_from_session(start: WarmStart) -> WarmStart:
    """The same place to start from, without the live session: solves that go on side by side must not depend
    on which of them found it free.
    """
    return replace(start, live=Live(None))


# One live session at most, beside those in which solves are going on: it takes more memory than all tables of
# a plan.
_latest: "weakref.ref[Live] | None" = None
_choosing = Lock()  # of the latest session, by solves in several threads


def open_run(
    compiled: Compiled, goals: list[Goal], start: WarmStart | None, decided: Decided | None = None
) -> SolverRun:
    """The model in a session, ready for its first goal: the live session of `start` where that fits and is
    free. Where it does not fit, what was `decided` is carried over by key.
    """
    earlier = start if start is not None and _fits(compiled, goals, start) else None
    if earlier is not None and earlier.live.in_use.acquire(blocking=False):
        if earlier.live.session is not None:
            log.info("starting from the earlier solve, in its live session")
            earlier.live.session.change_to(compiled.rows, compiled.lower, compiled.upper)
            return SolverRun(earlier.live, compiled, goals, earlier=earlier)
        earlier.live.in_use.release()
    if earlier is not None:
        log.info("starting from the earlier solve, in a new session: its own has been closed or is in use")
    return SolverRun(_opened(compiled), compiled, goals, earlier=earlier, decided=decided)


def _opened(compiled: Compiled) -> Live:
    """A new live session; the last one is closed, unless a solve is going on in it."""
    global _latest
    with _choosing:
        last = _latest() if _latest is not None else None
        if last is not None and last.in_use.acquire(blocking=False):
            last.session = None
            last.in_use.release()
    live = Live(open_session(compiled))
    live.in_use.acquire()
    with _choosing:
        _latest = weakref.ref(live)
    return live


def _fits(compiled: Compiled, goals: list[Goal], start: WarmStart) -> bool:
    """Whether the model has the shape of the earlier one; the log says what is different."""
    shape = _shape(compiled, goals)
    different = [part for part in shape if shape[part] != start.shape[part]]
    if different:
        log.info("solving from scratch: other %s than in the plan to start from", " and ".join(different))
    return not different


def _shape(compiled: Compiled, goals: list[Goal]) -> dict[str, str]:
    """What two models must share for a basis of one to be a basis of the other."""
    matrix = compiled.rows.matrix
    return {"variables": repr(compiled.layout.sizes), "rules": repr(compiled.rows.families),
            "places of variables in rules": _digest(matrix.indptr, matrix.indices),
            "integer variables": _digest(compiled.whole), "goals": repr([goal.name for goal in goals])}


def _digest(*arrays: NDArray[Any]) -> str:
    found = sha256()
    for array in arrays:
        found.update(np.ascontiguousarray(array).view(np.uint8).data)
    return found.hexdigest()
