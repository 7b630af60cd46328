"""The sheets `scenario` and `overrides` of a workbook become the tree that scenario.yaml would be.

`scenario` has a row for each setting: its path (calendar.start) and its value. `overrides` has a row for each
change: the table, and the verbs, each with what stands after it in scenario.yaml.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from planner.errors import Problem
from planner.scenario.calendar import Bucket
from planner.scenario.reading.comments import Comments
from planner.scenario.reading.node import Node
from planner.scenario.reading.recognition.days import read_period
from planner.scenario.reading.recognition.formats import MEANINGS as FORMAT_MEANINGS, SECTION as FORMATS
from planner.scenario.reading.recognition.recognise import period_of
from planner.scenario.reading.text_file import UnreadableError
from planner.scenario.reading.workbook.book import Fault, Percent, Sheet, Value, read_book
from planner.scenario.reading.workbook.scan import UNCALCULATED
from planner.scenario.reading.workbook.sheet import (
    ERROR_REASON,
    UNCALCULATED_REASON,
    header_row,
    plain_text,
)
from planner.scenario.reading.yaml_file import parse_yaml, plain_value
from planner.scenario.settings import setting_paths
from planner.scenario.suggestions import quoted

SETTINGS_SHEET, OVERRIDES_SHEET = "scenario", "overrides"
SETTING, VALUE = "setting", "value"
OVERRIDES_FROM = 10**7  # the line of the first row of overrides, below all settings
VERBS = ("where", "set", "multiply", "add", "remove")
KNOWN_SETTINGS = frozenset(
    {"question", "base", "agreed_plan", *setting_paths(), *(f"{FORMATS}.{name}" for name in FORMAT_MEANINGS)}
)


def read_description(
    settings: Sheet, overrides: Sheet | None, *, file: str
) -> tuple[Node, list[Problem]]:
    """The tree that the two sheets describe, and what is wrong with them."""
    problems: list[Problem] = []
    tree: dict[str, Any] = {}
    for row, name, value in _pairs(settings):
        # every setting is there in a template: a blank one says nothing
        if value == "" and name in KNOWN_SETTINGS:
            continue
        node, wrong = _node(value, file=file, sheet=settings.name, row=row)
        problems += wrong
        _place(tree, name.split("."), node, problems)
    bucket: Bucket = "week" if _text(tree, "calendar", "bucket") == "week" else "month"
    _write_start(tree, bucket)
    if overrides is not None:
        steps, wrong = _steps(overrides, file=file)
        problems += wrong
        if steps:
            tree["overrides"] = Node(steps, file=file, sheet=overrides.name, line=1)
    return _mapping(tree, file=file, sheet=settings.name), problems


def _pairs(sheet: Sheet) -> Iterator[tuple[int, str, Value]]:
    """Row, path and value of every setting; rows that begin with # are notes for people."""
    top = header_row(sheet, {SETTING, VALUE})
    names = [plain_text(value).strip() for value in sheet.rows[top]] if top is not None else []
    at_name = names.index(SETTING) if SETTING in names else 0
    at_value = names.index(VALUE) if VALUE in names else at_name + 1
    first = 0 if top is None else top + 1
    for number, row in enumerate(sheet.rows[first:], start=first + 1):
        name = plain_text(row[at_name]).strip() if at_name < len(row) else ""
        if name and not name.startswith("#"):
            yield number, name, row[at_value] if at_value < len(row) else ""


def _node(value: Value, *, file: str, sheet: str, row: int) -> tuple[Node, list[Problem]]:
    """What the cell says, as scenario.yaml would say it."""
    where = Node(None, file=file, sheet=sheet, line=row, key_line=row)
    if isinstance(value, Fault):
        is_formula = value.text == UNCALCULATED
        if is_formula:
            return where, [where.problem(UNCALCULATED_REASON, column=VALUE, code="file.not_calculated")]
        value_text = quoted(value.text)
        return where, [where.problem(ERROR_REASON, column=VALUE, value=value_text, code="file.error_value")]
    if isinstance(value, bool):
        return replace(where, value=value, text=str(value).lower()), []
    text = plain_text(value.number if isinstance(value, Percent) else value).strip()
    if text.startswith(('"', "[", "{")):
        return _parsed(text, where)
    return replace(where, value=plain_value(text), text=text), []


def _parsed(text: str, where: Node) -> tuple[Node, list[Problem]]:
    """A list, mapping or quoted text, written as in scenario.yaml."""
    try:
        node, _ = parse_yaml(text, file=where.file)
    except UnreadableError as error:
        return where, [where.problem(error.problem.message, code=error.problem.code)]
    return _placed(node, where), []


def _placed(node: Node, where: Node) -> Node:
    """The tree, all of it written at one place."""
    value: Any = node.value
    if node.is_mapping:
        value = {name: _placed(child, where) for name, child in node.items()}
    elif node.is_list:
        value = [_placed(child, where) for child in node.value]
    return replace(where, value=value, text=node.text)


