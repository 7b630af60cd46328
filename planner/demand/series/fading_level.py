"""The level of young series: means that fade into the past, mixed by how well each foresaw the next period.

With two years or less, smoothing with estimated parameters and trends follows random error; on M3 cut to 1 to
23 months a mean that fades slowly is better at every length, and where a level really moves the foresight
shows it.
"""

from dataclasses import dataclass

import numpy as np

from planner.demand.series.matrix import Matrix

# Share of its weight that a period loses to the one after it, and how likely each is beforehand: chosen on
# half of M3, cut to 1 to 23 months.
FADINGS = np.array([0.05, 0.1, 0.2, 0.35, 0.6, 0.9])
LIKELY = np.array([1.0, 3.0, 3.0, 0.7, 0.2, 0.05])
# periods that count as evidence for one fading; more of them would settle on random error
MAXIMUM_EVIDENCE = 48
TINY = 1e-6  # squared miss below which all fadings are alike, in units of the series' variance


@dataclass(frozen=True)
class FadingLevel:
    """Level of each series, what each period was off what had been foreseen (NaN where nothing was), the
    weight of each period in the level (series, period), and that of the latest one by and by: `lasting`.
    """

    level: Matrix
    errors: Matrix
    weights: Matrix
    lasting: Matrix


def fading_level(values: Matrix) -> FadingLevel:
    """The mixed level of every series; `values` are right-aligned, NaN before they start."""
    observed = ~np.isnan(values)
    total = np.zeros((len(values), len(FADINGS)))
    weight, errors = np.zeros_like(total), np.full((values.shape[1], *total.shape), np.nan)
    for period in range(values.shape[1]):
        is_observed = observed[:, period, None]
        figure = np.where(is_observed, values[:, period, None], 0.0)
        has_forecast = is_observed & (weight > 0)
        errors[period] = np.where(has_forecast, figure - total / np.where(weight > 0, weight, 1.0), np.nan)
        total = np.where(is_observed, (1 - FADINGS) * total + figure, total)
        weight = np.where(is_observed, (1 - FADINGS) * weight + 1, weight)
    mixed = _weights(errors)
    age = np.arange(values.shape[1])[::-1]
    counted = observed[:, :, None] * (1 - FADINGS) ** age[:, None]
    counted = counted / counted.sum(axis=1, keepdims=True)
    return FadingLevel(
        (mixed * total / weight).sum(axis=1),
        (errors * mixed).sum(axis=2).T,
        weights=(counted * mixed[:, None, :]).sum(axis=2),
        lasting=(mixed * FADINGS).sum(axis=1),
    )


def _weights(errors: Matrix) -> Matrix:
    """Weight of each fading in each series: how likely it is, given what it has foreseen."""
    count = (~np.isnan(errors[..., :1])).sum(axis=0)
    missed = (np.nansum(errors ** 2, axis=0) + TINY) / np.maximum(count, 1)
    likelihood = np.log(LIKELY) - np.minimum(count, MAXIMUM_EVIDENCE) / 2 * np.log(missed)
    weights = np.exp(likelihood - likelihood.max(axis=1, keepdims=True))
    shares: Matrix = weights / weights.sum(axis=1, keepdims=True)
    return shares
