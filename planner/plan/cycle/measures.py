"""How last month's plan did: plan against actual, accuracy by lag, bias, overrides, and how far the new plans
have moved from it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from planner.demand.record import accuracy
from planner.demand.record.backtest import LAGS
from planner.plan.plan import Plan
from planner.plan.rates import summed

ALL = "all"  # families together
PLACES = ("item", "site", "market", "period")
AGAINST = ("kind", *PLACES, "family", "planned", "actual", "difference")
ACCURACY = ("family", "lag", "periods", "wape", "bias", "override_value", "tracking_signal")
STABILITY = ("plan", "area", "unit", "agreed", "planned", "changed", "stability", "stability_next")
ENOUGH = 3  # periods from which on the tracking signal says something
# What the plan says of each kind of actuals: table, places, and the measures that are added up.
KINDS: Mapping[str, tuple[str, list[str], tuple[str, ...], tuple[str, ...]]] = {
    "demand": ("demand", ["item", "market"], ("quantity",), ()),
    "shipment": ("sales", ["item", "market"], ("delivered_on_time", "delivered_late"), ()),
    "production": ("production", ["item", "site"], ("produced",), ("yield_loss",)),
    "purchase": ("sourcing", ["item", "site"], ("purchased",), ()),
    "inventory": ("inventory", ["item", "site"], ("closing",), ()),
}


class Held(NamedTuple):
    """What a plan holds on to: the measure of a table of its area's name, by keys, and its unit."""

    keys: list[str]
    measure: str
    unit: str


STABLE: Mapping[str, Held] = {
    "production": Held(["item", "site", "period"], "production", "units"),
    "sourcing": Held(["item", "supplier", "site", "period"], "purchased", "units"),
    "delivery": Held(["origin", "destination", "item", "period"], "shipped", "units"),
    "workforce": Held(["site", "labor_pool", "period"], "headcount", "workers"),
}


@dataclass(frozen=True)
class Judged:
    """What a cycle expected: its first period, and item, market, period, planned, without_overrides."""

    start: pd.Period
    forecast: pd.DataFrame


def against_plan(plan: Plan, actuals: pd.DataFrame) -> pd.DataFrame:
    """Plan and actual side by side, of each kind that anybody has counted: kind, item, site, market, period,
    family, planned, actual, difference (actual less planned); in units.

    Of stock only what was counted is compared; of all else, what nobody lists has not happened. Production
    is what was completed and good, purchases are what was ordered, each in its period.
    """
    parts = [_of_kind(plan, kind, actuals[actuals["kind"] == kind]) for kind in KINDS
             if (actuals["kind"] == kind).any()]
    if not parts:
        return pd.DataFrame({name: pd.Series(dtype=object) for name in AGAINST})
    rows = pd.concat(parts, ignore_index=True)
    rows = rows.assign(family=rows["item"].map(families(plan)).fillna(""),
                       difference=rows["actual"] - rows["planned"])
    return rows.reindex(columns=list(AGAINST)).fillna({"site": "", "market": ""})


def _of_kind(plan: Plan, kind: str, actual: pd.DataFrame) -> pd.DataFrame:
    table, places, plus, minus = KINDS[kind]
    keys = [*places, "period"]
    frame = plan.tables[table]
    amounts = frame[list(plus)].sum(axis=1) - frame[list(minus)].sum(axis=1)
    periods = set(actual["period"])
    planned = frame.assign(planned=amounts)
    planned = summed(planned[planned["period"].isin(periods)], keys, "planned")
    happened = summed(actual, keys, "quantity").rename(columns={"quantity": "actual"})
    rows = planned.merge(happened, on=keys, how="right" if kind == "inventory" else "outer")
    rows = rows.fillna({"planned": 0.0, "actual": 0.0}).assign(kind=kind)
    return rows[(rows["planned"] != 0) | (rows["actual"] != 0)].sort_values(keys, kind="stable")


def against_by_family(rows: pd.DataFrame) -> pd.DataFrame:
    """Plan against actual added up: kind, family, planned, actual, difference, and adherence; each kind over
    all families first, where it has several.

        adherence = 1 - sum of |actual - planned| / sum of planned, at least 0; of item, place and period
    """
    parts = [(kind, family, part) for kind, of_kind in rows.groupby("kind", sort=False)
             for family, part in _with_families(of_kind)]
    figures = [(kind, family, float(part["planned"].sum()), float(part["actual"].sum()),
                float(part["difference"].sum()), _adherence(part)) for kind, family, part in parts]
    return pd.DataFrame(figures, columns=["kind", "family", "planned", "actual", "difference", "adherence"])


