"""What both sides answer for: the gap between promise and plan, what is earned, and how good the forecast
is.
"""

import pandas as pd

from planner.plan.kpis.registry import Figures, kpi
from planner.plan.kpis.sales import revenue
from planner.scenario.scope import covered, span_ends


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

    The average is weighted by demand. Absent where nothing in the scope of any target has a price.
    Source: S&OP gap analysis, plan against target.
    """
    targets = figures.tables["targets"]
    prices = [_average_price(figures, target) for target in targets["target"]]
    if not any(prices):
        return None
    worth = [1.0 if measure == "revenue" else price
             for measure, price in zip(targets["measure"], prices, strict=True)]
    return float((targets["shortfall"] * worth).sum())


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
    """Price of the demand that a target covers, every order at its own; a plain mean where there is none."""
    inside = _covered(figures, target)
    price, demand = figures.rates.demand_prices(inside), inside["demand"]
    weights = demand if demand.sum() > 0 else pd.Series(1.0, index=inside.index)
    return float((price * weights).sum() / weights.sum()) if len(inside) else 0.0


def _covered(figures: Figures, target: str) -> pd.DataFrame:
    """The rows of the sales table that lie in the scope and span of a target, periods numbered."""
    calendar, declared = figures.scenario.calendar, figures.scenario["sales_targets"]
    row = declared[declared["target"] == target]
    sales = figures.tables["sales"]
    numbered = sales.assign(period=calendar.number(sales["period"]))
    first, last = span_ends(row, calendar)
    in_span = numbered["period"].between(first[0], last[0])
    return numbered[in_span & covered(row.iloc[0], figures.scenario.groups.of(sales))]
