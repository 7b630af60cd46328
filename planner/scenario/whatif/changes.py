"""Every difference between a scenario and its base, row by row and cell by cell."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner.scenario.columns import Column, Table
from planner.scenario.reading.cells import Cells, no_cells
from planner.scenario.reading.node import Node
from planner.scenario.reading.source import Source
from planner.scenario.reading.typed import parsed_numbers
from planner.scenario.schema import TABLES

COLUMNS = ("table", "change", "key", "column", "before", "after")
Texts = dict[str, np.ndarray]
Change = tuple[str, str, str, str, str, str]
Placed = tuple[Change, str]  # a change, and where the row of it is written


@dataclass(frozen=True)
class Written:
    """What stands in a scenario or has stood in it: its settings, and the cells of its tables."""

    settings: Node
    tables: Mapping[str, Cells]


def changes_from_base(source: Source) -> pd.DataFrame:
    """One row for each difference: table, added, removed or changed, key of the row, column, value before and
    after.
    """
    rows: list[Change] = []
    if source.parent is not None:
        rows += settings_between(source.parent.settings, source.settings)
        rows += agreed_between(source.parent, source)
        for name, table in TABLES.items():
            rows += changes_between(table, source.parent.tables.get(name), source.tables.get(name))
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype="str")


def changes_with_places(before: Written, after: Written) -> pd.DataFrame:
    """The columns of `changes_from_base`, and `place`: the file and row in which the changed cell or the new
    row is written, or a removed row was.
    """
    rows: list[Placed] = [(change, f"settings, {change[3]}")
                          for change in settings_between(before.settings, after.settings)]
    for name, table in TABLES.items():
        rows += _placed(table, before.tables.get(name), after.tables.get(name))
    return pd.DataFrame([(*change, place) for change, place in rows], columns=[*COLUMNS, "place"],
                        dtype="str")


def in_one_form(cells: Cells) -> Texts:
    """The cells of the declared columns, equal figures written the same and blanks filled with defaults."""
    return _canonical(cells, TABLES[cells.table])


def settings_between(before: Node, after: Node) -> Iterator[Change]:
    """Every setting that differs."""
    old, new = _flat(before), _flat(after)
    for name in dict.fromkeys([*old, *new]):
        if old.get(name, "") != new.get(name, ""):
            change = "added" if not old.get(name) else "changed" if new.get(name) else "removed"
            yield "settings", change, "", name, old.get(name, ""), new.get(name, "")


def agreed_between(before: Source, after: Source) -> Iterator[Change]:
    """That another plan is agreed on, where it is."""
    old, new = before.agreed_plan, after.agreed_plan
    if (old is None) != (new is None) or (old and new and old.path.resolve() != new.path.resolve()):
        texts = ["" if one is None else one.entry.text.strip() for one in (old, new)]
        change = "added" if old is None else "removed" if new is None else "changed"
        yield "settings", change, "", "agreed_plan", texts[0], texts[1]


def _flat(tree: Node, path: str = "") -> dict[str, str]:
    if not tree.is_mapping:
        return {path: tree.text}
    return {
        name: text
        for part, child in tree.items()
        for name, text in _flat(child, f"{path}.{part}".lstrip(".")).items()
    }


def changes_between(table: Table, before: Cells | None, after: Cells | None) -> list[Change]:
    """Rows are the same row when their keys and spans are the same, or all their cells in tables without a
    key.
    """
    return [change for change, _ in _placed(table, before, after)]


def _placed(table: Table, before: Cells | None, after: Cells | None) -> list[Placed]:
    """Each change with the place of its row."""
    if before is after:
        return []
    was, now = (cells if cells is not None else no_cells(table.name) for cells in (before, after))
    old, new = _canonical(was, table), _canonical(now, table)
    keys = [*table.keys, *(("from", "to") if table.varies else ())] or list(old)
    old_keys, new_keys = (_row_keys(texts, keys) for texts in (old, new))
    old_rows = pd.Series(np.arange(len(old_keys)), index=old_keys).reindex(new_keys).to_numpy()
    same = np.flatnonzero(~np.isnan(old_rows))
    removed_rows = np.setdiff1d(np.arange(len(old_keys)), old_rows[same].astype(int))
    values = [name for name in old if name not in keys]
    removed = [
        ((table.name, "removed", _row_text(old, row, keys), "", _row_text(old, row, values), ""),
         _row_place(was, row))
        for row in removed_rows.tolist()
    ]
    added = [
        ((table.name, "added", _row_text(new, row, keys), "", "", _row_text(new, row, values)),
         _row_place(now, row))
        for row in np.flatnonzero(np.isnan(old_rows)).tolist()
    ]
    changed = _changed_cells(table, old, new, old_rows[same].astype(int), same, keys=keys, values=values)
    return [*((change, now.where(row, change[3])) for row, change in changed), *removed, *added]


def _row_place(cells: Cells, row: int) -> str:
    return cells.where(row, "").removesuffix(", ")


def _changed_cells(table: Table, old: Texts, new: Texts, old_rows: np.ndarray, new_rows: np.ndarray, *,
                   keys: list[str], values: list[str]) -> list[tuple[int, Change]]:
    changed: list[tuple[int, int, Change]] = []
    for at, name in enumerate(values):
        before, after = old[name][old_rows], new[name][new_rows]
        for index in np.flatnonzero(before != after).tolist():
            row = int(new_rows[index])
            changed.append(
                (
                    row,
                    at,
                    (table.name, "changed", _row_text(new, row, keys), name, before[index], after[index]),
                )
            )
    return [(row, change) for row, _, change in sorted(changed)]


def _row_keys(texts: Texts, keys: list[str]) -> pd.MultiIndex:
    """The keys, and a count that tells equal ones apart."""
    frame = pd.DataFrame({name: texts[name] for name in keys}, dtype=object)
    return pd.MultiIndex.from_frame(frame.assign(occurrence=frame.groupby(keys, sort=False).cumcount()))


def _canonical(cells: Cells, table: Table) -> Texts:
    """The cells, with equal numbers written the same and blanks filled with their defaults."""
    return {column.name: _canonical_column(cells.column(column.name), column) for column in table.columns}


def _canonical_column(texts: np.ndarray, column: Column) -> np.ndarray:
    default = "" if column.default is None else str(column.default)
    filled = np.where(np.equal(texts, "").astype(bool), default, texts)
    if column.kind not in ("number", "whole"):
        return filled
    codes, different = pd.factorize(filled)
    numbers = parsed_numbers(np.asarray(different, dtype=object))
    written = [
        text if np.isnan(number) else f"{number:.15g}"
        for text, number in zip(different, numbers, strict=True)
    ]
    return np.array(written, dtype=object)[codes] if len(codes) else filled


def _row_text(texts: Texts, row: int, names: list[str]) -> str:
    """The filled-in cells of a row, by name."""
    cells = ((name, texts[name][row]) for name in names)
    return ", ".join(f"{name}={value}" for name, value in cells if value != "")
