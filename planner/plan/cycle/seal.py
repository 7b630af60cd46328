"""What two sides have signed: the hash of every entry of the record and of every file of the cycle, and what
is no longer so.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pandas as pd

from planner.csv_tables import csv_text
from planner.errors import PlannerError
from planner.plan.cycle.files import ACTUALS, AGREED, FORECAST, INPUTS, PLANS, RECORD, SEAL, place_from
from planner.plan.cycle.inputs import FOLDER, first_edited_row, list_inputs, read_texts
from planner.plan.cycle.plans import first_difference
from planner.plan.cycle.record import Closing, Record
from planner.scenario.load import load_scenario
from planner.scenario.reading.node import Node
from planner.scenario.reading.text_file import UnreadableError
from planner.scenario.reading.yaml_file import read_yaml
from planner.writing import fingerprint, write_text

COLUMNS = ("file", "entry", "sha256")
SINGLE = (INPUTS, PLANS, FORECAST, ACTUALS)


def seal_frame(folder: Path, record: Record) -> pd.DataFrame:
    """A row for each entry of the record and each file beside it: file, entry, sha256."""
    entries = [(RECORD, path, _hash(value)) for path, value in _flat(record.signed_part)]
    files = [(name, "", fingerprint(folder / name)) for name in own_files(folder)]
    return pd.DataFrame([*entries, *files], columns=list(COLUMNS), dtype="str")


def own_files(folder: Path) -> list[str]:
    """The files that belong to what is signed, those that are there, in order."""
    beside = [folder / name for name in SINGLE] + [
        file for name in (FOLDER, AGREED) for file in (folder / name).rglob("*")]
    return sorted(file.relative_to(folder).as_posix() for file in beside
                  if file.is_file() and not any(part.startswith(".") for part in file.parts[-2:]))


def write_seal(folder: Path, record: Record) -> str:
    """seal.csv says what is signed; its hash is what a signature bears."""
    text = csv_text(seal_frame(folder, record))
    write_text(folder / SEAL, text)
    return hashlib.sha256(text.encode()).hexdigest()


def closing_seal(record: Record) -> str:
    """The hash of everything that a closed cycle says, signatures included."""
    closed = record.closed or Closing("", "", "")
    content = asdict(replace(record, closed=replace(closed, seal="")))
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def broken(folder: Path, record: Record) -> Iterator[str]:
    """Every entry and file that is not what was signed, each with its place; nothing where all is."""
    if not record.signatures:
        return
    file = folder / SEAL
    if not file.is_file():
        yield f"{file}: is missing: what was signed can no longer be checked"
        return
    signed = {signature.signed for signature in record.signatures}
    if signed != {fingerprint(file)}:
        yield f"{file}: is not what the signatures in {folder / RECORD} are of"
    yield from _edited(folder, record, read_texts(file, COLUMNS))
    if record.closed is not None and closing_seal(record) != record.closed.seal:
        yield f"{folder / RECORD}: signatures or closing are not as they were when the cycle was closed"


def _edited(folder: Path, record: Record, signed: pd.DataFrame) -> Iterator[str]:
    """What differs between the rows that were signed and those that would be signed now."""
    then, now = _by_entry(signed), _by_entry(seal_frame(folder, record))
    lines = _lines(folder)
    for file, entry in sorted({*then, *now}):
        before, after = then.get((file, entry)), now.get((file, entry))
        if before == after:
            continue
        deed = "was removed" if after is None else "was added" if before is None else "was edited"
        yield f"{folder / file}{_where(folder, record, file, entry, lines)}: {deed} after it was signed"


def _by_entry(frame: pd.DataFrame) -> dict[tuple[str, str], str]:
    return dict(zip(zip(frame["file"], frame["entry"], strict=True), frame["sha256"], strict=True))


def _where(folder: Path, record: Record, file: str, entry: str, lines: Mapping[str, int]) -> str:
    """The line of an entry of the record; the first row that differs in a copy, where what it is a copy of is
    still as it was.
    """
    if entry:
        return f"{f' line {lines[entry]}' if entry in lines else ''}, {entry}"
    row = _edited_row(folder, record, file) if file.startswith(f"{FOLDER}/") else None
    if file.startswith(f"{AGREED}/") and record.decision is not None:
        chosen = record.plan(record.decision.plan)
        row = first_difference(place_from(folder, chosen.folder) / file.removeprefix(f"{AGREED}/"),
                               folder / file)
    return "" if row is None else f" row {row}"


def _edited_row(folder: Path, record: Record, file: str) -> int | None:
    """The row of a scenario's copy that was edited, where the scenario itself is still as it was."""
    listed = list_inputs(folder)
    hashes = set(listed.loc[listed["file"] == file, "scenario_hash"])
    places = {record.opened.scenario: record.opened.scenario_hash,
              **{plan.scenario: plan.scenario_hash for plan in record.plans}}
    for place, digest in places.items():
        with suppress(PlannerError):
            scenario = load_scenario(place_from(folder, place))
            if digest in hashes and scenario.content_hash == digest:
                return first_edited_row(folder, file, scenario)
    return None


def _lines(folder: Path) -> dict[str, int]:
    """The line of each entry of the record."""
    try:
        tree, _ = read_yaml(folder / RECORD, file=RECORD)
    except UnreadableError:
        return {}
    return {path: node.line or 0 for path, node in _leaves(tree)}


def _leaves(node: Node, path: str = "") -> Iterator[tuple[str, Node]]:
    if node.is_mapping:
        for name, child in node.items():
            yield from _leaves(child, f"{path}.{name}".lstrip("."))
    elif node.is_list:
        for place, child in enumerate(node.value, start=1):
            yield from _leaves(child, f"{path}[{place}]")
    else:
        yield path, node


def _flat(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Each single value of the record with its path as in the file: decision.why, plans[2].folder."""
    if isinstance(value, Mapping):
        for name, child in value.items():
            yield from _flat(child, f"{path}.{name}".lstrip("."))
    elif isinstance(value, list | tuple):
        for place, child in enumerate(value, start=1):
            yield from _flat(child, f"{path}[{place}]")
    elif value is not None:
        yield path, value


def _hash(value: Any) -> str:
    return hashlib.sha256(str(value).encode()).hexdigest()
