"""The season of others, for series too short to show one of their own: that of the item in all markets, else
of its family, else what all have in common.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.demand.runrate.history import History
from planner.demand.series.matrix import Matrix
from planner.demand.series.seasonality import Positions, shrunk_season

OWN_SEASON_FROM = 2.5  # cycles of history from which a series lends its season, and borrows none
MINIMUM_LENDERS = 3  # from which it is told what all series have in common


@dataclass(frozen=True)
class BorrowedSeasons:
    """Season by series and place in the year (log scale), 0 where nothing is borrowed; who has lent it: item,
    family, all or nobody ("").
    """

    pattern: Matrix
    lender: NDArray[np.str_]


def borrowed_seasons(history: History, items: pd.DataFrame) -> BorrowedSeasons:
    """The season lent to each series that is too short for its own: that of the sum of those of its item, or
    else of its family, that are long enough; else the mean of all, as far as they agree.

    What such a series shows of a season of its own, from one year on, comes on top later.
    """
    values, season = history.values, history.season
    count = (~np.isnan(values)).sum(axis=1)
    whole = (values > 0).sum(axis=1) == count
    long = whole & (count >= OWN_SEASON_FROM * season)
    short = np.flatnonzero(whole & ~long)
    pattern, lender = np.zeros((len(values), season)), np.full(len(values), "", dtype="<U6")
    if not len(short) or not long.any():
        return BorrowedSeasons(pattern, lender)
    place = history.positions(0)
    common = _in_common(values[long], season, place)
    if common.any():
        pattern[short], lender[short] = common, "all"
    family = history.series["item"].map(items.drop_duplicates("item").set_index("item")["family"])
    # the item's season, where there is one, replaces the family's
    for who, name in (("family", family), ("item", history.series["item"])):
        for parent in sorted(name.iloc[short].dropna().unique()):
            chosen = (name == parent).to_numpy()
            lent = _of_sum(values[chosen & long], season, place)
            if lent is not None:
                pattern[short[chosen[short]]], lender[short[chosen[short]]] = lent, who
    return BorrowedSeasons(pattern, lender)


def _of_sum(values: Matrix, season: int, place: Positions) -> Matrix | None:
    """Season of the sum of the series, from when the youngest began; None where that is too short."""
    if not len(values):
        return None
    together = np.log(values.sum(axis=0, keepdims=True))
    if (~np.isnan(together)).sum() < OWN_SEASON_FROM * season:
        return None
    pattern: Matrix = shrunk_season(together, season, positions=place).pattern[0]
    return pattern


def _in_common(values: Matrix, season: int, place: Positions) -> Matrix:
    """Mean season of the series, drawn towards none as far as they do not agree; none where they are few.

        share = 1 - variance between them / (number of them * squared size of their mean), at least 0
    """
    if len(values) < MINIMUM_LENDERS:
        return np.zeros(season)
    each = shrunk_season(np.log(values), season, positions=place).pattern
    mean = each.mean(axis=0)
    size = (mean ** 2).mean()
    between = ((each - mean) ** 2).sum() / ((len(each) - 1) * season)
    return np.asarray(mean * max(0.0, 1 - between / (len(each) * size)) if size > 0 else mean)
