"""The forecast step by step: run-rate business, then the pipeline, then promotions, then what people changed."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.demand.consume import Grid
from planner.demand.expectation import Expectation, expect
from planner.demand.history import History
from planner.demand.judgement import adjust
from planner.demand.knowledge import entered_by
from planner.demand.record import Said
from planner.demand.runrate import LEVELS
from planner.demand.sources import Sources
from planner.scenario.calendar import Bucket, Calendar

Matrix = NDArray[np.float64]


def said_on(sources: Sources, back: int, periods: int, *, bucket: Bucket) -> Said:
    """What was expected of the coming periods `back` periods ago, from nothing but what was known then."""
    calendar = Calendar(sources.total.end - back + 1, periods, bucket)
    expected = expect(sources, calendar, back)
    overrides = entered_by(sources.overrides, sources.day_of(back), undated=back == 0)
    return said(expected, overrides, calendar=calendar, rows=sources.total)


def said(expected: Expectation, overrides: pd.DataFrame, *, calendar: Calendar, rows: History) -> Said:
    """Each step with all the steps before it, on the rows of the history; a step that changes nothing anywhere is left out."""
    grid = Grid(rows.series, calendar)
    place = pd.MultiIndex.from_frame(expected.series[["item", "market"]]).get_indexer(pd.MultiIndex.from_frame(rows.series))
    steps = {"run_rate": _picked(expected.normal, place)}
    if expected.pipeline is not None:
        steps["pipeline"] = steps["run_rate"] + _picked(expected.origins["pipeline"], place)
    total = _picked(expected.total.mean, place)
    if not np.allclose(total, next(reversed(steps.values())), rtol=1e-9, atol=1e-9):
        steps["promotions"] = total
    changed, adjustments = adjust(total, overrides, grid, free=np.ones(len(rows.series), dtype=bool))
    if len(adjustments):
        steps["overrides"] = changed
    quantiles = np.stack([_picked(expected.total.quantiles[..., place_of], place) for place_of in range(len(LEVELS))], axis=-1)
    ratio = np.divide(changed, total, out=np.ones_like(total), where=total > 0)
    return Said(calendar.start, steps, np.where((total > 0)[..., None], quantiles * ratio[..., None], changed[..., None]))


def _picked(values: Matrix, row: NDArray[np.int64]) -> Matrix:
    """The values of the rows, 0 where there is no row."""
    if not len(values):
        return np.zeros((len(row), values.shape[1]))
    return np.where(row[:, None] >= 0, values[np.maximum(row, 0)], 0.0)
