"""Promotions: what they add while they run, and what they take from later periods."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner.demand.series.matrix import Matrix
from planner.scenario.scope import covered

# share of normal demand that promotions leave at least, in whatever they take from later periods
MINIMUM_LEFT = 0.05


@dataclass(frozen=True)
class Lift:
    """Share of normal demand that promotions add and take away, by series and period."""

    added: Matrix
    taken: Matrix

    @property
    def factor(self) -> Matrix:
        """What demand is multiplied with: nothing is left where an event takes all."""
        with_events = np.maximum(1 + self.added, 0.0)
        share: Matrix = np.maximum(with_events - self.taken, np.minimum(with_events, MINIMUM_LEFT))
        return share


def lift(
    promotions: pd.DataFrame, series: pd.DataFrame, items: pd.DataFrame, *, first: pd.Period, periods: int
) -> Lift:
    """What the promotions do to each series in the periods from `first` on.

    In each of its periods a promotion adds `uplift` times normal demand; `forward_buy` of that is missing
    afterwards, spread over as many periods as the promotion ran. Promotions that run together add up.
    """
    shape = (len(series), periods)
    added, bought_ahead = np.zeros(shape), np.zeros(shape)
    family = series["item"].map(items.drop_duplicates("item").set_index("item")["family"])
    scope_names = {"item": series["item"], "family": family, "market": series["market"]}
    place = np.arange(periods)
    for promotion in promotions.to_dict("records"):
        begin, end = (promotion[edge].ordinal - first.ordinal for edge in ("from", "to"))
        reached = covered(promotion, scope_names)
        running = (place >= begin) & (place <= end)
        after = (place > end) & (place <= end + (end - begin + 1))
        added += np.outer(reached, running) * promotion["uplift"]
        bought_ahead += np.outer(reached, after) * promotion["uplift"] * (promotion["forward_buy"] or 0.0)
    return Lift(added, bought_ahead)
