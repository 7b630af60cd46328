"""The nearest figure in a cell with which a plan exists, all others as they are."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter

import numpy as np
import scipy.sparse as sparse

from planner.model.compiler.compile import Rows
from planner.model.compiler.lookup import Floats
from planner.model.conflicts.elastic import Numbers, Widened, session_of
from planner.model.conflicts.figures import tidied, whole
from planner.model.conflicts.shifts import Shift, freed
from planner.model.solver.matrix import Compiled
from planner.model.solver.outcome import Outcome

MAXIMUM_STEPS = 30  # towards a figure that is multiplied by decisions
NEAR = 1e-9


@dataclass(frozen=True)
class Space:
    """The model in which a figure is sought: rows that may give freely are without limits."""

    compiled: Compiled
    widened: Widened
    until: float

    def without(self, free: Numbers) -> "Space":
        """The same with further rows that give freely."""
        return Space(self.compiled, Widened(freed(self.widened.rows, free), self.widened.upper), self.until)

    def minimised(self, rows: Rows, goal: Floats, *, added: int) -> Outcome:
        """The minimum of a goal over the model's variables and so many added ones."""
        session = session_of(self.compiled, rows, self.widened.upper, added=added)
        outcome = session.minimise(goal, 0.0, seconds=max(self.until - perf_counter(), 0.01))
        session.pass_on_stop()
        return outcome


class Nearest:
    """How far figures have to move, one at a time, in one model with a decision more for each of them."""

    def __init__(self, space: Space, shifts: Sequence[Shift]) -> None:
        """Shifts whose figures multiply decisions are answered, too, each in a model of its own."""
        self._space = space
        self._sides = [(shift, side) for shift in shifts if shift.is_linear and shift.limits.any()
                       for side in ((1.0,) if shift.direction else (1.0, -1.0))]
        rows, size = space.widened.rows, space.compiled.layout.size
        moving = sparse.csc_array((len(rows.upper), 0))
        if self._sides:
            moving = sparse.hstack([_column(shift, -side, len(rows.upper)) for shift, side in self._sides])
        self._columns = np.arange(size, size + len(self._sides), dtype=np.int32)
        matrix = sparse.hstack([rows.matrix, moving]).tocsr()
        self._session = session_of(space.compiled, Rows(matrix, rows.lower, rows.upper), space.widened.upper,
                                   added=len(self._sides))
        self._goal = np.append(np.zeros(size), np.ones(len(self._sides)))

    def steps(self, shift: Shift) -> float | None:
        """How many steps of the shift it takes for a plan to exist, below 0 against its direction; None where
        no number of steps is enough. Raises TooLateError where time is over.
        """
        if not shift.is_linear:
            return _multiplied(self._space, shift)
        if not shift.limits.any():
            return None
        most = np.array([(shift.most if side > 0 else shift.most_down) if other is shift else 0.0
                         for other, side in self._sides])
        session = self._session
        session.bound(self._columns, np.zeros(len(most)), most)
        basis = None if session.has_integers else session.basis()
        if basis is not None:
            session.start_at(basis)
        outcome = session.minimise(self._goal, 0.0, seconds=max(self._space.until - perf_counter(), 0.01))
        session.pass_on_stop()
        if outcome.values is None:
            _expect(outcome)
            return None
        moved = outcome.values[self._columns]
        return float(sum(side * steps for (_, side), steps in zip(self._sides, moved.tolist(), strict=True)))


class TooLateError(Exception):
    """There was no time left to find out."""


def _expect(outcome: Outcome) -> None:
    if outcome.status != "infeasible":
        raise TooLateError


def _column(shift: Shift, side: float, count: int) -> sparse.csc_array:
    return sparse.csc_array((side * shift.limits, (shift.rows, np.zeros(len(shift.rows), int))),
                            shape=(count, 1))


def required_figure(shift: Shift, steps: float) -> float:
    """The figure after so many steps, tidied to the side that does."""
    figure, larger_does = shift.value + steps * shift.step, steps * shift.step > 0
    return whole(figure, larger_does=larger_does) if shift.whole else tidied(figure, larger_does=larger_does)


def _multiplied(space: Space, shift: Shift) -> float | None:
    """The figure multiplies decisions. At each trial the rows keep as far within their limits as they can;
    the same decisions then do with a nearer figure, which is the next trial.
    """
    trial, best = 0.0, None
    for _ in range(MAXIMUM_STEPS):
        values = _farthest_within(space, shift, trial)
        nearest = np.inf if values is None else _steps_needed(space, shift, values)
        if nearest > shift.most:
            if best is not None or trial >= min(shift.most, 2.0 ** 20):
                break
            trial = min(shift.most, max(2.0 * trial, 1.0))
            continue
        if best is not None and nearest >= best - NEAR * max(1.0, best):
            break
        trial = best = nearest
    return best


def _farthest_within(space: Space, shift: Shift, steps: float) -> Floats | None:
    """The decisions with which the rows that the figure sets keep farthest within their limits."""
    rows, count, size = space.widened.rows, len(space.widened.rows.upper), space.compiled.layout.size
    spread = sparse.csr_array((np.ones(len(shift.rows)), (shift.rows, np.arange(len(shift.rows)))),
                              shape=(count, len(shift.rows)))
    upper = rows.upper.copy()
    upper[shift.rows] += steps * shift.limits
    scale = 1.0 + np.abs(upper[shift.rows]).max(initial=0.0)
    upper[shift.rows] -= scale  # what is beyond is 0 or more, and the scale says that the rows are kept
    beyond = sparse.csr_array((np.full(len(shift.rows), -1.0), (shift.rows, np.zeros(len(shift.rows), int))),
                              shape=(count, 1))
    matrix = sparse.hstack([rows.matrix + steps * (spread @ shift.matrix), beyond]).tocsr()
    goal = np.append(np.zeros(size), 1.0)
    outcome = space.minimised(Rows(matrix, rows.lower, upper), goal, added=1)
    if outcome.values is None:
        _expect(outcome)
        return None
    return outcome.values[:size]


def _steps_needed(space: Space, shift: Shift, values: Floats) -> float:
    """How many steps the figure has to move for these decisions to keep the rows that it sets."""
    rows = space.widened.rows
    beyond = rows.matrix[shift.rows] @ values - rows.upper[shift.rows]
    slope = shift.matrix @ values - shift.limits
    with np.errstate(divide="ignore", invalid="ignore"):
        needed = np.where(slope < -NEAR, -beyond / slope, np.where(beyond > NEAR, np.inf, 0.0))
    return max(float(needed.max(initial=0.0)), 0.0)


def nearest_whole(does: Callable[[int], bool], near: int, far: int) -> int | None:
    """The number nearest to `near`, on the way to `far`, that does, where every one farther on does as well;
    None where not even `far` does.
    """
    if not does(far):
        return None
    side = 1 if far > near else -1
    low, high = 0, abs(far - near)  # `low` steps do not do, `high` do
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if does(near + side * middle) else (middle, high)
    return near + side * high
