"""The scenario.yaml of a rolled scenario: its new values, where people had written the old ones, with their
comments.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

from planner.scenario.reading.comments import Comments, comments_of
from planner.scenario.reading.node import Node, node_of
from planner.scenario.reading.source import DESCRIPTION
from planner.scenario.reading.yaml_file import parse_yaml
from planner.scenario.saving.yaml_text import yaml_text
from planner.scenario.scenario import Scenario


def described_anew(scenario: Scenario, values: dict[str, Any]) -> str:
    """The text with these values. A scenario of its own keeps all its comments at their places; what a
    what-if inherits stands in other files, and it keeps the comment that it begins with.
    """
    file = Path(scenario.source) / DESCRIPTION
    text = file.read_text(encoding="utf-8-sig") if scenario.source and file.is_file() else ""
    old = parse_yaml(text, file=DESCRIPTION)[0] if text else Node({})
    comments = comments_of(text)
    if old.get("base") is not None:
        old, comments = Node({}), Comments({0: _first_comment(text)} if _first_comment(text) else {})
    return yaml_text(_laid_on(old, values), comments)


def _first_comment(text: str) -> list[str]:
    lines = text.splitlines()
    end = next((at for at, line in enumerate(lines) if not line.startswith("#")), len(lines))
    return [line[1:] for line in lines[:end]]


def _laid_on(old: Node | None, value: Any) -> Node:
    """The value at the place of the old one, names in the order in which they stood."""
    if old is not None and old.plain() == value:
        return old
    new = node_of(value)
    if isinstance(value, dict):
        before = old.value if old is not None and old.is_mapping else {}
        names = [*(name for name in before if name in value), *(name for name in value if name not in before)]
        new = Node({name: _laid_on(before.get(name), value[name]) for name in names})
    return new if old is None else replace(new, file=old.file, line=old.line, key_line=old.key_line)
