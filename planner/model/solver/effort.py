"""Work that is counted instead of the clock, so that any machine comes to the same plan.

Where `solver.effort` is set, the solver's own clock stands still while nothing is computed: each run of HiGHS
moves it on by the steps that it took, pivots, nodes and rounds at the root, times what a step of such a model
takes on an ordinary machine. All that is shared out by time (rounds of slope scaling, of windows and of
cutting planes, searches pass by pass) is then shared out by work. The wall clock remains a limit beside it,
and a search that it has ended is not the same on another machine.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from time import perf_counter

# Seconds of an ordinary machine: for each pivot and row, for each look of branch and bound at its limits and
# entry of the matrix, at the root and in the tree, for each step of interior point and entry, and for each
# run. Processor seconds of generated plans of 7,000 and 47,000 variables (benchmarks/whole_plans.py).
PIVOT_AND_ROW, ROOT_AND_ENTRY, NODE_AND_ENTRY = 2e-8, 5e-6, 3e-7
INTERIOR_STEP_AND_ENTRY, RUN = 8e-7, 0.01
# A pivot touches a small part of the rows, and a larger one the more there are: in models of 4,600 and 9,900
# rows it takes .02 microseconds a row, in one of 90,000 rows .055 (benchmarks/resolve_speed.py).
ROWS_OF_TWICE_THE_PIVOT = 50_000


@dataclass
class Effort:
    """What has been computed, in seconds of an ordinary machine, and until when the clock allows it to go on.
    """

    until: float | None
    spent: float = 0.0
    clock_ended: bool = False  # whether the clock has ended anything: the plan may be another elsewhere

    def clock_left(self) -> float | None:
        """Seconds until the clock ends the work, None where it does not."""
        return None if self.until is None else self.until - perf_counter()

    def is_out_of_time(self) -> bool:
        """Whether the clock has ended the work."""
        left = self.clock_left()
        self.clock_ended = self.clock_ended or (left is not None and left <= 0)
        return self.clock_ended


_effort: ContextVar[Effort | None] = ContextVar("effort", default=None)


@contextmanager
def counted(effort: float | None, *, until: float | None) -> Iterator[Effort | None]:
    """Within, work is counted where an effort is set; else the clock counts."""
    counter = None if effort is None else Effort(until)
    token = _effort.set(counter)
    try:
        yield counter
    finally:
        _effort.reset(token)


def current() -> Effort | None:
    """The count of the work of this thread, where work is counted."""
    return _effort.get()


def now() -> float:
    """The moment by which deadlines go: what has been computed where work is counted, else the clock."""
    effort = _effort.get()
    return perf_counter() if effort is None else effort.spent


@dataclass
class Limit:
    """What one run may compute, and what it has: of branch and bound, counted whenever it looks at limits."""

    rows: int
    entries: int
    seconds: float | None
    looked: float = 0.0  # what branch and bound has cost by its looks, as far as they tell

    @property
    def of_pivot(self) -> float:
        """What a pivot costs."""
        return PIVOT_AND_ROW * max(self.rows, 1) * (1.0 + self.rows / ROWS_OF_TWICE_THE_PIVOT)

    def pivots(self, most: int) -> int:
        """How many pivots may be taken."""
        return most if self.seconds is None else min(max(int(self.seconds / self.of_pivot), 1), most)

    def look(self, *, nodes: int) -> bool:
        """Whether branch and bound, which looks at its limits once more, has come to its own."""
        self.looked += self.entries * (NODE_AND_ENTRY if nodes > 0 else ROOT_AND_ENTRY)
        return self.seconds is not None and self.looked >= self.seconds

    def spent(self, *, pivots: int, interior_steps: int) -> float:
        """What a run has cost that has taken so many steps."""
        of_steps = INTERIOR_STEP_AND_ENTRY * self.entries * max(interior_steps, 0)
        return RUN + max(self.of_pivot * pivots + of_steps, self.looked)
