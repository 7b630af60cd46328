"""How fast is the forecaster? Many series, and many open deals.

    python benchmarks/forecast_speed.py
"""

import sys
import time

import numpy as np
import pandas as pd

from planner.demand.pipeline import shared_luck, simulate
from planner.demand.runrate import forecast_series

SERIES, MONTHS, AHEAD = 10_000, 60, 18
DEALS, PERIODS, ITEMS = 20_000, 12, 200


def many_series() -> float:
    """Seconds for mean and quantiles of 10,000 seasonal series of 60 months."""
    random = np.random.default_rng(0)
    season = 1 + 0.3 * np.sin(2 * np.pi * np.arange(MONTHS) / 12)
    level = np.exp(np.cumsum(0.03 * random.standard_normal((SERIES, MONTHS)), axis=1))
    values = 100 * level * season * np.exp(0.1 * random.standard_normal((SERIES, MONTHS)))
    forecast_series(values[:2], season=12, periods=AHEAD)  # imports are not to be measured
    started = time.perf_counter()
    forecast_series(values, season=12, periods=AHEAD)
    return time.perf_counter() - started


def many_deals() -> float:
    """Seconds for 1,000 draws of 20,000 open deals over 12 months."""
    random = np.random.default_rng(0)
    chances = random.dirichlet(np.full(PERIODS + 1, 0.4), DEALS)[:, :PERIODS] * 0.5
    deals = pd.DataFrame({"quantity": random.lognormal(1, 1, DEALS), "quantity_spread": 0.0, "weight": 1.0})
    started = time.perf_counter()
    luck = shared_luck(np.arange(PERIODS), shock=0.2, seed=0)
    simulate(deals, chances, random.integers(0, ITEMS, DEALS), count=ITEMS, luck=luck, seed=0)
    return time.perf_counter() - started


def report() -> list[str]:
    """The figures, as Markdown."""
    return ["| what | seconds |", "|---|---|",
            f"| {SERIES:,} monthly series of {MONTHS} months, {AHEAD} months ahead, mean and quantiles | {many_series():.1f} |",
            f"| {DEALS:,} open deals, {PERIODS} months, 1,000 draws, by {ITEMS} items | {many_deals():.1f} |", ""]


def main() -> int:
    """Prints the figures."""
    print("\n".join(report()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
