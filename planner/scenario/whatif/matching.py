"""Which rows the conditions of an override choose, and what to say when they choose none."""

import re
from collections.abc import Iterator

import numpy as np
import pandas as pd

from planner.errors import Problem
from planner.scenario.columns import Table
from planner.scenario.reading.cells import Cells, cell_text
from planner.scenario.reading.node import Node
from planner.scenario.reading.typed import parsed_numbers
from planner.scenario.suggestions import nearest, quoted

Patterns = list[tuple[str, Node, np.ndarray]]  # column, pattern, the rows whose cell fits it


def which_rows(cells: Cells, table: Table, conditions: Node) -> tuple[np.ndarray, Patterns]:
    """The rows that fit every condition, and for each single pattern the rows whose cell fits it."""
    chosen = np.ones(len(cells), dtype=bool)
    patterns: Patterns = []
    for name, condition in conditions.items():
        fits_any = np.zeros(len(cells), dtype=bool)
        for pattern in condition.value if condition.is_list else [condition]:
            fits = _fits(
                cells.column(name), pattern.text.strip(), is_number=table[name].kind in ("number", "whole")
            )
            patterns.append((name, pattern, fits))
            fits_any |= fits
        chosen &= fits_any
    return chosen, patterns


def _fits(texts: np.ndarray, pattern: str, *, is_number: bool) -> np.ndarray:
    """Cells that are written like the pattern, in which * stands for any letters; numbers fit by value."""
    codes, different = pd.factorize(texts)
    if is_number and "*" not in pattern and pattern:
        number = parsed_numbers(np.array([pattern], dtype=object))[0]
        fits = parsed_numbers(np.asarray(different, dtype=object)) == number
    else:
        wildcard = re.compile(".*".join(re.escape(part) for part in pattern.split("*")), re.DOTALL)
        fits = np.array([wildcard.fullmatch(one) is not None for one in different], dtype=bool)
    return fits[codes] if len(codes) else np.zeros(0, dtype=bool)


def unmatched(cells: Cells, table: Table, chosen: np.ndarray, patterns: Patterns, *,
              condition: Node, path: str) -> Iterator[Problem]:
    """Every pattern chooses at least one row; one that chooses none is a slip, and the nearest key is
    named.
    """
    if not len(cells):
        reason = f"matches no rows: the table {table.name} is empty"
        yield condition.problem(reason, column=path, code="overrides.no_rows")
        return
    alone = [(name, pattern) for name, pattern, fits in patterns if not fits.any()]
    for name, pattern in alone:
        yield pattern.problem(
            f"matches no rows. Nearest {name}: {_nearest_cell(cells, name, pattern)}",
            column=f"{path} {name}",
            value=cell_text(pattern.text, table[name].kind),
            code="overrides.no_match",
        )
    if alone:
        return
    if not chosen.any():
        yield condition.problem(
            f"matches no rows. Nearest row: {_nearest_row(cells, table, patterns)}",
            column=path,
            code="overrides.no_match_together",
        )
        return
    for name, pattern, fits in patterns:
        if not (fits & chosen).any():
            yield pattern.problem(
                "matches no rows together with the other conditions",
                column=f"{path} {name}",
                value=cell_text(pattern.text, table[name].kind),
                code="overrides.no_match_beside",
            )


def _nearest_cell(cells: Cells, name: str, pattern: Node) -> str:
    different = sorted(set(cells.column(name).tolist()))
    near = nearest(pattern.text.replace("*", ""), different, cutoff=0.0)
    return quoted(near if near is not None else different[0])


def _nearest_row(cells: Cells, table: Table, patterns: Patterns) -> str:
    """The first of the rows that fit most conditions."""
    names = list(dict.fromkeys(name for name, _, _ in patterns))
    by_name = [np.any([fits for of, _, fits in patterns if of == name], axis=0) for name in names]
    row = int(np.argmax(np.sum(by_name, axis=0)))
    return ", ".join(f"{name} = {cell_text(cells.column(name)[row], table[name].kind)}" for name in names)
