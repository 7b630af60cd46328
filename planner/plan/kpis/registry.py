"""What a KPI is, and the one list of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd

from planner.plan.rates import Rates
from planner.scenario.scenario import Scenario

Side = Literal["sales", "operations", "both"]
Better = Literal["higher", "lower", "zero"]

YEAR_DAYS = 365.0


@dataclass(frozen=True)
class Figures:
    """What KPIs are made of: the plan's tables and the scenario it is a plan of."""

    tables: Mapping[str, pd.DataFrame]
    scenario: Scenario

    @cached_property
    def rates(self) -> Rates:
        """What the scenario charges and allows by period."""
        return Rates(self.scenario)

    @property
    def today(self) -> pd.Timestamp:
        """The day up to which the past is known."""
        return pd.Timestamp(str(self.scenario.settings.forecast.as_of))

    @property
    def days(self) -> float:
        """Days in the horizon."""
        return float(np.sum(self.scenario.calendar.days))

    @property
    def delivered(self) -> pd.Series:
        """Units delivered, on time or late, for each row of the sales table."""
        sales = self.tables["sales"]
        return sales["delivered_on_time"] + sales["delivered_late"]


Measure = Callable[[Figures], float | None]


@dataclass(frozen=True)
class Kpi:
    """One line of the scorecard. `better` is higher, lower, or zero where the best value is 0 and both sides
    are worse.
    """

    name: str
    unit: str
    side: Side
    better: Better
    meaning: str
    measure: Measure


KPIS: dict[str, Kpi] = {}


def kpi(*, unit: str, side: Side, better: Better) -> Callable[[Measure], Measure]:
    """Puts a function on the scorecard under its own name; its first docstring paragraph is the meaning."""
    def listed(measure: Measure) -> Measure:
        name = measure.__name__
        KPIS[name] = Kpi(name, unit, side, better, first_sentences(measure), measure)
        return measure
    return listed


def first_sentences(measure: Measure) -> str:
    """The first paragraph of a function's docstring, on one line."""
    return " ".join((measure.__doc__ or "").partition("\n\n")[0].split())


def ratio(part: float, whole: float) -> float | None:
    """The part of the whole; None where there is no whole."""
    return part / whole if whole > 0 else None
