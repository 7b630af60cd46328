"""What can go wrong, as a tree. The command line turns each branch into an exit code.

PlannerError                exit code 2
├── ScenarioError           the scenario has problems; carries all of them
├── PlanError               a plan folder cannot be read, or is not what it says
├── OutputError             results cannot be written; nothing was changed
├── CycleError              a cycle's record cannot be read, or a step may not be taken; nothing was changed
├── InfeasibleError         3: no plan can satisfy every hard limit; names the limits in conflict
└── NoPlanError             4: the time limit, or an interrupt, came before the first plan; also the exit code
    │                          of a plan that is proven less than --require-gap asks
    └── CancelledError      the work was cancelled before it had a result
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Problem:
    """One thing wrong with the input: where it stands, what it is, what is allowed.

    `place` reads like "sourcing.csv row 14", "mine.xlsx sheet sourcing cell D14" or "scenario.yaml line 9";
    `row` is the line of the file as a spreadsheet counts it, so that people find it. `severity` is error,
    warning, or note (what was recognised in a file). `code` is for programs: it stays the same when the words
    of the message change, like `lanes.unit_cost.range`, and its last word is the kind.
    """

    message: str
    file: str = ""
    row: int | None = None
    column: str = ""
    value: str | None = None
    line: int | None = None
    severity: str = "error"
    code: str = ""
    sheet: str = ""
    cell: str = ""

    @property
    def kind(self) -> str:
        """What kind of problem it is: range."""
        return self.code.rpartition(".")[2]

    @property
    def place(self) -> str:
        """Where to look: file, then sheet, and cell, row or line."""
        file = f"{self.file} sheet {self.sheet}".lstrip() if self.sheet else self.file
        if self.cell:
            return f"{file} cell {self.cell}"
        if self.row is not None:
            return f"{file} row {self.row}"
        return f"{file} line {self.line}" if self.line is not None else file

    def __str__(self) -> str:
        cell = f"{self.column} = {self.value}" if self.value is not None else self.column
        where = ", ".join(part for part in (self.place, cell) if part)
        return f"{where}: {self.message}" if where else self.message


class PlannerError(Exception):
    """Any failure that the user can do something about."""

    exit_code = 2


class ScenarioError(PlannerError):
    """The scenario cannot be planned as it stands; `problems` lists every reason at once."""

    def __init__(self, scenario: str, problems: Iterable[Problem]) -> None:
        self.scenario = scenario
        self.problems = tuple(problems)
        super().__init__(self._text())

    def _text(self) -> str:
        count = len(self.problems)
        head = f"{count} problem{'' if count == 1 else 's'} in {self.scenario}"
        return "\n".join([head, *(f"  {problem}" for problem in self.problems)])


class PlanError(PlannerError):
    """A plan folder is missing, damaged or contradicts itself."""


class OutputError(PlannerError):
    """Results could not be written. What was there before is unchanged."""


class CycleError(PlannerError):
    """A monthly cycle's record cannot be read, or a step of it may not be taken. Nothing was changed."""


@dataclass(frozen=True)
class ConflictMember:
    """A figure of the scenario that is part of a conflict: the rule that it sets, where it stands, and what
    it would have to be for a plan to exist while all others stay as they are.

    `keys` say what the rule is about, `first` and `last` in which periods it is part of the conflict (blank:
    no period). `required` is the nearest figure that would do, and `bound` whether it is a `minimum`, a
    `maximum` or neither of what would do. It is None where `enough` is False, no figure of this cell being
    enough by itself, or None, time having been too short to tell. `cost` is that of the best plan with the
    figure (in mode profit: what it earns), None where it was not computed.
    """

    rule: str
    words: str
    keys: Mapping[str, Any]
    first: str
    last: str
    table: str
    file: str
    row: int | None
    column: str
    value: float | str | None
    required: float | str | None
    bound: str
    unit: str
    line: int | None = None
    sheet: str = ""
    cell: str = ""
    place: str = ""
    cost: float | None = None
    currency: str = ""
    enough: bool | None = None
    is_cheapest: bool = False
    sentence: str = ""


@dataclass(frozen=True)
class Conflict:
    """Figures of the scenario that cannot hold together.

    `minimal`: each has been left out once, and without it the others can hold. Time may have been too short
    to prove that.
    """

    members: tuple[ConflictMember, ...]
    minimal: bool = True
    sentences: tuple[str, ...] = ()


class InfeasibleError(PlannerError):
    """No plan satisfies every hard limit; `conflicts` are figures of the scenario that cannot hold together,
    and what each would have to be. `notes` say what was not found out.
    """

    exit_code = 3

    def __init__(self, message: str, conflicts: Iterable[Conflict] = (), notes: Iterable[str] = ()) -> None:
        self.message, self.conflicts, self.notes = message, tuple(conflicts), tuple(notes)
        sentences = [sentence for conflict in self.conflicts for sentence in conflict.sentences]
        super().__init__("\n".join([message, *(f"  {line}" for line in (*sentences, *self.notes))]))


class NoPlanError(PlannerError):
    """The search ended, by time limit or interrupt, before it had any plan."""

    exit_code = 4


class CancelledError(NoPlanError):
    """The work was cancelled before it had a plan, or whatever else was asked for."""
