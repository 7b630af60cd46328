"""A model whose written limits can give: what has to give for a plan to exist, and which can all hold."""

from collections.abc import Iterator
from dataclasses import dataclass
from time import perf_counter

import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray

from planner.model.compiler.compile import Rows
from planner.model.compiler.lookup import Floats
from planner.model.limits import BOUNDS, LIMITS, Limit
from planner.model.solver.highs import Session
from planner.model.solver.matrix import Compiled
from planner.model.solver.outcome import Outcome

NOISE = 1e-6
FACTS_WEIGHT = 100.0  # nobody changes what is there before every limit has been asked
# What is there already: stock, receipts and workers. A row without any says nothing.
FACTS = {"opening_inventory", "inventory_balance", "opening_headcount"}
EMPTY_SAY_NOTHING = {"opening_inventory", "inventory_balance"}
Numbers = NDArray[np.int64]
Mask = NDArray[np.bool_]


def limit_named(family: str) -> Limit:
    """The rule, or the limit on single decisions, of this name."""
    return LIMITS[family] if family in LIMITS else BOUNDS[family]


@dataclass(frozen=True)
class Widened:
    """The rows of a model and, below them, the limits on single decisions as rows of their own; `upper` of
    such a decision is without end.
    """

    rows: Rows
    upper: Floats


def with_bounds_as_rows(compiled: Compiled) -> Widened:
    """The model with the limits on single decisions as rows."""
    families, count, upper = dict(compiled.rows.families), len(compiled.rows.upper), compiled.upper.copy()
    columns: list[Numbers] = []
    for name in BOUNDS:
        place = compiled.layout.place(name)
        members = np.arange(place.start, place.stop, dtype=np.int64)
        families[name] = slice(count, count + len(members))
        count += len(members)
        columns.append(members)
    bounded = np.concatenate(columns)
    ones = sparse.csr_array((np.ones(len(bounded)), (np.arange(len(bounded)), bounded)),
                            shape=(len(bounded), compiled.layout.size))
    rows = Rows(sparse.vstack([compiled.rows.matrix, ones]).tocsr(),
                np.append(compiled.rows.lower, np.full(len(bounded), -np.inf)),
                np.append(compiled.rows.upper, upper[bounded]), families=families)
    upper[bounded] = np.inf
    return Widened(rows, upper)


def session_of(compiled: Compiled, rows: Rows, upper: Floats, *, added: int = 0) -> Session:
    """HiGHS with these rows over the model's variables and so many added ones, which are 0 or more."""
    solver = compiled.model.scenario.settings.solver
    return Session(
        rows, np.append(compiled.lower, np.zeros(added)), np.append(upper, np.full(added, np.inf)),
        whole=np.append(compiled.whole, np.zeros(added, bool)), threads=solver.threads, seed=solver.seed,
        gap=solver.gap)


def families_that_give(rows: Rows) -> Iterator[tuple[str, Numbers]]:
    """The rows of each rule that is written in the scenario and not kept at a price anyway."""
    for name, place in rows.families.items():
        limit = limit_named(name)
        if limit.sources and not limit.soft:
            members = np.arange(place.start, place.stop, dtype=np.int64)
            yield name, members[rows.upper[members] != 0] if name in EMPTY_SAY_NOTHING else members


@dataclass(frozen=True)
class Relaxation:
    """What has to give, for each of the rows that can, and the price of every row; None where integer
    variables decide.
    """

    given: Floats
    prices: Floats | None


