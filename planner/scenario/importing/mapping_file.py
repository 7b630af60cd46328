"""Reading a mapping: YAML, a profile laid under it where it names one, and every problem at once."""

import os
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from planner.errors import PlannerError, Problem, ScenarioError
from planner.scenario.importing import mapping as declared
from planner.scenario.importing.mapping import Mapping, Read
from planner.scenario.reading.node import Node, merge, node_of
from planner.scenario.reading.text_file import UnreadableError
from planner.scenario.reading.yaml_file import read_yaml
from planner.scenario.schema import TABLES
from planner.scenario.suggestions import did_you_mean, listed, quoted

PROFILES = Path(__file__).with_name("profiles")
MASTERS = ("items", "sites", "markets", "customers")  # masters that are made from what occurs
Place = tuple[int | str, ...]


@dataclass(frozen=True)
class MappingFile:
    """A mapping that is sound, and where its entries stand."""

    mapping: Mapping
    tree: Node

    def problem(self, message: str, place: Place, *, word: str, value: str | None = None) -> Problem:
        """A problem at an entry of the mapping."""
        return problem_at(self.tree, place, message, word=word, value=value)


def profiles() -> dict[str, str]:
    """Every profile that comes with the product, and what it reads."""
    files = sorted(PROFILES.glob("*.yaml"))
    return {file.stem: file.read_text(encoding="utf-8").splitlines()[0].lstrip("# ") for file in files}


def read_mapping(place: str | os.PathLike[str] | AnyMapping[str, Any]) -> MappingFile:
    """The mapping in a file or dict; ScenarioError carries every problem."""
    name = "mapping" if isinstance(place, AnyMapping) else Path(place).name
    tree, problems = _tree(place, name)
    if problems:
        raise ScenarioError(name, problems)
    tree = _on_its_profile(tree)
    try:
        mapping = Mapping.model_validate(_texts(tree))
    except ValidationError as error:
        details = [(one["loc"], one["type"]) for one in error.errors()]
        raise ScenarioError(name, [_problem(tree, place, kind) for place, kind in details]) from None
    read = MappingFile(mapping, tree)
    problems = [one for name, of in mapping.reads.items() for one in _read_problems(read, name, of)]
    if not mapping.reads:
        problems.append(read.problem("must read something", ("reads",), word="entry"))
    if problems:
        raise ScenarioError(name, problems)
    return read


def _tree(place: str | os.PathLike[str] | AnyMapping[str, Any], name: str) -> tuple[Node, list[Problem]]:
    if isinstance(place, AnyMapping):
        return node_of(place), []
    try:
        tree, problems = read_yaml(Path(place), file=name)
    except UnreadableError as error:
        return Node({}), [error.problem]
    if not tree.is_mapping:
        problems.append(tree.problem("must be a mapping, beginning with reads:", code="import.entry"))
    return tree, problems


def _on_its_profile(tree: Node) -> Node:
    """The mapping laid on the profile that it names."""
    profile = tree.get("profile")
    if profile is None or not profile.text:
        return tree
    _expect_profile(profile.text)
    under, _ = read_yaml(PROFILES / f"{profile.text}.yaml", file=f"{profile.text}.yaml")
    return merge(under, tree)


def _expect_profile(name: str) -> None:
    bundled = profiles()
    if name not in bundled:
        raise PlannerError(f'no profile "{name}", only {", ".join(bundled)}{did_you_mean(name, bundled)}')


def _texts(node: Node, path: tuple[str, ...] = ()) -> Any:
    """The tree as it was written: a code such as 010 stays a text. Settings keep their numbers."""
    if path == ("settings",):
        return node.plain()
    if node.is_mapping:
        return {name: _texts(child, (*path, name)) for name, child in node.items()}
    if node.is_list:
        return [_texts(child, (*path, "")) for child in node.value]
    return None if node.value is None else node.text


