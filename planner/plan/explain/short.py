"""What is late or lost, line by line, and what stands in the way of each."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from planner.plan.explain.asked import Asked
from planner.plan.explain.reach import Reach, Reached
from planner.plan.explain.room import FROZEN, Room, Stop
from planner.plan.explain.ways import Ways
from planner.plan.plan import Plan
from planner.plan.prices import service_prices
from planner.plan.rates import Rates
from planner.scenario.scenario import Scenario
from planner.scenario.scope import covered

NOTHING = 0.005  # units that are the solver's rounding
PRICED = 1e-6  # a price below this is none
LINE = ["item", "market", "demand_class", "priority"]
FATES = ["delivered_on_time", "delivered_late", "lost"]


@dataclass(frozen=True)
class Short:
    """Demand of one line and due period that is late or lost.

    `stops` are the limits that have to give way for it, `also_full` others on the ways to it that are full
    and would not help alone.
    """

    item: str
    market: str
    demand_class: str
    priority: int
    due: int
    late: float
    lost: float
    reached: Reached
    stops: frozenset[Stop]
    also_full: frozenset[Stop]

    @property
    def units(self) -> float:
        """Units late or lost."""
        return self.late + self.lost


@dataclass(frozen=True)
class Causes:
    """A plan and its scenario, ready to be asked why."""

    plan: Plan
    scenario: Scenario

    @cached_property
    def rates(self) -> Rates:
        """The scenario's figures."""
        return Rates(self.scenario)

    @cached_property
    def room(self) -> Room:
        """What is left of every limit."""
        return Room(self.plan, self.rates)

    @cached_property
    def ways(self) -> Ways:
        """Every way to every place."""
        return Ways(self.rates)

    @cached_property
    def reach(self) -> Reach:
        """What could have come beside what does."""
        return Reach(self.ways, self.room)

    @cached_property
    def by_time(self) -> Reach:
        """What could come if only lead times counted."""
        return Reach(self.ways, self.room, by_time_alone=True)

    def short(self, asked: Asked) -> list[Short]:
        """What is late or lost of what is asked about, the largest first."""
        number = self.scenario.calendar.number
        rows = self._rows(asked)
        rows = rows.assign(due=number(rows["due"]))
        lines = rows.groupby([*LINE, "due"], as_index=False)[FATES].sum()
        lines = lines[lines["delivered_late"] + lines["lost"] > NOTHING]
        lines_short = [self._short(row) for row in lines.to_dict("records")]
        return sorted(lines_short, key=lambda one: (-one.units, one.item, one.market, one.due))

    def _rows(self, asked: Asked) -> pd.DataFrame:
        """The rows of fulfillment that are asked about; a period is the one in which demand is due, and what
        is overdue when the plan starts belongs to its first.
        """
        rows = self.plan.tables["fulfillment"]
        names = {"item": asked.item, "market": asked.market, "order": asked.order, "customer": asked.customer}
        for column, name in names.items():
            rows = rows if name is None else rows[rows[column] == name]
        if asked.period is not None:
            rows = rows[rows["due"].where(rows["due"] >= self.plan.calendar.start,
                                          self.plan.calendar.start) == asked.period]
        return rows if asked.target is None else rows[self.counts_for(rows, asked.target)]

    def counts_for(self, rows: pd.DataFrame, target: str) -> pd.Series:
        """Which rows count towards a target."""
        targets = self.scenario["sales_targets"].set_index("target", drop=False)
        span = self.plan.tables["targets"].set_index("target").loc[target]
        inside = rows["period"].between(span["from"], span["to"])
        return inside & covered(targets.loc[target].to_dict(), self.scenario.groups.of(rows))

    def _short(self, row: dict[object, object]) -> Short:
        item, market, due = str(row["item"]), str(row["market"]), int(str(row["due"]))
        demand_class, priority = str(row["demand_class"]), int(str(row["priority"]))
        reached = self.reach.market(item, market, max(due, 1))
        priced = self._priced(demand_class, priority)
        stops = frozenset(stop for stop in reached.stops if _key(stop) in priced) if priced else reached.stops
        chosen = stops or reached.stops
        return Short(item=item, market=market, demand_class=demand_class, priority=priority, due=due,
                     late=float(str(row["delivered_late"])), lost=float(str(row["lost"])),
                     reached=reached, stops=chosen,
                     also_full=reached.stops - chosen)

    def _priced(self, demand_class: str, priority: int) -> frozenset[tuple[str, int, tuple[str, ...]]]:
        """The limits that have a price in the passes in which this demand is lost or late."""
        what = "booked orders" if demand_class == "booked" else "remaining demand"
        names = (f"{what} lost, priority {priority}", f"{what} late, priority {priority}")
        return frozenset().union(*(self._prices_by_pass.get(name, frozenset()) for name in names))

    @cached_property
    def _prices_by_pass(self) -> dict[str, frozenset[tuple[str, int, tuple[str, ...]]]]:
        prices = service_prices(self.plan)
        is_frozen = prices["constraint"].isin(FROZEN.values())  # one more unit agreed on serves so many
        serves = prices["shadow_price"].mask(is_frozen, -prices["shadow_price"])
        prices = prices[serves > PRICED]
        number = self.scenario.calendar.number(prices["period"])
        numbered = prices.assign(number=number)
        return {str(name): frozenset(_keys_of(rows)) for name, rows in numbered.groupby("pass")}

    def earliest(self, item: str, market: str, *, after: int) -> int | None:
        """The first period from then on in which one more unit could be at the market; None: not in the
        plan.
        """
        return next((period for period in range(max(after, 1), self.rates.last + 1)
                     if self.reach.market(item, market, period).is_open), None)

    def earliest_by_time(self, item: str, market: str) -> int | None:
        """The first period in which a unit could be at the market if only lead times counted."""
        return next((period for period in range(1, self.rates.last + 1)
                     if self.by_time.market(item, market, period).is_open), None)


NAMES = ("item", "site", "supplier", "routing", "work_center", "labor_pool", "origin", "destination", "mode")


def _key(stop: Stop) -> tuple[str, int, tuple[str, ...]]:
    return stop.constraint, stop.period, tuple(stop.key(name) for name in NAMES)


def _keys_of(prices: pd.DataFrame) -> Iterable[tuple[str, int, tuple[str, ...]]]:
    cells = prices[list(NAMES)].astype(object)
    rows = zip(prices["constraint"], prices["number"], cells.itertuples(index=False), strict=True)
    for constraint, period, names in rows:
        yield str(constraint), int(period), tuple(str(name) for name in names)
