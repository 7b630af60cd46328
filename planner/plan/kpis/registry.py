"""What a KPI is, and the one list of them."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd

from planner.demand.known_on import known_on
from planner.demand.pipeline.kpis import pipeline_kpis
from planner.plan.rates import Rates
from planner.scenario.scenario import Scenario

Side = Literal["sales", "operations", "both"]
Better = Literal["higher", "lower", "zero"]
Basis = Literal["tables", "scenario", "past"]

YEAR_DAYS = 365.0


@dataclass(frozen=True)
class Figures:
    """What KPIs are made of: the plan's tables, and the scenario it is a plan of where that is at hand."""

    tables: Mapping[str, pd.DataFrame]
    planned_from: Scenario | None = None

    @property
    def scenario(self) -> Scenario:
        """The scenario; a KPI that is declared to rest on the tables alone never asks for it."""
        if self.planned_from is None:
            raise LookupError("these figures come without their scenario")
        return self.planned_from

    @cached_property
    def rates(self) -> Rates:
        """What the scenario charges and allows by period."""
        return Rates(self.scenario)

    @property
    def today(self) -> pd.Timestamp:
        """The day up to which the past is known."""
        return pd.Timestamp(str(self.scenario.settings.forecast.as_of))

    @cached_property
    def pipeline(self) -> dict[str, tuple[float, float, float]]:
        """How the pipeline did up to today, by KPI: value, low and high. The forecast says the same."""
        tables = {**self.scenario.tables, "campaigns": self.scenario.recorded("campaigns")}
        measured = pipeline_kpis(known_on(self.today, tables), self.today)
        all_deals = measured[measured["stage"].isna() & measured["lead_source"].isna()]
        figures = all_deals[["value", "low", "high"]].itertuples(index=False, name=None)
        return dict(zip(all_deals["kpi"], figures, strict=True))

    def of_pipeline(self, name: str) -> float | None:
        """A KPI of the pipeline; None where nothing was recorded."""
        return self.pipeline[name][0] if name in self.pipeline else None

    def interval(self, name: str) -> tuple[float, float]:
        """The 95 % interval of a KPI of the pipeline; blank for what a plan does not estimate but decides."""
        _, low, high = self.pipeline.get(name, (math.nan, math.nan, math.nan))
        return low, high

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
    """One line of the scorecard.

    `better` is higher, lower, or zero where the best value is 0 and both sides are worse. `basis` says what
    it is computed from: the plan's tables alone, so that it can be had for some of the plan's periods; the
    scenario too; or the past, which is the same whatever is planned. One that `grows_with_volume` (a cost, a
    count of setups) is no better for being smaller where less is delivered.
    """

    name: str
    unit: str
    side: Side
    better: Better
    meaning: str
    measure: Measure
    basis: Basis = "tables"
    grows_with_volume: bool = False


KPIS: dict[str, Kpi] = {}


def kpi(*, unit: str, side: Side, better: Better, basis: Basis = "tables",
        grows_with_volume: bool = False) -> Callable[[Measure], Measure]:
    """Puts a function on the scorecard under its own name; its first docstring paragraph is the meaning."""
    def listed(measure: Measure) -> Measure:
        name = measure.__name__
        KPIS[name] = Kpi(name, unit, side, better=better, meaning=first_sentences(measure), measure=measure,
                         basis=basis,
                         grows_with_volume=grows_with_volume)
        return measure
    return listed


def first_sentences(measure: Measure) -> str:
    """The first paragraph of a function's docstring, on one line."""
    return " ".join((measure.__doc__ or "").partition("\n\n")[0].split())


def ratio(part: float, whole: float) -> float | None:
    """The part of the whole; None where there is no whole."""
    return part / whole if whole > 0 else None
