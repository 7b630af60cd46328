"""The gap report as tables: what is missing of targets, and of demand by family, market and period."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from planner.figures import NOTHING, scale_for
from planner.naming import spelled
from planner.report.parts import Cell, Table

if TYPE_CHECKING:
    from planner.plan.gaps import Gaps

MAXIMUM_ROWS = 12  # of a table: the rest is in the JSON
AMOUNTS = ("quantity", "demand", "owed", "delivered", "missing_demand", "missing_supply")
TARGET_HEADINGS = ("target", "in", "asked for", "demand", "owed before", "delivered",
                   "missing demand (sales)", "missing supply (operations)")


def gap_tables(gaps: "Gaps") -> list[Table]:
    """The targets, then where demand is not supplied: by family and market, and by period."""
    bucket = gaps.plan.bucket
    targets = _table("Demand against target", TARGET_HEADINGS, target_rows(gaps), words=2)
    tables = (targets,
              _supply(gaps, by=["family", "market"], title="Supply against demand, by family and market"),
              _supply(gaps, by=["period"], title=f"Supply against demand, by {bucket}"))
    return [table for table in tables if table.bodies[0][1]]


def target_rows(gaps: "Gaps") -> list[list[str]]:
    """Each target's figures as people read them, the most important first."""
    rows = gaps.targets.sort_values(["priority", "target"]).to_dict("records")
    return [_target(row, gaps.plan.currency) for row in rows]


def _target(row: dict[Any, Any], currency: str) -> list[str]:
    unit = "units" if row["measure"] == "units" else "currency"
    scale = scale_for([row[name] for name in AMOUNTS], unit, currency=currency)
    figures = [NOTHING if scale.hides(row[name]) else scale.text(row[name]) for name in AMOUNTS]
    return [str(row["target"]), scale.unit, *figures]


def supply_rows(gaps: "Gaps", by: list[str]) -> list[list[str]]:
    """Where demand is late or lost: demand, on time, late, lost, and the revenue lost, most lost first; by
    period in their order.
    """
    columns = ["demand", "delivered_on_time", "delivered_late", "lost", "lost_revenue"]
    table = gaps.supply.groupby(by, as_index=False)[columns].sum()
    short = table[table["lost"] + table["delivered_late"] > 0.005]
    ranked = short if by == ["period"] else short.sort_values(["lost_revenue", "lost", *by], ascending=[
        False, False, *(True for _ in by)])
    units = scale_for(table["demand"], "units")
    money = scale_for(short["lost_revenue"], "currency", currency=gaps.plan.currency)
    return [[*(_name(gaps, row[key]) for key in by),
             *(NOTHING if units.hides(row[name]) else units.text(row[name]) for name in columns[:-1]),
             NOTHING if money.hides(row["lost_revenue"]) else money.text(row["lost_revenue"])]
            for row in ranked.to_dict("records")]


def supply_headings(gaps: "Gaps", by: list[str]) -> list[str]:
    """The headings of the rows above."""
    table = gaps.supply.groupby(by, as_index=False)["lost_revenue"].sum()
    money = scale_for(table["lost_revenue"], "currency", currency=gaps.plan.currency)
    names = [gaps.plan.bucket if name == "period" else name for name in by]
    return [*names, "demand, units", "on time", "late", "not delivered", f"revenue lost, {money.unit}"]


def _supply(gaps: "Gaps", *, by: list[str], title: str) -> Table:
    rows = supply_rows(gaps, by)
    largest = rows if by == ["period"] else rows[:MAXIMUM_ROWS]
    note = f"{len(rows) - len(largest)} more with less." if len(rows) > len(largest) else ""
    return _table(title, supply_headings(gaps, by), largest, words=len(by), note=note)


def _table(caption: str, headings: Sequence[str], rows: Sequence[Sequence[str]], *, words: int,
           note: str = "") -> Table:
    body = [[Cell(text) for text in row] for row in rows]
    return Table(caption, headings, [("", body)], words=words, note=note)


def _name(gaps: "Gaps", value: Any) -> str:
    return gaps.plan.calendar.label(value) if isinstance(value, pd.Period) else spelled(str(value))
