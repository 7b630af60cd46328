"""What stands in the way, in sentences: which limit, when, how full, and for how many units."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from planner.figures import figure, percent
from planner.naming import spelled
from planner.plan.explain.room import LEAD_TIME, NO_WAY, Stop
from planner.plan.explain.short import Causes, Short
from planner.plan.statement import Statement

MAXIMUM_CAUSES = 5  # more than that nobody reads
MAXIMUM_USERS = 3
Keys = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Cause:
    """One limit over the periods in which it is in the way, and the units that wait for it."""

    constraint: str
    keys: Keys
    periods: tuple[int, ...]
    units: float

    def key(self, column: str) -> str:
        """The value of a key column; blank where it has none."""
        return dict(self.keys).get(column, "")

    @property
    def site(self) -> str:
        """The site, as people write it."""
        return spelled(self.key("site"))

    @property
    def last(self) -> Stop:
        """The limit in the last of the periods, which is the nearest to what is short."""
        return Stop(self.constraint, self.keys, self.periods[-1])


def causes_of(short: Sequence[Short]) -> list[Cause]:
    """The limits in the way of what is short, those of most units first."""
    units: dict[tuple[str, Keys], float] = defaultdict(float)
    periods: dict[tuple[str, Keys], set[int]] = defaultdict(set)
    for one in short:
        for name in {(stop.constraint, stop.keys) for stop in one.stops}:
            units[name] += one.units
        for stop in one.stops:
            periods[stop.constraint, stop.keys].add(stop.period)
    causes = [Cause(*name, periods=tuple(sorted(periods[name])), units=units[name]) for name in units]
    return sorted(causes, key=lambda one: (-one.units, -len(one.periods), one.constraint, one.keys))


def cause_statements(causes: Causes, short: Sequence[Short]) -> list[Statement]:
    """Every limit that is in the way of what is short, with its dates and how full it is."""
    largest = causes_of(short)
    statements = [_statement(causes, cause, several=len(short) > 1) for cause in largest[:MAXIMUM_CAUSES]]
    unnamed = len(largest) - len(statements)
    if unnamed > 0:
        noun = "limit is" if unnamed == 1 else "limits are"
        text = f"{unnamed} more {noun} in the way of fewer units."
        statements.append(Statement("more_causes", text, {"limits": unnamed}))
    return statements


def _statement(causes: Causes, cause: Cause, *, several: bool) -> Statement:
    use = causes.room.use(cause.last)
    label = causes.scenario.calendar.index
    first, last = label[cause.periods[0] - 1], label[cause.periods[-1] - 1]
    calendar = causes.plan.calendar
    figures = {"constraint": cause.constraint, **dict(cause.keys), "from": calendar.label(first),
               "to": calendar.label(last), "periods": len(cause.periods), "units": cause.units,
               "used": use.used, "capacity": use.capacity if use.capacity < float("inf") else None}
    text = SENTENCES[cause.constraint](causes, cause)
    is_told = several and cause.constraint != "ending_inventory"
    behind = f" It is in the way of {figure(cause.units)} units." if is_told else ""
    return Statement("cause", f"{text}{behind}", figures)


def when(causes: Causes, periods: Sequence[int]) -> str:
    """The periods, as they stand in a sentence: in a span, or in some of one."""
    index, label, bucket = causes.scenario.calendar.index, causes.plan.calendar.label, causes.plan.bucket
    first, last = label(index[periods[0] - 1]), label(index[periods[-1] - 1])
    length = periods[-1] - periods[0] + 1
    if len(periods) == 1:
        return f"in {first}"
    if len(periods) == length:
        return f"in every {bucket} from {first} to {last}"
    return f"in {len(periods)} {bucket}s between {first} and {last}"


def _period(causes: Causes, cause: Cause) -> str:
    return causes.plan.calendar.label(causes.scenario.calendar.index[cause.periods[-1] - 1])


def _work_center(causes: Causes, cause: Cause) -> str:
    use = causes.room.use(cause.last)
    site, center = cause.key("site"), cause.key("work_center")
    limits = causes.plan.tables["capacity"]
    own_limits = limits[(limits["site"] == site) & (limits["work_center"] == center)]
    name = f"{spelled(center)} in {spelled(site)}"
    if use.capacity <= 0:
        return f"{name} has no hours {when(causes, cause.periods)}."
    overtime = ", overtime included" if own_limits["overtime_limit"].max() > 0 else ""
    users = _users(causes, cause)
    return (f"{name} is full {when(causes, cause.periods)}{overtime}: {figure(use.used, 'hours')} of "
            f"{figure(use.capacity, 'hours')} hours in {_period(causes, cause)}"
            f"{f' ({users})' if users else ''}.")


def _users(causes: Causes, cause: Cause) -> str:
    """What takes most of the hours in the last period, with their shares."""
    started = causes.room.table("production")
    started = started[(started["period"] == cause.periods[-1]) & (started["site"] == cause.key("site"))]
    steps = causes.scenario["routing_steps"]
    steps = steps[steps["work_center"] == cause.key("work_center")]
    worked = started.merge(steps, on=["item", "site", "routing"])
    hours = (worked["production"] * worked["hours_per_unit"]).groupby(worked["item"]).sum()
    hours = hours[hours > 0].sort_values(ascending=False, kind="stable")
    total = float(causes.room.use(cause.last).used)
    most = hours.head(MAXIMUM_USERS).items()
    return ", ".join(f"{item} {percent(amount / total)}" for item, amount in most)


def _crew(causes: Causes, cause: Cause) -> str:
    use = causes.room.use(cause.last)
    return (f"The {spelled(cause.key('labor_pool'))} pool in {cause.site} has no hours left "
            f"{when(causes, cause.periods)}, overtime included, and no more workers may be hired: "
            f"{figure(use.used, 'hours')} of {figure(use.capacity, 'hours')} hours in "
            f"{_period(causes, cause)}.")


def _routing(causes: Causes, cause: Cause) -> str:
    return (f"{cause.key('item')} on {cause.key('routing')} in {cause.site} is at the capacity of its "
            f"routing {when(causes, cause.periods)}: {_of(causes, cause)}.")


def _supplier(causes: Causes, cause: Cause) -> str:
    of = f" {cause.key('item')}" if cause.key("item") else ""
    to = f" for {cause.site}" if cause.key("site") else ""
    use = causes.room.use(cause.last)
    name = spelled(cause.key("supplier"))
    if use.capacity <= 0:
        return f"{name} ships no{of or 'thing'}{to} {when(causes, cause.periods)}."
    return f"{name} can ship no more{of}{to} {when(causes, cause.periods)}: {_of(causes, cause)} are ordered."


def _lane(causes: Causes, cause: Cause) -> str:
    of = f" for {cause.key('item')}" if cause.key("item") else ""
    return (f"The {cause.key('mode')} lane from {spelled(cause.key('origin'))} to "
            f"{spelled(cause.key('destination'))} is full{of} {when(causes, cause.periods)}: "
            f"{_of(causes, cause)}.")


def _shelf(causes: Causes, cause: Cause) -> str:
    return (f"{cause.key('item')} cannot be built ahead: its stock in {cause.site} is at its maximum "
            f"inventory {when(causes, cause.periods)}: {_of(causes, cause)}.")


def _storage(causes: Causes, cause: Cause) -> str:
    return (f"Nothing can be built ahead in {cause.site}: its storage is full "
            f"{when(causes, cause.periods)}.")


def _ending_stock(causes: Causes, cause: Cause) -> str:
    states = causes.scenario.states("inventory")
    own = states[(states["item"] == cause.key("item")) & (states["site"] == cause.key("site"))]
    ending = float(own["ending_inventory"].iloc[0])
    return (f"{figure(ending)} units of {cause.key('item')} in {cause.site} are kept for the end of "
            f"the plan (ending inventory): up to {figure(min(ending, cause.units))} of the units could come "
            "from them.")


def _late(causes: Causes, cause: Cause) -> str:
    """How long the way takes, and when the first unit can arrive."""
    takes = int(cause.key("periods"))
    bucket = causes.plan.bucket
    length = f"{takes} {bucket}{'' if takes == 1 else 's'}"
    by = {"supplier": "from {}", "routing": "on {}", "mode": "by {}"}
    means = next(text.format(spelled(cause.key(name)) if name == "supplier" else cause.key(name))
                 for name, text in by.items() if cause.key(name))
    ends = [spelled(cause.key(end)) for end in ("origin", "destination")]
    lane = f" from {ends[0]} to {ends[1]}" if ends[0] else ""
    index = causes.scenario.calendar.index
    arrives = causes.plan.calendar.label(index[takes]) if takes < len(index) else "after the plan"
    return (f"{cause.key('item')} {means}{lane} takes {length}: ordered when the plan starts, it arrives in "
            f"{arrives} at the earliest, and nothing was on its way.")


def _nowhere(causes: Causes, cause: Cause) -> str:
    return f"No way leads {cause.key('item')} to {cause.site} {when(causes, cause.periods)}."


def _agreed(causes: Causes, cause: Cause) -> str:
    """What is held to the plan agreed on."""
    does = {"frozen_production": "is made on {routing} in {site}",
            "frozen_purchases": "is bought from {supplier} for {site}",
            "frozen_shipments": "goes from {origin} to {destination} by {mode}"}[cause.constraint]
    names = {key: name if key in ("item", "routing", "mode") else spelled(name) for key, name in cause.keys}
    amount = figure(causes.room.use(cause.last).used)
    return (f"What of {cause.key('item')} {does.format(**names)} {when(causes, cause.periods)} is frozen by "
            f"the plan agreed on: {amount} units in {_period(causes, cause)}.")


def _of(causes: Causes, cause: Cause) -> str:
    """How far it is used in the last period."""
    use = causes.room.use(cause.last)
    return f"{figure(use.used)} of {figure(use.capacity)} units in {_period(causes, cause)}"


SENTENCES: dict[str, Callable[[Causes, Cause], str]] = {
    "work_center_capacity": _work_center, "labor_hours": _crew, "routing_capacity": _routing,
    "supplier_capacity": _supplier, "source_capacity": _supplier, "lane_capacity": _lane,
    "frozen_production": _agreed, "frozen_purchases": _agreed, "frozen_shipments": _agreed,
    "max_inventory": _shelf, "storage_capacity": _storage, "ending_inventory": _ending_stock,
    LEAD_TIME: _late, NO_WAY: _nowhere,
}


