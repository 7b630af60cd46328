"""How good past forecasts were, family by family, and what every step has added."""

from typing import TYPE_CHECKING

import pandas as pd

from planner.scenario.scenario import Scenario

if TYPE_CHECKING:
    from planner.demand.demand import Demand

LAGS = 3  # periods ahead that a meeting looks at
KEYS = ("item", "market", "origin", "period", "lag", "actual")
OURS, WHOLE_HORIZON = "planner", 0
SERIES, TOTAL, STEP_VALUE = "item and market", "total", "step_value"
COLUMNS = ["family", "period", "lag", "method", "actual", "forecast", "error"]


def accuracy(demand: "Demand", scenario: Scenario) -> pd.DataFrame:
    """ACCURACY: each method's forecasts of each period and lag, added up by family; the last step is what was
    planned on.
    """
    past = demand.past_forecasts
    near = past[(past["lag"] <= LAGS) & past["actual"].notna()] if len(past) else past
    methods = [name for name in near.columns if name not in KEYS and not _is_quantile(name)]
    if not len(near) or not methods:
        return pd.DataFrame({name: [] for name in COLUMNS})
    columns = {**{name: name for name in methods}, OURS: methods[-1]}
    family = near["item"].map(scenario.groups.family).fillna("")
    frames = [
        near[["period", "lag", "actual"]].assign(
            family=family, method=method, forecast=near[column], error=(near[column] - near["actual"]).abs()
        )
        for method, column in columns.items()
    ]
    return (
        pd.concat(frames, ignore_index=True)
        .groupby(["family", "period", "lag", "method"], as_index=False)[["actual", "forecast", "error"]]
        .sum()
    )


def value_added(demand: "Demand") -> pd.DataFrame:
    """VALUE_ADDED: what every step takes off the error, in the order of the steps."""
    record = demand.record
    steps = (
        record[(record["measure"] == STEP_VALUE) & (record["lag"] == WHOLE_HORIZON)]
        if len(record)
        else record
    )
    if not len(steps):
        return pd.DataFrame({"forecast_step": [], "of_series": [], "of_total": []})
    wide = steps.pivot(index="method", columns="level", values="value").reindex(
        columns=[SERIES, TOTAL], index=list(dict.fromkeys(steps["method"]))
    )
    return (
        wide.rename(columns={SERIES: "of_series", TOTAL: "of_total"})
        .rename_axis("forecast_step")
        .reset_index()
    )


def _is_quantile(name: str) -> bool:
    return name.startswith("q") and name[1:].isdigit()
