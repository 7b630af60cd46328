"""One linear plan solved again and again with other figures, each time from where its own solve ended.

The session lives on, and every goal but the last has a row in it: open until its turn has come, then held
at what was reached. So the basis at which the plan ended a pass fits that pass of every what-if. Many passes
need no solver at all: the prices with which the plan ended a pass say what no plan of the what-if can beat
(weak duality; Bertsimas and Tsitsiklis, Introduction to Linear Optimization, theorem 4.3), and where the
point that stands attains it, the pass is done, with proof.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import highspy
import numpy as np

from planner.errors import InfeasibleError, NoPlanError
from planner.model.compiler.lookup import Floats
from planner.model.objective import Goal, goals
from planner.model.solution import Pass
from planner.model.solver.highs import Session
from planner.model.solver.in_order import held_at
from planner.model.solver.matrix import Compiled, open_session
from planner.model.solver.outcome import NOT_BEGUN, Outcome
from planner.model.solver.passes import Reached
from planner.model.solver.warm_start import WarmStart

ATTAINED = 1e-8  # of a goal's value, 1 at least: closer to what cannot be beaten is rounding
FEASIBLE = 1e-7  # of a limit, 1 at least: HiGHS' own tolerance
Prices = tuple[Floats | None, ...]


class WhatIfs:
    """A plan's model in a session of its own. One what-if is solved at a time; what comes out does not depend
    on those before it.
    """

    def __init__(self, compiled: Compiled, start: WarmStart, *, prices: Prices | None = None) -> None:
        """`start` is where the solve of the model ended; `prices` are those of another session of it."""
        self.compiled, self.start = compiled, start
        self.goals = goals(compiled.model, compiled.layout, compiled.costs)
        self.session: Session = open_session(compiled)
        for goal in self.goals[:-1]:
            self.session.hold(goal.coefficients, np.inf)
        last = len(self.goals) - 1
        self._bases = [_with_open_rows(basis, last - place) for place, basis in enumerate(start.bases)]
        self.prices: Prices = self._own_prices() if prices is None else prices

    def fits(self, compiled: Compiled) -> bool:
        """Whether the other model differs in figures alone, and not in what its goals but the last count."""
        mine, other = self.compiled, compiled
        if other.rows.matrix is mine.rows.matrix:
            return True
        ranked = goals(other.model, other.layout, other.costs)
        return (other.layout.sizes == mine.layout.sizes and other.rows.families == mine.rows.families
                and np.array_equal(other.rows.matrix.indptr, mine.rows.matrix.indptr)
                and np.array_equal(other.rows.matrix.indices, mine.rows.matrix.indices)
                and [goal.name for goal in ranked] == [goal.name for goal in self.goals]
                and all(np.array_equal(one.coefficients, two.coefficients) and one.constant == two.constant
                        for one, two in zip(ranked[:-1], self.goals[:-1], strict=True)))

    def solved(self, compiled: Compiled, *, near: "Near | None" = None) -> "Near":
        """The best point of a model that fits, by its goals in order, each proven. `near` is where a similar
        model led to.

        InfeasibleError says that no plan keeps every hard limit, NoPlanError that the solver failed; a stop
        comes out as it is.
        """
        ranked = (self.goals if compiled is self.compiled
                  else goals(compiled.model, compiled.layout, compiled.costs))
        self.session.move_to(compiled.rows, compiled.lower, compiled.upper)
        try:
            walk = Walk.through(compiled, ranked, self.start.values)
            try:
                return self._walked(walk, near, trusts=True)
            except InfeasibleError:
                if not walk.has_trusted:
                    raise
            self._open()
            return self._walked(Walk.through(compiled, ranked, self.start.values), near, trusts=False)
        finally:
            self._open()

    def _walked(self, walk: "Walk", near: "Near | None", *, trusts: bool) -> "Near":
        passes, prices, bases, outcome = [], [], [], NOT_BEGUN
        for place, goal in enumerate(walk.ranked):
            bound, of_bound = self._bound(walk, place, near)
            outcome = (self._attained(walk, place, bound, of_bound)
                       or (self._trusted(walk, place, bound, of_bound, near) if trusts else None)
                       or self._solved(walk, place, near))
            assert outcome.objective is not None
            passes.append(Pass(goal.name, outcome.objective, outcome.bound, gap=0.0, seconds=outcome.seconds))
            prices.append(outcome.row_duals)
            bases.append(self.session.basis() if outcome.seconds > 0 else None)
            if place < len(walk.held):
                walk.held[place] = held_at(goal, outcome.objective)
                self.session.hold_at(place, walk.held[place])
        named = tuple((goal.name, duals) for goal, duals in zip(walk.ranked[:-1], prices, strict=False)
                      if duals is not None)
        return Near(Reached(outcome, tuple(passes), named), tuple(prices), tuple(bases))

    def _bound(self, walk: "Walk", place: int, near: "Near | None") -> tuple[float, Floats | None]:
        """What no plan can be better than by the goal at a place, and the prices that prove it."""
        every = [self.prices[place], *([] if near is None else [near.prices[place]])]
        return max(((walk.bound(place, prices), prices) for prices in every), key=lambda pair: pair[0])

    def _attained(self, walk: "Walk", place: int, bound: float, prices: Floats | None) -> Outcome | None:
        """The point that stands, where it is proven that none is better by this goal."""
        if walk.values is None:
            return None
        value = walk.ranked[place].value(walk.values)
        if value > bound + ATTAINED * max(1.0, abs(bound)):
            return None
        reached = value if place == len(walk.held) else min(value, bound)
        return replace(NOT_BEGUN, status="optimal", objective=reached, bound=min(bound, reached),
                       values=walk.values, row_duals=prices)

    def _trusted(self, walk: "Walk", place: int, bound: float, prices: Floats | None,
                 near: "Near | None") -> Outcome | None:
        """That the goal reaches what it cannot be better than, where the plan or the similar model reaches
        just that: held at it, the next solve is the proof, or finds nothing. The last goal is always solved.
        """
        goal = walk.ranked[place]
        others = [goal.value(self.start.values),
                  *([] if near is None else [near.reached.passes[place].objective])]
        is_likely = any(abs(bound - other) <= ATTAINED * max(1.0, abs(bound)) for other in others)
        if place == len(walk.held) or not is_likely or not np.isfinite(bound):
            return None
        walk.values, walk.has_trusted = None, True
        return replace(NOT_BEGUN, status="optimal", objective=bound, bound=bound, row_duals=prices)

    def _solved(self, walk: "Walk", place: int, near: "Near | None" = None) -> Outcome:
        goal = walk.ranked[place]
        basis = self._bases[place] if place < len(self._bases) else None
        if near is not None and near.bases[place] is not None:
            basis = near.bases[place]
        if basis is not None:
            self.session.start_at(basis)
        outcome = self.session.minimise(goal.coefficients, goal.constant, seconds=None)
        self.session.pass_on_stop()
        if outcome.status == "infeasible":
            raise InfeasibleError("no plan satisfies every hard limit")
        if outcome.status != "optimal" or outcome.values is None:
            raise NoPlanError(f"the solver ended with status {outcome.status} while minimising {goal.name}")
        walk.values = outcome.values
        return outcome

    def _own_prices(self) -> Prices:
        """The prices of all rows, held ones last, with which the plan ended each pass; None of a pass that
        no plan can better, since it counts what cannot fall below 0.
        """
        walk, found = Walk.through(self.compiled, self.goals, self.start.values), []
        for place, goal in enumerate(self.goals):
            outcome = self._attained_at_zero(walk, place) or self._solved(walk, place)
            assert outcome.objective is not None
            found.append(outcome.row_duals)
            if place < len(self.goals) - 1:
                self.session.hold_at(place, held_at(goal, outcome.objective))
        self._open()
        return tuple(found)

    def _attained_at_zero(self, walk: "Walk", place: int) -> Outcome | None:
        """The plan's own point where the goal is 0 there, and cannot be less."""
        goal = walk.ranked[place]
        if goal.constant or (goal.coefficients < 0).any() or goal.value(self.start.values) > ATTAINED:
            return None
        return replace(NOT_BEGUN, status="optimal", objective=0.0, bound=0.0, values=self.start.values)

    def _open(self) -> None:
        """No goal is held."""
        for place in range(len(self.goals) - 1):
            self.session.hold_at(place, np.inf)


