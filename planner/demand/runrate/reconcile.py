"""Forecasts of sums and of their parts made to agree: the level that is anchored keeps its own forecast, the
series follow.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri

from planner.demand.runrate.history import History
from planner.demand.series.matrix import Matrix
from planner.demand.series.outlook import LEVELS, Outlook
from planner.scenario.scope import Groups

Forecast = Callable[[Matrix], Outlook]  # of the rows of a matrix

GROWN_UP = 2  # cycles of history from which a series has a part in the sum: a newcomer would look like growth
LOW, HIGH = LEVELS.index(0.1), LEVELS.index(0.9)


def anchored(
    outlook: Outlook, history: History, *, level: str, groups: Groups, forecast: Forecast
) -> Outlook:
    """The outlook whose series add up to the forecast of their sums at the anchored level: total, region,
    market, family or item.

    The sum's own forecast and that of its parts are combined, each weighted by one over its variance, the
    parts taken as independent; what that changes is divided among the parts in proportion to their forecast,
    so that none falls below zero. Source: Wickramasuriya, Athanasopoulos and Hyndman, Optimal forecast
    reconciliation, JASA 114 (2019), with a diagonal covariance and one level of sums.
    """
    count = (~np.isnan(history.values)).sum(axis=1)
    members = np.flatnonzero(count >= GROWN_UP * history.season)
    code = _codes(history.series.iloc[members], level, groups)
    several = (code >= 0) & (np.bincount(code + 1, minlength=1)[code + 1] > 1)  # a sum of one is that one
    if level == "none" or not several.any():
        return outlook
    members, code = members[several], np.unique(code[several], return_inverse=True)[1]
    sums = _sum(history.values[members], code)  # from when the youngest began: NaN before
    sums = sums[:, ~np.isnan(sums).all(axis=0)]
    own, parts = forecast(sums), outlook.of(members)
    together = _sum(parts.mean, code)
    believed = np.where(
        together > 0, _share_of_own(own, parts, code) * (own.mean - together) + together, together
    )
    factor = np.divide(believed, together, out=np.ones_like(together), where=together > 0)
    scale = np.ones_like(outlook.mean)
    scale[members] = factor[code]
    return outlook.scaled(scale)


def _share_of_own(own: Outlook, parts: Outlook, code: NDArray[np.int64]) -> Matrix:
    """How far the sum's own forecast is believed against the sum of its parts' (group, period)."""
    of_own, of_parts = _variance(own), _sum(_variance(parts), code)
    total = of_own + of_parts
    share: Matrix = np.where(total > 0, of_parts / np.where(total > 0, total, 1.0), 0.0)
    return share


def _variance(outlook: Outlook) -> Matrix:
    """Variance of each period's error."""
    spread = (outlook.quantiles[..., HIGH] - outlook.quantiles[..., LOW]) / (2 * ndtri(0.9))
    variance: Matrix = spread ** 2
    return variance


def _codes(series: pd.DataFrame, level: str, groups: Groups) -> NDArray[np.int64]:
    """Group of each series at the level; -1 where it belongs to none."""
    if level in ("total", "none"):
        return np.zeros(len(series), dtype=np.int64)
    return pd.factorize(groups.of(series)[level], sort=True)[0].astype(np.int64)


def _sum(values: Matrix, code: NDArray[np.int64]) -> Matrix:
    """Sums of the rows of each group; NaN where one of them is."""
    total = np.zeros((int(code.max()) + 1, values.shape[1]))
    np.add.at(total, code, values)
    return total
