"""What grids show: the measures of each subject, and the tables of the plan in which they stand.

A subject's frames have a row for each name and period: key columns, `unit`, `period`, and a column for each
measure under its words. A column whose name begins with "_" is only looked at for marks.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pandas as pd

from planner.report.grids.grid import FULL, MISSING
from planner.report.highlights import FULL as FULL_SHARE, TOLERANCE

if TYPE_CHECKING:
    from planner.plan.plan import Plan

# How several periods or names are put together: added up, or the first or last of the periods; a share is
# that of the sums.
Together = Literal["sum", "first", "last", "share"]
COUNTED = "units"  # where the scenario does not say in what an item is counted
OF_SITES = {"work_center": "work_center", "labor_pool": "labor_pool", "item_site": "item"}
NO_FAMILY = "(no family)"


@dataclass(frozen=True)
class Measure:
    """One line of each name: its words, how periods are put together, and the column that marks its cells
    where it has figures that count beside those of the measure `against`.

    `share` names the measures that it divides. It is left out where there is none of it (`if_any`), or where
    it says what another measure says already (`unless_as`).
    """

    words: str
    together: Together = "sum"
    mark: str = ""
    marked_by: str = ""
    against: str = ""
    share: tuple[str, str] = ("", "")
    if_any: bool = False
    unless_as: str = ""


@dataclass(frozen=True)
class Subject:
    """What a grid can show: its title, its measures, and for each key by which it can be shown, where the
    figures stand. `unit` is fixed, or blank where each item has its own.
    """

    title: str
    measures: tuple[Measure, ...]
    frames: Mapping[str, Callable[["Plan"], pd.DataFrame]]
    unit: str = ""


# ------------------------------------------------------------------------------------------------ the frames


def with_items(plan: "Plan", table: pd.DataFrame) -> pd.DataFrame:
    """The rows with family and unit of their item."""
    items = plan.tables["items"][["item", "family", "unit"]]
    joined = table.drop(columns="unit", errors="ignore").merge(items, on="item", how="left",
                                                               validate="many_to_one")
    return joined.assign(family=joined["family"].fillna("").replace("", NO_FAMILY),
                         unit=joined["unit"].fillna("").replace("", COUNTED))


def _production(plan: "Plan") -> pd.DataFrame:
    table = with_items(plan, plan.tables["production"])
    return table.assign(started=table["production"], completed=table["produced"] - table["yield_loss"])


def _purchases(plan: "Plan") -> pd.DataFrame:
    table = with_items(plan, plan.tables["sourcing"])
    return table.assign(ordered=table["purchased"])


def _stock(plan: "Plan") -> pd.DataFrame:
    table = with_items(plan, plan.tables["inventory"])
    return table.rename(columns={
        "opening": "opening stock", "scheduled_receipts": "scheduled receipts",
        "transferred_in": "transferred in", "transferred_out": "transferred out", "closing": "closing stock",
        "safety_stock": "safety stock", "safety_stock_shortfall": "missing"})


def _deliveries(plan: "Plan") -> pd.DataFrame:
    table = with_items(plan, plan.tables["sales"])
    missed = (table["demand"] - table["delivered_on_time"]).clip(lower=0.0)
    return table.assign(_missed=missed).rename(columns={
        "delivered_on_time": "on time", "delivered_late": "late", "backorders": "backlog"})


def _deliveries_to_customers(plan: "Plan") -> pd.DataFrame:
    """Booked orders by customer: those that are overdue when the plan starts are no demand, but delivered
    late.
    """
    table = with_items(plan, plan.tables["fulfillment"])
    orders = table[table["customer"] != ""]
    owed = orders[["delivered_on_time", "delivered_late", "lost"]].sum(axis="columns")
    start = plan.calendar.start
    demand = orders.assign(demand=owed, period=orders["due"])[orders["due"] >= start]
    keys = ["customer", "item", "family", "market", "unit", "period"]
    moved = orders.rename(columns={"delivered_on_time": "on time", "delivered_late": "late"})
    missed = orders.assign(_missed=owed - orders["delivered_on_time"], period=orders["due"])
    parts = [demand[[*keys, "demand"]], moved[[*keys, "on time", "late", "lost"]],
             missed.loc[missed["due"] >= start, [*keys, "_missed"]]]
    figures = ["demand", "on time", "late", "lost", "_missed"]
    return pd.concat(parts, ignore_index=True).fillna(dict.fromkeys(figures, 0.0))


def _crew(plan: "Plan") -> pd.DataFrame:
    table = plan.tables["workforce"]
    return table.rename(columns={
        "opening_headcount": "before", "separated": "let go", "attrition": "left", "headcount": "crew"})


def _center_hours(plan: "Plan") -> pd.DataFrame:
    table = plan.tables["capacity"]
    usable = table["effective_hours"] + table["option_hours"] - table["stop_hours"]
    return _hours(table.assign(worked=table["load_hours"], available=usable))


def _crew_hours(plan: "Plan") -> pd.DataFrame:
    table = plan.tables["workforce"]
    return _hours(table.assign(worked=table["hours_used"], available=table["regular_hours"]))


def _hours(table: pd.DataFrame) -> pd.DataFrame:
    full = (table["worked"] >= FULL_SHARE * table["available"]) & (table["worked"] > TOLERANCE)
    return table.assign(overtime=table["overtime_hours"], _full=full.astype("float64"))


BEGUN = {"production": "started", "purchased": "ordered", "shipped": "shipped", "hired": "hired",
         "separated": "let go"}


def _changes(plan: "Plan") -> pd.DataFrame:
    """What is begun of items, each way of beginning apart: units started are none that are shipped."""
    table = plan.tables["stability"]
    return _counted(with_items(plan, table[table["item"] != ""]))


def _changes_in_crews(plan: "Plan") -> pd.DataFrame:
    table = plan.tables["stability"]
    return _counted(table[table["labor_pool"] != ""].assign(unit="workers"))


def _counted(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(unit=table["unit"] + " " + table["measure"].map(BEGUN).astype("str"))


def names_by(frame: pd.DataFrame, key: str) -> pd.Series:
    """What the rows are called by the key: a resource with its site, since two sites may have one of its
    name.
    """
    if key not in OF_SITES:
        return frame[key].fillna("")
    name = frame[OF_SITES[key]]
    return (name + " (" + frame["site"] + ")").where(name != "", "")


# ---------------------------------------------------------------------------------------------- the subjects


def _by(frame: Callable[["Plan"], pd.DataFrame], *keys: str) -> dict[str, Callable[["Plan"], pd.DataFrame]]:
    return dict.fromkeys(keys, frame)


CLOSING = Measure("closing stock", "last", mark=MISSING, marked_by="missing", against="safety stock")
SAFETY = (Measure("safety stock", "last", if_any=True),
          Measure("missing", "last", mark=MISSING, marked_by="missing", against="safety stock", if_any=True))
INFLOWS = ("produced", "received", "scheduled receipts", "transferred in")
OUTFLOWS = ("consumed", "shipped", "transferred out", "scrapped")

SUBJECTS: dict[str, Subject] = {
    "deliveries": Subject("Deliveries against demand", (
        Measure("demand"),
        Measure("on time", mark=MISSING, marked_by="_missed", against="demand"),
        Measure("late", if_any=True),
        Measure("backlog", "last", if_any=True),
        Measure("lost", mark=MISSING, marked_by="lost", against="demand", if_any=True)),
        {**_by(_deliveries, "item", "family", "market"), "customer": _deliveries_to_customers}),
    "production": Subject("Production", (
        Measure("started"), Measure("completed", unless_as="started")),
        _by(_production, "item", "family", "site")),
    "purchases": Subject("Purchases", (
        Measure("ordered"), Measure("received", unless_as="ordered")),
        _by(_purchases, "item", "family", "supplier", "site")),
    "stock": Subject("Stock against safety stock", (CLOSING, *SAFETY),
                     _by(_stock, "item", "family", "site", "item_site")),
    "flows": Subject("Stock: what comes and goes", (
        Measure("opening stock", "first"), *(Measure(words, if_any=True) for words in (*INFLOWS, *OUTFLOWS)),
        CLOSING, *SAFETY),
        _by(_stock, "item", "family", "site", "item_site")),
    "crew": Subject("Crew and hires", (
        Measure("before", "first"), Measure("hired", if_any=True), Measure("let go", if_any=True),
        Measure("left", if_any=True), Measure("crew", "last")),
        _by(_crew, "labor_pool", "site"), unit="workers"),
    "stability": Subject("What changes against the plan agreed on", (
        Measure("agreed"), Measure("planned"), Measure("changed", if_any=True)),
        {**_by(_changes, "item", "family", "supplier"), "labor_pool": _changes_in_crews}),
    "hours": Subject("Hours against capacity", (
        Measure("worked", mark=FULL, marked_by="_full"), Measure("available"),
        Measure("overtime", if_any=True), Measure("utilization", "share", share=("worked", "available"),
                                                  mark=FULL, marked_by="_full")),
        {**_by(_center_hours, "work_center", "site"), "labor_pool": _crew_hours}, unit="hours"),
}
