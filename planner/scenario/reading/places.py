"""Where a scenario can be: a folder with scenario.yaml, a workbook, or a dict."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from planner.errors import Problem
from planner.scenario.calendar import Bucket
from planner.scenario.reading.bucket import bucket_of
from planner.scenario.reading.description import base_text
from planner.scenario.reading.folder_source import folder_source
from planner.scenario.reading.mapping_source import mapping_source
from planner.scenario.reading.node import Node
from planner.scenario.reading.source import DESCRIPTION, MAXIMUM_GENERATIONS, Source
from planner.scenario.reading.text_file import UnreadableError
from planner.scenario.reading.workbook.book import SUFFIX, is_workbook
from planner.scenario.reading.workbook.source import described, workbook_source
from planner.scenario.reading.yaml_file import read_yaml
from planner.scenario.suggestions import did_you_mean

OPENED = "~$"  # begins the names of files that a spreadsheet keeps beside those that are open

def read_source(place: str | os.PathLike[str] | Mapping[str, Any], *, shown_as: str = "") -> Source:
    """The scenario in a folder, a workbook or a dict. `shown_as` is how messages call the place, seen from
    the scenario being loaded.
    """
    if isinstance(place, Mapping):
        return mapping_source(place, bucket_of_base=_bucket)
    path = place_of(place)
    fault = place_fault(path)
    if fault:
        problem = Problem(fault, file=shown_as, code="scenario.folder")
        return Source(Node({}), problems=(problem,), complete=False, place=path)
    read = workbook_source if is_workbook(path) else folder_source
    return read(path, shown_as=shown_as, bucket_of_base=_bucket)


def place_of(place: str | os.PathLike[str]) -> Path:
    """The folder or workbook of the scenario; its scenario.yaml stands for its folder."""
    path = Path(place)
    return path.parent if path.name == DESCRIPTION and path.is_file() else path


def place_fault(place: Path) -> str:
    """Why the place cannot hold a scenario; empty when it can."""
    try:
        return _place_fault(place)
    except OSError as error:
        return f"cannot be read: {error.strerror}"


def _place_fault(place: Path) -> str:
    if not place.exists():
        kind = "workbook" if is_workbook(place) else "folder"
        others = [path.name for path in scenarios_in(place.parent)]
        return f"there is no such {kind}{did_you_mean(place.name, others)}"
    if is_workbook(place):
        return ""
    if not place.is_dir():
        return f"is a file: give the folder that holds {DESCRIPTION}, or a workbook ({SUFFIX})"
    if not (place / DESCRIPTION).exists():
        return _folder_fault(place)
    next(place.iterdir())
    return ""


def scenarios_in(folder: Path) -> list[Path]:
    """The scenarios right in the folder, by name: folders with a scenario.yaml, and workbooks."""
    if not folder.is_dir():
        return []
    books = [path for path in folder.glob(f"*{SUFFIX}") if not path.name.startswith(OPENED)]
    return sorted([*(path.parent for path in folder.glob(f"*/{DESCRIPTION}")), *books])


def _folder_fault(folder: Path) -> str:
    """Why a folder without scenario.yaml holds no scenario."""
    others = ("scenario.yml", "Scenario.yaml", "plan.json")
    other = next((name for name in others if (folder / name).exists()), None)
    if other == "plan.json":
        return "is the folder of a plan, not of a scenario"
    return f"has no {DESCRIPTION}" + (f"; rename {other} to {DESCRIPTION}" if other else "")


def _bucket(description: Node, folder: Path, *, generation: int = 0) -> Bucket:
    """The length of the scenario's periods, its own or inherited."""

    def of_base() -> Bucket:
        base_name = base_text(description)
        if not base_name or generation > MAXIMUM_GENERATIONS:
            return "month"
        base = place_of(folder / base_name)
        if is_workbook(base):
            return _bucket(described(base), base.parent, generation=generation + 1)
        try:
            below, _ = read_yaml(base / DESCRIPTION, file=DESCRIPTION)
            return _bucket(below, base, generation=generation + 1)
        except UnreadableError:  # reported when the base is read
            return "month"

    return bucket_of(description, of_base)
