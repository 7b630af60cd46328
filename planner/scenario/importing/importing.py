"""Files of other systems in, a scenario out: read, bring together, lay on what is there, write, check."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from planner.errors import PlannerError, Problem, ScenarioError
from planner.glance import in_short
from planner.scenario.calendar import Bucket
from planner.scenario.importing.account import Account, all_left_out
from planner.scenario.importing.by_key import keys_of, one_row_a_key
from planner.scenario.importing.mapping_file import MappingFile, read_mapping
from planner.scenario.importing.masters import made_masters, with_one_buyer
from planner.scenario.importing.merging import TableChange
from planner.scenario.importing.standing import Standing
from planner.scenario.importing.table_rows import TableRows, read_all, rows_in_words
from planner.scenario.importing.written_form import calendar_after, cells_of_frame
from planner.scenario.schema import TABLES
from planner.text_cells import plain_texts

Frames = dict[str, pd.DataFrame]


@dataclass(frozen=True)
class ImportResult:
    """What an import did: an account of every read, the changes of every table, what was recognised about the
    files, notes, and what is wrong with the scenario as it now stands.
    """

    folder: Path
    accounts: tuple[Account, ...]
    changes: tuple[TableChange, ...]
    recognised: tuple[str, ...]
    notes: tuple[str, ...]
    problems: tuple[Problem, ...]

    @property
    def left_out(self) -> pd.DataFrame:
        """Every row that is in no table: read, file, row, reason and its figures."""
        return all_left_out(self.accounts)

    @property
    def is_unchanged(self) -> bool:
        """Whether the scenario says what it said before."""
        return not any(change.added or change.removed or change.changed for change in self.changes)


@plain_texts()
def import_files(
    files: Sequence[str | os.PathLike[str]],
    mapping: str | os.PathLike[str] | Mapping[str, Any],
    output: str | os.PathLike[str],
    *,
    overwrite: bool = False,
) -> ImportResult:
    """The scenario in the folder `output` holds what the `files` say, and what became of every row is known.

    The `mapping` is a YAML file, a dict of the same form, or {"profile": "hubspot"}. The folder may hold a
    scenario: tables that the mapping does not write stay as they are, and so do cells and rows that people
    wrote. A table without a key that people changed is refused, unless `overwrite` is given. ScenarioError
    lists every problem; then nothing is written.
    """
    paths = _files(files)
    read = read_mapping(mapping)
    folder = Path(output)
    standing = Standing.of(folder)
    brought = read_all(read, paths)
    problems = [problem for one in brought.values() for problem in one.problems]
    if problems:
        raise ScenarioError("the import", problems)
    if not any(one.account is not None for one in brought.values()):
        names = ", ".join(path.name for path in paths)
        reason = f"none of the files ({names}) has the columns by which it knows its files"
        raise ScenarioError("the import", [read.problem(reason, ("reads",), word="missing_file")])
    brought = {name: one for name, one in brought.items() if one.account is not None}
    frames, notes = _tables(read, brought)
    bucket = standing.bucket or _bucket(read)
    settings = _settings(read, frames, bucket)
    cells = {name: cells_of_frame(name, frame, bucket) for name, frame in frames.items()}
    accounts = tuple(one.account for one in brought.values() if one.account is not None)
    added = frozenset(one.table for one in read.mapping.reads.values() if one.again == "add")
    laid = standing.with_tables(cells, adds=added, overwrite=overwrite)
    laid.write(read, name=read.mapping.name or folder.resolve().name, settings=settings, accounts=accounts)
    recognised = tuple(dict.fromkeys(note for one in brought.values() for note in one.recognised))
    return ImportResult(
        folder, accounts, laid.changes, recognised=recognised, notes=tuple(notes), problems=_checked(folder)
    )


def _files(files: Sequence[str | os.PathLike[str]]) -> list[Path]:
    if isinstance(files, str | os.PathLike):
        files = [files]
    if not isinstance(files, Sequence) or not files:
        raise PlannerError(f"{in_short(files)} are no files. Give a list of them")
    paths = [Path(file) for file in files]
    missing = [
        Problem("there is no such file", file=str(path), code="import.missing_file")
        for path in paths
        if not path.is_file()
    ]
    if missing:
        raise ScenarioError("the import", missing)
    return paths


def _bucket(read: MappingFile) -> Bucket:
    calendar = read.mapping.settings.get("calendar")
    return "week" if isinstance(calendar, dict) and calendar.get("bucket") == "week" else "month"


def _tables(read: MappingFile, brought: Mapping[str, TableRows]) -> tuple[Frames, list[str]]:
    """The tables that the files make, masters included; ScenarioError where rows of one key cannot be one."""
    parts: dict[str, list[pd.DataFrame]] = {}
    notes: list[str] = []
    problems: list[Problem] = []
    for name, rows in brought.items():
        table = read.mapping.reads[name].table
        frame = with_one_buyer(table, rows.frame)
        if TABLES[table].keys and keys_of(TABLES[table]):
            frame, wrong = one_row_a_key(table, frame, read.mapping.reads[name].same_key)
            problems += [read.problem(one, ("reads", name, "same_key"), word="same_key") for one in wrong]
        parts.setdefault(table, []).append(frame)
    if problems:
        raise ScenarioError("the import", problems)
    masters, master_notes = made_masters(
        [(read.mapping.reads[name].table, rows) for name, rows in brought.items()])
    for master, frame in masters.items():
        parts.setdefault(master, []).append(frame)
    tables = {name: _joined(name, frames) for name, frames in parts.items()}
    return tables, [*notes, *master_notes, *_penalty_note(read, tables.get("inventory"))]


def _penalty_note(read: MappingFile, inventory: pd.DataFrame | None) -> list[str]:
    """What to add to the mapping where safety stock comes without a penalty: no other system has one."""
    if inventory is None or "safety_stock" not in inventory or "safety_stock_penalty" in inventory:
        return []
    count = int((pd.to_numeric(inventory["safety_stock"]) > 0).sum())
    reads = [name for name, one in read.mapping.reads.items() if "safety_stock" in one.columns]
    profile = f"profile: {read.mapping.profile}, " if read.mapping.profile else ""
    mapping = f"{{{profile}reads: {{{reads[0]}: {{columns: {{safety_stock_penalty: {{value: 5}}}}}}}}}}"
    note = (
        f"safety stock stands in {rows_in_words(count)}, and nothing says what a unit missing costs in a "
        f"period. Give the mapping {mapping}, with your cost in place of 5, or fill in inventory.csv"
    )
    return [note] if count else []


def _joined(table: str, frames: list[pd.DataFrame]) -> pd.DataFrame:
    """The rows of several reads of one table: cells that one leaves blank are another's."""
    if len(frames) == 1:
        return frames[0]
    rows = pd.concat(frames, ignore_index=True)
    texts = [name for name in rows.columns if rows[name].dtype == object]
    rows[texts] = rows[texts].where(rows[texts].notna(), "")
    keys = [name for name in keys_of(TABLES[table]) if name in rows]
    if not keys:
        return rows
    filled = rows.where(rows != "", None)
    return filled.groupby(keys, sort=False, dropna=False).first().reset_index()


def _settings(read: MappingFile, frames: Frames, bucket: Bucket) -> dict[str, Any]:
    """The settings of a new scenario: the mapping's, a calendar that starts after the last day on record, and
    what lines below 0 do.
    """
    settings = dict(read.mapping.settings)
    calendar = settings.get("calendar")
    own = calendar if isinstance(calendar, dict) else {}
    if "start" not in own:
        settings["calendar"] = calendar_after(frames, bucket) | own
    nets = any(one.negative == "net" and one.table == "order_history" for one in read.mapping.reads.values())
    if nets:
        forecast = settings.get("forecast")
        settings["forecast"] = {"returns": "net"} | (forecast if isinstance(forecast, dict) else {})
    return settings


def _checked(folder: Path) -> tuple[Problem, ...]:
    from planner.scenario.load import check  # which reads scenarios, and this package is part of that

    return tuple(check(folder))
