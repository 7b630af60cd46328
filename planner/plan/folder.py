"""Plans as folders: written whole or not at all, read back equal.

plan.json says what the plan is, and the rows and fingerprint of each other file, so that parts of two plans
are never read as one; kpis.csv is its scorecard, changes.csv what differs from the base scenario,
tables/<name>.csv are its tables, and demand/<name>.csv the review of the demand that it serves, where it was
forecast in the same process. The same scenario and settings give the same bytes, `seconds` in plan.json
apart.
"""

import hashlib
import io
import math
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from planner.csv_tables import as_named, csv_text
from planner.errors import OutputError, PlanError
from planner.plan.demand_review import REVIEW_TABLES, DemandReview
from planner.plan.layout import TABLES, PlanTable
from planner.plan.periods import parsed_periods
from planner.plan.plan import Plan
from planner.plan.plan_json import head_text, plan_parts, read_head
from planner.scenario.calendar import Calendar
from planner.text_cells import plain_texts
from planner.writing import fingerprint, standing, whole_folder

MARKER = "plan.json"
OWN_FILES = ("tables", "demand", "kpis.csv", "changes.csv", MARKER)
READS = 20  # of a folder that another process is saving into meanwhile
KPI_KINDS = {
    "kpi": "name",
    "value": "number",
    "low": "number",
    "high": "number",
    "unit": "name",
    "side": "name",
    "better": "name",
    "meaning": "name",
}


# -------------------------------------------------------------------------------------------------- writing


@plain_texts()
def save_plan(plan: Plan, folder: str | os.PathLike[str]) -> None:
    """The plan stands in the folder, whole; if it cannot, OutputError says why and the folder is as it
    was.
    """
    target = Path(folder)
    refuse_what_is_no_plan(target)
    with whole_folder(target, own=OWN_FILES, marker=MARKER) as new:
        _write(plan, new, beside=Path(os.path.realpath(target)))


def refuse_what_is_no_plan(target: Path) -> None:
    """What stands at the place is a plan, or nothing; OutputError otherwise: nobody's other files are
    replaced.
    """
    if target.is_dir():
        if any(target.iterdir()) and not holds_plan(target):
            raise OutputError(
                f"{target}: this folder holds something else than a plan. Choose an empty or a new folder"
            )
    elif target.exists():
        raise OutputError(f"{target}: this is a file. Choose a folder")


def holds_plan(folder: Path) -> bool:
    """Whether a plan was saved in the folder."""
    return (standing(folder, MARKER) / MARKER).is_file()


def _write(plan: Plan, new: Path, *, beside: Path) -> None:
    """Every file of the plan stands in the new folder."""
    (new / "tables").mkdir()
    frames = {_file_of(name): (plan.tables[name], _kinds(table)) for name, table in TABLES.items()}
    frames |= {"kpis.csv": (plan.kpi_table, KPI_KINDS), "changes.csv": (plan.changes, {})}
    if plan.demand_review is not None:
        (new / "demand").mkdir()
        frames |= {_review_file(name): (frame, _kinds(REVIEW_TABLES[name]))
                   for name, frame in plan.demand_review.tables.items()}
    for name, (frame, kinds) in frames.items():
        text = csv_text(_labelled(frame, kinds=kinds, calendar=plan.calendar))
        (new / name).write_text(text, encoding="utf-8", newline="\n")
    files = {name: {"rows": len(frame), "sha256": fingerprint(new / name)}
             for name, (frame, _) in frames.items()}
    head = head_text(plan, files, folder=beside)
    (new / MARKER).write_text(head, encoding="utf-8", newline="\n")


def _labelled(frame: pd.DataFrame, *, kinds: Mapping[str, str], calendar: Calendar) -> pd.DataFrame:
    """The frame with its periods as people write them."""
    periods = {name: calendar.labels(frame[name]) for name in frame.columns if kinds.get(name) == "period"}
    return frame.assign(**periods)


def _file_of(table: str) -> str:
    return f"tables/{table}.csv"


def _review_file(table: str) -> str:
    return f"demand/{table}.csv"


def _kinds(table: PlanTable) -> dict[str, str]:
    return {column.name: column.kind for column in table.columns}


# -------------------------------------------------------------------------------------------------- reading


@plain_texts()
def load_plan(folder: str | os.PathLike[str], *, edited: bool = False) -> Plan:
    """The plan that was saved in the `folder`; PlanError names the file that is missing, damaged or changed.

    With `edited=True`, files that were changed since are read as they are, and named in
    `plan.changed_files`: an audit says what is wrong with them.
    """
    for _ in range(READS):
        place = standing(Path(folder), MARKER)
        state = _state(place / MARKER)
        try:
            return _read_plan(place, _bytes(place / MARKER), folder=Path(folder), edited=edited)
        except PlanError:
            # Another process may have saved meanwhile; then there is a whole plan again.
            now = standing(Path(folder), MARKER)
            if (place, state) == (now, _state(now / MARKER)):
                raise
    raise PlanError(f"{folder}: the plan is being saved again and again. Read it when that is over")


