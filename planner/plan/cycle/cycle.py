"""A monthly cycle: opened on a scenario, filled with plans, decided, signed by both sides, and closed.

    cycle = planner.Cycle.open("cycles/2026-01", "scenarios/baseline", by="Anna")
    cycle = cycle.add("plans/baseline", by="Anna").add("plans/second-shift", by="Ben")
    cycle = cycle.decide("baseline", why="cheapest", rejected={"second-shift": "no crew"}, by="Anna")
    cycle = cycle.sign("sales", by="Anna").sign("operations", by="Ben").close(by="Anna")
"""

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from planner.errors import CycleError, PlanError, ScenarioError
from planner.figures import percent
from planner.plan.cycle import steps
from planner.plan.cycle.actuals import save_actuals
from planner.plan.cycle.demand_planned import save_forecast
from planner.plan.cycle.files import (
    AGREED,
    ATTRIBUTES,
    SEAL,
    change,
    is_cycle,
    locked,
    place_from,
    read_record,
    seen_from,
    write_record,
)
from planner.plan.cycle.inputs import changes_since, save_inputs
from planner.plan.cycle.plans import differences, hash_of, head_of, save_files
from planner.plan.cycle.record import (
    Action,
    Assumption,
    Closing,
    Considered,
    Decision,
    Opening,
    Record,
    Signature,
)
from planner.plan.cycle.seal import broken, closing_seal, write_seal
from planner.plan.folder import load_plan, save_plan
from planner.plan.plan import Plan
from planner.plan.scenario_of_plan import scenario_of
from planner.scenario.calendar import parse_date
from planner.scenario.load import load_scenario
from planner.scenario.scenario import Scenario
from planner.writing import fingerprint, write_text

if TYPE_CHECKING:
    from planner.plan.cycle.status import Status

Folder = str | os.PathLike[str]
Day = str | date | None
MAXIMUM_LISTED = 5  # differences that a message lists; status lists all


