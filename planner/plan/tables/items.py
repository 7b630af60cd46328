"""What a plan repeats of its scenario, so that its files can be read without it: the items, and the year
before the plan.
"""

import pandas as pd

from planner.demand.runrate.returns import without_returns
from planner.scenario.scenario import Scenario

YEAR = {"month": 12, "week": 52}  # periods


def items_table(scenario: Scenario) -> pd.DataFrame:
    """Every item with its family, unit, price and standard cost."""
    items = scenario["items"][["item", "family", "unit", "price", "standard_cost"]]
    return items.assign(family=items["family"].fillna(""), unit=items["unit"].fillna(""))


def actuals_table(scenario: Scenario) -> pd.DataFrame:
    """What was ordered of each item for each period of the year before the plan, returns as the forecast has
    them; the revenue is blank where no order for the period has one.
    """
    calendar = scenario.calendar
    orders, _ = without_returns(scenario["order_history"], scenario.settings.forecast.returns)
    due = pd.to_datetime(orders["wanted"].fillna(orders["date"])).dt.to_period(calendar.freq)
    dated = orders.assign(period=calendar.number(due), ordered=orders["quantity"])
    past = dated[dated["period"].between(1 - YEAR[calendar.bucket], 0)]
    added = past.groupby(["item", "period"])[["ordered", "revenue"]].sum(min_count=1)
    return added.reset_index().astype({"item": "str", "ordered": "float64", "revenue": "float64"})
