"""Ways beside the ones that are full: those with room, which cost more, and when a unit could come at all."""

from collections.abc import Iterator
from itertools import islice

import pandas as pd

from planner.figures import one
from planner.naming import listed, spelled
from planner.plan.explain.reach import Along
from planner.plan.explain.room import LEAD_TIME
from planner.plan.explain.short import Causes, Short
from planner.plan.explain.ways import Way
from planner.plan.statement import Statement

MAXIMUM_ALTERNATIVES = 3
Place = tuple[str, str, int]


def alternative_statements(causes: Causes, short: Short) -> list[Statement]:
    """Where one way is full on the way to what is short, and another has room: it costs more, and is not what
    holds the unit back.
    """
    return list(islice(_alternatives(causes, short), MAXIMUM_ALTERNATIVES))


def _alternatives(causes: Causes, short: Short) -> Iterator[Statement]:
    start = (short.item, short.market, max(short.due, 1))
    visited: set[Place] = set()
    waiting = [start]
    while waiting:
        place = waiting.pop(0)
        if place in visited:
            continue
        visited.add(place)
        ways = [(way, causes.reach.along(way)) for way in causes.ways.to(*place)]
        yield from _beside(causes, place, ways)
        waiting += [(item, site, period) for way, _ in ways for item, site, period, _ in way.goods]


def _beside(causes: Causes, place: Place, ways: list[tuple[Way, Along]]) -> Iterator[Statement]:
    """That some ways to a place are full and another is not."""
    full = [way for way, along in ways if along.own and way.too_late is None]
    with_room = [way for way, along in ways if along.is_open]
    if not full or not with_room:
        return
    way = min(with_room, key=lambda one: (one.unit_cost, one.name))
    item, site, period = place
    cheaper = [one for one in full if one.unit_cost < way.unit_cost]
    if not cheaper:
        return
    more = way.unit_cost - min(one.unit_cost for one in cheaper)
    label = causes.plan.calendar.label(causes.scenario.calendar.index[period - 1])
    money = one(more, "currency", currency=causes.plan.currency)
    names = listed([_way_in_words(one) for one in cheaper])
    are = "is" if len(cheaper) == 1 else "are"
    text = (f"{item} in {spelled(site)} does not hold it back: {names} {are} full for "
            f"{label}, but {_way_in_words(way)} has room, at {money} more per unit.")
    yield Statement("alternative", text, {"item": item, "place": site, "period": label, "kind": way.kind,
                                          "way": way.name, "full": [one.name for one in cheaper],
                                          "more_per_unit": more})


def _way_in_words(way: Way) -> str:
    """A way as it stands in a sentence."""
    if way.kind == "brought":
        return f"{way.name} from {spelled(way.origin)}"
    return spelled(way.name) if way.kind == "bought" else f"the routing {way.name}"


def earliest_statement(causes: Causes, short: Short) -> Statement:
    """When one more unit could be there, and why not before."""
    plan, index = causes.plan, causes.scenario.calendar.index
    could = f"{short.item} could be in {spelled(short.market)}"
    only_time = all(stop.constraint == LEAD_TIME for stop in short.stops)
    earliest = (causes.earliest_by_time(short.item, short.market) if only_time and short.stops
                else causes.earliest(short.item, short.market, after=short.due))
    if earliest is None:
        end = plan.calendar.label(plan.calendar.end)
        text = (f"No more {could} in any {plan.bucket} of the plan, which ends in {end}, without taking it "
                "from other demand.")
        return Statement("earliest", text,
                         {"item": short.item, "market": short.market, "earliest": None})
    label = plan.calendar.label(index[earliest - 1])
    wait = _patience(causes, short)
    waits = "" if wait is None or not short.lost else (
        f"; customers wait {wait} {plan.bucket}{'' if wait == 1 else 's'} at most" if wait else
        "; customers do not wait")
    return Statement("earliest", f"One more {could} in {label} at the earliest{waits}.",
                     {"item": short.item, "market": short.market, "earliest": label, "max_lateness": wait})


def _patience(causes: Causes, short: Short) -> int | None:
    """How many periods the customers wait; None: as long as it takes."""
    index = causes.scenario.calendar.index
    key = {"item": [short.item], "market": [short.market], "priority": [short.priority],
           "period": [index[max(short.due, 1) - 1]]}
    terms = causes.scenario.resolve("service_terms", pd.DataFrame(key))
    wait = terms["max_lateness"].iloc[0]
    return None if pd.isna(wait) else int(wait)
