"""What becomes of each booked order, and of forecast demand by origin: on time, late or lost.

The model decides by line. Within a line the split is by rule: what is delivered in the period of demand goes
to its own orders, one after the other by name; what is delivered late or lost comes from the demand that may
be owed least long, which is the oldest unless max_lateness falls over time, and within a period again order
by order. Forecast demand of one period is served in proportion to its origins.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.model.demand_lines import BOOKED, FORECAST, order_lines, sales_class
from planner.plan.rates import Rates, last_period_owed
from planner.plan.tables.decisions import NOISE, Decisions
from planner.scenario.keys import DEMAND_LINE
from planner.scenario.scope import USUAL_PRIORITY

if TYPE_CHECKING:
    from planner.demand.demand import Demand

SETTLED = ["delivered_on_time", "delivered_late", "lost"]
SERIES = ["item", "market"]
Event = tuple[int, str, NDArray[np.int64], NDArray[np.float64]]  # period, measure, rows of parts, units


@dataclass(frozen=True, eq=False)
class Parts:
    """Booked orders and forecast demand by due period, those of a line one below the other in the turn in
    which they are settled. They are the same in every plan of a scenario and its demand.

    `line` is the place of each part's line among the lines, `first` that of its line's first part.
    """

    frame: pd.DataFrame
    line: NDArray[np.int64]
    first: NDArray[np.int64]
    last: int

    @classmethod
    def of(cls, rates: Rates, demand: "Demand") -> "Parts":
        """The parts of a scenario's demand."""
        frame = _in_turn(rates, _ordered(rates), _expected(rates, demand))
        line = np.asarray(frame.groupby(DEMAND_LINE, sort=False).ngroup(), np.int64)
        first = np.flatnonzero(np.diff(line, prepend=-1)).astype(np.int64)[line]
        return cls(frame, line, first, last=rates.last)

    @cached_property
    def lines(self) -> pd.MultiIndex:
        """The lines, in the order of their parts."""
        return pd.MultiIndex.from_frame(self.frame[DEMAND_LINE].drop_duplicates())

    def settled(self, amounts: Mapping[str, NDArray[np.float64]]) -> Iterator[Event]:
        """What becomes of the parts, period by period; `amounts` is what is decided of each line in each
        period, by measure.
        """
        due, open_units = self.frame["due"].to_numpy(), self.frame["quantity"].to_numpy(dtype=float)
        for period in range(1, self.last + 1):
            open_to = {"delivered_on_time": due == period, "delivered_late": due < period,
                       "lost": due <= period}
            for measure, is_open in open_to.items():
                room = np.where(is_open, open_units, 0.0)
                taken = _one_after_the_other(amounts[measure][self.line, period - 1], room, self.first)
                open_units = open_units - taken
                rows = np.flatnonzero(taken > NOISE)
                yield period, measure, rows, taken[rows]


def fulfillment_table(decisions: Decisions, demand: "Demand") -> pd.DataFrame:
    """Every booked order, and every origin of a period's forecast demand, in the periods in which something
    of it is delivered or lost, at its own price.
    """
    rates = decisions.rates
    settled = _by_origin(rates, demand, _settled(decisions, Parts.of(rates, demand)))
    price = settled["agreed_price"].fillna(rates.list_prices(settled))
    delivered = settled["delivered_on_time"] + settled["delivered_late"]
    demand_class = sales_class(settled["demand_class"])
    return settled.assign(price=price, revenue=price * delivered, demand_class=demand_class)


def _ordered(rates: Rates) -> pd.DataFrame:
    """Booked orders in their lines."""
    orders = order_lines(rates.scenario)
    return orders[[*DEMAND_LINE, "order", "customer", "quantity"]].assign(
        due=orders["number"], agreed_price=orders["price"]
    )


def _expected(rates: Rates, demand: "Demand") -> pd.DataFrame:
    """Forecast demand of each item, market and period, all origins together."""
    planned = demand.planned
    left = planned[planned["remaining"] > 0]
    return left[SERIES].assign(
        demand_class=FORECAST, priority=USUAL_PRIORITY, order="", customer="", agreed_price=np.nan,
        due=rates.scenario.calendar.number(left["period"]), quantity=left["remaining"])


def _in_turn(rates: Rates, *parts: pd.DataFrame) -> pd.DataFrame:
    """The parts of demand, those of a line one below the other in the turn in which they are settled."""
    every = pd.concat([part for part in parts if len(part)] or list(parts[:1]), ignore_index=True)
    owed = every.assign(owed_until=last_period_owed(rates, every))
    return owed.sort_values([*DEMAND_LINE, "owed_until", "due", "order"], ignore_index=True)


def _settled(decisions: Decisions, parts: Parts) -> pd.DataFrame:
    """The parts in every period in which something of them is delivered on time, delivered late or lost."""
    amounts = {measure: _by_line(decisions, measure, parts) for measure in SETTLED}
    frames = [pd.DataFrame({"row": rows, "period": period, "measure": measure, "units": units})
              for period, measure, rows, units in parts.settled(amounts)]
    events = pd.concat(frames, ignore_index=True)
    table = events.pivot(index=["row", "period"], columns="measure", values="units").fillna(0.0)
    settled = table.reindex(columns=SETTLED, fill_value=0.0).reset_index()
    return parts.frame.loc[settled["row"]].reset_index(drop=True).assign(
        period=settled["period"], **{measure: settled[measure] for measure in SETTLED})


def _by_line(decisions: Decisions, measure: str, parts: Parts) -> NDArray[np.float64]:
    """What is decided of each line (in the order of the parts) in each period."""
    decided = decisions.of(measure)
    row = parts.lines.get_indexer(pd.MultiIndex.from_frame(decided[DEMAND_LINE]))
    amounts = np.zeros((len(parts.lines), decisions.rates.last))
    has_line = (row >= 0) & decided["period"].ge(1).to_numpy()  # a line's opening state stands in period 0
    amounts[row[has_line], decided["period"].to_numpy()[has_line] - 1] = decided[measure].to_numpy()[has_line]
    return amounts


def _one_after_the_other(
    amount: NDArray[np.float64], room: NDArray[np.float64], first: NDArray[np.int64]
) -> NDArray[np.float64]:
    """What each part gets of its line's amount, the parts before it being served first; `first` is the place
    of its line's first part.
    """
    before = np.cumsum(room) - room
    given: NDArray[np.float64] = np.clip(amount - (before - before[first]), 0.0, room)
    return given


def _by_origin(rates: Rates, demand: "Demand", settled: pd.DataFrame) -> pd.DataFrame:
    """Booked orders as they are; forecast demand once for each of its origins, in proportion."""
    shares = demand.origins
    due = shares.assign(due=rates.scenario.calendar.number(shares["period"])).drop(columns="period")
    is_forecast = settled["demand_class"] == FORECAST
    forecast = settled[is_forecast].merge(due, on=[*SERIES, "due"])
    split = forecast.assign(**{measure: forecast[measure] * forecast["share"] for measure in SETTLED})
    booked = settled[~is_forecast].assign(origin=BOOKED)
    rows = pd.concat([part for part in (booked, split) if len(part)] or [split], ignore_index=True)
    return rows[rows[SETTLED].max(axis=1) > NOISE].fillna({"customer": ""})
