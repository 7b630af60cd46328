"""The record of a monthly cycle: what was considered, assumed, decided, signed and is to be done.

Frozen, and nothing but texts and whole numbers, so that it is written and read back the same.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, TypeVar

from planner.errors import CycleError, Problem
from planner.scenario.reading.node import Node
from planner.scenario.suggestions import did_you_mean


@dataclass(frozen=True)
class Considered:
    """A plan that the meeting has before it. `plan` is its name in the cycle; `folder` and `scenario` are
    places as seen from the cycle; the hashes say which plan of which scenario it was when it was added.
    """

    plan: str
    folder: str
    scenario: str
    scenario_hash: str
    plan_hash: str
    status: str
    by: str
    on: str


@dataclass(frozen=True)
class Assumption:
    """What is taken for granted, and who watches whether it holds."""

    assumption: str
    owner: str
    by: str
    on: str


@dataclass(frozen=True)
class Action:
    """What somebody has to do by a day; `since` is the cycle that has agreed on it, `done` the day on which
    it was done, blank while it is open.
    """

    action: int
    what: str
    owner: str
    due: str
    since: str
    by: str
    on: str
    done: str = ""


@dataclass(frozen=True)
class Decision:
    """The plan that was chosen, and why; `proof` is proven, or what is not."""

    plan: str
    why: str
    proof: str
    by: str
    on: str


@dataclass(frozen=True)
class Rejection:
    """A plan that was not chosen, and why not."""

    plan: str
    why: str


@dataclass(frozen=True)
class Signature:
    """One side's consent to what has the hash `signed`."""

    side: str
    by: str
    on: str
    signed: str


@dataclass(frozen=True)
class Opening:
    """Who has opened the cycle, on which scenario, and the cycle that it goes on from: its place and its
    seal.
    """

    by: str
    on: str
    scenario: str
    scenario_hash: str
    previous: str = ""
    previous_seal: str = ""


@dataclass(frozen=True)
class Closing:
    """Who has closed the cycle, and the hash of everything that it says."""

    by: str
    on: str
    seal: str


@dataclass(frozen=True)
class Record:
    """All that a cycle says. `cycle` is the first period planned; `revision` counts its changes."""

    cycle: str
    name: str
    bucket: str
    revision: int
    opened: Opening
    plans: tuple[Considered, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    actions: tuple[Action, ...] = ()
    decision: Decision | None = None
    rejected: tuple[Rejection, ...] = ()
    signatures: tuple[Signature, ...] = ()
    closed: Closing | None = None

    @property
    def state(self) -> str:
        """How far it is: open, decided, signed by sales or operations, signed, or closed."""
        if self.closed is not None:
            return "closed"
        sides = [signature.side for signature in self.signatures]
        if sides:
            return "signed" if len(sides) > 1 else f"signed by {sides[0]}"
        return "open" if self.decision is None else "decided"

    def plan(self, name: str) -> Considered:
        """The plan of that name in the cycle; CycleError names those that there are."""
        for considered in self.plans:
            if considered.plan == name:
                return considered
        names = [considered.plan for considered in self.plans]
        choices = f"it has {', '.join(names)}" if names else "it has none; planner cycle add adds one"
        raise CycleError(f'plan "{name}" is not in cycle {self.cycle}: {choices}{did_you_mean(name, names)}')

    @property
    def signed_part(self) -> dict[str, Any]:
        """What the two sides sign: everything but signatures, closing and the count of changes."""
        return {name: value for name, value in asdict(self).items()
                if name not in ("signatures", "closed", "revision")}


LISTS: Mapping[str, type[Any]] = {"plans": Considered, "assumptions": Assumption, "actions": Action,
                                  "rejected": Rejection, "signatures": Signature}
PARTS: Mapping[str, type[Any]] = {"opened": Opening, "decision": Decision, "closed": Closing}
OPTIONAL = ("decision", "closed", *LISTS)  # what is not there yet is left out, or blank
Kind = TypeVar("Kind")


def record_of(tree: Node) -> Record:
    """The record that a file says; CycleError lists everything that is wrong with it."""
    problems: list[Problem] = []
    if not tree.is_mapping:
        raise CycleError(str(tree.problem("is no record of a cycle", code="cycle.record")))
    values: dict[str, Any] = dict(_fields(Record, tree, "", problems))
    for name, kind in LISTS.items():
        values[name] = tuple(_entries(kind, tree.get(name), name, problems))
    for name, kind in PARTS.items():
        part = tree.get(name)
        absent = part is None or part.is_blank
        values[name] = None if absent and name in OPTIONAL else _entry(kind, part, name, problems)
    if problems:
        raise CycleError("\n".join(map(str, problems)))
    return Record(**values)


def _entries(kind: type[Kind], node: Node | None, name: str, problems: list[Problem]) -> Iterator[Kind]:
    if node is None or node.is_blank:
        return
    if not node.is_list:
        problems.append(node.problem("must be a list", column=name, code="cycle.list"))
        return
    for place, one in enumerate(node.value):
        entry = _entry(kind, one, f"{name}[{place + 1}]", problems)
        if entry is not None:
            yield entry


def _entry(kind: type[Kind], node: Node | None, name: str, problems: list[Problem]) -> Kind | None:
    before = len(problems)
    if node is None or not node.is_mapping:
        wrong = node or Node("")
        problems.append(wrong.problem("must map names to values", column=name, code="cycle.part"))
        return None
    values = dict(_fields(kind, node, f"{name}.", problems))
    return kind(**values) if len(problems) == before else None


def _fields(kind: type[Any], node: Node, path: str, problems: list[Problem]) -> Iterator[tuple[str, Any]]:
    """The single values of the record's fields, as far as they are what they may be."""
    declared = {field.name: field for field in fields(kind)}
    for name, child in node.items():
        if name not in declared:
            reason = f"no such entry{did_you_mean(name, declared)}"
            problems.append(child.problem(reason, column=f"{path}{name}", code="cycle.unknown"))
    for name, field in declared.items():
        child_node = node.get(name)
        if kind is Record and name in (*LISTS, *PARTS):
            continue
        if child_node is None:
            if not isinstance(field.default, str):
                problems.append(node.problem("is missing", column=f"{path}{name}", code="cycle.missing"))
        elif not child_node.is_scalar:
            reason = "must be a single value"
            problems.append(child_node.problem(reason, column=f"{path}{name}", code="cycle.value"))
        elif field.type is int and not isinstance(child_node.value, int):
            problems.append(child_node.problem("must be a whole number", column=f"{path}{name}",
                                               value=child_node.text, code="cycle.number"))
        else:
            yield name, child_node.value if field.type is int else child_node.text
