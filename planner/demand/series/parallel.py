"""Many series at once: chunk by chunk, over the cores of this machine or over a dask.distributed scheduler.

A chunk has the same series however many processes there are, and results come back in order: what is forecast
is the same, byte for byte, on one core, on all, and on a cluster. Only a few chunks are on their way at a
time, so that the memory needed does not grow with the number of series.

Workers are plain Python programs that read chunks on their standard input. Unlike those of `multiprocessing`
they do not run the caller's main program again, so that a script of three lines may forecast on all cores.
"""

import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from importlib import import_module
from itertools import islice
from select import select
from time import sleep
from typing import IO, Any, Self

from planner.demand.series.combination import forecast_series
from planner.demand.series.matrix import Matrix
from planner.demand.series.outlook import Outlook
from planner.demand.series.seasonality import Positions
from planner.errors import PlannerError
from planner.processes import import_path
from planner.progress import checkpoint

# series that go through together: array passes are long enough, and a chunk of decades fits in a few
# megabytes
CHUNK = 1000
# figures of history from which another process forecasts longer than it takes to start
WORTH_A_PROCESS = 300_000
AHEAD = 2  # chunks on their way for every process of a cluster
POLL_SECONDS = 0.02  # between two looks at whether work that others do is still wanted
SERVE = "from planner.demand.series.parallel import serve; serve()"

Task = Callable[..., Any]


class Spread:
    """Where forecasts are made: on `workers` processes of this machine, or on those of the scheduler at an
    address.

    Without either, as many processes as there are cores, where there are enough series to be worth it.
    Processes start when they are first needed and end with the `with` block.
    """

    def __init__(self, *, workers: int | None = None, scheduler: str | None = None) -> None:
        if workers is not None and workers < 1:
            raise PlannerError(f"workers = {workers}: must be 1 or more")
        self._wanted, self._scheduler = workers, scheduler
        self._client: Any = connected(scheduler) if scheduler else None
        self._team: list[Worker] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        for worker in self._team:
            worker.end()
        self._team = []
        if self._client is not None:
            self._client.close()

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
        if self._client is not None:
            return _on_cluster(self._client, task, chunks)
        count = min(self._wanted or figures // WORTH_A_PROCESS, cores())
        if count <= 1 or not sys.executable:
            return (task(*chunk) for chunk in chunks)
        return self._in_turn(count, task, chunks)

    def _in_turn(self, count: int, task: Task, chunks: Iterable[tuple[Any, ...]]) -> Iterator[Any]:
        """Every worker has one chunk at a time; the one whose result is next in order gets the next chunk.

        A worker is started when there is a chunk for it.
        """
        coming = iter(chunks)
        busy: deque[Worker] = deque()
        for place, chunk in enumerate(islice(coming, count)):
            if place == len(self._team):
                self._team.append(Worker())
            self._team[place].start(task, chunk)
            busy.append(self._team[place])
        while busy:
            worker = busy.popleft()
            result = worker.result()
            for chunk in islice(coming, 1):
                worker.start(task, chunk)
                busy.append(worker)
            yield result


def forecast_chunk(values: Matrix, season: int, periods: int, positions: Positions | None) -> Outlook:
    """The forecast of one chunk."""
    return forecast_series(values, season=season, periods=periods, positions=positions)


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


# ---------------------------------------------------------------------------------------------- on this
# machine


class Worker:
    """A process that does one task after the other, as they come in."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", SERVE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": import_path(), "OPENBLAS_NUM_THREADS": "1"},
        )

    def start(self, task: Task, chunk: tuple[Any, ...]) -> None:
        """The worker has the chunk."""
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):  # `result` says that the worker is gone
            pickle.dump((task, chunk), self._process.stdin, protocol=pickle.HIGHEST_PROTOCOL)
            self._process.stdin.flush()

    def result(self) -> Any:
        """What the worker has made of its chunk; its failure is raised here."""
        assert self._process.stdout is not None
        while not _can_be_read(self._process.stdout):
            checkpoint()
        try:
            result, failure = pickle.load(self._process.stdout)
        except (EOFError, pickle.UnpicklingError):
            raise PlannerError(
                "a forecasting process ended early, likely for lack of memory: ask for fewer workers"
            ) from None
        if failure is not None:
            raise failure
        return result

    def end(self) -> None:
        """The process has ended, whatever it was doing."""
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            with suppress(BrokenPipeError):
                pipe.close()
        self._process.wait()


def _can_be_read(pipe: IO[bytes]) -> bool:
    """Whether there is something in the pipe, or will be nothing more; on Windows, whoever reads waits."""
    return os.name != "posix" or bool(select([pipe], [], [], POLL_SECONDS)[0])


def serve() -> None:
    """Does the tasks that come in on standard input until there are no more; only results go to standard
    output.
    """
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt reaches the caller, who ends this process
    results = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not come between the results
    while True:
        try:
            task, chunk = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        try:
            answer: tuple[Any, Exception | None] = (task(*chunk), None)
        except Exception as failure:
            answer = (None, failure)
        pickle.dump(answer, results, protocol=pickle.HIGHEST_PROTOCOL)
        results.flush()


# --------------------------------------------------------------------------------------------------- on a
# cluster


def connected(address: str) -> Any:
    """A connection to the dask.distributed scheduler at the address."""
    try:
        client: Any = import_module("distributed").Client
    except ImportError:
        raise PlannerError(f'forecasting on the scheduler at {address} needs distributed. Install it with '
                           'pip install "planner[cluster]"') from None
    try:
        return client(address, set_as_default=False)
    except (OSError, ValueError) as error:
        raise PlannerError(f"no scheduler answers at {address}: {str(error).splitlines()[0]}") from None


def _on_cluster(client: Any, task: Task, chunks: Iterable[tuple[Any, ...]]) -> Iterator[Any]:
    """Chunks are sent as results come back. They are no pure function calls to dask: that would make it keep
    and merge them.
    """
    coming = iter(chunks)
    window = AHEAD * max(sum(client.nthreads().values()), 1)
    on_their_way: deque[Any] = deque(
        client.submit(task, *chunk, pure=False) for chunk in islice(coming, window)
    )
    while on_their_way:
        coming_next = on_their_way.popleft()
        while not coming_next.done():
            checkpoint()
            sleep(POLL_SECONDS)
        result = coming_next.result()
        on_their_way.extend(client.submit(task, *chunk, pure=False) for chunk in islice(coming, 1))
        yield result