def _place(tree: dict[str, Any], path: list[str], node: Node, problems: list[Problem]) -> None:
    """The node stands at its path in the tree of dicts."""
    for part in path[:-1]:
        below = tree.setdefault(part, {})
        if not isinstance(below, dict):
            _twice(".".join(path), node, problems)
            return
        tree = below
    if path[-1] in tree:
        _twice(".".join(path), node, problems)
        return
    tree[path[-1]] = node


def _twice(name: str, node: Node, problems: list[Problem]) -> None:
    problems.append(node.problem("is given twice", column=name, code="scenario.twice"))


def _mapping(tree: dict[str, Any], *, file: str, sheet: str) -> Node:
    """The tree of dicts as one of Nodes; a mapping stands where its first child does."""
    children = {
        name: child if isinstance(child, Node) else _mapping(child, file=file, sheet=sheet)
        for name, child in tree.items()
    }
    line = next((child.line for child in children.values()), None)
    return Node(children, file=file, sheet=sheet, line=line, key_line=line)


def _text(tree: dict[str, Any], section: str, name: str) -> str:
    node = tree.get(section)
    child = node.get(name) if isinstance(node, dict) else None
    return child.text if isinstance(child, Node) else ""


def _write_start(tree: dict[str, Any], bucket: Bucket) -> None:
    """A start that a spreadsheet has turned into a day, or into Jan-26, is a period again."""
    calendar = tree.get("calendar")
    start = calendar.get("start") if isinstance(calendar, dict) else None
    if not isinstance(calendar, dict) or not isinstance(start, Node) or not start.is_scalar:
        return
    try:
        text = period_of(date.fromisoformat(start.text[:10]), bucket, any_day=False)
    except ValueError:
        text = read_period(start.text, bucket)
    if text is not None:
        calendar["start"] = replace(start, value=text, text=text)


def _steps(sheet: Sheet, *, file: str) -> tuple[dict[str, Node], list[Problem]]:
    """The changes of each table, in their order."""
    top = header_row(sheet, {"table", *VERBS})
    if top is None:
        return {}, []
    names = [plain_text(value).strip() for value in sheet.rows[top]]
    steps: dict[str, list[Node]] = {}
    settings: dict[str, Node] = {}
    problems: list[Problem] = []
    for number, row in enumerate(sheet.rows[top + 1:], start=top + 2):
        cells = {name: value for name, value in zip(names, row, strict=False) if plain_text(value).strip()}
        table = plain_text(cells.pop("table", "")).strip()
        verbs: dict[str, Node] = {}
        for name in (name for name in cells if name in VERBS):
            verbs[name], wrong = _content(cells[name], file=file, sheet=sheet.name, row=number)
            problems += wrong
        if table == "settings" and "set" in verbs:
            settings |= verbs["set"].value if verbs["set"].is_mapping else {}
        elif table or verbs:
            steps.setdefault(table, []).append(_at(verbs, file=file, sheet=sheet.name, line=number))
    by_table = {table: _at(children, file=file, sheet=sheet.name, line=children[0].line)
                for table, children in steps.items()}
    if settings:
        by_table = {"settings": _at(settings, file=file, sheet=sheet.name, line=1), **by_table}
    return by_table, problems


def _at(value: Any, *, file: str, sheet: str, line: int | None) -> Node:
    return Node(value, file=file, sheet=sheet, line=line, key_line=line)


def _content(value: Value, *, file: str, sheet: str, row: int) -> tuple[Node, list[Problem]]:
    """What a verb says: columns and values, with or without the braces of scenario.yaml."""
    text = plain_text(value).strip()
    where = Node(None, file=file, sheet=sheet, line=row, key_line=row)
    return _parsed(text if text.startswith(("{", "[")) else f"{{{text}}}", where)


def workbook_comments(path: Path) -> Comments:
    """The comments in the two sheets: rows that begin with #, and what stands in the column of notes.

    Lines are rows of the sheet `scenario`; those of `overrides` come after all of them.
    """
    comments = Comments()
    for sheet in read_book(path, file=path.name):
        first = {SETTINGS_SHEET: 0, OVERRIDES_SHEET: OVERRIDES_FROM}.get(sheet.name.casefold())
        if first is not None:
            _gather(sheet, comments, first=first)
    return comments


def _gather(sheet: Sheet, comments: Comments, *, first: int) -> None:
    top = header_row(sheet, {SETTING, VALUE, "table", *VERBS}) or 0
    headings = [plain_text(value).strip() for value in sheet.rows[top]] if sheet.rows else []
    notes = headings.index("notes") if "notes" in headings else None
    waiting: list[str] = []
    for number, row in enumerate(sheet.rows[top + 1:], start=first + top + 2):
        name = plain_text(row[0]).strip() if row else ""
        if name.startswith("#"):
            waiting.append(name[1:])
        elif len(row) > 1 and any(value != "" for value in row[1:len(VERBS) + 1 if first else 2]):
            if waiting:
                comments.above[number], waiting = waiting, []
            if notes is not None and notes < len(row) and row[notes] != "":
                comments.beside[number] = plain_text(row[notes]).strip()
    if waiting:
        comments.above[first + len(sheet.rows) + 1] = waiting
