"""Texts in tables as Python's own, around our own work only: the rest of the process keeps its pandas.

Where pyarrow is installed, pandas keeps texts as Arrow arrays, which are made for millions of rows. Our
frames are many and small, and every step on one pays for the way there and back: a plan of a few rows takes
half as long again, and the model of 200,000 variables gains nothing either.
"""

from collections.abc import Callable

from planner.process_wide import ProcessWide


def plain_texts() -> ProcessWide:
    """Within, new texts of frames are kept as Python's own; those that are there already stay as they are."""
    return _PLAIN_TEXTS


def _stored() -> Callable[[], None]:
    import pandas as pd  # slow

    before = pd.get_option("mode.string_storage")
    pd.set_option("mode.string_storage", "python")
    return lambda: pd.set_option("mode.string_storage", before)


_PLAIN_TEXTS = ProcessWide(_stored)
