"""Where the scenario writes a figure: the cell whose value holds for a key and a period."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.errors import Problem
from planner.scenario.scenario import Scenario, Tables
from planner.scenario.schema import TABLES
from planner.scenario.settings import SECTIONS
from planner.scenario.validity import span_numbers

Numbers = NDArray[np.int64]
SPANS = ("period", "from", "to")


@dataclass(frozen=True, order=True)
class Cell:
    """A cell of a table of the scenario: its row by position, from 0. Of a setting, its section stands for
    the table.
    """

    table: str
    column: str
    position: int

    def value(self, scenario: Scenario) -> Any:
        """What stands there, as the model reads it."""
        if self.is_setting:
            return getattr(getattr(scenario.settings, self.table), self.column)
        return scenario[self.table][self.column].iloc[self.position]

    @property
    def is_setting(self) -> bool:
        """Whether it is a setting, written in the description."""
        return self.table in SECTIONS

    def place(self, scenario: Scenario, *, code: str) -> Problem:
        """A problem of that code where it is written; the message says the place in words."""
        if self.is_setting:
            return _place_of_setting(scenario, self, code)
        cells = scenario.written.tables[self.table]
        return cells.problem(self.position, self.column, cells.where(self.position, self.column), code=code)


@dataclass(frozen=True)
class Governed:
    """Which cell says what holds for each row of some keys: its number in `cells`, -1 where none does."""

    cells: tuple[Cell, ...]
    numbers: Numbers


def governed_by(
    scenario: Scenario, sources: Sequence[str], keys: pd.DataFrame, *, only: Mapping[str, str] | None = None
) -> Governed:
    """The cell that holds for each row of `keys`, which has key columns and `period` (0: none).

    `sources` are columns as table.column, of which the first that says something holds. A row of a table
    holds where it names nothing else than the key, in the period; the one that names most of it beats the
    others. `only` says what must stand in other columns of the row.
    """
    numbers, cells = np.full(len(keys), -1, np.int64), list[Cell]()
    for source in sources:
        table, column = source.split(".")
        if table in SECTIONS:
            numbers[numbers < 0], cells = len(cells), [*cells, Cell(table, column, 0)]
            break
        unsaid = np.flatnonzero(numbers < 0)
        positions = _holding(scenario, table, column, keys.iloc[unsaid], only=only or {})
        rows_used = np.unique(positions[positions >= 0])
        number = {position: len(cells) + place for place, position in enumerate(rows_used.tolist())}
        cells += [Cell(table, column, position) for position in rows_used.tolist()]
        numbers[unsaid] = [number.get(position, -1) for position in positions.tolist()]
    return Governed(tuple(cells), numbers)


def _holding(
    scenario: Scenario, table: str, column: str, keys: pd.DataFrame, *, only: Mapping[str, str]
) -> Numbers:
    """The position of the row of the table that holds for each key; -1 where none does."""
    frame, declared = scenario[table], TABLES[table]
    names = [name for name in keys.columns if name in frame.columns and name not in SPANS]
    first, last, spanned = span_numbers(frame, declared, scenario.calendar)
    lasts = (declared.varies or "period" in declared.keys) and not declared[column].once
    is_filled = pd.DataFrame({name: frame[name].notna() for name in names}, index=frame.index)
    order = pd.DataFrame({"named": -is_filled.sum(axis=1).to_numpy(), "spanned": ~spanned})
    speaks = frame[column].notna().to_numpy()
    for name, value in only.items():
        speaks = speaks & (frame[name] == value).fillna(False).to_numpy(dtype=bool)
    coded = {name: _coded(frame[name], keys[name]) for name in names}
    periods, holder = keys["period"].to_numpy(), np.full(len(keys), -1, np.int64)
    for position in order.sort_values(["named", "spanned"], kind="stable").index:
        if speaks[position]:
            holds = holder < 0
            for codes, key_codes in coded.values():
                holds = holds & ((codes[position] < 0) | (key_codes == codes[position]))
            if lasts:
                inside = (first[position] <= periods) & (periods <= last[position])
                holds = holds & ((periods <= 0) | inside)
            holder[holds] = position
    return holder


def _coded(column: pd.Series, keys: pd.Series) -> tuple[Numbers, Numbers]:
    """Both columns as numbers, the same for the same name; -1 is a blank of the table, -2 one of the keys."""
    names = {name: code for code, name in enumerate(dict.fromkeys(column.dropna().tolist()))}
    ours = np.array([names.get(name, -1) for name in column.tolist()], dtype=np.int64)
    return ours, np.array([names.get(name, -2) for name in keys.tolist()], dtype=np.int64)


def text_of(scenario: Scenario, cell: Cell) -> str:
    """What is written in the cell, or what a blank means."""
    if cell.is_setting:
        return str(cell.value(scenario))
    text = str(scenario.written.tables[cell.table].column(cell.column)[cell.position])
    return text or f"blank, which is {cell.value(scenario):g}"


def rewritten(scenario: Scenario, figures: Mapping[Cell, Any]) -> Scenario:
    """The scenario with other figures in some cells, as if they stood in its files; checks are not run."""
    frames, settings = dict(scenario.tables), scenario.settings
    for cell, figure in figures.items():
        if cell.is_setting:
            section = getattr(settings, cell.table).model_copy(update={cell.column: int(figure)})
            settings = settings.model_copy(update={cell.table: section})
            continue
        column = frames[cell.table][cell.column].copy()
        column.iloc[cell.position] = figure
        frames[cell.table] = frames[cell.table].assign(**{cell.column: column})
    return replace(scenario, tables=Tables(frames), settings=settings)


def _place_of_setting(scenario: Scenario, cell: Cell, code: str) -> Problem:
    section = scenario.written.settings.get(cell.table)
    entry = section.get(cell.column) if section is not None else None
    path = f"{cell.table}.{cell.column}"
    place = (entry or section or scenario.written.settings).problem("", column=path, code=code)
    return replace(place, message=", ".join(part for part in (place.place, path) if part))
