"""Where plans part from the first, area by area: what is made, bought and sent elsewhere or at another time,
who is hired, and whose demand is late or lost.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import nan
from typing import Any

import numpy as np
import pandas as pd

from planner.naming import spelled
from planner.plan.comparison.layout import MOVES
from planner.plan.comparison.matching import Matched, matched, netted
from planner.plan.comparison.move_words import SEPARATOR, move_text
from planner.plan.layout import TABLES, Measure
from planner.plan.orders import customers_of, who
from planner.plan.plan import Plan

OF_AREA = 40  # moves of one area and plan that are kept: the largest
MAXIMUM_ITEMS = 30  # items of one table that are looked at: those that differ most
SMALLEST = 1e-3  # of all there is of a thing, in percent of which nobody speaks
NOTHING = 1e-6  # units, hours or workers: the solver's rounding


@dataclass(frozen=True)
class Compared:
    """A measure of a table in which plans are compared: of one `subject` it is done in several `places`.

    Where it `may_move`, what is less in one place or period and more in another counts as moved. `beside` is
    the column of which it is a share: all there is of it.
    """

    area: str
    table: str
    measure: str
    subject: str
    places: tuple[str, ...]
    beside: str = ""
    may_move: bool = False


COMPARED = (
    Compared("sales", "sales", "lost",
             subject="item", places=("market",), beside="demand"),
    Compared("sourcing", "sourcing", "purchased",
             subject="item", places=("supplier",), may_move=True),
    Compared("production", "production", "production",
             subject="item", places=("site", "routing"), may_move=True),
    Compared("production", "capacity", "overtime_hours",
             subject="work_center", places=("site",), beside="load_hours"),
    Compared("workforce", "workforce", "hired",
             subject="labor_pool", places=("site",), beside="headcount"),
    Compared("workforce", "workforce", "separated",
             subject="labor_pool", places=("site",), beside="headcount"),
    Compared("workforce", "workforce", "overtime_hours",
             subject="labor_pool", places=("site",), beside="hours_used"),
    Compared("inventory", "inventory", "closing",
             subject="item", places=("site",)),
    Compared("delivery", "delivery", "shipped",
             subject="destination", places=("origin", "mode"), may_move=True),
)


def moves_table(plans: Sequence[Plan], names: Sequence[str]) -> pd.DataFrame:
    """MOVES: of each plan but the first, area by area, the largest first."""
    rows = [{**row, "plan": name} for plan, name in zip(plans[1:], names[1:], strict=True)
            for row in _largest([*_customers(plans[0], plan), *_moves(plans[0], plan)])]
    frame = pd.DataFrame(rows, columns=MOVES.names)
    periods = pd.PeriodDtype(plans[0].calendar.start.freqstr)
    kinds: dict[str, Any] = {column.name: periods if column.kind == "period" else "float64"
                             for column in MOVES.columns if column.kind in ("period", "number")}
    return frame.astype(kinds)


def _largest(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The largest of each area, areas in the order in which a meeting goes through them."""
    areas = list(dict.fromkeys(one.area for one in COMPARED))
    for area in areas:
        of_area = [row for row in rows if row["area"] == area]
        yield from sorted(of_area, key=lambda row: (-row["weight"], row["subject"], row["text"]))[:OF_AREA]


def _moves(first: Plan, plan: Plan) -> Iterator[dict[str, Any]]:
    for compared in COMPARED:
        yield from _of_measure(first, plan, compared)


def _of_measure(first: Plan, plan: Plan, compared: Compared) -> Iterator[dict[str, Any]]:
    """The rows of one measure: its largest things, each matched by itself."""
    flows = _flows(first, plan, compared)
    if flows.empty:
        return
    values, total = _values(first, plan, compared, flows)
    apart = (flows["after"] - flows["before"]).abs().groupby(flows["subject"]).sum()
    ranked = (apart[apart > NOTHING] * values).sort_values(ascending=False, kind="stable").dropna()
    rows_of = flows.groupby("subject").indices
    for subject in sorted(ranked.index[:MAXIMUM_ITEMS]):
        part = Part(plan, compared, subject, flows=flows.iloc[rows_of[subject]],
                    share=float(values[subject]) / total if total > 0 else 0.0)
        yield from part.rows()


def _flows(first: Plan, plan: Plan, compared: Compared) -> pd.DataFrame:
    """The measure in the two plans by subject, place and the number of its period."""
    columns = [_amounts(one, compared).rename(name) for one, name in ((first, "before"), (plan, "after"))]
    return pd.concat(columns, axis="columns").fillna(0.0).reset_index()


