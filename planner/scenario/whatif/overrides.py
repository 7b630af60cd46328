"""The four verbs of a what-if, applied to cells: where with set, where with multiply, add, remove."""

from collections.abc import Container, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation

import numpy as np
import pandas as pd

from planner.errors import Problem
from planner.scenario.columns import Column, Table
from planner.scenario.reading.cells import MAXIMUM_SHOWN, Cells, Row, cell_text, no_cells
from planner.scenario.reading.node import Node
from planner.scenario.reading.typed import parsed_numbers
from planner.scenario.schema import TABLES
from planner.scenario.suggestions import did_you_mean
from planner.scenario.whatif.matching import unmatched, which_rows

VERBS = ({"where", "set"}, {"where", "multiply"}, {"add"}, {"remove"})
VERB_NAMES = ("where", "set", "multiply", "add", "remove")


def apply_overrides(tables: Mapping[str, Cells], overrides: Node, *,
                    broken: Container[str]) -> tuple[dict[str, Cells], list[Problem]]:
    """The tables after every step of every override, from top to bottom, and every problem on the way.

    Overrides of a broken table are left alone: what they would match is not known.
    """
    changed = dict(tables)
    if not overrides.is_mapping:
        return changed, [
            overrides.problem(
                "must map tables to lists of changes", column="overrides", code="overrides.mapping"
            )
        ]
    problems: list[Problem] = []
    for name, steps in overrides.items():
        path = f"overrides.{name}"
        if name == "settings":
            if not steps.is_mapping:
                reason = "must map settings to values"
                problems.append(steps.problem(reason, column=path, code="overrides.settings"))
        elif name not in TABLES:
            problems.append(
                steps.problem(
                    f"no such table{did_you_mean(name, [*TABLES, 'settings'])}",
                    column=path,
                    code="overrides.unknown_table",
                )
            )
        elif not steps.is_list:
            problems.append(
                steps.problem(
                    "must be a list of changes, each starting with a dash", column=path, code="overrides.list"
                )
            )
        elif name not in broken:
            for at, step in enumerate(steps.value):
                cells = changed.get(name, no_cells(name))
                changed[name], wrong = _apply(cells, TABLES[name], step, f"{path}[{at}]")
                problems += wrong
    return changed, problems


def _apply(cells: Cells, table: Table, step: Node, path: str) -> tuple[Cells, list[Problem]]:
    """The table after one step; unchanged when anything is wrong with the step."""
    problems = list(_step_problems(step, table, path))
    if problems:
        return cells, problems
    if "add" in step.value:
        return _add(cells, step["add"], path), []
    condition = "remove" if "remove" in step.value else "where"
    chosen, patterns = which_rows(cells, table, step[condition])
    problems = list(
        unmatched(cells, table, chosen, patterns, condition=step[condition], path=f"{path}, {condition}")
    )
    if problems:
        return cells, problems
    if condition == "remove":
        return _keep(cells, ~chosen), []
    if "set" in step.value:
        return _set(cells, chosen, step["set"], path), []
    return _multiply(cells, table, chosen, step["multiply"], path)


def _step_problems(step: Node, table: Table, path: str) -> Iterator[Problem]:
    """The step is one of the verbs, with columns of the table and single values."""
    if not step.is_mapping or set(step.value) not in VERBS:
        unknown = [name for name in step.value if name not in VERB_NAMES] if step.is_mapping else []
        near = did_you_mean(unknown[0], VERB_NAMES) if unknown else ""
        reason = f"must be where with set, where with multiply, add, or remove{near}"
        yield step.problem(reason, column=path, code="overrides.verb")
        return
    for verb, content in step.items():
        records = content.value if verb == "add" and content.is_list else [content]
        for record in records:
            yield from _record_problems(record, table, verb, path)


def _record_problems(record: Node, table: Table, verb: str, path: str) -> Iterator[Problem]:
    if not record.is_mapping:
        yield record.problem(
            "must map columns to values", column=f"{path}, {verb}", code="overrides.record"
        )
        return
    if not record.value and verb not in ("where", "remove"):
        yield record.problem(
            "must name at least one column", column=f"{path}, {verb}", code="overrides.no_column"
        )
    declared = [column.name for column in table.columns]
    # more can only be more names that are unknown
    for name, value in list(record.items())[:len(declared) + MAXIMUM_SHOWN]:
        place = f"{path}, {verb} {name}"
        if name not in declared:
            yield value.problem(
                f"{table.name} has no such column{did_you_mean(name, declared)}",
                column=place,
                code="overrides.unknown_column",
            )
        elif not value.is_scalar and (verb not in ("where", "remove") or not _is_list_of_scalars(value)):
            either = " or a list of them" if verb in ("where", "remove") else ""
            reason = f"must be a single value{either}"
            yield value.problem(reason, column=place, code="overrides.single_value")
        elif verb == "multiply":
            yield from _factor_problems(value, table[name], place)


