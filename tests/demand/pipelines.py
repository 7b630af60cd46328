"""A sales pipeline whose truth is known: weekly chances of a win and a loss by age, deals opened at a steady
rate.
"""

import numpy as np
import pandas as pd

from planner.demand.pipeline.deals import NEVER, Pipeline

WON, LOST = 0.03, 0.05  # a week, from the fifth week on
QUIET_WEEKS = 4  # nothing is decided before
TODAY = 20_000


def grown(*, weeks: int = 120, opened: int = 20, seed: int = 0, good: float = 1.0, today: int = TODAY,
          luck: float = 0.0) -> Pipeline:
    """Deals opened in the last `weeks` and the next 20, `opened` a week, played out to eternity.

    Items a and b; b's chance to win is `good` times a's. `luck` is the spread of a common shock of all deals,
    by month.
    """
    random, count = np.random.default_rng(seed), (weeks + 20) * opened
    deals = pd.DataFrame({
        "created": today + 7.0 * np.repeat(np.arange(-weeks, 20), opened) + random.integers(1, 8, count),
        "item": random.choice(["a", "b"], count), "market": "north", "lead_source": "web",
        "quantity": random.choice([1.0, 5.0], count), "expected_close": np.nan, "weight": 1.0,
        "probability": np.nan, "size": 1})
    deals = deals.set_axis(pd.Index([f"d{place}" for place in range(count)]))
    shared = np.exp(luck * random.standard_normal(400) - luck ** 2 / 2)
    closed, won = np.full(len(deals), NEVER), np.zeros(len(deals), dtype=bool)
    for week in range(QUIET_WEEKS, 200):
        day = deals["created"].to_numpy() + 7 * week + random.integers(0, 7, len(deals))
        chance = (
            WON * np.where(deals["item"] == "b", good, 1.0) * shared[((day - today) // 30).astype(int) + 200]
        )
        draw, alive = random.random(len(deals)), np.isinf(closed)
        won |= alive & (draw < chance)
        closed = np.where(alive & (draw < chance + LOST), day, closed)
    return Pipeline(deals.assign(closed=closed, won=won), 10 ** 6, int(deals["created"].min()))


def value_won(pipeline: Pipeline, edges: np.ndarray, *, open_on: int | None = None) -> np.ndarray:
    """Units won in each period, of deals that were open on a day if one is given."""
    won = pipeline.deals[pipeline.deals["won"]]
    if open_on is not None:
        won = won[won["created"] <= open_on]
    return np.histogram(won["closed"], edges, weights=won["quantity"])[0]


def stage_weighted(pipeline: Pipeline, edges: np.ndarray) -> np.ndarray:
    """What a CRM shows: every open deal at one in two, at 90 days after it was opened or, overdue, at
    once.
    """
    when = np.maximum(pipeline.open["created"] + 90, edges[0])
    return np.histogram(when, edges, weights=0.5 * pipeline.open["quantity"])[0]


def deal(created: float, closed: float = NEVER, *, won: bool = False, **others) -> dict[str, object]:
    """One deal of item a, as the table of a pipeline holds it: open, unless it was closed."""
    return {
        "item": "a",
        "market": "north",
        "lead_source": "web",
        "quantity": 1.0,
        "created": created,
        "closed": closed,
        "won": won,
        "expected_close": np.nan,
        "weight": 1.0,
        "size": 1,
        "probability": np.nan,
        "stage": None,
        "in_stage_since": np.nan,
        **others,
    }
