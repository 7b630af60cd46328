"""How files are written, where somebody has to say it: the `formats` of scenario.yaml."""

import codecs
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from planner.errors import Problem
from planner.scenario.reading.node import Node
from planner.scenario.reading.recognition.days import Order
from planner.scenario.reading.recognition.numbers import Decimals
from planner.scenario.schema import TABLES
from planner.scenario.suggestions import did_you_mean, listed, quoted

SECTION = "formats"
SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}
CHOICES: dict[str, tuple[str, ...]] = {
    "decimal": ("point", "comma"),
    "dates": ("dmy", "mdy"),
    "separator": tuple(SEPARATORS),
}
MEANINGS = {
    "decimal": "what stands before the decimals of a number: point or comma",
    "dates": "dmy where 03/04/2026 is the third of April, mdy where it is the fourth of March",
    "separator": "what stands between the cells of a CSV file: comma, semicolon, tab or bar",
    "encoding": "how the letters of a CSV file are coded, like utf-8, cp1252 or cp1250",
}


@dataclass(frozen=True)
class Formats:
    """What is said about how a file is written; what is not said is recognised."""

    decimal: Decimals | None = None
    dates: Order | None = None
    separator: str | None = None
    encoding: str | None = None


@dataclass(frozen=True)
class FormatsOfTables:
    """What is said for all files, and for those of single tables."""

    everywhere: Formats = field(default_factory=Formats)
    of_table: Mapping[str, Formats] = field(default_factory=dict)

    def __getitem__(self, table: str) -> Formats:
        return self.of_table.get(table, self.everywhere)


def read_formats(description: Node) -> tuple[FormatsOfTables, list[Problem]]:
    """What the section `formats` says, and what is wrong with it."""
    section = description.get(SECTION)
    if section is None or section.is_blank:
        return FormatsOfTables(), []
    if not section.is_mapping:
        reason = f"must map {listed(MEANINGS)} to what they are"
        return FormatsOfTables(), [section.problem(reason, column=SECTION, code="formats.mapping")]
    problems: list[Problem] = []
    everywhere = _with(Formats(), section, path=SECTION, problems=problems, tables=True)
    of_table = {
        name: _with(everywhere, child, path=f"{SECTION}.{name}", problems=problems, tables=False)
        for name, child in section.items()
        if name in TABLES and child.is_mapping
    }
    return FormatsOfTables(everywhere, of_table), problems


def _with(formats: Formats, section: Node, *, path: str, problems: list[Problem], tables: bool) -> Formats:
    choices: dict[str, str] = {}
    for name, child in section.items():
        if tables and name in TABLES and child.is_mapping:
            continue
        fault = next(_faults(name, child, path=path, tables=tables), None)
        if fault is not None:
            problems.append(fault)
        elif not child.is_blank:
            choices[name] = child.text.strip()
    return replace(formats, **choices)  # type: ignore[arg-type]  # each is one of its choices


def _faults(name: str, child: Node, *, path: str, tables: bool) -> Iterator[Problem]:
    column = f"{path}.{name}"
    if name not in MEANINGS:
        near = did_you_mean(name, [*MEANINGS, *(TABLES if tables else ())])
        reason = f"no such format. Allowed are {', '.join(MEANINGS)}{' and tables' if tables else ''}{near}"
        yield child.problem(reason, column=column, code="formats.unknown")
    elif not child.is_blank and not _is_allowed(name, child):
        allowed = listed(CHOICES[name]) if name in CHOICES else "an encoding that is known, like cp1252"
        yield child.problem(
            f"must be {allowed}", column=column, value=quoted(child.text), code="formats.value"
        )


def _is_allowed(name: str, child: Node) -> bool:
    if not child.is_scalar:
        return False
    if name in CHOICES:
        return child.text.strip() in CHOICES[name]
    try:
        return codecs.lookup(child.text.strip())._is_text_encoding
    except LookupError:
        return False