class Elastic:
    """The model with a slack for every row that can give; `rows_that_give` are their numbers.

    Raises what stopped it, where it was stopped.
    """

    def __init__(self, compiled: Compiled, *, until: float) -> None:
        """Nothing is tried any more after the moment `until`."""
        self.until = until
        self.widened = with_bounds_as_rows(compiled)
        rows = self.widened.rows
        parts = dict(families_that_give(rows))
        sizes = [len(part) for part in parts.values()]
        self.family_of = np.repeat(np.array(list(parts), dtype=object), sizes)
        ends = np.cumsum([0, *sizes]).tolist()
        self.members = {family: slice(first, last) for family, first, last in
                        zip(parts, ends, ends[1:], strict=False)}
        self.rows_that_give = np.concatenate([np.zeros(0, np.int64), *parts.values()])
        giving, count = self.rows_that_give, len(self.rows_that_give)
        self._equal = np.flatnonzero(rows.lower[giving] == rows.upper[giving])
        slacks = np.append(giving, giving[self._equal])
        signs = np.append(np.full(count, -1.0), np.ones(len(self._equal)))
        shape = len(rows.upper), len(slacks)
        slack = sparse.csr_array((signs, (slacks, np.arange(len(slacks)))), shape=shape)
        matrix = sparse.hstack([rows.matrix, slack]).tocsr()
        self._size, self._slacks = compiled.layout.size, len(slacks)
        self._compiled, self._rows = compiled, Rows(matrix, rows.lower, rows.upper)
        self._session = self._opened()
        self._most = np.full(len(slacks), np.inf)
        weights = 1.0 / np.maximum(np.abs(rows.upper[giving]), 1.0)
        self._weights = weights * np.where(np.isin(self.family_of, list(FACTS)), FACTS_WEIGHT, 1.0)

    @property
    def has_integers(self) -> bool:
        """Whether whole numbers can be what is in conflict."""
        return self._session.has_integers

    @property
    def seconds_left(self) -> float:
        """Seconds until nothing is tried any more."""
        return self.until - perf_counter()

    def none(self) -> Mask:
        """None of the rows that can give."""
        return np.zeros(len(self.rows_that_give), bool)

    def relaxation(self, held: Mask, free: Mask, *, integers: bool) -> Relaxation | None:
        """The minimum that has to give, the `held` rows giving nothing and the `free` ones as much as they
        like; None where that is not enough, or time was too short.
        """
        self._hold(held)
        costs = np.where(free, 0.0, self._weights)
        goal = np.concatenate([np.zeros(self._size), costs, costs[self._equal]])
        outcome = self._minimised(goal, integers=integers)
        if outcome.values is None or (outcome.row_duals is None and not (integers and self.has_integers)):
            return None
        slack = outcome.values[self._size:]
        given = slack[:len(held)].copy()
        given[self._equal] += slack[len(held):]
        return Relaxation(np.where(free, 0.0, given), outcome.row_duals)

    def is_possible(self, held: Mask) -> bool | None:
        """Whether a plan exists that keeps these rows, whatever becomes of the others that can give; None
        where time was too short to tell.
        """
        if self.seconds_left <= 0:
            return None
        self._hold(held)
        for integers in (False, True) if self.has_integers else (False,):
            status = self._minimised(np.zeros(self._size + self._slacks), integers=integers).status
            if status != "optimal":
                return False if status == "infeasible" else None
        return True

    def _hold(self, held: Mask) -> None:
        self._most = np.where(np.append(held, held[self._equal]), 0.0, np.inf)
        self._bound(self._session)

    def _opened(self) -> Session:
        return session_of(self._compiled, self._rows, self.widened.upper, added=self._slacks)

    def _bound(self, session: Session) -> None:
        columns = np.arange(self._size, self._size + self._slacks, dtype=np.int32)
        session.bound(columns, np.zeros(self._slacks), self._most)

    def _minimised(self, goal: Floats, *, integers: bool) -> Outcome:
        session, seconds = self._session, max(self.seconds_left, 0.01)
        if integers and self.has_integers:  # from nothing: what an earlier search has found may not hold here
            session = self._opened()
            self._bound(session)
            outcome = session.minimise(goal, 0.0, seconds=seconds)
        else:
            outcome = session.relaxed(goal, 0.0, seconds=seconds)
        session.pass_on_stop()
        return outcome
