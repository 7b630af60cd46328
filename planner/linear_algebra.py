"""Linear algebra on one thread, around our own work only: the rest of the process keeps its threads.

Our matrices are tiny, so that a second thread only makes both wait; and how many there are decides in which
order a library adds up, and with it the last digits of a forecast.
"""

from collections.abc import Callable

from planner.process_wide import ProcessWide


def one_thread() -> ProcessWide:
    """Within, linear algebra uses one thread."""
    return _ONE_THREAD


def _limited() -> Callable[[], None]:
    # slow ones, and each brings a library of its own: what is loaded later would not be limited
    import numpy as np  # noqa: F401
    import scipy.linalg  # noqa: F401
    from threadpoolctl import threadpool_limits

    limits = threadpool_limits(limits=1, user_api="blas")
    return limits.restore_original_limits  # type: ignore[no-any-return]


_ONE_THREAD = ProcessWide(_limited)
