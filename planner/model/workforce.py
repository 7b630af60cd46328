"""Workforce: workers of each pool, hired, let go and leaving, and the hours they can work."""

from typing import Any

import numpy as np
import pandas as pd
import pyomo.environ as pyo

from planner.model.compiler.columnar import BLANK
from planner.model.compiler.declare import Columnar
from planner.model.network import Reader
from planner.model.rules import constraint, cost
from planner.scenario.keys import LABOR_POOL

RATES = (
    "hours_per_worker",
    "overtime_hours_per_worker",
    "wage",
    "overtime_wage",
    "hire_cost",
    "separation_cost",
)


def declare_workforce(declare: Columnar, read: Reader) -> None:
    """Every pool in every period, with what its workers cost and can do."""
    pools = _pools(read)
    opening = read.states("labor_pools").assign(period=0)
    declare.set("pool_periods", pools, [*LABOR_POOL, "period"])
    declare.set("pool_openings", opening, [*LABOR_POOL, "period"])
    declare.param("labor_pool_opening_headcount", "pool_openings", opening["headcount"])
    declare.set("pool_states", pd.concat([opening, pools], ignore_index=True), [*LABOR_POOL, "period"])
    declare.variable("headcount", "pool_states", whole=_whole(read, opening, pools))
    for variable in ("hired", "separated", "labor_overtime"):
        declare.variable(variable, "pool_periods")
    for rate in RATES:
        declare.param(f"labor_pool_{rate}", "pool_periods", pools[rate])
    declare.param("staying_share", "pool_periods", 1.0 - pools["attrition_rate"])
    for bound in ("min_headcount", "max_headcount", "max_hires"):
        bounded = pools[pools[bound].notna() & ((pools[bound] > 0) | (bound != "min_headcount"))]
        declare.set(f"{bound}_pools", bounded, [*LABOR_POOL, "period"])
        declare.param(f"labor_pool_{bound}", f"{bound}_pools", bounded[bound])
    _declare_crews(declare, read)


def _pools(read: Reader) -> pd.DataFrame:
    """Every pool in every period; where none of its rows holds, its workers neither work nor are paid."""
    pools = read.every_period("labor_pools", LABOR_POOL)
    absent = pools["hours_per_worker"].isna()
    return pools.assign(**{rate: pools[rate].mask(absent, 0.0) for rate in (*RATES, "attrition_rate")})


def _whole(read: Reader, opening: pd.DataFrame, pools: pd.DataFrame) -> pd.Series:
    """Which headcounts are whole numbers: all but the opening ones of the pools that employ whole workers
    only.
    """
    pool_rows = read.rows("labor_pools")
    choosing = pool_rows.loc[read.scenario["labor_pools"]["whole_workers"].to_numpy() == "yes", LABOR_POOL]
    whole = pd.MultiIndex.from_frame(pools[LABOR_POOL]).isin(pd.MultiIndex.from_frame(choosing))
    return pd.Series(np.concatenate([np.zeros(len(opening), bool), whole]))


def _declare_crews(declare: Columnar, read: Reader) -> None:
    centers = read.by_period("work_centers")
    crewed = centers[(centers["labor_pool"] != BLANK) & (centers["crew_size"] > 0)].astype(
        {"period": np.int64}
    )
    declare.set("crews", crewed, ["site", "work_center", "period"])
    declare.param("crew_size", "crews", crewed["crew_size"])
    declare.group("crewed_by", "pool_periods", crewed, by=[*LABOR_POOL, "period"], members=["work_center"])


@constraint("pool_openings")
def opening_headcount(m: pyo.ConcreteModel, site: Any, labor_pool: Any, period: Any) -> Any:
    """The plan starts with the workers there are.

        headcount before the first period = headcount of the scenario

    Unit: workers. Shadow price: cost of one more worker at the start.
    """
    return m.headcount[site, labor_pool, period] == m.labor_pool_opening_headcount[site, labor_pool, period]


