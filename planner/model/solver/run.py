"""One run of HiGHS in a thread of its own: whoever waits for it can stop it, and many go on side by side.

The way that highspy offers, `startSolve` and `wait`, holds locks that all its objects share, so that one of
them can run at a time. And as long as nobody wants to stop a run, HiGHS need not ask: to ask it would wait
for Python's lock at every pivot, behind whatever other threads do.
"""

from collections.abc import Callable
from threading import Event, Thread
from time import perf_counter
from typing import Any

import highspy
import numpy as np

from planner.errors import CancelledError
from planner.model.compiler.lookup import Floats
from planner.model.solver.effort import Limit, current
from planner.model.solver.methods import ANY_PIVOTS
from planner.progress import checkpoint

POLL_SECONDS = 0.05
MAXIMUM_SECONDS_SILENT = 1.0  # between two words about the gap
# HiGHS mostly asks every few milliseconds whether to stop, but some of its steps take seconds; nobody waits
# for those.
PATIENCE_SECONDS = 0.5
# what ends a solve with the best plan so far; anything else that is raised comes out
STOPS = (KeyboardInterrupt, CancelledError)

Watcher = Callable[[float, float], None]


class Runs:
    """All runs of one HiGHS object, one after the other."""

    def __init__(self, highs: Any) -> None:
        self._highs = highs
        self._watcher: Watcher | None = None
        self._moves: list[tuple[float, float]] = []
        self.are_told = True  # whether the watcher is told what runs come to
        self.stop: BaseException | None = None  # what ended a run early; there are no more after it
        self.is_lost = False  # whether a run goes on although it was stopped: its object is not to be touched
        self.incumbent: Floats | None = None  # the best integer point that the last run reported
        self._limit: Limit | None = None  # of the next run, where work is counted
        self.most_pivots = ANY_PIVOTS

    def watch(self, watcher: Watcher | None) -> None:
        """While integer values are sought, the watcher is told the best value and the bound."""
        if self._watcher is None and watcher is not None:
            self._highs.setOptionValue("log_to_console", False)
            self._highs.setOptionValue("output_flag", True)  # without it nothing is told to callbacks either
            self._highs.setOptionValue("mip_min_logging_interval", MAXIMUM_SECONDS_SILENT)
        self._watcher = watcher

    def allow(self, seconds: float | None, matrix: Any, *, integral: bool) -> None:
        """The next run ends after so many seconds; where work is counted, after as much work, or by the
        clock.
        """
        effort = current()
        allowed = seconds if effort is None else effort.clock_left()
        # HiGHS counts the time of a linear program from its first run on, that of a search from the start of
        # the search.
        used = 0.0 if integral else self._highs.getRunTime()
        self._highs.setOptionValue("time_limit", np.inf if allowed is None else used + max(allowed, 0.0))
        self._limit = None if effort is None else Limit(matrix.shape[0], matrix.nnz, seconds)
        self.most_pivots = ANY_PIVOTS if self._limit is None or integral else self._limit.pivots(ANY_PIVOTS)
        self._highs.setOptionValue("simplex_iteration_limit", self.most_pivots)

    def count(self, *, pivots: int) -> None:
        """What the run has computed counts, where work is counted."""
        effort, limit = current(), self._limit
        if effort is None or limit is None or self.is_lost:
            return
        steps = self._highs.getInfo().ipm_iteration_count
        effort.spent += limit.spent(pivots=pivots, interior_steps=steps)
        effort.is_out_of_time()

    def is_to_stop(self) -> bool:
        """Whether a run was stopped or the work has been cancelled: no run is to begin."""
        try:
            checkpoint()
        except STOPS as stop:
            self.stop = self.stop or stop
        return self.stop is not None

    def run(self) -> None:
        """HiGHS has run to its end, or to where it stood when an interrupt came or the work was cancelled.

        Whatever else is raised meanwhile, as by whoever is told, stops it as well and comes out.
        """
        self.incumbent = None
        self._highs.cbMipImprovingSolution.subscribe(self._keep)
        self._highs.cbMipLogging.subscribe(self._remember)
        if self._limit is not None:
            self._highs.cbMipInterrupt.subscribe(self._look)
        run = Run(self._highs)
        stop: BaseException | None = None
        while not run.is_over and not run.is_deaf:
            try:
                run.wait(POLL_SECONDS)
                if stop is None:
                    self._tell_moves()
                    checkpoint()
            except BaseException as raised:
                stop = stop or raised
                run.stop()
        self._leave(run, stop or run.failure)

    def _leave(self, run: "Run", stop: BaseException | None) -> None:
        """What the run has left can be read, unless it goes on without us."""
        self.is_lost = not run.is_over
        if not self.is_lost:
            run.forget_stop()
            # a HiGHS object that knew us as we know it would outlive its last use
            self._highs.cbMipImprovingSolution.unsubscribe(self._keep)
            self._highs.cbMipLogging.unsubscribe(self._remember)
            if self._limit is not None:
                self._highs.cbMipInterrupt.unsubscribe(self._look)
        if isinstance(stop, STOPS):
            self.stop = stop
        elif stop is not None:
            raise stop

    # The three below are called from the thread of the run.

    def _look(self, event: Any) -> None:
        if self._limit is not None and self._limit.look(nodes=int(event.data_out.mip_node_count)):
            event.interrupt()

    def _remember(self, event: Any) -> None:
        ends = event.data_out.mip_primal_bound, event.data_out.mip_dual_bound
        pair = self._highs.value(ends[0]), self._highs.value(ends[1])
        if np.isfinite(pair).all() and self._moves[-1:] != [pair]:
            self._moves.append(pair)

    def _keep(self, event: Any) -> None:
        self.incumbent = self._highs.point(np.array(event.data_out.mip_solution))

    def _tell_moves(self) -> None:
        moves, self._moves = self._moves, []
        if self._watcher is not None and self.are_told:
            for best, bound in moves:
                self._watcher(best, bound)


