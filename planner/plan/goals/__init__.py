"""The goals of both sides in one place: what is aimed at, what has been, and what the plan comes to.

Sales targets and the table `goals` are read side by side. What one goal costs another is not guessed: the
plan's scenario is solved again with a little more of the one, and the difference of the others is its price.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from planner.plan.comparison.common_ground import within
from planner.plan.comparison.compare import TARGET_UNITS
from planner.plan.goals.trade_offs import TradeOff, trade_offs
from planner.plan.kpis import KPIS, Figures, Kpi
from planner.plan.plan import Plan
from planner.plan.scenario_of_plan import scenario_of
from planner.plan.standard_cost import at_standard_cost
from planner.scenario.calendar import Calendar
from planner.scenario.scenario import Scenario

Trend = Literal["rising", "falling", "steady", ""]
STEADY = 0.005  # of the figure: what changes by less is steady
REACHED = 1e-6  # of a goal: what is missing below it is the solver's rounding
COLUMNS = ("goal", "measure", "family", "market", "site", "unit", "side", "owner", "minimum",
           "maximum", "actual", "plan", "missing", "is_met", "trend")
ACTUALS = {"revenue": "revenue", "units_delivered": "ordered"}  # column of the plan's actuals, by KPI
SCOPES = ("family", "market", "site")
TARGET_MEASURES = {"units": "units_delivered", "revenue": "revenue"}


@dataclass(frozen=True)
class GoalLine:
    """One goal: whose it is, its `minimum` or `maximum`, and the plan's figure, in the unit of its KPI, of
    the `family`, `market` and `site` that it is about; blank: all.

    `actual` is the same figure of the year before the plan, as for as many periods as the plan has, that of
    the stock as the plan begins, or of what is known of the past alone; None where the scenario does not
    say. `missing` is what the plan falls short by, 0 where the goal is met; None
    where the plan has no such figure. `trend` is the way of the figure from the first half of the plan to the
    second, blank where it has none by period.
    """

    goal: str
    measure: str
    unit: str
    side: str
    owner: str
    minimum: float | None
    maximum: float | None
    plan: float | None
    actual: float | None
    missing: float | None
    trend: Trend = ""
    family: str = ""
    market: str = ""
    site: str = ""

    @property
    def is_met(self) -> bool | None:
        """Whether the plan reaches the goal; None where it has no such figure."""
        return None if self.missing is None else self.missing == 0.0


@dataclass(frozen=True)
class Goals:
    """Every goal of a plan, those of sales first, and what more of one leading figure costs the others."""

    plan: Plan
    lines: tuple[GoalLine, ...]
    trade_offs: tuple[TradeOff, ...] = field(default=())

    @property
    def frame(self) -> pd.DataFrame:
        """A row for each goal."""
        rows = [{name: getattr(line, name) for name in COLUMNS} for line in self.lines]
        return pd.DataFrame(rows, columns=list(COLUMNS))


def goals_of(plan: Plan, scenario: Scenario | str | os.PathLike[str] | None = None, *,
             priced: bool = True) -> Goals:
    """The goals of the scenario that the plan was made for; without `priced`, nothing is solved again."""
    made_for = scenario_of(plan, scenario)
    lines = [*_target_lines(plan), *_goal_lines(plan, made_for)]
    ordered = sorted(lines, key=lambda line: line.side != "sales")
    return Goals(plan, tuple(ordered), trade_offs=trade_offs(plan, made_for) if priced else ())


def _target_lines(plan: Plan) -> Iterator[GoalLine]:
    """The sales targets, which have no owner of their own."""
    for row in plan.tables["targets"].to_dict("records"):
        measure, shortfall = str(row["measure"]), float(row["shortfall"])
        is_met = shortfall <= REACHED * float(row["quantity"])
        yield GoalLine(
            str(row["target"]), measure=TARGET_MEASURES[measure], unit=TARGET_UNITS[measure], side="sales",
            owner="", minimum=float(row["quantity"]), maximum=None, plan=float(row["delivered"]), actual=None,
            missing=0.0 if is_met else shortfall)


def _goal_lines(plan: Plan, scenario: Scenario) -> Iterator[GoalLine]:
    halves = _halves(plan)
    for row in scenario["goals"].to_dict("records"):
        kpi = KPIS[str(row["measure"])]
        minimum, maximum = (None if pd.isna(row[name]) else float(row[name])
                            for name in ("minimum", "maximum"))
        scope = {name: "" if pd.isna(row[name]) else str(row[name]) for name in SCOPES}
        figure = _figure(plan, kpi, scope, scenario=scenario)
        yield GoalLine(
            str(row["goal"]), measure=kpi.name, unit=kpi.unit, side=kpi.side,
            owner="" if pd.isna(row["owner"]) else str(row["owner"]), minimum=minimum, maximum=maximum,
            plan=figure, actual=_actual(plan, kpi, scope), missing=_missing(figure, minimum, maximum),
            trend=_trend([_figure(half, kpi, scope) for half in halves]), **scope)


def _figure(plan: Plan, kpi: Kpi, scope: Mapping[str, str], *,
            scenario: Scenario | None = None) -> float | None:
    """The plan's figure of what the goal is about; of some of its periods, where the tables alone give it."""
    if scenario is None and kpi.basis != "tables":
        return None
    if not any(scope.values()):
        return plan.kpis.get(kpi.name)
    tables = {name: _part(plan, frame, scope) for name, frame in plan.tables.items()}
    return kpi.measure(Figures(tables, scenario))


