"""Sales' own chances: what a pipeline is worth as long as too few deals were decided to learn from."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.demand.pipeline.deals import Pipeline
from planner.demand.pipeline.win_hazard import MINIMUM_FOR_FACTORS
from planner.demand.series.matrix import Matrix

UNDATED_DAYS = 180.0  # over which a deal may be won of which nobody says when


def own_chances(deals: pd.DataFrame, *, day: int, edges: NDArray[np.int64]) -> Matrix:
    """Chance of each deal to be won in each period by its `probability`, 0 where it has none.

    It is won in the period of its expected close, in the first one if that is past, and evenly over half a
    year where no close is expected.
    """
    starts, ends = edges[:-1], edges[1:]
    close = np.maximum(deals["expected_close"].to_numpy(dtype=float), edges[0])[:, None]
    dated = (close >= starts) & (close < ends)
    spread = np.clip(ends - day, 0.0, UNDATED_DAYS) - np.clip(starts - day, 0.0, UNDATED_DAYS)
    share = np.where(np.isnan(close), spread / UNDATED_DAYS, dated)
    chances: Matrix = share * deals["probability"].fillna(0.0).to_numpy()[:, None]
    return chances


def with_own_chances(
    learned: Matrix, deals: pd.DataFrame, pipeline: Pipeline, *, edges: NDArray[np.int64]
) -> Matrix:
    """The learned chances, mixed with sales' own where given: these count more the fewer deals were decided.

    From MINIMUM_FOR_FACTORS decided deals on, what was learned holds alone.
    """
    believed = max(0.0, 1.0 - len(pipeline.decided) / MINIMUM_FOR_FACTORS)
    has_own = deals["probability"].notna().to_numpy()[:, None] & (believed > 0)
    own = own_chances(deals, day=pipeline.day, edges=edges)
    return np.where(has_own, believed * own + (1.0 - believed) * learned, learned)
