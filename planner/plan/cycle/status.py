"""How a cycle stands: what is no longer as it was, who changed what, and how last month's plan did."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from planner.errors import PlannerError
from planner.plan.cycle.actuals import actuals_of
from planner.plan.cycle.cycle import Cycle, scenario_differences
from planner.plan.cycle.demand_planned import forecast_of
from planner.plan.cycle.files import place_from
from planner.plan.cycle.inputs import CHANGES, with_sides, written_now, written_then
from planner.plan.cycle.measures import Judged, accuracy_by_lag, against_plan, families, plan_stability
from planner.plan.cycle.plans import differences
from planner.plan.cycle.record import Considered, Record
from planner.plan.cycle.seal import broken
from planner.plan.folder import load_plan
from planner.plan.plan import Plan
from planner.scenario.calendar import parse_period
from planner.scenario.load import load_scenario
from planner.scenario.scenario import Scenario
from planner.scenario.whatif.changes import Written, changes_with_places

FARTHEST = 36  # cycles back that forecasts are judged of


@dataclass(frozen=True)
class Since:
    """What has become of the previous cycle: `plan` is the agreed one.

    `against_plan`: plan and actual side by side (kind, item, site, market, period, family, planned, actual,
    difference). `accuracy`: family, lag, periods, wape, bias, override_value, tracking_signal. `stability`:
    for each plan of this cycle and area, how much of the agreed plan still stands.
    """

    previous: Cycle
    plan: Plan
    against_plan: pd.DataFrame
    accuracy: pd.DataFrame
    stability: pd.DataFrame


@dataclass(frozen=True)
class Status:
    """How far a cycle is. `broken` lists what is not what was signed, `outdated` what of the plans considered
    and their scenarios is no longer as it was when they were added, both with file and row or line.

    `changes` are the rows that differ between the previous cycle's agreed scenario, or this cycle's own as it
    was opened, and the scenario as it is now: side, table, change, key, column, before, after, place, and
    `rolled`, true where the change was there when the cycle was opened: the month that went by. `unread` says
    why the scenario cannot be read now.
    """

    cycle: Cycle
    broken: tuple[str, ...]
    outdated: tuple[str, ...]
    changes: pd.DataFrame
    unread: str
    since: Since | None

    @property
    def is_sound(self) -> bool:
        """Whether all that was signed, or is to be decided on, is as it was."""
        return not self.broken and not self.outdated

    @cached_property
    def open_actions(self) -> pd.DataFrame:
        """Actions that are not done: action, what, owner, due, since."""
        rows = [(one.action, one.what, one.owner, one.due, one.since)
                for one in self.cycle.record.actions if not one.done]
        return pd.DataFrame(rows, columns=["action", "what", "owner", "due", "since"])


def status_of(cycle: Cycle) -> Status:
    """How the cycle stands now."""
    folder, record = cycle.folder, cycle.record
    scenario, unread = _scenario_now(folder, record)
    previous = _previous(cycle)
    return Status(
        cycle=cycle,
        broken=(*broken(folder, record), *_broken_chain(cycle, previous)),
        outdated=tuple(_outdated(folder, record)),
        changes=_changes(cycle, previous, scenario),
        unread=unread,
        since=_since(cycle, previous),
    )


def _scenario_now(folder: Path, record: Record) -> tuple[Scenario | None, str]:
    try:
        return load_scenario(place_from(folder, record.opened.scenario)), ""
    except PlannerError as error:
        return None, str(error)


def _previous(cycle: Cycle) -> Cycle | None:
    """The cycle that this one goes on from, where it is still there."""
    place = cycle.record.opened.previous
    if not place:
        return None
    try:
        return Cycle.load(place_from(cycle.folder, place))
    except PlannerError:
        return None


def _broken_chain(cycle: Cycle, previous: Cycle | None) -> Iterator[str]:
    """The previous cycle is the one that this one was opened from, and as it was signed."""
    opened = cycle.record.opened
    if not opened.previous:
        return
    if previous is None:
        yield f"{place_from(cycle.folder, opened.previous)}: the previous cycle cannot be read"
        return
    closed = previous.record.closed
    if closed is None or closed.seal != opened.previous_seal:
        yield f"{previous.folder}: the previous cycle is not the one from which this one was opened"
    yield from broken(previous.folder, previous.record)


def _outdated(folder: Path, record: Record) -> Iterator[str]:
    """What has changed under the plans that were considered; a scenario that several share is named once."""
    chosen = record.decision.plan if record.decision is not None else ""
    lines: dict[str, None] = {}
    for plan in record.plans:
        lines |= dict.fromkeys(differences(folder, plan, chosen=plan.plan == chosen))
    scenarios: dict[tuple[str, str], Considered] = {
        (plan.scenario, plan.scenario_hash): plan for plan in record.plans}
    for plan in scenarios.values():
        lines |= dict.fromkeys(scenario_differences(folder, plan)[1])
    yield from lines


def _changes(cycle: Cycle, previous: Cycle | None, scenario: Scenario | None) -> pd.DataFrame:
    """Row by row what differs between the last cycle's scenario and the one now."""
    opening = written_then(cycle.folder, cycle.record.opened.scenario_hash)
    now = opening if scenario is None else written_now(scenario)
    before = opening if previous is None else _agreed_inputs(previous)
    changes = changes_with_places(before, now)
    if previous is None:
        rolled = pd.Series(False, index=changes.index)
    else:
        names = ["table", "change", "key", "column", "after"]
        went_by = pd.MultiIndex.from_frame(changes_with_places(before, opening)[names])
        rolled = pd.Series(pd.MultiIndex.from_frame(changes[names]).isin(went_by), index=changes.index)
    return with_sides(changes).assign(rolled=rolled.astype(bool))[[*CHANGES, "rolled"]]