def _with_families(rows: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    names = sorted(set(rows["family"]))
    yield ALL, rows
    yield from ((name, rows[rows["family"] == name]) for name in names if names[1:])


def _adherence(rows: pd.DataFrame) -> float:
    total = float(rows["planned"].abs().sum())
    return max(0.0, 1.0 - float(rows["difference"].abs().sum()) / total) if total > 0 else float("nan")


def families(plan: Plan) -> dict[str, str]:
    """The family of each item of the plan."""
    items = plan.tables["items"]
    return dict(zip(items["item"], items["family"], strict=True))


def accuracy_by_lag(
    judged: Sequence[Judged], demand: pd.DataFrame, family: Mapping[str, str]
) -> pd.DataFrame:
    """How good the demand was that cycles have agreed on, 1 to 3 periods ahead, by family and over all.

    Columns: family, lag, periods (judged), wape and bias by item and market (shares of actual),
    override_value (WAPE without overrides less WAPE with them), and tracking_signal (of lag 1 over the
    periods, from 3 of them on). `demand` is what happened: item, market, period, quantity. The measures and
    their sources are those of the forecast's record.
    """
    rows: list[tuple[object, ...]] = []
    for lag in range(1, LAGS + 1):
        pairs = _pairs(judged, demand, lag)
        groups = [(ALL, pairs), *_by_family(pairs, family)]
        rows += [_figures(name, lag, part) for name, part in groups if len(part)]
    frame = pd.DataFrame(rows, columns=list(ACCURACY))
    return frame.sort_values(["family", "lag"], key=lambda column: column.map(lambda name: (
        "" if name == ALL else name) if column.name == "family" else name), kind="stable", ignore_index=True)


def _by_family(pairs: pd.DataFrame, family: Mapping[str, str]) -> Iterator[tuple[str, pd.DataFrame]]:
    names = pairs["item"].map(family).fillna("")
    for name in sorted(set(names) - {""}):
        yield name, pairs[names == name]


def _pairs(judged: Sequence[Judged], demand: pd.DataFrame, lag: int) -> pd.DataFrame:
    """What was expected so many periods ahead beside what came: item, market, period, actual, planned,
    without_overrides.
    """
    keys = ["item", "market", "period"]
    came = summed(demand, keys, "quantity").rename(columns={"quantity": "actual"})
    parts = []
    for one in judged:
        period = one.start + (lag - 1)
        actual = came[came["period"] == period]
        if len(actual):
            expected = one.forecast[one.forecast["period"] == period]
            parts.append(expected.merge(actual, on=keys, how="outer").fillna(
                {"actual": 0.0, "planned": 0.0, "without_overrides": 0.0}))
    columns = [*keys, "actual", "planned", "without_overrides"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def _figures(family: str, lag: int, pairs: pd.DataFrame) -> tuple[object, ...]:
    actual, planned, without = (pairs[name].to_numpy(dtype=float)[None, :]
                                for name in ("actual", "planned", "without_overrides"))
    sums = pairs.groupby("period")[["actual", "planned"]].sum().sort_index()
    signal = float("nan")
    if lag == 1 and len(sums) >= ENOUGH:
        signal = float(accuracy.tracking_signals(
            sums["actual"].to_numpy(dtype=float)[None, :], sums["planned"].to_numpy(dtype=float)[None, :])[0])
    error = accuracy.wape(actual, planned)
    return (family, lag, len(sums), error, accuracy.bias(actual, planned),
            accuracy.wape(actual, without) - error, signal)


def plan_stability(name: str, plan: Plan, agreed: Plan) -> pd.DataFrame:
    """How much of the agreed plan still stands in a new one, over the periods of both: plan, area, unit,
    agreed, planned, changed (sum of the differences, whatever their sign), stability and, of the first of
    these periods alone, stability_next.

        stability = 1 - sum of |planned - agreed| / sum of agreed, at least 0
    """
    periods = [period for period in agreed.calendar.index if period in plan.calendar.index]
    rows = [(name, area, measure.unit, *_moved(plan, agreed, periods, area=area))
            for area, measure in STABLE.items() if periods]
    frame = pd.DataFrame(rows, columns=list(STABILITY))
    return frame[(frame["agreed"] > 0) | (frame["planned"] > 0)].reset_index(drop=True)


def _moved(plan: Plan, agreed: Plan, periods: Sequence[pd.Period], *, area: str) -> tuple[float, ...]:
    """Agreed, planned, changed, stability and stability of the first period, of one area."""
    measure = STABLE[area]
    before, now = (one.tables[area].groupby(measure.keys)[measure.measure].sum() for one in (agreed, plan))
    compared = pd.concat([before, now], axis=1, keys=["agreed", "planned"]).fillna(0.0)
    when = compared.index.get_level_values("period")
    compared, when = compared[when.isin(periods)], when[when.isin(periods)]
    near = compared[when == periods[0]]
    changed = (compared["planned"] - compared["agreed"]).abs()
    return (float(compared["agreed"].sum()), float(compared["planned"].sum()), float(changed.sum()),
            _stability(compared), _stability(near))


def _stability(compared: pd.DataFrame) -> float:
    total = float(compared["agreed"].sum())
    moved = float(np.abs(compared["planned"] - compared["agreed"]).sum())
    return max(0.0, 1.0 - moved / total) if total > 0 else float("nan")
