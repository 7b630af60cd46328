"""A first mapping of a file with periods across, a column each."""

import pandas as pd

from planner.scenario.importing.files import FILE, ROW, Rows
from planner.scenario.importing.known_columns import (
    FAMILIES,
    MEASURES,
    MONTH_NAMES,
    NAMES,
    NOT_MEASURES,
    columns_called,
    plain,
)
from planner.scenario.importing.suggested_columns import is_year, words_called
from planner.scenario.importing.suggestion_text import Entries, Suggestion
from planner.scenario.reading.recognition.columns import dates, numbers

FEWEST_PERIODS = 3
MOST_MEASURES = 40  # different values of a column of measures
MOST_PATTERNS = 6
WEEKS_AHEAD = 26  # half a year, as most weekly plans look ahead


def wide(rows: Rows) -> Suggestion | None:
    """The mapping of a file with periods across; none where fewer than three headings are periods."""
    heads = pd.Series(rows.columns, dtype=object)
    read = dates(heads, None)
    across = heads[~read.unreadable & ~pd.isna(read.values)].tolist()
    date: str | Entries = "heading"
    if len(across) < FEWEST_PERIODS:
        across, date = _months_of_years(rows)
    if len(across) < FEWEST_PERIODS:
        return None
    others = [name for name in rows.columns if name not in across]
    suggestion = Suggestion(
        "order_history",
        {"across": {"columns": across if len(across) <= 4 else _pattern(across, others)}},
        settings={"calendar": {"bucket": "week", "periods": WEEKS_AHEAD}} if read.way == "week" else {},
    )
    columns: Entries = {"date": date, "quantity": "cell"}
    family = columns_called(FAMILIES, others)
    for target in ("item", "customer", "market"):
        free = [name for name in others if name not in family and not is_year(rows.frame[name])]
        names = columns_called(NAMES["order_history"][target], free) or words_called(target, free)
        if names:
            columns[target] = names[0]
            others.remove(names[0])
    if family:
        suggestion.entries["masters"] = {"items": {"family": family[0]}}
        others.remove(family[0])
    suggestion.entries["columns"] = columns
    _measure(suggestion, rows, others, across=across)
    return suggestion


def _months_of_years(rows: Rows) -> tuple[list[str], str | Entries]:
    """Headings that are names of months, and the date made of them and the column of years."""
    year = next((name for name in rows.columns if is_year(rows.frame[name])), "")
    across = [name for name in rows.columns if name[:3].casefold() in MONTH_NAMES and year]
    return across, {"join": [year, "heading"]}


def _measure(suggestion: Suggestion, rows: Rows, others: list[str], *, across: list[str]) -> None:
    """Rows of one measure are kept, where a column tells the rows of one item apart as actuals, forecast and
    stock.
    """
    keys = [name for name in rows.frame.columns if name not in (FILE, ROW, *across)]
    for name in others:
        values = rows.frame[name][rows.frame[name] != ""].value_counts().index.tolist()
        others_of_key = [key for key in keys if key != name]
        is_numeric = not numbers(rows.frame[name], "point").unreadable.any()
        repeats = bool(others_of_key) and rows.frame.duplicated(others_of_key).any()
        if 1 < len(values) <= MOST_MEASURES and not is_numeric and repeats:
            values.sort(key=_is_no_sale)
            suggestion.entries["keep"] = {name: values[0]}
            suggestion.doubt("keep", f"rows of other measures are left out; {name} has {', '.join(values)}")
            return


def _is_no_sale(measure: str) -> int:
    """0 for actual sales, 1 for what may be anything, 2 for forecasts and stock."""
    words = plain(measure)
    if any(word in words for word in NOT_MEASURES):
        return 2
    return 0 if any(word in words for word in MEASURES) else 1


def _pattern(heads: list[str], others: list[str]) -> list[str]:
    """Patterns that mean the headings, by the letters they begin with, and no other column."""
    starts = sorted({head[:2] for head in heads})
    means_others = any(name.startswith(start) for start in starts for name in others)
    return heads if means_others or len(starts) > MOST_PATTERNS else [f"{start}*" for start in starts]
