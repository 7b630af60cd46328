"""Sales targets against what is wanted and delivered in their scope."""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from planner.plan.rates import Rates, summed


def targets_table(rates: Rates, sales: pd.DataFrame) -> pd.DataFrame:
    """Every target with its demand, its deliveries and what is missing."""
    targets = rates.scenario["sales_targets"]
    first, last = span(rates, targets)
    counted = priced(rates, sales)
    sums = [
        scope_sums(target, counted) for target in targets.assign(first=first, last=last).to_dict("records")
    ]
    measured = pd.DataFrame(sums, columns=["demand", "delivered"], dtype="float64", index=targets.index)
    missing = (targets["quantity"] - measured["delivered"]).clip(lower=0.0)
    return targets[["target", "measure", "priority", "quantity"]].assign(
        **{
            "from": first,
            "to": last,
            "demand": measured["demand"],
            "delivered": measured["delivered"],
            "shortfall": missing,
        }
    )


def span(rates: Rates, targets: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Numbers of the first and last period that each target counts; a blank is the calendar's own."""
    number = rates.scenario.calendar.number
    first = pd.Series(number(targets["from"]), index=targets.index).where(targets["from"].notna(), 1)
    last = pd.Series(number(targets["to"]), index=targets.index).where(targets["to"].notna(), rates.last)
    return first, last


def priced(rates: Rates, sales: pd.DataFrame) -> pd.DataFrame:
    """Demand and deliveries by item and market in units and in money, with the family and region that targets
    name.
    """
    family = rates.scenario["items"].set_index("item")["family"]
    region = rates.scenario["markets"].set_index("market")["region"]
    delivered = sales["delivered_on_time"] + sales["delivered_late"]
    amounts = sales[["item", "market", "period"]].assign(
        demand_units=sales["demand"], delivered_units=delivered,
        demand_revenue=sales["demand"] * sales["price"], delivered_revenue=delivered * sales["price"])
    measures = ("demand_units", "delivered_units", "demand_revenue", "delivered_revenue")
    added = summed(amounts, ["item", "market", "period"], *measures)
    return added.assign(family=added["item"].map(family), region=added["market"].map(region))


def scope_sums(target: Mapping[Hashable, Any], counted: pd.DataFrame) -> tuple[float, float]:
    """What is wanted and what is delivered inside the scope and span of one target."""
    inside = counted["period"].between(target["first"], target["last"])
    for scope in ("item", "family", "market", "region"):
        if pd.notna(target[scope]):
            inside &= counted[scope] == target[scope]
    chosen = counted[inside]
    return float(chosen[f"demand_{target['measure']}"].sum()), float(
        chosen[f"delivered_{target['measure']}"].sum()
    )
