"""Plans on common ground: the same currency, the same units, and the periods that all of them cover.

What cannot be put on common ground is refused; what has been left out to get there is said.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from planner.errors import PlanError
from planner.plan.kpis import KPIS, Figures
from planner.plan.layout import TABLES
from planner.plan.plan import Plan
from planner.scenario.calendar import Calendar


@dataclass(frozen=True)
class CommonGround:
    """The plans as they can be compared, and what has been left out or has to be known when they are read."""

    plans: tuple[Plan, ...]
    notes: tuple[str, ...] = ()


def on_common_ground(plans: Sequence[Plan], names: Sequence[str]) -> CommonGround:
    """The plans cut to the periods that all of them cover; PlanError where nothing can be compared."""
    _refuse_different_currencies(plans, names)
    _refuse_different_units(plans, names)
    span = _shared_span(plans, names)
    notes = _about_service_costs(plans, names)
    if all(plan.calendar == span for plan in plans):
        return CommonGround(tuple(plans), notes)
    cut = tuple(within(plan, span) for plan in plans)
    return CommonGround(cut, (_about_span(plans, names, span), *_about_kpis(plans, cut), *notes))


def _refuse_different_currencies(plans: Sequence[Plan], names: Sequence[str]) -> None:
    currencies = sorted({plan.currency for plan in plans})
    if len(currencies) > 1:
        raise PlanError(
            f"plans in {' and '.join(currencies)} cannot be compared: their money is not the same "
            f"({_each(plans, names, 'currency')}). Plan all of them in one currency"
        )


def _refuse_different_units(plans: Sequence[Plan], names: Sequence[str]) -> None:
    """No item is counted in pieces in one plan and in boxes in another; a blank unit says nothing."""
    items = sorted({item for plan in plans for item in plan.item_units})
    counted = {item: {name: plan.item_units[item] for plan, name in zip(plans, names, strict=True)
                      if item in plan.item_units} for item in items}
    differing = {item: units for item, units in counted.items() if len(set(units.values())) > 1}
    if differing:
        differences = "; ".join(f"{item} is counted in {_listed(units)}" for item, units in differing.items())
        raise PlanError(
            f"these plans cannot be compared, since their units are not the same: {differences}. "
            "Give each item the same unit in items.csv, with quantities in that unit"
        )


def _shared_span(plans: Sequence[Plan], names: Sequence[str]) -> Calendar:
    """The periods that every plan covers."""
    if len({plan.bucket for plan in plans}) > 1:
        raise PlanError(
            "these plans cannot be compared, since their periods are not the same: "
            f"{_each(plans, names, 'bucket')}. Plan all of them in months, or all in weeks"
        )
    calendars = [plan.calendar for plan in plans]
    first = max(calendar.start for calendar in calendars)
    count = min(calendar.end for calendar in calendars).ordinal - first.ordinal + 1
    if count < 1:
        spans = ", ".join(f"{name} {plan.calendar.span()}" for plan, name in zip(plans, names, strict=True))
        raise PlanError(f"these plans cannot be compared, since they have no period in common: {spans}")
    return Calendar(first, count, calendars[0].bucket)


def within(plan: Plan, span: Calendar) -> Plan:
    """The plan as if it said nothing about other periods: its tables, and the KPIs that follow from them."""
    if plan.calendar == span:
        return plan
    tables = {name: _rows_within(name, frame, span) for name, frame in plan.tables.items()}
    calendar = {**plan.settings["calendar"], "start": span.label(span.start), "periods": span.periods}
    settings = {**plan.settings, "calendar": calendar}
    return replace(plan, tables=tables, kpi_table=_kpis_within(plan, tables), settings=settings,
                   warm_start=None)


def _rows_within(table: str, frame: pd.DataFrame, span: Calendar) -> pd.DataFrame:
    """The rows of the periods, and all of the past; a sales target only where all the periods that it counts
    are among them.
    """
    if TABLES[table].past:
        return frame
    if "period" in TABLES[table].keys:
        inside = (frame["period"] >= span.start) & (frame["period"] <= span.end)
    elif "from" in TABLES[table].names:
        inside = (frame["from"] >= span.start) & (frame["to"] <= span.end)
    else:
        return frame
    return frame[inside].reset_index(drop=True)


def _kpis_within(plan: Plan, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """KPIs of the past as they are, those of the tables again; those that take the scenario are gone."""
    figures = Figures(tables)
    again = {name: kpi.measure(figures) for name, kpi in KPIS.items() if kpi.basis == "tables"}
    past = {name for name, kpi in KPIS.items() if kpi.basis == "past"}
    table = plan.kpi_table
    kept = table[table["kpi"].isin([*past, *(name for name, value in again.items() if value is not None)])]
    measured = kept["kpi"].map(again).astype("float64")
    return kept.assign(value=measured.fillna(kept["value"])).reset_index(drop=True)


def _about_span(plans: Sequence[Plan], names: Sequence[str], span: Calendar) -> str:
    spans = ", ".join(f"{name} {plan.calendar.span()}" for plan, name in zip(plans, names, strict=True))
    periods = f"{span.periods} {span.bucket}{'' if span.periods == 1 else 's'}"
    return (f"Compared over {span.span()}, the {periods} that all plans cover ({spans}). "
            "Objective, bound and status are those of each whole plan.")


def _about_kpis(plans: Sequence[Plan], cut: Sequence[Plan]) -> list[str]:
    before = dict.fromkeys(name for plan in plans for name in plan.kpis)
    left_out = [name for name in before if not any(name in plan.kpis for plan in cut)]
    names = ", ".join(name.replace("_", " ") for name in left_out)
    return [f"Left out, since only whole plans have them: {names}."] if left_out else []


def _about_service_costs(plans: Sequence[Plan], names: Sequence[str]) -> tuple[str, ...]:
    """Total costs mean the same only where all of them count backorders and lost sales, or none."""
    counting = [name for plan, name in zip(plans, names, strict=True) if plan.mode != "targets_first"]
    others = [name for name in names if name not in counting]
    if not counting or not others:
        return ()
    return (f"Backorders and lost sales are counted in the costs of {' and '.join(counting)}, "
            f"not in those of {' and '.join(others)}.",)


def _each(plans: Sequence[Plan], names: Sequence[str], attribute: str) -> str:
    return _listed({name: str(getattr(plan, attribute)) for plan, name in zip(plans, names, strict=True)})


def _listed(names_by_unit: Mapping[str, str]) -> str:
    return ", ".join(f"{value} in {name}" for name, value in names_by_unit.items())
