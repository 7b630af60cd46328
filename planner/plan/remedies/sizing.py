"""How much of a lever is needed: one linear program for each, in the model of the plan.

Nobody else may be served worse than in the plan while a gap is closed. So the amount is what the remedy needs
for itself, and what else it brings shows when the whole plan is solved again with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import scipy.sparse as sparse

from planner.model.compiler.lookup import Floats
from planner.model.objective import Goal
from planner.model.solver.extended import Extended, Places
from planner.model.solver.matrix import Compiled
from planner.model.solver.warm_start import WarmStart
from planner.plan.remedies.gaps import Gap
from planner.plan.remedies.levers import Lever
from planner.progress import checkpoint

SLACK = 1e-6  # of what is held: room for the solver's rounding
NOISE = 1e-6  # amounts and prices below this are none
TOP = 1e7  # the maximum amount that is thought of: a bound, so that no linear program is unbounded
EARLIER = 1e-4  # by which share a step counts more for each period that it is earlier
STEP_WORTH = 1e-3  # of the gap, in its unit: a step that closes less is not taken
SHORTFALLS = ("lost", "backorders", "target_shortfall")


@dataclass(frozen=True, eq=False)
class Sized:
    """Levers with the amount of each in its periods, and what of the gap is left with them."""

    levers: tuple[Lever, ...]
    amounts: tuple[Floats, ...]
    left: float

    @property
    def steps(self) -> float:
        """How many natural steps it takes in all."""
        return float(sum(amount.sum() / lever.step
                         for lever, amount in zip(self.levers, self.amounts, strict=True)))


class Sizer:
    """The plan's model with every lever as columns that are closed until one is asked about."""

    def __init__(self, compiled: Compiled, goals: Sequence[Goal], start: WarmStart, *, gap: Gap,
                 levers: Sequence[Lever]) -> None:
        self._gap, self._levers, self._start = gap, list(levers), start
        self._goal, self._ranks = goals[-1], len(goals) > 1
        sizes = [len(lever.rows) for lever in levers]
        ends = np.cumsum([0, *sizes])
        self._places = [compiled.layout.size + np.arange(first, last)
                        for first, last in pairwise(ends)]
        added = _entries(levers, len(compiled.rows.upper), int(ends[-1]))
        self._model = Extended(compiled, goals, start, added=added)
        if self._ranks:
            self._protect(compiled)

    @property
    def all_places(self) -> list[int]:
        """All levers, by their places."""
        return list(range(len(self._levers)))

    def useful(self) -> list[int]:
        """The levers that could close something by themselves, the strongest first: those whose unit has a
        price where the gap is as small as it can be without any.
        """
        outcome = self._model.minimise(self._aim(), from_plan=True)
        if outcome.row_duals is None or not self._levers:
            return []
        prices = outcome.row_duals
        gains = []
        for lever in self._levers:
            gain = np.asarray(lever.widens) * -prices[list(lever.rows)]
            if lever.taken:
                gain += prices[list(lever.taken)] * np.asarray(lever.widens)
            gains.append(float((gain * lever.step)[lever.ceiling > NOISE].max(initial=0.0)))
        order = sorted(range(len(gains)), key=lambda place: (-gains[place], place))
        return [place for place in order if gains[place] > NOISE]

    def sized(self, places: Sequence[int]) -> Sized | None:
        """The minimum amount of these levers that closes as much of the gap as they can; None where they
        close nothing.
        """
        checkpoint()
        columns = np.concatenate([self._places[place] for place in places])
        ceilings = np.concatenate([self._levers[place].ceiling for place in places])
        self._model.bound(columns, np.zeros(len(columns)), np.minimum(ceilings, TOP))
        try:
            return self._least(places, columns)
        finally:
            self._model.bound(columns, np.zeros(len(columns)), np.zeros(len(columns)))

    def _least(self, places: Sequence[int], columns: Places) -> Sized | None:
        """The levers' amounts where the gap is smallest; a step that closes next to nothing is not taken."""
        aim = self._aim()
        values = self._model.minimise(aim, from_plan=True).values
        if values is None or (self._ranks and self._left_at(values) > self._gap.short - self._nothing):
            return None
        if self._ranks:
            for place in places:
                aim[self._places[place]] = STEP_WORTH * _weights(self._levers[place])
            least = self._model.minimise(aim).values
            values = values if least is None else least
        amounts = {place: _in_steps(self._levers[place], values[self._places[place]]) for place in places}
        used = [place for place in places if amounts[place].any()]
        left = self._left_at(values)
        if not used or left > self._gap.short - self._nothing:
            return None
        return Sized(tuple(self._levers[place] for place in used),
                     tuple(amounts[place] for place in used),
                     left=max(left, 0.0))

    @property
    def _nothing(self) -> float:
        """How much of the gap is rounding."""
        return NOISE * max(1.0, self._gap.short)

    def _aim(self) -> Floats:
        """What is minimised: the gap, where service is ranked before cost; else what the mode minimises."""
        return self._model.widened(self._gap.coefficients if self._ranks else self._goal.coefficients)

    def _left_at(self, values: Floats) -> float:
        return float(self._gap.coefficients @ self._model.own(values)) + self._gap.constant

    def _protect(self, compiled: Compiled) -> None:
        """Nothing is lost, owed or missed that the plan does not lose, owe or miss as well."""
        for variable in SHORTFALLS:
            place = compiled.layout.place(variable)
            columns = np.arange(place.start, place.stop)
            known = np.maximum(self._start.values[place], 0.0)
            self._model.bound(columns, np.zeros(len(columns)), known + SLACK * np.maximum(1.0, known))


def _entries(levers: Sequence[Lever], rows: int, count: int) -> sparse.csr_array:
    """What a unit of each lever does to the model's rows."""
    at, values, columns, first = [], [], [], 0
    for lever in levers:
        own = np.arange(first, first + len(lever.rows))
        at.append(np.asarray(lever.rows, np.int64))
        values.append(-np.asarray(lever.widens))
        columns.append(own)
        if lever.taken:
            at.append(np.asarray(lever.taken, np.int64))
            values.append(np.asarray(lever.widens))
            columns.append(own)
        first += len(lever.rows)
    if not at:
        return sparse.csr_array((rows, count))
    parts = (np.concatenate(values), (np.concatenate(at), np.concatenate(columns)))
    return sparse.csr_array(parts, shape=(rows, count))


def _weights(lever: Lever) -> Floats:
    """A natural step counts 1, a little more the earlier it is: what can wait is decided later."""
    periods = np.asarray(lever.periods, float)
    weights: Floats = (1.0 + EARLIER * (periods.max() - periods)) / lever.step
    return weights


def _in_steps(lever: Lever, amounts: Floats) -> Floats:
    """The amounts rounded up to whole natural steps, no further than the lever goes."""
    steps = np.ceil(np.where(amounts > NOISE, amounts, 0.0) / lever.step - NOISE)
    most = np.minimum(steps * lever.step, np.where(lever.ceiling > NOISE, lever.ceiling, 0.0))
    return np.maximum(most, 0.0)
