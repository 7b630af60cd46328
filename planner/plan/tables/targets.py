"""Sales targets against the demand and the deliveries in their scope."""

import pandas as pd

from planner.plan.rates import Rates
from planner.scenario.scope import covered, span_ends


def targets_table(rates: Rates, sales: pd.DataFrame) -> pd.DataFrame:
    """Every target with its demand, its deliveries and what is missing."""
    targets = rates.scenario["sales_targets"]
    first, last = span_ends(targets, rates.scenario.calendar)
    scope_names, worth = rates.scenario.groups.of(sales), counted(rates, sales)
    sums = []
    for position, target in enumerate(targets.to_dict("records")):
        inside = covered(target, scope_names) & sales["period"].between(first[position], last[position])
        measure = target["measure"]
        sums.append((worth.loc[inside, f"demand_{measure}"].sum(),
                     worth.loc[inside, f"delivered_{measure}"].sum()))
    measured = pd.DataFrame(sums, columns=["demand", "delivered"], dtype="float64", index=targets.index)
    missing = (targets["quantity"] - measured["delivered"]).clip(lower=0.0)
    spans = pd.DataFrame({"from": first, "to": last}, index=targets.index)
    declared = targets[["target", "measure", "priority", "quantity"]].join(spans)
    return declared.assign(
        demand=measured["demand"], delivered=measured["delivered"], shortfall=missing)


def counted(rates: Rates, sales: pd.DataFrame) -> pd.DataFrame:
    """Demand and deliveries of each row of the sales table in units and in money, every order at its own
    price.
    """
    return pd.DataFrame({
        "demand_units": sales["demand"],
        "demand_revenue": sales["demand"] * rates.demand_prices(sales),
        "delivered_units": sales["delivered_on_time"] + sales["delivered_late"],
        "delivered_revenue": sales["revenue"]})
