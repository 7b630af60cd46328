"""Linear algebra on one thread, around our own work only: the rest of the process keeps its threads.

Our matrices are tiny, so that a second thread only makes both wait; and how many there are decides in which
order a library adds up, and with it the last digits of a forecast.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

_changing = Lock()
_inside = 0  # how many of our pieces of work are going on, in whatever threads
_limits: Any = None


@contextmanager
def one_thread() -> Iterator[None]:
    """Within, linear algebra uses one thread. The number holds for the whole process, so the first to come
    sets it and the last to go sets it back.
    """
    _enter()
    try:
        yield
    finally:
        _leave()


def _enter() -> None:
    global _inside, _limits
    # slow ones, and each brings a library of its own: what is loaded later would not be limited
    import numpy as np  # noqa: F401
    import scipy.linalg  # noqa: F401
    from threadpoolctl import threadpool_limits

    with _changing:
        if _inside == 0:
            _limits = threadpool_limits(limits=1, user_api="blas")
        _inside += 1


def _leave() -> None:
    global _inside, _limits
    with _changing:
        _inside -= 1
        if _inside == 0:
            _limits.restore_original_limits()
            _limits = None
