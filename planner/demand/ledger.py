"""One demand: what is expected, as people changed it or the user brings it, used up by booked orders."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.demand.consumption import book, consume, ledger_frame
from planner.demand.forecast_steps import Judgement
from planner.demand.grid import Grid
from planner.demand.groundwork import Groundwork
from planner.demand.judgement.consensus import agree
from planner.demand.judgement.overrides import adjust, split
from planner.demand.parts import parts_frame, statistical_parts
from planner.demand.paths import POINTS, Paths, paths_frame, quantile_of_total
from planner.demand.series.matrix import Matrix
from planner.demand.series.outlook import LEVELS, QUANTILES
from planner.scenario.calendar import Calendar
from planner.scenario.scenario import Scenario
from planner.scenario.settings import ForecastSettings


@dataclass(frozen=True)
class Booking:
    """The frames of a demand that booked orders, overrides and what the user brings have a part in."""

    ledger: pd.DataFrame
    quantiles: pd.DataFrame
    cumulated: pd.DataFrame
    adjustments: pd.DataFrame
    streams: pd.DataFrame
    parts: pd.DataFrame
    sampled: "Sampled"


@dataclass(frozen=True)
class TotalDemand:
    """What turns a quantile of the forecast into one of the total, by row and period.

    `before` and `after` are the mean before and after judgement; `counted` are the orders that use the
    forecast up, `overdue` those that come on top, `elsewhere` is what orders of other periods have used up.
    """

    before: Matrix
    after: Matrix
    brought: Matrix
    is_brought: NDArray[np.bool_]
    counted: Matrix
    overdue: Matrix
    elsewhere: Matrix

    def at(self, forecast: Matrix) -> Matrix:
        """The quantile of the total: the forecast's, scaled like its mean, at least what is ordered."""
        ratio = np.divide(self.after, self.before, out=np.zeros_like(self.before), where=self.before > 0)
        changed = np.where(self.before > 0, forecast * ratio, self.after)
        forecast = np.where(self.is_brought, self.brought, changed) - self.elsewhere
        total: Matrix = np.maximum(forecast, self.counted) + self.overdue
        return total

    def up_to(self, forecast: Matrix, mean: Matrix) -> Matrix:
        """The quantile of all that is wanted up to each period: the forecast's sums, and what orders add to
        the mean.
        """
        nothing = np.zeros_like(mean)
        sums = TotalDemand(
            np.cumsum(self.before, axis=1),
            np.cumsum(self.after, axis=1),
            np.cumsum(self.brought, axis=1),
            is_brought=self.is_brought, counted=nothing, overdue=nothing, elsewhere=nothing,
        )
        added = mean - np.where(self.is_brought, self.brought, self.after)
        total: Matrix = np.maximum(
            sums.at(forecast) + np.cumsum(added, axis=1), np.cumsum(self.counted + self.overdue, axis=1)
        )
        return total


@dataclass(frozen=True)
class Sampled:
    """Paths of the whole demand: those of the forecast, as judgement and booked orders leave them."""

    forecast: Paths
    series: pd.DataFrame
    total: TotalDemand
    grid: Grid

    def drawn(self, count: int, *, seed: int) -> NDArray[np.float64]:
        """So many paths (row, period, path)."""
        paths = self.forecast.drawn(count, seed=seed)
        whole = [self.total.at(self.grid.placed(self.series, paths[..., path])) for path in range(count)]
        return np.stack(whole, axis=-1)

    def frame(self, count: int, *, seed: int) -> pd.DataFrame:
        """Item, market, period, path, quantity."""
        return paths_frame(self.drawn(count, seed=seed), self.grid)


def with_booked(groundwork: Groundwork, judgement: Judgement, scenario: Scenario) -> Booking:
    """What is expected, changed by people or brought by the user, less orders.

    Total = max(expected, booked orders due) + overdue orders. What the user brings contains the overdue
    orders, too.
    """
    expected, orders = groundwork.expectation, scenario.booked_orders
    overrides = judgement.overrides
    of_one_series = overrides[overrides["market"].notna() & overrides["item"].notna()]
    grid = _grid(expected.series, [orders, scenario["demand"], of_one_series], scenario.calendar)
    booked = book(orders, grid)
    brought, is_brought = _brought(scenario["demand"], grid)
    origins = {
        origin: np.where(is_brought, 0.0, grid.placed(expected.series, mean))
        for origin, mean in expected.origins.items()
    }
    before = np.sum(list(origins.values()), axis=0)
    free = ~is_brought[:, 0]
    consensus = agree(
        before, judgement.streams, grid, groups=judgement.groups, weights=judgement.weights, free=free
    )
    after, adjustments = adjust(consensus.agreed, overrides, grid, free=free, groups=judgement.groups)
    agreed = split(origins, before, consensus.agreed, added_by="consensus")
    counted = np.where(is_brought, booked.total, booked.due)
    chosen = scenario.settings.forecast
    left = consume(split(agreed, consensus.agreed, after) | {"user": brought}, counted,
                   backward=chosen.consume_backward, forward=chosen.consume_forward)
    mean = np.sum(list(left.values()), axis=0) + booked.total
    elsewhere = np.maximum(np.where(is_brought, brought, after), counted) + booked.total - counted - mean
    total = TotalDemand(before, after, brought, is_brought=is_brought, counted=counted,
                        overdue=booked.total - counted, elsewhere=elsewhere)
    parts = statistical_parts(expected, grid, free=~is_brought) | {
        "consensus": consensus.agreed - before, "overrides": after - consensus.agreed, "brought": brought,
        "orders": mean - np.where(is_brought, brought, after)}
    totals = {"mean": mean} | {name: total.at(grid.placed(expected.series, expected.total.at(level)))
                               for name, level in QUANTILES.items()}
    sampled = Sampled(groundwork.paths, series=expected.series, total=total, grid=grid)
    totals |= _at_quantile_of_total(sampled, mean, chosen, seed=groundwork.sources.seed)
    upto = groundwork.cumulated
    summed = {"mean": np.cumsum(mean, axis=1)} | {
        name: total.up_to(grid.placed(expected.series, upto[..., LEVELS.index(level)]), mean)
        for name, level in QUANTILES.items()}
    return Booking(
        ledger=ledger_frame(left, booked, grid), quantiles=grid.frame(**totals),
        cumulated=grid.frame(**summed),
        adjustments=adjustments, streams=consensus.frame(before, grid), parts=parts_frame(parts, grid),
        sampled=sampled,
    )


def _at_quantile_of_total(
    sampled: Sampled, mean: Matrix, chosen: ForecastSettings, *, seed: int
) -> dict[str, Matrix]:
    """The demand of which the total is at the quantile planned on, under its column, where it is wanted."""
    if chosen.plan_on == "mean" or chosen.quantile_of == "series":
        return {}
    paths, level = sampled.drawn(POINTS, seed=seed), float(chosen.plan_on)
    return {column_of(chosen.plan_on, of_total=True): quantile_of_total(paths, mean, level)}


def column_of(plan_on: float | Literal["mean"], *, of_total: bool) -> str:
    """The column of the quantiles that is planned on: mean, q90, or total_q90 where the total is at it."""
    if plan_on == "mean":
        return "mean"
    return f"{'total_' if of_total else ''}q{round(float(plan_on) * 100):02d}"


def _brought(demand: pd.DataFrame, grid: Grid) -> tuple[Matrix, NDArray[np.bool_]]:
    """The user's figures on the grid, and which rows (row, 1) the user brings: a period without a figure is
    none wanted there.
    """
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
