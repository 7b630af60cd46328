"""Files and mappings of imports, and what comes of them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from planner.errors import ScenarioError
from planner.scenario.importing.importing import ImportResult, import_files

ORDERS = {"table": "order_history",
          "columns": {"date": "Date", "item": "Item", "market": "Market", "quantity": "Qty"}}
Import = Callable[..., ImportResult]


def rows(result: ImportResult, table: str) -> list[str]:
    """The table as it stands in the folder, a text for each row."""
    return (result.folder / f"{table}.csv").read_text().splitlines()


def problems(error: pytest.ExceptionInfo[ScenarioError]) -> list[str]:
    return [str(problem) for problem in error.value.problems]


@pytest.fixture
def run(tmp_path: Path) -> Import:
    """Imports files, given by name and text, with a mapping of one read unless it has several."""

    def imported(files: dict[str, str] | str, read: dict[str, Any] | None = None, *, encoding: str = "utf-8",
                 overwrite: bool = False, **entries: Any) -> ImportResult:
        given = {"orders.csv": files} if isinstance(files, str) else files
        for name, text in given.items():
            (tmp_path / name).write_text(text, encoding=encoding)
        mapping = {"reads": {"orders": {**(read or ORDERS), **entries}}} if "reads" not in (read or {}) else read
        result = import_files([tmp_path / name for name in given], mapping, tmp_path / "scenario", overwrite=overwrite)
        assert all(account.agrees for account in result.accounts)
        return result

    return imported


def left_out(result: ImportResult) -> dict[str, int]:
    """How many rows were left out for which reason."""
    counts: pd.Series = result.left_out.groupby("reason").size()
    return {str(reason): int(count) for reason, count in counts.items()}
