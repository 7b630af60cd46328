"""Marginal values of limits, as raw prices of the solver: of money in the last pass, of service before it."""

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from planner.plan.plan import Plan

LEFT_OUT = ("Marginal values are left out: they are those of the best plan, and this one is not proven to be "
            "it.")


def money_prices(plan: "Plan") -> pd.DataFrame:
    """What one more unit of each limit saves at the same service level: the prices of the last pass."""
    prices = _prices(plan)
    return prices[~_is_of_service(plan, prices)]


def service_prices(plan: "Plan") -> pd.DataFrame:
    """What one more unit of each limit serves, goal by goal: the prices of the passes before the last one."""
    prices = _prices(plan)
    return prices[_is_of_service(plan, prices)]


def _prices(plan: "Plan") -> pd.DataFrame:
    """All marginal values; none of a plan that is not proven."""
    table = plan.tables["shadow_prices"]
    return table if plan.is_proven else table.iloc[:0]


def _is_of_service(plan: "Plan", prices: pd.DataFrame) -> "pd.Series[bool]":
    return prices["pass"].isin([step.name for step in plan.passes[:-1]])
