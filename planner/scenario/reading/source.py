"""A scenario as it was written: the description in scenario.yaml and the cells of the tables, nothing
interpreted yet.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from planner.errors import Problem
from planner.scenario.columns import Table
from planner.scenario.reading.cells import Cells, cells_of, few, no_cells
from planner.scenario.reading.csv_file import read_csv
from planner.scenario.reading.node import Node, cell_text, node_of
from planner.scenario.reading.text_file import UnreadableError
from planner.scenario.reading.yaml_file import read_yaml
from planner.scenario.schema import TABLES
from planner.scenario.settings import SECTIONS
from planner.scenario.suggestions import did_you_mean, quoted

DESCRIPTION = "scenario.yaml"
NAMES = ("name", "question", "base", "overrides", *SECTIONS)
TABLE_FILES = (".csv", ".parquet")
# a table in such a file would be overlooked
LOOKALIKES = (".tsv", ".txt", ".xlsx", ".xls", ".ods", ".json", ".yaml", ".yml")


@dataclass(frozen=True)
class Source:
    """What was written: description, settings, the tables that are there, and what is wrong with them so far.

    `table_problems` are those of a table's shape, by table; `complete` is False when it is not even known
    which tables there are. `base` is what the scenario starts from, as given; `parent` is the same, read and
    resolved.
    """

    description: Node
    settings: Node = field(default_factory=lambda: Node({}))
    tables: Mapping[str, Cells] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    table_problems: Mapping[str, Sequence[Problem]] = field(default_factory=dict)
    complete: bool = True
    folder: Path | None = None
    base: str | Mapping[str, Any] | None = None
    parent: "Source | None" = None

    @property
    def broken(self) -> frozenset[str]:
        """The tables of which something could not be read, so that nothing can be concluded from their
        rows.
        """
        return frozenset(self.table_problems if self.complete else TABLES)


def read_source(place: str | os.PathLike[str] | Mapping[str, Any], *, shown_as: str = "") -> Source:
    """The scenario in a folder or in a dict. `shown_as` is how messages call the folder, seen from the one
    being loaded.
    """
    if isinstance(place, Mapping):
        return _from_mapping(place)
    return _from_folder(Path(place), shown_as=shown_as)


def _from_folder(folder: Path, *, shown_as: str) -> Source:
    fault = folder_fault(folder)
    if fault:
        return Source(Node({}), problems=(Problem(fault, file=shown_as),), complete=False, folder=folder)
    prefix = f"{shown_as}/" if shown_as else ""
    try:
        description, problems = read_yaml(folder / DESCRIPTION, file=prefix + DESCRIPTION)
        complete = description.is_mapping
    except UnreadableError as error:
        description, problems, complete = Node({}, file=prefix + DESCRIPTION), [error.problem], False
    files, wrong = _table_files(folder, prefix=prefix)
    read = {name: _read_table(path, TABLES[name], file=prefix + path.name) for name, path in files.items()}
    return Source(
        description,
        _own_settings(description),
        {name: cells for name, (cells, _) in read.items()},
        (*problems, *_description_problems(description), *wrong),
        {name: wrong for name, (_, wrong) in read.items() if wrong},
        complete,
        folder,
        _base_text(description),
    )


def _own_settings(description: Node) -> Node:
    """The sections of settings, without name, base and overrides."""
    sections = (
        {name: child for name, child in description.items() if name in SECTIONS}
        if description.is_mapping
        else {}
    )
    return Node(sections, file=description.file, line=description.line)


def _base_text(description: Node) -> str | None:
    said = description.get("base")
    return said.text.strip() if said is not None else None


def folder_fault(folder: Path) -> str:
    """Why the folder cannot hold a scenario; empty when it can."""
    try:
        return _folder_fault(folder)
    except OSError as error:
        return f"cannot be read: {error.strerror}"


def _folder_fault(folder: Path) -> str:
    if folder.suffix.lower() in (".xlsx", ".xls", ".ods"):
        return (
            "workbooks are not read by this version. Save each sheet as a CSV file in a folder, beside "
            "scenario.yaml"
        )
    if not folder.exists():
        beside = folder.parent.glob(f"*/{DESCRIPTION}") if folder.parent.is_dir() else ()
        return f"there is no such folder{did_you_mean(folder.name, [path.parent.name for path in beside])}"
    if not folder.is_dir():
        return f"is a file: give the folder that holds {DESCRIPTION}"
    if not (folder / DESCRIPTION).exists():
        other = next(
            (found for found in ("scenario.yml", "Scenario.yaml", "plan.json") if (folder / found).exists()),
            None,
        )
        if other == "plan.json":
            return "is the folder of a plan, not of a scenario"
        return f"has no {DESCRIPTION}" + (f"; rename {other} to {DESCRIPTION}" if other else "")
    next(folder.iterdir())
    return ""


def _table_files(folder: Path, *, prefix: str) -> tuple[dict[str, Path], list[Problem]]:
    """The file of each table that is there; files that look like tables and are none are problems."""
    files: dict[str, Path] = {}
    problems: list[Problem] = []
    for path in sorted(folder.iterdir()):
        stem, suffix = path.stem, path.suffix.lower()
        if path.name.startswith((".", "~")):
            continue
        if suffix in LOOKALIKES and stem in TABLES:
            problems.append(
                Problem("tables are read from .csv and .parquet files only", file=prefix + path.name)
            )
        if suffix not in TABLE_FILES:
            continue
        if stem not in TABLES:
            problems.append(Problem(f"no such table{did_you_mean(stem, TABLES)}", file=prefix + path.name))
        elif stem in files:
            problems.append(
                Problem(
                    f"the table is there twice: remove this file or {files[stem].name}",
                    file=prefix + path.name,
                )
            )
        else:
            files[stem] = path
    return {name: files[name] for name in TABLES if name in files}, problems


def _read_table(path: Path, table: Table, *, file: str) -> tuple[Cells, list[Problem]]:
    try:
        if path.suffix.lower() == ".parquet":
            # pyarrow takes its time, and is an extra
            from planner.scenario.reading.parquet_file import read_parquet

            cells, problems = read_parquet(path, table.name, file=file)
        else:
            cells, problems = read_csv(path, table.name, file=file)
    except UnreadableError as error:
        return no_cells(table.name), [error.problem]
    return cells, [*problems, *_column_problems(cells, table)]


def _column_problems(cells: Cells, table: Table) -> list[Problem]:
    """Only declared columns are there, and all that must be."""
    declared = [column.name for column in table.columns]
    header = 1 if cells.file.endswith(TABLE_FILES) else None
    unknown = few([name for name in cells.columns if name not in declared], lambda name: Problem(
        f"no such column{did_you_mean(name, declared)}", file=cells.file, row=header, column=quoted(name)),
        what="columns that are not known", file=cells.file)
    missing = [Problem("this column is missing", file=cells.file, row=header, column=column.name)
               for column in table.columns if column.required and column.name not in cells.columns]
    return [*unknown, *missing]


def _from_mapping(scenario: Mapping[str, Any]) -> Source:
    base = scenario.get("base")
    outside = {*TABLES, *(("base",) if isinstance(base, Mapping) else ())}
    description = node_of({str(name): value for name, value in scenario.items() if name not in outside})
    read = {name: _records_table(scenario[name], TABLES[name]) for name in TABLES if name in scenario}
    return Source(
        description,
        _own_settings(description),
        {name: cells for name, (cells, _) in read.items()},
        tuple(_description_problems(description)),
        {name: wrong for name, (_, wrong) in read.items() if wrong},
        base=base if isinstance(base, Mapping) else _base_text(description),
    )


def _records_table(records: object, table: Table) -> tuple[Cells, list[Problem]]:
    try:
        cells = _from_records(records, table.name)
    except UnreadableError as error:
        return no_cells(table.name), [error.problem]
    return cells, _column_problems(cells, table) if len(cells) else []


def _from_records(records: object, table: str) -> Cells:
    """The cells of a list of records; the first record is row 1."""
    if not isinstance(records, Sequence) or isinstance(records, str | bytes):
        raise UnreadableError(Problem("must be a list of records", file=table))
    for row, record in enumerate(records, start=1):
        if not isinstance(record, Mapping):
            raise UnreadableError(
                Problem("must be a record: a mapping of columns to values", file=table, row=row)
            )
        nested = next(
            (name for name, value in record.items() if isinstance(value, Mapping | list | tuple | set)), None
        )
        if nested is not None:
            raise UnreadableError(Problem("must be a single value", file=table, row=row, column=str(nested)))
    names = list(dict.fromkeys(str(name) for record in records for name in record))
    columns = {name: [cell_text(record.get(name)).strip() for record in records] for name in names}
    return cells_of(table, columns, np.arange(1, len(records) + 1, dtype=np.int64), file=table)


def _description_problems(description: Node) -> list[Problem]:
    """The description is a mapping of known names, and names the scenario."""
    if not description.is_mapping:
        return [description.problem("must be a mapping of names to values, like name: Baseline")]
    unknown = [(name, child) for name, child in description.items() if name not in NAMES]
    problems = few(unknown, _unknown_name, what="settings that are not known", file=description.file)
    name, question = description.get("name"), description.get("question")
    if description.value and (name is None or not name.is_scalar or not name.text.strip()):
        reason = "must be given: it is what plans and reports call the scenario"
        problems.append((name or description).problem(reason, column="name"))
    if question is not None and not question.is_scalar:
        problems.append(question.problem("must be a sentence", column="question"))
    return problems


def _unknown_name(named: tuple[str, Node]) -> Problem:
    name, child = named
    if name in TABLES:
        reason = (
            f"tables stand in files of their own: put the rows into {name}.csv, or changes of the base's "
            f"under overrides"
        )
        return child.problem(reason, column=name)
    return child.problem(
        f"no such setting or table{did_you_mean(name, [*NAMES, *TABLES])}", column=quoted(name)
    )
