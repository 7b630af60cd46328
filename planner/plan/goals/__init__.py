"""The goals of both sides in one place: what is aimed at, what has been, and what the plan comes to.

Sales targets and the table `goals` are read side by side. What one goal costs another is not guessed: the
plan's scenario is solved again with a little more of the one, and the difference of the others is its price.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from planner.plan.comparison.common_ground import within
from planner.plan.comparison.compare import TARGET_UNITS
from planner.plan.goals.trade_offs import TradeOff, trade_offs
from planner.plan.kpis import KPIS
from planner.plan.plan import Plan
from planner.plan.scenario_of_plan import scenario_of
from planner.scenario.calendar import Calendar
from planner.scenario.scenario import Scenario

Trend = Literal["rising", "falling", "steady", ""]
STEADY = 0.005  # of the figure: what changes by less is steady
REACHED = 1e-6  # of a goal: what is missing below it is the solver's rounding
COLUMNS = ("goal", "measure", "unit", "side", "owner", "minimum", "maximum", "actual", "plan", "missing",
           "is_met", "trend")
ACTUALS = {"revenue": "revenue", "units_delivered": "ordered"}  # column of the plan's actuals, by KPI
TARGET_MEASURES = {"units": "units_delivered", "revenue": "revenue"}


@dataclass(frozen=True)
class GoalLine:
    """One goal: whose it is, its `minimum` or `maximum`, and the plan's figure, in the unit of its KPI.

    `actual` is the same figure of the year before the plan, as for as many periods as the plan has; None
    where the scenario does not say. `missing` is what the plan falls short by, 0 where the goal is met; None
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
        figure = plan.kpis.get(kpi.name)
        yield GoalLine(
            str(row["goal"]), measure=kpi.name, unit=kpi.unit, side=kpi.side,
            owner="" if pd.isna(row["owner"]) else str(row["owner"]), minimum=minimum, maximum=maximum,
            plan=figure, actual=_actual(plan, kpi.name), missing=_missing(figure, minimum, maximum),
            trend=_trend(kpi.name, halves))


def _missing(figure: float | None, minimum: float | None, maximum: float | None) -> float | None:
    """By how much a figure misses the goal; None where there is no figure."""
    if figure is None:
        return None
    below = 0.0 if minimum is None else minimum - figure
    above = 0.0 if maximum is None else figure - maximum
    missing = max(below, above, 0.0)
    aim = max(abs(minimum or 0.0), abs(maximum or 0.0))
    return missing if missing > REACHED * max(aim, REACHED) else 0.0


def _actual(plan: Plan, measure: str) -> float | None:
    """What was ordered in the year before, for as many periods as the plan has; revenue and units alone."""
    actuals, column = plan.tables["actuals"], ACTUALS.get(measure)
    if column is None or actuals.empty or actuals[column].isna().any():
        return None
    return float(actuals[column].sum()) * plan.calendar.periods / actuals["period"].nunique()


def _halves(plan: Plan) -> Sequence[Plan]:
    """The first and the second half of the plan; none of a plan of one period."""
    calendar = plan.calendar
    half = calendar.periods // 2
    if half < 1:
        return ()
    return [within(plan, Calendar(start, half, calendar.bucket))
            for start in (calendar.start, calendar.end - half + 1)]


def _trend(measure: str, halves: Sequence[Plan]) -> Trend:
    figures = [half.kpis.get(measure) for half in halves]
    if KPIS[measure].basis != "tables" or len(figures) < 2 or figures[0] is None or figures[1] is None:
        return ""
    change = figures[1] - figures[0]
    if abs(change) <= STEADY * max(abs(figures[0]), 1e-9):
        return "steady"
    return "rising" if change > 0 else "falling"