@dataclass(frozen=True)
class Cycle:
    """A cycle in its folder, and its record as it was read. Every step writes, and gives the cycle after it;
    CycleError says what stands against a step, and then nothing was written.

    `by` is who does it; `on` the day, today where none is given. A step that decides, signs or closes is
    refused where somebody has changed the record since this one was read.
    """

    folder: Path
    record: Record

    @staticmethod
    def load(folder: Folder) -> "Cycle":
        """The cycle in the folder; CycleError says what is wrong with its record."""
        return Cycle(Path(folder), read_record(Path(folder)))

    @staticmethod
    def open(folder: Folder, scenario: Folder, *, by: str, on: Day = None, previous: Folder | None = None,
             actuals: Folder | None = None) -> "Cycle":
        """A new cycle in the folder, on the scenario that is planned with. It goes on from the `previous`
        one, which is closed: its open actions are carried over, and what it planned is measured by the
        `actuals`, a file or a folder as `planner roll` takes it.
        """
        place = Path(folder)
        loaded = _from_files(scenario)
        before = None if previous is None else closed_cycle(previous)
        if before is None and actuals is not None:
            raise CycleError("actuals are held against the plan of the previous cycle: name it with "
                             "--previous")
        first = loaded.calendar.label(loaded.calendar.start)
        if before is not None and not before.record.cycle < first:
            raise CycleError(f"{scenario}: is planned from {first} on, and the previous cycle from "
                             f"{before.record.cycle}. Roll the scenario first: planner roll {previous} --to "
                             "PERIOD --output DIR")
        is_new = _claim(place)
        try:
            with locked(place):
                if is_cycle(place):
                    raise CycleError(_opened_already(place))
                record = _opened(place, loaded, before, by=_person(by), on=_day(on))
                save_inputs(place, loaded)
                if before is not None:
                    save_actuals(place, None if actuals is None else Path(actuals), loaded,
                                 first=before.record.cycle)
                write_text(place / ATTRIBUTES, "* -text\n")
                write_record(place, record)
        except BaseException:
            if is_new and not is_cycle(place):
                shutil.rmtree(place, ignore_errors=True)
            raise
        return Cycle(place, record)

    def add(self, plan: Folder, *, by: str, on: Day = None) -> "Cycle":
        """The plan in the folder is among those considered, with the rows of its scenario as they are now;
        PlanError where that is no longer the one that the plan was made of.
        """
        place, person, day = Path(plan), _person(by), _day(on)
        loaded = load_plan(place)
        if not loaded.scenario_source:
            raise CycleError(f"{plan}: does not say where its scenario is: it was not solved from files")
        scenario = scenario_of(loaded)
        head = head_of(place)

        def step(record: Record) -> Record:
            _expect_alike(record, loaded)
            where = seen_from(self.folder, place)
            added = Considered(
                plan=steps.name_for(record, where), folder=where,
                scenario=seen_from(self.folder, loaded.scenario_source),
                scenario_hash=loaded.scenario_hash, plan_hash=hash_of(head), status=loaded.status,
                by=person, on=day)
            after = steps.with_plan(record, added)
            save_inputs(self.folder, scenario)
            save_files(self.folder, added.plan, head)
            return after

        return self._after(step)

    def assume(self, assumption: str, *, owner: str, by: str, on: Day = None) -> "Cycle":
        """The assumption is in the record, with who watches it."""
        new = Assumption(_words(assumption, "assumption"), owner=_person(owner, "owner"), by=_person(by),
                         on=_day(on))
        return self._after(lambda record: steps.with_assumption(record, new))

    def act(self, what: str, *, owner: str, due: Day, by: str, on: Day = None) -> "Cycle":
        """The action is in the record, with who does it by when."""
        if not due:
            raise CycleError(f"action {what}: say by which day, like --due 2026-02-15")
        agreed = Action(0, _words(what, "action"), owner=_person(owner, "owner"), due=_day(due),
                        since=self.record.cycle, by=_person(by), on=_day(on))
        return self._after(lambda record: steps.with_action(record, agreed))

    def done(self, action: int, *, on: Day = None) -> "Cycle":
        """The action of that number is done."""
        return self._after(lambda record: steps.with_done(record, action, on=_day(on)))

    def decide(self, plan: str, *, why: str, by: str, rejected: Mapping[str, str] | None = None,
               on: Day = None, again: bool = False) -> "Cycle":
        """The plan is decided on, by its name in the cycle or its folder, and each of the others is rejected
        with a reason. A copy of the plan stands in the cycle, for next month to go on from. A plan that is
        not proven is marked as one.
        """
        person, day, reason = _person(by), _day(on), _words(why, "why")

        def step(record: Record) -> Record:
            chosen = record.plan(_name_of(self.folder, record, plan))
            scenario = _expect_unchanged(self.folder, chosen)
            loaded = load_plan(place_from(self.folder, chosen.folder))
            decision = Decision(chosen.plan, reason, proof=_proof(loaded), by=person, on=day)
            after = steps.with_decision(record, decision, rejected or {}, again=again)
            save_plan(loaded, self.folder / AGREED)
            save_forecast(self.folder, loaded, scenario)
            return after

        return self._after(step, careful=True)

    def sign(self, side: str, *, by: str, on: Day = None) -> "Cycle":
        """The side, sales or operations, has signed the decision and all that it rests on: from now on
        nothing of it changes.
        """
        person, day = _person(by), _day(on)

        def step(record: Record) -> Record:
            steps.expect_signable(record, side)
            self._expect_whole(record)
            seal = fingerprint(self.folder / SEAL) if record.signatures else write_seal(self.folder, record)
            return steps.with_signature(record, Signature(side, person, on=day, signed=seal))

        return self._after(step, careful=True)

    def withdraw(self, side: str) -> "Cycle":
        """The side has taken its signature back, so that the record can be changed; not once it is closed."""
        return self._after(lambda record: steps.without_signature(record, side), careful=True)

    def close(self, *, by: str, on: Day = None) -> "Cycle":
        """The cycle is closed: signed by both sides, and as they have signed it. Next month goes on from
        it.
        """
        person, day = _person(by), _day(on)

        def step(record: Record) -> Record:
            steps.expect_closable(record)
            self._expect_whole(record)
            closed = replace(record, closed=Closing(person, day, seal=""), revision=record.revision + 1)
            return replace(record, closed=Closing(person, day, seal=closing_seal(closed)))

        return self._after(step, careful=True)

    def status(self) -> "Status":
        """How far the cycle is, what has changed under it and on whose side, and how last month's plan
        did.
        """
        from planner.plan.cycle.status import status_of
        return status_of(self)

    @property
    def agreed_plan(self) -> Plan:
        """The plan that was decided on, from the copy in the cycle; CycleError before there is one."""
        if self.record.decision is None:
            raise CycleError(f"{self.folder}: has no decision yet")
        return load_plan(self.folder / AGREED)

    def _after(self, step: "steps.Step", *, careful: bool = False) -> "Cycle":
        seen = self.record.revision if careful else None
        return replace(self, record=change(self.folder, step, expected=seen))

    def _expect_whole(self, record: Record) -> None:
        """What is to be signed, or was, is as it was decided on; CycleError lists what is not."""
        wrong = list(broken(self.folder, record))
        if wrong:
            raise CycleError("\n".join([f"{self.folder}: is not what was signed", *_indented(wrong)]))
        if record.decision is not None:
            _expect_unchanged(self.folder, record.plan(record.decision.plan))


# ------------------------------------------------------------------------------------------------ small steps


def _from_files(place: Folder) -> Scenario:
    if is_cycle(Path(place)):
        raise CycleError(f"{place}: is a cycle. Name the scenario that is planned with")
    scenario = load_scenario(place)
    if not scenario.source:
        raise CycleError(f"scenario {scenario.name} was not read from files: a cycle names its place")
    return scenario


def closed_cycle(folder: Folder) -> Cycle:
    """The cycle in the folder, closed and as it was signed; CycleError otherwise."""
    cycle = Cycle.load(folder)
    if cycle.record.closed is None:
        raise CycleError(f"{folder}: the previous cycle is {cycle.record.state}. Close it first: planner "
                         f"cycle close {folder}")
    wrong = list(broken(cycle.folder, cycle.record))
    if wrong:
        raise CycleError("\n".join([f"{folder}: is not what was signed", *_indented(wrong)]))
    return cycle


