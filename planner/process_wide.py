"""A setting of the whole process that we need for our own work only: the rest of the program gets it back."""

from collections.abc import Callable
from contextlib import ContextDecorator
from threading import Lock


class ProcessWide(ContextDecorator):
    """Within, the setting holds; also a decorator of a function that is such a piece of work.

    Pieces of work may go on in many threads, one inside another: the first to come makes the `change`, and
    the last to go undoes it with what `change` has returned.
    """

    def __init__(self, change: Callable[[], Callable[[], None]]) -> None:
        self._change = change
        self._changing = Lock()
        self._inside = 0  # how many of our pieces of work are going on, in whatever threads
        self._undo: Callable[[], None] | None = None

    def __enter__(self) -> None:
        with self._changing:
            if self._inside == 0:
                self._undo = self._change()
            self._inside += 1

    def __exit__(self, *_: object) -> None:
        with self._changing:
            self._inside -= 1
            if self._inside == 0 and self._undo is not None:
                self._undo()
                self._undo = None
