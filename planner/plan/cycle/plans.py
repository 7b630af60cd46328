"""The plans of a cycle: which they were, file by file, and whether they still are."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from planner.csv_tables import csv_text
from planner.errors import PlanError
from planner.plan.cycle.files import AGREED, PLANS, place_from
from planner.plan.cycle.inputs import first_different, read_texts
from planner.plan.cycle.record import Considered
from planner.plan.folder import MARKER
from planner.plan.plan_json import read_head
from planner.writing import fingerprint, standing, write_text

COLUMNS = ("plan", "file", "sha256")
NOT_OF_THE_PLAN = ("seconds", "scenario_source")  # how long it took, and where it was read: not what it is


def head_of(folder: Path) -> Mapping[str, Any]:
    """What plan.json says; PlanError where there is none, or a damaged one."""
    place = standing(folder, MARKER)
    try:
        content = (place / MARKER).read_bytes()
    except OSError:
        raise PlanError(f"{folder}: no plan here: {MARKER} is missing") from None
    return read_head(content, place / MARKER)


def hash_of(head: Mapping[str, Any]) -> str:
    """The hash of all that the plan says, its tables included; not of the time that it took."""
    content = {name: value for name, value in head.items() if name not in NOT_OF_THE_PLAN}
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def save_files(folder: Path, name: str, head: Mapping[str, Any]) -> None:
    """The cycle's folder says which files the plan has, each with its hash."""
    listed = list_files(folder)
    files = pd.DataFrame([(name, file, part["sha256"]) for file, part in sorted(head["files"].items())],
                         columns=list(COLUMNS), dtype="str")
    frame = pd.concat([listed[listed["plan"] != name], files], ignore_index=True)
    write_text(folder / PLANS, csv_text(frame.sort_values(["plan", "file"], kind="stable")))


def list_files(folder: Path) -> pd.DataFrame:
    """The files of every plan considered: plan, file, sha256."""
    file = folder / PLANS
    empty = pd.DataFrame(columns=list(COLUMNS), dtype="str")
    return read_texts(file, COLUMNS) if file.is_file() else empty


def differences(folder: Path, plan: Considered, *, chosen: bool) -> Iterator[str]:
    """What is no longer as it was in the folder of a plan that was considered, file by file; of the chosen
    plan, of which there is a copy, with the first row that differs.
    """
    place = place_from(folder, plan.folder)
    try:
        head = head_of(place)
    except PlanError as error:
        yield str(error)
        return
    listed = list_files(folder)
    own = listed[listed["plan"] == plan.plan]
    then: dict[str, str] = dict(zip(own["file"], own["sha256"], strict=True))
    now = _hashes(place, {*then, *head["files"]})
    changed = [name for name in sorted({*then, *now}) if then.get(name) != now.get(name)]
    if not changed and hash_of(head) != plan.plan_hash:
        yield f"{place / MARKER}: another plan with the same tables stands there now"
    for name in changed:
        row = first_difference(folder / AGREED / name, place / name) if chosen else None
        where = f" row {row}" if row is not None else ""
        fault = "the file is missing" if name not in now else "is not as it was"
        yield f"{place / name}{where}: {fault}, since plan {plan.plan} was added"


def _hashes(place: Path, names: Iterable[str]) -> dict[str, str]:
    """The hash of each of the plan's files that is there."""
    whole = standing(place, MARKER)
    return {name: fingerprint(whole / name) for name in names if (whole / name).is_file()}


def first_difference(before: Path, after: Path) -> int | None:
    """The row, as a spreadsheet counts, in which two files first differ; None where they do not, or where one
    cannot be read.
    """
    try:
        return first_different(before.read_bytes(), after.read_bytes())
    except OSError:
        return None
