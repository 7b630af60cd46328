"""Conflicts in a planner's words: what the rule is about, where its figure stands and what would do."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from planner.errors import Conflict, ConflictMember
from planner.figures import one
from planner.model.conflicts.elastic import limit_named
from planner.model.limits import Limit, subject
from planner.naming import spelled

HEAD = "no plan satisfies every hard limit"
PLACES = ("site", "supplier", "market", "origin", "destination", "work_center", "labor_pool")
# What the figure is, where the rule is about more than it.
WORDS = {"inventory_balance": "scheduled receipts", "production_multiple": "lot multiple",
         "order_multiple": "lot multiple", "labor_hours": "hours of each worker",
         "labor_overtime_limit": "overtime of each worker",
         "open_sites_produce": "opening, before which nothing is made,",
         "open_sites_only": "opening, before which no stock is kept,"}
EVERY_ROW = {"max_chosen": ", in every row of the group"}
MAXIMUM_NAMED = 10  # figures of one conflict; more are counted
TOO_LATE = "what it would have to be was not found out in time"
OTHERS = {True: "also enough by themselves", False: "in the conflict too, but none enough by itself",
          None: "in the conflict too, but what they would have to be was not found out in time"}
NOT_PROVEN = "whether all of these are needed for the conflict was not found out in time"


def about(limit: Limit, keys: Mapping[str, Any], first: str, last: str) -> str:
    """maximum inventory of bike at Plant, 2026-01 to 2026-03."""
    words = WORDS.get(limit.name, limit.words)
    spelled_names = {key: spelled(str(name)) if key in PLACES else name for key, name in keys.items()}
    when = f"{first} to {last}" if last != first else first
    name = subject(spelled_names)
    whose = f" {name}" if name.startswith("(") else f" of {name}" if name else ""
    return f"{words}{whose}{f', {when}' if when else ''}"


def sentence(member: ConflictMember, *, mode: str, written: str) -> str:
    """The figure, and what would do; with what the plan then costs, where that is known."""
    place = f" ({member.place} = {written})" if member.place else ""
    return f"{member.words}{place}: {_would_do(member)}{_plan_then(member, mode)}"


def _would_do(member: ConflictMember) -> str:
    if member.required is None:
        return "no other figure is enough by itself" if member.enough is False else TOO_LATE
    figure, side = _figure(member), {"minimum": " or more", "maximum": " or less"}.get(member.bound, "")
    if member.required == 0:
        return f"{figure} would do"
    if isinstance(member.required, str):
        side = {"minimum": " or later", "maximum": " or earlier"}.get(member.bound, "")
    return f"{figure}{side} would do{EVERY_ROW.get(member.column, '')}"


def _figure(member: ConflictMember) -> str:
    if isinstance(member.required, str):
        return member.required
    if member.unit == "share":
        return f"{member.required:.9g}"
    unit = member.unit.removesuffix("s") if member.required == 1 else member.unit
    return f"{member.required:,.9g} {unit}".strip()


def _plan_then(member: ConflictMember, mode: str) -> str:
    if member.cost is None:
        return ""
    verb = "earns" if mode == "profit" else "costs"
    return f"; the plan then {verb} {one(member.cost, 'currency', currency=member.currency)}"


def with_sentences(conflicts: Sequence[Conflict]) -> tuple[Conflict, ...]:
    """The conflicts with their sentences, counted where there are several."""
    return tuple(replace(conflict, sentences=tuple(_sentences(conflict, number, len(conflicts))))
                 for number, conflict in enumerate(conflicts, 1))


def head(conflicts: Sequence[Conflict]) -> str:
    """The first line of the message: how many conflicts, and what to do about them."""
    if not conflicts:
        return HEAD
    if len(conflicts) > 1:
        return f"{HEAD}: there are {len(conflicts)} conflicts, and one figure of each has to change"
    count = len(conflicts[0].members)
    return f"{HEAD}: {f'one of these {count} figures' if count > 1 else 'this figure'} has to change"


def _sentences(conflict: Conflict, number: int, count: int) -> list[str]:
    indent = "  " if count > 1 else ""
    lines = [f"conflict {number} of {count}"] if count > 1 else []
    few = len(conflict.members) <= MAXIMUM_NAMED
    spelled_out = [member for member in conflict.members if few or member.enough]
    lines += [f"{indent}{member.sentence}" for member in spelled_out[:MAXIMUM_NAMED]]
    lines += [f"{indent}{line}" for line in _others(conflict, spelled_out[:MAXIMUM_NAMED])]
    cheapest = next((member for member in conflict.members if member.is_cheapest), None)
    if cheapest is not None and len(conflict.members) > 1:
        what = "cheapest" if cheapest.cost is not None else "smallest change"
        lines.append(f"{indent}{what}: {cheapest.words}, {_would_do(cheapest).replace(' would do', '')}")
    return lines if conflict.minimal else [*lines, f"{indent}{NOT_PROVEN}"]


def _others(conflict: Conflict, spelled_out: Sequence[ConflictMember]) -> Iterator[str]:
    """The members that are not named, counted by what is known of them and by their rules."""
    others = [member for member in conflict.members if member not in spelled_out]
    for enough, text in OTHERS.items():
        words = [limit_named(member.rule) for member in others if member.enough is enough]
        counts = Counter(WORDS.get(limit.name, limit.words) for limit in words)
        if counts:
            yield f"{text}: {', '.join(f'{word} ({count})' for word, count in counts.items())}"
