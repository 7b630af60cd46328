"""The model in which inquiries are tried: the plan's own, or one with room for what nobody orders yet.

What is delivered to an inquiry in a period is no decision there: it is taken from what arrives at the market,
and counts towards the targets of its scope as any other delivery does. So a question changes right-hand sides
alone, and every answer is a plan of the same model as the plan itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from planner.model.compiler.lookup import Floats
from planner.model.demand_lines import FORECAST
from planner.model.objective import Goal, goals
from planner.model.solver.matrix import Compiled
from planner.model.solver.placing import Change
from planner.model.solver.row_keys import spelled
from planner.plan.rates import Rates
from planner.scenario.inquiries import Inquiry, Line
from planner.scenario.scenario import Scenario
from planner.scenario.scope import covered, span_ends

Cell = tuple[str, str, int]  # item, market, period


@dataclass(frozen=True, eq=False)
class Ground:
    """A model with a row for what arrives at each market asked about, in every period, and where the plan
    stands in it.

    `values` are the plan's decisions, `bases` where its solve ended, goal by goal.
    """

    scenario: Scenario
    compiled: Compiled
    values: Floats
    bases: tuple[Any, ...] = field(repr=False)

    @cached_property
    def goals(self) -> list[Goal]:
        """The goals of the scenario, in order."""
        return goals(self.compiled.model, self.compiled.layout, self.compiled.costs)

    @cached_property
    def lines(self) -> pd.DataFrame:
        """The demand lines by period, in the order of the model's variables, names spelled."""
        return spelled(self.compiled.model.declared.indices["line_periods"])

    @cached_property
    def states(self) -> pd.DataFrame:
        """The same with the period before the first, in the order of what is owed."""
        return spelled(self.compiled.model.declared.indices["line_states"])

    @cached_property
    def arrivals(self) -> dict[Cell, int]:
        """The row of what arrives, for each item, market and period."""
        first = _place(self.compiled, "market_deliveries").start
        index = spelled(self.compiled.model.declared.indices["market_periods"])
        cells = zip(index["item"], index["market"], index["period"].astype(int), strict=True)
        return {cell: first + place for place, cell in enumerate(cells)}

    @cached_property
    def forecast_lines(self) -> dict[Cell, int]:
        """Where the forecast line of each item, market and period stands among the lines."""
        lines = self.lines[self.lines["demand_class"] == FORECAST]
        cells = zip(lines["item"], lines["market"], lines["period"].astype(int), strict=True)
        return dict(zip(cells, lines.index.tolist(), strict=True))

    @cached_property
    def targets(self) -> "Targets":
        """The sales targets."""
        return Targets(self)

    @cached_property
    def rates(self) -> Rates:
        """The figures of the scenario."""
        return Rates(self.scenario)

    def price(self, line: Line, inquiry: Inquiry) -> float:
        """What the line earns per unit: the price offered, or the list's in the period in which it is due; 0
        where that says nothing.
        """
        return self._listed[line.item, line.market, inquiry.due] if line.price is None else line.price

    def look_up_prices(self, inquiries: Iterable[Inquiry]) -> None:
        """The price list has been asked once for all inquiries that offer no price."""
        rows = pd.DataFrame(sorted({(line.item, line.market, inquiry.due) for inquiry in inquiries
                                    for line in inquiry.lines if line.price is None}),
                            columns=["item", "market", "period"])
        if rows.empty:
            return
        prices = self.rates.list_prices(rows).fillna(0.0).tolist()
        self._listed.update(zip(rows.itertuples(index=False, name=None), prices, strict=True))

    @cached_property
    def _listed(self) -> dict[Cell, float]:
        return {}

    def change(self, inquiry: Inquiry, period: int) -> Change:
        """What changes in the model where the inquiry is delivered whole in the period."""
        rows: dict[int, float] = {}
        columns: dict[int, float] = {}
        for line in inquiry.lines:
            _add(rows, self.arrivals[line.item, line.market, period], -line.quantity)
            for row, gain in self.targets.gains(line, self.price(line, inquiry), period):
                _add(rows, row, gain)
        for cell, quantity in (inquiry.expected or {}).items():
            self.expect_less(self.forecast_lines[cell], quantity, rows, columns)
        return Change(rows, columns)

    def expect_less(self, line: int, quantity: float, rows: dict[int, float],
                    columns: dict[int, float]) -> None:
        """The demand of a line and period is lower: in its balance, in what may be on time, in every limit of
        lateness that lets it wait, and in what is promised of it.
        """
        layout = self.compiled.layout
        _add(rows, _place(self.compiled, "demand_balance").start + line, -quantity)
        on_time = layout.first["delivered_on_time"] + line
        _add(columns, on_time, -quantity)
        used = self._columnwise[:, [on_time]].tocoo()
        promised = _place(self.compiled, "min_fill_rate")
        waiting = [_place(self.compiled, family) for family in ("max_lateness", "lateness_of_later_demand")]
        for row, entry in zip(used.coords[0].tolist(), used.data.tolist(), strict=True):
            if any(place.start <= row < place.stop for place in waiting):
                _add(rows, row, -quantity)
            elif promised.start <= row < promised.stop:
                _add(rows, row, -entry * self._fill_rate(line) * quantity)

    @cached_property
    def _columnwise(self) -> Any:
        return self.compiled.rows.matrix.tocsc()

    def _fill_rate(self, line: int) -> float:
        """The share of the line that is promised on time in the period."""
        row = self.lines.iloc[[line]][["item", "market", "priority", "period"]]
        return float(self.rates.service_terms(row)["min_fill_rate"].iloc[0])


