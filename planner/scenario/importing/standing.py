"""The scenario that an import is laid on: its tables, what the last import wrote, and how both are kept."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from planner.csv_tables import csv_text
from planner.errors import OutputError, Problem, ScenarioError
from planner.scenario.calendar import Bucket
from planner.scenario.importing.account import Account, all_left_out
from planner.scenario.importing.by_key import keys_of
from planner.scenario.importing.mapping_file import MappingFile
from planner.scenario.importing.merging import TableChange, merged_by_key, replaced
from planner.scenario.importing.written_form import as_cells
from planner.scenario.reading.bucket import bucket_of
from planner.scenario.reading.csv_file import read_csv
from planner.scenario.reading.places import read_source
from planner.scenario.reading.source import Source
from planner.scenario.reading.text_file import UnreadableError
from planner.scenario.reading.yaml_file import read_yaml
from planner.scenario.schema import TABLES
from planner.writing import whole_folder

DESCRIPTION = "scenario.yaml"
RECORD = "import"  # the folder in which the last import is on record
LIST = "import.json"
LEFT_OUT = "left_out.csv"


@dataclass(frozen=True)
class Standing:
    """A scenario folder, or a place for one: the tables that will stand there, and what changed in them.
    `last` is what the last import brought, `hashes` fingerprints of what it wrote.
    """

    folder: Path
    bucket: Bucket | None
    source: Source | None = None
    last: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    hashes: Mapping[str, str] = field(default_factory=dict)
    brought: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    changes: tuple[TableChange, ...] = ()

    @staticmethod
    def of(folder: Path) -> "Standing":
        """The scenario in the folder, if there is one; OutputError where something else is."""
        if folder.is_file():
            raise OutputError(f"{folder}: this is a file. Name the folder of a scenario")
        if not (folder / DESCRIPTION).is_file():
            if folder.is_dir() and any(folder.iterdir()):
                raise OutputError(
                    f"{folder}: holds files, but no {DESCRIPTION}. Name the folder of a scenario, "
                    "or a new one"
                )
            return Standing(folder, None)
        try:
            description, _ = read_yaml(folder / DESCRIPTION, file=DESCRIPTION)
        except UnreadableError as error:
            raise ScenarioError(str(folder), [error.problem]) from None
        record = _record(folder / RECORD / LIST)
        last = {
            name: _read(folder / RECORD / f"{name}.csv", name)
            for name in record
            if (folder / RECORD / f"{name}.csv").is_file()
        }
        bucket = bucket_of(description, lambda: "month")
        return Standing(folder, bucket, source=read_source(folder), last=last, hashes=record)

    def with_tables(
        self, brought: Mapping[str, pd.DataFrame], *, adds: frozenset[str], overwrite: bool
    ) -> "Standing":
        """The same with what an import brought laid on its tables; ScenarioError where that would lose what
        people wrote.
        """
        problems = [problem for name in brought for problem in self._in_the_way(name, overwrite=overwrite)]
        if problems:
            raise ScenarioError(str(self.folder), problems)
        tables, changes = {}, []
        for name, frame in brought.items():
            old = self._old(name)
            if keys_of(TABLES[name]):
                base = self.last.get(name, frame.iloc[:0])
                tables[name], change = merged_by_key(name, frame, old=old, base=base, keeps=name in adds)
            else:
                tables[name], change = replaced(name, frame, old=old, keeps=name in adds)
            changes.append(change)
        return replace(self, brought=brought, tables=tables, changes=tuple(changes))

    def _in_the_way(self, name: str, *, overwrite: bool) -> list[Problem]:
        """Whatever would be lost by writing the table."""
        if (self.folder / f"{name}.parquet").is_file():
            return [
                Problem(
                    f"imports write {name}.csv, and a table stands in one file only. Move this one away",
                    file=f"{name}.parquet",
                    code="import.parquet",
                )
            ]
        file = self.folder / f"{name}.csv"
        if (
            overwrite
            or not file.is_file()
            or keys_of(TABLES[name])
            or _hash(file.read_bytes()) == self.hashes.get(name)
        ):
            return []
        since = (
            "was changed by hand since the last import"
            if name in self.hashes
            else "was not written by an import"
        )
        return [
            Problem(
                f"{since}, and the import would replace it. Move it away, or say --overwrite",
                file=file.name,
                code="import.by_hand",
            )
        ]

    def _old(self, name: str) -> pd.DataFrame:
        """The table as it stands, read as scenarios are: people may have saved it with Excel."""
        source = self.source
        if source is None or name not in source.tables:
            return pd.DataFrame()
        wrong = [one for one in source.table_problems.get(name, ()) if one.severity == "error"]
        if wrong:
            raise ScenarioError(str(self.folder), wrong)
        return pd.DataFrame(dict(source.tables[name].columns), dtype=object)

    def write(
        self, read: MappingFile, *, name: str, settings: Mapping[str, Any], accounts: Sequence[Account]
    ) -> None:
        """The folder holds the tables, the record of this import and, where there was none, a scenario.yaml.
        A folder that holds just that already is not touched.
        """
        files = {f"{table}.csv": csv_text(frame).encode() for table, frame in self.tables.items()}
        description = self.folder / DESCRIPTION
        files[DESCRIPTION] = (
            description.read_bytes() if description.is_file() else _description(name, settings, read).encode()
        )
        hashes = dict(self.hashes) | {table: _hash(files[f"{table}.csv"]) for table in self.tables}
        record = {
            f"{table}.csv": csv_text(frame).encode()
            for table, frame in (
                dict(self.last)
                | {name: frame for name, frame in self.brought.items() if keys_of(TABLES[name])}
            ).items()
        }
        record[LIST] = (json.dumps({"tables": dict(sorted(hashes.items()))}, indent=1) + "\n").encode()
        record[LEFT_OUT] = csv_text(as_cells(all_left_out(accounts))).encode()
        recorded = {f"{RECORD}/{name}": content for name, content in record.items()}
        if all(_holds(self.folder / name, content) for name, content in (files | recorded).items()):
            return
        with whole_folder(self.folder, own=[*files, RECORD], marker=DESCRIPTION) as new:
            (new / RECORD).mkdir()
            for file, content in (files | recorded).items():
                (new / file).write_bytes(content)


def _description(name: str, settings: Mapping[str, Any], read: MappingFile) -> str:
    """The scenario.yaml of a new scenario."""
    if "start" not in settings.get("calendar", {}):
        reason = (
            "the files have no orders or deals that say when to start: say settings: {calendar: "
            "{start: 2026-01, periods: 12}}"
        )
        raise ScenarioError("the import", [read.problem(reason, ("settings",), word="no_calendar")])
    lines = [f"name: {json.dumps(name, ensure_ascii=False)}"]
    lines += [f"{section}: {json.dumps(value, ensure_ascii=False)}" for section, value in settings.items()]
    return "\n".join(lines) + "\n"


def _record(file: Path) -> dict[str, str]:
    try:
        tables = json.loads(file.read_text(encoding="utf-8"))["tables"]
        return {str(name): str(hashed) for name, hashed in tables.items() if name in TABLES}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}  # none yet, or damaged: then all tables are people's


def _read(file: Path, table: str) -> pd.DataFrame:
    try:
        read = read_csv(file, TABLES[table], file=file.name)
    except UnreadableError as error:
        raise ScenarioError(str(file.parent), [error.problem]) from None
    cells, problems = read.cells, [one for one in read.problems if one.severity != "note"]
    if problems:
        raise ScenarioError(str(file.parent), problems)
    return pd.DataFrame({name: cells.columns[name] for name in cells.columns}, dtype=object)


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _holds(file: Path, content: bytes) -> bool:
    return file.is_file() and file.read_bytes() == content
