"""Long work as somebody sees it who watches: one line in the terminal that is gone at the end."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

from rich.console import Console, RenderableType
from rich.live import Live
from rich.spinner import Spinner
from rich.text import Text

from planner.figures import printable
from planner.progress import Progress, Watcher, clock

REFRESHED = 8  # times a second
SPINNER_WIDTH = 3  # with the space after it, and a column at the end, which some terminals need
PLACE_WIDTH = 30  # of what is being done: figures are left out before less of it is shown


@contextmanager
def progress_shown() -> Iterator[Watcher]:
    """Tells on stderr what is being done and for how long; nothing of it is left at the end."""
    live = ProgressLine()
    with Live(get_renderable=live.line, console=live.console, refresh_per_second=REFRESHED, transient=True):
        yield live


class ProgressLine:
    """The latest record as a line with a clock that goes on between records."""

    def __init__(self) -> None:
        self.console = Console(stderr=True, highlight=False)
        self._spinner, self._began, self._latest = Spinner("dots"), perf_counter(), Progress("starting")

    def __call__(self, record: Progress) -> None:
        """The record is the latest."""
        self._latest = record

    def line(self) -> RenderableType:
        """The latest record as wide as the terminal."""
        text = progress_line(
            self._latest, self.console.width - SPINNER_WIDTH, clock(perf_counter() - self._began)
        )
        self._spinner.update(text=Text(text, no_wrap=True))
        return self._spinner


def progress_line(record: Progress, width: int, time: str) -> str:
    """The record in one line of that width: clock and gap whole, the rest as far as there is room."""
    where, gap = printable(record.where), [record.gap_in_words] if record.gap_in_words else []
    end, room = "", 0
    for count in range(len(record.values_in_words), -1, -1):
        end = "  ".join(["", *record.values_in_words[:count], *gap, time])
        room = max(width - len(end), 0)
        if room >= min(len(where), PLACE_WIDTH):
            break
    return (where if len(where) <= room else where[:max(room - 1, 0)] + "…"[:room]) + end
