"""What a forecast makes of the past: the sources, what they let expect, and past forecasts. What people add
today (overrides, orders, what the user brings, the quantile planned on) stands on it, and is quickly done
again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from planner.demand.expectation import Expectation, cumulated, expect
from planner.demand.forecast_steps import forecast_by_step_on
from planner.demand.inputs import Sources, gather_sources
from planner.demand.known_on import entered_by
from planner.demand.paths import Paths, paths_of
from planner.demand.record.backtest import Backtest, StepForecasts, past_origins, replay
from planner.demand.series.parallel import Spread
from planner.demand.what_is_read import past_is_read_alike
from planner.progress import Progress, checkpoint, tell
from planner.scenario.scenario import Scenario


@dataclass(frozen=True)
class Groundwork:
    """Sources, expectation and backtests of a scenario; `cumulated` are the quantiles of what is wanted from
    the first period up to each one, by row of the expectation, and `paths` what sample paths are drawn from.
    """

    scenario: Scenario
    sources: Sources
    expectation: Expectation
    backtests: tuple[Backtest, ...]
    cumulated: NDArray[np.float64]
    paths: Paths

    def under(self, scenario: Scenario) -> "Groundwork | None":
        """The same for another scenario, with the overrides known there; None where its past is another."""
        if not past_is_read_alike(self.scenario, scenario):
            return None
        overrides = entered_by(scenario["forecast_overrides"], self.sources.day, undated=True)
        return replace(self, scenario=scenario, sources=replace(self.sources, overrides=overrides))


def lay_groundwork(scenario: Scenario, spread: Spread) -> Groundwork:
    """The groundwork of a scenario, its series forecast where `spread` says."""
    tell(Progress("forecasting", "order history and pipeline"))
    sources = gather_sources(scenario, spread)
    tell(Progress("forecasting", "demand to come"))
    expectation = expect(sources, scenario.calendar)
    backtests = tuple(_backtests(sources, scenario))
    # what it was made with and learned on the way is not needed again, and is large
    lean = replace(sources, spread=Spread(workers=1), deals=None)
    return Groundwork(scenario, lean, expectation, backtests=backtests,
                      cumulated=cumulated(expectation, seed=sources.seed),
                      paths=paths_of(expectation, sources.history))


def _backtests(sources: Sources, scenario: Scenario) -> list[Backtest]:
    """The past forecasts, each from nothing but what was known then."""
    backs = past_origins(sources.total, backtests=scenario.settings.forecast.backtest_origins)

    def forecast_again(back: int, periods: int, earlier: Sequence[Backtest]) -> StepForecasts:
        tell(Progress("forecasting", "backtest origin", step=len(earlier) + 1, steps=len(backs)))
        checkpoint()
        return forecast_by_step_on(sources, back, periods, earlier, bucket=scenario.calendar.bucket)

    return replay(sources.total, forecast_again, backs)