def _part(plan: Plan, frame: pd.DataFrame, scope: Mapping[str, str]) -> pd.DataFrame:
    """The rows of a table that are about the family, market and site."""
    for key in ("market", "site"):
        if scope[key] and key in frame.columns:
            frame = frame[frame[key] == scope[key]]
    if scope["family"] and "item" in frame.columns:
        items = plan.tables["items"]
        frame = frame[frame["item"].isin(items.loc[items["family"] == scope["family"], "item"])]
    return frame


def _missing(figure: float | None, minimum: float | None, maximum: float | None) -> float | None:
    """By how much a figure misses the goal; None where there is no figure."""
    if figure is None:
        return None
    below = 0.0 if minimum is None else minimum - figure
    above = 0.0 if maximum is None else figure - maximum
    missing = max(below, above, 0.0)
    aim = max(abs(minimum or 0.0), abs(maximum or 0.0))
    return missing if missing > REACHED * max(aim, REACHED) else 0.0


def _actual(plan: Plan, kpi: Kpi, scope: Mapping[str, str]) -> float | None:
    """What was ordered in the year before, for as many periods as the plan has; what the stock is worth as
    the plan begins; and what the past alone says.
    """
    if kpi.basis == "past":
        return plan.kpis.get(kpi.name)
    if kpi.name == "stock_value":
        opening = plan.tables["inventory"].assign(worth=at_standard_cost(plan, "opening"))
        first = _part(plan, opening[opening["period"] == plan.calendar.start], scope)
        return float(first["worth"].sum()) if kpi.name in plan.kpis else None
    actuals, column = _part(plan, plan.tables["actuals"], scope), ACTUALS.get(kpi.name)
    if column is None or scope["market"] or actuals.empty or actuals[column].isna().any():
        return None
    return float(actuals[column].sum()) * plan.calendar.periods / plan.tables["actuals"]["period"].nunique()


def _halves(plan: Plan) -> Sequence[Plan]:
    """The first and the second half of the plan; none of a plan of one period."""
    calendar = plan.calendar
    half = calendar.periods // 2
    if half < 1:
        return ()
    return [within(plan, Calendar(start, half, calendar.bucket))
            for start in (calendar.start, calendar.end - half + 1)]


def _trend(figures: Sequence[float | None]) -> Trend:
    """The way from the first half's figure to the second's."""
    if len(figures) < 2 or figures[0] is None or figures[1] is None:
        return ""
    change = figures[1] - figures[0]
    if abs(change) <= STEADY * max(abs(figures[0]), 1e-9):
        return "steady"
    return "rising" if change > 0 else "falling"
