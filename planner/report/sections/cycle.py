"""The monthly cycle that the meeting is part of: the decision that was taken, who has signed it, what is
taken for granted, and what somebody still has to do.
"""

from planner.figures import NOTHING
from planner.plan.cycle import Status
from planner.plan.cycle.record import Record
from planner.report.parts import Block, Cell, Plans, Section, Sentences, Table
from planner.scenario.sides import SIGNING

MOST_ACTIONS, MOST_ASSUMPTIONS = 10, 8
NO_DECISION = "Which plan to agree on."


def cycle(plans: Plans) -> list[Section]:
    """The record of the cycle; nothing where there is none."""
    status = plans.cycle
    if status is None:
        return []
    record = status.cycle.record
    blocks = [_decision(record), _signatures(record), *_assumptions(record), *_actions(status)]
    return [Section("cycle", f"Cycle {record.cycle}", _in_words(record), blocks=blocks)]


def cycle_notes(plans: Plans) -> list[str]:
    """What has to be known first of a cycle that is not as it was signed, and of plans that it does not know.
    """
    status = plans.cycle
    if status is None:
        return []
    record = status.cycle.record
    considered = {plan.scenario_hash for plan in record.plans}
    others = [name for name, plan in zip(plans.names, plans.all, strict=True)
              if plan.scenario_hash not in considered]
    notes = [f"Cycle {record.cycle} is not what was signed: {line}" for line in status.broken[:1]]
    notes += [f"Not what it was when it was added to cycle {record.cycle}: {line}"
              for line in status.outdated[:1]]
    count = len(status.broken) + len(status.outdated)
    notes += [f"planner cycle status lists all {count} differences."] if count > len(notes) else []
    return notes + ([f"Not among the plans that cycle {record.cycle} considers: {', '.join(others)}."]
                    if others else [])


def _in_words(record: Record) -> str:
    opened, closed = record.opened, record.closed
    open_ = f"Opened by {opened.by} on {opened.on}, with {len(record.plans)} plans considered."
    done = f" Closed by {closed.by} on {closed.on}." if closed is not None else f" It is {record.state}."
    return open_.replace("1 plans", "1 plan") + done


def _decision(record: Record) -> Block:
    made = record.decision
    if made is None:
        names = ", ".join(plan.plan for plan in record.plans)
        return Block("half", Sentences("Decision asked for", [f"{NO_DECISION} Plans considered: {names}."]))
    mark = "" if made.proof == "proven" else f" ({made.proof})"
    taken = f"Plan {made.plan}{mark}, by {made.by} on {made.on}: {made.why}"
    return Block("half", Sentences("Decision taken", [
        taken, *(f"Not {one.plan}: {one.why}" for one in record.rejected)]))


def _signatures(record: Record) -> Block:
    by_side = {one.side: one for one in record.signatures}
    rows = [[Cell(side.capitalize()), *map(Cell, (by_side[side].by, by_side[side].on) if side in by_side
                                           else ("not signed yet", NOTHING))] for side in SIGNING]
    return Block("half", Table("Signatures", ["Side", "Signed by", "On"], [("", rows)], words=3))


def _assumptions(record: Record) -> list[Block]:
    shown = record.assumptions[:MOST_ASSUMPTIONS]
    rows = [[Cell(one.assumption), Cell(one.owner)] for one in shown]
    note = _hidden(len(record.assumptions) - len(shown), "assumptions")
    table = Table("What is taken for granted, and who watches it", ["Assumption", "Owner"], [("", rows)],
                  words=2, note=note)
    return [Block("half", table)] if rows else []


def _actions(status: Status) -> list[Block]:
    """Actions that are open, those due first on top; marked where they were due before the cycle began."""
    begun = status.cycle.record.opened.on
    actions = status.open_actions.sort_values(["due", "action"], kind="stable").to_dict("records")
    rows = [[Cell(row["what"]), Cell(row["owner"]),
             Cell(row["due"], note="overdue" if row["due"] < begun else ""), Cell(row["since"])]
            for row in actions[:MOST_ACTIONS]]
    notes = [f"Overdue: was due before {begun}, when the cycle was opened."
             if any(row["due"] < begun for row in actions) else "",
             _hidden(len(actions) - len(rows), "actions")]
    table = Table("Actions open", ["Action", "Owner", "Due", "Since cycle"], [("", rows)], words=4,
                  note=" ".join(filter(None, notes)))
    return [Block("half", table)] if rows else []


def _hidden(count: int, things: str) -> str:
    return f"{count} more {things}: planner cycle status has all." if count > 0 else ""
