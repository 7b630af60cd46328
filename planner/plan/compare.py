"""Plans side by side: the scorecard of each, and where they differ most."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner.errors import PlanError
from planner.plan.layout import TABLES
from planner.plan.plan import Plan

LARGEST = 10  # differences shown of each area
SAME = 1e-6  # share of a figure that is the solver's tolerance, not a difference

# Area, table and measures in which plans are compared. Limits and prices are the scenario's, and costs have a
# table of their own.
COMPARED = {
    "sales": {"sales": ["demand", "delivered_on_time", "delivered_late", "lost"], "targets": ["shortfall"]},
    "sourcing": {"sourcing": ["purchased"]},
    "production": {"production": ["production"], "capacity": ["load_hours", "overtime_hours"]},
    "quality": {"quality": ["scrapped"]},
    "workforce": {"workforce": ["headcount", "hired", "separated", "overtime_hours"]},
    "inventory": {"inventory": ["closing", "safety_stock_shortfall"], "storage": ["overflow"]},
    "delivery": {"delivery": ["shipped"]},
    "costs": {"costs": ["amount"]},
}


@dataclass(frozen=True)
class Comparison:
    """Several plans compared with the first of them.

    `kpis` has a row for each KPI that any plan has: kpi, unit, side, better, meaning, a column for each plan
    under its name, and for every plan but the first `NAME: difference` and `NAME: verdict` (better, worse or
    same; blank without a difference). `differences` has area, table, key, measure, unit, a column for each
    plan, and `difference`: the largest one from the first plan, with its sign. Quantities are added up over
    the horizon, levels averaged. The largest come first in each area, as shares of all that the plans have of
    the measure.
    """

    names: tuple[str, ...]
    kpis: pd.DataFrame
    differences: pd.DataFrame


def compare(plans: Sequence[Plan], *, largest: int = LARGEST) -> Comparison:
    """The plans' KPIs side by side, and the largest differences of each area; the plans may know different
    items.
    """
    if not plans:
        raise PlanError("there is no plan to compare")
    currencies = sorted({plan.currency for plan in plans})
    if len(currencies) > 1:
        raise PlanError(
            f"plans in {' and '.join(currencies)} cannot be compared: their money is not the same"
        )
    names = _distinct([plan.name for plan in plans])
    return Comparison(names, _kpis(plans, names), _differences(plans, names, largest))


def _distinct(names: Sequence[str]) -> tuple[str, ...]:
    """The names, numbered where one comes again: two plans of a scenario must not become one column."""
    distinct: list[str] = []
    for name in names:
        number, tried = 1, name
        while tried in distinct:
            number += 1
            tried = f"{name} ({number})"
        distinct.append(tried)
    return tuple(distinct)


def _kpis(plans: Sequence[Plan], names: Sequence[str]) -> pd.DataFrame:
    declared = pd.concat([plan.kpi_table.drop(columns="value") for plan in plans]).drop_duplicates(
        "kpi", ignore_index=True
    )
    values = {
        name: declared["kpi"].map(plan.kpis).astype("float64")
        for plan, name in zip(plans, names, strict=True)
    }
    first = values[names[0]]
    against: dict[str, pd.Series] = {}
    for name in names[1:]:
        against[f"{name}: difference"] = values[name] - first
        against[f"{name}: verdict"] = _verdicts(values[name], first, declared["better"])
    return declared[["kpi", "unit", "side", "better", "meaning"]].assign(**values, **against)


def _verdicts(values: pd.Series, first: pd.Series, better: pd.Series) -> pd.Series:
    """Better, worse or the same as the first plan; blank where one of the two has no such KPI."""
    higher = better.eq("higher")
    # Where 0 is best, what counts is how far from it a plan is.
    gain = (values - first).where(
        higher, (first - values).where(better.eq("lower"), first.abs() - values.abs())
    )
    allowed = SAME * np.maximum(values.abs(), first.abs())
    verdicts = np.select(
        [gain.isna(), gain > allowed, gain < -allowed], ["", "better", "worse"], default="same"
    )
    return pd.Series(verdicts, index=values.index, dtype="str")


def _differences(plans: Sequence[Plan], names: tuple[str, ...], largest: int) -> pd.DataFrame:
    columns = ["area", "table", "key", "measure", "unit", *names, "difference"]
    parts = [
        _of_measure(plans, names, table, measure).assign(area=area)
        for area, tables in COMPARED.items()
        for table, measures in tables.items()
        for measure in measures
    ]
    ordered = pd.concat(
        [pd.DataFrame(columns=[*columns, "share"]), *(part for part in parts if len(part))], ignore_index=True
    )
    ordered = ordered.assign(rank=ordered["area"].map({area: place for place, area in enumerate(COMPARED)}))
    ordered = ordered.sort_values(
        ["rank", "share", "table", "measure", "key"], ascending=[True, False, True, True, True]
    )
    kept = ordered.groupby("rank", sort=False).head(largest)[columns]
    return kept.reset_index(drop=True).astype({name: "float64" for name in (*names, "difference")})


def _of_measure(plans: Sequence[Plan], names: tuple[str, ...], table: str, measure: str) -> pd.DataFrame:
    """Every key in which the plans differ in one measure; `share` is the difference as a share of all there
    is of it.
    """
    values = pd.concat([_over_horizon(plan, table, measure) for plan in plans], axis=1, keys=names).fillna(
        0.0
    )
    apart = values.sub(values[names[0]], axis=0)
    widest = apart.abs().to_numpy().argmax(axis=1)
    difference = pd.Series(
        apart.to_numpy()[np.arange(len(apart)), widest], index=values.index, dtype="float64"
    )
    total = float(values.abs().sum().max())
    differs = difference.abs() > SAME * np.maximum(values.abs().max(axis=1), 1.0)
    unit = next(column.unit for column in TABLES[table].columns if column.name == measure)
    found = values.assign(
        difference=difference,
        share=difference.abs() / (total or 1.0),
        table=table,
        measure=measure,
        unit=unit,
    )
    return found[differs].rename_axis("key").reset_index()


def _over_horizon(plan: Plan, table: str, measure: str) -> pd.Series:
    """The measure by key, added up over the horizon, or averaged where it is a level."""
    keys = [name for name in TABLES[table].keys if name not in ("period", "area")]
    is_level = next(column.is_state for column in TABLES[table].columns if column.name == measure)
    frame = plan.tables[table]
    amounts = (
        frame[measure] / plan.calendar.periods
        if is_level and "period" in TABLES[table].keys
        else frame[measure]
    )
    joined = frame[keys[0]].astype("str")
    for key in keys[1:]:
        joined = joined + " | " + frame[key].astype("str")
    return amounts.groupby(joined).sum()