def _place(compiled: Compiled, family: str) -> slice:
    return compiled.rows.families.get(family, slice(0, 0))


def _add(gains: dict[int, float], place: int, gain: float) -> None:
    gains[place] = gains.get(place, 0.0) + gain


class Targets:
    """The sales targets in the model: their rows, and what a delivery counts for."""

    def __init__(self, ground: Ground) -> None:
        compiled = ground.compiled
        self.table = ground.scenario["sales_targets"].reset_index(drop=True)
        self._first, self._last = span_ends(self.table, ground.scenario.calendar)
        self._groups = ground.scenario.groups
        self._scopes: dict[tuple[str, str], list[tuple[int, str]]] = {}
        self._rows = _place(compiled, "sales_targets")
        place = compiled.layout.place("target_shortfall")
        matrix = compiled.rows.matrix[self._rows]
        own = matrix[:, place].tocsr()
        # the shortfall counts towards the target like a delivery, whichever way round the row is written
        self._sign = np.asarray(own.sum(axis=1)).ravel()
        self._others = matrix - _embedded(own, place, matrix.shape[1])
        self._limits = compiled.rows.upper[self._rows]

    def gains(self, line: Line, price: float, period: int) -> Iterable[tuple[int, float]]:
        """What the right-hand side of each target gains where the line is delivered in the period."""
        for place, measure in self._covering(line.item, line.market):
            if self._first[place] <= period <= self._last[place]:
                each = price if measure == "revenue" else 1.0
                yield self._rows.start + place, -self._sign[place] * each * line.quantity

    def _covering(self, item: str, market: str) -> list[tuple[int, str]]:
        """The targets that cover the item and market, by place, and what they measure."""
        if (item, market) not in self._scopes:
            scope_names = self._groups.of(pd.DataFrame({"item": [item], "market": [market]}))
            self._scopes[item, market] = [
                (place, str(target["measure"])) for place, target in enumerate(self.table.to_dict("records"))
                if covered(target, scope_names)[0]]
        return self._scopes[item, market]

    def shortfalls(self, values: Floats, change: Change) -> Floats:
        """What each target misses at the values, with the change."""
        gained = np.array([change.rows.get(self._rows.start + place, 0.0)
                           for place in range(len(self.table))])
        if not len(self.table):
            return gained
        short: Floats = (self._others @ values - self._limits - gained) / -self._sign
        return np.maximum(short, 0.0)


def _embedded(own: Any, place: slice, width: int) -> Any:
    """The columns at their place in a matrix of the whole width."""
    import scipy.sparse as sparse

    entries = own.tocoo()
    rows, columns = entries.coords
    return sparse.csr_array((entries.data, (rows, columns + place.start)), shape=(own.shape[0], width))
