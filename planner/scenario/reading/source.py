"""A scenario as it was written: the description in scenario.yaml and the cells of the tables, nothing
interpreted yet.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from planner.errors import Problem
from planner.scenario.calendar import Bucket
from planner.scenario.columns import Table
from planner.scenario.lettering import name_fault, name_rule, text_fault, text_rule
from planner.scenario.reading.bucket import bucket_of
from planner.scenario.reading.cells import Cells, few, no_cells
from planner.scenario.reading.csv_file import read_csv
from planner.scenario.reading.node import Node, node_of
from planner.scenario.reading.records import read_records
from planner.scenario.reading.text_file import UnreadableError
from planner.scenario.reading.yaml_file import read_yaml
from planner.scenario.scenario import Scenario
from planner.scenario.schema import TABLES
from planner.scenario.settings import SECTIONS
from planner.scenario.suggestions import did_you_mean, quoted

DESCRIPTION = "scenario.yaml"
NAMES = ("name", "question", "base", "overrides", *SECTIONS)
TABLE_FILES = (".csv", ".parquet")
MAXIMUM_GENERATIONS = 50  # what-ifs of what-ifs; more than a handful is a slip, and each is read whole
# a table in such a file would be overlooked
LOOKALIKES = (".tsv", ".txt", ".xlsx", ".xls", ".ods", ".json", ".yaml", ".yml")


Base = str | Mapping[str, Any] | Scenario


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
    base: Base | None = None
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
    return _from_folder(folder_of(place), shown_as=shown_as)


def folder_of(place: str | os.PathLike[str]) -> Path:
    """The folder of the scenario; its scenario.yaml stands for it."""
    path = Path(place)
    return path.parent if path.name == DESCRIPTION and path.is_file() else path


def _from_folder(folder: Path, *, shown_as: str) -> Source:
    fault = folder_fault(folder)
    if fault:
        problem = Problem(fault, file=shown_as, code="scenario.folder")
        return Source(Node({}), problems=(problem,), complete=False, folder=folder)
    prefix = f"{shown_as}/" if shown_as else ""
    try:
        description, problems = read_yaml(folder / DESCRIPTION, file=prefix + DESCRIPTION)
        complete = description.is_mapping
    except UnreadableError as error:
        description, problems, complete = Node({}, file=prefix + DESCRIPTION), [error.problem], False
    files, wrong = _table_files(folder, prefix=prefix)
    bucket = partial(_bucket, description, folder)
    read = {
        name: _read_table(path, TABLES[name], bucket, file=prefix + path.name)
        for name, path in files.items()
    }
    return Source(
        description,
        _own_settings(description),
        {name: cells for name, (cells, _) in read.items()},
        problems=(*problems, *_description_problems(description), *wrong),
        table_problems={name: wrong for name, (_, wrong) in read.items() if wrong},
        complete=complete,
        folder=folder,
        base=_base_text(description),
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
                Problem(
                    "tables are read from .csv and .parquet files only",
                    file=prefix + path.name,
                    code="file.suffix",
                )
            )
        if suffix not in TABLE_FILES:
            continue
        if stem not in TABLES:
            reason = f"no such table{did_you_mean(stem, TABLES)}"
            problems.append(Problem(reason, file=prefix + path.name, code="file.unknown_table"))
        elif stem in files:
            problems.append(
                Problem(
                    f"the table is there twice: remove this file or {files[stem].name}",
                    file=prefix + path.name,
                    code="file.table_twice",
                )
            )
        else:
            files[stem] = path
    return {name: files[name] for name in TABLES if name in files}, problems


def _bucket(description: Node, folder: Path | None, *, generation: int = 0) -> Bucket:
    """The length of the scenario's periods, its own or inherited."""

    def of_base() -> Bucket:
        said = _base_text(description)
        if not said or generation > MAXIMUM_GENERATIONS:
            return "month"
        base = folder_of((folder or Path()) / said)
        try:
            described, _ = read_yaml(base / DESCRIPTION, file=DESCRIPTION)
            return _bucket(described, base, generation=generation + 1)
        except UnreadableError:  # reported when the base is read
            return "month"

    return bucket_of(description, of_base)


