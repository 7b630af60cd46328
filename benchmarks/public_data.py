"""Where public data sets lie that are no part of the project, and what a benchmark says that does not find
its own.

The folder is the one that the environment variable PLANNER_DATA names, by default `../shared/data` beside the
repository.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path

DATA = Path(os.environ.get("PLANNER_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
CRM, M3, LOT_SIZING, FREPPLE = (DATA / name for name in ("crm_maven", "m3_monthly", "lotsizing", "frepple"))


def print_report(report: Callable[[], list[str]], *, data: Path) -> None:
    """Prints the report, or where the data that it needs should be."""
    if data.exists():
        print("\n".join(report()))
    else:
        print(missing(data), file=sys.stderr)


def missing(data: Path) -> str:
    """What to do about data that are not there."""
    return f"{data} is not there. Set PLANNER_DATA to the folder of the data sets, if that is not {DATA}."
