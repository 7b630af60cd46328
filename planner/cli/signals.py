"""Signals that ask the program to end: Ctrl-C, and what containers and schedulers send."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from typing import Any

received: list[int] = []  # signals that came, the last one at the end
_cancels: list[Event] = []  # of the work that ends with what it has, the innermost at the end
STOPPED = 128  # added to the number of a signal makes an exit code: 130 after Ctrl-C, 143 after SIGTERM


def listen() -> None:
    """From now on a signal to end cancels the search that is going on, or interrupts whatever else is."""
    # with `nohup` a terminal that is closed ends nothing
    hangup = getattr(signal, "SIGHUP", None)
    hangups = [] if hangup is None or signal.getsignal(hangup) == signal.SIG_IGN else [hangup]
    for number in (signal.SIGINT, signal.SIGTERM, *hangups):
        signal.signal(number, _stop)


@contextmanager
def one_stop() -> Iterator[Event]:
    """The first signal within sets the event, so that what was found so far is kept; a second interrupts."""
    cancel = Event()
    _cancels.append(cancel)
    try:
        yield cancel
    finally:
        _cancels.remove(cancel)


def ignore() -> None:
    """Another signal could only interrupt the good-bye."""
    for number in {*received, signal.SIGINT}:
        signal.signal(number, signal.SIG_IGN)


def exit_code() -> int:
    """What the program ends with after the last signal."""
    return STOPPED + (received[-1] if received else signal.SIGINT)


def _stop(number: int, frame: Any) -> None:
    received.append(number)
    if _cancels and not _cancels[-1].is_set():
        _cancels[-1].set()
    else:
        signal.default_int_handler(number, frame)
