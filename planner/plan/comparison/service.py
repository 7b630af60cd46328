"""What customers get in each plan: by family and period, by target, and by customer."""

from collections.abc import Callable, Sequence

import pandas as pd

from planner.plan.comparison.layout import CUSTOMERS, SERVICE, TARGETS
from planner.plan.orders import customers_of
from planner.plan.plan import Plan

NOTHING = 1e-6  # units: the solver's rounding
TableOf = Callable[[Plan], pd.DataFrame]
FATES = {"demand": "demand", "delivered_on_time": "on_time", "delivered_late": "late", "lost": "lost"}


def service_table(plans: Sequence[Plan], names: Sequence[str]) -> pd.DataFrame:
    """SERVICE: demand and what becomes of it, by plan, family and period."""
    return each(plans, names, _service)[SERVICE.names]


def _service(plan: Plan) -> pd.DataFrame:
    sales = plan.tables["sales"]
    family = sales["item"].map(family_of(plan))
    added = sales.assign(family=family).groupby(["family", "period"], as_index=False)[list(FATES)].sum()
    renamed = added.rename(columns=FATES)
    share = renamed["on_time"] / renamed["demand"].where(renamed["demand"] > NOTHING)
    return renamed.assign(fill_rate=share.astype("float64"))


def family_of(plan: Plan) -> dict[str, str]:
    """The family of each item; an item without one stands for itself."""
    items = plan.tables["items"]
    names = pd.Series(items["item"].to_numpy(), index=items["item"], dtype="str")
    families = names.where(items["family"].eq("").to_numpy(), items["family"].to_numpy())
    return {str(item): str(family) for item, family in families.items()}


def targets_table(plans: Sequence[Plan], names: Sequence[str]) -> pd.DataFrame:
    """TARGETS: each sales target in each plan, the most important first."""
    rows = each(plans, names, lambda plan: plan.tables["targets"])
    attainment = 1.0 - rows["shortfall"] / rows["quantity"].where(rows["quantity"] > 0)
    return rows.assign(attainment=attainment.fillna(1.0).astype("float64"))[TARGETS.names]


def customers_table(plans: Sequence[Plan], names: Sequence[str]) -> pd.DataFrame:
    """CUSTOMERS: those whose demand is late or lost in any plan, most money first."""
    rows = each(plans, names, customers_of)
    keys = ["customer", "market", "demand_class"]
    if rows.empty:  # pandas does not merge columns of text without any row
        return pd.DataFrame(columns=CUSTOMERS.names)
    rows = rows.assign(late_value=rows["late_value"] + rows["overdue_value"],
                       missing=rows[["late", "overdue", "lost"]].sum(axis="columns"))
    worst = rows.groupby(keys, as_index=False)[["missing", "lost_value", "late_value"]].max()
    hurt = worst[worst["missing"] > NOTHING].sort_values(
        ["lost_value", "late_value", "missing", *keys], ascending=[False] * 3 + [True] * 3, ignore_index=True)
    ranked = hurt[keys].assign(rank=hurt.index).merge(
        rows, on=keys, how="left", validate="one_to_many")
    return ranked.sort_values("rank", kind="stable", ignore_index=True)[CUSTOMERS.names]


def each(plans: Sequence[Plan], names: Sequence[str], table_of: TableOf) -> pd.DataFrame:
    """The tables of all plans below each other, the plan's heading in `plan`."""
    frames = [table_of(plan).assign(plan=name) for plan, name in zip(plans, names, strict=True)]
    return pd.concat([frame for frame in frames if len(frame)] or frames[:1], ignore_index=True)
