"""Plans as folders: written whole or not at all, read back equal.

plan.json says what the plan is, kpis.csv is its scorecard, changes.csv what differs from the base scenario,
and tables/<name>.csv are its tables. The same scenario and settings give the same bytes, `seconds` in
plan.json apart.
"""

import json
import math
import os
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pandas as pd

from planner.errors import OutputError, PlanError
from planner.model.solution import Pass
from planner.plan.layout import TABLES, PlanTable
from planner.plan.periods import parsed_periods
from planner.plan.plan import Plan
from planner.scenario.calendar import Calendar

FORMAT = 1  # of the folder; another number needs another reader
KPI_KINDS = {
    "kpi": "name",
    "value": "number",
    "unit": "name",
    "side": "name",
    "better": "name",
    "meaning": "name",
}
PROPERTIES = (
    "name",
    "question",
    "status",
    "mode",
    "objective",
    "bound",
    "gap",
    "currency",
    "bucket",
    "versions",
    "settings",
    "item_units",
)
OWN_FILES = frozenset({"plan.json", "kpis.csv", "changes.csv", "tables"})


def save_plan(plan: Plan, folder: str | Path) -> None:
    """The plan stands in the folder, whole; if it cannot, OutputError says why and the folder is as it
    was.
    """
    target = Path(folder).resolve()
    _recover(target)
    refuse_what_is_no_plan(target)
    new = target.with_name(f".{target.name}.{uuid4().hex}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _write(plan, new, beside=target)
        _swap(new, target)
    except OSError as error:
        raise OutputError(
            f"{folder}: the plan cannot be written ({error.strerror or error}). What stood there is "
            "untouched. "
            "Choose a folder that can be written, in a folder that can be written"
        ) from error
    finally:
        shutil.rmtree(new, ignore_errors=True)


def load_plan(folder: str | Path) -> Plan:
    """The plan that was saved in the folder; PlanError names the file that is missing or damaged."""
    place = Path(folder).resolve()
    if not place.exists() and _previous(place).exists():  # a save was killed between its two renames
        place = _previous(place)
    if not (place / "plan.json").is_file():
        raise PlanError(f"{folder}: no plan here: plan.json is missing")
    head = _read_head(place / "plan.json")
    try:
        plan = _plan_from(head, place.parent / Path(folder).resolve().name)
        calendar = plan.calendar
        rows = {str(name): int(count) for name, count in head["rows"].items()}
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise PlanError(f"{place / 'plan.json'}: {_reason(error)}") from error
    tables = {name: _read(place, f"tables/{name}.csv", _kinds(table), rows=rows, calendar=calendar)
              for name, table in TABLES.items()}
    kpis = _read(place, "kpis.csv", KPI_KINDS, rows=rows, calendar=calendar)
    return replace(
        plan,
        tables=tables,
        kpi_table=kpis,
        changes=_read_text(place / "changes.csv", rows.get("changes.csv")),
    )


def refuse_what_is_no_plan(target: Path) -> None:
    """What stands at the place is a plan, or nothing; OutputError otherwise: nobody's other files are
    replaced.
    """
    if target.is_dir():
        if any(target.iterdir()) and not (target / "plan.json").is_file():
            raise OutputError(
                f"{target}: this folder holds something else than a plan. Choose an empty or a new folder"
            )
    elif target.exists():
        raise OutputError(f"{target}: this is a file. Choose a folder")


def _write(plan: Plan, new: Path, *, beside: Path) -> None:
    """Every file of the plan stands in the new folder, and so does what people have put into the old one."""
    new.mkdir()
    if beside.is_dir():
        _keep_what_is_not_ours(beside, new)
    (new / "tables").mkdir()
    frames = {f"tables/{name}.csv": (plan.tables[name], _kinds(table)) for name, table in TABLES.items()}
    frames |= {"kpis.csv": (plan.kpi_table, KPI_KINDS), "changes.csv": (plan.changes, {})}
    for name, (frame, kinds) in frames.items():
        _write_csv(frame, new / name, kinds=kinds, calendar=plan.calendar)
    rows = {name: len(frame) for name, (frame, _) in frames.items()}
    text = json.dumps(_head(plan, rows, folder=beside), indent=2, ensure_ascii=False, allow_nan=False)
    (new / "plan.json").write_text(f"{text}\n", encoding="utf-8", newline="\n")


def _keep_what_is_not_ours(old: Path, new: Path) -> None:
    """Pages and notes that people keep beside a plan survive a new plan in the same folder."""
    for thing in old.iterdir():
        if thing.name in OWN_FILES:
            continue
        if thing.is_dir() and not thing.is_symlink():
            shutil.copytree(thing, new / thing.name, symlinks=True)
        else:
            shutil.copy2(thing, new / thing.name, follow_symlinks=False)


def _previous(target: Path) -> Path:
    return target.with_name(f".{target.name}.previous")


def _swap(new: Path, target: Path) -> None:
    """The new folder stands where the old one stood. At every moment one of the two is whole, under a name
    that is known.
    """
    previous = _previous(target)
    if not target.exists():
        new.rename(target)
        return
    target.rename(previous)
    try:
        new.rename(target)
    except BaseException:
        previous.rename(target)
        raise
    shutil.rmtree(previous, ignore_errors=True)


def _recover(target: Path) -> None:
    """A save that was killed half-way leaves nothing behind: its older plan is back, or gone if the newer one
    is there.
    """
    previous = _previous(target)
    if not previous.exists():
        return
    if target.exists():
        shutil.rmtree(previous, ignore_errors=True)
    else:
        previous.rename(target)


def _head(plan: Plan, rows: dict[str, int], *, folder: Path) -> dict[str, Any]:
    properties = {name: _plain(getattr(plan, name)) for name in PROPERTIES}
    passes = [
        {name: _plain(getattr(one, name)) for name in ("name", "objective", "bound", "gap")}
        for one in plan.passes
    ]
    return {
        "format": FORMAT,
        **properties,
        "passes": passes,
        "scenario_source": _relative(plan.scenario_source, folder),
        "scenario_hash": plan.scenario_hash,
        "rows": rows,
        "seconds": {"phases": dict(plan.seconds), "passes": [one.seconds for one in plan.passes]},
    }


def _plain(value: Any) -> Any:
    """A value that JSON can write: an infinite bound is no bound."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return dict(value) if not isinstance(value, dict) and hasattr(value, "keys") else value


def _relative(source: str, folder: Path) -> str:
    """The scenario's place as seen from the plan folder, so that both can be moved together."""
    if not source:
        return ""
    try:
        return Path(os.path.relpath(source, folder)).as_posix()
    except ValueError:  # on another drive
        return source


def _read_head(file: Path) -> dict[str, Any]:
    try:
        head = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise PlanError(f"{file}: {_reason(error)}") from error
    if not isinstance(head, dict) or "format" not in head:
        raise PlanError(f"{file}: this is not a plan's plan.json")
    if head["format"] != FORMAT:
        raise PlanError(
            f"{file}: format is {head['format']}, this version reads format {FORMAT}. Solve the scenario "
            "again"
        )
    return head


def _plan_from(head: dict[str, Any], place: Path) -> Plan:
    """The plan that plan.json describes, still without its tables."""
    seconds = head["seconds"]
    passes = tuple(
        Pass(**one, seconds=used) for one, used in zip(head["passes"], seconds["passes"], strict=True)
    )
    source = os.path.normpath(place / head["scenario_source"]) if head["scenario_source"] else ""
    blank = pd.DataFrame()
    return Plan(
        **{name: head[name] for name in PROPERTIES},
        passes=passes,
        seconds=seconds["phases"],
        scenario_hash=head["scenario_hash"],
        scenario_source=source,
        tables={},
        kpi_table=blank,
        changes=blank,
    )


def _reason(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"{error.args[0]} is missing"
    return str(error).splitlines()[0] if str(error) else type(error).__name__


def _kinds(table: PlanTable) -> dict[str, str]:
    return {column.name: column.kind for column in table.columns}


def _write_csv(frame: pd.DataFrame, file: Path, *, kinds: dict[str, str], calendar: Calendar) -> None:
    """The frame as CSV: floats in the fewest digits that read back the same, periods as people write them."""
    periods = {name: calendar.labels(frame[name]) for name in frame.columns if kinds.get(name) == "period"}
    frame.assign(**periods).to_csv(file, index=False, lineterminator="\n", encoding="utf-8")


def _read(
    place: Path, name: str, kinds: dict[str, str], *, rows: dict[str, int], calendar: Calendar
) -> pd.DataFrame:
    file = place / name
    frame = _read_text(file, rows.get(name))
    missing = [column for column in kinds if column not in frame.columns]
    if missing:
        raise PlanError(f"{file}: column {missing[0]} is missing")
    return pd.DataFrame(
        {column: _parsed(file, frame[column], kind, calendar) for column, kind in kinds.items()}
    )


def _read_text(file: Path, rows: int | None) -> pd.DataFrame:
    """Every cell as it is written; the number of rows is what plan.json says, or the file has been cut."""
    try:
        frame = pd.read_csv(file, dtype="str", keep_default_na=False, encoding="utf-8")
    except FileNotFoundError as error:
        raise PlanError(f"{file}: the file is missing") from error
    except (OSError, ValueError) as error:
        raise PlanError(f"{file}: {_reason(error)}") from error
    if rows is not None and len(frame) != rows:
        raise PlanError(f"{file}: has {len(frame)} rows, plan.json says {rows}")
    return frame


def _parsed(file: Path, cells: pd.Series, kind: str, calendar: Calendar) -> pd.Series:
    """The cells as values of their kind."""
    if kind == "period":
        try:
            return parsed_periods(cells, calendar)
        except ValueError as error:
            raise PlanError(f"{file}, {cells.name} = {error}") from error
    if kind == "name":
        return cells
    return pd.Series(
        _numbers(file, cells, int if kind == "whole" else float),
        dtype="int64" if kind == "whole" else "float64",
    )


def _numbers(file: Path, cells: pd.Series, number: type[int] | type[float]) -> list[float]:
    """The numbers that are written, to the last digit; a blank is none."""
    found: list[float] = []
    for cell in cells.tolist():
        try:
            found.append(number(cell) if cell or number is int else math.nan)
        except ValueError as error:
            raise PlanError(f'{file}, {cells.name} = "{cell}": must be a number') from error
    return found
