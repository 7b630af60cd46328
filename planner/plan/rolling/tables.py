"""Tables moved to a new calendar: what is over is archived, states are those of the new start."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from planner.plan.rolling.moment import NEGLIGIBLE
from planner.scenario.calendar import period_label
from planner.scenario.reading.node import cell_text
from planner.scenario.schema import TABLES

POINTS = ("demand", "scheduled_receipts", "capacity", "supplier_capacity")
KEPT_FOR_HISTORY = ("promotions", "stockouts")  # past ones explain the history
DIGITS = 9  # of figures: beyond them stands what the solver's arithmetic leaves


@dataclass
class Rolling:
    """The tables of the new scenario while they are made, as texts; what has been archived, and notes."""

    start: pd.Period
    tables: dict[str, pd.DataFrame]
    archived: dict[str, pd.DataFrame] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def table(self, name: str) -> pd.DataFrame:
        """The rows of a table as texts, all declared columns among them."""
        columns = [column.name for column in TABLES[name].columns]
        return self.tables.get(name, pd.DataFrame(columns=columns, dtype=object))

    def archive(self, name: str, rows: np.ndarray) -> None:
        """Those rows of the table stand in the archive, and no longer in the table."""
        if rows.any():
            frame = self.tables[name]
            before = [self.archived[name]] if name in self.archived else []
            self.archived[name] = pd.concat([*before, frame[rows]], ignore_index=True)
            self.tables[name] = frame[~rows].reset_index(drop=True)

    def add(self, name: str, rows: Iterable[Mapping[Any, object]]) -> None:
        """The rows stand at the end of the table; what they do not say is blank."""
        new = pd.DataFrame(
            [{key: written(value) for key, value in row.items()} for row in rows], dtype=object
        )
        if len(new):
            old = self.tables.get(name, pd.DataFrame(dtype=object))
            self.tables[name] = pd.concat([old, new], ignore_index=True).fillna("")

    def set(self, name: str, row: int, column: str, value: object) -> None:
        """The cell says the value."""
        frame = self.tables[name].copy()
        if column not in frame:
            frame[column] = ""
        frame.loc[row, column] = written(value)
        self.tables[name] = frame


def written(value: object) -> str:
    """The value as a cell."""
    if isinstance(value, float | np.floating):
        return cell_text(round(float(value), DIGITS))
    return period_label(value) if isinstance(value, pd.Period) else cell_text(value)


def archive_past(rolling: Rolling, frames: Mapping[str, pd.DataFrame], *, end: pd.Period) -> None:
    """Rows of single periods outside the new calendar, and spans that end before it, are in the archive."""
    for name, table in TABLES.items():
        frame = frames[name]
        if name not in rolling.tables or not len(frame):
            continue
        if name in POINTS:
            outside = (frame["period"] < rolling.start) | (frame["period"] > end)
            rolling.archive(name, outside.fillna(False).to_numpy(dtype=bool))
        elif name not in KEPT_FOR_HISTORY and any(
            column.name == "to" and column.kind == "period" for column in table.columns
        ):
            rolling.archive(name, (frame["to"] < rolling.start).fillna(False).to_numpy(dtype=bool))


def set_states(rolling: Rolling, name: str, column: str, states: pd.DataFrame) -> None:
    """Every key has the state of the new start, once; keys that the table did not have are added where there
    is anything.
    """
    keys = list(TABLES[name].keys)
    frame = rolling.table(name).copy()
    row_keys = pd.MultiIndex.from_frame(frame[keys].astype(str))
    values = states.set_index(keys)[column]
    values.index = pd.MultiIndex.from_frame(states[keys].astype(str))
    values = values.where(values.abs() > NEGLIGIBLE, 0.0)
    if column not in frame:
        frame[column] = ""
    has_state = row_keys.isin(values.index)
    first = has_state & ~row_keys.duplicated()
    cells = frame[column].to_numpy(dtype=object).copy()
    cells[has_state] = ""
    cells[first] = [written(float(values[key])) for key in row_keys[first]]
    rolling.tables[name] = frame.assign(**{column: cells})
    missing = values[~values.index.isin(row_keys) & (values > 0)]
    rows = pd.DataFrame(missing.index.tolist(), columns=keys).assign(**{column: missing.to_numpy()})
    rolling.add(name, rows.to_dict("records"))
