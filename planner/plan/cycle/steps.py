"""The steps of a cycle, as functions from one record to the next; CycleError says which step comes first."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from planner.errors import CycleError
from planner.plan.cycle.record import (
    Action,
    Assumption,
    Considered,
    Decision,
    Record,
    Rejection,
    Signature,
)
from planner.scenario.sides import SIGNING
from planner.scenario.suggestions import did_you_mean

Step = Callable[[Record], Record]


def expect_open(record: Record) -> None:
    """Nobody has signed; CycleError otherwise: what is signed stays as it is."""
    if record.closed is not None:
        raise CycleError(f"cycle {record.cycle} is closed ({record.closed.by}, {record.closed.on}): nothing "
                         "in it can be changed. Open the next cycle")
    for signature in record.signatures:
        raise CycleError(f"cycle {record.cycle} is signed by {signature.side} ({signature.by}, "
                         f"{signature.on}): nothing in it can be changed. planner cycle sign --side "
                         f"{signature.side} --withdraw takes the signature back")


def with_plan(record: Record, plan: Considered) -> Record:
    """The plan is among those considered; one of the same folder takes the place of the earlier one."""
    expect_open(record)
    decision = record.decision
    if decision is not None and decision.plan == plan.plan:
        raise CycleError(f"plan {plan.plan} is the one decided on: it cannot be exchanged. Add the new plan "
                         "from a folder of its own, and decide again with --again")
    others = [one for one in record.plans if one.plan != plan.plan]
    return replace(record, plans=(*others, plan))


def name_for(record: Record, folder: str) -> str:
    """What the plan of the folder is called in the cycle: as its folder, numbered where another one is."""
    for plan in record.plans:
        if plan.folder == folder:
            return plan.plan
    names, plain = {plan.plan for plan in record.plans}, folder.rstrip("/").rpartition("/")[2]
    number, name = 1, plain
    while name in names:
        number += 1
        name = f"{plain}-{number}"
    return name


def with_assumption(record: Record, assumption: Assumption) -> Record:
    """The assumption is among those made."""
    expect_open(record)
    return replace(record, assumptions=(*record.assumptions, assumption))


def with_action(record: Record, action: Action) -> Record:
    """The action is among those agreed on, with the next number."""
    expect_open(record)
    number = max((one.action for one in record.actions), default=0) + 1
    return replace(record, actions=(*record.actions, replace(action, action=number)))


def with_done(record: Record, number: int, *, on: str) -> Record:
    """The action of that number is done."""
    expect_open(record)
    numbers = [one.action for one in record.actions]
    if number not in numbers:
        choices = f"it has {', '.join(map(str, numbers))}" if numbers else "it has none"
        raise CycleError(f"cycle {record.cycle} has no action {number}: {choices}")
    return replace(record, actions=tuple(
        replace(one, done=on) if one.action == number else one for one in record.actions))


def with_decision(record: Record, decision: Decision, rejected: Mapping[str, str], *,
                  again: bool = False) -> Record:
    """The plan is decided on, and every other plan is rejected with its reason."""
    expect_open(record)
    record.plan(decision.plan)
    if record.decision is not None and not again:
        standing = record.decision
        raise CycleError(f"cycle {record.cycle} has a decision: plan {standing.plan} ({standing.by}, "
                         f"{standing.on}). Decide again with --again")
    others = [plan.plan for plan in record.plans if plan.plan != decision.plan]
    unknown = [name for name in rejected if name not in others]
    if unknown:
        raise CycleError(f'no other plan "{unknown[0]}" was added{did_you_mean(unknown[0], others)}: it '
                         "cannot be rejected")
    without = [name for name in others if not rejected.get(name, "").strip()]
    if without:
        raise CycleError(f"say why {' and '.join(without)} {'is' if len(without) == 1 else 'are'} rejected: "
                         f'--reject "{without[0]}: why"')
    return replace(record, decision=decision,
                   rejected=tuple(Rejection(name, rejected[name].strip()) for name in others))


def expect_signable(record: Record, side: str) -> None:
    """The side can sign now; CycleError otherwise."""
    if side not in SIGNING:
        raise CycleError(f"side {side}: must be {' or '.join(SIGNING)}")
    if record.closed is not None:
        expect_open(record)
    if record.decision is None:
        raise CycleError(f"cycle {record.cycle} has no decision yet: there is nothing to sign. First: "
                         "planner cycle decide")
    for signature in record.signatures:
        if signature.side == side:
            raise CycleError(f"{side} has signed already ({signature.by}, {signature.on})")


def with_signature(record: Record, signature: Signature) -> Record:
    """The side has signed."""
    expect_signable(record, signature.side)
    return replace(record, signatures=(*record.signatures, signature))


def without_signature(record: Record, side: str) -> Record:
    """The side has taken its signature back."""
    if record.closed is not None:
        expect_open(record)
    left = tuple(one for one in record.signatures if one.side != side)
    if len(left) == len(record.signatures):
        raise CycleError(f"{side} has not signed cycle {record.cycle}")
    return replace(record, signatures=left)


def expect_closable(record: Record) -> None:
    """Both sides have signed, and the cycle is not closed yet; CycleError otherwise."""
    if record.closed is not None:
        expect_open(record)
    missing = [side for side in SIGNING if side not in {one.side for one in record.signatures}]
    if missing:
        raise CycleError(f"cycle {record.cycle} is not signed by {' and '.join(missing)}: it cannot be "
                         f"closed. First: planner cycle sign --side {missing[0]}")
