"""What both sides answer for: the gap between promise and plan, what is earned, and how good the forecast
is.
"""

import pandas as pd

from planner.plan.kpis.registry import Figures, kpi
from planner.plan.kpis.sales import revenue


@kpi(unit="units", side="both", better="lower")
def gap_to_target_units(figures: Figures) -> float | None:
    """Units missing to the sales targets that count units.

        sum of shortfall over targets in units; targets that overlap count each for itself

    Source: S&OP gap analysis, plan against sales target.
    """
    targets = figures.tables["targets"]
    counted = targets[targets["measure"] == "units"]
    return float(counted["shortfall"].sum()) if len(counted) else None


@kpi(unit="currency", side="both", better="lower", basis="scenario")
def gap_to_target_money(figures: Figures) -> float | None:
    """What the missing units and money of all sales targets are worth.

        sum of shortfall of targets in revenue + sum of shortfall * average price in the target's scope, of
            targets in units

    The average is weighted by demand. Absent where nothing has a price. Source: S&OP gap analysis, plan
    against target.
    """
    targets, sales = figures.tables["targets"], figures.tables["sales"]
    if targets.empty or not (sales["price"] > 0).any():
        return None
    worth = zip(targets["target"], targets["measure"], strict=True)
    price = [1.0 if measure == "revenue" else _average_price(figures, target) for target, measure in worth]
    return float((targets["shortfall"] * price).sum())


@kpi(unit="currency", side="both", better="higher")
def margin(figures: Figures) -> float | None:
    """Revenue less everything that the plan costs.

        revenue - total cost

    Source: contribution margin of the plan.
    """
    earned = revenue(figures)
    return None if earned is None else earned - float(figures.tables["costs"]["amount"].sum())


@kpi(unit="0 to 1", side="both", better="higher", basis="past")
def forecast_accuracy(figures: Figures) -> float | None:
    """How close past forecasts came, by item and market: 1 less the weighted absolute percentage error.

        1 - mean over lags of (sum of |forecast - actual| / sum of actual)

    Below 0 where the errors are larger than the demand. Source: ASCM Supply Chain Dictionary, forecast
    accuracy (1 - WAPE).
    """
    error = _recorded(figures, "wape")
    return None if error is None else 1.0 - error


@kpi(unit="0 to 1", side="both", better="zero", basis="past")
def forecast_bias(figures: Figures) -> float | None:
    """By which share past forecasts were too high (above 0) or too low (below 0), by item and market.

        mean over lags of (sum of forecast - actual) / sum of actual

    Source: ASCM Supply Chain Dictionary, bias.
    """
    return _recorded(figures, "bias")


def _recorded(figures: Figures, measure: str) -> float | None:
    record = figures.tables["forecast_record"]
    chosen = record[(record["level"] == "item and market") & (record["measure"] == measure)
                    & (record["method"] == "planner") & (record["lag"] > 0)]
    return float(chosen["value"].mean()) if len(chosen) else None


def _average_price(figures: Figures, target: str) -> float:
    """Price of the units that a target covers: weighted by demand, or plain where nothing is wanted."""
    sales = figures.tables["sales"]
    covered = sales[_covered(figures, target)]
    weights = covered["demand"] if covered["demand"].sum() > 0 else pd.Series(1.0, index=covered.index)
    return float((covered["price"] * weights).sum() / weights.sum()) if len(covered) else 0.0


def _covered(figures: Figures, target: str) -> pd.Series:
    """Which rows of the sales table lie in the scope and span of a target."""
    sales, scenario = figures.tables["sales"], figures.scenario
    rule = scenario["sales_targets"].set_index("target").loc[target]
    scopes = {
        "item": sales["item"], "market": sales["market"],
        "family": sales["item"].map(scenario["items"].set_index("item")["family"]),
        "region": sales["market"].map(scenario["markets"].set_index("market")["region"]),
    }
    covered = pd.Series(True, index=sales.index)
    for scope, values in scopes.items():
        if pd.notna(rule[scope]):
            covered &= values == rule[scope]
    if pd.notna(rule["from"]):
        covered &= sales["period"] >= rule["from"]
    if pd.notna(rule["to"]):
        covered &= sales["period"] <= rule["to"]
    return covered
