"""Work spread over the cores of this machine, or over a dask.distributed scheduler.

Results come back in the order of the work, and a piece of work is the same however many processes there are:
what comes out is the same, byte for byte, on one core, on all, and on a cluster. Only a few pieces are on
their way at a time, so that the memory needed does not grow with their number.

Workers are plain Python programs that read work on their standard input. Unlike those of `multiprocessing`
they do not run the caller's main program again, so that a script of three lines may use all cores.
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

from planner.errors import PlannerError
from planner.processes import import_path
from planner.progress import checkpoint

AHEAD = 2  # pieces of work on their way for every process of a cluster
POLL_SECONDS = 0.02  # between two looks at whether work that others do is still wanted
SERVE = "from planner.workers import serve; serve()"

Task = Callable[..., Any]


class Workers:
    """Where work is done: on `workers` processes of this machine, or on those of the scheduler at an address.

    Without either, as many processes as there are cores, where there is enough work to be worth it. Processes
    start when they are first needed and end with the `with` block.
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

    def each(self, task: Task, work: Iterable[tuple[Any, ...]], *, worth: int,
             shared: Any = None) -> Iterator[Any]:
        """The result of the task for every piece of work, in order; there is work enough for `worth`
        processes. What is `shared` stands before every piece.
        """
        if self._client is not None:
            return _on_cluster(self._client, task, work, shared=shared)
        common = () if shared is None else (shared,)
        count = min(self._wanted or worth, cores())
        if count <= 1 or not sys.executable:
            return (task(*common, *piece) for piece in work)
        return self._in_turn(count, task, work, common)

    def _in_turn(self, count: int, task: Task, work: Iterable[tuple[Any, ...]],
                 common: tuple[Any, ...]) -> Iterator[Any]:
        """Every worker has one piece at a time; the one whose result is next in order gets the next piece.

        A worker is started when there is work for it, and is sent once what all pieces have in common.
        """
        coming = iter(work)
        busy: deque[Worker] = deque()
        for place, piece in enumerate(islice(coming, count)):
            if place == len(self._team):
                self._team.append(Worker())
            self._team[place].share(common)
            self._team[place].start(task, piece)
            busy.append(self._team[place])
        while busy:
            worker = busy.popleft()
            result = worker.result()
            for piece in islice(coming, 1):
                worker.start(task, piece)
                busy.append(worker)
            yield result


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

    def share(self, common: tuple[Any, ...]) -> None:
        """The worker has what stands before every piece from now on."""
        self._send((None, common))

    def start(self, task: Task, piece: tuple[Any, ...]) -> None:
        """The worker has the piece."""
        self._send((task, piece))

    def _send(self, message: tuple[Task | None, tuple[Any, ...]]) -> None:
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):  # `result` says that the worker is gone
            pickle.dump(message, self._process.stdin, protocol=pickle.HIGHEST_PROTOCOL)
            self._process.stdin.flush()

    def result(self) -> Any:
        """What the worker has made of its piece; its failure is raised here."""
        assert self._process.stdout is not None
        while not _can_be_read(self._process.stdout):
            checkpoint()
        try:
            result, failure = pickle.load(self._process.stdout)
        except (EOFError, pickle.UnpicklingError):
            raise PlannerError(
                "a worker process ended early, likely for lack of memory: ask for fewer workers"
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
    common: tuple[Any, ...] = ()
    results = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not come between the results
    while True:
        try:
            task, piece = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        if task is None:
            common = piece
            continue
        try:
            answer: tuple[Any, Exception | None] = (task(*common, *piece), None)
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
        raise PlannerError(f'working on the scheduler at {address} needs distributed. Install it with '
                           'pip install "planner[cluster]"') from None
    try:
        return client(address, set_as_default=False)
    except (OSError, ValueError) as error:
        raise PlannerError(f"no scheduler answers at {address}: {str(error).splitlines()[0]}") from None


def _on_cluster(client: Any, task: Task, work: Iterable[tuple[Any, ...]], *, shared: Any) -> Iterator[Any]:
    """Pieces are sent as results come back. They are no pure function calls to dask: that would make it keep
    and merge them. What a process that is lost had on its way is done by another one.
    """
    common = () if shared is None else (client.submit(_itself, shared, pure=False),)
    coming = ((*common, *piece) for piece in work)
    window = AHEAD * max(sum(client.nthreads().values()), 1)
    on_their_way: deque[Any] = deque(
        client.submit(task, *piece, pure=False) for piece in islice(coming, window)
    )
    while on_their_way:
        coming_next = on_their_way.popleft()
        while not coming_next.done():
            checkpoint()
            sleep(POLL_SECONDS)
        result = coming_next.result()
        on_their_way.extend(client.submit(task, *piece, pure=False) for piece in islice(coming, 1))
        yield result


def _itself(shared: Any) -> Any:
    """What all pieces share, as a result of the cluster's own: where a process with it is lost, it is made
    again.
    """
    return shared
