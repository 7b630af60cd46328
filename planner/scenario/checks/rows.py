"""Rows of one table get along: no duplicates, no overlapping spans, nothing said twice or not at all."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from planner.errors import Problem
from planner.scenario.calendar import Calendar
from planner.scenario.checks.draft import Draft
from planner.scenario.columns import Table
from planner.scenario.reading.cells import Cells
from planner.scenario.schema import TABLES
from planner.scenario.suggestions import quoted

# no period is earlier or later than these
FIRST, LAST = np.iinfo(np.int64).min // 2, np.iinfo(np.int64).max // 2
# Said for one period: outside the calendar they would be lost.
POINTS = ("demand", "scheduled_receipts", "capacity", "supplier_capacity")
# Past ones have an effect: they explain the history, and show what those to come will bring.
SHOWN_BY_THE_PAST = "promotions"


def _filled_tables(draft: Draft) -> Iterator[tuple[Table, Cells, pd.DataFrame]]:
    """The tables that are planned, have rows and could be read."""
    for name, table in TABLES.items():
        if table.planned and name not in draft.broken and len(draft.cells[name]):
            yield table, draft.cells[name], draft.frames[name]


def check_unplanned(draft: Draft) -> Iterator[Problem]:
    """Tables and columns that this version does not plan with are blank, so that nothing is silently
    ignored.
    """
    for name, table in TABLES.items():
        cells = draft.cells[name]
        if not table.planned and len(cells):
            reason = "is not planned by this version; remove the table"
            first = cells.problem(0, "", reason, code="unplanned_table")
            yield first if first.line else replace(first, row=None)  # a file is removed whole
            continue
        for column in (column for column in table.columns if not column.planned):
            filled = ~cells.is_blank(column.name)
            yield from cells.problems(
                filled,
                column.name,
                "is not planned by this version; leave it blank",
                code="unplanned",
                kind=column.kind,
            )


def check_one_of(draft: Draft) -> Iterator[Problem]:
    """Of columns that stand for each other, exactly one is filled in."""
    for table, cells, _ in _filled_tables(draft):
        for group in table.one_of:
            count = np.sum([~cells.is_blank(name) for name in group], axis=0)
            names = ", ".join(group)
            yield from cells.problems(
                count == 0, names, "one of them must be filled in", code="one_needed"
            )
            yield from cells.problems(
                count > 1, names, "only one of them may be filled in", code="only_one"
            )


def check_duplicates(draft: Draft) -> Iterator[Problem]:
    """No key is there twice; in tables that vary over time, no key is there twice without a span."""
    for table, cells, frame in _filled_tables(draft):
        if not table.keys:
            continue
        candidates = np.flatnonzero(~_is_spanned(cells)) if table.varies else np.arange(len(cells))
        first = _first_alike(_groups(cells, frame, table)[candidates])
        again = candidates[first >= 0]
        earlier = dict(zip(again.tolist(), candidates[first[first >= 0]].tolist(), strict=True))
        yield from cells.problems(
            again, ", ".join(table.keys), _said_before(cells, table, earlier), code="duplicate"
        )


def _said_before(cells: Cells, table: Table, earlier: dict[int, int]) -> Callable[[int], str]:
    remedy = "Remove one of them, or give spans in from and to" if table.varies else "Remove one of them"

    def message(position: int) -> str:
        written = ", ".join(
            quoted(text) if (text := cells.column(name)[position]) else "blank" for name in table.keys
        )
        return f"{written} is there already, in {place_text(cells, earlier[position])}. {remedy}"

    return message


def place_text(cells: Cells, position: int) -> str:
    """Where another row of the table stands, for messages: row 4."""
    file, row = cells.files[position], int(cells.rows[position])
    near = f"row {row}" if row > 0 else f"line {-row}" if row < 0 else ""
    return near if file == cells.file and near else f"{file} {near}".strip()


def _groups(cells: Cells, frame: pd.DataFrame, table: Table) -> np.ndarray:
    """The same number for rows with the same key: numbers compare by value, everything else as written."""
    groups = np.zeros(len(cells), dtype=np.int64)
    for name in table.keys:
        is_number = table[name].kind in ("number", "whole")
        values = frame[name].to_numpy(dtype=float, na_value=np.nan) if is_number else cells.column(name)
        codes, different = pd.factorize(values, use_na_sentinel=False)
        groups, _ = pd.factorize(groups * len(different) + codes)
    return groups


def _is_spanned(cells: Cells) -> np.ndarray:
    spanned: np.ndarray = ~(cells.is_blank("from") & cells.is_blank("to"))
    return spanned


def _is_readable(cells: Cells, frame: pd.DataFrame) -> np.ndarray:
    """The rows whose span could be read; the others are reported already."""
    from_is_clear, to_is_clear = (
        cells.is_blank(name) | frame[name].notna().to_numpy() for name in ("from", "to")
    )
    return from_is_clear & to_is_clear


def _first_alike(groups: np.ndarray) -> np.ndarray:
    """For each row the position of the first row of its group; -1 where it is the first."""
    _, first, inverse = np.unique(groups, return_index=True, return_inverse=True)
    position = first[inverse]
    return np.where(position == np.arange(len(groups)), -1, position)


def check_spans(draft: Draft) -> Iterator[Problem]:
    """No span ends before it starts."""
    for _, cells, frame in _filled_tables(draft):
        if "from" in frame.columns:
            yield from cells.problems(
                (frame["from"] > frame["to"]).to_numpy(),
                "to",
                _starts_at(cells),
                code="before_from",
                kind="period",
            )


def _starts_at(cells: Cells) -> Callable[[int], str]:
    return lambda position: f"must not be before from, which is {quoted(cells.column('from')[position])}"


def check_overlaps(draft: Draft) -> Iterator[Problem]:
    """The spans of one key do not overlap, so that one row holds at a time."""
    for table, cells, frame in _filled_tables(draft):
        if not table.varies or not (usable := _is_spanned(cells) & _is_readable(cells, frame)).any():
            continue
        spans = pd.DataFrame({
            "group": _groups(cells, frame, table), "first": _ordinals(frame["from"], blank=FIRST),
            "last": _ordinals(frame["to"], blank=LAST), "row": range(len(frame))})
        spans = spans[usable & (spans["first"] <= spans["last"]).to_numpy()].sort_values(
            ["group", "first", "row"]
        )
        reach = spans.groupby("group")["last"].cummax()
        reaching = spans["row"].where(spans["last"] == reach).ffill()
        overlaps = (spans["group"] == spans["group"].shift()) & (spans["first"] <= reach.shift())
        other = dict(zip(spans["row"][overlaps], reaching.shift()[overlaps].astype(int), strict=True))
        yield from cells.problems(
            np.array(sorted(other), dtype=np.int64),
            "from, to",
            _overlaps_with(cells, other),
            code="overlap",
        )


def _overlaps_with(cells: Cells, other: dict[int, int]) -> Callable[[int], str]:
    def message(position: int) -> str:
        own_span, other_span = (_span_text(cells, at) for at in (position, other[position]))
        place = place_text(cells, other[position])
        return f"{own_span} overlaps {other_span} in {place}. Spans of one key must not overlap"

    return message


def _span_text(cells: Cells, position: int) -> str:
    return f"{cells.column('from')[position] or 'the start'} to {cells.column('to')[position] or 'the end'}"


def _ordinals(periods: pd.Series, *, blank: int) -> np.ndarray:
    return np.where(periods.isna(), blank, pd.PeriodIndex(periods).asi8)


def check_states(draft: Draft) -> Iterator[Problem]:
    """An opening or closing state is given once, or the same each time."""
    for table, cells, frame in _filled_tables(draft):
        for column in (column for column in table.columns if column.once):
            filled = np.flatnonzero(frame[column.name].notna())
            first = _first_alike(_groups(cells, frame, table)[filled])
            value = frame[column.name].to_numpy()[filled]
            differs = (first >= 0) & (value != value[first])
            earlier = dict(zip(filled[differs].tolist(), filled[first[differs]].tolist(), strict=True))
            yield from cells.problems(
                filled[differs],
                column.name,
                _other_state(cells, column.name, earlier),
                code="other_state",
                kind=column.kind,
            )


def _other_state(cells: Cells, column: str, earlier: dict[int, int]) -> Callable[[int], str]:
    return lambda position: (
        f"{place_text(cells, earlier[position])} says {cells.column(column)[earlier[position]]} "
        "for the same key. It has one value: give it once"
    )


def check_periods(draft: Draft) -> Iterator[Problem]:
    """What is said about a period is said about one of the calendar's, or would have no effect."""
    calendar = draft.calendar
    if calendar is None:
        return
    for table, cells, frame in _filled_tables(draft):
        if table.name in POINTS:
            outside = ~_inside(frame["period"], calendar) & frame["period"].notna().to_numpy()
            reason = f"lies outside the calendar, {calendar.span()}. Remove the row"
            yield from cells.problems(
                outside, "period", reason, code="outside_calendar", kind="period"
            )
        if "from" in frame.columns and table["from"].kind == "period":
            yield from _spans_outside(table, cells, frame, calendar)
    orders = draft.frames["booked_orders"]
    if "booked_orders" not in draft.broken:
        late = calendar.number(orders["due"]) > calendar.periods
        reason = f"is due after the calendar ends in {calendar.label(calendar.end)}, so it is not planned"
        yield from draft.cells["booked_orders"].problems(
            late, "due", reason, code="after_calendar", kind="period", severity="warning"
        )


