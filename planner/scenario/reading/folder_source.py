"""The scenario in a folder: scenario.yaml, and a file for each table."""

import re
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

from planner.errors import Problem
from planner.scenario.calendar import Bucket
from planner.scenario.columns import Table
from planner.scenario.reading.cells import Cells, no_cells
from planner.scenario.reading.csv_file import read_csv
from planner.scenario.reading.description import (
    base_text,
    description_problems,
    own_settings,
    with_agreed_plan,
)
from planner.scenario.reading.headings import column_problems
from planner.scenario.reading.node import Node
from planner.scenario.reading.recognition.formats import Formats, read_formats
from planner.scenario.reading.recognition.recognise import recognised
from planner.scenario.reading.source import DESCRIPTION, Source
from planner.scenario.reading.sql_table import queries_of, read_query
from planner.scenario.reading.text_file import UnreadableError
from planner.scenario.reading.yaml_file import read_yaml
from planner.scenario.schema import TABLES
from planner.scenario.suggestions import did_you_mean

TABLE_FILES = (".csv", ".parquet")
# a table in such a file would be overlooked
LOOKALIKES = (".tsv", ".txt", ".xlsx", ".xls", ".ods", ".json", ".yaml", ".yml")
# how Windows, macOS and browsers call the copy of a file, and Excel that of a sheet
COPY = re.compile(
    r"(?:(?:copy of|kopie von|copie de) )?(?P<of>.+?)(?: ?-? ?(?:copy|kopie|copie|copia))?"
    r"(?: ?\(\d+\)| \d+)?",
    re.IGNORECASE,
)

BucketOf = Callable[[Node, Path], Bucket]


def folder_source(folder: Path, *, shown_as: str, bucket_of_base: BucketOf) -> Source:
    """The scenario in the folder; `shown_as` is how messages call it."""
    prefix = f"{shown_as}/" if shown_as else ""
    try:
        description, problems = read_yaml(folder / DESCRIPTION, file=prefix + DESCRIPTION)
        complete = description.is_mapping
    except UnreadableError as error:
        description, problems, complete = Node({}, file=prefix + DESCRIPTION), [error.problem], False
    formats, wrong_formats = read_formats(description)
    files, wrong = _table_files(folder, prefix=prefix)
    bucket = cache(partial(bucket_of_base, description, folder))
    read = {
        name: _read_table(path, TABLES[name], bucket, file=prefix + path.name, formats=formats[name])
        for name, path in files.items()
    }
    queries, wrong_queries = queries_of(description)
    for name, query in queries.items():
        if name in files:
            reason = f"the table is there twice: remove the query or {files[name].name}"
            twice = query.place.problem(reason, column=f"tables.{name}", code="file.table_twice")
            wrong_queries.append(twice)
        else:
            read[name] = read_query(query, TABLES[name], bucket)
    notes, faults = sorted_out({name: problems_of for name, (_, problems_of) in read.items()})
    return Source(
        with_agreed_plan(description),
        own_settings(description),
        {name: read[name][0] for name in TABLES if name in read},
        problems=(
            *problems, *description_problems(description), *wrong_formats, *wrong, *wrong_queries, *notes,
        ),
        table_problems=faults,
        complete=complete,
        place=folder,
        base=base_text(description),
    )


def sorted_out(by_table: dict[str, list[Problem]]) -> tuple[list[Problem], dict[str, list[Problem]]]:
    """What was recognised in the tables, and what is wrong with them, by table."""
    notes = [one for problems in by_table.values() for one in problems if one.severity == "note"]
    faults = {name: [one for one in problems if one.severity != "note"]
              for name, problems in by_table.items()}
    return notes, {name: problems for name, problems in faults.items() if problems}


def copy_of(stem: str) -> str:
    """The table that a file or sheet is a copy of by its name, like items - Copy or items (2); else empty."""
    match = COPY.fullmatch(stem)
    of = match["of"].strip() if match is not None else ""
    return of if of in TABLES and of != stem else ""


def _table_files(folder: Path, *, prefix: str) -> tuple[dict[str, Path], list[Problem]]:
    """The file of each table that is there; files that look like tables and are none are problems."""
    files: dict[str, Path] = {}
    problems: list[Problem] = []
    for path in sorted(folder.iterdir()):
        stem, suffix = path.stem, path.suffix.lower()
        if path.name.startswith((".", "~")):
            continue
        if suffix in LOOKALIKES and stem in TABLES:
            reason = "tables are read from .csv and .parquet files only"
            problems.append(Problem(reason, file=prefix + path.name, code="file.suffix"))
        if suffix not in TABLE_FILES:
            continue
        if stem in TABLES and stem not in files:
            files[stem] = path
            continue
        reason, code = _no_table(stem, files)
        problems.append(Problem(reason, file=prefix + path.name, code=f"file.{code}"))
    return {name: files[name] for name in TABLES if name in files}, problems


def _no_table(stem: str, files: dict[str, Path]) -> tuple[str, str]:
    """Why the file is not read as a table, and the kind of problem."""
    if stem in files:
        return f"the table is there twice: remove this file or {files[stem].name}", "table_twice"
    if copy_of(stem):
        return f"is a copy of the table {copy_of(stem)}: move it out of the folder, or remove it", "copy"
    return f"no such table{did_you_mean(stem, TABLES)}", "unknown_table"


def _read_table(
    path: Path, table: Table, bucket: Callable[[], Bucket], *, file: str, formats: Formats
) -> tuple[Cells, list[Problem]]:
    """The cells of the file as scenarios write them, what is wrong with its shape, and what was recognised.
    """
    try:
        if path.suffix.lower() == ".parquet":
            # pyarrow takes its time, and is an extra
            from planner.scenario.reading.parquet_file import read_parquet

            cells = read_parquet(path, table, bucket(), file=file)
            return cells, column_problems(cells, table, header=1)
        file_read = read_csv(path, table, file=file, formats=formats)
    except UnreadableError as error:
        return no_cells(table.name), [error.problem]
    documented = file_read.separator == ","
    cells, notes = recognised(file_read.cells, table, bucket, formats=formats, documented=documented)
    return cells, [*file_read.problems, *column_problems(cells, table, header=file_read.header), *notes]
