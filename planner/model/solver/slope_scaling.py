"""Finds good whole-number plans quickly, for HiGHS to start from and to prove.

A solver alone finds poor plans where many small switches (setups, orders) and few large ones (shifts) pull on
each other. Three steps find better ones:

1. *Slope scaling.* A switch that costs f and lets x units flow is priced at f / x a unit, with x from the
   last linear plan, until the plan stands still (Kim and Pardalos 1999: a dynamic slope scaling procedure for
   fixed charge problems).
2. *Free the rest.* With the switches fixed where something flows, what is left are the few large whole
   numbers.
3. *Windows.* Most of the plan stays, a small part is re-optimised; the next part follows
   (`planner.model.solver.fix_and_optimize`).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray

from planner.model.big_m import SWITCHES
from planner.model.compiler.compile import Rows
from planner.model.compiler.lookup import Codes, Floats
from planner.model.objective import Goal
from planner.model.solver.deadline import is_over, partway, seconds_left
from planner.model.solver.fix_and_optimize import Point, Windows, periods_of
from planner.model.solver.highs import Session
from planner.model.solver.matrix import Compiled
from planner.model.solver.outcome import Outcome
from planner.model.solver.run import STOPS
from planner.progress import tell_more

SWITCHES_WORTH_SEARCHING = 60  # with fewer the solver is as quick by itself
SLOPE_ROUNDS = 20
# of the time left go into slope scaling at most, and into a first plan
SLOPE_SHARE, ROUNDING_SHARE = 0.5, 0.5
STANDSTILL = 1e-3  # a round of slope scaling that changes the cost by less ends it: a dive takes over
FLOWING = 1e-6
# a switch with fewer of its minimum lots flowing is rounded off
ENOUGH_LOTS = (0.5, 0.8, 1.0, 1.5, 2.5, 5.0, np.inf)
ROUNDING_GAP, ROUNDING_NODES = 5e-3, 200  # windows do the rest better
WORTH_MENTION = 1e-4  # windows that save a smaller share are told together


class Search:
    """One search for a good starting point, on a session of its own."""

    def __init__(
        self,
        compiled: Compiled,
        goal: Goal,
        held: list[tuple[Goal, float]],
        *,
        deadline: float | None,
    ) -> None:
        self._compiled, self.goal, self._held = compiled, goal, held
        self.deadline = deadline
        self._switches = switch_columns(compiled)
        self._whole = np.flatnonzero(compiled.whole).astype(np.int32)
        self._best: Point | None = None
        self.stop: BaseException | None = None

    def start(self) -> Point | None:
        """A good plan, or None when none was found in time; a stop ends the search with the best plan so
        far.
        """
        try:
            lots = self.lots()
            self._best = None if lots is None else self.rounded(lots)
        except STOPS as stop:
            self.stop = stop
        # without a deadline the solver goes on to the gap asked for by itself
        if self._best is None or self.deadline is None or self.stop is not None:
            return self._best
        return self.improved(self._best)

    def improved(self, point: Point) -> Point:
        """What windows make of a plan in time; a stop ends them with the best plan so far."""
        self._best = point
        try:
            return self._improved(point)
        except STOPS as stop:
            self.stop = stop
            return self._best

    def lots(self) -> Floats | None:
        """How many minimum lots flow through each switch in the plan of slope scaling; None where there are
        too few switches to search, or no time.
        """
        scaled = self.scaled()
        return None if scaled is None else scaled.slopes.lots(scaled.values)[self._switches]

    def scaled(self) -> "Scaled | None":
        """The plan of slope scaling; None where there are too few switches to search, or no time."""
        return self._slope_scaling() if len(self._switches) >= SWITCHES_WORTH_SEARCHING else None

    def rounded(self, lots: Floats) -> Point | None:
        """The best plan with switches on where enough flows, or None where none is found in time."""
        return self._rounded(self._session(self._compiled.rows, self._compiled.upper, whole=True), lots)

    @property
    def held(self) -> list[tuple[Goal, float]]:
        """The goals that are not to get worse, each with the maximum of its variable part."""
        return self._held

    @property
    def best(self) -> Point | None:
        """The best plan so far."""
        return self._best

    def _slope_scaling(self) -> "Scaled | None":
        """The linear plan that prices each switch by what flows through it."""
        slopes, lower = Slopes.of(self._compiled).of_one_period(), self._compiled.lower
        upper = self._compiled.upper.copy()
        upper[self._switches] = np.inf
        session = self._session(slopes.rows(), upper, whole=False)
        enough = partway(self.deadline, SLOPE_SHARE)
        last, scaled = np.inf, None
        for number in range(SLOPE_ROUNDS):
            outcome = session.relaxed(
                self.goal.coefficients, self.goal.constant, seconds=self._seconds(), roughly=True
            )
            session.pass_on_stop()
            if outcome.values is None or outcome.objective is None:
                return scaled
            scaled = Scaled(session, slopes, outcome.values)
            tell_more("slope scaling", step=number + 1)
            if abs(last - outcome.objective) <= STANDSTILL * abs(outcome.objective) or is_over(enough):
                break
            last = outcome.objective
            slopes = slopes.scaled(outcome.values)
            session.change_to(slopes.rows(), lower, upper)
            self._hold(session)
        return scaled

    def _rounded(self, session: Session, lots: Floats) -> Point | None:
        """The best plan with switches on where enough flows: what remains are few integer variables.

        Where lots are so tight that no such plan exists, only switches with more flow stay on.
        """
        lower, upper = self._compiled.lower[self._whole], self._compiled.upper[self._whole]
        of_switch = np.isin(self._whole, self._switches)
        for enough in ENOUGH_LOTS:
            flowing = lots[np.searchsorted(self._switches, self._whole[of_switch])]
            on, open_ = flowing >= enough, (flowing > 0) & (self.goal.measure is not None)
            minimum, maximum = lower.copy(), upper.copy()
            minimum[of_switch] = np.where(on, upper[of_switch], 0.0)
            maximum[of_switch] = np.where(on | open_, upper[of_switch], 0.0)
            session.bound(self._whole, minimum, maximum)
            point = _point(self._minimised(session, seconds=self._seconds(share=ROUNDING_SHARE)))
            if point is not None:
                self._tell_point("rounding", point)
                return point
        return None

    def _improved(self, point: Point) -> Point:
        """What windows make of a point, told whenever that is worth a word."""
        told = point.objective
        for better in Windows(self._compiled, self.goal, self._held, deadline=self.deadline).improvements(
            point
        ):
            self._best = point = better
            if told - point.objective > WORTH_MENTION * abs(told):
                told = point.objective
                self._tell_point("windows", point)
        return point

    def _tell_point(self, activity: str, point: Point) -> None:
        tell_more(activity, best=point.objective, sign=self.goal.sign)

    def _minimised(self, session: Session, *, seconds: float | None) -> Outcome:
        outcome = session.minimise(self.goal.coefficients, self.goal.constant, seconds=seconds)
        point = _point(outcome)
        if point is not None and (self._best is None or point.objective < self._best.objective):
            self._best = point
        session.pass_on_stop()
        return outcome

    def _session(self, rows: Rows, upper: Floats, *, whole: bool) -> Session:
        solver = self._compiled.model.scenario.settings.solver
        integral = self._compiled.whole if whole else np.zeros(len(upper), bool)
        session = Session(
            rows,
            self._compiled.lower,
            upper,
            whole=integral,
            threads=solver.threads,
            seed=solver.seed,
            gap=max(solver.gap, ROUNDING_GAP),
            nodes=ROUNDING_NODES,
        )
        self._hold(session)
        return session

    def _hold(self, session: Session) -> None:
        for goal, maximum in self._held:
            session.hold(goal.coefficients, maximum)

    def _seconds(self, share: float = 1.0) -> float | None:
        left = seconds_left(self.deadline)
        return None if left is None else max(share * left, 0.5)


@dataclass(frozen=True)
class Slopes:
    """The rows of a model with each switch's big-M replaced by what flowed through it last."""

    compiled: Compiled
    entries: Codes  # where the entries of switches in their rules stand in the matrix's data
    flow_rows: Codes  # the row of each entry
    minimum: Floats  # the minimum flow of each entry's switch
    maximum: Floats  # what stands for the maximum that may flow

    @classmethod
    def of(cls, compiled: Compiled) -> "Slopes":
        """The rows as the model has them."""
        matrix = compiled.rows.matrix
        row_of = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
        entries, minimum = _switch_entries(compiled, row_of)
        return cls(compiled, entries, row_of[entries], minimum=minimum, maximum=-matrix.data[entries])

    def rows(self) -> Rows:
        """The model's rows with the scaled entries."""
        matrix = self.compiled.rows.matrix.copy()
        matrix.data[self.entries] = -self.maximum
        return replace(self.compiled.rows, matrix=matrix)

    def of_one_period(self) -> "Slopes":
        """Every switch priced by an even share of what may flow until the last period: a first guess of a
        lot.
        """
        last = self.compiled.model.scenario.calendar.periods
        left = last + 1 - periods_of(self.compiled)[self.compiled.rows.matrix.indices[self.entries]]
        return replace(self, maximum=np.maximum(self.maximum / left, self.minimum))

    def scaled(self, values: Floats) -> "Slopes":
        """Every switch priced by what flows through it now; those without flow keep their price."""
        flow = self._flow(values)
        return replace(self, maximum=np.where(flow > FLOWING, np.maximum(flow, self.minimum), self.maximum))

    def lots(self, values: Floats) -> Floats:
        """How many minimum lots flow through each switch; any flow is enough where there is no minimum
        lot.
        """
        maximum = np.zeros(self.compiled.layout.size)
        flow = self._flow(values)
        np.maximum.at(maximum, self.compiled.rows.matrix.indices[self.entries],
                      np.where(flow > FLOWING, flow / np.maximum(self.minimum, FLOWING), 0.0))
        return maximum

    def _flow(self, values: Floats) -> Floats:
        """What flows in the row of each entry of a switch."""
        matrix = self.compiled.rows.matrix
        flows = sparse.csr_array(
            (np.where(matrix.data > 0, matrix.data, 0.0), matrix.indices, matrix.indptr), shape=matrix.shape
        )
        flow: Floats = (flows @ values)[self.flow_rows]
        return flow