def _inside(periods: pd.Series, calendar: Calendar) -> np.ndarray:
    number = calendar.number(periods)
    return (number >= 1) & (number <= calendar.periods)


def _spans_outside(table: Table, cells: Cells, frame: pd.DataFrame, calendar: Calendar) -> Iterator[Problem]:
    """A span that misses the calendar has no effect; a target that leaves it is counted in part only."""
    start, end = calendar.start.ordinal, calendar.end.ordinal
    first, last = _ordinals(frame["from"], blank=start), _ordinals(frame["to"], blank=end)
    outside = (first > end) | ((last < start) & (table.name != SHOWN_BY_THE_PAST))

    def misses(position: int) -> str:
        return (
            f"{_span_text(cells, position)} lies outside the calendar, {calendar.span()}, so the row has no "
            f"effect"
        )

    def reaches_beyond(position: int) -> str:
        return (f"{_span_text(cells, position)} reaches beyond the calendar, {calendar.span()}: "
                "only deliveries inside it count towards the target")

    yield from cells.problems(outside, "from, to", misses, code="no_effect", severity="warning")
    if table.name == "sales_targets":
        partly = ~outside & ((first < start) | (last > end))
        yield from cells.problems(
            partly, "from, to", reaches_beyond, code="counted_in_part", severity="warning"
        )
