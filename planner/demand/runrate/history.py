"""Order history as series: one row of a matrix for each item and market, in the scenario's periods."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.demand.known_on import Tables
from planner.demand.series.matrix import Matrix
from planner.demand.series.seasonality import Positions
from planner.scenario.calendar import Bucket, Calendar
from planner.scenario.scope import with_market

BUSY = 5  # series that sell in a usual period, from which on a period without any order was not recorded
SEASONS: dict[Bucket, int] = {"month": 12, "week": 52}  # periods after which a year repeats


@dataclass(frozen=True)
class History:
    """Quantity by series and period: `series` names item and market, `values` is right-aligned and ends with
    period `end`.

    NaN before a series' first order: what was not yet sold is not a zero. Between orders, and after the last
    one, a period without orders is a zero, unless it is a gap: then it is NaN, too.
    """

    series: pd.DataFrame
    values: Matrix
    end: pd.Period
    season: int

    def positions(self, periods: int) -> Positions:
        """Where the columns and the `periods` after them stand in the year."""
        return positions_in_year(self.end - self.values.shape[1] + 1, self.values.shape[1] + periods)

    def until(self, back: int) -> "History":
        """The same history as it stood `back` periods earlier, without the series that had not begun."""
        values = self.values[:, :max(self.values.shape[1] - back, 0)]
        begun = ~np.isnan(values).all(axis=1)
        return History(
            self.series[np.asarray(begun)].reset_index(drop=True), values[begun], self.end - back,
            season=self.season
        )


def positions_in_year(first: pd.Period, periods: int) -> Positions:
    """A number for each of the periods from `first` on, which grows by the same from year to year: months are
    counted, ISO weeks are 52 a year. A 53rd week has the number of the 52nd, so that the weeks after it keep
    their time of the year.
    """
    index = pd.period_range(first, periods=periods, freq=first.freq)
    if SEASONS["week"] == season_of(first) and periods:
        week = index.start_time.isocalendar()
        return np.asarray(week["year"] * SEASONS["week"] + week["week"].clip(upper=SEASONS["week"]) - 1,
                          dtype=np.int64)
    return np.asarray(index.asi8, dtype=np.int64)


def season_of(period: pd.Period) -> int:
    """Periods after which a year repeats, for periods of this kind."""
    return SEASONS["month" if period.freqstr == "M" else "week"]


def no_history() -> History:
    """The history where nothing was ever ordered."""
    return History(
        pd.DataFrame({"item": [], "market": []}), np.zeros((0, 0)), pd.Period("1970-01", freq="M"), season=12
    )


def last_complete_period(day: pd.Timestamp, calendar: Calendar) -> pd.Period:
    """The last period that was over by the end of the day; a period still running would look like a slump."""
    running: pd.Period = (day + pd.Timedelta(days=1)).to_period(calendar.freq)
    return running - 1


def split_business(orders: pd.DataFrame, opportunities: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Run-rate orders and orders that came from a recorded opportunity: the pipeline forecasts the latter."""
    from_deals = orders["opportunity"].isin(opportunities["opportunity"])
    return orders[~from_deals], orders[from_deals]


def order_series(orders: pd.DataFrame, tables: Tables, *, calendar: Calendar, end: pd.Period,
                 gaps: Literal["zero", "missing"] = "zero") -> History:
    """Orders added up by item, market and period, from each series' first order to `end`.

    An order counts in the period for which it was wanted. A period in which nobody ordered anything, although
    many series sell as a rule, was not recorded: it is a gap. Where `gaps` are `missing`, for all or for the
    item, so is every period without a row, at the end of the history, too.
    """
    located = with_market(orders, tables["customers"])
    due = located["wanted"] if "wanted" in located else located["date"]
    days = pd.DatetimeIndex(due.where(due.notna(), located["date"]))
    periods = pd.PeriodIndex(days, freq=calendar.freq)
    located = located.assign(back=end.ordinal - periods.asi8)
    located = located[located["back"] >= 0]
    grouped = located.groupby(["item", "market", "back"], as_index=False)["quantity"].sum()
    series = pd.DataFrame(grouped[["item", "market"]]).drop_duplicates(ignore_index=True)
    length = int(grouped["back"].max()) + 1 if len(grouped) else 0
    row = (
        series.reset_index().merge(grouped, on=["item", "market"], validate="one_to_many")["index"].to_numpy()
    )
    values = np.zeros((len(series), length))
    column = length - 1 - grouped["back"].to_numpy()
    values[row, column] = grouped["quantity"].clip(lower=0.0).to_numpy()  # more came back than went out
    recorded = np.zeros(values.shape, dtype=bool)
    recorded[row, column] = True
    begun = np.cumsum(recorded, axis=1) > 0
    missing = np.broadcast_to(_unrecorded(recorded), values.shape)
    own = series["item"].map(tables["items"].drop_duplicates("item").set_index("item")["gaps"])
    unrecorded = own.where(own.notna(), gaps).to_numpy() == "missing"
    missing = missing | (~recorded & unrecorded[:, None])
    values[~begun | missing] = np.nan
    return History(series, values, end, season=SEASONS[calendar.bucket])


def _unrecorded(recorded: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Periods in which no series has an order, although at least BUSY have one as a rule."""
    active = recorded.sum(axis=0)
    quiet: NDArray[np.bool_] = (active == 0) & (bool(len(active)) and float(np.median(active)) >= BUSY)
    return quiet
