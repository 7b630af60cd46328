"""The commands of the monthly cycle: open, add, decide, sign, status, close."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planner.cli.failures import FOUND_SOMETHING
from planner.cli.options import AsJson, ScenarioPlace
from planner.cli.running import note, progress, show, warn
from planner.errors import CycleError

if TYPE_CHECKING:
    from planner.plan.cycle import Cycle

CyclePlace = Annotated[Path, typer.Argument(metavar="CYCLE", help="Folder of the cycle.")]
NewCycle = Annotated[Path, typer.Argument(metavar="CYCLE", help="Folder of the cycle, new or empty.")]
By = Annotated[str, typer.Option(metavar="NAME", help="Who does it.")]
On = Annotated[str | None, typer.Option(metavar="DATE", help="The day, like 2026-01-28; by default today.")]
Revision = Annotated[int | None, typer.Option(
    metavar="N", help="Refuse where the record is no longer at this revision, which status shows.")]
Previous = Annotated[Path | None, typer.Option(
    metavar="CYCLE", help="The closed cycle before, which this one goes on from.")]
Actuals = Annotated[Path | None, typer.Option(
    metavar="PATH", help="What has happened since, as for planner roll: the previous plan is held against "
                         "it.")]
PlanPlaces = Annotated[list[Path] | None, typer.Argument(metavar="[PLAN...]", help="Folders of plans.")]
Assumptions = Annotated[list[str] | None, typer.Option(
    "--assumption", metavar="TEXT", help="What is taken for granted; may be given several times.")]
Actions = Annotated[list[str] | None, typer.Option(
    "--action", metavar="TEXT", help="What has to be done; may be given several times, with the same owner "
                                     "and day.")]
Done = Annotated[list[int] | None, typer.Option(metavar="N", help="Action N is done.")]
Owner = Annotated[str | None, typer.Option(
    metavar="NAME", help="Who watches the assumption, or does the action; by default who adds it.")]
Due = Annotated[str | None, typer.Option(metavar="DATE", help="The day by which actions are to be done.")]
Why = Annotated[str, typer.Option(metavar="TEXT", help="Why this plan.")]
Reject = Annotated[list[str] | None, typer.Option(
    metavar="PLAN: WHY", help="Why another plan is not chosen; one for each of the others.")]
Again = Annotated[bool, typer.Option("--again", help="In place of the decision that there is.")]
SideOption = Annotated[str, typer.Option("--side", metavar="SIDE", help="sales or operations.")]
Withdraw = Annotated[bool, typer.Option("--withdraw", help="Take the signature back.")]

cycle = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help=(
    "Keep the record of a monthly cycle: plans, signatures."))


@cycle.command("open")
def open_(place: NewCycle, scenario: ScenarioPlace, by: By, on: On = None, previous: Previous = None,
          actuals: Actuals = None) -> None:
    """Open a month's cycle on the scenario that is planned with.

    With --previous, open actions are carried over, and what was planned is held against what happened.
    """
    from planner.plan.cycle import Cycle

    with progress():
        opened = Cycle.open(place, scenario, by=by, on=on, previous=previous, actuals=actuals)
    _tell(opened)


@cycle.command()
def add(place: CyclePlace, by: By, plans: PlanPlaces = None, assumption: Assumptions = None,
        action: Actions = None, owner: Owner = None, due: Due = None, done: Done = None,
        on: On = None) -> None:
    """Add plans to consider, assumptions and actions.

    A plan is kept with the hash of its files and the rows of its scenario.
    """
    if not (plans or assumption or action or done):
        raise CycleError("name a plan to add, an --assumption, an --action, or an action that is --done")
    changing = _loaded(place)
    with progress():
        for plan in plans or ():
            changing = changing.add(plan, by=by, on=on)
            note(f"plan {changing.record.plans[-1].plan} added")
            _warn_of(changing, plan)
    for text in assumption or ():
        changing = changing.assume(text, owner=owner or by, by=by, on=on)
    for text in action or ():
        changing = changing.act(text, owner=owner or by, due=due, by=by, on=on)
    for number in done or ():
        changing = changing.done(number, on=on)
    note(f"{place}: revision {changing.record.revision}")


@cycle.command()
def decide(place: CyclePlace, plan: Annotated[str, typer.Argument(
        metavar="PLAN", help="Name of the plan in the cycle, or its folder.")], why: Why, by: By,
        reject: Reject = None, on: On = None, again: Again = False, revision: Revision = None) -> None:
    """Decide on a plan, and say why not on the others.

    A copy of the plan stands in the cycle from now on; next month goes on from it.
    """
    with progress():
        decided = _at(_loaded(place), revision).decide(plan, why=why, rejected=_reasons(reject or []), by=by,
                                                       on=on, again=again)
    decision = decided.record.decision
    note(f"{place}: decided on plan {decision.plan if decision else plan}. Next: planner cycle sign {place} "
         "--side sales")
    warn(decided.agreed_plan)


@cycle.command()
def sign(place: CyclePlace, side: SideOption, by: By, on: On = None, withdraw: Withdraw = False,
         revision: Revision = None) -> None:
    """Sign for sales or for operations.

    What is signed cannot be changed; --withdraw takes a signature back until the cycle is closed.
    """
    read = _at(_loaded(place), revision)
    with progress():
        signed = read.withdraw(side) if withdraw else read.sign(side, by=by, on=on)
    others = [one.side for one in signed.record.signatures if one.by == by and one.side != side]
    if others and not withdraw:
        note(f"warning: {by} has signed for {others[0]}, too: two sides, one person")
    deed = "has taken its signature back" if withdraw else "has signed"
    note(f"{place}: {side} {deed}; the cycle is {signed.record.state}")


@cycle.command()
def close(place: CyclePlace, by: By, on: On = None, revision: Revision = None) -> None:
    """Close a cycle that both sides have signed.

    It never changes again; the next one starts with planner roll from it.
    """
    with progress():
        closed = _at(_loaded(place), revision).close(by=by, on=on)
    closing = closed.record.closed
    note(f"{place}: closed, with the seal {closing.seal[:12] if closing else ''}. Next: planner roll {place} "
         "--to PERIOD --output DIR")


@cycle.command()
def status(place: CyclePlace, as_json: AsJson = False) -> None:
    """Show how far a cycle is, and who changed what since the last one.

    And how last month's plan did. Exit code 1: something is no longer as it was signed or added.
    """
    _tell(_loaded(place), as_json=as_json)


def _tell(shown_cycle: "Cycle", *, as_json: bool = False) -> None:
    from planner.report.records import cycle as cycle_records
    from planner.report.terminal.cycle import cycle_result

    with progress():
        state = shown_cycle.status()
    show(as_json, lambda: cycle_records.cycle_record(state), lambda: cycle_result(state))
    if not state.is_sound:
        raise typer.Exit(FOUND_SOMETHING)


def _loaded(place: Path) -> "Cycle":
    from planner.plan.cycle import Cycle

    return Cycle.load(place)


def _at(read: "Cycle", revision: int | None) -> "Cycle":
    """The cycle as somebody has seen it, so that what they have not seen is not decided on or signed."""
    from dataclasses import replace

    return read if revision is None else replace(read, record=replace(read.record, revision=revision))


def _warn_of(changed: "Cycle", plan: Path) -> None:
    from planner.plan.folder import load_plan

    if changed.record.plans[-1].status != "optimal":
        warn(load_plan(plan))


def _reasons(rejected: list[str]) -> dict[str, str]:
    """The reason against each plan."""
    reasons = {}
    for text in rejected:
        name, colon, why = text.partition(":")
        if not colon:
            raise CycleError(f'--reject "{text}": say which plan and why, like --reject "second-shift: no '
                             'crew before May"')
        reasons[name.strip()] = why.strip()
    return reasons
