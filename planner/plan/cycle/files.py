"""Where a cycle stands on disk: one file of the record, written whole, and what was put beside it.

    cycle.yaml      the record
    inputs/         the tables of the scenarios as they were, each content once
    inputs.csv      which of them each scenario had
    plans.csv       the files of every plan considered, with their hashes
    agreed_plan/    a copy of the plan that was chosen
    forecast.csv    the demand that it was planned on, with and without overrides
    actuals.csv     what has happened in the periods before
    seal.csv        what was signed: the hash of every entry and file

One process writes at a time: the folder is locked meanwhile, and a record that has changed since it was read
is not written over.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from planner.errors import CycleError
from planner.plan.cycle.record import Record, record_of
from planner.scenario.reading.comments import Comments
from planner.scenario.reading.node import node_of
from planner.scenario.reading.text_file import UnreadableError
from planner.scenario.reading.yaml_file import read_yaml
from planner.scenario.saving.yaml_text import yaml_text
from planner.writing import write_text

RECORD, SEAL, PLANS, INPUTS = "cycle.yaml", "seal.csv", "plans.csv", "inputs.csv"
FORECAST, ACTUALS, AGREED = "forecast.csv", "actuals.csv", "agreed_plan"
ATTRIBUTES = ".gitattributes"  # line ends that git would change are other bytes than were signed
HEAD = "# The record of a monthly cycle. planner cycle writes it; what is signed is not to be edited.\n"
PATIENCE = 10.0  # seconds in which somebody else's step is over
EVERY = 0.05  # seconds between two tries


def is_cycle(folder: Path) -> bool:
    """Whether a cycle stands in the folder."""
    return (folder / RECORD).is_file()


def read_record(folder: Path) -> Record:
    """The record in the folder; CycleError says what is wrong with it."""
    return _read(folder)[0]


def _read(folder: Path) -> tuple[Record, bytes]:
    file = folder / RECORD
    if not file.is_file():
        raise CycleError(f"{folder}: no cycle here: {RECORD} is missing. planner cycle open begins one")
    try:
        tree, problems = read_yaml(file, file=str(file))
    except UnreadableError as error:
        raise CycleError(str(error.problem)) from None
    if problems:
        raise CycleError("\n".join(map(str, problems)))
    return record_of(tree), file.read_bytes()


def record_text(record: Record) -> str:
    """The record as YAML: an entry a line, in a fixed order."""
    return HEAD + yaml_text(node_of(_filled(asdict(record))), Comments())


def _filled(entries: dict[str, Any]) -> dict[str, Any]:
    """The entries without those of which nothing is there yet."""
    return {name: list(value) if isinstance(value, tuple) else value
            for name, value in entries.items() if value not in ((), None)}


def write_record(folder: Path, record: Record) -> None:
    """The record stands in the folder."""
    write_text(folder / RECORD, record_text(record))


def change(folder: Path, step: Callable[[Record], Record], *, expected: int | None = None) -> Record:
    """The record after the step, written. Nobody else's step is lost: the folder is locked meanwhile, and
    CycleError says that the record is no longer at the revision that was `expected`.
    """
    with locked(folder):
        record, content = _read(folder)
        if expected is not None and expected != record.revision:
            raise CycleError(f"{folder}: has changed since it was read: it was at revision {expected} and is "
                             f"at {record.revision}. Nothing was written. Read it again: planner cycle "
                             f"status {folder}")
        changed = replace(step(record), revision=record.revision + 1)
        if (folder / RECORD).read_bytes() != content:  # where the system knows no locks
            raise CycleError(f"{folder}: was changed by somebody else meanwhile. Nothing was written. Try "
                             "again")
        write_record(folder, changed)
        return changed


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """No other process changes the cycle until the block ends; CycleError where one does for too long."""
    try:
        import fcntl
    except ImportError:  # no such locks on this system
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        limit = time.monotonic() + PATIENCE
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError:
                if time.monotonic() > limit:
                    raise CycleError(f"{folder}: somebody else is writing this cycle. Nothing was written. "
                                     "Try again in a moment") from None
                time.sleep(EVERY)
        yield
    finally:
        os.close(handle)


def seen_from(folder: Path, place: str | os.PathLike[str]) -> str:
    """The place as seen from the folder, so that both can be moved together; no machine's own path."""
    try:
        return Path(os.path.relpath(Path(place).resolve(), folder.resolve())).as_posix()
    except ValueError:  # on another drive
        return Path(place).as_posix()


def place_from(folder: Path, place: str) -> Path:
    """The place that stands in the cycle."""
    return Path(os.path.normpath(folder / place))
