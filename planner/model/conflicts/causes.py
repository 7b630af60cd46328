"""Which cell of the scenario sets each row of the model that can give."""

from dataclasses import dataclass, field

import numpy as np

from planner.model.conflicts.elastic import Elastic, Mask, limit_named
from planner.model.limits import is_filled
from planner.model.solver.matrix import Compiled
from planner.model.solver.row_keys import row_keys
from planner.scenario.scenario import Scenario
from planner.scenario.written import Cell, governed_by

# A site that is closed until it can be opened is so because of the first period of that option.
SAID_IN = {"site_options.kind": "site_options.from"}
ONLY = {"site_options.kind": {"kind": "open"}}


@dataclass
class Causes:
    """The cells behind the rows that can give, looked up rule by rule when they are asked for."""

    compiled: Compiled
    elastic: Elastic
    _numbers: dict[str, np.ndarray] = field(default_factory=dict)
    _cells: dict[Cell, int] = field(default_factory=dict)
    _rows: dict[Cell, Mask] = field(default_factory=dict)

    def cells(self, rows: Mask) -> list[Cell]:
        """The cells that set these of the rows that can give, each once, in the order of the rows."""
        numbers = self._numbered(rows)
        every = list(self._cells)
        return [every[number] for number in dict.fromkeys(numbers.tolist()) if number >= 0]

    def unwritten(self, rows: Mask) -> Mask:
        """Those of the rows that no cell sets."""
        mask = rows.copy()
        mask[rows] = self._numbered(rows) < 0
        return mask

    def rows_of(self, cell: Cell) -> Mask:
        """Every row that can give and is set by the cell."""
        if cell not in self._rows:
            mask = self.elastic.none()
            for family, members in self.elastic.members.items():
                if _sources(family, cell):
                    mask[members] = self._of_family(family) == self._cells.get(cell, -2)
            self._rows[cell] = mask
        return self._rows[cell]

    def family_of(self, cell: Cell, rows: Mask) -> str:
        """The rule by which the cell has a part in these rows."""
        inside = self.rows_of(cell) & rows
        return str(self.elastic.family_of[np.flatnonzero(inside)[0]])

    def _numbered(self, rows: Mask) -> np.ndarray:
        numbers = np.full(len(rows), -1, np.int64)
        for family, members in self.elastic.members.items():
            if rows[members].any():
                numbers[members] = self._of_family(family)
        return numbers[rows]

    def _of_family(self, family: str) -> np.ndarray:
        """The number of the cell that sets each row of the rule that can give, -1 where none does."""
        if family not in self._numbers:
            limit, members = limit_named(family), self.elastic.members[family]
            first = self.elastic.widened.rows.families[family].start
            keys = row_keys(self.compiled, family, self.elastic.rows_that_give[members] - first)
            sources = [SAID_IN.get(source, source) for source in limit.sources]
            only = next((ONLY[source] for source in limit.sources if source in ONLY), None)
            governing = governed_by(self.compiled.model.scenario, sources, keys, only=only)
            numbers = [self._cells.setdefault(cell, len(self._cells)) for cell in governing.cells]
            self._numbers[family] = np.array([*numbers, -1], dtype=np.int64)[governing.numbers]
        return self._numbers[family]


def _sources(family: str, cell: Cell) -> bool:
    written = {SAID_IN.get(source, source) for source in limit_named(family).sources}
    return f"{cell.table}.{cell.column}" in written


def twins(scenario: Scenario, cell: Cell) -> list[Cell]:
    """The cell, and those of which the smallest holds for all: a group of options has one maximum."""
    if cell.column != "max_chosen":
        return [cell]
    groups = scenario[cell.table]["choice_group"]
    group = groups.iloc[cell.position]
    same = np.flatnonzero((groups == group).fillna(False)) if is_filled(group) else [cell.position]
    return [Cell(cell.table, cell.column, int(position)) for position in same]
