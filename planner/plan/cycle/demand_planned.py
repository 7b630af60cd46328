"""The demand that a cycle has agreed to plan on: kept beside the decision, so that later months can say how
good it was, and whether overrides made it better.
"""

from pathlib import Path

import pandas as pd

from planner.csv_tables import csv_text
from planner.demand.record.backtest import LAGS
from planner.errors import CycleError
from planner.plan.cycle.actuals import as_periods
from planner.plan.cycle.files import FORECAST
from planner.plan.cycle.inputs import read_texts
from planner.plan.plan import Plan
from planner.plan.rates import summed
from planner.scenario.calendar import Bucket
from planner.scenario.scenario import Scenario
from planner.writing import write_text

KEYS = ["item", "market", "period"]
COLUMNS = (*KEYS, "planned", "without_overrides")
DECIMALS = 6


def save_forecast(folder: Path, plan: Plan, scenario: Scenario) -> None:
    """The cycle's folder says how much demand the plan expects of each item in each market in its first
    periods, and how much it would have been without overrides.
    """
    frame = planned_demand(plan, scenario)
    labelled = frame.assign(period=plan.calendar.labels(frame["period"]))
    write_text(folder / FORECAST, csv_text(labelled.round(DECIMALS)))


def planned_demand(plan: Plan, scenario: Scenario) -> pd.DataFrame:
    """Demand of the first periods, those that are judged later: item, market, period, planned,
    without_overrides; in units.
    """
    demand = plan.tables["demand"]
    near = demand[plan.calendar.number(demand["period"]) <= LAGS]
    planned = summed(near, KEYS, "quantity").rename(columns={"quantity": "planned"})
    changed = _changed_by_overrides(scenario)
    compared = planned.merge(changed, on=KEYS, how="left", validate="one_to_one")
    without = (compared["planned"] - compared["changed"].fillna(0.0)).clip(lower=0.0)
    return compared.assign(without_overrides=without)[list(COLUMNS)]


def _changed_by_overrides(scenario: Scenario) -> pd.DataFrame:
    """By how much overrides have changed the demand: item, market, period, changed."""
    if not len(scenario["forecast_overrides"]):
        return pd.DataFrame({name: [] for name in (*KEYS, "changed")}).astype(
            {"item": object, "market": object, "period": object, "changed": float})
    from planner.demand.demand import make_demand  # statistics, which nobody else needs

    rows = make_demand(scenario).adjustments
    rows = rows.assign(changed=rows["after"].astype(float) - rows["before"].astype(float))
    return summed(rows, KEYS, "changed")


def forecast_of(folder: Path, bucket: Bucket) -> pd.DataFrame:
    """The demand that the cycle in the folder was planned on; nothing where it has no decision. CycleError
    names a file that cannot be read.
    """
    file = folder / FORECAST
    nothing = pd.DataFrame({name: pd.Series(dtype="str") for name in COLUMNS})
    frame = read_texts(file, COLUMNS) if file.is_file() else nothing
    try:
        figures = frame.astype({"planned": float, "without_overrides": float})
        return figures.assign(period=as_periods(frame["period"], bucket))
    except ValueError as error:
        raise CycleError(f"{file}: {error}") from None
