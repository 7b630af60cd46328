"""How much is wanted up to each period, with quantiles: neighbouring periods err alike, so their spreads do
not just add up.

A period's error is a lasting part, which all later periods share, and a passing one. Were all errors passing,
the quantiles of a sum would be far too narrow; were all lasting, too wide. The share comes from exponential
smoothing: it is the weight that a new observation has in the level.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri
from scipy.stats.qmc import Sobol

from planner.demand.series.matrix import Matrix
from planner.demand.series.outlook import LEVELS, Outlook
from planner.progress import checkpoint

POINTS = 512  # a power of two, as a Sobol sequence asks for
ALSO_LASTING = 0.1  # what is wrong about trend and season stays for a while, too: chosen on half of M3
BLOCK = 256  # series computed at once: memory stays flat
LOW, HIGH = LEVELS.index(0.1), LEVELS.index(0.9)


def cumulated_quantiles(total: Outlook, *, seed: int) -> NDArray[np.float64]:
    """Quantiles of what is wanted from the first period up to each one (series, period, level of LEVELS)."""
    quantiles = np.empty_like(total.quantiles)
    for first in range(0, len(quantiles), BLOCK):
        checkpoint()
        block = slice(first, first + BLOCK)
        draws = joint_draws(total.quantiles[block], total.lasting[block], points=POINTS, seed=seed)
        quantiles[block] = quantiles_of(np.cumsum(draws, axis=1))
    return quantiles


def cumulated_with_deals(runrate: NDArray[np.float64], lasting: Matrix, deals: NDArray[np.float32],
                         *, seed: int) -> NDArray[np.float64]:
    """The same where deals come on top, of which there are draws (series, period, draw)."""
    quantiles = np.empty_like(runrate)
    for row in range(len(runrate)):
        checkpoint()
        draws = (
            joint_draws(runrate[row : row + 1], lasting[row : row + 1], points=deals.shape[2], seed=seed)[0]
            + deals[row]
        )
        quantiles[row] = quantiles_of(np.cumsum(draws, axis=0)[None])[0]
    return quantiles


def joint_draws(
    quantiles: NDArray[np.float64], lasting: Matrix, *, points: int, seed: int
) -> NDArray[np.float64]:
    """Draws of all periods together (series, period, draw) that have the quantiles of each and lasting errors
    in common.

    The spread that grows with the distance is lasting, too: it is the level that has moved on. Every series
    is drawn with the same random errors, so that none depends on who stands beside it.
    """
    periods = quantiles.shape[1]
    moves, noise = _luck(periods, points, seed)
    variance = _relative_variance(quantiles)
    passing = 1 - np.clip(lasting + ALSO_LASTING, 0.0, 1.0)[:, None]
    steps = np.diff(np.maximum(variance - passing, 0.0), axis=1, prepend=0.0)
    level = np.cumsum(np.sqrt(steps)[..., None] * moves, axis=1)
    luck = (level + np.sqrt(passing)[..., None] * noise) / np.sqrt(variance)[..., None]
    return figures_at(luck, quantiles)


@cache
def _luck(periods: int, points: int, seed: int) -> tuple[Matrix, Matrix]:
    """Standard normal draws of the level's moves and of the passing noise (period, draw), spread evenly
    (Sobol).
    """
    size = 1 << (points - 1).bit_length()
    even = Sobol(2 * periods, rng=np.random.default_rng([seed, 4])).random(size)[:points].T
    scores = ndtri(np.clip(even, 1e-9, 1 - 1e-9))
    return scores[:periods], scores[periods:]


def _relative_variance(quantiles: NDArray[np.float64]) -> Matrix:
    """Variance of each period's error on the log scale, in units of the first one's; never falling. 1 where
    it can be nothing.
    """
    low, high = quantiles[..., LOW], quantiles[..., HIGH]
    spread = np.log(np.where(low > 0, high, 1.0) / np.where(low > 0, low, 1.0)) ** 2
    first = np.where(spread[:, :1] > 0, spread[:, :1], 1.0)
    variance: Matrix = np.maximum.accumulate(np.maximum(spread / first, 1.0), axis=1)
    return variance


def figures_at(luck: NDArray[np.float64], quantiles: NDArray[np.float64]) -> NDArray[np.float64]:
    """The figures at standard normal scores: straight lines through the quantiles and beyond, never below
    0.
    """
    scores = ndtri(LEVELS)
    place = np.clip(np.searchsorted(scores, luck) - 1, 0, len(LEVELS) - 2)
    slope = np.diff(quantiles, axis=-1) / np.diff(scores)
    low, rise = (np.take_along_axis(values, place, axis=-1) for values in (quantiles, slope))
    figures: NDArray[np.float64] = np.maximum(low + rise * (luck - scores[place]), 0.0)
    return figures


def quantiles_of(draws: NDArray[np.float64]) -> NDArray[np.float64]:
    """LEVELS of the draws along the last axis."""
    ordered = np.sort(draws, axis=-1)
    place = np.array(LEVELS) * draws.shape[-1] - 0.5
    low = np.clip(np.floor(place).astype(np.int64), 0, draws.shape[-1] - 2)
    share = place - low
    quantiles: NDArray[np.float64] = ordered[..., low] * (1 - share) + ordered[..., low + 1] * share
    return quantiles