def _agreed_inputs(previous: Cycle) -> Written:
    record = previous.record
    decision = record.decision
    digest = record.opened.scenario_hash if decision is None else record.plan(decision.plan).scenario_hash
    return written_then(previous.folder, digest)


def _since(cycle: Cycle, previous: Cycle | None) -> Since | None:
    if previous is None or previous.record.decision is None:
        return None
    try:
        agreed = previous.agreed_plan
    except PlannerError:  # named among what is broken
        return None
    actuals = actuals_of(cycle.folder, agreed.calendar.bucket)
    return Since(
        previous=previous,
        plan=agreed,
        against_plan=against_plan(agreed, actuals),
        accuracy=_accuracy(cycle, previous, agreed),
        stability=_stability(cycle, agreed),
    )


def _accuracy(cycle: Cycle, previous: Cycle, agreed: Plan) -> pd.DataFrame:
    """Of every cycle back to the first, what it expected beside what came."""
    bucket = agreed.calendar.bucket
    judged, happened, one = [], [actuals_of(cycle.folder, bucket)], previous
    for _ in range(FARTHEST):
        judged.append(Judged(parse_period(one.record.cycle, bucket=bucket), forecast_of(one.folder, bucket)))
        happened.append(actuals_of(one.folder, bucket))
        earlier = _previous(one)
        if earlier is None:
            break
        one = earlier
    rows = pd.concat([part for part in happened if len(part)] or happened[:1], ignore_index=True)
    demand = rows[rows["kind"] == "demand"]
    return accuracy_by_lag(judged, demand[["item", "market", "period", "quantity"]], families(agreed))


def _stability(cycle: Cycle, agreed: Plan) -> pd.DataFrame:
    """Of each plan of the cycle that can be read, how much of the agreed plan stands in it."""
    parts = []
    for plan in cycle.record.plans:
        try:
            loaded = load_plan(place_from(cycle.folder, plan.folder))
        except PlannerError:  # said among what is outdated
            continue
        parts.append(plan_stability(plan.plan, loaded, agreed))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(
        columns=["plan", "area", "unit", "agreed", "planned", "changed", "stability", "stability_next"])
