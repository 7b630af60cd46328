"""The process that reads a workbook: with a limit on its memory, and nothing that it could damage.

It prints one JSON object: the sheets, or why the workbook is refused.
"""

import json
import sys
from contextlib import suppress
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from planner.scenario.reading.workbook.limits import (
    MEMORY,
    RefusedError,
    expect_harmless,
    expect_sizes,
    open_zip,
)
from planner.scenario.reading.workbook.scan import Scanned, scan_sheets


def main() -> None:
    """What stands in the workbook named on the command line is on stdout."""
    _limit_memory()
    try:
        answer: dict[str, Any] = {"sheets": sheets(Path(sys.argv[1]))}
    except RefusedError as refused:
        answer = {"refused": refused.reason, "code": refused.code}
    except MemoryError:
        answer = {"refused": "takes more memory than a workbook may", "code": "too_large"}
    json.dump(answer, sys.stdout, default=_as_json)


def _limit_memory() -> None:
    with suppress(ImportError, ValueError, OSError):  # where the system has no such limit
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        most = MEMORY if hard == resource.RLIM_INFINITY else min(MEMORY, hard)
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))


def sheets(path: Path) -> list[dict[str, Any]]:
    """Every sheet with its rows, from its first cell on, and whether it is hidden."""
    with open_zip(path) as book:
        expect_harmless(book)
        expect_sizes(book)
        scanned = scan_sheets(book)
    from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

    try:
        opened = CalamineWorkbook.from_path(path)
        return [
            {
                "name": one.name,
                "hidden": one.visible != SheetVisibleEnum.Visible,
                "rows": _rows(opened, one.name, scanned[one.name]),
            }
            for one in opened.sheets_metadata
            if one.name in scanned
        ]
    except (CalamineError, ValueError, OSError) as error:
        raise RefusedError(f"cannot be read as a workbook: {error}") from None


def _rows(opened: Any, name: str, scanned: Scanned) -> list[list[Any]]:
    """The rows of the sheet, with what is no value at its place."""
    rows: list[list[Any]] = opened.get_sheet_by_name(name).to_python(skip_empty_area=False)
    for row, column in scanned.percent:
        value = rows[row - 1][column - 1] if row <= len(rows) and column <= len(rows[row - 1]) else ""
        if isinstance(value, float | int) and not isinstance(value, bool):
            rows[row - 1][column - 1] = {"percent": value}
    for (row, column), fault in scanned.faults.items():
        while len(rows) < row:
            rows.append([])
        rows[row - 1].extend([""] * (column - len(rows[row - 1])))
        rows[row - 1][column - 1] = {"fault": fault}
    return rows


def _as_json(value: object) -> Any:
    if isinstance(value, datetime) and value.time() == time.min:
        value = value.date()
    if isinstance(value, date):
        return {"day": value.isoformat()}
    return str(value)  # a time or a span


if __name__ == "__main__":
    main()
