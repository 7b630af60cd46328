"""What stands in scenario.yaml, written from its tree: values so that they read back the same, and
comments.
"""

import json
import re
from collections.abc import Iterator

from planner.scenario.reading.comments import Comments
from planner.scenario.reading.node import Node
from planner.scenario.reading.yaml_file import plain_value

PLAIN = re.compile(r"[\w./]([\w ./+*%()?;$€-]*[\w./+*%()?;$€-])?")  # in it, nothing means anything to YAML


def yaml_text(description: Node, comments: Comments) -> str:
    """The text of scenario.yaml."""
    lines: list[str] = []
    for name, child in description.items():
        entry = list(_entry(name, child, comments, indent=""))
        lines += ["", *entry] if lines and entry[0].startswith("#") else entry
    return "\n".join([*lines, *(f"#{text}" for text in comments.before(10**9))]) + "\n"


def _entry(name: str, child: Node, comments: Comments, *, indent: str) -> Iterator[str]:
    """A name and its value; mappings of the first two levels a line for each name."""
    is_section = child.is_mapping and child.sheet  # which has no row of its own
    line = 0 if is_section else child.key_line or child.line or 0
    yield from (f"{indent}#{text}" for text in comments.before(line))
    beside = comments.beside.pop(line, "")
    note = f"  # {beside}" if beside else ""
    if child.is_mapping and child.value and len(indent) < 2:
        yield f"{indent}{scalar_text(name)}:{note}"
        for inner, value in child.items():
            yield from _entry(inner, value, comments, indent=indent + "  ")
    elif child.is_list and child.value and all(one.is_mapping and one.value for one in child.value):
        yield f"{indent}{scalar_text(name)}:{note}"
        for step in child.value:
            yield from _step(step, comments, indent=indent + "  ")
    else:
        yield f"{indent}{scalar_text(name)}: {flow_text(child)}{note}".rstrip()


def _step(step: Node, comments: Comments, *, indent: str) -> Iterator[str]:
    """A change of an override: its verbs, a line for each."""
    dash = "- "
    for verb, content in step.items():
        line = content.line or 0
        yield from (f"{indent}#{text}" for text in comments.before(line))
        beside = comments.beside.pop(line, "")
        yield f"{indent}{dash}{scalar_text(verb)}: {flow_text(content)}{f'  # {beside}' if beside else ''}"
        dash = "  "


def flow_text(node: Node) -> str:
    """The value on one line."""
    if node.is_mapping:
        return f"{{{inner_text(node)}}}"
    if node.is_list:
        return f"[{', '.join(map(flow_text, node.value))}]"
    if isinstance(node.value, str):
        return scalar_text(node.text)
    return node.text


def inner_text(node: Node) -> str:
    """What stands between the braces of a mapping."""
    return ", ".join(f"{scalar_text(name)}: {flow_text(child)}" for name, child in node.items())


def scalar_text(text: str) -> str:
    """A text so that it reads back as that text: in double quotes where it would mean something else."""
    is_plain = PLAIN.fullmatch(text) is not None and isinstance(plain_value(text), str)
    return text if is_plain else json.dumps(text, ensure_ascii=False)
