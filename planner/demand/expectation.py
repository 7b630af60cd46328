"""What is expected from a day on: run-rate business, promotions, pipeline. The record asks for past days, the plan for today."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri

from planner.demand.deals import day_number
from planner.demand.history import History
from planner.demand.lifecycle import follow_lifecycles
from planner.demand.pipeline import DRAWS, PipelineOutlook, forecast_pipeline
from planner.demand.promotions import Lift, lift
from planner.demand.runrate import LEVELS, Outlook
from planner.demand.sources import Sources
from planner.scenario.calendar import Calendar

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Expectation:
    """Mean by origin and the total with its quantiles, by `series` (item, market) and period."""

    series: pd.DataFrame
    origins: dict[str, Matrix]
    total: Outlook
    pipeline: PipelineOutlook | None


def expect(sources: Sources, calendar: Calendar, back: int = 0) -> Expectation:
    """Demand of the calendar's periods as it looked `back` periods ago, from nothing but what was known then."""
    history = sources.history.until(back)
    day = sources.day if back == 0 else history.end.end_time.normalize()
    series, normal = _expected_runrate(history, sources.lifecycles, calendar, sources)
    lifted = lift(sources.promotions, series, sources.items, first=calendar.start, periods=calendar.periods)
    pipeline = None
    if sources.deals is not None:
        firsts = pd.period_range(calendar.start, periods=calendar.periods + 1, freq=calendar.freq).start_time
        pipeline = forecast_pipeline(sources.deals, int(day_number(day)), day_number(firsts).astype(np.int64), seed=sources.seed)
    return _added(series, normal, lifted, pipeline, seed=sources.seed)


def _expected_runrate(history: History, lifecycles: pd.DataFrame, calendar: Calendar,
                      sources: Sources) -> tuple[pd.DataFrame, Outlook]:
    """Run-rate business of the calendar's periods from the end of the history on: less churn, launches and ends followed."""
    between = calendar.start.ordinal - history.end.ordinal - 1
    outlook = sources.spread.forecast(history.values, season=history.season, periods=between + calendar.periods)
    kept = sources.churn.kept(history)[:, None]
    inside = Outlook(outlook.mean[:, between:] * kept, outlook.quantiles[:, between:] * kept[..., None])
    lengths = (~np.isnan(history.values)).sum(axis=1)
    return follow_lifecycles(history.series, inside, lifecycles, lengths=lengths, calendar=calendar)


def _added(series: pd.DataFrame, normal: Outlook, lifted: Lift, pipeline: PipelineOutlook | None, *, seed: int) -> Expectation:
    """All sources on the same rows, sorted; means add up, quantiles come from drawing run-rate business and pipeline."""
    pairs = [series] if pipeline is None else [series, pipeline.series]
    rows = pd.concat(pairs).drop_duplicates().sort_values(["item", "market"], ignore_index=True)
    place = pd.MultiIndex.from_frame(rows)
    of_runrate = place.get_indexer(pd.MultiIndex.from_frame(series))
    shape = (len(rows), normal.mean.shape[1])
    quantiles = np.zeros((*shape, len(LEVELS)))
    quantiles[of_runrate] = normal.quantiles * lifted.factor[..., None]
    origins = {origin: np.zeros(shape) for origin in ("baseline", "promotion", "pipeline")}
    extra = np.minimum(lifted.added, lifted.factor)
    origins["baseline"][of_runrate] = normal.mean * (lifted.factor - extra)
    origins["promotion"][of_runrate] = normal.mean * extra
    if pipeline is not None:
        of_pipeline = place.get_indexer(pd.MultiIndex.from_frame(pipeline.series))
        origins["pipeline"][of_pipeline] = pipeline.mean
        quantiles[of_pipeline] = _drawn_quantiles(quantiles[of_pipeline], pipeline.draws, seed=seed)
    return Expectation(rows, origins, Outlook(np.sum(list(origins.values()), axis=0), quantiles), pipeline)


def _drawn_quantiles(runrate: NDArray[np.float64], draws: NDArray[np.float32], *, seed: int) -> NDArray[np.float64]:
    """Quantiles of run-rate plus pipeline, the two being independent: draws of the first are added to those of the second."""
    random = np.random.default_rng([seed, 3])
    scores = ndtri(LEVELS)
    quantiles = np.empty_like(runrate)
    for row in range(len(runrate)):
        luck = random.standard_normal((draws.shape[1], DRAWS))
        base = np.array([np.interp(luck[period], scores, runrate[row, period]) for period in range(draws.shape[1])])
        quantiles[row] = np.quantile(draws[row] + base, LEVELS, axis=1).T
    return quantiles