class Run:
    """A HiGHS object that runs, from now on until it has ended."""

    def __init__(self, highs: Any) -> None:
        self._highs = highs
        self._ended = Event()
        self._stopped_at: float | None = None
        self.failure: BaseException | None = None
        # Not a daemon: a process that ends while HiGHS computes would crash.
        Thread(target=self._minimise, name="HiGHS").start()

    def wait(self, seconds: float) -> bool:
        """Whether the run ends within so many seconds."""
        return self._ended.wait(seconds)

    @property
    def is_over(self) -> bool:
        """Whether the run has ended."""
        return self._ended.is_set()

    @property
    def is_deaf(self) -> bool:
        """Whether the run goes on although it was stopped a while ago. It will end, but not soon."""
        return (self._stopped_at is not None and not self.is_over
                and perf_counter() - self._stopped_at > PATIENCE_SECONDS)

    def stop(self) -> None:
        """The run ends as soon as HiGHS asks."""
        if self._stopped_at is None:
            self._stopped_at = perf_counter()
            for question in _questions(self._highs):
                question.subscribe(_stop)

    def forget_stop(self) -> None:
        """The next run of the HiGHS object is not stopped. This one has ended."""
        if self._stopped_at is not None:
            for question in _questions(self._highs):
                question.unsubscribe(_stop)

    def _minimise(self) -> None:
        try:
            self._highs.run()
        except BaseException as failure:
            self.failure = failure
        finally:
            highspy.Highs.resetGlobalScheduler(False)  # ends the threads that HiGHS has begun for this one
            self._ended.set()


def _questions(highs: Any) -> tuple[Any, ...]:
    return highs.cbSimplexInterrupt, highs.cbIpmInterrupt, highs.cbMipInterrupt


def _stop(event: Any) -> None:
    event.interrupt()
