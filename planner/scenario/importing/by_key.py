"""Rows of one key become one row: their sums, or the last of them."""

import numpy as np
import pandas as pd

from planner.scenario.columns import Table
from planner.scenario.importing.files import FILE, ROW
from planner.scenario.importing.table_rows import measures_of
from planner.scenario.schema import TABLES


def keys_of(table: Table) -> list[str]:
    """The columns that tell the rows of a table apart; none where rows have no key."""
    return [*table.keys, *(("from", "to") if table.varies and table.keys else ())]


def one_row_a_key(table: str, frame: pd.DataFrame, rule: str) -> tuple[pd.DataFrame, list[str]]:
    """The frame with one row for each key, and what is wrong: rows of one key that cannot be added up.

    Quantities and amounts are added, other cells are the first that is filled in; with the rule `last`, all
    are those of the last row.
    """
    keys = [name for name in keys_of(TABLES[table]) if name in frame]
    twice = frame.duplicated(keys, keep=False) if keys else pd.Series(False, index=frame.index)
    if not twice.any():
        return frame, []
    rows = frame[twice]
    if rule == "last":
        return frame.drop_duplicates(keys, keep="last"), []
    if rule == "refuse":
        return frame, [_about_key(rows, keys, "is there twice")]
    sums = [name for name in measures_of(table) if name in frame]
    others = [name for name in frame.columns if name not in (*keys, *sums)]
    blankless = frame.where(frame != "", None)
    groups = blankless.groupby(keys, sort=False, dropna=False)
    wrong = [
        f"{_about_key(rows, keys, f'stands with more than one {name}')}. Make the key of more columns, like "
        "{join: [Order, Line]}, or say same_key: last"
        for name in others
        if _tells_apart(table, name) and (groups[name].nunique() > 1).any()
    ]
    parts = {name: groups[name].first() for name in others} | {
        name: groups[name].sum(min_count=1) for name in sums
    }
    merged = pd.DataFrame(parts).reset_index()[list(frame.columns)]
    texts = [name for name in merged.columns if merged[name].dtype == object and name != ROW]
    merged[texts] = merged[texts].where(merged[texts].notna(), "")
    return merged, wrong


def _tells_apart(table: str, name: str) -> bool:
    """Whether rows that differ in the column are about different things."""
    if name in (FILE, ROW):
        return False
    column = TABLES[table][name]
    return (
        column.kind == "name"
        and bool(column.refers_to)
        and table not in ("items", "sites", "markets", "customers")
    )


def _about_key(rows: pd.DataFrame, keys: list[str], what: str) -> str:
    first = rows.iloc[0]
    key = ", ".join(
        str(first[name]) for name in keys if not (isinstance(first[name], float) and np.isnan(first[name]))
    )
    return f"{key} ({first[FILE]} row {first[ROW]}) {what}"
