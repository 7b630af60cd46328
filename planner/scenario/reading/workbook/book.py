"""A workbook, read by another process that can be stopped: whatever it is, it costs no memory here."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from planner.errors import Problem
from planner.processes import import_path
from planner.scenario.reading.text_file import UnreadableError, expect_file
from planner.scenario.reading.workbook.limits import LARGEST_FILE, SECONDS

READ = "from planner.scenario.reading.workbook.child import main; main()"
OTHER_BOOKS = (".xls", ".xlsm", ".xlsb", ".ods", ".xltx", ".xltm")
SUFFIX = ".xlsx"


@dataclass(frozen=True)
class Fault:
    """A cell without a value: an error such as #N/A, or a formula that was never calculated."""

    text: str


@dataclass(frozen=True)
class Day:
    """A cell with a day, which may have a time."""

    text: str


@dataclass(frozen=True)
class Percent:
    """A number that is shown in percent: 0.95 as 95%."""

    number: float

    @property
    def text(self) -> str:
        """The number as it is shown, all its digits."""
        return f"{(Decimal(repr(self.number)) * 100).normalize():f}%"


Value = str | int | float | bool | Day | Fault | Percent


@dataclass(frozen=True)
class Sheet:
    """One sheet: its rows from cell A1 on, blanks as empty texts."""

    name: str
    rows: list[list[Value]]
    is_hidden: bool = False


def is_workbook(path: Path) -> bool:
    """Whether the place is a workbook, of whatever kind, by its name."""
    return path.suffix.lower() in (SUFFIX, *OTHER_BOOKS) and not path.is_dir()


def read_book(path: Path, *, file: str) -> list[Sheet]:
    """The sheets of the workbook; UnreadableError says why it is not read."""
    if path.suffix.lower() in OTHER_BOOKS:
        reason = f"{path.suffix.lower()} files are not read: save it as an .xlsx workbook"
        raise UnreadableError(Problem(reason, file=file, code="file.workbook"))
    expect_file(path, file=file, largest=LARGEST_FILE)
    answer = _answer(path, file)
    if "refused" in answer:
        raise UnreadableError(Problem(answer["refused"], file=file, code=f"file.{answer['code']}"))
    return [Sheet(one["name"], one["rows"], is_hidden=one["hidden"]) for one in answer["sheets"]]


def _answer(path: Path, file: str) -> dict[str, Any]:
    """What the other process says about the workbook."""
    try:
        process = subprocess.run(
            [sys.executable, "-P", "-c", READ, os.path.abspath(path)],  # noqa: PTH100  # links stay as they are
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": import_path()},
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        reason = f"takes longer than {SECONDS:g} seconds to read"
        raise UnreadableError(Problem(reason, file=file, code="file.too_large")) from None
    try:
        answer: dict[str, Any] = json.loads(process.stdout, object_hook=_value)
    except ValueError:
        reason = "cannot be read: it takes more memory than a workbook may, or is damaged"
        raise UnreadableError(Problem(reason, file=file, code="file.too_large")) from None
    return answer


def _value(fields: dict[str, Any]) -> Any:
    if "fault" in fields:
        return Fault(fields["fault"])
    if "percent" in fields:
        return Percent(fields["percent"])
    return Day(fields["day"]) if "day" in fields else fields
