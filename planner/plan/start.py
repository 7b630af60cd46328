"""What a plan decided in whole numbers, by key, for the solve of another scenario to start from.

A plan that was read from files, or one of another shape (a rule more, an item less), leaves no place to go on
from. Its whole numbers are a start all the same.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from planner.plan.plan import Plan
from planner.scenario.calendar import Calendar
from planner.scenario.scenario import Scenario

# Each integer variable of the model that a plan shows: its table and column. The others (price tiers, minimum
# shipments) follow from the quantities, which stand last.
DECIDED = {
    "setup": ("production", "setups"), "carried": ("production", "carried"),
    "production_lots": ("production", "lots"), "family_setup": ("setup_families", "setups"),
    "ordered": ("sourcing", "orders"), "order_lots": ("sourcing", "lots"),
    "headcount": ("workforce", "headcount"), "vehicles": ("trips", "vehicles"),
    "bought": ("options", "bought"), "running": ("options", "running"), "stopped": ("maintenance", "stops"),
    "chosen": ("site_options", "chosen"), "site_open": ("sites", "open"),
    "purchased": ("sourcing", "purchased"), "production": ("production", "production"),
    "shipped": ("delivery", "shipped"),
}


def decided(plan: Plan, calendar: Calendar) -> Mapping[str, pd.DataFrame]:
    """Each integer variable and quantity that the plan shows: its key columns, `period` counted from the
    calendar's start, and `value`. Empty where the plan counts in other periods.
    """
    if plan.bucket != calendar.bucket:
        return {}
    return {name: _decided(plan.tables[table], column, calendar) for name, (table, column) in DECIDED.items()}


def line_of(scenario: Scenario) -> list[Path]:
    """The places of its bases, the nearest first."""
    places, source = [], scenario.written.parent
    while source is not None:
        if source.place is not None:
            places.append(source.place.resolve())
        source = source.parent
    return places


def is_limited(scenario: Scenario) -> bool:
    """Whether time or effort may end the search before the best plan is found."""
    solver = scenario.settings.solver
    return solver.time_limit is not None or solver.effort is not None


def start_among(plans: Sequence[Plan], scenario: Scenario) -> Plan | None:
    """The plan of its nearest base, where a limit may end the search; without one the best plan is found
    anyway.
    """
    if not is_limited(scenario):
        return None
    plan_at = {Path(plan.scenario_source): plan for plan in plans if plan.scenario_source}
    return next((plan_at[place] for place in line_of(scenario) if place in plan_at), None)


def _decided(table: pd.DataFrame, column: str, calendar: Calendar) -> pd.DataFrame:
    keys = [name for name in KEYS if name in table.columns]
    ordinals = pd.PeriodIndex(table["period"]).asi8 if len(table) else np.zeros(0, np.int64)
    values = table[column].to_numpy(float)
    frame = table[keys].assign(period=ordinals - calendar.start.ordinal + 1, value=values)
    rows: pd.DataFrame = frame[np.isfinite(values)]
    return rows


KEYS = ("item", "supplier", "site", "routing", "setup_family", "labor_pool", "origin", "destination", "mode",
        "option", "work_center", "site_option")
