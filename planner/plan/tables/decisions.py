"""What the solver decided, as frames that merge with the scenario's figures, and the last touch to every
table.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner.model.cost_terms import shown_in
from planner.model.solution import Solution
from planner.plan.layout import PlanTable
from planner.plan.periods import NO_PERIOD, periods_of
from planner.plan.rates import Rates, summed
from planner.scenario.calendar import Calendar

NOISE = 1e-9  # a hundredth of the solver's feasibility tolerance: below it a figure means nothing
WHOLE = {"period", "priority"}


@dataclass(frozen=True)
class Decisions:
    """The solver's values and costs by name, beside the rates they were decided under."""

    solution: Solution
    rates: Rates

    def of(self, variable: str) -> pd.DataFrame:
        """One variable: its index columns and its values, in a column named after it."""
        values = self.solution.values[variable]
        keys = [column for column in values.columns if column != "value"]
        return as_keyed(values.rename(columns={"value": variable}), keys, variable)

    def cost(self, term: str, keys: Sequence[str]) -> pd.DataFrame:
        """One cost term, added up over everything but the keys, in a column named `amount`."""
        amounts = self.solution.costs.get(term)
        if amounts is None or amounts.empty:
            return as_keyed(pd.DataFrame(columns=[*keys, "amount"]), list(keys), "amount")
        # A term may add up over several sets; only those that have all the keys belong here.
        with_keys = amounts.reindex(columns=[*keys, "amount"]).dropna(subset=list(keys))
        return summed(as_keyed(with_keys, list(keys), "amount"), list(keys), "amount")

    def with_costs(self, frame: pd.DataFrame, keys: list[str], *, table: str) -> pd.DataFrame:
        """The frame with the cost columns that are declared for the table; a missing row costs nothing."""
        for column, term in shown_in(table).items():
            frame = join(frame, self.cost(term, keys).rename(columns={"amount": column}), keys)
        return frame


def as_keyed(frame: pd.DataFrame, keys: list[str], measure: str) -> pd.DataFrame:
    """The keys and one measure with the types that all tables share: names as text, periods whole, measures
    floating.
    """
    types = {key: "int64" if key in WHOLE else "str" for key in keys}
    return frame[[*keys, measure]].astype({**types, measure: "float64"})


def rows_of(*frames: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Every combination of keys that occurs in any of the frames, once."""
    return pd.concat([frame[keys] for frame in frames], ignore_index=True).drop_duplicates(ignore_index=True)


def every_period(keys: pd.DataFrame, last: int) -> pd.DataFrame:
    """Each row of keys once for every period of the plan."""
    return keys.merge(pd.DataFrame({"period": np.arange(1, last + 1)}), how="cross")


def join(frame: pd.DataFrame, measures: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """The frame with the measures beside it; decisions and flows without a row are 0, because variables are
    sparse.
    """
    new = [column for column in measures.columns if column not in keys]
    if measures.empty:  # a feature that is off: most of them, in a small scenario
        return frame.reset_index(drop=True).assign(**dict.fromkeys(new, 0.0))
    joined = frame.merge(measures, on=keys, how="left", validate="one_to_one")
    return joined.assign(**{column: joined[column].fillna(0.0) for column in new})


def arriving(sent: pd.DataFrame, measures: dict[str, str], *, keys: list[str], last: int) -> pd.DataFrame:
    """What was sent, booked in the period `lead_time` later; `measures` renames it. What comes after the plan
    is left out.
    """
    arrival = sent.assign(period=sent["period"] + sent["lead_time"].fillna(0).astype("int64"))
    inside = arrival[arrival["period"] <= last].rename(columns=measures)
    return summed(inside, [*keys, "period"], *measures.values())


def with_arrival(table: pd.DataFrame, terms: pd.DataFrame, *, keys: list[str]) -> pd.DataFrame:
    """The table with the period in which what begins in each of its rows arrives; none where the terms have
    no row.
    """
    joined = table.merge(terms[[*keys, "lead_time"]], on=keys, how="left", validate="one_to_one")
    arrives = (joined["period"] + joined["lead_time"]).fillna(NO_PERIOD).astype("int64")
    return table.assign(arrives=arrives.to_numpy())


def total(frame: pd.DataFrame, keys: list[str], **measures: str) -> pd.DataFrame:
    """Sums of measures by key; `measures` gives each sum its new name."""
    renamed = frame[[*keys, *measures.values()]].rename(columns={old: new for new, old in measures.items()})
    return summed(renamed, keys, *measures)


def finish(frame: pd.DataFrame, table: PlanTable, calendar: Calendar) -> pd.DataFrame:
    """The declared columns in order, rows sorted by key, calendar periods instead of numbers, and no solver
    noise.
    """
    ordered = frame.sort_values(table.keys, ignore_index=True)
    return pd.DataFrame(
        {column.name: _cells(ordered[column.name], column.kind, calendar) for column in table.columns}
    )


def _cells(cells: pd.Series, kind: str, calendar: Calendar) -> pd.Series:
    if kind == "period":
        return periods_of(cells.to_numpy(np.int64), calendar)
    if kind == "number":
        values = cells.astype("float64")
        return values.mask(values.abs() < NOISE, 0.0)
    if kind == "rank":
        return cells.astype("Int64")
    return cells.astype("int64" if kind == "whole" else "str")
