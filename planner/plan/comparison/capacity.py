"""How full work centers and labor pools are in each plan."""

from collections.abc import Sequence

import pandas as pd

from planner.plan.comparison.layout import UTILIZATION
from planner.plan.comparison.service import each
from planner.plan.plan import Plan

FULL = 0.9999  # a utilization from which a resource counts as full
NOTHING = 1e-6  # hours
KEYS = ["kind", "site", "resource"]


def utilization_table(plans: Sequence[Plan], names: Sequence[str]) -> pd.DataFrame:
    """UTILIZATION: the fullest resource of the first plan first."""
    rows = each(plans, names, _utilization)
    rank = rows[rows["plan"] == names[0]].sort_values(["average", *KEYS], ascending=[False, True, True, True])
    order = {tuple(key): place for place, key in enumerate(rank[KEYS].to_numpy().tolist())}
    place = [order.get(tuple(key), len(order)) for key in rows[KEYS].to_numpy().tolist()]
    ranked = rows.assign(place=place).sort_values(["place", *KEYS], kind="stable", ignore_index=True)
    return ranked[UTILIZATION.names]


def _utilization(plan: Plan) -> pd.DataFrame:
    """One row for each resource with limited hours."""
    hours = _hours(plan)
    limited = hours[hours["capacity"].notna()]
    load = (limited["hours"] / limited["capacity"].where(limited["capacity"] > NOTHING)).astype("float64")
    rated = limited.assign(load=load, full=load >= FULL)
    added = rated.groupby(KEYS, as_index=False).agg(
        hours=("hours", "sum"), capacity=("capacity", "sum"), overtime=("overtime", "sum"),
        peak=("load", "max"), full=("full", "sum"))
    average = (added["hours"] / added["capacity"].where(added["capacity"] > NOTHING)).astype("float64")
    return added.assign(average=average.fillna(0.0), peak=added["peak"].fillna(0.0))


def _hours(plan: Plan) -> pd.DataFrame:
    """Hours worked, regular capacity and overtime of every work center and labor pool by period."""
    centers, pools = plan.tables["capacity"], plan.tables["workforce"]
    capacity = centers["effective_hours"] + centers["option_hours"] - centers["stop_hours"]
    of_centers = centers.assign(kind="work center", resource=centers["work_center"], capacity=capacity,
                                hours=centers["load_hours"], overtime=centers["overtime_hours"])
    of_pools = pools.assign(kind="labor pool", resource=pools["labor_pool"], capacity=pools["regular_hours"],
                            hours=pools["hours_used"], overtime=pools["overtime_hours"])
    columns = [*KEYS, "hours", "capacity", "overtime"]
    parts = [part[columns] for part in (of_centers, of_pools) if len(part)]
    return pd.concat(parts or [of_centers[columns]], ignore_index=True)
