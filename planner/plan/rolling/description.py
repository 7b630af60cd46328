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

NOT_CARRIED = ("base", "overrides")


def described_anew(scenario: Scenario, values: dict[str, Any]) -> str:
    """The text with these values and all comments at their places. The changes of a what-if are in the
    tables of the new scenario, so that what people had commented among them is quoted as it was written.
    """
    file = Path(scenario.source) / DESCRIPTION
    text = file.read_text(encoding="utf-8-sig") if scenario.source and file.is_file() else ""
    old = parse_yaml(text, file=DESCRIPTION)[0] if text else Node({})
    comments = comments_of(text)
    for name in (name for name in NOT_CARRIED if old.get(name) is not None):
        _quote(text.splitlines(), old[name].key_line or 1, comments)
    carried = Node({name: child for name, child in old.items() if name not in NOT_CARRIED})
    return yaml_text(_laid_on(carried, values), comments)


def _quote(lines: list[str], first: int, comments: Comments) -> None:
    """The section that begins at the line is one comment, where there is a comment in it."""
    below = enumerate(lines[first:], start=first)
    last = next((number for number, line in below if line and line[0] not in " #-"), len(lines))
    while not lines[last - 1].strip() or lines[last - 1].startswith("#"):  # these belong to what follows
        last -= 1
    above = [number for number in comments.above if first < number <= last]
    beside = [number for number in comments.beside if first <= number <= last]
    if above or beside:
        section = [f" {line}" if line.strip() else "" for line in lines[first - 1:last]]
        comments.above[first] = [*comments.above.get(first, []), *section]
    for number in above:
        del comments.above[number]
    for number in beside:
        del comments.beside[number]


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