def _read_table(
    path: Path, table: Table, bucket: Callable[[], Bucket], *, file: str
) -> tuple[Cells, list[Problem]]:
    try:
        if path.suffix.lower() == ".parquet":
            # pyarrow takes its time, and is an extra
            from planner.scenario.reading.parquet_file import read_parquet

            cells = read_parquet(path, table, bucket(), file=file)
            return cells, _column_problems(cells, table)
        cells, problems = read_csv(path, table.name, file=file)
    except UnreadableError as error:
        return no_cells(table.name), [error.problem]
    return cells, [*problems, *_column_problems(cells, table)]


def _column_problems(cells: Cells, table: Table) -> list[Problem]:
    """Only declared columns are there, and all that must be."""
    declared = [column.name for column in table.columns]
    header = 1 if cells.file.endswith(TABLE_FILES) else None
    unknown = few([name for name in cells.columns if name not in declared], lambda name: Problem(
        f"no such column{did_you_mean(name, declared)}", file=cells.file, row=header, column=quoted(name),
        code=cells.code("", "unknown_column")), what="columns that are not known", file=cells.file)
    missing = [Problem("this column is missing", file=cells.file, row=header, column=column.name,
                       code=cells.code(column.name, "missing_column"))
               for column in table.columns if column.required and column.name not in cells.columns]
    return [*unknown, *missing]


def _from_mapping(scenario: Mapping[str, Any]) -> Source:
    given = scenario.get("base")
    base = given if isinstance(given, Mapping | Scenario) else None
    outside = {*TABLES, *(("base",) if base is not None else ())}
    description = node_of({str(name): value for name, value in scenario.items() if name not in outside})
    bucket = _bucket_of_mapping(scenario, description)
    read = {name: _records_table(scenario[name], TABLES[name], bucket) for name in TABLES if name in scenario}
    return Source(
        description,
        _own_settings(description),
        {name: cells for name, (cells, _) in read.items()},
        problems=tuple(_description_problems(description)),
        table_problems={name: wrong for name, (_, wrong) in read.items() if wrong},
        base=_base_text(description) if base is None else base,
    )


def _bucket_of_mapping(scenario: Mapping[str, Any], description: Node, *, generation: int = 0) -> Bucket:
    base = scenario.get("base")
    if isinstance(base, Scenario):
        return bucket_of(description, lambda: base.calendar.bucket)
    if isinstance(base, Mapping) and generation <= MAXIMUM_GENERATIONS:
        said = {name: base[name] for name in ("calendar", "overrides") if name in base}
        return bucket_of(
            description, lambda: _bucket_of_mapping(base, node_of(said), generation=generation + 1)
        )
    return _bucket(description, None)


def _records_table(records: object, table: Table, bucket: Bucket) -> tuple[Cells, list[Problem]]:
    try:
        cells = read_records(records, table, bucket)
    except UnreadableError as error:
        return no_cells(table.name), [error.problem]
    return cells, _column_problems(cells, table) if len(cells) else []


def _description_problems(description: Node) -> list[Problem]:
    """The description is a mapping of known names, and names the scenario."""
    if not description.is_mapping:
        reason = "must be a mapping of names to values, like name: Baseline"
        return [description.problem(reason, code="scenario.mapping")]
    unknown = [(name, child) for name, child in description.items() if name not in NAMES]
    problems = few(unknown, _unknown_name, what="settings that are not known", file=description.file)
    name, question = description.get("name"), description.get("question")
    if description.value and (name is None or not name.is_scalar or not name.text.strip()):
        reason = "must be given: it is what plans and reports call the scenario"
        problems.append((name or description).problem(reason, column="name", code="scenario.name.required"))
    elif name is not None and (fault := name_fault(name.text.strip())):
        problems.append(
            name.problem(
                name_rule(fault), column="name", value=quoted(name.text), code="scenario.name.letters"
            )
        )
    if question is not None and not question.is_scalar:
        reason = "must be a sentence"
        problems.append(question.problem(reason, column="question", code="scenario.question.text"))
    elif question is not None and (fault := text_fault(question.text)):
        problems.append(
            question.problem(
                text_rule(fault),
                column="question",
                value=quoted(question.text),
                code="scenario.question.letters",
            )
        )
    return problems


def _unknown_name(named: tuple[str, Node]) -> Problem:
    name, child = named
    if name in TABLES:
        reason = (
            f"tables stand in files of their own: put the rows into {name}.csv, or changes of the base's "
            f"under overrides"
        )
        return child.problem(reason, column=name, code="scenario.table")
    return child.problem(
        f"no such setting or table{did_you_mean(name, [*NAMES, *TABLES])}",
        column=quoted(name),
        code="scenario.unknown",
    )
