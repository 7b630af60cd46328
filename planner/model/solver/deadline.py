"""How much time is left until a deadline: a moment of `effort.now`, or None where there is all the time in
the world.
"""

from planner.model.solver.effort import current, now

GRACE_SECONDS = 5.0  # beyond the deadline for the plan to start from: nobody wants less than is known


def seconds_left(deadline: float | None) -> float | None:
    """Seconds until the deadline, 0 or below after it."""
    if deadline is None:
        return None
    effort = current()
    return 0.0 if effort is not None and effort.is_out_of_time() else deadline - now()


def is_over(deadline: float | None) -> bool:
    """Whether the deadline has come."""
    left = seconds_left(deadline)
    return left is not None and left <= 0


def partway(deadline: float | None, share: float) -> float | None:
    """The moment at which this share of the time that is left now will be over."""
    left = seconds_left(deadline)
    return None if left is None else now() + share * left


def later(deadline: float | None, seconds: float) -> float | None:
    """A deadline that leaves so many seconds from now on, if the given one leaves fewer."""
    return None if deadline is None else max(deadline, now() + seconds)
