"""What has really happened: tables as they stand now, and rows of actuals."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from planner.errors import Problem, ScenarioError
from planner.scenario.calendar import Bucket
from planner.scenario.columns import Table, key, name, number, table
from planner.scenario.reading.cells import Cells
from planner.scenario.reading.csv_file import read_csv
from planner.scenario.reading.headings import is_for_people
from planner.scenario.reading.recognition.formats import Formats
from planner.scenario.reading.recognition.recognise import recognised
from planner.scenario.reading.text_file import UnreadableError
from planner.scenario.reading.typed import typed_column, typed_frame
from planner.scenario.schema import TABLES
from planner.scenario.suggestions import did_you_mean, quoted

ACTUALS = "actuals"
KINDS = ("demand", "shipment", "inventory", "purchase", "production")
DECLARED = table(
    ACTUALS,
    "actuals",
    "What happened: one row for each kind, item, place and period.",
    name("kind", "what happened", choices=KINDS, required=True),
    key("item", "the item"),
    name("site", "the site, of inventory, purchase and production"),
    name("market", "the market, of demand and shipment"),
    key("period", "the period; of a shipment after the month that is over, when it arrives", kind="period"),
    number(
        "quantity",
        "how much; of inventory, the stock at the end of the period",
        unit="units",
        minimum=None,
        required=True,
    ),
    number("amount", "what it came to", unit="currency", minimum=None),
)
Texts = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Actuals:
    """Tables as they stand now, as texts, and typed; and the rows of actuals, typed."""

    texts: Texts = field(default_factory=dict)
    frames: Texts = field(default_factory=dict)
    rows: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(
            {column.name: pd.Series(dtype=object) for column in DECLARED.columns}
        )
    )

    def of_kind(self, kind: str) -> pd.DataFrame:
        """The rows of actuals of one kind."""
        return self.rows[self.rows["kind"] == kind]


def read_actuals(place: Path | None, bucket: Bucket) -> Actuals:
    """The tables and rows in a folder, or the rows in a file; ScenarioError carries every problem."""
    if place is None:
        return Actuals()
    if not place.exists():
        raise ScenarioError(
            str(place), [Problem("there is no such file or folder", file=str(place), code="file.folder")]
        )
    files = (
        [place]
        if place.is_file()
        else sorted(path for path in place.iterdir() if path.suffix.lower() == ".csv")
    )
    texts, frames, rows, problems = {}, {}, Actuals().rows, list[Problem]()
    for file in files:
        called = ACTUALS if place.is_file() else file.stem
        if called not in TABLES and called != ACTUALS:
            reason = f"no such table{did_you_mean(called, [*TABLES, ACTUALS])}"
            problems.append(Problem(reason, file=file.name, code="file.unknown_table"))
            continue
        declared = DECLARED if called == ACTUALS else TABLES[called]
        text, frame, wrong = _read(file, declared, bucket)
        problems += wrong
        if called == ACTUALS:
            rows = frame
        else:
            texts[called], frames[called] = text, frame
    if not files:
        problems.append(
            Problem(
                "holds no CSV files: give tables as they stand now, or actuals.csv",
                file=str(place),
                code="file.folder",
            )
        )
    if problems:
        raise ScenarioError(str(place), problems)
    return Actuals(texts, frames, rows)


def _read(file: Path, declared: Table, bucket: Bucket) -> tuple[pd.DataFrame, pd.DataFrame, list[Problem]]:
    """The table as texts and typed. Columns that must be given in a scenario may be missing: only what is new
    is told.
    """
    try:
        file_read = read_csv(file, declared, file=file.name)
    except UnreadableError as error:
        return pd.DataFrame(), pd.DataFrame(), [error.problem]
    cells, notes = recognised(
        file_read.cells, declared, lambda: bucket, formats=Formats(), documented=file_read.separator == ","
    )
    problems = [problem for problem in (*file_read.problems, *notes) if problem.severity == "error"]
    declared_names = [column.name for column in declared.columns]
    problems += [
        Problem(
            f"no such column{did_you_mean(heading, declared_names)}",
            file=file.name,
            row=1,
            column=quoted(heading),
            code=cells.code("", "unknown_column"),
        )
        for heading in cells.columns
        if heading not in declared_names and not is_for_people(heading)
    ]
    needed = declared_names if declared is DECLARED else declared.keys
    problems += [
        Problem(
            "this column is missing",
            file=file.name,
            row=1,
            column=column.name,
            code=cells.code(column.name, "missing_column"),
        )
        for column in declared.columns
        if column.required and column.name in needed and column.name not in cells.columns
    ]
    frame, wrong = _typed(cells, declared, bucket)
    text = pd.DataFrame({column: cells.columns[column] for column in cells.columns}, dtype=object)
    return text, frame, [*problems, *wrong]


def _typed(cells: Cells, declared: Table, bucket: Bucket) -> tuple[pd.DataFrame, list[Problem]]:
    if declared is DECLARED:
        columns, problems = {}, list[Problem]()
        for column in declared.columns:
            columns[column.name], wrong = typed_column(cells, column, bucket)
            problems += wrong
        return pd.DataFrame(columns, index=pd.RangeIndex(len(cells))), problems
    return typed_frame(cells, declared, bucket, whole=False)
