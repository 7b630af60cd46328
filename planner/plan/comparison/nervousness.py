"""What moved in the near periods from one plan to another: what people have already begun to act on."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from planner.figures import figure, percent
from planner.naming import spelled
from planner.plan.comparison.layout import NERVOUSNESS
from planner.plan.layout import TABLES
from planner.plan.plan import Plan
from planner.plan.statement import Statement

NEAR = {"month": 3, "week": 6}  # periods that are near where the scenario freezes none
SMALLEST = 1e-4  # units, hours or workers: the solver's rounding
MEASURES = (("sourcing", "purchased"), ("production", "production"), ("capacity", "overtime_hours"),
            ("workforce", "hired"), ("workforce", "separated"), ("delivery", "shipped"))
WORDS = {"purchased": "Purchases", "production": "Production", "overtime_hours": "Overtime", "hired": "Hires",
         "separated": "Separations", "shipped": "Shipments"}


def near_periods(plan: Plan) -> pd.PeriodIndex:
    """The periods that the plan's scenario freezes, or else the first few."""
    frozen = int(plan.settings["calendar"].get("frozen_periods") or 0)
    return plan.calendar.index[:min(frozen or NEAR[plan.bucket], plan.calendar.periods)]


def nervousness_table(first: Plan, second: Plan) -> pd.DataFrame:
    """NERVOUSNESS: of two plans of the same periods, what the second changes in the near ones."""
    near = near_periods(second)
    rows = [_row(first, second, table, measure=measure, near=near) for table, measure in MEASURES]
    kinds = {column.name: "float64" for column in NERVOUSNESS.columns if column.kind == "number"}
    table = pd.DataFrame(rows, columns=NERVOUSNESS.names).astype(kinds)
    return table[table[["before", "after"]].max(axis="columns") > SMALLEST].reset_index(drop=True)


def _row(first: Plan, second: Plan, table: str, *, measure: str, near: pd.PeriodIndex) -> tuple[object, ...]:
    keys = list(TABLES[table].keys)
    before, after = (_near(plan, table, keys=keys, measure=measure, near=near) for plan in (first, second))
    flows = pd.concat([before, after], axis="columns", keys=["before", "after"]).fillna(0.0)
    apart = flows["after"] - flows["before"]
    apart = apart.where(apart.abs() > SMALLEST, 0.0)
    added, removed = float(apart.clip(lower=0.0).sum()), float(-apart.clip(upper=0.0).sum())
    planned, changed = float(before.sum()), added + removed
    unit = next(column.unit for column in TABLES[table].columns if column.name == measure)
    share = changed / planned if planned > SMALLEST else np.nan
    return (table, measure, unit, planned, float(after.sum()), added, removed, changed, share,
            _largest(second, apart, keys))


def _near(plan: Plan, table: str, *, keys: Sequence[str], measure: str,
          near: pd.PeriodIndex) -> "pd.Series[float]":
    frame = plan.tables[table]
    amounts: pd.Series[float] = frame[frame["period"].isin(near)].groupby(list(keys))[measure].sum()
    return amounts.astype("float64")


def _largest(plan: Plan, apart: "pd.Series[float]", keys: Sequence[str]) -> str:
    """Where it changed most, in words; blank where nothing did."""
    if not len(apart) or not apart.abs().max() > SMALLEST:
        return ""
    place = int(apart.abs().to_numpy().argmax())
    names = dict(zip(keys, apart.index[place], strict=True))
    parts = [str(name) if key in ("item", "routing", "mode") else spelled(str(name))
             for key, name in names.items() if key != "period" and name]
    amount = float(apart.iloc[place])
    return (f"{', '.join(parts)} in {plan.calendar.label(names['period'])}: {figure(abs(amount))} "
            f"{'more' if amount > 0 else 'fewer'}")


def nervousness_statements(table: pd.DataFrame, labels: Sequence[str]) -> list[Statement]:
    """Each measure in a sentence; `labels` are the near periods."""
    span = labels[0] if len(labels) == 1 else f"{labels[0]} to {labels[-1]}"
    rows = [{str(name): cell for name, cell in row.items()} for row in table.to_dict("records")]
    return [Statement("nervousness", _text(row, span), row) for row in rows]


def _text(row: Mapping[str, Any], span: str) -> str:
    what, changed, unit = f"{WORDS[row['measure']]}, {span}", figure(row["changed"]), row["unit"]
    if row["changed"] <= SMALLEST:
        return f"{what}: nothing of {figure(row['before'])} {unit} has changed."
    if np.isnan(row["share"]):
        return f"{what}: {changed} {unit} where none were planned. Most: {row['largest']}."
    share = f"{figure(row['before'])} planned ({percent(row['share'])})"
    return f"{what}: {changed} {unit} changed, {share}. Most: {row['largest']}."
