"""Dives from the plan of slope scaling to one whose switches are all on or off.

A rounding decides all switches at once, and one that does not fit leaves no plan. A dive decides them batch
by batch: those through which nothing flows are off, those through which a whole minimum lot flows are on,
and the linear plan of the rest follows, with what is decided at its true price and size. Where nothing flows
in whole lots any more, the larger half of what is left is on. A batch that leaves no plan is halved, and a
single switch that cannot be on is off.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from planner.model.compiler.lookup import Codes, Floats
from planner.model.objective import Goal
from planner.model.solver.deadline import is_over, seconds_left
from planner.model.solver.highs import Session
from planner.model.solver.matrix import Compiled
from planner.model.solver.slope_scaling import Slopes, switch_columns
from planner.progress import tell_more

Mask = NDArray[np.bool_]

WHOLE_LOT = 0.999  # of a minimum lot: what flows is one but for rounding
ROUNDING = 1e-6  # of a whole number


class Dive:
    """One dive, in a session that holds the goals that are not to get worse."""

    def __init__(self, compiled: Compiled, goal: Goal, held: list[tuple[Goal, float]], *, session: Session,
                 deadline: float | None) -> None:
        self._compiled, self._goal, self._held = compiled, goal, held
        self._session, self._deadline = session, deadline
        self._true = Slopes.of(compiled)
        self._switch = np.zeros(compiled.layout.size, bool)
        self._switch[switch_columns(compiled)] = True
        self._on, self._off = np.zeros_like(self._switch), np.zeros_like(self._switch)

    def numbers(self, slopes: Slopes, values: Floats) -> Iterator[Floats]:
        """Integer values with every switch decided and all else rounded up, or to the nearest number; nothing
        where no plan is left, or no time.
        """
        step = 0
        while (free := self._switch & ~self._on & ~self._off).any():
            lots = slopes.lots(values)
            self._off |= free & (lots <= 0)
            flowing = np.flatnonzero(free & (lots > 0))
            flowing = flowing[np.argsort(-lots[flowing], kind="stable")]
            count = int((lots[flowing] >= WHOLE_LOT).sum()) or (len(flowing) + 1) // 2
            point = self._decided(slopes, flowing[:count])
            if point is None:
                return
            values, slopes, step = point, slopes.scaled(point), step + 1
            tell_more("diving", step=step)
        for whole in (np.ceil(values - ROUNDING), np.round(values)):
            numbers = np.where(self._compiled.whole, whole, values)
            numbers[self._switch] = self._on[self._switch]
            yield numbers

    def _decided(self, slopes: Slopes, batch: Codes) -> Floats | None:
        """The linear plan with as much of the batch on as leaves one."""
        while len(batch) and not is_over(self._deadline):
            self._on[batch] = True
            values = self._linear(slopes)
            if values is not None:
                return values
            self._on[batch] = False
            if len(batch) == 1:
                self._off[batch] = True
            batch = batch[:len(batch) // 2]
        return None if is_over(self._deadline) else self._linear(slopes)

    def _linear(self, slopes: Slopes) -> Floats | None:
        """The linear plan where switches that are on have their true size, and those off let nothing flow."""
        compiled, session = self._compiled, self._session
        lower, upper = compiled.lower.copy(), compiled.upper.copy()
        upper[self._switch] = np.inf
        lower[self._on] = upper[self._on] = 1.0
        upper[self._off] = 0.0
        on = self._on[compiled.rows.matrix.indices[slopes.entries]]
        sized = replace(slopes, maximum=np.where(on, self._true.maximum, slopes.maximum))
        session.change_to(sized.rows(), lower, upper)
        for goal, maximum in self._held:
            session.hold(goal.coefficients, maximum)
        outcome = session.relaxed(self._goal.coefficients, self._goal.constant,
                                  seconds=seconds_left(self._deadline), roughly=True)
        session.pass_on_stop()
        return outcome.values
