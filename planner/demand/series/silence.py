"""Series that have fallen silent: how likely they sell on fades by their own rhythm, and the longer the
silence, the less is expected.

A series pauses in its own rhythm, or for a reason of its own such as an empty shelf, or it has ended. What a
silence of k periods says of that is a matter of Bayes' rule:

    sells on = pauses(k) / (pauses(k) + ended(k))

with pauses(k) the chance that a series that sells on is silent for k periods, and ended(k) that it ended in
one of them, silent until then.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from planner.demand.series.matrix import Matrix
from planner.demand.series.outlook import LEVELS, Outlook

Whole = NDArray[np.int64]

MONTHS = 12
# By the month: how often a series ends, how often it pauses out of rhythm, and how likely such a pause lasts
# on. A pause is three times as likely as an end; most pauses are over after a quarter.
ENDS, PAUSES, LASTS = 0.01, 0.03, 0.67
UNSEEN = 0.5  # sales and pauses that are added to those seen: what has not happened yet may happen


def silent_periods(values: Matrix) -> Whole:
    """How many periods at the end of each series had no sale; 0 for a series that never sold."""
    sold = values > 0
    if not sold.any():
        return np.zeros(len(values), dtype=np.int64)
    quiet: Whole = np.where(sold.any(axis=1), np.argmax(sold[:, ::-1], axis=1), 0)
    return quiet


def chance_of_selling_on(values: Matrix, silent: Whole, *, season: int) -> Matrix:
    """Chance that each series has not ended, given its rhythm before the last sale and the silence since."""
    chance = np.ones(len(values))
    rows = np.flatnonzero(silent)
    if not len(rows):
        return chance
    month = MONTHS / season
    pauses = _pauses(values[rows], silent[rows], month=month)
    each = np.arange(pauses.shape[1])
    ended = ENDS * month * np.where(each < silent[rows, None], pauses, 0.0).sum(axis=1)
    pausing = pauses[np.arange(len(rows)), silent[rows]]
    chance[rows] = pausing / (pausing + ended)
    return chance


def _pauses(values: Matrix, silent: Whole, *, month: float) -> Matrix:
    """Chance that a series which sells on is silent for 0, 1, 2, ... periods (series, periods)."""
    longest = int(silent.max())
    rhythm = _Rhythm.of(values, silent, longest=longest)
    each = np.arange(longest)
    often, seldom = (count[:, None] + UNSEEN for count in (rhythm.sales, rhythm.pauses))
    by_luck = np.cumprod((seldom + each) / (often + seldom + each), axis=1)
    observed = np.cumsum(rhythm.gaps[:, ::-1], axis=1)[:, ::-1][:, 1:] / (rhythm.sales[:, None] + 1)
    for_a_reason = PAUSES * month * (LASTS ** month) ** each
    pauses = np.minimum(np.maximum(by_luck, observed) + for_a_reason, 1.0)
    return np.concatenate([np.ones((len(values), 1)), pauses], axis=1)


@dataclass(frozen=True)
class _Rhythm:
    """Of each series between first and last sale: sales after the first, periods without one, and how many
    gaps of each length (series, length; the last length stands for all longer ones).
    """

    sales: Whole
    pauses: Whole
    gaps: Matrix

    @staticmethod
    def of(values: Matrix, silent: Whole, *, longest: int) -> "_Rhythm":
        """The rhythm of series of which each sold once at least."""
        sold = values > 0
        first = sold.argmax(axis=1)
        gaps, run = np.zeros((len(values), longest + 1)), np.zeros(len(values), dtype=np.int64)
        for period in range(values.shape[1]):
            resumes = sold[:, period] & (first < period)
            gaps[resumes, np.minimum(run[resumes], longest)] += 1
            run = np.where(sold[:, period] | (first > period), 0, run + 1)
        sales = sold.sum(axis=1) - 1
        return _Rhythm(sales, values.shape[1] - silent - first - 1 - sales, gaps)


def fading_out(outlook: Outlook, chance: Matrix) -> Outlook:
    """The outlook of series that sell on with the chance only: as it was with that chance, else nothing."""
    scaled = outlook.scaled(np.repeat(chance[:, None], outlook.mean.shape[1], axis=1))
    above = np.array(LEVELS) - (1 - chance)[:, None]
    level = np.clip(above / chance[:, None], LEVELS[0], LEVELS[-1])
    scores = ndtri(LEVELS)
    place = np.clip(np.searchsorted(scores, ndtri(level), side="right") - 1, 0, len(LEVELS) - 2)
    share = ((ndtri(level) - scores[place]) / np.diff(scores)[place])[:, None, :]
    low, high = (np.take_along_axis(outlook.quantiles, at[:, None, :], axis=2) for at in (place, place + 1))
    quantiles = np.where((above > 0)[:, None, :], low + share * (high - low), 0.0)
    quantiles_left = np.where((chance == 1)[:, None, None], outlook.quantiles, quantiles)
    return Outlook(scaled.mean, quantiles_left, scaled.lasting, flat=scaled.flat, level=scaled.level)
