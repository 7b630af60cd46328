"""Improves a plan with integer variables window by window: most of it stays, a part small enough to be
optimised is re-optimised.

In one kind of window the integer variables of a few items are free, with every quantity of these items, of
what goes into them and of what they go into; the rest stays as it is, so that a window is a small model of
its own, however large the whole one is (fix and optimize, Helber and Sahling 2010; small models of their own,
Taillard and Voss 2002: POPMUSIC). In the second kind all integer variables of some periods in a row are free,
with every quantity of these and a few more. In the third kind, which comes less often, whatever belongs to no
item is free: shifts, machines, sites, with every quantity.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray

from planner.model.compiler.compile import Rows
from planner.model.compiler.lookup import Codes, Floats
from planner.model.objective import Goal
from planner.model.solver.deadline import is_over, seconds_left
from planner.model.solver.echelons import content
from planner.model.solver.highs import Session
from planner.model.solver.matrix import Compiled

Mask = NDArray[np.bool_]

# integer variables that are free in one window: few at first, then twice as many
MINIMUM_INTEGERS, MAXIMUM_INTEGERS = 16, 256
LARGEST_SHARE = 0.35  # of all integer variables: more would be the whole model once more
LITTLE = 2e-4  # a round of windows that saves a smaller share is the last one of its size
# windows over time: integer variables that are free at least, and periods around them whose quantities may
# follow
PERIODS_INTEGERS, PERIODS_BEFORE, PERIODS_AFTER = 64, 2, 4
WINDOW_GAP = 2e-4  # of what a window costs; it need not be proven better than this
ROUNDING = 1e-6  # by this share of what a row adds up to a point may exceed its limit
# of the search tree: most of what a window saves is found at its root, by rounding its linear plan (RENS)
WINDOW_NODES = 20
# of the time left that one window may take, and seconds that it may take at least
WINDOW_SHARE, SHORTEST = 0.4, 0.2


@dataclass(frozen=True)
class Point:
    """A feasible plan and its value."""

    values: Floats
    objective: float


class Windows:
    """Makes plans of one model better, window by window."""

    def __init__(
        self, compiled: Compiled, goal: Goal, held: list[tuple[Goal, float]], *, deadline: float | None
    ) -> None:
        self._compiled, self._goal, self._deadline = compiled, goal, deadline
        limits = [sparse.csr_array(earlier.coefficients[None, :]) for earlier, _ in held]
        self._matrix = sparse.csc_array(sparse.vstack([compiled.rows.matrix, *limits]))
        self._lower = np.concatenate([compiled.rows.lower, np.full(len(held), -np.inf)])
        self._upper = np.concatenate([compiled.rows.upper, [maximum for _, maximum in held]])
        self._item, self._period = _items(compiled), periods_of(compiled)
        contained = content(compiled)
        self._related = sparse.csr_array(contained + contained.T)

    def improvements(self, point: Point) -> Iterator[Point]:
        """Better and better points, until the largest windows bring little or time is short."""
        random = np.random.default_rng(self._compiled.model.scenario.settings.solver.seed)
        size, windows = MINIMUM_INTEGERS, None
        while size <= min(MAXIMUM_INTEGERS, LARGEST_SHARE * self._compiled.whole.sum()):
            before = point.objective
            for free in windows or self._of_items(size, random):
                if is_over(self._deadline):
                    return
                better = self._made_anew(point, free)
                if better is not None:
                    point = better
                    yield point
            brought_little = before - point.objective < LITTLE * abs(before)
            size *= 2 if windows else 1
            over_time = brought_little and not windows
            windows = [self._shared(), *self._of_periods(max(size, PERIODS_INTEGERS))] if over_time else None

    def _of_periods(self, size: int) -> Iterator[Mask]:
        """Windows that free each integer variable of a period once, those of some periods in a row at a
        time.
        """
        last = int(self._period.max(initial=0))
        each = max(self._compiled.whole.sum() / max(last, 1), 1.0)
        width = max(int(size / each), 1)
        if width * each > LARGEST_SHARE * self._compiled.whole.sum():
            return
        for first in range(1, last + 1, width):
            free = (self._period >= first) & (self._period < first + width)
            near = (self._period >= first - PERIODS_BEFORE) & (
                self._period < first + width + PERIODS_AFTER)
            if (free & self._compiled.whole).any():
                yield np.where(self._compiled.whole, free, near)

    def _of_items(self, size: int, random: np.random.Generator) -> Iterator[Mask]:
        """Windows that free each integer variable of an item once, those of some items at a time. An item
        with more of them than a window is to have waits for larger ones.
        """
        items, counts = np.unique(self._item[self._compiled.whole & (self._item >= 0)], return_counts=True)
        small = counts <= max(size, PERIODS_INTEGERS)
        items, counts = items[small], counts[small]
        order = random.permutation(len(items))
        group = np.cumsum(counts[order]) // size
        for number in np.unique(group):
            yield self._around(items[order[group == number]])

    def _shared(self) -> Mask:
        """The window that frees what belongs to no item, with every quantity."""
        return ~self._compiled.whole | (self._item < 0)

    def _around(self, items: Codes) -> Mask:
        """The whole numbers of the items and every quantity that may have to follow."""
        # the last one stands for no item
        own, related = (np.zeros(self._related.shape[0] + 1, bool) for _ in range(2))
        own[items] = True
        related[self._related[items].indices] = related[-1] = True
        free: Mask = np.where(self._compiled.whole, own[self._item], related[self._item])
        return free

    def _including(self, values: Floats) -> tuple[Floats, Floats]:
        """The limits of the rows, so far apart that the point keeps them where it exceeds one by rounding.

        Goals that are held at what the point reaches would else leave a window no plan at all.
        """
        activity = self._matrix @ values
        room = ROUNDING * np.maximum(1.0, np.abs(activity))
        lower = np.minimum(self._lower, np.maximum(activity, self._lower - room))
        upper = np.maximum(self._upper, np.minimum(activity, self._upper + room))
        return lower, upper

    def _made_anew(self, point: Point, free: Mask) -> Point | None:
        """The point with what is free as good as it can be, or None where that brings nothing."""
        compiled, prices = self._compiled, self._goal.coefficients
        values = np.where(compiled.whole, np.round(point.values), point.values)
        columns = np.flatnonzero(free)
        part = self._matrix[:, columns]
        touched = np.unique(part.indices)
        stays = (self._matrix @ np.where(free, 0.0, values))[touched]
        lower, upper = self._including(values)
        rows = Rows(part.tocsr()[touched], lower[touched] - stays, upper[touched] - stays)
        solver = compiled.model.scenario.settings.solver
        session = Session(
            rows,
            compiled.lower[columns],
            compiled.upper[columns],
            whole=compiled.whole[columns],
            threads=solver.threads,
            seed=solver.seed,
            gap=WINDOW_GAP,
            nodes=WINDOW_NODES,
            heuristics=False,
        )
        left = seconds_left(self._deadline)
        apart = float(self._goal.unmeasured(values)[columns].sum())
        outcome = session.minimise(prices[columns], -apart, start=values[columns],
                                   seconds=None if left is None else max(WINDOW_SHARE * left, SHORTEST))
        session.pass_on_stop()
        if outcome.values is None:
            return None
        values[columns] = outcome.values
        better = Point(values, self._goal.value(values))
        return better if better.objective < point.objective else None


def _items(compiled: Compiled) -> Codes:
    """The item of every variable, -1 where it belongs to none."""
    found = np.full(compiled.layout.size, -1, np.int64)
    for name in compiled.layout.first:
        index = getattr(compiled.model.pyomo, name).index_set().index.columns
        if "item" in index:
            found[compiled.layout.place(name)] = index["item"]
    return found


def periods_of(compiled: Compiled) -> Codes:
    """The period of every variable, in which it begins where it has two; 0 where it has none."""
    found = np.zeros(compiled.layout.size, np.int64)
    for name in compiled.layout.first:
        index = getattr(compiled.model.pyomo, name).index_set().index.columns
        period = next((index[key] for key in ("start", "period") if key in index), None)
        if period is not None:
            found[compiled.layout.place(name)] = period
    return found
