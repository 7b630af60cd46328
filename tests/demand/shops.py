"""Small scenarios to forecast: one shop, whatever items and markets its tables name."""

from typing import Any

import numpy as np
import pandas as pd

import planner
from planner.scenario.scenario import Scenario

Records = list[dict[str, Any]]


def shop(
    *,
    start: str = "2026-01",
    periods: int = 6,
    bucket: str = "month",
    forecast: dict[str, Any] | None = None,
    items: tuple[str, ...] = ("bike",),
    markets: tuple[str, ...] = ("north",),
    families: dict[str, str] | None = None,
    regions: dict[str, str] | None = None,
    **tables: Records,
) -> Scenario:
    """A scenario in which one supplier and one warehouse serve every market with every item."""
    tables.setdefault(
        "items",
        [{"item": item, "family": (families or {}).get(item, "wheels"), "price": 100.0} for item in items],
    )
    tables.setdefault(
        "sourcing", [{"item": item, "supplier": "maker", "site": "hub", "unit_cost": 1.0} for item in items]
    )
    return planner.load_scenario({
        "name": "shop", "question": "?", "calendar": {"start": start, "periods": periods, "bucket": bucket},
        "forecast": forecast or {}, "sites": [{"site": "hub"}],
        "markets": [{"market": market, "region": (regions or {}).get(market)} for market in markets],
        "lanes": [{"origin": "hub", "destination": market, "mode": "truck"} for market in markets], **tables})


def orders(
    figures: list[float] | np.ndarray, *, last: str = "2025-12", item: str = "bike", market: str = "north"
) -> Records:
    """An order a month, the last in month `last`; a month with 0 has none."""
    months = pd.period_range(end=last, periods=len(figures), freq="M")
    return [{"date": f"{month}-15", "item": item, "market": market, "quantity": float(figure)}
            for month, figure in zip(months, figures, strict=True) if figure > 0]
