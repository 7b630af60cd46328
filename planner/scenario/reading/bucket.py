"""The length of a scenario's periods, found before its tables are read.

Real days, in a frame or a parquet file, name a period only when it is known how long periods are.
"""

from collections.abc import Callable

from planner.scenario.calendar import Bucket
from planner.scenario.reading.node import Node

PLACES = (("overrides", "settings", "calendar", "bucket"), ("calendar", "bucket"))  # what is said last counts


def bucket_of(description: Node, of_base: Callable[[], Bucket]) -> Bucket:
    """The bucket that the description gives, else that of its base; a wrong one is reported elsewhere."""
    for path in PLACES:
        node: Node | None = description
        for name in path:
            node = node.get(name) if node is not None else None
        if node is not None and node.value in ("month", "week"):
            return "week" if node.value == "week" else "month"
    return of_base()
