"""Intermittent series: how often they sell and how much, each a mean that fades into the past (Teunter,
Syntetos and Babai 2011).

A series begins with a sale, so that the first one says nothing about how often it sells: it is left out.
Little evidence is drawn towards what the whole history shows.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaincinv
from scipy.stats import nbinom

from planner.demand.series.matrix import Matrix
from planner.demand.series.outlook import LEVELS, Outlook
from planner.demand.series.silence import MONTHS, chance_of_selling_on, silent_periods

FADING = 0.1  # of the weight of a month, from one month to the month before it
LIKE_PERIODS = 2.0  # periods that the whole history counts as, beside the fading mean
UNSEEN = 0.5  # sales that are added to those of the whole history: what has not happened yet may happen
MINIMUM_VARIATION, MAXIMUM_VARIATION = 0.1, 3.0  # of the quantity of a sale, against its mean


@dataclass(frozen=True)
class Sales:
    """Of each series: chance of a sale in a period, and mean and variance of its quantity."""

    chance: Matrix
    size: Matrix
    variance: Matrix


def forecast_sparse(values: Matrix, *, season: int, periods: int) -> Outlook:
    """Intermittent series: the chance of a sale times its quantity; nothing at all with the chance that
    nothing is sold.

    The chance fades with every period without a sale, at least as fast as the series' own rhythm makes it
    likely that it has ended.
    """
    fading = 1 - (1 - FADING) ** (MONTHS / season)
    silent = silent_periods(values)
    back = np.arange(values.shape[1])[::-1]
    heard = np.where(back < silent[:, None], np.nan, values)
    before, now = sales_of(heard, fading), sales_of(values, fading)
    alive = chance_of_selling_on(values, silent, season=season)
    sales = Sales(np.minimum(now.chance, before.chance * alive), before.size, before.variance)
    quantiles = np.where((values % 1 == 0).all(axis=1, where=~np.isnan(values))[:, None],
                         _quantiles_of_pieces(sales), _quantiles_of_amounts(sales))
    return Outlook.steady(
        np.repeat((sales.chance * sales.size)[:, None], periods, axis=1),
        np.repeat(quantiles[:, None, :], periods, axis=1),
        np.full(len(values), fading),
    )


def sales_of(values: Matrix, fading: float) -> Sales:
    """Chance and quantity of a sale, from fading means drawn towards those of the whole history by two
    periods.
    """
    observed, sold = ~np.isnan(values), np.nan_to_num(values) > 0
    weight = (1 - fading) ** np.arange(values.shape[1])[::-1]
    after_first = observed & (np.cumsum(sold, axis=1) - sold > 0)
    overall = ((sold & after_first).sum(axis=1) + UNSEEN) / (after_first.sum(axis=1) + LIKE_PERIODS)
    often = (weight * (sold & after_first)).sum(axis=1) + LIKE_PERIODS * overall
    figures = np.where(sold, values, 0.0)
    count = sold.sum(axis=1)
    mean = figures.sum(axis=1) / count
    recent = (weight * figures).sum(axis=1) + LIKE_PERIODS * mean
    size = recent / ((weight * sold).sum(axis=1) + LIKE_PERIODS)
    variance = np.where(sold, (values - mean[:, None]) ** 2, 0.0).sum(axis=1) / count
    return Sales(often / ((weight * after_first).sum(axis=1) + LIKE_PERIODS), size, variance)


def _within_a_sale(sales: Sales) -> Matrix:
    """Which level of the quantity of a sale each of LEVELS is (series, level); 0 where nothing is sold."""
    chance = sales.chance[:, None]
    within: Matrix = np.clip((np.array(LEVELS) - 1 + chance) / chance, 0.0, None)
    return within


def _quantiles_of_amounts(sales: Sales) -> Matrix:
    """Quantities are gamma, as uneven as past ones were."""
    variation = np.clip(np.sqrt(sales.variance) / sales.size, MINIMUM_VARIATION, MAXIMUM_VARIATION)
    shape = 1 / variation ** 2
    quantiles: Matrix = gammaincinv(shape[:, None], _within_a_sale(sales)) * (sales.size / shape)[:, None]
    return quantiles


def _quantiles_of_pieces(sales: Sales) -> Matrix:
    """Whole quantities are one piece and a negative binomial number of further ones."""
    further = np.maximum(sales.size - 1, 1e-6)
    variance = np.maximum(sales.variance, further * (1 + 1e-6))
    shape = further ** 2 / (variance - further)
    within = _within_a_sale(sales)
    pieces = 1 + nbinom.ppf(within, shape[:, None], (shape / (shape + further))[:, None])
    return np.where(within > 0, pieces, 0.0)
