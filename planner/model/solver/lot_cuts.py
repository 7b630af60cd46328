"""(l,S) cutting planes for lots, so that the bound of a plan with integer variables says something.

In a linear relaxation a lot of 100 units out of 10,000 that could be of use pays a hundredth of its setup.
The (l, S) inequalities (Barany, Van Roy and Wolsey 1984), here on echelon stock, put an end to that: for
demand of the periods k to l and any choice S of the lots that come in then

    stock before k + lots outside S + sum over lots in S: demand from the lot's period to l * setup
    + backorders + lost + shortfall >= demand of k to l

A lot that is not set up brings nothing, so demand from its period on must have been there before, or
stays unmet. A lot counts with no more than any rule lets it be, such as the supplier's capacity: those that
can be no larger count as if they brought that, and the first of the others meets the demand from its period
on. The rows cut off no plan with whole setups; rows that the relaxation violates are added round by
round.
"""

from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray

from planner.model.big_m import SWITCHES
from planner.model.compiler.lookup import Codes, Floats
from planner.model.objective import Goal
from planner.model.solver.deadline import seconds_left
from planner.model.solver.echelons import Echelons, echelons
from planner.model.solver.highs import Session
from planner.model.solver.matrix import Compiled
from planner.model.solver.outcome import Outcome
from planner.progress import tell_more

LONGEST = 16  # periods of demand that one row looks at
VIOLATED = 1e-4  # a row counts as violated by more than this share of its demand
STANDSTILL = 2e-4  # a round that lifts the bound by less than this share ends the search
# many rows at once make a round slow without lifting the bound as much
MAXIMUM_ROUNDS, MAXIMUM_ROWS, VIEWS = 60, 300, 3


@dataclass(frozen=True)
class Inequalities:
    """Rows that hold for every plan with integer variables: matrix @ variables >= least."""

    matrix: sparse.csr_array
    minimum: Floats


@dataclass(frozen=True)
class Lots:
    """What comes into echelons in lots: echelon and period, its variable, units a unit of it brings, and its
    switches.
    """

    echelon: Codes
    period: Codes
    column: Codes
    brings: Floats
    switches: sparse.csr_array  # a row for each lot: 1 for each variable of which one must be on


