"""A scenario as it was written: the description in scenario.yaml and the cells of the tables, nothing
interpreted yet.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from planner.errors import Problem
from planner.scenario.reading.cells import Cells
from planner.scenario.reading.node import Node
from planner.scenario.scenario import Scenario
from planner.scenario.schema import TABLES

DESCRIPTION = "scenario.yaml"
MAXIMUM_GENERATIONS = 50  # what-ifs of what-ifs; more than a handful is a slip, and each is read whole

Base = str | Mapping[str, Any] | Scenario


@dataclass(frozen=True)
class Mentioned:
    """A place that a description names, and the folder from which it is seen."""

    entry: Node
    folder: Path

    @property
    def path(self) -> Path:
        """The place itself."""
        return self.folder / self.entry.text.strip()


@dataclass(frozen=True)
class Source:
    """What was written: description, settings, the tables that are there, and what is wrong with them so far.

    `table_problems` are those of a table's shape, by table; `complete` is False when it is not even known
    which tables there are. `place` is the folder or workbook, `base` what the scenario starts from, as given;
    `parent` is the same, read and resolved.
    """

    description: Node
    settings: Node = field(default_factory=lambda: Node({}))
    tables: Mapping[str, Cells] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    table_problems: Mapping[str, Sequence[Problem]] = field(default_factory=dict)
    complete: bool = True
    place: Path | None = None
    base: Base | None = None
    parent: "Source | None" = None

    @property
    def broken(self) -> frozenset[str]:
        """The tables of which something could not be read, so that nothing can be concluded from their
        rows.
        """
        return frozenset(self.table_problems if self.complete else TABLES)

    @property
    def folder(self) -> Path:
        """From where its base is named."""
        return Path() if self.place is None else self.place if self.place.is_dir() else self.place.parent

    @property
    def agreed_plan(self) -> "Mentioned | None":
        """The folder of the plan agreed on, its own or inherited; None where nobody names one."""
        entry = self.description.get("agreed_plan")
        if entry is not None and entry.is_scalar and entry.text.strip():
            return Mentioned(entry, self.folder)
        return None if self.parent is None else self.parent.agreed_plan
