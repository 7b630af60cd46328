"""What can be promised to an inquiry: when, at what cost, at whose expense, and is it worth winning."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from planner.linear_algebra import one_thread
from planner.plan.plan import Plan
from planner.plan.promise.ground import Ground
from planner.plan.promise.levels import ANYTHING, DEMAND, LEVELS, NOTHING, Levels
from planner.plan.promise.placement import Placement, placement
from planner.plan.promise.room import ground_of
from planner.plan.resolving import Resolver, side_by_side
from planner.scenario.inquiries import Inquiry, Line

TRIES = 3  # periods in which a plan is searched for in whole numbers, for each date


@dataclass(frozen=True)
class Date:
    """The first period in which something can be had; `period` is None where it cannot within the plan.

    `bound` is the first period that is not proven impossible: where that is an earlier one, the date is not
    proven to be the first.
    """

    period: int | None
    bound: int | None

    @property
    def is_proven(self) -> bool:
        """Whether no earlier period is left open."""
        return self.period == self.bound


@dataclass(frozen=True, eq=False)
class Promise:
    """The answer to an inquiry. The plan is not changed by it.

    `undisturbed` is the first period from the due one on in which it can be delivered whole and nobody gets
    less or later; `earliest` the first in which no booked order and no sales target does; `possible` the
    first in which it can be at all. `at_due` is the plan with it in the period asked for, None where that
    cannot be; `at_earliest` the same at the earliest date, where that is a later one.
    """

    plan: Plan = field(repr=False)
    inquiry: Inquiry
    undisturbed: Date
    earliest: Date
    possible: Date
    at_due: Placement | None
    at_earliest: Placement | None
    expected: float
    served: bool

    @property
    def due(self) -> str:
        """The period asked for."""
        return self.label(self.inquiry.due)

    @property
    def is_on_time(self) -> bool:
        """Whether it can be delivered when it is due and nothing that is promised is hurt."""
        return self.earliest.period == self.inquiry.due

    @property
    def best(self) -> Placement | None:
        """The plan with it at the earliest date, else in the period asked for."""
        return self.at_due if self.is_on_time or self.at_earliest is None else self.at_earliest

    @property
    def is_proven(self) -> bool:
        """Whether every date and cost of the answer is proven, and the plan is that it starts from."""
        placed = [one for one in (self.at_due, self.at_earliest) if one is not None]
        dates = (self.undisturbed, self.earliest, self.possible)
        return (self.plan.is_proven and all(one.is_proven for one in dates)
                and all(one.status == "optimal" for one in placed))

    def label(self, period: int) -> str:
        """A period as people write it."""
        return self.plan.calendar.label(self.plan.calendar.index[period - 1])


@dataclass(frozen=True, eq=False)
class Promises:
    """The answers to inquiries, in the order in which these were asked; each as if it were the only one."""

    plan: Plan = field(repr=False)
    promises: tuple[Promise, ...]

    def __iter__(self) -> Iterator[Promise]:
        return iter(self.promises)

    def __len__(self) -> int:
        return len(self.promises)

    def __getitem__(self, place: int) -> Promise:
        return self.promises[place]


def promises_of(resolver: Resolver, inquiries: Sequence[Inquiry], *,
                workers: int | None = None) -> Promises:
    """The answer to each inquiry, as if it were the only one, side by side."""
    resolver.prepare()
    ground = ground_of(resolver, inquiries)
    with one_thread():
        desk = Desk(resolver, ground, inquiries)
        return Promises(resolver.plan, tuple(side_by_side(desk.answer, list(inquiries), workers=workers)))


class Desk:
    """Answers inquiries with the levels of one ground."""

    def __init__(self, resolver: Resolver, ground: Ground, inquiries: Sequence[Inquiry]) -> None:
        self._resolver, self._ground = resolver, ground
        self._levels = Levels(ground, resolver.plan)
        ground.look_up_prices(inquiries)
        _ = ground.goals, ground.lines, ground.states, ground.arrivals, ground.forecast_lines, ground.targets
        _ = ground.rates, self._before  # made once, before threads ask

    @cached_property
    def _before(self) -> dict[str, Any]:
        return {level: self._levels.unchanged(level) for level in LEVELS}

    def answer(self, inquiry: Inquiry) -> Promise:
        """What can be promised to the inquiry."""
        due, last = inquiry.due, self._ground.scenario.calendar.periods
        at_due, level = None, ""
        for level in LEVELS:
            at_due = self._placed(level, inquiry, due)
            if at_due is not None:
                break
        reached = LEVELS.index(level) if at_due is not None else len(LEVELS)
        later = range(due + 1, last + 1)
        at_once = Date(due, due)
        possible = at_once if reached < len(LEVELS) else self._first(ANYTHING, inquiry, later)
        earliest, placed = at_once, None
        if reached > LEVELS.index(DEMAND):
            earliest, placed = self._earliest(inquiry, _from(later, possible))
        undisturbed = at_once
        if reached > LEVELS.index(NOTHING):
            undisturbed = self._first(NOTHING, inquiry, _from(later, earliest))
        return Promise(
            self._resolver.plan, inquiry, undisturbed=undisturbed, earliest=earliest, possible=possible,
            at_due=at_due, at_earliest=placed, expected=sum((inquiry.expected or {}).values()),
            served=self._is_served(inquiry))

    def _earliest(self, inquiry: Inquiry, later: Iterable[int]) -> tuple[Date, Placement | None]:
        date = self._first(DEMAND, inquiry, later)
        return date, None if date.period is None else self._placed(DEMAND, inquiry, date.period)

    def _first(self, level: str, inquiry: Inquiry, periods: Iterable[int]) -> Date:
        """The first of the periods in which the inquiry can be delivered at the level."""
        bound, tries = None, 0
        for period in periods:
            change = self._ground.change(inquiry, period)
            if not self._levels.is_possible(level, change):
                continue
            bound = period if bound is None else bound
            if not self._levels.has_integers:
                return Date(period, bound)
            if tries == TRIES:
                break
            tries += 1
            solved = self._levels.solved(level, change)
            if solved is not None:
                return Date(period, period)
        return Date(None, bound if tries == TRIES else None)

    def _placed(self, level: str, inquiry: Inquiry, period: int) -> Placement | None:
        change = self._ground.change(inquiry, period)
        solved = self._levels.solved(level, change)
        if solved is None:
            return None
        return placement(self._ground, inquiry, period, solved=solved, before=self._before[level],
                         change=change, demand=self._resolver.demand)

    def _is_served(self, inquiry: Inquiry) -> bool:
        """Whether anything can arrive at the market, of every line in any period."""
        periods = range(inquiry.due, self._ground.scenario.calendar.periods + 1)
        return all(any(self._has_shipments(line, period) for period in periods) for line in inquiry.lines)

    def _has_shipments(self, line: Line, period: int) -> bool:
        matrix, place = self._ground.compiled.rows.matrix, self._ground.compiled.layout.place("shipped")
        row = self._ground.arrivals[line.item, line.market, period]
        columns = matrix.indices[matrix.indptr[row]:matrix.indptr[row + 1]]
        return bool(((columns >= place.start) & (columns < place.stop)).any())


def _from(later: range, date: Date) -> range:
    """The periods from the first that the date leaves open; none where it leaves none."""
    first = date.bound if date.period is None else date.period
    return range(0) if first is None else range(max(first, later.start), later.stop)
