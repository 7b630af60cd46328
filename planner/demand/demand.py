"""Demand: what customers will want, by item, market and period, where each unit comes from, and how sure it is."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.demand.accuracy import backtest
from planner.demand.consume import QUANTILES, Grid, Matrix, book, consume, ledger_frame, located_orders
from planner.demand.expectation import Expectation, expect
from planner.demand.funnel import no_pipeline_kpis, pipeline_kpis
from planner.demand.judgement import adjust, no_adjustments, split
from planner.demand.knowledge import known_on
from planner.demand.pipeline import PipelineOutlook
from planner.demand.sources import gather_sources
from planner.demand.spread import Spread
from planner.scenario.calendar import Calendar
from planner.scenario.scenario import Scenario

Progress = Callable[[str], None]
NEGLIGIBLE_CHANCE = 0.001  # a deal less likely than this in a period is not listed there


@dataclass(frozen=True)
class Demand:
    """What customers will want.

    `ledger`: item, market, period, origin, quantity: the mean, every unit once. Origins are booked, pipeline, baseline,
    promotion, override and user.
    `quantiles`: item, market, period, mean and q05 to q95 of the total, booked orders included.
    `record`: how well past forecasts did (level, measure, lag, method, value).
    `deals`: the open deals behind the pipeline (opportunity, item, market, period, chance, quantity: the whole deal's).
    `adjustments`: what overrides changed (item, market, period, before, after, reason, author).
    `pipeline_kpis`: conversion, win rate, sales cycle, cost of acquisition and churn with intervals (kpi, stage, lead_source,
    value, low, high, count, unit).
    `plan_on` is the column of `quantiles` that is planned; `notes` say what the data did not allow.
    """

    ledger: pd.DataFrame
    quantiles: pd.DataFrame
    record: pd.DataFrame
    plan_on: str = "mean"
    notes: tuple[str, ...] = ()
    adjustments: pd.DataFrame = field(default_factory=no_adjustments)
    deals: pd.DataFrame = field(default_factory=lambda: named_deals(None, None))
    pipeline_kpis: pd.DataFrame = field(default_factory=no_pipeline_kpis)

    @property
    def planned(self) -> pd.DataFrame:
        """Item, market, period, booked, remaining: what is ordered already, and what else the plan may serve.

        remaining = max(0, total planned on - booked); overdue orders are booked in the first period.
        """
        keys = ["item", "market", "period"]
        booked = self.ledger[self.ledger["origin"] == "booked"][[*keys, "quantity"]].rename(columns={"quantity": "booked"})
        planned = self.quantiles[[*keys, self.plan_on]].merge(booked, on=keys, how="left", validate="one_to_one")
        planned["booked"] = planned["booked"].fillna(0.0)  # no row in the ledger: nothing booked
        planned["remaining"] = (planned[self.plan_on] - planned["booked"]).clip(lower=0.0)
        return planned[[*keys, "booked", "remaining"]]


def make_demand(scenario: Scenario, progress: Progress | None = None, *, workers: int | None = None,
                scheduler: str | None = None) -> Demand:
    """Demand of every period of the calendar: forecast, or brought by the user, and used up by booked orders.

    Known is what was known on `forecast.as_of`. A user's `demand` rows replace the forecast of their item and market.
    `workers` processes, or those of a dask.distributed `scheduler`, forecast; how many does not change the demand.
    """
    with Spread(workers=workers, scheduler=scheduler) as spread:
        return _made(scenario, progress or (lambda step: None), spread)


def _made(scenario: Scenario, tell: Progress, spread: Spread) -> Demand:
    """The demand, step by step."""
    tell("reading order history and pipeline")
    sources = gather_sources(scenario, spread)
    tell("forecasting demand")
    expectation = expect(sources, scenario.calendar)
    ledger, quantiles, adjustments = _with_booked(expectation, scenario, sources.overrides)
    tell("checking how past forecasts did")
    record = backtest(sources.total, partial(expect, sources), bucket=scenario.calendar.bucket)
    if len(sources.churn.record):
        record = pd.concat([record, sources.churn.record], ignore_index=True)
    chosen = scenario.settings.forecast.plan_on
    plan_on = "mean" if chosen == "mean" else f"q{round(float(chosen) * 100):02d}"
    on_record = known_on(sources.day, {**scenario.tables, "campaigns": scenario.recorded("campaigns")})
    return Demand(ledger, quantiles, record, plan_on, sources.notes, adjustments,
                  named_deals(expectation.pipeline, scenario.calendar), pipeline_kpis(on_record, sources.day))


def _with_booked(expected: Expectation, scenario: Scenario,
                 overrides: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Ledger, quantiles of the total and adjustments: what is expected, changed by people or brought by the user, less orders.

    Total = max(expected, booked orders due) + overdue orders. What the user brings contains the overdue orders, too.
    """
    orders = located_orders(scenario["booked_orders"], scenario["customers"], scenario.calendar)
    grid = _grid(expected.series, [orders, scenario["demand"], overrides[overrides["market"].notna()]], scenario.calendar)
    booked = book(orders, grid)
    brought, is_brought = _brought(scenario["demand"], grid)
    origins = {origin: np.where(is_brought, 0.0, grid.placed(expected.series, mean)) for origin, mean in expected.origins.items()}
    before = np.sum(list(origins.values()), axis=0)
    after, adjustments = adjust(before, overrides, grid, free=~is_brought[:, 0])
    counted = np.where(is_brought, booked.total, booked.due)
    left = consume(split(origins, before, after) | {"user": brought}, counted)
    totals = {"mean": sum(left.values()) + booked.total}
    ratio = np.divide(after, before, out=np.zeros_like(before), where=before > 0)
    for name, level in QUANTILES.items():
        forecast = np.where(before > 0, grid.placed(expected.series, expected.total.at(level)) * ratio, after)
        totals[name] = np.maximum(np.where(is_brought, brought, forecast), counted) + booked.total - counted
    return ledger_frame(left, booked, grid), grid.frame(**totals), adjustments


def named_deals(outlook: PipelineOutlook | None, calendar: Calendar | None) -> pd.DataFrame:
    """Open deals with the chance that they are won in each period, likeliest first; none without a pipeline."""
    columns = ["opportunity", "item", "market", "period", "chance", "quantity"]
    if outlook is None or calendar is None:
        return pd.DataFrame({name: [] for name in columns})
    rows = np.flatnonzero(outlook.deals["opportunity"].notna())
    deal, period = np.nonzero(outlook.chances[rows] > NEGLIGIBLE_CHANCE)
    named = outlook.deals.iloc[rows[deal]].assign(period=calendar.index.take(period), chance=outlook.chances[rows[deal], period])
    return named[columns].sort_values(["chance", "opportunity"], ascending=[False, True], ignore_index=True)


def _brought(demand: pd.DataFrame, grid: Grid) -> tuple[Matrix, NDArray[np.bool_]]:
    """The user's figures on the grid, and which rows (row, 1) the user brings: a period without a figure is none wanted there."""
    number = grid.calendar.number(demand["period"])
    inside = (number >= 1) & (number <= grid.calendar.periods)
    row = grid.row(demand)
    quantity = np.zeros(grid.shape)
    quantity[row[inside], number[inside] - 1] = demand["quantity"].to_numpy()[inside]
    return quantity, np.isin(np.arange(len(grid.series)), row)[:, None]


def _grid(series: pd.DataFrame, others: list[pd.DataFrame], calendar: Calendar) -> Grid:
    """Rows for every item and market that anything is expected, ordered or brought for, sorted."""
    pairs = pd.concat([series, *(frame[["item", "market"]] for frame in others)], ignore_index=True)
    return Grid(pairs.drop_duplicates().sort_values(["item", "market"], ignore_index=True), calendar)
