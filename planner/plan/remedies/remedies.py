"""The cheapest ways to close a gap among the levers that a scenario has, each proven by solving it again."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from planner.errors import PlanError
from planner.model.objective import goals
from planner.plan.plan import Plan
from planner.plan.remedies.gaps import NOTHING, Gap, demand_gap, order_gap, target_gap
from planner.plan.remedies.levers import Lever, levers_of
from planner.plan.remedies.sizing import Sized, Sizer
from planner.plan.resolving import Resolved, Resolver, side_by_side
from planner.plan.totals import Figures
from planner.scenario.scenario import Scenario
from planner.scenario.whatif.other_figures import NewFigure, overrides_of, plain
from planner.text_cells import plain_texts

MAXIMUM = 10  # remedies that are proven
OF_A_KIND = 3  # levers of one kind that are looked at by themselves: those that could bring most
CLOSED = 1e-6  # share of a gap that is the solver's rounding
ENOUGH = 0.98  # of what a lever was to close: below that, more of it is tried once
MORE = 1.5  # by which factor
NAMED = 2  # levers of one kind in a remedy; of more, their number says enough


@dataclass(frozen=True)
class Use:
    """One lever in a remedy: by how much it changes in each period (blank: throughout), and to what."""

    kind: str
    key: Mapping[str, str]
    words: str
    unit: str
    periods: tuple[str, ...]
    amounts: tuple[float, ...]
    values: tuple[float, ...]
    is_lowered: bool

    @property
    def total(self) -> float:
        """All that is asked for, over all periods."""
        return float(sum(self.amounts))


@dataclass(frozen=True, eq=False)
class Remedy:
    """One way to close a gap, as it came out when the whole plan was solved again with it.

    `closes` of the gap are closed and `left` is left; `figures` are what cost, revenue, service and targets
    are above the plan's. `goods` is what the goods of extra receipts cost beyond the plan's own bill, at
    their source's price. `decide_by` is the first period in which something has to be agreed. `overrides` is
    the what-if: solved, it gives these figures.
    """

    uses: tuple[Use, ...]
    closes: float
    left: float
    figures: Figures
    goods: float
    decide_by: str
    status: str
    gap: float | None
    overrides: Mapping[str, Any]
    resolved: Resolved = field(repr=False)

    @property
    def margin(self) -> float:
        """What it earns in all, the goods of extra receipts paid."""
        return self.figures.margin - self.goods

    @property
    def words(self) -> str:
        """Its levers, as a planner would call them; many of one kind are counted."""
        by_kind: dict[str, list[str]] = {}
        for use in self.uses:
            by_kind.setdefault(use.kind, []).append(use.words)
        return " and ".join(
            " and ".join(words) if len(words) <= NAMED else f"{kind} in {len(words)} places"
            for kind, words in by_kind.items())


@dataclass(frozen=True, eq=False)
class Remedies:
    """What can be done about a gap: the remedies, those that close most of it first, then the cheapest.

    `looked_at` is how many levers the scenario has.
    """

    plan: Plan = field(repr=False)
    gap: Gap
    remedies: tuple[Remedy, ...]
    looked_at: int

    def __iter__(self) -> Iterator[Remedy]:
        return iter(self.remedies)

    def __len__(self) -> int:
        return len(self.remedies)

    def __getitem__(self, place: int) -> Remedy:
        return self.remedies[place]


@plain_texts()
def remedies(plan: Plan, *, target: str | None = None, order: str | None = None, item: str | None = None,
             market: str | None = None, period: str | None = None, scenario: Scenario | None = None,
             maximum: int = MAXIMUM) -> Remedies:
    """The cheapest ways to close one gap of `plan`: a missed `target`, a late `order`, or demand of an
    `item`, `market` and `period` that is lost or late.

    `scenario` is the plan's own where that is not found by itself. `maximum` remedies are proven by solving
    the whole plan again. PlanError says what the plan does not know, with the nearest name.
    """
    resolver = Resolver(plan, scenario)
    gap = gap_of(resolver, target=target, order=order, item=item, market=market, period=period)
    if gap.closable <= NOTHING:
        return Remedies(plan, gap, (), looked_at=0)
    return remedies_of(resolver, gap, maximum=maximum)


def gap_of(resolver: Resolver, *, target: str | None = None, order: str | None = None,
           item: str | None = None, market: str | None = None, period: str | None = None) -> Gap:
    """The gap that is asked about; PlanError where it is not exactly one."""
    kinds = [target is not None, order is not None, any(one is not None for one in (item, market, period))]
    if sum(kinds) != 1:
        raise PlanError("name one gap: a target, an order, or an item, a market and a period")
    if target is not None:
        return target_gap(resolver, target)
    if order is not None:
        return order_gap(resolver, order)
    return demand_gap(resolver, item=item, market=market, period=period)


def remedies_of(resolver: Resolver, gap: Gap, *, maximum: int = MAXIMUM) -> Remedies:
    """The remedies of a gap, proven side by side."""
    compiled, start = resolver.compiled, resolver.start
    ranked = goals(compiled.model, compiled.layout, compiled.costs)
    levers = levers_of(resolver.scenario, compiled, start.values, but=gap.key.get("target", ""))
    sizer = Sizer(compiled, ranked, start, gap=gap, levers=levers)
    tried = _tried(levers, sizer.useful())
    sized = _sized_each(lambda: Sizer(compiled, ranked, start, gap=gap, levers=levers), sizer, tried)
    chosen = _chosen(sized, maximum, _combined(sizer, sized, gap))
    resolver.prepare()
    proven = side_by_side(lambda alike: _proven_each(resolver, gap, alike), _alike(chosen))
    found = [remedy for remedies in proven for remedy in remedies if remedy.closes > NOTHING]
    found.sort(key=lambda one: (round(-one.closes, 3), round(-one.margin, 2), one.words))
    return Remedies(resolver.plan, gap, tuple(found), looked_at=len(levers))


def _tried(levers: Sequence[Lever], useful: Sequence[int]) -> list[list[int]]:
    """The levers that are sized: the strongest of each kind by themselves, and all of a kind together where
    there are more.
    """
    by_kind: dict[str, list[int]] = {}
    for place in useful:
        by_kind.setdefault(levers[place].kind.name, []).append(place)
    tried = [[place] for places in by_kind.values() for place in places[:OF_A_KIND]]
    return [*tried, *(sorted(places) for places in by_kind.values() if len(places) > OF_A_KIND)]


def _sized_each(another: Callable[[], Sizer], sizer: Sizer, tried: Sequence[list[int]]) -> list[Sized]:
    """Each of the levers sized, half of them beside the others."""
    def sized(part: tuple[Sizer | None, Sequence[list[int]]]) -> list[Sized | None]:
        own = part[0] or another()
        return [own.sized(places) for places in part[1]]

    first, second = side_by_side(sized, [(sizer, tried[::2]), (None, tried[1::2])], workers=2)
    found: list[Sized | None] = [None] * len(tried)
    found[::2], found[1::2] = first, second
    return [one for one in found if one is not None]


def _chosen(sized: Sequence[Sized], maximum: int, combined: Sequence[Sized]) -> list[Sized]:
    """Those that close most, with the fewest steps; what several close together, first."""
    order = sorted(sized, key=lambda one: (round(one.left, 3), one.steps, one.levers[0].name))
    distinct = {tuple(lever.name for lever in one.levers): one for one in [*combined, *order]}
    return list(distinct.values())[:maximum]


def _combined(sizer: Sizer, sized: Sequence[Sized], gap: Gap) -> list[Sized]:
    """Several levers together, of whatever kinds, where no other remedy closes the gap."""
    best = min((one.left for one in sized), default=gap.short)
    if best <= gap.unreachable + CLOSED * max(1.0, gap.short):
        return []
    together = sizer.sized(sizer.all_places)
    return [] if together is None or together.left >= best - NOTHING else [together]


def _alike(chosen: Sequence[Sized]) -> list[list[Sized]]:
    """Those that close as much of the gap: most of what comes out is the same, so that one begins where the
    other ended.
    """
    alike: dict[float, list[Sized]] = {}
    for one in chosen:
        alike.setdefault(round(one.left), []).append(one)
    return list(alike.values())


def _proven_each(resolver: Resolver, gap: Gap, alike: Sequence[Sized]) -> list[Remedy]:
    """The remedies that close as much, one after the other."""
    found: list[Remedy] = []
    for sized in alike:
        remedy = _proven(resolver, gap, sized, like=found[-1].resolved if found else None)
        found += [] if remedy is None else [remedy]
    return found


def _proven(resolver: Resolver, gap: Gap, sized: Sized, *, like: Resolved | None) -> Remedy | None:
    """What comes out when the plan is solved again with it; with more of it where that closes less than it
    should.
    """
    remedy = _solved(resolver, gap, sized, like=like)
    aimed = gap.short - max(sized.left, gap.unreachable)
    if remedy is None or remedy.closes >= ENOUGH * aimed:
        return remedy
    larger = replace(sized, amounts=tuple(
        np.minimum(np.ceil(amount * MORE / lever.step) * lever.step, lever.ceiling)
        for lever, amount in zip(sized.levers, sized.amounts, strict=True)))
    again = _solved(resolver, gap, larger, like=remedy.resolved)
    return again if again is not None and again.closes > remedy.closes + NOTHING else remedy


def _solved(resolver: Resolver, gap: Gap, sized: Sized, *, like: Resolved | None) -> Remedy | None:
    figures = [one for lever, amount in zip(sized.levers, sized.amounts, strict=True)
               for one in _new_figures(lever, amount)]
    if not figures:
        return None
    overrides = overrides_of(resolver.scenario, figures)
    if all(lever.kind.widens_rows_only for lever in sized.levers):
        resolved = resolver.solved_within(overrides, _widened(sized), like=like)
    else:
        resolved = resolver.solved(overrides)
    if not resolved.has_plan:
        return None
    left = gap.left(resolved)
    uses = tuple(_use(resolver, lever, amount)
                 for lever, amount in zip(sized.levers, sized.amounts, strict=True))
    return Remedy(uses, closes=gap.short - left, left=left, figures=resolved.difference,
                  goods=sum(_goods(resolver.scenario, lever, amount)
                            for lever, amount in zip(sized.levers, sized.amounts, strict=True)),
                  decide_by=_decide_by(resolver.scenario, sized), status=resolved.status, gap=resolved.gap,
                  overrides=overrides, resolved=resolved)


def _widened(sized: Sized) -> dict[int, float]:
    gains: dict[int, float] = {}
    for lever, amounts in zip(sized.levers, sized.amounts, strict=True):
        for row, gain in lever.widened(amounts).items():
            gains[row] = gains.get(row, 0.0) + gain
    return gains


def _new_figures(lever: Lever, amounts: Any) -> list[NewFigure]:
    """What the scenario says with the lever moved."""
    sign = -1.0 if lever.kind.is_lowered else 1.0
    key = tuple(sorted(lever.key.items()))
    moved: list[NewFigure] = []
    for place in np.flatnonzero(amounts > 0).tolist():
        period, now, amount = lever.periods[place], float(lever.now[place]), float(amounts[place])
        if lever.taken:
            moved += [_figure(lever, key, now - amount, period), _figure(lever, key, amount, period - 1)]
        else:
            moved.append(_figure(lever, key, now + sign * amount, period))
    return moved


def _figure(lever: Lever, key: tuple[tuple[str, str], ...], value: float, period: int) -> NewFigure:
    return NewFigure(lever.kind.table, key, column=lever.kind.column, value=plain(value), period=period)


def _use(resolver: Resolver, lever: Lever, amounts: Any) -> Use:
    calendar = resolver.scenario.calendar
    used = np.flatnonzero(amounts > 0).tolist()
    sign = -1.0 if lever.kind.is_lowered else 1.0
    periods = [lever.periods[place] for place in used]
    unit = lever.kind.unit
    if lever.kind.name == "target":
        targets = resolver.plan.tables["targets"].set_index("target")
        unit = "units" if targets.loc[lever.key["target"], "measure"] == "units" else resolver.plan.currency
    return Use(lever.kind.words, lever.key, words=lever.words, unit=unit,
               periods=tuple(calendar.label(calendar.index[period - 1]) if period else ""
                             for period in periods),
               amounts=tuple(plain(float(amounts[place])) for place in used),
               values=tuple(plain(float(lever.now[place] + sign * amounts[place])) for place in used),
               is_lowered=lever.kind.is_lowered)


def _goods(scenario: Scenario, lever: Lever, amounts: Any) -> float:
    """What extra receipts cost at the cheapest source, where the plan does not pay for them."""
    if lever.kind.name != "receipt":
        return 0.0
    rows = _sources(scenario, lever)
    return float(amounts.sum() * rows["unit_cost"].min())


def _decide_by(scenario: Scenario, sized: Sized) -> str:
    """The first period in which a lever is used, less the time that it takes to come; the first period of
    the plan where that has passed.
    """
    first = scenario.calendar.periods
    for lever, amounts in zip(sized.levers, sized.amounts, strict=True):
        used = [lever.periods[place] for place in np.flatnonzero(amounts > 0).tolist()]
        first = min([first, *(period - _lead_time(scenario, lever) for period in used if period)])
        if 0 in used and lever.kind.name != "ending_stock":
            first = 1
    return scenario.calendar.label(scenario.calendar.index[max(first, 1) - 1])


def _lead_time(scenario: Scenario, lever: Lever) -> int:
    if lever.kind.name == "receipt":
        return int(_sources(scenario, lever)["lead_time"].min())
    return 1 if lever.kind.name == "expedite" else 0


def _sources(scenario: Scenario, lever: Lever) -> pd.DataFrame:
    rows = scenario["sourcing"]
    return rows[(rows["item"] == lever.key["item"]) & (rows["site"] == lever.key["site"])]
