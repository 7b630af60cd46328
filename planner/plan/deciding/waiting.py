"""Each decision forbidden in its period, and the scenario solved again: what it costs to wait."""

from collections.abc import Callable, Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from planner.plan.deciding.spans import in_one_period
from planner.plan.pegging import Pegging
from planner.plan.pegging.ahead import units_ahead
from planner.plan.periods import NO_PERIOD, periods_of
from planner.plan.resolving import Overrides, Resolved, Resolver
from planner.scenario.keys import LABOR_POOL, ROUTING, SOURCE, WORK_CENTER
from planner.scenario.scenario import Scenario

Row = Mapping[Hashable, Any]
MEASURES = ["waiting_margin", "waiting_cost", "waiting_late", "waiting_lost", "waiting_attainment"]
RANKS = {"impossible": 0, "costs": 1, "unknown": 2, "free": 3}
FREE = 0.5  # currency: less nobody minds
SMALLEST = 1e-3  # units: less is the solver's rounding


def waited(decisions: pd.DataFrame, pegging: Pegging, resolver: Resolver, *, most: int) -> pd.DataFrame:
    """The decisions with what waiting a period costs, by the period in which they are due, those that cannot
    wait first.
    """
    scenario = resolver.scenario
    changes = [_forbidden(row, scenario, pegging) for row in decisions.to_dict("records")] if most else []
    askable = [number for number, change in enumerate(changes) if change is not None]
    chosen = sorted(sorted(askable, key=lambda number: -float(decisions["cost"].iloc[number]))[:most])
    overrides = [change for number in chosen if (change := changes[number]) is not None]
    solved = resolver.solved_each(overrides) if overrides else []  # nothing is made ready for nothing
    unknown = ("unknown", *[np.nan] * len(MEASURES))
    figures = {number: _figures_of(result) for number, result in zip(chosen, solved, strict=True)}
    waiting = pd.DataFrame([figures.get(number, unknown) for number in range(len(decisions))],
                           columns=["waiting", *MEASURES], index=decisions.index)
    waiting = waiting.astype(dict.fromkeys(MEASURES, "float64"))
    judged = pd.concat([decisions, waiting], axis="columns")
    rank = judged["waiting"].map(RANKS)
    judged = judged.assign(rank=rank, lost=judged["waiting_margin"].fillna(0.0)).sort_values(
        ["period", "rank", "lost"], ascending=[True, True, False], kind="stable", ignore_index=True)
    calendar = scenario.calendar
    arrives = judged["arrives"].where(judged["arrives"].gt(0) & np.isfinite(judged["arrives"]), NO_PERIOD)
    return judged.assign(period=periods_of(judged["period"].to_numpy(np.int64), calendar),
                         arrives=periods_of(arrives.to_numpy(np.int64), calendar))


def _figures_of(result: Resolved) -> tuple[object, ...]:
    if not result.has_plan:
        return ("impossible", *[np.nan] * len(MEASURES))
    change = result.difference
    figures = (0.0 - change.margin, change.cost, change.late, change.lost, 0.0 - change.attainment)
    is_free = figures[0] <= FREE and max(change.late, change.lost) <= SMALLEST and -change.attainment <= 1e-9
    return ("free" if is_free else "costs", *figures)


def _forbidden(row: Row, scenario: Scenario, pegging: Pegging) -> Overrides | None:
    """What forbids the decision in its period; nothing where there is no way to."""
    return FORBIDDEN[row["kind"]](row, scenario, pegging) if row["kind"] in FORBIDDEN else None


def _no_order(row: Row, scenario: Scenario, pegging: Pegging) -> Overrides:
    return in_one_period(scenario, "sourcing", {key: row[key] for key in SOURCE}, period=row["period"],
                         values={"capacity": 0.0})


def _no_hire(row: Row, scenario: Scenario, pegging: Pegging) -> Overrides:
    return in_one_period(scenario, "labor_pools", {key: row[key] for key in LABOR_POOL},
                         period=row["period"], values={"max_hires": 0.0})


def _no_crew_overtime(row: Row, scenario: Scenario, pegging: Pegging) -> Overrides:
    return in_one_period(scenario, "labor_pools", {key: row[key] for key in LABOR_POOL},
                         period=row["period"], values={"overtime_hours_per_worker": 0.0})


def _no_overtime(row: Row, scenario: Scenario, pegging: Pegging) -> Overrides:
    label = scenario.calendar.label(scenario.calendar.start + (row["period"] - 1))
    where = {key: row[key] for key in WORK_CENTER} | {"period": label}
    special = scenario["capacity"]
    of_center = special[["site", "work_center"]].eq([row["site"], row["work_center"]]).all(axis="columns")
    if (of_center & (scenario.calendar.number(special["period"]) == row["period"])).any():
        return {"capacity": [{"where": where, "set": {"overtime_hours": 0.0}}]}
    return {"capacity": [{"add": where | {"overtime_hours": 0.0}}]}


def _no_work_ahead(row: Row, scenario: Scenario, pegging: Pegging) -> Overrides | None:
    """What is started in the period for later ones stays undone, of every routing on the work center."""
    steps = scenario["routing_steps"]
    is_on_center = (steps["site"] == row["site"]) & (steps["work_center"] == row["work_center"])
    ahead = units_ahead(pegging)
    ahead = ahead[(ahead["period"] == row["period"]) & (ahead["ahead"] > SMALLEST)]
    routings: list[Any] = []
    for started in ahead.merge(steps.loc[is_on_center, ROUTING], on=ROUTING).to_dict("records"):
        left = max(float(started["production"] - started["ahead"]), 0.0)
        change = in_one_period(scenario, "routings", {key: started[key] for key in ROUTING},
                               period=row["period"], values={"capacity": left})
        routings += change["routings"]
    return {"routings": routings} if routings else None


def _no_option(row: Row, scenario: Scenario, pegging: Pegging) -> Overrides | None:
    return _later(scenario, "capacity_options", "option", row)


def _no_site_option(row: Row, scenario: Scenario, pegging: Pegging) -> Overrides | None:
    return _later(scenario, "site_options", "site_option", row)


def _later(scenario: Scenario, table: str, name: str, row: Row) -> Overrides:
    """An option that can be had from the next period on only; one that cannot be had then, never."""
    options, calendar = scenario[table], scenario.calendar
    ends = options.loc[options[name] == row[name], "to"]
    last = calendar.periods if ends.isna().all() else int(calendar.number(ends)[0])
    if row["period"] >= min(last, calendar.periods):
        return {table: [{"remove": {name: row[name]}}]}
    after = calendar.label(calendar.start + row["period"])
    return {table: [{"where": {name: row[name]}, "set": {"from": after}}]}


FORBIDDEN: dict[str, Callable[[Row, Scenario, Pegging], Overrides | None]] = {
    "order": _no_order, "hire": _no_hire, "overtime": _no_overtime, "crew_overtime": _no_crew_overtime,
    "prebuild": _no_work_ahead, "option": _no_option, "site_option": _no_site_option,
}