class LotInequalities:
    """Finds the (l, S) rows that a point violates, one for each echelon and last period at most."""

    def __init__(self, compiled: Compiled, stocks: Echelons) -> None:
        self._stocks = stocks
        switches, in_lots = _switches(compiled)
        self._lots, rest = _lots(stocks, switches, in_lots)
        self._largest = self._lots.brings * largest(compiled)[self._lots.column]
        reach = min(LONGEST, stocks.periods)
        self._windows = [(first, last) for first in range(stocks.periods)
                         for last in range(first, min(first + reach, stocks.periods))]
        self._place = {window: place for place, window in enumerate(self._windows)}
        self._others = _others(stocks, rest, reach)
        before = np.vstack([np.zeros(stocks.count), np.cumsum(stocks.demand, axis=0)])
        kept = np.vstack([np.zeros(stocks.count), stocks.kept])
        # first, last, echelon: with stock to be kept
        self._demand = before[None, 1:] - before[:-1, None] + kept[None, 1:]
        # of a lot, whose stock to be kept was kept before
        self._useful = np.maximum(self._demand - kept[:-1, None], 0.0)

    @property
    def any_lots(self) -> bool:
        """Whether anything comes in lots."""
        return len(self._lots.column) > 0

    def violated(self, values: Floats) -> Inequalities:
        """The rows that the point violates most."""
        comes, on = self._lots.brings * values[self._lots.column], self._lots.switches @ values
        others = (self._others @ values).reshape(-1, self._stocks.count)
        parts = [self._violated_until(last, comes, on, others) for last in range(self._stocks.periods)]
        minimum = np.concatenate([part.minimum for part in parts])
        matrix = sparse.vstack([part.matrix for part in parts]).tocsr()
        short = (minimum - matrix @ values) / np.maximum(np.abs(minimum), 1.0)
        worst = np.sort(np.argsort(-short, kind="stable")[:MAXIMUM_ROWS])
        return Inequalities(matrix[worst], minimum[worst])

    def _violated_until(self, last: int, comes: Floats, on: Floats, others: Floats) -> Inequalities:
        """For each echelon the most violated row that ends in a period, over all periods in which it can
        begin.
        """
        count = self._stocks.count
        lots = np.flatnonzero(self._lots.period <= last)
        set_up = self._coefficients(lots, last) * on[lots]
        minimum = np.minimum(comes[lots], set_up)
        by_period = np.bincount(
            self._lots.period[lots] * count + self._lots.echelon[lots], minimum, minlength=(last + 1) * count
        )
        since = by_period.reshape(last + 1, count)[::-1].cumsum(axis=0)[::-1]
        firsts = np.array([first for first, end in self._windows if end == last])
        windows = np.array([self._place[first, last] for first in firsts])
        demand = self._demand[firsts, last]
        short = (demand - since[firsts] - others[windows]) / np.maximum(np.abs(demand), 1.0)
        best = short.argmax(axis=0)
        echelon = np.flatnonzero(short.max(axis=0) > VIOLATED)
        chosen = self._rows(echelon, firsts[best[echelon]], last, lots, set_up < comes[lots])
        return Inequalities(
            chosen + self._others[windows[best[echelon]] * count + echelon], demand[best[echelon], echelon]
        )

    def _coefficients(self, lots: Codes, last: int) -> Floats:
        """What a lot can do for demand until a period: all demand from its own on, if it can be so large."""
        useful = self._useful[self._lots.period[lots], last, self._lots.echelon[lots]]
        counted: Floats = np.minimum(useful, self._largest[lots])
        return counted

    def _rows(
        self, echelon: Codes, first: Codes, last: int, lots: Codes, by_switch: NDArray[np.bool_]
    ) -> sparse.csr_array:
        """The lots' part of each row: those in S by their switch, the others by what they bring."""
        row_of = np.full(self._stocks.count, -1)
        row_of[echelon] = np.arange(len(echelon))
        begin = np.full(self._stocks.count, self._stocks.periods)
        begin[echelon] = first
        inside = self._lots.period[lots] >= begin[self._lots.echelon[lots]]
        by_lot, by_setup = lots[inside & ~by_switch], lots[inside & by_switch]
        row = row_of[self._lots.echelon]
        amounts = sparse.csr_array((self._lots.brings[by_lot], (row[by_lot], self._lots.column[by_lot])),
                                   shape=(len(echelon), self._others.shape[1]))
        useful = self._coefficients(by_setup, last)
        chosen = sparse.csr_array((useful, (row[by_setup], by_setup)), shape=(len(echelon), len(row)))
        return amounts + chosen @ self._lots.switches


def largest(compiled: Compiled) -> Floats:
    """The largest value of each variable that any single rule allows, with all else at its best for it."""
    matrix = compiled.rows.matrix
    row_of = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    helps, takes = matrix.data < 0, matrix.data > 0
    made_room = -matrix.data[helps] * compiled.upper[matrix.indices[helps]]
    room = compiled.rows.upper + np.bincount(row_of[helps], made_room, minlength=matrix.shape[0])
    largest_value = compiled.upper.copy()
    np.minimum.at(largest_value, matrix.indices[takes], room[row_of[takes]] / matrix.data[takes])
    return np.maximum(largest_value, 0.0)


def tighten(session: Session, compiled: Compiled, goal: Goal, *, deadline: float | None) -> float | None:
    """The bound of the linear relaxation, and in the session the rows that lift it; those that hold nothing
    up go again.

    The echelons are looked at as they stand, and with each place as much later as goods usually take to get
    there in the relaxed plan: again when that plan has changed.
    """
    standing = LotInequalities(compiled, echelons(compiled))
    if not standing.any_lots:
        return None
    relaxed = _relaxed(session, goal, deadline)
    for _ in range(VIEWS):
        if relaxed.values is None or relaxed.bound is None:
            break
        delayed = LotInequalities(compiled, echelons(compiled, relaxed.values))
        before = relaxed
        relaxed = _tightened(session, [standing, delayed], goal, relaxed, deadline=deadline)
        if not _is_higher(relaxed, before):
            break
    return relaxed.bound