@dataclass(frozen=True)
class Scaled:
    """Where slope scaling ended: a linear plan, the slopes that it was priced by, and the session."""

    session: Session
    slopes: Slopes
    values: Floats


def roundings(compiled: Compiled, values: Floats, lots: Floats | None = None) -> Iterator[Floats]:
    """Integer values near those of a plan with fractions, the likeliest first: switches are on where enough
    flows, everything else is rounded up or to the nearest number.
    """
    switches = switch_columns(compiled)
    flowing = Slopes.of(compiled).lots(values)[switches] if lots is None else lots
    for enough in (FLOWING, *ENOUGH_LOTS[:3]) if lots is None else ENOUGH_LOTS[:4]:
        for whole in (np.ceil(values - FLOWING), np.round(values)):
            numbers = np.where(compiled.whole, whole, values)
            numbers[switches] = flowing >= enough
            yield numbers


def switch_columns(compiled: Compiled) -> NDArray[np.int32]:
    """The variables that switch a flow on and off, in order."""
    places = [np.arange(*compiled.layout.place(name).indices(compiled.layout.size)) for name in SWITCHES]
    return np.sort(np.concatenate(places)).astype(np.int32)


def _switch_entries(compiled: Compiled, row_of: Codes) -> tuple[Codes, Floats]:
    """Where the matrix says how much may flow through each switch, and the minimum that must."""
    matrix = compiled.rows.matrix
    flows = np.zeros(compiled.layout.size)
    chosen = np.zeros(matrix.nnz, bool)
    for name, (needed, minimum) in SWITCHES.items():
        place = compiled.layout.place(name)
        of_switch = (matrix.indices >= place.start) & (matrix.indices < place.stop)
        chosen |= of_switch & _in_family(compiled, needed, row_of)
        at_least = of_switch & _in_family(compiled, minimum, row_of)
        flows[matrix.indices[at_least]] = matrix.data[at_least]
    entries = np.flatnonzero(chosen)
    return entries, flows[matrix.indices[entries]]


def _in_family(compiled: Compiled, family: str, row_of: Codes) -> NDArray[np.bool_]:
    place = compiled.rows.families.get(family, slice(0, 0))
    inside: NDArray[np.bool_] = (row_of >= place.start) & (row_of < place.stop)
    return inside


def _point(outcome: Outcome) -> Point | None:
    return (
        None
        if outcome.values is None or outcome.objective is None
        else Point(outcome.values, outcome.objective)
    )
