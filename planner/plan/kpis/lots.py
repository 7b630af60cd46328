"""What comes in whole numbers on the scorecard: setups, lots, orders and vehicles."""

import pandas as pd

from planner.plan.kpis.registry import Figures, kpi, ratio

ANYTHING = 1e-6  # units; less is the solver's rounding


@kpi(unit="setups", side="operations", better="lower", basis="scenario", grows_with_volume=True)
def setups(figures: Figures) -> float | None:
    """Setups made, of routings and of the families that share one.

        sum of setups in production + sum of setups in setup_families

    Absent where nothing needs a setup. Source: number of setups, ASCM Supply Chain Dictionary, setup.
    """
    if figures.rates.setups.empty and figures.scenario["setup_families"].empty:
        return None
    return float(
        figures.tables["production"]["setups"].sum() + figures.tables["setup_families"]["setups"].sum()
    )


@kpi(unit="units", side="operations", better="higher", basis="scenario")
def average_lot(figures: Figures) -> float | None:
    """Units started for each setup, of the routings that need one.

        sum of production of these routings / sum of their setups

    Source: ASCM Supply Chain Dictionary, lot size.
    """
    keys = ["item", "site", "routing", "period"]
    needing = figures.rates.with_periods(figures.rates.setups)[keys]
    production = figures.tables["production"].merge(needing, on=keys, how="inner", validate="one_to_one")
    return ratio(float(production["production"].sum()), float(production["setups"].sum()))


@kpi(unit="units", side="operations", better="higher", basis="scenario")
def average_order(figures: Figures) -> float | None:
    """Units in an order at a supplier, where orders have a minimum, a cost or whole lots.

        sum of purchased / sum of orders, of these sources

    Source: ASCM Supply Chain Dictionary, order quantity.
    """
    keys, sources = ["item", "supplier", "site", "period"], figures.rates.sources
    lumpy = sources[(sources["moq"] > 0) | (sources["order_cost"] > 0) | (sources["lot_multiple"] > 0)]
    chosen = figures.rates.with_periods(lumpy)[keys]
    bought = figures.tables["sourcing"].merge(chosen, on=keys, how="inner", validate="one_to_one")
    return ratio(float(bought["purchased"].sum()), float(bought["orders"].sum()))


@kpi(unit="0 to 1", side="operations", better="higher")
def vehicle_fill_rate(figures: Figures) -> float | None:
    """Share of the room in the vehicles that go which is used.

        sum of shipped / sum of room, in the table trips

    Source: vehicle fill rate (load factor), as in SCOR's transportation metrics.
    """
    trips: pd.DataFrame = figures.tables["trips"]
    used = trips[trips["room"] > ANYTHING]
    return ratio(float(used["shipped"].sum()), float(used["room"].sum()))
