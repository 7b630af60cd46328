"""Many possible outcomes of a pipeline: each deal is won once, with all its lines, or not at all; what hits
all deals of a month is drawn once for them.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.demand.series.matrix import Matrix
from planner.progress import checkpoint

DRAWS = 1000
BLOCK = 4000  # deals drawn at once
CACHED = 125  # deals whose draws a core's cache holds
LASTING_SHOCK = 0.07  # spread of the common shock that lasts: the market, the team, what was learned wrong


def common_shocks(months: Matrix, *, spread: float, seed: int) -> Matrix:
    """Factor on every deal's chance by period and draw, 1 on average: one that lasts, and one of each
    period's month.
    """
    random = np.random.default_rng([seed, 0])
    lasting = LASTING_SHOCK * random.standard_normal(DRAWS) - LASTING_SHOCK ** 2 / 2
    month = np.maximum(months, 0).astype(np.int64)
    monthly = spread * random.standard_normal((int(month.max()) + 1, DRAWS)) - spread ** 2 / 2
    shock: Matrix = np.exp(lasting + monthly[month])
    return shock


def simulate(deals: pd.DataFrame, chances: Matrix, row: NDArray[np.int64], *, count: int, shock: Matrix,
             seed: int) -> NDArray[np.float32]:
    """Won quantity by series, period and draw. All deals of a draw share their shock; each is won once or not
    at all.
    """
    is_open = deals["opportunity"].notna().to_numpy()
    opened, coming = np.flatnonzero(is_open), np.flatnonzero(~is_open)
    random = np.random.default_rng([seed, 1])
    totals = _draw_open(
        deals.iloc[opened], chances[opened], row[opened], count=count, shock=shock, random=random
    )
    return totals + _draw_coming(deals.iloc[coming], chances[coming], row[coming], count=count, shock=shock,
                                 random=np.random.default_rng([seed, 2]))


def _draw_open(deals: pd.DataFrame, chances: Matrix, row: NDArray[np.int64], *, count: int, shock: Matrix,
               random: np.random.Generator) -> NDArray[np.float32]:
    """Totals of deals that are won whole, with all their lines, in one period, or not at all."""
    periods, quantity = chances.shape[1], deals["quantity"].to_numpy()
    totals = np.zeros(count * periods * DRAWS)
    numbers, _ = pd.factorize(deals["opportunity"])
    _, first_line, deal = np.unique(numbers, return_index=True, return_inverse=True)
    chance, share = chances[first_line].astype(np.float32), shock.astype(np.float32)
    for first in range(0, len(chance), BLOCK):
        checkpoint()
        block = chance[first:first + BLOCK]
        period = np.concatenate([_drawn_periods(block[begin:begin + CACHED], share, random)
                                 for begin in range(0, len(block), CACHED)])
        lines = slice(*np.searchsorted(deal, [first, first + BLOCK]))
        line_period = period[deal[lines] - first]
        line, draw = np.nonzero(line_period < periods)
        place = (row[lines][line] * periods + line_period[line, draw]) * DRAWS + draw
        totals += np.bincount(place, weights=quantity[lines][line], minlength=len(totals))
    return totals.reshape(count, periods, DRAWS).astype(np.float32)


def _drawn_periods(chance: NDArray[np.float32], share: NDArray[np.float32],
                   random: np.random.Generator) -> NDArray[np.uint16]:
    """The period in which each deal is won, by draw; the number of periods where it is not.

    A deal is won in the first period by whose end the chances so far, times their shock, exceed what is drawn
    for it.
    """
    level = random.random((len(chance), DRAWS), dtype=np.float32)
    so_far, part = np.zeros_like(level), np.empty_like(level)
    passed = np.zeros(level.shape, dtype=np.uint16)
    for period in range(chance.shape[1]):
        so_far += np.multiply(chance[:, period, None], share[period], out=part)
        passed += level >= so_far
    return passed


def _draw_coming(deals: pd.DataFrame, chances: Matrix, row: NDArray[np.int64], *, count: int, shock: Matrix,
                 random: np.random.Generator) -> NDArray[np.float32]:
    """Totals of deals still to come: a random number of wins (Poisson) of random quantities."""
    wins = chances * deals["weight"].to_numpy()[:, None]
    number, units, squares = (np.zeros((count, chances.shape[1])) for _ in range(3))
    quantity, spread = deals["quantity"].to_numpy(), deals["quantity_spread"].to_numpy()
    for total, size in ((number, np.ones(len(deals))), (units, quantity), (squares, spread ** 2)):
        np.add.at(total, row, wins * size[:, None])
    usual = units / np.where(number > 0, number, 1.0)
    variance = squares / np.where(number > 0, number, 1.0)
    drawn = random.poisson(number[..., None] * shock)
    noise = np.sqrt(drawn * variance[..., None]) * random.standard_normal(drawn.shape)
    return np.maximum(drawn * usual[..., None] + noise, 0.0).astype(np.float32)
