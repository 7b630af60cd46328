"""The description of a scenario: the names that may stand in it, and what its parts are."""

from collections.abc import Iterator
from dataclasses import replace

from planner.errors import Problem
from planner.scenario.lettering import name_fault, name_rule, text_fault, text_rule
from planner.scenario.reading.cells import few
from planner.scenario.reading.node import Node
from planner.scenario.reading.recognition.formats import SECTION as FORMATS
from planner.scenario.reading.sql_table import SECTION as QUERIES
from planner.scenario.schema import TABLES
from planner.scenario.settings import SECTIONS
from planner.scenario.suggestions import did_you_mean, quoted

AGREED = "agreed_plan"
NAMES = ("name", "question", "base", AGREED, "overrides", QUERIES, FORMATS, *SECTIONS)


def own_settings(description: Node) -> Node:
    """The sections of settings, without name, base and overrides."""
    sections = (
        {name: child for name, child in description.items() if name in SECTIONS}
        if description.is_mapping
        else {}
    )
    return Node(sections, file=description.file, line=description.line, sheet=description.sheet)


def with_agreed_plan(description: Node) -> Node:
    """The description with the agreed plan at its top, where a what-if names it among the settings that it
    overrides.
    """
    overridden = _overridden(description)
    if AGREED not in overridden:
        return description
    others = {name: child for name, child in overridden.items() if name != AGREED}
    overrides = description["overrides"]
    steps = {**overrides.value, "settings": replace(overrides["settings"], value=others)}
    entries = {AGREED: overridden[AGREED], **description.value, "overrides": replace(overrides, value=steps)}
    return replace(description, value=entries)


def _overridden(description: Node) -> dict[str, Node]:
    """The settings that a what-if overrides."""
    overrides = description.get("overrides")
    settings = None if overrides is None else overrides.get("settings")
    return dict(settings.items()) if settings is not None and settings.is_mapping else {}


def base_text(description: Node) -> str | None:
    """The place of the scenario that this one starts from; none where it starts from no other."""
    node = description.get("base")
    return node.text.strip() if node is not None else None


def description_problems(description: Node) -> list[Problem]:
    """The description is a mapping of known names, and names the scenario."""
    if not description.is_mapping:
        reason = "must be a mapping of names to values, like name: Baseline"
        return [description.problem(reason, code="scenario.mapping")]
    unknown = [(name, child) for name, child in description.items() if name not in NAMES]
    problems = few(unknown, _unknown_name, what="settings that are not known", file=description.file)
    problems += _agreed_problems(description)
    name, question = description.get("name"), description.get("question")
    if description.value and (name is None or not name.is_scalar or not name.text.strip()):
        reason = "must be given: it is what plans and reports call the scenario"
        problems.append((name or description).problem(reason, column="name", code="scenario.name.required"))
    elif name is not None and (fault := name_fault(name.text.strip())):
        problems.append(
            name.problem(
                name_rule(fault), column="name", value=quoted(name.text), code="scenario.name.letters"
            )
        )
    if question is not None and not question.is_scalar:
        reason = "must be a sentence"
        problems.append(question.problem(reason, column="question", code="scenario.question.text"))
    elif question is not None and (fault := text_fault(question.text)):
        problems.append(
            question.problem(
                text_rule(fault),
                column="question",
                value=quoted(question.text),
                code="scenario.question.letters",
            )
        )
    return problems


def _agreed_problems(description: Node) -> Iterator[Problem]:
    """One folder is named as that of the plan agreed on."""
    agreed = description.get(AGREED)
    if agreed is not None and AGREED in _overridden(description):
        reason = "stands there twice, here and under overrides: name one plan"
        yield agreed.problem(
            reason, column=AGREED, value=quoted(agreed.text), code=f"scenario.{AGREED}.two_plans")
    if agreed is not None and not agreed.is_scalar:
        reason = "must be the folder of a plan"
        yield agreed.problem(reason, column=AGREED, code=f"scenario.{AGREED}.no_plan")


def _unknown_name(entry: tuple[str, Node]) -> Problem:
    name, child = entry
    if name in TABLES:
        reason = (
            f"tables stand in files of their own: put the rows into {name}.csv, or changes of the base's "
            f"under overrides"
        )
        return child.problem(reason, column=name, code="scenario.table")
    return child.problem(
        f"no such setting or table{did_you_mean(name, [*NAMES, *TABLES])}",
        column=quoted(name),
        code="scenario.unknown",
    )