def _factor_problems(factor: Node, column: Column, place: str) -> Iterator[Problem]:
    if column.kind not in ("number", "whole"):
        yield factor.problem("is not a column of numbers", column=place, code="overrides.no_numbers")
    elif np.isnan(parsed_numbers(np.array([factor.text.strip()], dtype=object))[0]):
        yield factor.problem(
            "must be a number written like 1.08",
            column=place,
            value=cell_text(factor.text, "number"),
            code="overrides.factor",
        )


def _is_list_of_scalars(value: Node) -> bool:
    return value.is_list and bool(value.value) and all(child.is_scalar for child in value.value)


def origin(node: Node, path: str) -> Row:
    """Where cells that a step wrote come from: its line, or its path where there are no lines."""
    file = f"{node.file} sheet {node.sheet}" if node.sheet else node.file
    return (file, -node.line) if node.line is not None else (path, 0)


def _set(cells: Cells, chosen: np.ndarray, values: Node, path: str) -> Cells:
    columns = dict(cells.columns)
    rewritten = dict(cells.rewritten)
    for name, value in values.items():
        columns[name] = np.where(chosen, np.array(value.text.strip(), dtype=object), cells.column(name))
        rewritten |= dict.fromkeys(
            ((position, name) for position in np.flatnonzero(chosen).tolist()), origin(value, path)
        )
    return replace(cells, columns=columns, rewritten=rewritten)


def _multiply(
    cells: Cells, table: Table, chosen: np.ndarray, factors: Node, path: str
) -> tuple[Cells, list[Problem]]:
    """Products in decimal arithmetic, so that 21.5 x 1.08 is 23.22; a blank counts as the column's
    default.
    """
    columns = dict(cells.columns)
    rewritten = dict(cells.rewritten)
    problems: list[Problem] = []
    for name, factor in factors.items():
        default = table[name].default
        before = cells.column(name)[chosen]
        codes, different = pd.factorize(
            np.where(before == "", "" if default is None else str(default), before)
        )
        after = np.array([_product(one, factor.text.strip()) for one in different], dtype=object)[codes]
        if all(one == "" for one in different):
            problems.append(
                factor.problem(
                    "multiplies nothing: the cells are blank. Use set",
                    column=f"{path}, multiply {name}",
                    code="overrides.blank_cells",
                )
            )
        columns[name] = cells.column(name).copy()
        columns[name][chosen] = after
        rewritten |= dict.fromkeys(
            ((position, name) for position in np.flatnonzero(chosen).tolist()), origin(factor, path)
        )
    return (cells if problems else replace(cells, columns=columns, rewritten=rewritten)), problems


def _product(number: str, factor: str) -> str:
    """The product as text; what is no number stays as it is, and is reported where it was written."""
    try:
        product = Decimal(number) * Decimal(factor)
    except InvalidOperation:
        return number
    return f"{product.normalize():f}" if product.is_finite() else number


def _add(cells: Cells, content: Node, path: str) -> Cells:
    records = content.value if content.is_list else [content]
    names = dict.fromkeys([*cells.columns, *(name for record in records for name in record.value)])
    columns = {
        name: np.array([*cells.column(name), *(_cell(record, name) for record in records)], dtype=object)
        for name in names
    }
    places = [origin(record, path) for record in records]
    files = np.array([*cells.files, *(file for file, _ in places)], dtype=object)
    return replace(
        cells,
        columns=columns,
        files=files,
        rows=np.array([*cells.rows, *(row for _, row in places)], dtype=np.int64),
    )


def _cell(record: Node, name: str) -> str:
    node = record.get(name)
    return "" if node is None else node.text.strip()


def _keep(cells: Cells, is_kept: np.ndarray) -> Cells:
    position = np.cumsum(is_kept) - 1
    rewritten = {
        (int(position[at]), name): place for (at, name), place in cells.rewritten.items() if is_kept[at]
    }
    columns = {name: column[is_kept] for name, column in cells.columns.items()}
    return replace(
        cells, columns=columns, files=cells.files[is_kept], rows=cells.rows[is_kept], rewritten=rewritten
    )


