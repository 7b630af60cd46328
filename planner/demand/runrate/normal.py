"""The history as in normal times: gaps filled, per working day, without promotions, outliers and borrowed
seasons.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from planner.demand.runrate.borrowed_season import BorrowedSeasons, borrowed_seasons
from planner.demand.runrate.cleaning import fill_gaps, listed_changes
from planner.demand.runrate.history import History, positions_in_year
from planner.demand.runrate.outliers import winsorised
from planner.demand.runrate.promotion_effects import by_item, no_effects, promotion_effects, with_effects
from planner.demand.runrate.promotions import MINIMUM_LEFT, lift
from planner.demand.series.matrix import Matrix
from planner.demand.series.outlook import Outlook


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
    borrowed: BorrowedSeasons

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
        past = lift(planned, raw.series, items, first=first, periods=length).factor
        usual = usual / np.maximum(past, MINIMUM_LEFT)
    place = raw.positions(periods)
    cut = winsorised(usual, raw.season, place[:length]) if cut_outliers else usual
    borrowed = borrowed_seasons(replace(raw, values=cut), items)
    pattern = np.exp(borrowed.pattern)[:, place % raw.season]
    if cut_outliers:  # a peak that is the season of others is no slip
        cut = winsorised(usual / pattern[:, :length], raw.season, place[:length]) * pattern[:, :length]
    ratio = np.divide(cut, usual, out=np.ones_like(cut), where=usual > 0)
    changes = listed_changes(raw, filled=filled, ratio=ratio)
    return Normal(
        replace(raw, values=cut / pattern[:, :length]),
        changes,
        planned,
        effects=effects,
        days=days[length:],
        season=pattern[:, length:],
        borrowed=borrowed,
    )


def day_factors(working_days: pd.DataFrame, first: pd.Period, periods: int, *, season: int) -> Matrix:
    """Working days of each period from `first` on, relative to the usual: 1 on average over the periods that
    are listed.
    """
    if working_days.empty:
        return np.ones(periods)
    listed = pd.PeriodIndex(working_days["period"]).asi8
    days = working_days["days"].to_numpy(dtype=float)
    start = int(min(listed.min(), first.ordinal))
    place = positions_in_year(first + (start - first.ordinal),
                              int(max(listed.max() + 1, first.ordinal + periods)) - start) % season
    usual = pd.Series(days).groupby(place[listed - start]).mean()
    ordinals = pd.Series(np.arange(first.ordinal, first.ordinal + periods))
    listed_days = ordinals.map(pd.Series(days, index=listed))
    usual_days = pd.Series(place[ordinals - start]).map(usual)
    filled = listed_days.where(listed_days.notna(), usual_days).fillna(days.mean())
    return np.asarray(filled, dtype=float) / float(days.mean())
