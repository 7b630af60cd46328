"""The tree of values that a scenario is described by, each with the place it was written at."""

import math
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from numbers import Number
from typing import Any
from uuid import UUID

import numpy as np
import pandas as pd

from planner.errors import Problem
from planner.scenario.calendar import FREQUENCIES, period_label


@dataclass(frozen=True)
class Node:
    """A value of a scenario's description: a mapping, a list or a scalar, and where it stands.

    `text` is a scalar as it was written ("010"), `value` what it means where a number, a truth value or
    nothing is expected (10, True, None). Mappings hold Nodes by name, lists hold Nodes. In a workbook,
    `line` is the row of the `sheet`.
    """

    value: Any
    text: str = ""
    file: str = ""
    line: int | None = None
    key_line: int | None = None
    sheet: str = ""

    @property
    def is_mapping(self) -> bool:
        """True for a mapping."""
        return isinstance(self.value, dict)

    @property
    def is_list(self) -> bool:
        """True for a list."""
        return isinstance(self.value, list)

    @property
    def is_scalar(self) -> bool:
        """True for a single value, blank included."""
        return not isinstance(self.value, dict | list)

    @property
    def is_blank(self) -> bool:
        """True where nothing is written."""
        return self.is_scalar and self.text == ""

    def __getitem__(self, name: str) -> "Node":
        child: Node = self.value[name]
        return child

    def items(self) -> Iterator[tuple[str, "Node"]]:
        """Names and values of a mapping, in the order written."""
        return iter(self.value.items())

    def get(self, name: str) -> "Node | None":
        """The value of that name in a mapping, if there is one."""
        return self.value.get(name) if self.is_mapping else None

    def plain(self) -> Any:
        """The same tree as dicts, lists and scalars."""
        if self.is_mapping:
            return {name: child.plain() for name, child in self.items()}
        return [child.plain() for child in self.value] if self.is_list else self.value

    def problem(
        self, message: str, *, code: str, column: str = "", value: str | None = None
    ) -> Problem:
        """A problem at the place where this value stands."""
        row, line = (self.line, None) if self.sheet else (None, self.line)
        return Problem(message, file=self.file, sheet=self.sheet, row=row, line=line, column=column,
                       value=value, code=code)


def merge(under: Node, over: Node | None) -> Node:
    """`over` laid on `under`: mappings merge name by name, anything else is replaced."""
    if over is None:
        return under
    if not (under.is_mapping and over.is_mapping):
        return over
    merged = dict(under.value)
    for name, child in over.items():
        merged[name] = merge(merged[name], child) if name in merged else child
    return Node(merged, file=over.file, line=over.line, key_line=over.key_line, sheet=over.sheet)


DEEPEST = 20  # levels of lists and mappings; a scenario needs six


def node_of(value: Any, *, depth: int = 0) -> Node:
    """The tree of a Python value: dicts, lists and scalars; a frame is a list of records, an array a list.
    What is nested too deep, or nothing that can be written, becomes a text that says so.
    """
    if depth > DEEPEST:
        return Node(TOO_DEEP, TOO_DEEP)
    value = _plain(value)
    if isinstance(value, Mapping):
        return Node({str(name): node_of(child, depth=depth + 1) for name, child in value.items()})
    if isinstance(value, list | tuple):
        return Node([node_of(child, depth=depth + 1) for child in value])
    return Node(_setting_value(value), cell_text(value))


def _plain(value: Any) -> Any:
    """Frames and arrays as lists, paths as texts; the name of its type for what could not be written."""
    if isinstance(value, pd.DataFrame):
        return value.to_dict("records")
    if isinstance(value, np.ndarray | pd.Series | pd.Index):
        return list(value)
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    is_known = isinstance(value, Mapping | list | tuple) or is_cell(value)
    return value if is_known else f"({type(value).__name__})"


def _setting_value(value: Any) -> Any:
    """The value as YAML would have it: numbers and truth values of numpy are plain ones, days and periods are
    texts.
    """
    if isinstance(value, np.generic) and not isinstance(value, np.datetime64):
        return value.item()
    return cell_text(value) if isinstance(value, date | np.datetime64 | pd.Period) else value


TOO_DEEP = f"(nested deeper than {DEEPEST} levels)"


CELL_TYPES = (str, Number, np.generic, date, pd.Period, UUID, type(None), type(pd.NA), type(pd.NaT))


def is_cell(value: Any) -> bool:
    """True for what can stand in a cell: text, a number, a day, a period, or nothing."""
    return isinstance(value, CELL_TYPES) and not isinstance(value, np.void | bytes)


def cell_text(value: Any) -> str:
    """A Python value as it would be written in a cell; None, not-a-number and other missing values are
    blank.
    """
    if isinstance(value, str):
        return value
    if value is None or value is pd.NA or value is pd.NaT:
        return ""
    if isinstance(value, float):
        if math.isnan(value):
            return ""
        return (
            str(int(value))
            if math.isfinite(value) and value.is_integer() and abs(value) < 1e15
            else repr(float(value))
        )
    if isinstance(value, pd.Period):
        return _written_period(value)
    return _written(value)


def _written_period(value: pd.Period) -> str:
    """A month or week as scenarios write them, a day as a day; other periods as pandas writes them, which no
    column takes.
    """
    return period_label(value) if value.freqstr in FREQUENCIES.values() else str(value)


def _written(value: Any) -> str:
    if pd.isna(value):
        return ""
    if isinstance(value, np.datetime64):
        return _written(pd.Timestamp(value))
    if isinstance(value, np.floating):
        return cell_text(float(value))
    if isinstance(value, datetime) and value.time() == time.min:
        value = value.date()
    try:
        return value.isoformat() if isinstance(value, date) else str(value)
    except ValueError:  # a whole number too long for Python to write out in digits
        return hex(value)