@constraint("pool_periods")
def headcount_balance(m: pyo.ConcreteModel, site: Any, labor_pool: Any, period: Any) -> Any:
    """Workers are those of the period before, less attrition, plus those hired, less those let go.

        headcount = headcount before * (1 - attrition_rate) + hired - separated

    Unit: workers. Shadow price: cost of one more worker given.
    """
    staying = m.staying_share[site, labor_pool, period] * m.headcount[site, labor_pool, period - 1]
    return (m.headcount[site, labor_pool, period]
            == staying + m.hired[site, labor_pool, period] - m.separated[site, labor_pool, period])


@constraint("pool_periods")
def labor_hours(m: pyo.ConcreteModel, site: Any, labor_pool: Any, period: Any) -> Any:
    """The crews of all work centers of a pool work no more hours than its workers have.

        sum over work centers: crew_size * load <= hours_per_worker * headcount + labor_overtime

    Unit: hours. Shadow price: cost saved by one more hour of labor.
    """
    worked = sum(m.crew_size[site, work_center, period] * m.load_hours[site, work_center, period]
                 for work_center in m.crewed_by[site, labor_pool, period])
    regular = m.labor_pool_hours_per_worker[site, labor_pool, period] * m.headcount[site, labor_pool, period]
    return worked <= regular + m.labor_overtime[site, labor_pool, period]


@constraint("pool_periods")
def labor_overtime_limit(m: pyo.ConcreteModel, site: Any, labor_pool: Any, period: Any) -> Any:
    """Overtime of a pool stays within what each worker may work.

        labor_overtime <= overtime_hours_per_worker * headcount

    Unit: hours. Shadow price: cost saved by one more hour of overtime.
    """
    allowed = (m.labor_pool_overtime_hours_per_worker[site, labor_pool, period]
               * m.headcount[site, labor_pool, period])
    return m.labor_overtime[site, labor_pool, period] <= allowed


@constraint("min_headcount_pools")
def min_headcount(m: pyo.ConcreteModel, site: Any, labor_pool: Any, period: Any) -> Any:
    """A pool never falls below its minimum headcount.

        headcount >= min_headcount

    Unit: workers. Shadow price: cost saved by one worker less required.
    """
    return m.headcount[site, labor_pool, period] >= m.labor_pool_min_headcount[site, labor_pool, period]


@constraint("max_headcount_pools")
def max_headcount(m: pyo.ConcreteModel, site: Any, labor_pool: Any, period: Any) -> Any:
    """A pool never grows beyond its maximum headcount.

        headcount <= max_headcount

    Unit: workers. Shadow price: cost saved by one worker more allowed.
    """
    return m.headcount[site, labor_pool, period] <= m.labor_pool_max_headcount[site, labor_pool, period]


@constraint("max_hires_pools")
def max_hires(m: pyo.ConcreteModel, site: Any, labor_pool: Any, period: Any) -> Any:
    """No more workers are hired in a period than can be.

        hired <= max_hires

    Unit: workers. Shadow price: cost saved by one more hire allowed.
    """
    return m.hired[site, labor_pool, period] <= m.labor_pool_max_hires[site, labor_pool, period]


@cost("pool_periods")
def wages(m: pyo.ConcreteModel, site: Any, labor_pool: Any, period: Any) -> Any:
    """Wages of every worker, used or not."""
    return m.labor_pool_wage[site, labor_pool, period] * m.headcount[site, labor_pool, period]


@cost("pool_periods")
def labor_overtime(m: pyo.ConcreteModel, site: Any, labor_pool: Any, period: Any) -> Any:
    """Overtime wages."""
    return m.labor_pool_overtime_wage[site, labor_pool, period] * m.labor_overtime[site, labor_pool, period]


@cost("pool_periods")
def hiring(m: pyo.ConcreteModel, site: Any, labor_pool: Any, period: Any) -> Any:
    """Cost of hiring."""
    return m.labor_pool_hire_cost[site, labor_pool, period] * m.hired[site, labor_pool, period]


@cost("pool_periods")
def separation(m: pyo.ConcreteModel, site: Any, labor_pool: Any, period: Any) -> Any:
    """Cost of letting workers go."""
    return m.labor_pool_separation_cost[site, labor_pool, period] * m.separated[site, labor_pool, period]
