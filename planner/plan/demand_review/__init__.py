"""The demand that a plan serves, as a meeting reviews it: what is expected and how sure it is, where it
comes from, what people have changed, the pipeline, and how good past forecasts were. Small tables that a
plan keeps.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from planner.plan.demand_review.layout import REVIEW_TABLES
from planner.plan.layout import PlanTable
from planner.scenario.calendar import Calendar

if TYPE_CHECKING:
    from planner.demand.demand import Demand
    from planner.scenario.scenario import Scenario

__all__ = ["REVIEW_TABLES", "DemandReview", "review_of"]


@dataclass(frozen=True, eq=False)
class DemandReview:
    """The tables that `layout.py` declares, by name."""

    tables: Mapping[str, pd.DataFrame]

    def __getitem__(self, name: str) -> pd.DataFrame:
        return self.tables[name]


def review_of(demand: "Demand", scenario: "Scenario") -> DemandReview:
    """The review of a demand. The same demand gives the same review."""
    from planner.plan.demand_review.expected import Expected
    from planner.plan.demand_review.judged import accuracy, value_added
    from planner.plan.demand_review.people import deals, notes, overrides, pipeline

    own = Expected(demand, scenario)
    frames = {
        "expected": own.by_group,
        "targets": own.by_target,
        "origins": own.by_origin,
        "accuracy": accuracy(demand, scenario),
        "value_added": value_added(demand),
        "overrides": overrides(demand, scenario),
        "pipeline": pipeline(demand),
        "deals": deals(demand, scenario),
        "notes": notes(demand),
    }
    return DemandReview(
        {name: _typed(frame, REVIEW_TABLES[name], scenario.calendar) for name, frame in frames.items()}
    )


def _typed(frame: pd.DataFrame, table: PlanTable, calendar: Calendar) -> pd.DataFrame:
    """The declared columns with the kinds of cells that they hold, whether there are any rows or not."""
    columns: dict[str, pd.Series] = {}
    for column in table.columns:
        cells = frame[column.name].reset_index(drop=True)
        if column.kind == "period":
            columns[column.name] = pd.Series(pd.PeriodIndex(cells, freq=calendar.index.freq))
        elif column.kind == "name":
            columns[column.name] = cells.astype("str")
        else:
            columns[column.name] = cells.astype("int64" if column.kind == "whole" else "float64")
    return pd.DataFrame(columns)
