"""A monthly cycle as people read it in a terminal."""

from collections.abc import Iterator

import pandas as pd
from rich.console import Group, RenderableType
from rich.text import Text

from planner.figures import figure, percent
from planner.plan.cycle import Since, Status
from planner.plan.cycle.cycle import change_text
from planner.plan.cycle.measures import ALL, against_by_family
from planner.plan.cycle.record import Record
from planner.report.cycle_words import (
    ACCURACY_NOTE,
    difference_in_units,
    percent_or_nothing,
    points_taken_off,
    share_of,
    signal,
)
from planner.report.terminal.parts import indented, titled_table
from planner.scenario.sides import SIGNING

MAXIMUM_ROWS = 12  # of changes of a side, and of what is no longer as it was; --json has all
SHARED = "shared"
PROOF = {"optimal": "proven", "time_limit": "not proven", "effort_limit": "not proven",
         "interrupted": "not proven", "unproven": "not proven"}


def cycle_result(status: Status) -> RenderableType:
    """The record, then what has changed under it, then how last month's plan did."""
    record = status.cycle.record
    parts: list[Group] = [
        _head(record), _plans(record), *_decision(record), *_assumptions(record),
        _actions(status), *_wrong(status), *_changes(status)]
    if status.since is not None:
        parts += _since(status.since)
    return Group(*_apart(parts))


def _apart(parts: list[Group]) -> Iterator[RenderableType]:
    """The parts with a line between them; those that are empty left out."""
    for place, part in enumerate(one for one in parts if one.renderables):
        if place:
            yield Text()
        yield part


def _section(title: str, lines: list[str]) -> Group:
    return Group(Text(title, style="bold"), *map(indented, lines)) if lines else Group()


def _head(record: Record) -> Group:
    opened, closed = record.opened, record.closed
    lines = [f"Opened by {opened.by} on {opened.on}, on the scenario {opened.scenario}."]
    if opened.previous:
        lines.append(f"It goes on from {opened.previous}.")
    if closed is not None:
        lines.append(f"Closed by {closed.by} on {closed.on}; seal {closed.seal[:12]}.")
    title = f"Cycle {record.cycle}, {record.name}: {record.state} (revision {record.revision})"
    return _section(title, lines)


def _plans(record: Record) -> Group:
    rows = [[plan.plan, PROOF.get(plan.status, plan.status), plan.by, plan.on, plan.folder]
            for plan in record.plans]
    return titled_table("Plans considered", ["plan", "proof", "added by", "on", "folder"], rows, words=5)


def _decision(record: Record) -> Iterator[Group]:
    made = record.decision
    if made is None:
        return
    mark = "" if made.proof == "proven" else f" ({made.proof})"
    yield _section("Decision", [
        f"Plan {made.plan}{mark}, by {made.by} on {made.on}: {made.why}",
        *(f"Rejected: {one.plan}: {one.why}" for one in record.rejected)])
    by_side = {one.side: one for one in record.signatures}
    yield _section("Signatures", [
        f"{side}: {by_side[side].by}, {by_side[side].on}" if side in by_side else f"{side}: not signed yet"
        for side in SIGNING])


def _assumptions(record: Record) -> Iterator[Group]:
    yield _section("Assumptions", [f"{one.assumption} ({one.owner})" for one in record.assumptions])


def _actions(status: Status) -> Group:
    rows = [[str(row["action"]), row["what"], row["owner"], row["due"], row["since"]]
            for row in status.open_actions.to_dict("records")]
    return titled_table("Actions open", ["", "action", "owner", "due", "since"], rows, words=5)


def _wrong(status: Status) -> Iterator[Group]:
    """What is no longer as it was, the first lines of it."""
    for title, lines in (("Not what was signed", status.broken),
                         ("Not what it was when it was added", status.outdated)):
        yield _section(title, _first(list(lines)))
    yield _section("The scenario cannot be read now", status.unread.splitlines())


def _first(lines: list[str]) -> list[str]:
    more = len(lines) - MAXIMUM_ROWS
    return lines if more <= 0 else [*lines[:MAXIMUM_ROWS], f"and {more:,} more: --json has all"]


def _changes(status: Status) -> Iterator[Group]:
    """Who changed what, side by side; what the month brought is counted."""
    since = "since the cycle was opened" if status.since is None else (
        f"since cycle {status.since.previous.record.cycle}")
    rolled = status.changes[status.changes["rolled"]]
    if len(rolled):
        counts = rolled["table"].value_counts(sort=False)
        listed = ", ".join(f"{name} {count:,}" for name, count in counts.items())
        yield _section(f"Changed {since} by the month that went by: {len(rolled):,} changes", [f"{listed}."])
    own = status.changes[~status.changes["rolled"]]
    for side in (*SIGNING, SHARED):
        rows = own[own["side"] == side].to_dict("records")
        count = f"{len(rows):,} change{'s' if rows[1:] else ''}"
        yield _section(f"Changed {since} by {side if side != SHARED else 'either side'}: {count}",
                       _first([change_text(row) for row in rows]))


def _since(since: Since) -> Iterator[Group]:
    """The previous cycle's plan against what happened, and against the new plans."""
    cycle = since.previous.record.cycle
    rows = [[row["kind"], row["family"], figure(row["planned"]), figure(row["actual"]),
             difference_in_units(row["difference"]), share_of(row["difference"], row["planned"]),
             percent(row["adherence"])]
            for row in against_by_family(since.against_plan).to_dict("records")]
    note = ("Kept: share of the planned units that came as planned, by item, place and period. "
            "Units; stock only where it was counted.")
    yield titled_table(f"Plan against actual since cycle {cycle}", [
        "kind", "family", "planned", "actual", "difference", "", "kept"], rows, words=2, note=note)
    yield _accuracy(since.accuracy)
    rows = [[row["plan"], row["area"], *(figure(row[name]) for name in ("agreed", "planned", "changed")),
             percent_or_nothing(row["stability"]), percent_or_nothing(row["stability_next"])]
            for row in since.stability.to_dict("records")]
    yield titled_table(f"Plan stability: what of cycle {cycle} still stands", [
        "plan", "area", "agreed", "planned", "changed", "stability", "first period"], rows, words=2)


def _accuracy(accuracy: pd.DataFrame) -> Group:
    rows = [[row["family"], f"{row['lag']}", f"{row['periods']}",
             percent_or_nothing(row["wape"]), percent_or_nothing(row["bias"]),
             points_taken_off(row["override_value"]), signal(row["tracking_signal"])]
            for row in accuracy.to_dict("records") if row["lag"] == 1 or row["family"] == ALL]
    return titled_table("Accuracy of the demand agreed on", [
        "family", "lag", "periods", "WAPE", "bias", "overrides", "signal"], rows, words=1, note=ACCURACY_NOTE)
