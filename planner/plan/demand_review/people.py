"""What people know and have changed: overrides, the pipeline, and what the data did not allow."""

from typing import TYPE_CHECKING

import pandas as pd

from planner.plan.rates import Rates
from planner.scenario.scenario import Scenario

if TYPE_CHECKING:
    from planner.demand.demand import Demand

MOST_DEALS = 20
MOST_OVERRIDES = 40


def overrides(demand: "Demand", scenario: Scenario) -> pd.DataFrame:
    """OVERRIDES: each series that somebody has changed, with the reason, by how much over which periods."""
    changed = demand.adjustments
    columns = ["item", "market", "family", "author", "reason", "from", "to", "before", "after"]
    if not len(changed):
        return pd.DataFrame({name: [] for name in columns})
    filled = changed.assign(
        author=changed["author"].fillna("").astype("str"),
        reason=changed["reason"].fillna("").astype("str"),
        family=changed["item"].map(scenario.groups.family).fillna(""),
    )
    by_reason = filled.groupby(["item", "market", "family", "author", "reason"], as_index=False).agg(
        **{
            "from": ("period", "min"),
            "to": ("period", "max"),
            "before": ("before", "sum"),
            "after": ("after", "sum"),
        }
    )
    size = (by_reason["after"] - by_reason["before"]).abs()
    return (
        by_reason.assign(size=size)
        .sort_values(["size", "item", "market"], ascending=[False, True, True])
        .head(MOST_OVERRIDES)
    )


def pipeline(demand: "Demand") -> pd.DataFrame:
    """PIPELINE: the figures of the whole pipeline, lead sources together."""
    kpis = demand.pipeline_kpis
    if not len(kpis):
        return pd.DataFrame({name: [] for name in ("kpi", "stage", "value", "low", "high", "unit")})
    whole = kpis[kpis["lead_source"].isna()]
    return whole.assign(stage=whole["stage"].fillna("").astype("str"))


def deals(demand: "Demand", scenario: Scenario) -> pd.DataFrame:
    """DEALS: the open deals that bring most, with the chance that they are won in the periods planned."""
    listed = demand.deals
    columns = ["opportunity", "item", "market", "period", "chance", "quantity", "value"]
    if not len(listed):
        return pd.DataFrame({name: [] for name in columns})
    keys = ["opportunity", "item", "market"]
    likeliest = (
        listed.sort_values(["chance", "period"], ascending=[False, True])
        .groupby(keys, as_index=False)[["period", "quantity"]]
        .first()
    )
    chance = listed.groupby(keys, as_index=False)["chance"].sum()
    expected = likeliest.merge(chance, on=keys, validate="one_to_one")
    numbered = expected.assign(period=scenario.calendar.number(expected["period"]))
    price = Rates(scenario).list_prices(numbered).astype("float64").fillna(0.0).to_numpy()
    valued = expected.assign(value=expected["quantity"] * price, chance=expected["chance"].clip(upper=1.0))
    weight = valued["chance"] * valued["value"].where(valued["value"] > 0, valued["quantity"])
    return (
        valued.assign(weight=weight)
        .sort_values(["weight", "opportunity"], ascending=[False, True])
        .head(MOST_DEALS)[columns]
    )


def notes(demand: "Demand") -> pd.DataFrame:
    """NOTES: one row each."""
    return pd.DataFrame({"note": list(demand.notes)}, dtype="object")
