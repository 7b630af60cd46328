"""A scenario as a folder: scenario.yaml, and a CSV file for each table that has rows."""

from pathlib import Path

import pandas as pd

from planner.csv_tables import csv_text
from planner.scenario.reading.cells import Cells
from planner.scenario.reading.comments import Comments
from planner.scenario.reading.node import Node
from planner.scenario.reading.source import DESCRIPTION, Source
from planner.scenario.saving.yaml_text import yaml_text
from planner.scenario.schema import TABLES
from planner.writing import whole_folder


def write_folder(source: Source, target: Path, *, description: Node, comments: Comments) -> None:
    """The folder holds the scenario. It appears all at once.

    In a what-if a table without rows is a file of its header: there is nothing of what the base has.
    """
    is_what_if = description.get("base") is not None
    files = {
        f"{name}.csv": table_text(cells) for name, cells in source.tables.items() if len(cells) or is_what_if
    }
    files[DESCRIPTION] = yaml_text(description, comments)
    with whole_folder(target, own=sorted(files), marker=DESCRIPTION) as new:
        for name, text in files.items():
            (new / name).write_text(text, encoding="utf-8", newline="\n")


def table_text(cells: Cells) -> str:
    """The table as CSV."""
    return csv_text(pd.DataFrame({name: cells.columns[name] for name in ordered(cells)}, dtype="str"))


def ordered(cells: Cells) -> list[str]:
    """The columns that say something, in the order of the schema, notes of people last."""
    declared = TABLES[cells.table].columns
    if not len(cells):
        return list(cells.columns) or [declared[0].name]
    filled = [
        column.name for column in declared
        if column.name in cells.columns and (column.required or not cells.is_blank(column.name).all())
    ]
    return [*filled, *(name for name in cells.columns if all(name != column.name for column in declared))]
