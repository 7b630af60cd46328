"""The forecast step by step: run-rate business, then the pipeline, then promotions, then what people
changed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.demand.expectation import Expectation, expect
from planner.demand.grid import Grid
from planner.demand.inputs import Sources
from planner.demand.judgement.consensus import agree, measured_weights
from planner.demand.judgement.overrides import adjust
from planner.demand.known_on import entered_by
from planner.demand.record.backtest import Backtest, StepForecasts
from planner.demand.runrate.history import History
from planner.demand.series.matrix import Matrix
from planner.demand.series.outlook import LEVELS
from planner.scenario.calendar import Bucket, Calendar
from planner.scenario.scope import Groups


@dataclass(frozen=True)
class Judgement:
    """What people say about the forecast: overrides, streams and how much each of these counts."""

    overrides: pd.DataFrame
    streams: pd.DataFrame
    weights: dict[str, float]
    groups: Groups


def forecast_by_step_on(
    sources: Sources, back: int, periods: int, earlier: Sequence[Backtest], *, bucket: Bucket
) -> StepForecasts:
    """What was expected of the coming periods `back` periods ago, from nothing but what was known then."""
    calendar = Calendar(sources.total.end - back + 1, periods, bucket)
    expected = expect(sources, calendar, back)
    judgement = judged_by(sources, back, earlier)
    return forecast_by_step(expected, judgement, calendar=calendar, rows=sources.total)


def judged_by(sources: Sources, back: int, earlier: Sequence[Backtest]) -> Judgement:
    """What people had entered `back` periods ago, and how much each stream counted then."""
    overrides, streams = (entered_by(rows, sources.day_of(back), undated=back == 0)
                          for rows in (sources.overrides, sources.streams))
    weights = measured_weights(
        streams, sources.total, earlier, back=back, groups=sources.groups, way=sources.consensus
    )
    return Judgement(overrides, streams, weights, groups=sources.groups)


def forecast_by_step(
    expected: Expectation, judgement: Judgement, *, calendar: Calendar, rows: History
) -> StepForecasts:
    """Each step with all the steps before it, on the rows of the history; a step that changes nothing
    anywhere is left out.
    """
    grid, everything = Grid(rows.series, calendar), np.ones(len(rows.series), dtype=bool)
    place = pd.MultiIndex.from_frame(expected.series[["item", "market"]]).get_indexer(
        pd.MultiIndex.from_frame(rows.series)
    )
    steps = {"run_rate": _picked(expected.normal, place)}
    if expected.pipeline is not None:
        steps["pipeline"] = steps["run_rate"] + _picked(expected.origins["pipeline"], place)
    total = _picked(expected.total.mean, place)
    if not np.allclose(total, next(reversed(steps.values())), rtol=1e-9, atol=1e-9):
        steps["promotions"] = total
    consensus = agree(
        total, judgement.streams, grid, groups=judgement.groups, weights=judgement.weights, free=everything
    )
    streams = {
        f"stream_{name}": np.where(np.isnan(values), total, values)
        for name, values in consensus.streams.items()
    }
    if streams:
        steps["streams"] = consensus.agreed
    changed, adjustments = adjust(
        consensus.agreed, judgement.overrides, grid, free=everything, groups=judgement.groups
    )
    if len(adjustments):
        steps["overrides"] = changed
    quantiles = np.stack(
        [_picked(expected.total.quantiles[..., place_of], place) for place_of in range(len(LEVELS))], axis=-1
    )
    ratio = np.divide(changed, total, out=np.ones_like(total), where=total > 0)
    scaled = np.where((total > 0)[..., None], quantiles * ratio[..., None], changed[..., None])
    return StepForecasts(calendar.start, streams | steps, scaled)


def _picked(values: Matrix, row: NDArray[np.int64]) -> Matrix:
    """The values of the rows, 0 where there is no row."""
    if not len(values):
        return np.zeros((len(row), values.shape[1]))
    return np.where(row[:, None] >= 0, values[np.maximum(row, 0)], 0.0)
