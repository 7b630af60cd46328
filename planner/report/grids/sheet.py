"""The S&OP sheet: one name on one page, with the last actuals, demand, supply, stock, backlog and days of
supply, in units and in money.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.plan.standard_cost import at_standard_cost
from planner.report.grids.columns import Columns, columns_of
from planner.report.grids.grid import MISSING, Grid, Line
from planner.report.grids.lines import NOTICED
from planner.report.grids.subjects import with_items
from planner.report.highlights import TOLERANCE
from planner.scenario.calendar import Calendar

if TYPE_CHECKING:
    from planner.plan.plan import Plan

TITLE = "S&OP sheet"
KEYS = ("family", "item")
YEAR = {"month": 12, "week": 52}  # periods
SHOWN_PAST = {"month": 3, "week": 4}  # periods before the plan
SHOWN_QUARTERS = 2
DEMAND, SUPPLY, STOCK, MONEY = "Demand", "Supply", "Stock", "Money"  # the parts of a sheet
PAST_NOTE = "a: actual; totals are those of the plan."
PLANNED = ["demand", "delivered", "backlog", "lost", "revenue", "revenue lost", "cost of goods", "opening",
           "produced", "received", "closing stock", "safety stock", "missing", "stock value"]
PAST = ["demand", "revenue"]
Vector = NDArray[np.float64]
Frame = Callable[[pd.DataFrame], pd.DataFrame]


@dataclass(frozen=True)
class Row:
    """A row of a sheet: the part that it belongs to, what it measures, how periods are put together, the unit
    where it is not that of the items, and the measure that says where something is missing.
    """

    part: str
    measure: str
    together: str = "sum"
    unit: str = ""
    marked_by: str = ""


ROWS = (
    Row(DEMAND, "demand"),
    Row(DEMAND, "a year earlier"),
    Row(DEMAND, "delivered", marked_by="lost"),
    Row(DEMAND, "backlog", "last"),
    Row(DEMAND, "lost"),
    Row(SUPPLY, "produced"),
    Row(SUPPLY, "received"),
    Row(STOCK, "closing stock", "last", marked_by="missing"),
    Row(STOCK, "safety stock", "last"),
    Row(STOCK, "missing", "last"),
    Row(STOCK, "days of supply", "last", unit="days"),
    Row(MONEY, "revenue", unit=MONEY),
    Row(MONEY, "revenue lost", unit=MONEY),
    Row(MONEY, "cost of goods", unit=MONEY),
    Row(MONEY, "stock value", "last", unit=MONEY),
)


@dataclass(frozen=True)
class Sheet:
    """What a sheet says of one name: vectors over the periods of the plan and over the year before it, and
    the columns in which they are shown.
    """

    plan: Mapping[str, Vector]
    past: Mapping[str, Vector]
    columns: Columns
    before: Columns
    unit: str
    currency: str

    def lines(self) -> Iterator[Line]:
        """The sheet, row by row."""
        for row in ROWS:
            yield self._line(row, unit={"": self.unit, MONEY: self.currency}.get(row.unit, row.unit))

    def _line(self, row: "Row", *, unit: str) -> Line:
        """The figures of the past, then those of the plan; the total is that of the plan."""
        before = self._folded(self.past.get(row.measure), self.before, row.together)[:-1]
        after = self._folded(self.plan.get(row.measure), self.columns, row.together)
        values = tuple(None if np.isnan(value) else float(value) for value in (*before, *after))
        marks = (*_no_marks(len(before)), *self._marks(row.marked_by, row.measure))
        return Line(row.part, row.measure, unit, values=values[:-1], marks=marks, total=values[-1],
                    together=row.together)

    def _marks(self, marked: str, against: str) -> tuple[str, ...]:
        if not marked:
            return _no_marks(len(self.columns.labels))
        missing = self._folded(self.plan[marked], self.columns, "sum")[:-1]
        least = max(TOLERANCE, NOTICED * float(self.plan[against].max()))
        return tuple(MISSING if value > least else "" for value in missing)

    @staticmethod
    def _folded(vector: Vector | None, columns: Columns, together: str) -> Vector:
        if vector is None:
            return np.full(len(columns.labels) + 1, np.nan)
        folded: Vector = columns.folded(vector[None], together)[0]
        return folded


def sheets(plan: "Plan", by: str, *, columns: Columns, filtered: Frame, quarters: bool,
           maximum: int | None = None) -> list[Grid]:
    """A sheet for each name that is sold and each unit in which its items are counted, or for the first so
    many; where nothing of what is asked for is sold, for each that is stocked.
    """
    year = _year_before(plan.calendar)
    before = _past_columns(year, quarters=quarters)
    figures, ordered = filtered(_planned(plan)), filtered(_ordered(plan))
    keys = _keys(figures, ordered, by)[:maximum]
    planned = _vectors(figures, by, PLANNED, keys=keys, calendar=plan.calendar)
    past = _vectors(ordered, by, PAST, keys=keys, calendar=year)
    grids = []
    for key in keys:
        plan_figures = planned.get(key) or dict.fromkeys(PLANNED, np.zeros(plan.calendar.periods))
        earlier = past.get(key, {})
        sheet = Sheet(
            _with_derived(plan_figures, earlier, plan.calendar), _with_stock(earlier, plan_figures, year),
            columns=columns, before=before, unit=key[1], currency=plan.currency)
        grids.append(_grid(sheet, key[0]))
    return grids


def _grid(sheet: Sheet, name: str) -> Grid:
    """The lines that say something, over the past and the plan."""
    lines = tuple(line for line in sheet.lines() if any(value for value in line.values))
    note = " ".join(filter(None, [PAST_NOTE, sheet.columns.note]))
    return Grid("sheet", "", title=f"{TITLE} of {name}", lines=lines, currency=sheet.currency, note=note,
                periods=(*sheet.before.labels, *sheet.columns.labels), past=len(sheet.before.labels))


# ----------------------------------------------------------------------------------------------- the figures


def _planned(plan: "Plan") -> pd.DataFrame:
    """What the plan says of each item, in units and at sales price or standard cost."""
    sales, stock = (with_items(plan, plan.tables[name]) for name in ("sales", "inventory"))
    costs = plan.tables["items"].set_index("item")["standard_cost"].fillna(0.0)
    delivered = sales["delivered_on_time"] + sales["delivered_late"]
    sold = sales.assign(**{
        "delivered": delivered, "backlog": sales["backorders"],
        "cost of goods": delivered * sales["item"].map(costs).astype("float64"),
        "revenue lost": sales["lost"] * sales["price"].fillna(0.0)})
    stocked = stock.assign(**{
        "received": stock["received"] + stock["scheduled_receipts"], "closing stock": stock["closing"],
        "safety stock": stock["safety_stock"], "missing": stock["safety_stock_shortfall"],
        "stock value": at_standard_cost(plan, "closing").reset_index(drop=True)})
    return pd.concat([sold, stocked], ignore_index=True)


def _ordered(plan: "Plan") -> pd.DataFrame:
    return with_items(plan, plan.tables["actuals"]).rename(columns={"ordered": "demand"})


def _keys(figures: pd.DataFrame, ordered: pd.DataFrame, by: str) -> list[tuple[str, str]]:
    """The names and units that are sold, or were; where there are none, those that are stocked."""
    sold = figures[figures["demand"] > 0]
    candidates = [{(str(name), str(unit)) for name, unit in zip(frame[by], frame["unit"], strict=True)}
                  for frame in (sold, ordered, figures)]
    return sorted(candidates[0] | candidates[1] or candidates[2])


def _vectors(frame: pd.DataFrame, by: str, measures: Sequence[str], *, keys: Sequence[tuple[str, str]],
             calendar: Calendar) -> dict[tuple[str, str], dict[str, Vector]]:
    """Each measure of each of the names and units, by period of the calendar."""
    chosen = frame[frame[by].isin([name for name, _ in keys])]
    numbered = chosen.assign(number=calendar.number(chosen["period"]) - 1)
    added = numbered.groupby([by, "unit", "number"])[list(measures)].sum().reset_index()
    vectors = {}
    for (name, unit), rows in added.groupby([by, "unit"]):
        number = rows["number"].to_numpy()
        vectors[str(name), str(unit)] = {
            measure: np.bincount(number, weights=rows[measure], minlength=calendar.periods).astype(float)
            for measure in measures}
    return vectors


def _with_derived(planned: Mapping[str, Vector], past: Mapping[str, Vector],
                  calendar: Calendar) -> dict[str, Vector]:
    """The figures of the plan, with what was ordered a year earlier and the days that stock lasts."""
    earlier = np.full(calendar.periods, np.nan)
    of_year_before = past.get("demand", np.empty(0))[:calendar.periods]
    earlier[:len(of_year_before)] = of_year_before
    days = days_of_supply(planned["closing stock"], planned["demand"], np.asarray(calendar.days, dtype=float))
    return {**planned, "a year earlier": earlier, "days of supply": days}


def _with_stock(past: Mapping[str, Vector], planned: Mapping[str, Vector],
                year: Calendar) -> dict[str, Vector]:
    """The figures of the past; of its stock only the last is known, with which the plan begins."""
    stock = np.full(year.periods, np.nan)
    stock[-1] = planned["opening"][0]
    return {**past, "closing stock": stock}


def days_of_supply(stock: Vector, demand: Vector, days: Vector) -> Vector:
    """Days for which the stock at the end of each period serves the demand of the periods after it; past the
    end, demand is that of the last period. NaN where there is no demand to serve.

    Unit: days. Source: ASCM Supply Chain Dictionary, days of supply, looking forward.
    """
    rate = demand / days
    lasting = np.full(len(stock), np.nan)
    for place, left in enumerate(stock):
        lasts, number = 0.0, place + 1
        while number < len(stock) and left >= demand[number]:
            left, lasts, number = left - demand[number], lasts + days[number], number + 1
        last = rate[min(number, len(stock) - 1)]
        if last > 0:
            lasting[place] = lasts + left / last
    return lasting


# ----------------------------------------------------------------------------------------------- the columns


def _year_before(calendar: Calendar) -> Calendar:
    count = YEAR[calendar.bucket]
    return Calendar(calendar.start - count, count, calendar.bucket)


def _past_columns(year: Calendar, *, quarters: bool) -> Columns:
    """The last periods or whole quarters before the plan."""
    whole = columns_of(year, start=None, end=None, quarters=quarters)
    count = SHOWN_QUARTERS if quarters else SHOWN_PAST[year.bucket]
    return Columns(whole.labels[-count:], whole.positions[-count:])


def _no_marks(count: int) -> tuple[str, ...]:
    return ("",) * count
