"""A what-if written to a folder of its own, as people write one."""

import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from planner.errors import OutputError
from planner.scenario.scenario import Scenario
from planner.writing import whole_folder

FILE = "scenario.yaml"
_PLAIN = re.compile(r"[A-Za-z][\w./-]*|[0-9]{4}-(?:[0-9]{2}|W[0-9]{2})")
_NOT_TEXT = {"yes", "no", "true", "false", "null", "on", "off", "inf", "nan"}


def refuse_what_is_not_empty(folder: Path) -> None:
    """The place is a new or empty folder; OutputError otherwise: nobody's files are mixed with a what-if."""
    if folder.is_file() or (folder.is_dir() and any(folder.iterdir())):
        raise OutputError(f"{folder}: is there already and not empty. Name a new folder")


def save_what_if(folder: Path, base: Scenario, overrides: Mapping[str, Any], *, name: str,
                 question: str = "") -> None:
    """The folder holds a scenario.yaml that says these overrides of the base. OutputError where the base is
    in no folder that it could name.
    """
    refuse_what_is_not_empty(folder)
    if not base.source or not Path(base.source).exists():
        raise OutputError(f"{folder}: scenario {base.name} was not read from a folder, so that no what-if of "
                          "it can be saved")
    start = Path(os.path.relpath(Path(base.source).resolve(), folder.resolve())).as_posix()
    text = "\n".join([f"name: {_text(name)}", *([f"question: {_text(question)}"] if question else []),
                      f"base: {_text(start)}", *overrides_lines(overrides), ""])
    with whole_folder(folder, own=(FILE,), marker=FILE) as new:
        (new / FILE).write_text(text, encoding="utf-8", newline="\n")


def overrides_lines(overrides: Mapping[str, Any]) -> Iterator[str]:
    """The overrides as lines of YAML, a step a line."""
    yield "overrides:"
    for table, steps in overrides.items():
        yield f"  {table}:"
        for step in steps:
            verbs = list(step.items())
            yield f"    - {verbs[0][0]}: {_flow(verbs[0][1])}"
            yield from (f"      {verb}: {_flow(content)}" for verb, content in verbs[1:])


def _flow(content: Any) -> str:
    if isinstance(content, Mapping):
        return "{" + ", ".join(f"{key}: {_flow(cell)}" for key, cell in content.items()) + "}"
    return _text(content) if isinstance(content, str) else json.dumps(content)


def _text(text: str) -> str:
    """The text, in quotes where YAML would read something else."""
    is_plain = _PLAIN.fullmatch(text) is not None and text.lower() not in _NOT_TEXT
    return text if is_plain else json.dumps(text, ensure_ascii=False)
