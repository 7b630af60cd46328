"""Where long work stands, as a record; and how the work is watched and cancelled.

Whoever starts work says whom to tell and what cancels it (`watched`). All that is done within it in the same
thread then tells (`tell`) and asks (`checkpoint`) without being handed anything, so that a loop deep inside a
forecast can be stopped without a parameter in every signature on the way there. Work in other threads has its
own watchers, or none.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import Literal, Protocol

from planner.errors import CancelledError, PlannerError

Phase = Literal["starting", "reading", "forecasting", "building", "solving", "tabulating", "auditing",
                "writing"]
AGAIN_SECONDS = 2.0  # long work without news repeats its last record after so long, with a later clock
# objective and bound that are no further apart are the same: a share of next to nothing says nothing
ROUNDING = 1e-9


@dataclass(frozen=True)
class Progress:
    """Where work stands: its phase, what is done there, and while solving, goal, best, bound and gap.

    `step` of `steps` counts within the activity, `pass_number` of `passes` the goals of the objective mode.
    `best` is the value of the best plan so far and `bound` what no plan can beat, both in the sense of the
    goal: a cost, a shortfall, or a profit as a positive number. `seconds` have passed since the work began.
    `about` says which work it is, where there are several. What is not known, or does not apply, is None or
    blank.
    """

    phase: Phase
    activity: str = ""
    step: int | None = None
    steps: int | None = None
    goal: str = ""
    pass_number: int | None = None
    passes: int | None = None
    best: float | None = None
    bound: float | None = None
    seconds: float = 0.0
    about: str = ""

    @property
    def gap(self) -> float | None:
        """How far best and bound are apart, as a share of the best; None while either is unknown."""
        return None if self.best is None else gap(self.best, self.bound)

    @property
    def where(self) -> str:
        """What the work is about, phase, pass, goal and activity in words."""
        counted = f" {self.step} of {self.steps}" if self.steps else f" {self.step}" if self.step else ""
        place = f" pass {self.pass_number} of {self.passes}" if self.passes else ""
        parts = [self.about, f"{self.phase}{place}", self.goal, f"{self.activity}{counted}".strip()]
        return ": ".join(part for part in parts if part)

    @property
    def values_in_words(self) -> list[str]:
        """Best and bound in words, as far as they are known."""
        pairs = (("best", self.best), ("bound", self.bound))
        return [f"{name} {_figure(value)}" for name, value in pairs if value is not None]

    @property
    def gap_in_words(self) -> str:
        """The gap in percent, blank while it is not known."""
        return "" if self.gap is None else f"gap {100 * self.gap:.2f} %"

    def __str__(self) -> str:
        figures = ", ".join(part for part in (*self.values_in_words, self.gap_in_words) if part)
        return "; ".join(part for part in (self.where, figures) if part)


def _figure(value: float) -> str:
    """Whole from a hundred on; below, as a share may be, with some digits."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.4g}"


def gap(objective: float, bound: float | None) -> float | None:
    """Distance from the bound as a share of the objective; what rounding leaves between them is none."""
    if bound is None:
        return None
    apart = abs(objective - bound)
    return 0.0 if apart <= ROUNDING * max(1.0, abs(objective)) else apart / max(abs(objective), ROUNDING)


def clock(seconds: float) -> str:
    """Hours, minutes and seconds as a clock shows them: 0:01:05."""
    minutes, left_over = divmod(int(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{left_over:02d}"


class Cancel(Protocol):
    """What can be asked whether work is cancelled: `threading.Event` and its like."""

    def is_set(self) -> bool:
        """Whether the work is to end."""


Watcher = Callable[[Progress], None]


@dataclass
class Work:
    """Work that is going on in a thread: who is told, what cancels it, and what was told last."""

    watcher: Watcher | None
    cancel: Cancel | None
    about: str = ""
    began: float = field(default_factory=lambda: perf_counter())
    last: Progress = Progress("starting")
    told_at: float = field(default_factory=lambda: perf_counter())

    def tell(self, record: Progress) -> None:
        """The watcher has the record. It is no part of the work: what it starts has watchers of its own."""
        self.last = replace(record, about=self.about, seconds=perf_counter() - self.began)
        if self.watcher is None:
            return
        token = _current.set(None)
        try:
            self.watcher(self.last)
        finally:
            _current.reset(token)
            self.told_at = perf_counter()  # a slow watcher hears no more often of the work than a quick one


_current: ContextVar[Work | None] = ContextVar("work", default=None)


@contextmanager
def watched(
    watcher: Watcher | None = None, cancel: Cancel | None = None, *, about: str = ""
) -> Iterator[None]:
    """What is done within is told to the watcher and ends when `cancel` is set.

    What is left out is that of the work around it, if there is any.
    """
    if watcher is not None and not callable(watcher):
        raise PlannerError(f"progress = {watcher!r}: must be a function that takes a planner.Progress")
    if cancel is not None and not callable(getattr(cancel, "is_set", None)):
        raise PlannerError(f"cancel = {cancel!r}: must have a method is_set, as threading.Event has")
    work, around = Work(watcher, cancel, about), _current.get()
    if around is not None:
        watcher, cancel, about = watcher or around.watcher, cancel or around.cancel, about or around.about
        work = Work(watcher, cancel, about, began=around.began)
        work.last = around.last
    token = _current.set(work)
    try:
        yield
    finally:
        _current.reset(token)


def tell(record: Progress) -> None:
    """Whoever watches the work of this thread has the record. Whatever that raises comes out here."""
    work = _current.get()
    if work is not None:
        work.tell(record)


def tell_more(activity: str, *, step: int | None = None, steps: int | None = None,
              best: float | None = None, bound: float | None = None, sign: float = 1.0) -> None:
    """Told is the last record with another activity, and with best and bound where these are better ones.

    They are values of something that is minimised; `sign` is -1 where people read it the other way round.
    """
    work = _current.get()
    if work is None:
        return
    last, low, high = work.last, min if sign > 0 else max, max if sign > 0 else min
    bests = [value for value in (last.best, None if best is None else sign * best) if value is not None]
    bounds = [value for value in (last.bound, None if bound is None else sign * bound) if value is not None]
    work.tell(replace(last, activity=activity, step=step, steps=steps,
                      best=low(bests, default=None), bound=high(bounds, default=None)))


def is_cancelled() -> bool:
    """Whether the work of this thread is to end."""
    work = _current.get()
    return work is not None and work.cancel is not None and work.cancel.is_set()


def checkpoint() -> None:
    """The work may go on, and its watcher has heard of it lately. Raises CancelledError where it is to end.
    """
    work = _current.get()
    if work is None:
        return
    if work.cancel is not None and work.cancel.is_set():
        raise CancelledError(f"cancelled while {work.last.phase}, before there was a plan")
    if work.watcher is not None and perf_counter() - work.told_at >= AGAIN_SECONDS:
        work.tell(work.last)
