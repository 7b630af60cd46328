"""Which row of a table holds where: spans become periods, blanks become all."""

import numpy as np
import pandas as pd

from planner.scenario.calendar import Calendar
from planner.scenario.columns import Table


def expand_over_periods(frame: pd.DataFrame, table: Table, calendar: Calendar) -> pd.DataFrame:
    """One row for each key and period in which a row holds, in the order of the keys' first rows, then by
    period.

    `spanned` says whether the row was given for those periods rather than for all.
    """
    keys = [name for name in table.keys if name != "period"]
    first, last, spanned = span_numbers(frame, table, calendar)
    lengths = np.maximum(last - first + 1, 0)
    source = np.repeat(np.arange(len(frame)), lengths)
    starts = np.cumsum(lengths) - lengths
    number = np.repeat(first, lengths) + np.arange(len(source)) - np.repeat(starts, lengths)
    group = frame.groupby(keys, sort=False, dropna=False).ngroup().to_numpy()[source]
    slot = group * (calendar.periods + 1) + number
    holds = spanned[source] | ~np.isin(slot, slot[spanned[source]])
    order = np.flatnonzero(holds)[np.argsort(slot[holds], kind="stable")]
    expanded = frame.iloc[source[order]][[*keys, *value_columns(table)]].reset_index(drop=True)
    expanded.insert(len(keys), "period", calendar.index.take(number[order] - 1))
    return expanded.assign(spanned=spanned[source[order]])


def span_numbers(
    frame: pd.DataFrame, table: Table, calendar: Calendar
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """First and last period number, within the calendar, in which each row holds, and whether it was given
    for a span.
    """
    spans = (
        ("from", "to")
        if "from" in frame.columns
        else ("period", "period")
        if "period" in table.keys
        else None
    )
    if spans is None:
        everywhere = np.ones(len(frame), dtype=np.int64)
        return everywhere, everywhere * calendar.periods, np.zeros(len(frame), dtype=bool)
    starts, ends = (frame[name] for name in spans)
    first = np.where(starts.isna(), 1, np.maximum(calendar.number(starts), 1))
    last = np.where(ends.isna(), calendar.periods, np.minimum(calendar.number(ends), calendar.periods))
    return first, last, (starts.notna() | ends.notna()).to_numpy()


def value_columns(table: Table) -> list[str]:
    """The columns that vary: neither keys, nor the span, nor opening and closing states."""
    return [column.name for column in table.columns
            if not column.key and not column.once and column.name not in ("from", "to")]


def most_specific(
    frame: pd.DataFrame, table: Table, calendar: Calendar, keys: pd.DataFrame
) -> pd.DataFrame:
    """`keys` with the values of the most specific row that holds for each of its rows, or the defaults."""
    scopes = [name for name in table.keys if name != "period"]
    answers = _answers(frame, table, calendar)
    rows = np.full(len(keys), -1, dtype=np.int64)
    for filled in _patterns(answers, scopes):
        on = [scope for scope, is_filled in zip(scopes, filled, strict=True) if is_filled]
        if not all(name in keys.columns for name in on):
            continue
        fits = (answers[scopes].notna().to_numpy() == np.array(filled)).all(axis=1)
        for timed in (True, False):
            if timed and "period" not in keys.columns:
                continue
            chosen = answers[fits & (answers["period"].notna().to_numpy() == timed)]
            rows = np.where(rows >= 0, rows, _look_up(keys, chosen, on=[*on, "period"] if timed else on))
    values = value_columns(table)
    if not keys.columns.intersection(values).empty:
        raise ValueError(
            f"the frame has columns of {table.name} already: {', '.join(keys.columns.intersection(values))}"
        )
    defaults = _defaults(table, frame, values)
    values_found = pd.concat([frame[values], defaults], ignore_index=True).take(
        np.where(rows < 0, len(frame), rows)
    )
    return pd.concat([keys, values_found.set_axis(keys.index)], axis=1)


def _answers(frame: pd.DataFrame, table: Table, calendar: Calendar) -> pd.DataFrame:
    """Every row once for each period of its span, and once without a period if it has no span; `row` is its
    position.
    """
    keys = [name for name in table.keys if name != "period"]
    first, last, spanned = span_numbers(frame, table, calendar)
    lengths = np.where(spanned, np.maximum(last - first + 1, 0), 1)
    row = np.repeat(np.arange(len(frame)), lengths)
    starts = np.cumsum(lengths) - lengths
    number = np.repeat(first, lengths) + np.arange(len(row)) - np.repeat(starts, lengths)
    period = pd.Series(calendar.index.take(number - 1)).where(spanned[row])
    return frame[keys].take(row).reset_index(drop=True).assign(period=period, row=row)


def _patterns(answers: pd.DataFrame, scopes: list[str]) -> list[tuple[bool, ...]]:
    """Which scopes are filled in together, the most specific first."""
    different = answers[scopes].notna().drop_duplicates()
    return sorted((tuple(pattern) for pattern in different.to_numpy().tolist()), reverse=True)


def _look_up(keys: pd.DataFrame, chosen: pd.DataFrame, *, on: list[str]) -> np.ndarray:
    """The row of the table that each wanted row finds, -1 where none."""
    if chosen.empty:
        return np.full(len(keys), -1, dtype=np.int64)
    if not on:
        return np.full(len(keys), chosen["row"].iloc[0], dtype=np.int64)
    # a scenario that is still being checked may have duplicates
    first = chosen[[*on, "row"]].drop_duplicates(on)
    rows = keys[on].merge(first, on=on, how="left", validate="many_to_one")["row"]
    return rows.fillna(-1).to_numpy(dtype=np.int64)


def _defaults(table: Table, frame: pd.DataFrame, values: list[str]) -> pd.DataFrame:
    """One row with what each column is where nothing is written."""
    return pd.DataFrame({name: pd.Series([table[name].default], dtype=frame[name].dtype) for name in values})