def _amounts(plan: Plan, compared: Compared) -> "pd.Series[float]":
    """A level counts as its share of the horizon, so that its sum is its average."""
    frame = plan.tables[compared.table]
    place = frame[compared.places[0]].astype("str")
    for name in compared.places[1:]:
        place = place + SEPARATOR + frame[name].astype("str")
    keys = [frame[compared.subject].rename("subject"), place.rename("place"),
            pd.Series(plan.calendar.number(frame["period"]), index=frame.index, name="number", dtype="int64")]
    is_level = _column(compared).is_state
    amounts = frame[compared.measure].astype("float64") / (plan.calendar.periods if is_level else 1)
    added: pd.Series[float] = amounts.groupby(keys).sum()
    return added


def _column(compared: Compared) -> Measure:
    return next(one for one in TABLES[compared.table].columns if one.name == compared.measure)


def _values(first: Plan, plan: Plan, compared: Compared,
            flows: pd.DataFrame) -> tuple["pd.Series[float]", float]:
    """What a unit of each thing counts for: its standard cost, where every item has one, or else 1; and what
    all of the measure counts for.
    """
    values = pd.Series(1.0, index=pd.Index(flows["subject"].unique(), name="subject"))
    if compared.beside:
        return values, float(first.tables[compared.table][compared.beside].sum())
    if compared.subject == "item":
        items = pd.concat([first.tables["items"], plan.tables["items"]]).drop_duplicates("item")
        costs = items.set_index("item")["standard_cost"].reindex(values.index).astype("float64")
        values = costs if (costs > 0).all() else values
    each_value = flows["subject"].map(values).to_numpy(dtype=float)
    before, after = (float((flows[name].to_numpy() * each_value).sum()) for name in ("before", "after"))
    return values, before or after


@dataclass(frozen=True)
class Part:
    """One thing of a measure in the two plans: `flows` by place and period; `share` is what a unit of it is
    of all there is.
    """

    plan: Plan
    compared: Compared
    subject: str
    flows: pd.DataFrame
    share: float

    def rows(self) -> Iterator[dict[str, Any]]:
        """What of it is done elsewhere, at another time, more or less, as MOVES declares it."""
        places, codes = np.unique(self.flows["place"].to_numpy(dtype=str), return_inverse=True)
        shape = (len(places), self.plan.calendar.periods)
        before, after = np.zeros(shape), np.zeros(shape)
        cells = (codes, self.flows["number"].to_numpy() - 1)
        before[cells], after[cells] = self.flows["before"], self.flows["after"]
        smallest = max(NOTHING, SMALLEST * float(before.sum() + after.sum()))
        apart = np.where(np.abs(after - before) <= NOTHING, 0.0, after - before)
        moves = matched(apart, smallest) if self.compared.may_move else netted(apart, smallest)
        for move in moves:
            place = move.origin if move.origin >= 0 else move.destination
            yield self._row(move, places, before=float(before[place].sum()), after=float(after[place].sum()))

    def _row(self, move: Matched, places: Any, *, before: float, after: float) -> dict[str, Any]:
        index = self.plan.calendar.index
        row = {"area": self.compared.area, "change": move.change, "subject": self.subject,
               "origin": str(places[move.origin]) if move.origin >= 0 else "",
               "destination": str(places[move.destination]) if move.destination >= 0 else "",
               "measure": self.compared.measure, "period": index[move.periods[0]],
               "until": index[move.periods[-1]], "shift": move.shift, "before": before, "after": after,
               "quantity": move.quantity, "unit": self._unit, "weight": move.quantity * self.share}
        return {**row, "text": move_text(self.plan.calendar, row)}

    @property
    def _unit(self) -> str:
        unit = _column(self.compared).unit
        is_item = unit == "units" and self.compared.subject == "item"
        return self.plan.item_units.get(self.subject, unit) if is_item else unit


def _customers(first: Plan, plan: Plan) -> Iterator[dict[str, Any]]:
    """Whose demand waits longer, or less long, than in the first plan."""
    keys = ["customer", "market", "demand_class"]
    before_all, after_all = customers_of(first), customers_of(plan)
    if before_all.empty and after_all.empty:  # pandas does not merge columns of text without any row
        return
    merged = before_all.merge(after_all, on=keys, how="outer", suffixes=("_before", "_after"),
                              validate="one_to_one")
    numbers = merged.select_dtypes("number").columns
    rows = merged.assign(**{name: merged[name].fillna(0.0) for name in numbers})
    total = float(rows["quantity_before"].sum()) or 1.0
    index = plan.calendar.index
    for customer in rows.to_dict("records"):
        before, after = (customer[f"late_{when}"] + customer[f"overdue_{when}"]
                         for when in ("before", "after"))
        if abs(after - before) <= max(NOTHING, SMALLEST * customer["quantity_before"]):
            continue
        subject = who({**customer, "market": spelled(str(customer["market"]))})
        row = {"area": "sales", "change": "more" if after > before else "less", "subject": subject,
               "origin": "", "destination": customer["market"], "measure": "late", "period": index[0],
               "until": index[-1], "shift": nan, "before": before, "after": after,
               "quantity": abs(after - before), "unit": "units", "weight": abs(after - before) / total}
        yield {**row, "text": move_text(plan.calendar, row)}
