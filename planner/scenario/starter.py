"""A small scenario to start from, for `planner new`."""

import os
import shutil
from pathlib import Path

from planner.errors import OutputError
from planner.writing import whole_folder

FILES = Path(__file__).with_name("starter_files")


def write_starter(folder: str | os.PathLike[str]) -> Path:
    """The folder holds a small, commented scenario that solves. It appears all at once, and overwrites
    nothing.
    """
    target = Path(folder)
    if target.is_file() or (target.is_dir() and any(target.iterdir())):
        raise OutputError(f"{target}: is there already and not empty. Name a new folder")
    names = sorted(path.name for path in FILES.iterdir())
    with whole_folder(target, own=names, marker="scenario.yaml") as new:
        for name in names:
            shutil.copyfile(FILES / name, new / name)
    return target
