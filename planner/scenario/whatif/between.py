"""From one scenario to another in steps: table by table, and block by block where a table changes in a few.

A block are all rows of a table with the same first key: a supplier, a site, an item. What lies between the
two scenarios after a step has the rows of the second in every block that has been taken, and else those of
the first.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from planner.scenario.reading.cells import Cells, no_cells
from planner.scenario.reading.source import Source
from planner.scenario.scenario import Scenario
from planner.scenario.schema import TABLES
from planner.scenario.whatif.changes import Change, agreed_between, changes_between, settings_between

MAXIMUM_BLOCKS = 4  # of a table: where more change, the table is one step
MAXIMUM_STEPS = 12  # beyond them every table is one step, so that a walk can be read
SETTINGS = "settings"


@dataclass(frozen=True)
class ScenarioStep:
    """One change on the way: the tables, the block (blank: all of the table) and its rows as `changes.csv`
    has them; `source` is what is written after it.
    """

    tables: tuple[str, ...]
    blocks: tuple[str, ...]
    changes: tuple[Change, ...]
    source: Source

    def then(self, later: "ScenarioStep") -> "ScenarioStep":
        """Both in one."""
        return ScenarioStep(tuple(dict.fromkeys([*self.tables, *later.tables])),
                            tuple(dict.fromkeys([*self.blocks, *later.blocks])),
                            changes=(*self.changes, *later.changes), source=later.source)


def steps_between(first: Scenario, second: Scenario) -> list[ScenarioStep]:
    """The steps from the first scenario to the second: settings, then tables in the schema's order."""
    fine = list(_steps(first.written, second.written, most=MAXIMUM_BLOCKS))
    return fine if len(fine) <= MAXIMUM_STEPS else list(_steps(first.written, second.written, most=1))


def _steps(first: Source, second: Source, *, most: int) -> Iterator[ScenarioStep]:
    # what is on record of the past is that of the second's own line of bases
    now = replace(second, settings=first.settings, tables=dict(first.tables), problems=(), table_problems={})
    settings = (*settings_between(first.settings, second.settings), *agreed_between(first, second))
    if settings:
        now = replace(now, settings=second.settings)
        yield ScenarioStep((SETTINGS,), ("",), settings, source=now)
    for name in TABLES:
        before, after = (source.tables.get(name, no_cells(name)) for source in (first, second))
        for block, cells in _blocks(before, after, most=most):
            changes = tuple(changes_between(TABLES[name], now.tables.get(name, no_cells(name)), cells))
            now = replace(now, tables={**now.tables, name: cells})
            if changes:
                yield ScenarioStep((name,), (block,), changes, source=now)


def _blocks(before: Cells, after: Cells, *, most: int) -> Iterator[tuple[str, Cells]]:
    """The table after each of its blocks has been taken; as a whole where more than a few change."""
    changes = changes_between(TABLES[before.table], before, after)
    if not changes:
        return
    names = _names(before.table, changes)
    old, new = (_first_keys(cells) for cells in (before, after))
    if not 1 < len(names) <= most or not set(names) <= {*old, *new}:
        yield names[0] if len(names) == 1 else "", after
        return
    for count, name in enumerate(names[:-1], start=1):
        changed = names[:count]
        yield name, _joined(_chosen(before, ~np.isin(old, changed)), _chosen(after, np.isin(new, changed)))
    yield names[-1], after


def _names(table: str, changes: Sequence[Change]) -> list[str]:
    """The blocks that change, as the first keys of the changed rows say."""
    begins = f"{TABLES[table].keys[0]}=" if TABLES[table].keys else "="
    keys = [change[2].split(", ")[0] for change in changes]
    return list(dict.fromkeys(key.removeprefix(begins) if key.startswith(begins) else "" for key in keys))


def _first_keys(cells: Cells) -> np.ndarray:
    keys = TABLES[cells.table].keys
    texts = cells.column(keys[0]) if keys else np.full(len(cells), "", dtype=object)
    return np.array([str(text).strip() for text in texts], dtype=object)


def _chosen(cells: Cells, rows: np.ndarray) -> Cells:
    """The rows of the mask."""
    position = np.cumsum(rows) - 1
    places = cells.rewritten.items()
    rewritten = {(int(position[at]), name): place for (at, name), place in places if rows[at]}
    columns = {name: column[rows] for name, column in cells.columns.items()}
    return replace(cells, columns=columns, files=cells.files[rows], rows=cells.rows[rows],
                   rewritten=rewritten)


def _joined(some: Cells, others: Cells) -> Cells:
    """The rows of both."""
    names = dict.fromkeys([*some.columns, *others.columns])
    columns = {name: np.concatenate([some.column(name), others.column(name)]) for name in names}
    moved = {(at + len(some), name): place for (at, name), place in others.rewritten.items()}
    return replace(some, columns=columns, files=np.concatenate([some.files, others.files]),
                   rows=np.concatenate([some.rows, others.rows]), rewritten={**some.rewritten, **moved})
