"""Texts in tables as Python's own, around our own work only: the rest of the process keeps its pandas.

Where pyarrow is installed, pandas keeps texts as Arrow arrays, which are made for millions of rows. Our
frames are many and small, and every step on one pays for the way there and back: a plan of a few rows takes
half as long again, and the model of 200,000 variables gains nothing either.

A program may also have told pandas to keep texts as before pandas 3, or to tell NaN from what is missing. Our
frames mean the same by a blank everywhere, so that both are as pandas has them by default while we work.
"""

import warnings
from collections.abc import Callable, Mapping

from planner.process_wide import ProcessWide

OURS = {"mode.string_storage": "python", "future.distinguish_nan_and_na": False}
INFERRED = "future.infer_string"  # and this one on


def plain_texts() -> ProcessWide:
    """Within, new texts of frames are kept as Python's own; those that are there already stay as they are."""
    return _PLAIN_TEXTS


def _stored() -> Callable[[], None]:
    import pandas as pd  # slow

    other = {name: before for name, ours in OURS.items() if (before := pd.get_option(name)) != ours}
    if pd.Series(["a"]).dtype == object:  # asking the option itself warns that it will go
        other[INFERRED] = False
    _set({name: OURS.get(name, True) for name in other})
    return lambda: _set(other)


def _set(options: Mapping[str, object]) -> None:
    """Pandas has these options. That one of them will go some day, the program that set it has been told."""
    import pandas as pd  # slow

    for name, value in options.items():
        if name != INFERRED:
            pd.set_option(name, value)
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            pd.set_option(name, value)


_PLAIN_TEXTS = ProcessWide(_stored)
