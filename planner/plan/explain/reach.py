"""Whether one more unit could have come to a place by a period, and if not, every limit that stands in its
way.

A unit comes by any of its ways; a way needs all of its limits and goods. What can be there in a period can
have been there before and been kept. So a place is closed where every way to it is, and what closes it are
the limits without room on each: none of them is named that is on no way to the unit.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from planner.plan.explain.room import LEAD_TIME, NO_WAY, SMALL, Room, Stop, stop_of
from planner.plan.explain.ways import Way, Ways

# What stops a unit in an earlier period and says nothing of the period asked about.
OF_ITS_PERIOD = (LEAD_TIME, NO_WAY, "ending_inventory")
UNIT = 1.0  # of which there must be room: what is left in a plan may be less than one


@dataclass(frozen=True)
class Reached:
    """Whether a unit can be there, at what cost, and what stops it if not."""

    is_open: bool
    cost: float = 0.0
    stops: frozenset[Stop] = frozenset()


@dataclass(frozen=True)
class Along:
    """Whether a unit can come along one way: what stops it are limits of its own and those of its goods."""

    is_open: bool
    cost: float = 0.0
    own: frozenset[Stop] = frozenset()
    goods: frozenset[Stop] = frozenset()


@dataclass(frozen=True)
class Reach:
    """What can be reached in a plan beside what it does.

    `by_time_alone` leaves out all limits: only lead times count.
    """

    ways: Ways
    room: Room
    by_time_alone: bool = False
    _known: dict[tuple[str, str, int], Reached] = field(default_factory=dict)
    _tentative: dict[tuple[str, str, int], Reached] = field(default_factory=dict)
    _asked: set[tuple[str, str, int]] = field(default_factory=set)
    _circles: set[tuple[str, str, int]] = field(default_factory=set)

    def market(self, item: str, market: str, period: int) -> Reached:
        """Whether one more unit could arrive at a market in a period."""
        ways = self.ways.to(item, market, period)
        for way in ways:  # every stock from the first period on, so that nothing goes deep
            for goods, site, start, _ in way.goods:
                self.stock(goods, site, start)
        return self._any(ways, item, market, period=period)

    def stock(self, item: str, site: str, period: int) -> Reached:
        """Whether one more unit could be taken from a stock in a period, without anybody else's."""
        for earlier in range(1, period):
            self._looked_up((item, site, earlier))
        return self._looked_up((item, site, period))

    def _looked_up(self, key: tuple[str, str, int]) -> Reached:
        """What was found of a stock before, or is found now; a circle of lanes brings nothing."""
        earlier = self._known.get(key) or self._tentative.get(key)
        if earlier is not None:
            return earlier
        if key in self._asked:
            self._circles.add(key)
            return Reached(False)
        self._asked.add(key)
        reached = self._in_stock(*key)
        self._asked.discard(key)
        self._circles.discard(key)
        # within a circle, what is closed was looked at without one of its ways
        (self._known if reached.is_open or not self._circles else self._tentative)[key] = reached
        if not self._asked:
            self._tentative.clear()
        return reached

    def _in_stock(self, item: str, site: str, period: int) -> Reached:
        free, reserved = self._free(item, site, period)
        if free >= UNIT and not self.by_time_alone:
            return Reached(True)
        came = self._any(self.ways.to(item, site, period), item, site, period=period)
        if came.is_open:
            return came
        before = self._kept_from_before(item, site, period)
        if before.is_open:
            return before
        return Reached(False, stops=came.stops | before.stops | frozenset(reserved))

    def _kept_from_before(self, item: str, site: str, period: int) -> Reached:
        """A unit that was there a period earlier and is kept, where there is room for it."""
        if period <= 1:
            return Reached(False)
        shelves = (stop_of("max_inventory", {"item": item, "site": site}, period - 1),
                   stop_of("storage_capacity", {"site": site}, period - 1))
        full = [stop for stop in shelves if not self._has_room(stop, SMALL)]
        if full:
            return Reached(False, stops=frozenset(full))
        before = self._looked_up((item, site, period - 1))
        earlier = frozenset(stop for stop in before.stops if stop.constraint not in OF_ITS_PERIOD)
        return Reached(before.is_open, before.cost, earlier)

    def _any(self, ways: Iterable[Way], item: str, place: str, *, period: int) -> Reached:
        """The cheapest open way; where none is open, everything that closes one.

        Where goods alone are missing on one way, nothing else is asked of the others: once the goods were
        there, that way would be open.
        """
        reached = [self.along(way) for way in ways]
        if not reached:
            return Reached(False, stops=frozenset([stop_of(NO_WAY, {"item": item, "site": place}, period)]))
        open_ways = [one for one in reached if one.is_open]
        if open_ways:
            return min((Reached(True, one.cost) for one in open_ways), key=lambda one: one.cost)
        goods_alone = any(not one.own for one in reached)
        parts = [one.goods if goods_alone else one.own | one.goods for one in reached]
        return Reached(False, stops=frozenset().union(*parts))

    def along(self, way: Way) -> "Along":
        """Whether a unit can come along a way: all that it takes is there."""
        if way.too_late is not None:
            return Along(False, own=frozenset([way.too_late]))
        full = frozenset(stop for stop, amount in way.limits if not self._has_room(stop, amount * UNIT))
        goods = [(amount, self._looked_up((item, site, period))) for item, site, period, amount in way.goods]
        missing = frozenset().union(*(one.stops for _, one in goods if not one.is_open))
        if full or not all(one.is_open for _, one in goods):
            return Along(False, own=full, goods=missing)
        return Along(True, way.unit_cost + sum(amount * one.cost for amount, one in goods))

    def _has_room(self, stop: Stop, amount: float) -> bool:
        return self.by_time_alone or self.room.use(stop).left >= amount - SMALL

    def _free(self, item: str, site: str, period: int) -> tuple[float, list[Stop]]:
        """Units in stock that nobody needs later, and what keeps the rest: the stock asked for at the end."""
        closing = self._closing.get((item, site))
        if closing is None:
            return 0.0, []
        left = float(closing[period - 1:].min())
        reserved = self._ending.get((item, site), 0.0)
        spare = min(left, float(closing[-1]) - reserved)
        stop = stop_of("ending_inventory", {"item": item, "site": site}, len(closing))
        return spare, [stop] if reserved > 0 and left >= UNIT and spare < UNIT else []

    @cached_property
    def _closing(self) -> dict[tuple[str, str], NDArray[np.float64]]:
        stocks = self.room.table("inventory").sort_values("period")
        return {(str(item), str(site)): rows["closing"].to_numpy(dtype=float)
                for (item, site), rows in stocks.groupby(["item", "site"])}

    @cached_property
    def _ending(self) -> dict[tuple[str, str], float]:
        states = self.room.rates.scenario.states("inventory")
        states = states[states["ending_inventory"].fillna(0.0) > 0]
        return dict(zip(zip(states["item"], states["site"], strict=True),
                        states["ending_inventory"].astype(float), strict=True))
