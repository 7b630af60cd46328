"""A small scenario to start from, for `planner new`."""

import os
import shutil
from pathlib import Path

from planner.errors import OutputError

FILES = Path(__file__).with_name("starter_files")


def write_starter(folder: str | os.PathLike[str]) -> Path:
    """The folder holds a small, commented scenario that solves. It appears all at once, and overwrites
    nothing.
    """
    target = Path(folder)
    try:
        if target.is_file() or (target.exists() and any(target.iterdir())):
            raise OutputError(f"{target}: is there already and not empty. Name a new folder")
        target.parent.mkdir(parents=True, exist_ok=True)
        _move_into_place(target)
    except OSError as error:
        raise OutputError(f"{target}: cannot be written: {error.strerror}") from error
    return target


def _move_into_place(target: Path) -> None:
    """Written beside the target first, so that a full disk leaves nothing half written."""
    beside = target.absolute().with_name(f".{target.absolute().name}-{os.getpid()}")
    beside.mkdir()
    try:
        for path in sorted(FILES.iterdir()):
            shutil.copyfile(path, beside / path.name)
        if not target.exists():
            beside.rename(target)
            return
        # an empty folder that is there may be somebody's current one: fill it
        for path in sorted(beside.iterdir()):
            path.rename(target / path.name)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
