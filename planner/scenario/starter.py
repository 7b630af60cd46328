"""Scenarios to start from, for `planner new`: a small starter, or one of those that come with the product."""

import os
import re
from pathlib import Path

from planner.errors import OutputError, PlannerError
from planner.scenario.suggestions import did_you_mean
from planner.writing import whole_folder

STARTER = Path(__file__).with_name("starter_files")
MARKER = "scenario.yaml"
BASE = re.compile(r"^base: \.\./(\S+)$", re.MULTILINE)
QUESTION = re.compile(r"^question: (.+)$", re.MULTILINE)


def write_starter(folder: str | os.PathLike[str]) -> Path:
    """The folder holds a small, commented scenario that solves. It appears all at once, and overwrites
    nothing.
    """
    return _write({path.name: path.read_bytes() for path in _files_of(STARTER)}, Path(folder))


def write_example(folder: str | os.PathLike[str], name: str) -> Path:
    """The folder holds the bundled scenario, and the base of a what-if beside its scenario.yaml. It appears
    all at once, and overwrites nothing.
    """
    files = {path.name: path.read_bytes() for path in _files_of(place_of_example(name))}
    text = files[MARKER].decode()
    files[MARKER] = BASE.sub(r"base: \1", text).encode()
    while (base := BASE.search(text)) is not None:
        files |= {f"{base[1]}/{path.name}": path.read_bytes() for path in _files_of(_bundled() / base[1])}
        text = files[f"{base[1]}/{MARKER}"].decode()
    return _write(files, Path(folder))


def examples() -> dict[str, str]:
    """Name and question of every bundled scenario."""
    files = sorted(_bundled().glob(f"*/{MARKER}"))
    questions = {file.parent.name: QUESTION.search(file.read_text(encoding="utf-8")) for file in files}
    return {name: question[1].strip("'\"") if question else "" for name, question in questions.items()}


def files_of_examples() -> list[Path]:
    """The folders of the starter and of every bundled scenario that has tables of its own."""
    return [STARTER, *sorted({file.parent for file in _bundled().glob("*/*.csv")})]


def place_of_example(name: str | None) -> Path:
    """The folder of the bundled scenario, or of the starter."""
    if name is None:
        return STARTER
    bundled = examples()
    if name not in bundled:
        raise PlannerError(
            f'no bundled scenario "{name}", only {", ".join(bundled)}{did_you_mean(name, bundled)}'
        )
    return _bundled() / name


def _bundled() -> Path:
    """Where the bundled scenarios are: in the installed package, or in a clone beside it."""
    installed = Path(__file__).with_name("bundled")
    return installed if installed.is_dir() else Path(__file__).parents[2] / "scenarios"


def _files_of(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.suffix in (".yaml", ".csv"))


def _write(files: dict[str, bytes], target: Path) -> Path:
    if target.is_file() or (target.is_dir() and any(target.iterdir())):
        raise OutputError(f"{target}: is there already and not empty. Name a new folder")
    own = sorted({name.split("/")[0] for name in files})
    with whole_folder(target, own=own, marker=MARKER) as new:
        for name, content in files.items():
            (new / name).parent.mkdir(exist_ok=True)
            (new / name).write_bytes(content)
    return target
