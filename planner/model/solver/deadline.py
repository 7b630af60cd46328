"""How much time is left until a deadline: a moment of `perf_counter`, or None where there is all the time in
the world.
"""

from time import perf_counter


def seconds_left(deadline: float | None) -> float | None:
    """Seconds until the deadline, below 0 after it."""
    return None if deadline is None else deadline - perf_counter()


def is_over(deadline: float | None) -> bool:
    """Whether the deadline has come."""
    return deadline is not None and perf_counter() >= deadline


def partway(deadline: float | None, share: float) -> float | None:
    """The moment at which this share of the time that is left now will be over."""
    now = perf_counter()
    return None if deadline is None else now + share * (deadline - now)
