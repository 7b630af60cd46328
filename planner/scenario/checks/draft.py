"""A scenario on its way: read and typed, not yet checked across rows and tables."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from planner.errors import Problem
from planner.scenario.agreed import AgreedPlan
from planner.scenario.calendar import Calendar
from planner.scenario.reading.cells import Cells
from planner.scenario.reading.source import Source
from planner.scenario.settings import Settings


@dataclass(frozen=True)
class Draft:
    """What the checks look at: typed frames, the cells they came from, and everything that is wrong so far.

    Row by row, a frame and its cells belong together. `broken` are the tables of which some rows could not be
    read, so that no check should draw conclusions from them. Without a usable calendar there are no settings.
    """

    source: Source
    settings: Settings | None
    calendar: Calendar | None
    frames: Mapping[str, pd.DataFrame]
    cells: Mapping[str, Cells]
    broken: frozenset[str]
    problems: tuple[Problem, ...]
    agreed: AgreedPlan | None = None
