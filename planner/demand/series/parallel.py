"""Many series at once: chunk by chunk, over the cores of this machine or over a dask.distributed scheduler.

A chunk has the same series however many processes there are, so that what is forecast is the same, byte for
byte, on one core, on all, and on a cluster.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Self

from planner.demand.series.combination import forecast_series
from planner.demand.series.matrix import Matrix
from planner.demand.series.outlook import Outlook
from planner.demand.series.seasonality import Positions
from planner.workers import Task, Workers

# series that go through together: array passes are long enough, and a chunk of decades fits in a few
# megabytes
CHUNK = 1000
# figures of history from which another process forecasts longer than it takes to start
WORTH_A_PROCESS = 300_000


class Spread:
    """Where forecasts are made: on `workers` processes of this machine, or on those of the scheduler at an
    address; without either, on all cores, where there are enough series to be worth it.
    """

    def __init__(self, *, workers: int | None = None, scheduler: str | None = None) -> None:
        self._workers = Workers(workers=workers, scheduler=scheduler)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self._workers.__exit__(*failure)

    def forecast(self, values: Matrix, *, season: int, periods: int,
                 positions: Positions | None = None) -> Outlook:
        """Mean and quantiles of the coming periods of every series, as `forecast_series` has them."""
        chunks = ((values[first:first + CHUNK], season, periods, positions)
                  for first in range(0, len(values), CHUNK))
        outlooks = list(self.each(forecast_chunk, chunks, figures=values.size))
        if not outlooks:
            return forecast_series(values, season=season, periods=periods, positions=positions)
        return Outlook.joined(outlooks)

    def each(self, task: Task, chunks: Iterable[tuple[Any, ...]], *, figures: int) -> Iterator[Any]:
        """The result of the task for every chunk, in order; `figures` says how much work there is in all."""
        return self._workers.each(task, chunks, worth=figures // WORTH_A_PROCESS)


def forecast_chunk(values: Matrix, season: int, periods: int, positions: Positions | None) -> Outlook:
    """The forecast of one chunk."""
    return forecast_series(values, season=season, periods=periods, positions=positions)
