"""Calendar periods out of whole numbers and out of the way people write them, a column at a time."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.scenario.calendar import Calendar

NO_PERIOD = -(10**6)  # stands for a blank, of limits that hold over the whole horizon


def periods_of(numbers: NDArray[np.int64], calendar: Calendar) -> pd.Series:
    """The periods with these numbers; 1 is the first planned one."""
    ordinals = numbers + calendar.start.ordinal - 1
    periods = pd.arrays.PeriodArray(ordinals, dtype=pd.PeriodDtype(calendar.freq))
    return pd.Series(periods).where(numbers != NO_PERIOD)


def parsed_periods(labels: pd.Series, calendar: Calendar) -> pd.Series:
    """The periods that are written; a blank stays blank. ValueError says which label is no period, and what
    is allowed.
    """
    codes, different = pd.factorize(labels)
    numbers = [_number(str(label), calendar) for label in different]
    return periods_of(np.array(numbers, dtype=np.int64)[codes], calendar)


def _number(label: str, calendar: Calendar) -> int:
    if not label:
        return NO_PERIOD
    try:
        return int(calendar.parse(label).ordinal - calendar.start.ordinal) + 1
    except ValueError as error:
        raise ValueError(f'"{label}": {error}') from error
