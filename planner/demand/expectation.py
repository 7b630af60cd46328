"""What is expected from a day on: run-rate business, promotions, pipeline. The record asks for past days, the
plan for today.
"""

from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri

from planner.demand.inputs import Sources
from planner.demand.known_on import entered_by
from planner.demand.pipeline.deals import day_number
from planner.demand.pipeline.forecast import PipelineOutlook, forecast_pipeline
from planner.demand.pipeline.simulation import DRAWS
from planner.demand.runrate.cleaning import no_changes
from planner.demand.runrate.lifecycle import follow_lifecycles
from planner.demand.runrate.limits_of_history import limits_in_words
from planner.demand.runrate.normal import Normal, normal_history
from planner.demand.runrate.promotion_effects import no_effects
from planner.demand.runrate.promotions import Lift, lift
from planner.demand.runrate.reconcile import anchored
from planner.demand.series.cumulated import cumulated_quantiles, cumulated_with_deals
from planner.demand.series.matrix import Matrix
from planner.demand.series.outlook import LEVELS, Outlook
from planner.progress import checkpoint
from planner.scenario.calendar import Calendar


@dataclass(frozen=True)
class Expectation:
    """Mean by origin and the total with its quantiles, by `series` (item, market) and period.

    `normal` is run-rate business as it were without promotions, `runrate` are the quantiles of the total
    without the pipeline. `changes` lists what was changed in the history before, `effects` what past
    promotions show; `notes` say what the history was too short or too silent for.
    """

    series: pd.DataFrame
    normal: Matrix
    origins: dict[str, Matrix]
    total: Outlook
    pipeline: PipelineOutlook | None
    runrate: NDArray[np.float64]
    changes: pd.DataFrame = field(default_factory=no_changes)
    effects: pd.DataFrame = field(default_factory=no_effects)
    notes: tuple[str, ...] = ()


def cumulated(expected: Expectation, *, seed: int) -> NDArray[np.float64]:
    """Quantiles of what is wanted from the first period up to each one, by row of the expectation."""
    pipeline = expected.pipeline
    with_deals = np.zeros(len(expected.series), dtype=bool)
    quantiles = np.empty_like(expected.total.quantiles)
    if pipeline is not None:
        place = pd.MultiIndex.from_frame(expected.series).get_indexer(
            pd.MultiIndex.from_frame(pipeline.series)
        )
        with_deals[place] = True
        quantiles[place] = cumulated_with_deals(
            expected.runrate[place], expected.total.lasting[place], pipeline.draws, seed=seed
        )
    total = expected.total
    quantiles[~with_deals] = cumulated_quantiles(total.of(~with_deals), seed=seed)
    quantiles[:, :1] = total.quantiles[:, :1]  # one period is not a sum
    return quantiles


def expect(sources: Sources, calendar: Calendar, back: int = 0) -> Expectation:
    """Demand of the calendar's periods as it looked `back` periods ago, from nothing but what was known
    then.
    """
    raw = sources.history.until(back)
    day = sources.day_of(back)
    lifecycles, promotions = (
        entered_by(rows, day, undated=True) for rows in (sources.lifecycles, sources.promotions)
    )
    between = calendar.start.ordinal - raw.end.ordinal - 1
    normal = normal_history(
        raw,
        promotions,
        sources.items,
        sources.working_days,
        periods=between + calendar.periods,
        cut_outliers=sources.cut_outliers,
    )
    series, outlook = _expected_runrate(normal, lifecycles, calendar, sources, between=between)
    lifted = lift(normal.promotions, series, sources.items, first=calendar.start, periods=calendar.periods)
    pipeline = None
    if sources.deals is not None:
        firsts = pd.period_range(calendar.start, periods=calendar.periods + 1, freq=calendar.freq).start_time
        pipeline = forecast_pipeline(
            sources.deals, int(day_number(day)), day_number(firsts).astype(np.int64), seed=sources.seed
        )
    return replace(
        _added(series, outlook, lifted, pipeline, seed=sources.seed),
        changes=normal.changes,
        effects=normal.effects,
        notes=limits_in_words(normal.history, normal.borrowed),
    )


def _expected_runrate(normal: Normal, lifecycles: pd.DataFrame, calendar: Calendar, sources: Sources,
                      *, between: int) -> tuple[pd.DataFrame, Outlook]:
    """Run-rate business of the calendar's periods from the end of the history on: less churn, launches and
    ends followed.
    """
    history = normal.history
    ahead = between + calendar.periods
    forecast = partial(sources.spread.forecast, season=history.season, periods=ahead,
                       positions=history.positions(ahead))
    outlook = anchored(
        forecast(history.values), history, level=sources.anchor, groups=sources.groups, forecast=forecast
    )
    outlook = normal.restored(outlook).scaled(sources.churn.remaining_share(history)[:, None])
    inside = outlook.after(between)
    lengths = (~np.isnan(history.values)).sum(axis=1)
    return follow_lifecycles(history.series, inside, lifecycles, lengths=lengths, calendar=calendar)


def _added(
    series: pd.DataFrame, normal: Outlook, lifted: Lift, pipeline: PipelineOutlook | None, *, seed: int
) -> Expectation:
    """All sources on the same rows, sorted; means add up, quantiles come from drawing run-rate business and
    pipeline.
    """
    pairs = [series] if pipeline is None else [series, pipeline.series]
    rows = pd.concat(pairs).drop_duplicates().sort_values(["item", "market"], ignore_index=True)
    place = pd.MultiIndex.from_frame(rows)
    of_runrate = place.get_indexer(pd.MultiIndex.from_frame(series))
    shape = (len(rows), normal.mean.shape[1])
    quantiles, lasting = np.zeros((*shape, len(LEVELS))), np.zeros(len(rows))
    quantiles[of_runrate], lasting[of_runrate] = normal.quantiles * lifted.factor[..., None], normal.lasting
    runrate = quantiles.copy()
    origins = {origin: np.zeros(shape) for origin in ("baseline", "promotion", "pipeline")}
    without, flat, level = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    without[of_runrate], flat[of_runrate], level[of_runrate] = normal.mean, normal.flat, normal.level
    extra = np.clip(lifted.added, 0.0, lifted.factor)  # what an event takes away is missing in the baseline
    origins["baseline"][of_runrate] = normal.mean * (lifted.factor - extra)
    origins["promotion"][of_runrate] = normal.mean * extra
    if pipeline is not None:
        of_pipeline = place.get_indexer(pd.MultiIndex.from_frame(pipeline.series))
        origins["pipeline"][of_pipeline] = pipeline.mean
        quantiles[of_pipeline] = _drawn_quantiles(quantiles[of_pipeline], pipeline.draws, seed=seed)
    total = Outlook(np.sum(list(origins.values()), axis=0), quantiles, lasting, flat=flat, level=level)
    return Expectation(rows, without, origins, total=total, pipeline=pipeline, runrate=runrate)


def _drawn_quantiles(
    runrate: NDArray[np.float64], draws: NDArray[np.float32], *, seed: int
) -> NDArray[np.float64]:
    """Quantiles of run-rate plus pipeline, the two being independent: draws of the first are added to those
    of the second.
    """
    random = np.random.default_rng([seed, 3])
    scores = ndtri(LEVELS)
    quantiles = np.empty_like(runrate)
    for row in range(len(runrate)):
        checkpoint()
        luck = random.standard_normal((draws.shape[1], DRAWS))
        base = np.array(
            [np.interp(luck[period], scores, runrate[row, period]) for period in range(draws.shape[1])]
        )
        quantiles[row] = np.quantile(draws[row] + base, LEVELS, axis=1).T
    return quantiles