def _claim(place: Path) -> bool:
    """The folder is there and empty; whether it was made."""
    if is_cycle(place):
        raise CycleError(_opened_already(place))
    if place.is_dir():
        if any(place.iterdir()):
            raise CycleError(f"{place}: this folder holds something else. Choose an empty or a new folder")
        return False
    try:
        place.mkdir(parents=True)
    except FileExistsError:
        raise CycleError(f"{place}: is there already. Choose a new folder") from None
    return True


def _opened_already(place: Path) -> str:
    record = read_record(place)
    return (f"{place}: cycle {record.cycle} was opened already ({record.opened.by}, {record.opened.on}), and "
            f"is {record.state}")


def _opened(place: Path, scenario: Scenario, before: Cycle | None, *, by: str, on: str) -> Record:
    opening = Opening(by, on, scenario=seen_from(place, scenario.source), scenario_hash=scenario.content_hash)
    actions: tuple[Action, ...] = ()
    if before is not None and before.record.closed is not None:
        opening = replace(opening, previous=seen_from(place, before.folder),
                          previous_seal=before.record.closed.seal)
        actions = tuple(action for action in before.record.actions if not action.done)
    return Record(
        cycle=scenario.calendar.label(scenario.calendar.start), name=scenario.name,
        bucket=scenario.calendar.bucket, revision=1, opened=opening, actions=actions)


def _expect_alike(record: Record, plan: Plan) -> None:
    first = plan.calendar.label(plan.calendar.start)
    if first != record.cycle:
        raise CycleError(f"plan {plan.name} begins in {first}, and cycle {record.cycle} is about plans from "
                         f"{record.cycle} on")


def _expect_unchanged(folder: Path, plan: Considered) -> Scenario:
    """The plan's scenario. It and the plan's folder are as they were when it was added; CycleError lists what
    is not.
    """
    scenario, changed = scenario_differences(folder, plan)
    wrong = [*differences(folder, plan, chosen=True), *changed]
    if wrong or scenario is None:
        unlisted = len(wrong) - MAXIMUM_LISTED
        more = [f"and {unlisted} more: planner cycle status {folder}"] if unlisted > 0 else []
        head = f"plan {plan.plan} is not what was added to the cycle. Solve it and add it again"
        raise CycleError("\n".join([head, *_indented([*wrong[:MAXIMUM_LISTED], *more])]))
    return scenario


def scenario_differences(folder: Path, plan: Considered) -> tuple[Scenario | None, list[str]]:
    """The plan's scenario as it is now, where it can be read, and what has changed in it since it was added,
    each change with its file and row.
    """
    place = place_from(folder, plan.scenario)
    try:
        scenario = load_scenario(place)
    except (ScenarioError, PlanError) as error:
        return None, str(error).splitlines()
    if scenario.content_hash == plan.scenario_hash:
        return scenario, []
    changes = changes_since(folder, plan.scenario_hash, scenario)
    lines = [_from_here(place, change_text(row)) for row in changes.to_dict("records")]
    return scenario, lines or [f"{place}: facts of its base have changed"]


def _from_here(scenario: Path, line: str) -> str:
    """The line with its file as seen from the current folder, where the scenario names it as seen from its
    own: a row that a scenario takes from its base is the base's.
    """
    file, space, remainder = line.partition(" ")
    if line.startswith("settings,"):
        return f"{scenario}: {line}"
    folder = scenario if scenario.is_dir() else scenario.parent
    return f"{os.path.normpath(folder / file)}{space}{remainder}"


def change_text(row: Mapping[object, object]) -> str:
    """A change in words: where it is, and what it was before."""
    if row["change"] == "changed":
        return f"{row['place']} = {row['after'] or 'blank'}, was {row['before'] or 'blank'} ({row['key']})"
    name = row["key"] or row["column"]
    return f"{row['place']}: {row['change']} ({name})"


def _name_of(folder: Path, record: Record, plan: str) -> str:
    """The plan's name in the cycle, where its folder was given."""
    if any(one.plan == plan for one in record.plans):
        return plan
    where = seen_from(folder, plan)
    return next((one.plan for one in record.plans if one.folder == where), plan)


def _proof(plan: Plan) -> str:
    if plan.is_proven:
        return "proven"
    worst = plan.proof.worst
    return "not proven" if worst is None else f"not proven: {percent(worst)} better may be possible"


def _day(on: Day) -> str:
    if on is None or isinstance(on, date):
        return (on or date.today()).isoformat()
    try:
        return parse_date(on).isoformat()
    except ValueError:
        raise CycleError(f"{on}: must be a day like 2026-01-28") from None


def _person(name: str, what: str = "by") -> str:
    if not name.strip():
        raise CycleError(f"say who: --{what} NAME")
    return name.strip()


def _words(text: str, what: str) -> str:
    if not text.strip():
        raise CycleError(f"{what}: say it in words")
    return text.strip()


def _indented(lines: list[str]) -> list[str]:
    return [f"  {line}" for line in lines]
