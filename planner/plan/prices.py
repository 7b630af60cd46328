"""Marginal values of limits, as raw prices of the solver: of money in the last pass, of service before it."""

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from planner.plan.plan import Plan


def money_prices(plan: "Plan") -> pd.DataFrame:
    """What one more unit of each limit saves at the same service level: the prices of the last pass."""
    return plan.tables["shadow_prices"][~_is_of_service(plan)]


def service_prices(plan: "Plan") -> pd.DataFrame:
    """What one more unit of each limit serves, goal by goal: the prices of the passes before the last one."""
    return plan.tables["shadow_prices"][_is_of_service(plan)]


def _is_of_service(plan: "Plan") -> "pd.Series[bool]":
    return plan.tables["shadow_prices"]["pass"].isin([step.name for step in plan.passes[:-1]])