@dataclass(frozen=True)
class Near:
    """Where a what-if led to, for a similar one to begin there: the prices and the basis of each pass, None
    where it needed none.
    """

    reached: Reached
    prices: Prices
    bases: tuple[Any, ...]


@dataclass
class Walk:
    """One way through the goals: the point that stands, none where the plan's own is not possible, and the
    values at which goals are held so far (inf: not held). `has_trusted` says that some goal is held at a
    value that no point has been seen to reach.
    """

    compiled: Compiled
    ranked: Sequence[Goal]
    held: Floats
    values: Floats | None
    has_trusted: bool = False

    @classmethod
    def through(cls, compiled: Compiled, ranked: Sequence[Goal], values: Floats) -> "Walk":
        """The way through a model's goals, from these values where they keep all of its limits."""
        rows = compiled.rows
        activity = rows.matrix @ values
        inside = (_within(activity, rows.lower, rows.upper)
                  and _within(values, compiled.lower, compiled.upper))
        held = np.full(len(ranked) - 1, np.inf)
        return cls(compiled, ranked, held, values=values if inside else None)

    def bound(self, place: int, prices: Floats | None) -> float:
        """What the goal at the place cannot fall below, by prices of the rows: of any, this is a bound.

            sum over rows: price * limit + sum over variables: reduced cost * bound + constant
        """
        goal, rows = self.ranked[place], self.compiled.rows
        if prices is None:
            negative = goal.constant or (goal.coefficients < 0).any()
            return -np.inf if negative else 0.0
        own, of_held = prices[:len(rows.upper)], prices[len(rows.upper):]
        reduced = goal.coefficients - rows.matrix.T @ own
        for earlier in np.flatnonzero(of_held).tolist():
            reduced = reduced - of_held[earlier] * self.ranked[earlier].coefficients
        value = (goal.constant + _least(own, rows.lower, rows.upper)
                 + _least(of_held, np.full(len(self.held), -np.inf), self.held)
                 + _least(reduced, self.compiled.lower, self.compiled.upper))
        return value if goal.constant or (goal.coefficients < 0).any() else max(value, 0.0)


def _least(prices: Floats, lower: Floats, upper: Floats) -> float:
    """The minimum of prices @ amounts with the amounts within their limits; a price that is rounding counts
    nothing where its limit is without end.
    """
    limit = np.where(prices > 0, lower, upper)
    endless = ~np.isfinite(limit) & (prices != 0)
    if np.any(np.abs(prices[endless]) > FEASIBLE):
        return -np.inf
    return float(prices[~endless & (prices != 0)] @ limit[~endless & (prices != 0)])


def _within(values: Floats, lower: Floats, upper: Floats) -> bool:
    room = [FEASIBLE * np.maximum(1.0, np.where(np.isfinite(limit), np.abs(limit), 0.0))
            for limit in (lower, upper)]
    return bool(np.all(values >= lower - room[0]) and np.all(values <= upper + room[1]))


def _with_open_rows(basis: Any, rows: int) -> Any:
    """The basis with further rows that do not bind."""
    if basis is None:
        return None
    wide = highspy.HighsBasis()
    wide.col_status = basis.col_status
    wide.row_status = [*basis.row_status, *[highspy.HighsBasisStatus.kBasic] * rows]
    wide.valid = True
    return wide
