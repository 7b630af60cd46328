"""Reading scenario.yaml: YAML 1.2, with lines, and nothing that turns into something else.

Values are resolved here rather than by the library, so that `no` and 2026-01 stay text and 010 can never
become 8.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, MappingStartEvent, ScalarEvent, SequenceStartEvent

from planner.errors import Problem
from planner.scenario.reading.cells import MAXIMUM_SHOWN
from planner.scenario.reading.node import DEEPEST, Node
from planner.scenario.reading.text_file import UnreadableError, read_text

LARGEST_FILE = 1_000_000  # bytes; tables belong in files of their own

_WHOLE = re.compile(r"[-+]?[0-9]+")
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WORDS = {"": None, "~": None, "null": None, "Null": None, "NULL": None,
          "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}


def read_yaml(path: Path, *, file: str) -> tuple[Node, list[Problem]]:
    """The file as a tree, and what is wrong with it although it can be read (names given twice)."""
    text = read_text(path, file=file, largest=LARGEST_FILE, if_empty="it must give at least a name")
    return parse_yaml(text, file=file)


def parse_yaml(text: str, *, file: str) -> tuple[Node, list[Problem]]:
    """The text as a tree, and what is wrong with it although it can be read (names given twice)."""
    reader = _Reader(file)
    try:
        return reader.document(iter(YAML(typ="safe", pure=True).parse(text))), reader.problems
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        message = f"not valid YAML: {error.problem or error.context}"
        line = mark.line + 1 if mark else None
        raise UnreadableError(Problem(message, file=file, line=line, code="file.yaml")) from None
    except (YAMLError, ValueError) as error:
        message = f"not valid YAML: {str(error).splitlines()[0]}"
        raise UnreadableError(Problem(message, file=file, code="file.yaml")) from None


class _Reader:
    """Builds the tree from the parser's events, which come one by one, so that nothing can unfold in
    memory.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def document(self, events: Iterator[Any]) -> Node:
        """The only document of the stream."""
        next(events)  # the stream starts
        started = next(events)
        if not hasattr(started, "explicit") or not hasattr(started, "version"):
            reason = "is empty: it must give at least a name"
            raise UnreadableError(Problem(reason, file=self.file, code="file.empty"))
        root = self.node(next(events), events, depth=0)
        next(events)  # the document ends
        if hasattr(next(events), "version"):
            raise UnreadableError(
                Problem(
                    "holds more than one document (---): a scenario is one",
                    file=self.file,
                    code="file.documents",
                )
            )
        return root

    def node(self, event: Any, events: Iterator[Any], *, depth: int) -> Node:
        line = event.start_mark.line + 1
        self._refuse(event, line=line, depth=depth)
        if isinstance(event, ScalarEvent):
            return Node(_resolved(event), _written(event), self.file, line=line)
        if isinstance(event, SequenceStartEvent):
            return Node(list(self._children(events, depth=depth)), "", self.file, line=line)
        return Node(self._mapping(events, depth=depth), "", self.file, line=line)

    def _refuse(self, event: Any, *, line: int, depth: int) -> None:
        if isinstance(event, AliasEvent) or getattr(event, "anchor", None):
            reason = (
                "anchors (&) and aliases (*) are not allowed. Write the value out, or put it in double quotes"
            )
        elif getattr(event, "tag", None) and str(event.tag) != "!":
            reason = "tags (!) are not allowed. Put the value in double quotes"
        elif depth > DEEPEST:
            reason = f"is nested deeper than {DEEPEST} levels"
        else:
            return
        raise UnreadableError(Problem(reason, file=self.file, line=line, code="file.yaml_feature"))

    def _children(self, events: Iterator[Any], *, depth: int) -> Iterator[Node]:
        for event in events:
            if not isinstance(event, ScalarEvent | AliasEvent | MappingStartEvent | SequenceStartEvent):
                return
            yield self.node(event, events, depth=depth + 1)

    def _mapping(self, events: Iterator[Any], *, depth: int) -> dict[str, Node]:
        nodes: dict[str, Node] = {}
        children = self._children(events, depth=depth)
        for name in children:
            value = next(children)
            if not name.is_scalar:
                raise UnreadableError(
                    Problem(
                        "a name is expected here, not a list or a mapping",
                        file=self.file,
                        line=name.line,
                        code="file.yaml_name",
                    )
                )
            if name.text in nodes and len(self.problems) < MAXIMUM_SHOWN:
                first = nodes[name.text].key_line
                self.problems.append(
                    name.problem(
                        f"is given twice; it was first given in line {first}",
                        column=name.text,
                        code="scenario.twice",
                    )
                )
            # nothing stands nowhere: the parser is lines ahead
            line = name.line if value.is_blank else value.line
            nodes[name.text] = Node(value.value, value.text, value.file, line=line, key_line=name.line)
        return nodes


def _resolved(event: Any) -> Any:
    """What a scalar means: quoted is text; unquoted may be nothing, a truth value or a decimal number,
    otherwise text.
    """
    text: str = event.value
    return plain_value(text) if event.implicit[0] else text


def plain_value(text: str) -> Any:
    """What a text means that stands there without quotes."""
    if text in _WORDS:
        return _WORDS[text]
    if len(text) > 300:  # Python refuses whole numbers of thousands of digits
        return text
    if _WHOLE.fullmatch(text):
        return int(text)
    return float(text) if _NUMBER.fullmatch(text) else text


def _written(event: Any) -> str:
    """The scalar's text; an unquoted null is blank."""
    text: str = event.value
    return "" if event.implicit[0] and text in _WORDS and _WORDS[text] is None else text
