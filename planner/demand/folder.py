"""Forecasts as folders of CSV tables: written whole or not at all, and read again to say what has changed
since.
"""

import hashlib
import io
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from planner.csv_tables import as_named, csv_text
from planner.errors import OutputError, PlanError
from planner.writing import fingerprint, standing, whole_folder

if TYPE_CHECKING:
    from planner.demand.demand import Demand
    from planner.scenario.calendar import Calendar

FORMAT = 1
MARKER = "forecast.json"  # the fingerprint of each table
TABLES = (
    "ledger",
    "quantiles",
    "cumulated",
    "parts",
    "record",
    "past_forecasts",
    "adjustments",
    "streams",
    "deals",
    "pipeline_kpis",
    "cleaned",
    "promotion_effects",
)
OWN_FILES = (*(f"{name}.csv" for name in TABLES), MARKER)
PARTS = ("item", "market", "period", "part", "quantity")
DEALS = ("opportunity", "item", "market", "period", "chance", "quantity")


@dataclass(frozen=True)
class Previous:
    """An earlier forecast as it was written: its parts and its deals, periods as texts."""

    parts: pd.DataFrame
    deals: pd.DataFrame


def save_demand(demand: "Demand", folder: Path, calendar: "Calendar") -> None:
    """The tables of the demand stand in the folder, all of them; if they cannot, nothing is changed."""
    refuse_what_is_no_forecast(folder)
    with whole_folder(folder, own=OWN_FILES, marker=MARKER) as new:
        for name in TABLES:
            text = csv_text(with_labels(getattr(demand, name), calendar))
            (new / f"{name}.csv").write_text(text, encoding="utf-8", newline="\n")
        files = {f"{name}.csv": {"sha256": fingerprint(new / f"{name}.csv")} for name in TABLES}
        head = {"format": FORMAT, "plan_on": demand.plan_on, "files": files}
        (new / MARKER).write_text(f"{json.dumps(head, indent=2)}\n", encoding="utf-8", newline="\n")


def refuse_what_is_no_forecast(folder: Path) -> None:
    """What stands at the place is a forecast, or nothing; OutputError otherwise: nobody's other files are
    joined by ours, least of all a scenario's.
    """
    if folder.is_dir():
        strange = any(entry.name not in OWN_FILES for entry in folder.iterdir())
        if strange and not (standing(folder, MARKER) / MARKER).is_file():
            raise OutputError(
                f"{folder}: this folder holds something else than a forecast. Choose an empty or a new folder"
            )
    elif folder.exists():
        raise OutputError(f"{folder}: this is a file. Choose a folder")


def read_previous(folder: Path) -> Previous:
    """The forecast that `planner forecast --output` wrote into the folder."""
    place = standing(folder, MARKER)
    files = _fingerprints(place / MARKER)
    return Previous(_read(place, "parts.csv", PARTS, files), _read(place, "deals.csv", DEALS, files))


def with_labels(frame: pd.DataFrame, calendar: "Calendar") -> pd.DataFrame:
    """The frame with its periods as people write them."""
    periods = [name for name in frame.columns if isinstance(frame[name].dtype, pd.PeriodDtype)]
    return frame.assign(**{name: calendar.labels(frame[name]) for name in periods})


def _fingerprints(file: Path) -> dict[str, Any]:
    try:
        head = json.loads(file.read_text(encoding="utf-8"))
        return {str(name): saved["sha256"] for name, saved in head["files"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise PlanError(f"{file}: is not that of an earlier forecast ({_reason(error)}). "
                        "Name a folder that planner forecast --output has written") from error


def _read(place: Path, name: str, columns: tuple[str, ...], files: dict[str, Any]) -> pd.DataFrame:
    """The columns of a table that is as it was written."""
    numbers = [column for column in columns if column in ("quantity", "chance")]
    try:
        content = (place / name).read_bytes()
        frame = pd.read_csv(io.BytesIO(content), dtype="str", keep_default_na=False)[list(columns)]
        frame = frame.apply(as_named).astype(dict.fromkeys(numbers, "float64"))
    except (OSError, KeyError, ValueError) as error:
        raise PlanError(f"{place / name}: is not the table of an earlier forecast ({_reason(error)}). "
                        "Name a folder that planner forecast --output has written") from error
    if hashlib.sha256(content).hexdigest() != files.get(name):
        raise PlanError(f"{place / name}: is not as it was written: it was edited, or comes from another "
                        "forecast. Forecast again")
    return frame


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        return os.strerror(error.errno or 0)
    return f"{error.args[0]} is missing" if isinstance(error, KeyError) else str(error).splitlines()[0]
