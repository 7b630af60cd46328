"""Where the scenario writes a figure: the file and row whose value holds for a key and a period."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from planner.scenario.scenario import Scenario
from planner.scenario.schema import TABLES
from planner.scenario.validity import span_numbers


def written_at(
    scenario: Scenario, sources: Sequence[str], key: Mapping[str, Any], *, period: int
) -> str:
    """The cell that says it, like "lanes.csv row 14, capacity = 50"; empty where none does.

    `sources` are columns as table.column, of which the first that says something holds. A row holds that
    names nothing else than the key, in the period (0: in any); the one that names most of it beats the
    others.
    """
    for source in sources:
        table, column = source.split(".")
        holding = _rows_that_hold(scenario, table, column, key, period=period)
        if len(holding):
            cells = scenario.written.tables[table]
            text = cells.column(column)[holding[0]]
            text = text or f"blank, which is {scenario[table][column].iloc[holding[0]]:g}"
            return f"{cells.where(int(holding[0]), column)} = {text}"
    return ""


def _rows_that_hold(
    scenario: Scenario, table: str, column: str, key: Mapping[str, Any], *, period: int
) -> np.ndarray:
    """Positions of the rows that give the column and hold for the key, the most specific first."""
    frame, declared = scenario[table], TABLES[table]
    holds = frame[column].notna().to_numpy()
    filled = np.zeros(len(frame), dtype=np.int64)
    for name in (name for name in key if name in frame.columns and name not in ("period", "from", "to")):
        named = frame[name].notna().to_numpy()
        holds = holds & (~named | (frame[name] == key[name]).fillna(False).to_numpy(dtype=bool))
        filled += named
    first, last, spanned = span_numbers(frame, declared, scenario.calendar)
    lasts = (declared.varies or "period" in declared.keys) and not declared[column].once
    if period > 0 and lasts:
        holds = holds & (first <= period) & (period <= last)
    positions = np.flatnonzero(holds)
    order = pd.DataFrame({"filled": -filled[positions], "spanned": ~spanned[positions]})
    return positions[order.sort_values(["filled", "spanned"], kind="stable").index]
