"""The scenario in a dict: the keys of scenario.yaml, and a list of records or a frame for each table."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from planner.errors import Problem
from planner.scenario.calendar import Bucket
from planner.scenario.columns import Table
from planner.scenario.reading.bucket import bucket_of
from planner.scenario.reading.cells import Cells, no_cells
from planner.scenario.reading.description import (
    base_text,
    description_problems,
    own_settings,
    with_agreed_plan,
)
from planner.scenario.reading.headings import column_problems
from planner.scenario.reading.node import Node, node_of
from planner.scenario.reading.records import read_records
from planner.scenario.reading.source import MAXIMUM_GENERATIONS, Source
from planner.scenario.reading.text_file import UnreadableError
from planner.scenario.scenario import Scenario
from planner.scenario.schema import TABLES

BucketOf = Callable[[Node, Path], Bucket]


def mapping_source(scenario: Mapping[str, Any], *, bucket_of_base: BucketOf) -> Source:
    """The scenario that the dict describes."""
    base_given = scenario.get("base")
    base = base_given if isinstance(base_given, Mapping | Scenario) else None
    outside = {*TABLES, *(("base",) if base is not None else ())}
    description = node_of({str(name): value for name, value in scenario.items() if name not in outside})
    bucket = _bucket_of_mapping(scenario, description, bucket_of_base)
    read = {name: _records_table(scenario[name], TABLES[name], bucket) for name in TABLES if name in scenario}
    return Source(
        with_agreed_plan(description),
        own_settings(description),
        {name: cells for name, (cells, _) in read.items()},
        problems=tuple(description_problems(description)),
        table_problems={name: wrong for name, (_, wrong) in read.items() if wrong},
        base=base_text(description) if base is None else base,
    )


def _bucket_of_mapping(
    scenario: Mapping[str, Any], description: Node, bucket_of_base: BucketOf, *, generation: int = 0
) -> Bucket:
    base = scenario.get("base")
    if isinstance(base, Scenario):
        return bucket_of(description, lambda: base.calendar.bucket)
    if isinstance(base, Mapping) and generation <= MAXIMUM_GENERATIONS:
        own = {name: base[name] for name in ("calendar", "overrides") if name in base}
        below = node_of(own)
        return bucket_of(
            description,
            lambda: _bucket_of_mapping(base, below, bucket_of_base, generation=generation + 1),
        )
    return bucket_of_base(description, Path())


def _records_table(records: object, table: Table, bucket: Bucket) -> tuple[Cells, list[Problem]]:
    try:
        cells = read_records(records, table, bucket)
    except UnreadableError as error:
        return no_cells(table.name), [error.problem]
    return cells, column_problems(cells, table, header=None) if len(cells) else []