def _read_plan(place: Path, head: bytes | None, *, folder: Path, edited: bool) -> Plan:
    if head is None:
        raise PlanError(f"{folder}: no plan here: {MARKER} is missing")
    fields = read_head(head, place / MARKER)
    parts = plan_parts(fields, Path(os.path.realpath(folder)))
    blank = pd.DataFrame()
    plan = Plan(**parts, tables={}, kpi_table=blank, changes=blank)
    try:
        calendar = plan.calendar
    except ValueError as error:
        raise PlanError(f"{place / MARKER}: settings.calendar.start: {error}") from error
    reader = Reader(place, calendar, fields["files"])
    tables = {name: reader.read(_file_of(name), _kinds(table)) for name, table in TABLES.items()}
    kpis, changes = reader.read("kpis.csv", KPI_KINDS), reader.texts("changes.csv").apply(as_named)
    review = _review(reader, fields["files"])
    if reader.changed and not edited:
        raise PlanError(
            f"{place / reader.changed[0]}: is not as it was saved: it was edited, or comes from another "
            "plan. Solve the scenario again; planner audit says what is wrong with the figures"
        )
    return Plan(**parts, tables=tables, kpi_table=kpis, changes=changes, changed_files=tuple(reader.changed),
                saved_review=review)


def _review(reader: "Reader", files: Mapping[str, Any]) -> DemandReview | None:
    """The demand review; None where none was saved."""
    if not all(_review_file(name) in files for name in REVIEW_TABLES):
        return None
    return DemandReview({name: reader.read(_review_file(name), _kinds(table))
                         for name, table in REVIEW_TABLES.items()})


def _bytes(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except OSError:
        return None


def _state(file: Path) -> tuple[int, int] | None:
    """What changes when the file is written again, even with the same bytes."""
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns


class Reader:
    """The CSV files of a plan folder, each read once; `changed` collects those that are not as they were
    saved.
    """

    def __init__(self, place: Path, calendar: Calendar, files: Mapping[str, Mapping[str, Any]]) -> None:
        self._place, self._calendar, self._files = place, calendar, files
        self.changed: list[str] = []

    def read(self, name: str, kinds: Mapping[str, str]) -> pd.DataFrame:
        """The columns of the file as values of their kinds."""
        frame = self.texts(name)
        missing = [column for column in kinds if column not in frame.columns]
        if missing:
            raise PlanError(f"{self._place / name}: column {missing[0]} is missing")
        return pd.DataFrame({column: self._parsed(name, frame[column], kind)
                             for column, kind in kinds.items()})

    def texts(self, name: str) -> pd.DataFrame:
        """Every cell as it is written; a file that has other rows than plan.json says has been cut."""
        file = self._place / name
        try:
            content = file.read_bytes()
            frame = pd.read_csv(io.BytesIO(content), dtype="str", keep_default_na=False, encoding="utf-8")
        except FileNotFoundError as error:
            raise PlanError(f"{file}: the file is missing") from error
        except (OSError, ValueError) as error:
            raise PlanError(f"{file}: {str(error).splitlines()[0]}") from error
        saved = self._files.get(name)
        if saved is None:
            raise PlanError(f"{self._place / MARKER}: files.{name} is missing")
        if len(frame) != saved["rows"]:
            raise PlanError(f"{file}: has {len(frame)} rows, plan.json says {saved['rows']}")
        if hashlib.sha256(content).hexdigest() != saved["sha256"]:
            self.changed.append(name)
        return frame

    def _parsed(self, name: str, cells: pd.Series, kind: str) -> pd.Series:
        """The cells as values of their kind."""
        file = self._place / name
        if kind == "period":
            try:
                return parsed_periods(cells, self._calendar)
            except ValueError as error:
                raise PlanError(f"{file}, {cells.name} = {error}") from error
        if kind == "name":
            return as_named(cells)
        if kind == "rank":
            filled = cells[cells != ""]
            ranks = pd.Series(_numbers(file, filled, int), index=filled.index, dtype="Int64")
            return ranks.reindex(cells.index)
        return pd.Series(
            _numbers(file, cells, int if kind == "whole" else float),
            dtype="int64" if kind == "whole" else "float64",
        )


def _numbers(file: Path, cells: pd.Series, number: type[int] | type[float]) -> list[float]:
    """The numbers that are written, to the last digit; a blank is none."""
    numbers: list[float] = []
    for cell in cells.tolist():
        try:
            numbers.append(number(cell) if cell or number is int else math.nan)
        except ValueError as error:
            raise PlanError(f'{file}, {cells.name} = "{cell}": must be a number') from error
    return numbers
