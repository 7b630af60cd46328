"""The history as in normal times: gaps filled, per working day, without promotions, outliers and borrowed
seasons.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from planner.demand.runrate.cleaning import cut_back, fill_gaps, listed_changes
from planner.demand.runrate.history import History
from planner.demand.runrate.promotion_effects import by_item, no_effects, promotion_effects, with_effects
from planner.demand.runrate.promotions import lift
from planner.demand.series.matrix import Matrix
from planner.demand.series.outlook import Outlook
from planner.demand.series.seasonality import shrunk_season

OWN_SEASON_FROM = 2.5  # cycles of history from which a series' season is its own


@dataclass(frozen=True)
class Normal:
    """A history to forecast from, what was changed in it, promotions with their effects, and what is put back
    afterwards.

    `days` are the working days of each period to come, `season` the borrowed season of each series, as
    factors.
    """

    history: History
    changes: pd.DataFrame
    promotions: pd.DataFrame
    effects: pd.DataFrame
    days: Matrix
    season: Matrix

    def restored(self, outlook: Outlook) -> Outlook:
        """The forecast with working days and borrowed season put back."""
        return replace(outlook.scaled(self.days * self.season), flat=outlook.flat, level=outlook.level)


def normal_history(raw: History, promotions: pd.DataFrame, items: pd.DataFrame, working_days: pd.DataFrame,
                   *, periods: int, cut_outliers: bool) -> Normal:
    """What to forecast the coming `periods` from, and what to put back; each figure that is changed is
    listed.
    """
    filled = fill_gaps(raw.values, raw.season)
    length = filled.shape[1]
    first = raw.end - length + 1
    days = day_factors(working_days, first, length + periods, season=raw.season)
    daily = replace(raw, values=filled / days[:length])
    planned, effects = promotions, no_effects()
    usual = daily.values
    if len(promotions):
        planned = by_item(promotions, items)
        running = (
            lift(
                planned.assign(uplift=1.0, forward_buy=0.0), raw.series, items, first=first, periods=length
            ).added
            > 0
        )
        effects = promotion_effects(daily, running, items, set(planned["item"]))
        planned = with_effects(planned, effects)
        usual = usual / lift(planned, raw.series, items, first=first, periods=length).factor
    cut = cut_back(usual, raw.season) if cut_outliers else usual
    ratio = np.divide(cut, usual, out=np.ones_like(cut), where=usual > 0)
    pattern = np.exp(borrowed_seasons(replace(raw, values=cut), items))
    ahead = np.arange(length, length + periods) % raw.season
    changes = listed_changes(raw, filled=filled, ratio=ratio)
    return Normal(
        replace(raw, values=cut / pattern[:, np.arange(length) % raw.season]),
        changes,
        planned,
        effects=effects,
        days=days[length:],
        season=pattern[:, ahead],
    )


def day_factors(working_days: pd.DataFrame, first: pd.Period, periods: int, *, season: int) -> Matrix:
    """Working days of each period from `first` on, relative to the usual: 1 on average over the periods that
    are listed.
    """
    if working_days.empty:
        return np.ones(periods)
    listed = pd.PeriodIndex(working_days["period"]).asi8
    days = working_days["days"].to_numpy(dtype=float)
    usual = pd.Series(days).groupby(listed % season).mean()
    wanted = pd.Series(np.arange(first.ordinal, first.ordinal + periods))
    known = wanted.map(pd.Series(days, index=listed))
    filled = known.where(known.notna(), (wanted % season).map(usual)).fillna(days.mean())
    return np.asarray(filled, dtype=float) / float(days.mean())


def borrowed_seasons(history: History, items: pd.DataFrame) -> Matrix:
    """Season of the item in all markets, or else of its family, for series too short to show one of their own
    (log scale).

    It is the season of the sum of those that are long enough. 0 for a series with a season of its own, or
    nobody to borrow from.
    """
    values, season = history.values, history.season
    pattern = np.zeros((len(values), season))
    whole = (values > 0).sum(axis=1) == (~np.isnan(values)).sum(axis=1)
    enough = OWN_SEASON_FROM * season
    long = whole & ((~np.isnan(values)).sum(axis=1) >= enough)
    short = np.flatnonzero(whole & ~long)
    if not len(short) or not long.any():
        return pattern
    family = history.series["item"].map(items.drop_duplicates("item").set_index("item")["family"])
    # the item's season, where there is one, replaces the family's
    for name in (family, history.series["item"]):
        for parent in sorted(name.iloc[short].dropna().unique()):
            chosen = (name == parent).to_numpy()
            lenders = np.flatnonzero(chosen & long)
            if len(lenders):
                together = np.log(values[lenders].sum(axis=0, keepdims=True))  # from when the youngest began
                if (~np.isnan(together)).sum() >= enough:
                    pattern[short[chosen[short]]] = shrunk_season(together, season).pattern[0]
    return pattern
