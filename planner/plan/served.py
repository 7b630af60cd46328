"""What any plan of a scenario comes to, straight from the solver's values: the figures that its tables add up
to, without the tables.
"""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.model.compiler.lookup import Floats
from planner.model.solver.row_keys import spelled
from planner.plan.rates import Rates
from planner.plan.tables.fulfillment import SERIES, SETTLED, Parts
from planner.plan.totals import Figures
from planner.scenario.keys import DEMAND_LINE
from planner.scenario.scenario import Scenario
from planner.scenario.scope import covered, span_ends

if TYPE_CHECKING:
    from planner.demand.demand import Demand
    from planner.model.solve import SettledPoint
    from planner.model.solver.matrix import Compiled

DELIVERED = ("delivered_on_time", "delivered_late")


class Served:
    """The demand of a scenario and what its targets count of it, ready for the values of any of its plans."""

    def __init__(self, scenario: Scenario, demand: "Demand", compiled: "Compiled") -> None:
        rates = Rates(scenario)
        self._parts = Parts.of(rates, demand)
        lines = spelled(compiled.model.declared.indices["line_periods"])
        states = spelled(compiled.model.declared.indices["line_states"])
        self._row = self._parts.lines.get_indexer(pd.MultiIndex.from_frame(lines[DEMAND_LINE]))
        self._column = lines["period"].to_numpy(np.int64) - 1
        self._owed = states["period"].to_numpy() == rates.last
        self._targets = scenario["sales_targets"]
        self._first, self._last = span_ends(self._targets, scenario.calendar)
        named = scenario.groups.of(self._parts.frame)
        covers = [covered(target, named) for target in self._targets.to_dict("records")]
        self._covers = np.array(covers, float).reshape(len(covers), len(self._parts.frame))
        self._agreed = self._parts.frame["agreed_price"].to_numpy(float)
        self._series, self._listed = _list_prices(rates, self._parts)

    def figures(self, point: "SettledPoint") -> Figures:
        """What the plan at the point comes to."""
        totals = dict.fromkeys(SETTLED, 0.0)
        revenue, units, money = 0.0, *np.zeros((2, len(self._targets)))
        for period, measure, rows, taken in self._parts.settled(self._amounts(point)):
            totals[measure] += float(taken.sum())
            if measure in DELIVERED and len(rows):
                earned = taken * self._prices(rows, period)
                revenue += float(earned.sum())
                counts = (self._first <= period) & (period <= self._last)
                covers = self._covers[:, rows]
                units, money = units + counts * (covers @ taken), money + counts * (covers @ earned)
        owed = float(point.values[point.compiled.layout.place("backorders")][self._owed].sum())
        on_time, late = totals["delivered_on_time"], totals["delivered_late"]
        missed = self._missed(units, money)
        shares = 1.0 - missed / self._targets["quantity"].to_numpy(float)
        return Figures(
            cost=point.cost, revenue=revenue, delivered=on_time + late, on_time=on_time, late=late + owed,
            lost=totals["lost"], attainment=float(shares.mean()) if len(shares) else 1.0,
            missed=dict(zip(self._targets["target"], missed.tolist(), strict=True)))

    def _amounts(self, point: "SettledPoint") -> dict[str, Floats]:
        """What is decided of each line in each period, by measure."""
        amounts = {}
        known = self._row >= 0
        for measure in SETTLED:
            decided = point.values[point.compiled.layout.place(measure)]
            amounts[measure] = np.zeros((len(self._parts.lines), self._parts.last))
            amounts[measure][self._row[known], self._column[known]] = decided[known]
        return amounts

    def _prices(self, rows: NDArray[np.int64], period: int) -> Floats:
        """What a unit of each part earns in the period: an order's own price, else the list price then."""
        agreed, listed = self._agreed[rows], self._listed[self._series[rows], period - 1]
        prices: Floats = np.nan_to_num(np.where(np.isnan(agreed), listed, agreed))
        return prices

    def _missed(self, units: Floats, money: Floats) -> Floats:
        """The shortfall of each target, in its own measure."""
        delivered = np.where(self._targets["measure"].to_numpy() == "units", units, money)
        missing: Floats = np.clip(self._targets["quantity"].to_numpy(float) - delivered, 0.0, None)
        return missing


def _list_prices(rates: Rates, parts: Parts) -> tuple[NDArray[np.int64], Floats]:
    """The place of each part's series, and the list price of each series in each period."""
    series = parts.frame[SERIES].drop_duplicates()
    asked = series.merge(pd.DataFrame({"period": np.arange(1, rates.last + 1)}), how="cross")
    listed = rates.list_prices(asked).to_numpy(float).reshape(len(series), rates.last)
    place = pd.MultiIndex.from_frame(series).get_indexer(pd.MultiIndex.from_frame(parts.frame[SERIES]))
    return place.astype(np.int64), listed
