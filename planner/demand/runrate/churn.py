"""Account churn: what silent accounts will no longer order is taken off the run-rate, where that has paid so
far.

How likely an account still buys comes from its own rhythm: BG/NBD (Fader, Hardie and Lee 2005) says how often
each buys and how likely it is to leave after an order; one silent for long beside its rhythm is likely gone.
The series that it bought shrink by its share, less what their level has forgotten of it already. New
accounts, and old ones that buy more, may make up for it: so the reduction is tried on past days first, and
made only where it brought the forecasts closer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.special import betaln, gammaln

from planner.demand.runrate.history import History
from planner.demand.series.matrix import Matrix

Choice = Literal["measured", "always", "never"]

WEEK = 7.0
MAXIMUM_LOG = 10.0  # accounts that never leave must not have an infinite likelihood
MINIMUM_ACCOUNTS = 10  # from which the habits of accounts are learned
# chance of still buying below which an account is at risk; usual comings and goings are in a series' level
AT_RISK = 0.5
FADING_DAYS = 180.0  # after which an order counts half as much for an account's share in a series
LAGS = 3  # periods ahead that the reduction is tried on
ORIGINS = 4  # past days that it is tried on, LAGS periods apart
WORTH = 0.005  # of the error: what the reduction must have gained to be made
COLUMNS = ["customer", "item", "market", "date", "quantity"]
Forecast = Callable[[History, int], Matrix]


@dataclass(frozen=True)
class Churn:
    """The run-rate orders that name their customer, whether silent accounts lower the forecast, and what is
    to be said of it.
    """

    orders: pd.DataFrame
    lowers: bool = False
    gain: tuple[float, ...] = ()
    notes: tuple[str, ...] = ()

    def remaining_share(self, history: History) -> Matrix:
        """Share of each series that is expected to go on, as it looked at the end of the history: all if
        churn does not count.
        """
        return remaining_share(self.orders, history) if self.lowers else np.ones(len(history.series))

    @property
    def record(self) -> pd.DataFrame:
        """By how much taking accounts at risk off lowers the error of past forecasts, by lag; no rows without
        such accounts.
        """
        rows = [
            ("item and market", "value_added", lag, "churn", gain)
            for lag, gain in enumerate(self.gain, start=1)
        ]
        return pd.DataFrame(rows, columns=["level", "measure", "lag", "method", "value"])


def weigh_churn(orders: pd.DataFrame, history: History, forecast: Forecast, *, choice: Choice) -> Churn:
    """Whether accounts at risk lower the run-rate: tried on past days, or as the setting says.

    `orders` are located run-rate orders; `forecast` says what a history let expect of each series, so many
    periods ahead.
    """
    of_customers = orders.loc[orders["customer"].notna() & (orders["quantity"] > 0), COLUMNS]
    if choice == "never" or of_customers.empty or history.values.shape[1] <= LAGS:
        return Churn(of_customers[:0])
    at_risk = _at_risk(of_customers, history.end.end_time)
    gain, error = _gain(of_customers, history, forecast)
    lowers = choice == "always" or (error > 0 and sum(gain) / LAGS > WORTH * error)
    return Churn(of_customers, lowers, gain,
                 notes=_notes(at_risk, lowers, sum(gain) / LAGS, choice) if len(at_risk) else ())


def _gain(orders: pd.DataFrame, history: History, forecast: Forecast) -> tuple[tuple[float, ...], float]:
    """WAPE without the reduction less WAPE with it, by lag, and the mean WAPE without; no gains where nothing
    is reduced.
    """
    without, reduced, size = (np.zeros(LAGS) for _ in range(3))
    for back in range(LAGS, LAGS * ORIGINS + 1, LAGS):
        past = history.until(back)
        if past.values.shape[1] < history.season:
            break
        shares = remaining_share(orders, past)
        if (shares == 1).all():
            continue
        end = history.values.shape[1] - back
        row = pd.MultiIndex.from_frame(history.series).get_indexer(pd.MultiIndex.from_frame(past.series))
        actual = np.nan_to_num(history.values[row, end:end + LAGS])
        mean = forecast(past, LAGS)
        without += np.abs(mean - actual).sum(axis=0)
        reduced += np.abs(mean * shares[:, None] - actual).sum(axis=0)
        size += actual.sum(axis=0)
    if not (size > 0).all():
        return (), 0.0
    return tuple(((without - reduced) / size).tolist()), float((without / size).mean())


def remaining_share(orders: pd.DataFrame, history: History) -> Matrix:
    """Share of each series that its accounts still stand for at the end of the history.

        remaining = 1 - sum over accounts at risk of share in the series * chance that the account is gone

    Shares count orders the less, the older they are, as the level of a series does.
    """
    day = history.end.end_time
    at_risk = _at_risk(orders, day)
    if at_risk.empty:
        return np.ones(len(history.series))
    past = orders[orders["date"] <= day]
    weight = past["quantity"] * 0.5 ** ((day - past["date"]).dt.days / FADING_DAYS)
    lost = weight * past["customer"].map(1 - at_risk).fillna(0.0)
    sums = (
        pd.DataFrame({"item": past["item"], "market": past["market"], "weight": weight, "lost": lost})
        .groupby(["item", "market"])[["weight", "lost"]]
        .sum()
    )
    share = (sums["lost"] / sums["weight"]).reindex(pd.MultiIndex.from_frame(history.series)).fillna(0.0)
    remaining: Matrix = 1 - share.to_numpy(dtype=float)
    return remaining


def _at_risk(orders: pd.DataFrame, day: pd.Timestamp) -> "pd.Series[float]":
    """Chance of still buying of each account at risk, by customer."""
    chance = still_buying(orders, day)
    return chance[chance < AT_RISK]


def still_buying(orders: pd.DataFrame, day: pd.Timestamp) -> "pd.Series[float]":
    """Chance that each account still buys on the day, by customer; none where there are too few accounts to
    learn from.

        1 / (1 + a / (b + x - 1) * ((alpha + T) / (alpha + t)) ** (r + x))

    with x orders after the first, the last t weeks after it, T weeks ago the first (Fader, Hardie and Lee
    2008). An account that ordered once has shown no rhythm and counts as buying.
    """
    past = orders.loc[orders["date"] <= day, ["customer", "date"]].drop_duplicates()
    accounts = past.groupby("customer")["date"].agg(["min", "max", "size"])
    if len(accounts) < MINIMUM_ACCOUNTS or (accounts["size"] > 1).sum() < MINIMUM_ACCOUNTS:
        return pd.Series(dtype="float64")
    repeats = accounts["size"].to_numpy(dtype=float) - 1
    last = (accounts["max"] - accounts["min"]).dt.days.to_numpy() / WEEK
    span = (day - accounts["min"]).dt.days.to_numpy() / WEEK
    rate, scale, leave, stay = np.exp(_habits(repeats, last, span))
    odds = (
        np.log(leave)
        - np.log(stay + np.maximum(repeats, 1) - 1)
        + (rate + repeats) * np.log((scale + span) / (scale + last))
    )
    return pd.Series(
        np.where(repeats > 0, 1 / (1 + np.exp(np.minimum(odds, 500.0))), 1.0), index=accounts.index
    )


def _habits(repeats: Matrix, last: Matrix, span: Matrix) -> Matrix:
    """Logarithms of r, alpha, a and b of the BG/NBD model, by maximum likelihood from a few starts."""
    def unlikely(habits: Matrix) -> float:
        rate, scale, leave, stay = np.exp(habits)
        bought = gammaln(rate + repeats) - gammaln(rate) + rate * np.log(scale)
        stayed = betaln(leave, stay + repeats) - betaln(leave, stay) - (rate + repeats) * np.log(scale + span)
        went = betaln(leave + 1, stay + np.maximum(repeats, 1) - 1) - betaln(leave, stay)
        left = went - (rate + repeats) * np.log(scale + last)
        likelihood = np.logaddexp(stayed, np.where(repeats > 0, left, -np.inf))
        return float(-(bought + likelihood).mean())

    pace = np.log(max(span.mean() / max(repeats.mean(), 1.0), 1e-3))
    starts = [np.array([0.0, pace, np.log(leave), np.log(leave * max(repeats.mean(), 1.0) * often)])
              for leave in (0.1, 1.0) for often in (3.0, 30.0)]
    searches = [
        minimize(unlikely, start, method="L-BFGS-B", bounds=[(-MAXIMUM_LOG, MAXIMUM_LOG)] * 4)
        for start in starts
    ]
    best: Matrix = min(searches, key=lambda one: one.fun).x
    return best


def _notes(at_risk: "pd.Series[float]", lowers: bool, gain: float, choice: Choice) -> tuple[str, ...]:
    """A sentence on the accounts at risk."""
    names = ", ".join(str(name) for name in at_risk.sort_values(kind="stable").index[:3])
    who = (
        f"{len(at_risk)} accounts have been silent for too long "
        f"({names}{' and others' if len(at_risk) > 3 else ''})"
    )
    past_gain = f"In past forecasts that gained {100 * gain:.2f} points of error"
    if lowers:
        return (f"{who}: the run-rate of what they bought is lowered. {past_gain}.",)
    return (
        f"{who}. The run-rate is not lowered. {past_gain}: too little, as others made up for the "
        "accounts that left. To lower it all the same, set forecast.churn to always.",
    )
