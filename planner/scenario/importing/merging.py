"""An import laid on the tables that are there: what imports wrote is renewed, what people wrote stays."""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from planner.scenario.importing.by_key import keys_of
from planner.scenario.importing.mapping_file import MASTERS
from planner.scenario.reading.typed import parsed_numbers
from planner.scenario.schema import TABLES

Row = dict[str, str]
Rows = dict[tuple[str, ...], Row]


@dataclass(frozen=True)
class TableChange:
    """What an import does to a table: rows before and after, and how many are new, gone or changed. `by_hand`
    counts cells and rows of people that stay although the files say something else.
    """

    table: str
    before: int
    after: int
    added: int
    removed: int
    changed: int
    by_hand: int
    examples: tuple[str, ...]


def merged_by_key(
    table: str, new: pd.DataFrame, *, old: pd.DataFrame, base: pd.DataFrame, keeps: bool
) -> tuple[pd.DataFrame, TableChange]:
    """The table after the import: `new` laid on `old`, where `base` is what the last import brought.

    A cell that differs from the last import's was written by a person and stays. With `keeps`, and in tables
    of masters, rows that the files no longer have stay, too.
    """
    columns = _columns(table, (old, new))
    keys = [name for name in keys_of(TABLES[table]) if name in columns]
    own, last, theirs = (_by_key(frame, keys) for frame in (old, base, new))
    merged: Rows = {}
    by_hand = 0
    for key, row in own.items():
        if key in theirs:
            merged[key], count = _merged_row(row, last.get(key, {}), theirs[key], was_imported=key in last)
            by_hand += count
        elif key not in last or keeps or table in MASTERS:
            merged[key] = row
    for key, row in theirs.items():
        if key not in own and (key not in last or table in MASTERS):
            merged[key] = row
    by_hand += sum(key in last and key not in own and table not in MASTERS for key in theirs)
    rows = [merged[key] for key in (sorted(merged) if table in MASTERS else merged)]
    frame = pd.DataFrame(
        [[row.get(name, "") for name in columns] for row in rows], columns=columns, dtype=object
    )
    return frame, _change(table, own, merged, by_hand=by_hand)


def _columns(table: str, frames: Iterable[pd.DataFrame]) -> list[str]:
    """The columns of either, in the schema's order, and then those that only people know."""
    names = dict.fromkeys(name for frame in frames for name in frame.columns)
    declared = [column.name for column in TABLES[table].columns if column.name in names]
    return [*declared, *(name for name in names if name not in declared)]


def _by_key(frame: pd.DataFrame, keys: list[str]) -> Rows:
    cells = frame.reindex(columns=list(dict.fromkeys([*keys, *frame.columns])), fill_value="").fillna("")
    records = cells.to_dict("records")
    return {
        tuple(str(record[name]) for name in keys): {str(k): str(v) for k, v in record.items()}
        for record in records
    }


def _merged_row(own_row: Row, last: Row, theirs: Row, *, was_imported: bool) -> tuple[Row, int]:
    """The row after the import, and how many cells of a person's stay in it against the files."""
    merged, by_hand = dict(own_row), 0
    for name, cell in theirs.items():
        own = own_row.get(name, "")
        if same(own, cell):
            continue
        is_own = not same(own, last.get(name, "")) if was_imported else own != ""
        if is_own:
            by_hand += 1
        else:
            merged[name] = cell
    return merged, by_hand


def same(one: str, other: str) -> bool:
    """Whether two cells say the same: 5 and 5.0 do."""
    if one == other:
        return True
    values = parsed_numbers(pd.Series([one, other], dtype=object).to_numpy()) if one and other else None
    return values is not None and bool(values[0] == values[1])


def _change(table: str, before: Rows, after: Rows, *, by_hand: int) -> TableChange:
    added = [key for key in after if key not in before]
    removed = [key for key in before if key not in after]
    changed = [
        key
        for key, row in after.items()
        if key in before and any(not same(cell, before[key].get(name, "")) for name, cell in row.items())
    ]
    examples = [
        *(f"new: {_key_text(key)}" for key in added[:3]),
        *(f"gone: {_key_text(key)}" for key in removed[:3]),
        *(_row_change(key, before[key], after[key]) for key in changed[:3]),
    ]
    return TableChange(
        table,
        len(before),
        len(after),
        added=len(added),
        removed=len(removed),
        changed=len(changed),
        by_hand=by_hand,
        examples=tuple(examples) if before else (),
    )


def _key_text(key: tuple[str, ...]) -> str:
    return ", ".join(part for part in key if part)


def _row_change(key: tuple[str, ...], before: Row, after: Row) -> str:
    cells = [
        f"{name} {before.get(name) or 'blank'} -> {cell or 'blank'}"
        for name, cell in after.items()
        if not same(cell, before.get(name, ""))
    ]
    return f"{_key_text(key)}: {', '.join(cells[:3])}"


def replaced(
    table: str, new: pd.DataFrame, *, old: pd.DataFrame, keeps: bool
) -> tuple[pd.DataFrame, TableChange]:
    """A table whose rows have no key after the import: the new rows, and with `keeps` those of the old rows
    that lie on other days than the new ones.
    """
    columns = _columns(table, (old, new))
    cells = [frame.reindex(columns=columns, fill_value="").fillna("") for frame in (old, new)]
    if keeps and "date" in columns and len(old) and len(new):
        first, last = cells[1]["date"].min(), cells[1]["date"].max()
        stay = cells[0][(cells[0]["date"] < first) | (cells[0]["date"] > last)]
        merged = pd.concat(
            [stay[stay["date"] < first], cells[1], stay[stay["date"] > last]], ignore_index=True
        )
    else:
        merged = cells[1].reset_index(drop=True)
    before, after = (
        pd.Series(list(map(tuple, frame.to_numpy()))).value_counts() for frame in (cells[0], merged)
    )
    more = after.sub(before, fill_value=0)
    change = TableChange(
        table,
        len(old),
        len(merged),
        added=int(more[more > 0].sum()),
        removed=int(-more[more < 0].sum()),
        changed=0,
        by_hand=0,
        examples=(),
    )
    return merged, change
