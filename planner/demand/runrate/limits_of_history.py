"""What a history is too short or too silent to show, in sentences for the reader of the forecast."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.demand.runrate.borrowed_season import BorrowedSeasons
from planner.demand.runrate.history import History
from planner.demand.series.silence import chance_of_selling_on, silent_periods
from planner.scenario.calendar import period_label

SHORT_YEARS = 2  # of history, below which a series is called short
UNSURE = 0.8  # chance of selling on below which a series is said to be silent
SHORTEST_PAUSE, STEADY = 2, 12  # periods without a sale, and with one, from which a pause is unusual
MAXIMUM_NAMED = 3  # series that are named
WHOSE = {"item": "the item in other markets", "family": "their family", "all": "all items together"}


def limits_in_words(history: History, borrowed: BorrowedSeasons) -> tuple[str, ...]:
    """What is forecast from less than it takes, how, and how unsure that is; nothing where all is known."""
    return (*_short(history), *_borrowed(borrowed), *_paused(history), *_silent(history))


def _short(history: History) -> list[str]:
    """Series of less than two years."""
    count = (~np.isnan(history.values)).sum(axis=1)
    short = count < SHORT_YEARS * history.season
    if not short.any():
        return []
    season = (
        "of the one year that they show about a third comes again, more where the second year agrees."
        if (count[short] >= history.season).any()
        else "they show no season."
    )
    return [
        f"{_series(history.series, short)} less than {SHORT_YEARS * history.season} periods of history: a "
        f"level is carried on, no trend; {season} Ranges go as far as such short series have been seen to go."
    ]


def _borrowed(borrowed: BorrowedSeasons) -> list[str]:
    """Series with a season of others."""
    counted = {words: int((borrowed.lender == who).sum()) for who, words in WHOSE.items()}
    sources = ", ".join(f"{count:,} that of {words}" for words, count in counted.items() if count)
    return [f"Short series have a season of others: {sources}."] if sources else []


def _paused(history: History) -> list[str]:
    """Series that sold in every period but those of one pause: perhaps nothing was recorded, or in stock."""
    sold = history.values > 0
    after, before = np.cumsum(sold, axis=1) > 0, np.cumsum(sold[:, ::-1], axis=1)[:, ::-1] > 0
    quiet = (history.values == 0) & after & before
    begins = (quiet[:, 1:] & ~quiet[:, :-1]).sum(axis=1)
    length, count = quiet.sum(axis=1), sold.sum(axis=1)
    paused = (begins == 1) & (length >= SHORTEST_PAUSE) & (count >= np.maximum(STEADY, length))
    if not paused.any():
        return []
    return [
        f"{_series(history.series, paused)} sold in every period but a single pause "
        f"({_span(history, paused, quiet)}), which counts as no demand and widens the range. If nothing was "
        "recorded then, or nothing was in stock, leave those periods out and set the item's gaps to missing."
    ]


def _span(history: History, paused: NDArray[np.bool_], quiet: NDArray[np.bool_]) -> str:
    """The first and last period of the pause of the series that is named first."""
    row = history.series[paused].sort_values(["item", "market"]).index[0]
    columns = np.flatnonzero(quiet[row]) - history.values.shape[1] + 1
    first, last = history.end + int(columns[0]), history.end + int(columns[-1])
    return f"{period_label(first)} to {period_label(last)}"


def _silent(history: History) -> list[str]:
    """Series that have been silent for longer than their own rhythm explains."""
    silent = silent_periods(history.values)
    chance = chance_of_selling_on(history.values, silent, season=history.season)
    unsure = chance < UNSURE
    if not unsure.any():
        return []
    low, high = chance[unsure].min(), chance[unsure].max()
    span = f"{low:.0%}" if f"{low:.0%}" == f"{high:.0%}" else f"{low:.0%} to {high:.0%}"
    return [
        f"{_series(history.series, unsure)} sold nothing for longer than usual: the chance of selling on is "
        f"taken to be {span}, and the lower end of the range is 0. For what has ended, enter a phase_out in "
        "lifecycles."
    ]


def _series(series: pd.DataFrame, chosen: NDArray[np.bool_]) -> str:
    """How many series, the first of them by name, and what they have."""
    rows = series[chosen].sort_values(["item", "market"]).head(MAXIMUM_NAMED)
    names = ", ".join(f"{row.item} in {row.market}" for row in rows.itertuples())
    count = int(chosen.sum())
    if count == 1:
        return f"{names} has"
    return f"{count:,} series ({names}{' and others' if count > MAXIMUM_NAMED else ''}) have"
