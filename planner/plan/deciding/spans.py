"""Overrides that change a row of a table in one period only, and leave it as it is in all others."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from planner.plan.resolving import Overrides
from planner.scenario.scenario import Scenario
from planner.scenario.schema import TABLES


def in_one_period(scenario: Scenario, table: str, key: Mapping[str, str], *, period: int,
                  values: Mapping[str, Any]) -> Overrides:
    """The override that gives the row of the key other values in a period, numbered from 1.

    The row without a span keeps holding elsewhere; a row with one is divided before and after the period.
    """
    rows = scenario[table]
    of_key = rows[rows[list(key)].eq(list(key.values())).all(axis="columns")]
    holding = _holding(scenario, of_key, period)
    own = _cells(scenario, table, holding)
    once = [column.name for column in TABLES[table].columns if column.once]
    now = {name: cell for name, cell in own.items() if name not in (*once, "from", "to")}
    now |= {**values, "from": _label(scenario, period), "to": _label(scenario, period)}
    if pd.isna(holding["from"]) and pd.isna(holding["to"]):
        return {table: [{"add": now}]}
    return {table: [{"remove": dict(key) | {name: own[name] for name in ("from", "to") if name in own}},
                    *_remaining_span(scenario, own, holding, period=period), {"add": now}]}


def _holding(scenario: Scenario, rows: pd.DataFrame, period: int) -> pd.Series:
    """The row that holds in the period: one with a span that covers it beats the one without."""
    first = scenario.calendar.number(rows["from"])
    last = scenario.calendar.number(rows["to"])
    spanned = rows["from"].notna() | rows["to"].notna()
    covers = (rows["from"].isna() | (first <= period)) & (rows["to"].isna() | (last >= period))
    candidates = rows[spanned & covers] if (spanned & covers).any() else rows[~spanned]
    return candidates.iloc[0]


def _remaining_span(scenario: Scenario, own: Mapping[str, Any], holding: pd.Series, *,
                    period: int) -> list[Any]:
    """The row before and after the period, where its span goes on."""
    calendar = scenario.calendar
    first = 1 if pd.isna(holding["from"]) else int(holding["from"].ordinal - calendar.start.ordinal) + 1
    last = calendar.periods
    if pd.notna(holding["to"]):
        last = int(holding["to"].ordinal - calendar.start.ordinal) + 1
    parts = []
    if first < period:
        parts.append({"add": {**own, "to": _label(scenario, period - 1)}})
    if last > period:
        parts.append({"add": {**own, "from": _label(scenario, period + 1)}})
    return parts


def _cells(scenario: Scenario, table: str, row: pd.Series) -> dict[str, Any]:
    """The row as a what-if writes it, without its blanks."""
    written: dict[str, Any] = {}
    for column in TABLES[table].columns:
        cell = row[column.name]
        if pd.isna(cell):
            continue
        if column.kind == "period":
            written[column.name] = scenario.calendar.label(cell)
        else:
            written[column.name] = cell.item() if hasattr(cell, "item") else cell
    return written


def _label(scenario: Scenario, period: int) -> str:
    return scenario.calendar.label(scenario.calendar.start + (period - 1))
