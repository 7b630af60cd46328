"""How many deals are won in a month, whichever they are: the level of the last months with the habits of the
quarter.
"""

import numpy as np
from numpy.typing import NDArray

from planner.demand.pipeline.deals import Pipeline
from planner.demand.pipeline.win_hazard import month_of_quarter
from planner.demand.series.matrix import Matrix

MINIMUM_MONTHS = 3  # complete months: each month of the quarter seen once
FADING = 0.8  # weight of a month against the one after it
PRIOR_WINS = 30.0  # wins' worth of belief that the months of a quarter are alike
LATE_START = 3  # days into a month after which its recorded wins no longer count as whole


def baseline_wins(pipeline: Pipeline, edges: NDArray[np.int64]) -> Matrix | None:
    """Deals usually won between consecutive edges (days), as seen on the pipeline's day; None where too
    little was seen.

        wins of a month = level * habit of its month of the quarter

    The level is the mean of past months, habits taken off, the later ones counting more; a habit is drawn
    towards none by PRIOR_WINS.
    """
    first, wins = monthly_wins(pipeline)
    if len(wins) < MINIMUM_MONTHS or wins.sum() == 0:
        return None
    place = (first + np.arange(len(wins))) % 3
    weight = FADING ** np.arange(len(wins))[::-1]
    level = (weight * wins).sum() / weight.sum()
    habit = np.ones(3)
    # the level is that of the months seen: a quarter begun has months that are not seen yet
    for _ in range(2):
        observed = np.bincount(place, weights=weight * wins, minlength=3)
        expected = np.bincount(place, weights=weight * level, minlength=3)
        habit = (observed + PRIOR_WINS) / (expected + PRIOR_WINS)
        habit /= habit.mean()
        level = (weight * wins).sum() / (weight * habit[place]).sum()
    days = np.arange(edges[0], edges[-1])
    months = days.astype("datetime64[D]").astype("datetime64[M]")
    length = ((months + 1).astype("datetime64[D]") - months.astype("datetime64[D]")).astype(float)
    daily = level * habit[month_of_quarter(days.astype(float))] / length
    usual: Matrix = np.diff(np.concatenate([[0.0], np.cumsum(daily)])[edges - edges[0]])
    return usual


def monthly_wins(pipeline: Pipeline) -> tuple[int, Matrix]:
    """Number of the first complete month on record since 1970, and the deals won in each complete month from
    it on.
    """
    begin = np.datetime64(pipeline.first, "D")
    first = begin.astype("datetime64[M]").astype(np.int64)
    first += int((begin - begin.astype("datetime64[M]").astype("datetime64[D]")).astype(int) >= LATE_START)
    running = np.datetime64(pipeline.day + 1, "D").astype("datetime64[M]").astype(np.int64)
    closed = pipeline.deals.loc[pipeline.deals["won"], "closed"].to_numpy()
    month = closed.astype(np.int64).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    whole = month[(month >= first) & (month < running)]
    return int(first), np.bincount(whole - first, minlength=max(int(running - first), 0)).astype(float)