def _tightened(
    session: Session,
    views: list[LotInequalities],
    goal: Goal,
    relaxed: Outcome,
    *,
    deadline: float | None,
) -> Outcome:
    """The relaxation after all rounds that lift its bound in time, with the rows that it rests on."""
    for number in range(MAXIMUM_ROUNDS):
        assert relaxed.values is not None
        violated = [rows for rows in (view.violated(relaxed.values) for view in views) if len(rows.minimum)]
        if not violated:
            return relaxed
        for rows in violated:
            session.strengthen(rows.matrix, rows.minimum)
        before, relaxed = relaxed, _relaxed(session, goal, deadline)
        if relaxed.values is None:  # time is short: what the bound has climbed to holds, too
            return before if relaxed.bound is None else replace(before, bound=relaxed.bound)
        session.weaken(relaxed.values)
        tell_more("cutting planes", step=number + 1, bound=relaxed.bound, sign=goal.sign)
        if not _is_higher(relaxed, before):
            return relaxed
    return relaxed


def _is_higher(relaxed: Outcome, before: Outcome) -> bool:
    """Whether a bound is worth another round."""
    if relaxed.objective is None or before.objective is None:
        return False
    return relaxed.objective - before.objective > STANDSTILL * abs(relaxed.objective)


def _relaxed(session: Session, goal: Goal, deadline: float | None) -> Outcome:
    return session.relaxed(goal.coefficients, goal.constant, seconds=seconds_left(deadline))


def _switches(compiled: Compiled) -> tuple[sparse.csr_array, NDArray[np.bool_]]:
    """For each variable that flows in lots, the switches of which one must be on, and which variables those
    are.

    Where several rules hold a variable back, its switches are those of the first.
    """
    size = compiled.layout.size
    switches, in_lots = sparse.csr_array((size, size)), np.zeros(size, bool)
    for family, _ in SWITCHES.values():
        rows = compiled.rows.matrix[compiled.rows.families.get(family, slice(0, 0))]
        flows, on = sparse.csr_array(rows > 0, dtype=float), sparse.csr_array(rows < 0, dtype=float)
        switches = switches + sparse.diags_array(~in_lots, dtype=float) @ (flows.T @ on).sign()
        in_lots |= flows.sum(axis=0) > 0
    return sparse.csr_array(switches), in_lots


def _lots(
    stocks: Echelons, switches: sparse.csr_array, in_lots: NDArray[np.bool_]
) -> tuple[Lots, sparse.csr_array]:
    """What comes into each echelon in lots, and what else is in its balances.

    A lot comes in once and takes nothing out of its echelon; what both comes in and goes out is no lot there.
    """
    entries = stocks.balance.tocoo()
    echelon, period = entries.row % stocks.count, entries.row // stocks.count
    key = echelon.astype(np.int64) * len(in_lots) + entries.col
    _, place, times = np.unique(key, return_inverse=True, return_counts=True)
    lot = in_lots[entries.col] & (entries.data > 0) & (times[place] == 1)
    rest = sparse.csr_array(
        (entries.data[~lot], (entries.row[~lot], entries.col[~lot])), shape=stocks.balance.shape
    )
    column = entries.col[lot].astype(np.int64)
    return Lots(
        echelon[lot].astype(np.int64),
        period[lot].astype(np.int64),
        column,
        brings=entries.data[lot],
        switches=switches[column],
    ), rest


def _others(stocks: Echelons, rest: sparse.csr_array, reach: int) -> sparse.csr_array:
    """For each window of periods and echelon: all but lots that may meet its demand.

    That is what comes in with a plus over the window or any that begins with it and ends sooner: a lot of S
    may be the first to come, and demand before it must be met without it.
    """
    windows = []
    for first in range(stocks.periods):
        largest = stocks.stock[stocks.rows(first - 1)].maximum(0.0) if first else None
        total = None
        for last in range(first, min(first + reach, stocks.periods)):
            coming = rest[stocks.rows(last)]
            total = coming if total is None else total + coming
            ending = (total + stocks.stock[stocks.rows(last)]).maximum(0.0)
            largest = ending if largest is None else largest.maximum(ending)
            windows.append(largest)
    return sparse.vstack(windows).tocsr()