def _read_problems(read: MappingFile, name: str, one: Read) -> list[Problem]:
    """The table is there, and so are its columns; what must be given is."""
    at: Place = ("reads", name)
    if one.table not in TABLES:
        reason = f"no such table{did_you_mean(one.table, TABLES)}"
        return [read.problem(reason, (*at, "table"), word="no_table", value=quoted(one.table))]
    problems = _unknown_columns(read, (*at, "columns"), one.table, list(one.columns))
    for master, columns in one.masters.items():
        if master not in MASTERS:
            reason = f"must be {listed(MASTERS)}{did_you_mean(master, MASTERS)}"
            problems.append(read.problem(reason, (*at, "masters", master), word="no_master"))
        else:
            problems += _unknown_columns(read, (*at, "masters", master), master, list(columns))
    provided = {*one.columns, *(("expected_close", "closed") if one.close_date is not None else ())}
    missing = [
        column.name for column in TABLES[one.table].columns if column.required and column.name not in provided
    ]
    problems += [
        read.problem(
            f"{one.table} needs the column {column}: say where it comes from",
            (*at, "columns"),
            word="column_needed",
        )
        for column in missing
    ]
    return problems + _choice_problems(read, at, one)


def _choice_problems(read: MappingFile, at: Place, one: Read) -> list[Problem]:
    problems = [
        read.problem(
            f"needs one of {listed(group)}: say where it comes from", (*at, "columns"), word="column_needed"
        )
        for group in TABLES[one.table].one_of
        if not set(group) & set(one.columns)
    ]
    if one.header_row < 1:
        problems.append(read.problem("must be a whole number from 1 on", (*at, "header_row"), word="entry"))
    return problems


def _unknown_columns(read: MappingFile, at: Place, table: str, names: list[str]) -> list[Problem]:
    columns = [column.name for column in TABLES[table].columns]
    return [
        read.problem(f"{table} has no such column{near}", (*at, name), word="unknown_target")
        for name, near in ((name, did_you_mean(name, columns)) for name in names if name not in columns)
    ]


def problem_at(tree: Node, place: Place, message: str, *, word: str, value: str | None = None) -> Problem:
    """A problem at a place of the tree: the nearest that is written."""
    node, path = tree, [str(part) for part in place]
    for part in place:
        inner = _inner(node, part)
        if inner is None:
            break
        node = inner
    return Problem(
        message,
        file=node.file,
        line=node.key_line or node.line,
        column=".".join(path),
        value=value,
        code=f"import.{word}",
    )


def _inner(node: Node, part: int | str) -> Node | None:
    if node.is_list and isinstance(part, int) and part < len(node.value):
        child: Node = node.value[part]
        return child
    return node.get(str(part))


def _problem(tree: Node, place: Place, kind: str) -> Problem:
    """The problem of one entry, in the words of its rule."""
    if kind == "extra_forbidden":
        allowed = _allowed(place[:-1])
        reason = f"no such entry. Allowed are {', '.join(allowed)}{did_you_mean(str(place[-1]), allowed)}"
        return problem_at(tree, place, reason, word="no_entry")
    if kind == "missing":
        return problem_at(tree, place, "must be given", word="entry_needed")
    model, field = _declared(place)
    if kind == "value_error" and (model is declared.Expression or field == ""):
        reason = (
            f"must be a column of the file, or one of {', '.join(declared.WAYS)}, each with what it takes"
        )
        return problem_at(tree, place, reason, word="entry")
    rule = (model.model_fields[field].json_schema_extra or {}) if field in model.model_fields else {}
    words = rule.get("rule") if isinstance(rule, dict) else None
    return problem_at(tree, place, str(words or "cannot be understood"), word="entry")


def _allowed(place: Place) -> list[str]:
    model, field = _declared(place)
    inner = _model_in(model.model_fields[field].annotation) if field in model.model_fields else None
    return list((inner or model).model_fields)


def _declared(place: Place) -> tuple[type[BaseModel], str]:
    """The class and the entry of it that a place belongs to."""
    model: type[BaseModel] = Mapping
    field = ""
    for part in place:
        if isinstance(part, str) and part in model.model_fields:
            if field and (inner := _model_in(model.model_fields[field].annotation)) is not None:
                model = inner
            field = part if part in model.model_fields else field
        elif field and (inner := _model_in(model.model_fields[field].annotation)) is not None:
            model, field = inner, (part if isinstance(part, str) and part in inner.model_fields else "")
    return model, field


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The class of entries inside an annotation such as dict[str, Read]."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((model for inner in get_args(annotation) if (model := _model_in(inner)) is not None), None)
