"""Many what-ifs in a few lines: factors, each with its values, and a what-if for every combination of them.

    work_centers[site=lyon].available_hours = *0.9, *1, *1.1
    supplier_capacity[supplier=arvo, period=2026-03|2026-04].capacity = 0, 200
    settings.objective.mode = targets_first, profit
    demand = -10%, 0%, +10%
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any

from planner.errors import Problem, ScenarioError
from planner.scenario.calendar import period_label
from planner.scenario.reading.node import Node
from planner.scenario.reading.text_file import UnreadableError
from planner.scenario.reading.yaml_file import read_yaml
from planner.scenario.scenario import Scenario
from planner.scenario.schema import TABLES
from planner.scenario.suggestions import did_you_mean

DEMAND, SETTINGS = "demand", "settings"
MAXIMUM = 10_000  # what-ifs of one sweep; more are a slip of the pen
_FACTOR = re.compile(r"\s*(?P<what>[^=\[\]]+?(?:\[[^\]]*\][^=\[\]]*?)?)\s*=(?P<values>.*)", re.DOTALL)
_CELLS = re.compile(r"(?P<table>\w+)\s*(?:\[(?P<where>[^\]]*)\])?\s*\.\s*(?P<column>\w+)")
_PERCENT = re.compile(r"[+-]?\d+(?:\.\d+)?\s*%")
_PARTS = {"vary", "what_ifs"}
_WHAT_IF = {"name", "overrides"}

Overrides = Mapping[str, Any]


@dataclass(frozen=True)
class Variation:
    """One what-if of a sweep: its name, its overrides, and the value of each factor as it was written."""

    name: str
    overrides: Overrides
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Factor:
    """What a sweep varies, and its values: each as it was written, with its overrides."""

    label: str
    choices: tuple[tuple[str, Overrides], ...]


def grid(texts: Iterable[str], scenario: Scenario) -> list[Variation]:
    """Every combination of the factors' values, the last factor varying fastest. ScenarioError carries what
    is wrong with the texts.
    """
    factors, problems = [], []
    for text in texts:
        try:
            factors.append(_factor(text, scenario))
        except ValueError as error:
            problems.append(Problem(str(error), column="--vary", value=text, code="sweep.variation"))
    return _combined(_sound(factors, problems))


def read_variations(path: Path, scenario: Scenario) -> list[Variation]:
    """The what-ifs of a file: every combination under `vary`, then each under `what_ifs`. ScenarioError
    carries every problem of the file.
    """
    try:
        tree, problems = read_yaml(path, file=path.name)
    except UnreadableError as error:
        raise ScenarioError(path.name, [error.problem]) from None
    problems = [*problems, *_unknown_parts(tree)]
    parts = {name: node for name, node in tree.items() if name in _PARTS} if tree.is_mapping else {}
    factors: list[Factor] = []
    singles: list[Variation] = []
    for node in _entries(parts.get("vary"), problems):
        factors += _read(lambda node=node: [_factor(node.text, scenario)], node, problems, part="vary")
    for node in _entries(parts.get("what_ifs"), problems):
        singles += _read(lambda node=node: _what_ifs(node, scenario), node, problems, part="what_ifs")
    varied = _sound(factors, problems, called=path.name)
    return [*(_combined(varied) if varied else []), *singles]


def _combined(factors: Sequence[Factor]) -> list[Variation]:
    """A what-if for every combination of values."""
    count = 1
    for factor in factors:
        count *= len(factor.choices)
    if count > MAXIMUM:
        message = f"{count:,} combinations, but a sweep has {MAXIMUM:,} what-ifs at most"
        raise ScenarioError("sweep", [Problem(message, code="sweep.combinations")])
    return [_variation(factors, chosen) for chosen in product(*(factor.choices for factor in factors))]


def _variation(factors: Sequence[Factor], chosen: Sequence[tuple[str, Overrides]]) -> Variation:
    values = {factor.label: text for factor, (text, _) in zip(factors, chosen, strict=True)}
    name = ", ".join(f"{label} = {text}" for label, text in values.items())
    return Variation(name, _merged(overrides for _, overrides in chosen), values)


def _merged(several: Iterable[Overrides]) -> Overrides:
    """The steps of all overrides, table by table, in order; settings one over the other."""
    merged: dict[str, Any] = {}
    for overrides in several:
        for table, steps in overrides.items():
            if table == SETTINGS:
                merged[table] = _over(merged.get(table, {}), steps)
            else:
                merged[table] = [*merged.get(table, []), *steps]
    return merged


def _over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    merged = {name: _over(below[name], value) for name, value in above.items()
              if isinstance(value, Mapping) and isinstance(below.get(name), Mapping)}
    return {**below, **above, **merged}


# ------------------------------------------------------------------------------------------- one factor


def _factor(text: str, scenario: Scenario) -> Factor:
    """The factor that a text like `lanes[mode=air].unit_cost = *0.9, *1.1` says; ValueError says what is
    wrong.
    """
    written = _FACTOR.fullmatch(text)
    values = [] if written is None else [value.strip() for value in written["values"].split(",")]
    if written is None or not all(values):
        raise ValueError("must be written like table[column=name].column = value, value, or demand = -10%, "
                         "+10%")
    if len(set(values)) < len(values):
        raise ValueError(f"names a value twice: {next(one for one in values if values.count(one) > 1)}")
    what = written["what"].strip()
    return Factor(what, tuple((value, _overrides(what, value, scenario)) for value in values))


def _overrides(what: str, value: str, scenario: Scenario) -> Overrides:
    if what == DEMAND:
        return _demand_changed(value, scenario)
    if what.startswith(f"{SETTINGS}."):
        setting: Any = value
        for name in reversed(what.removeprefix(f"{SETTINGS}.").split(".")):
            setting = {name: setting}
        return {SETTINGS: setting}
    cells = _CELLS.fullmatch(what)
    if cells is None:
        raise ValueError(f'"{what}" is no column: write table.column, or table[column=name].column'
                         f"{did_you_mean(what, [DEMAND])}")
    _expect_declared(cells["table"], cells["column"])
    return {cells["table"]: [{"where": _where(cells["where"] or ""), **_verb(cells["column"], value)}]}


def _expect_declared(table: str, column: str) -> None:
    """There is such a column; ValueError names the nearest."""
    if table not in TABLES:
        raise ValueError(f'no table "{table}"{did_you_mean(table, TABLES)}')
    columns = [declared.name for declared in TABLES[table].columns]
    if column not in columns:
        raise ValueError(f'{table} has no column "{column}"{did_you_mean(column, columns)}')


def _where(text: str) -> dict[str, Any]:
    """The conditions between brackets: column=name, several names with | between them."""
    conditions: dict[str, Any] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        column, equals, names = (piece.strip() for piece in part.partition("="))
        if not equals or not column or not names:
            raise ValueError(f'"{part}" must be written like column=name or column=name|name')
        several = [name.strip() for name in names.split("|")]
        conditions[column] = several if len(several) > 1 else several[0]
    return conditions


def _verb(column: str, value: str) -> dict[str, Any]:
    """Multiplied by *1.1 or +10%, else set."""
    if value.startswith("*"):
        return {"multiply": {column: value[1:].strip()}}
    if _PERCENT.fullmatch(value):
        return {"multiply": {column: str(1 + _percent(value) / 100)}}
    return {"set": {column: value}}


def _percent(value: str) -> Decimal:
    return Decimal(value.rstrip("% ").replace(" ", ""))


def _demand_changed(value: str, scenario: Scenario) -> Overrides:
    """All forecast demand higher or lower by a percentage: what is forecast, and what the user brings. Booked
    orders stay.
    """
    if not _PERCENT.fullmatch(value):
        raise ValueError(f'"{value}" must be a percentage, like +10%')
    percent = _percent(value)
    periods = [period_label(period) for period in scenario.calendar.index]
    overrides: dict[str, Any] = {
        "forecast_overrides": [{"add": [{"period": period, "percent": str(percent)} for period in periods]}]}
    if len(scenario["demand"]):
        overrides["demand"] = [{"where": {}, "multiply": {"quantity": str(1 + percent / 100)}}]
    return overrides


# ------------------------------------------------------------------------------------------ the file


def _what_ifs(node: Node, scenario: Scenario) -> list[Variation]:
    """The what-ifs of an entry: those of a factor in a line, or one with a name and overrides."""
    if node.is_scalar:
        return _combined([_factor(node.text, scenario)])
    if not node.is_mapping or set(node.value) != _WHAT_IF or not node["overrides"].is_mapping:
        raise ValueError("must be a line like demand = +10%, or have a name and overrides")
    return [Variation(node["name"].text.strip(), node["overrides"].plain())]


def _entries(node: Node | None, problems: list[Problem]) -> Iterator[Node]:
    if node is None:
        return
    if not node.is_list:
        problems.append(node.problem("must be a list, each entry after a dash", code="sweep.list"))
        return
    yield from node.value


def _unknown_parts(tree: Node) -> Iterator[Problem]:
    if not tree.is_mapping or not _PARTS & set(tree.value):
        yield tree.problem("must have vary, what_ifs, or both", code="sweep.variation")
        return
    for name, node in tree.items():
        if name not in _PARTS:
            message = f"no such part{did_you_mean(name, _PARTS)}"
            yield node.problem(message, column=name, code="sweep.variation")


def _read(reader: Any, node: Node, problems: list[Problem], *, part: str) -> list[Any]:
    """What the reader makes of an entry; what is wrong with it is a problem at its line."""
    try:
        read: list[Any] = reader()
    except ValueError as error:
        text = node.text or None
        problems.append(node.problem(str(error), column=part, value=text, code="sweep.variation"))
        return []
    return read


def _sound(factors: list[Factor], problems: list[Problem], *, called: str = "sweep") -> list[Factor]:
    labels = [factor.label for factor in factors]
    problems += [Problem(f"{label} is varied twice", code="sweep.variation")
                 for label in dict.fromkeys(labels) if labels.count(label) > 1]
    if problems:
        raise ScenarioError(called, problems)
    return factors
