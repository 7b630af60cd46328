"""Audit of workforce: workers, their comings and goings, their hours and their pay."""

import pandas as pd

from planner.plan.audit.findings import Books, Finding, above, below, equal, impossible, rule
from planner.plan.rates import summed
from planner.scenario.keys import LABOR_POOL

KEYS = [*LABOR_POOL, "period"]


def _pools(books: Books) -> pd.DataFrame:
    """Every pool and period with the terms that hold."""
    return books["workforce"].merge(books.rates.pools, on=KEYS, how="left", indicator="terms")


@rule
def pools_exist(books: Books) -> list[Finding]:
    """Only pools of the scenario have workers, in periods in which they hold."""
    pools = _pools(books)
    return impossible(
        books,
        "workforce",
        pools,
        found=pools["headcount"],
        wrong=pools["terms"] == "left_only",
        what="workers, but there is no such pool then",
    )


@rule
def opening_headcount(books: Books) -> list[Finding]:
    """The first period opens with the scenario's headcount, every other one with the headcount before it."""
    before = books["workforce"].assign(
        period=books["workforce"]["period"] + 1, opening_headcount=books["workforce"]["headcount"]
    )
    first = (
        books.scenario.states("labor_pools")
        .assign(period=1)
        .rename(columns={"headcount": "opening_headcount"})
    )
    expected = pd.concat([first, before], ignore_index=True)[[*KEYS, "opening_headcount"]]
    pools = expected.merge(books.rates.pools[KEYS], on=KEYS)
    return equal(books, "workforce", "opening_headcount", pools)


@rule
def headcount_balance(books: Books) -> list[Finding]:
    """Workers are those before, less attrition, plus those hired, less those let go."""
    pools = _pools(books)
    leaving = pools["opening_headcount"] * pools["attrition_rate"]
    balance = pools["opening_headcount"] - leaving + pools["hired"] - pools["separated"]
    return [*equal(books, "workforce", "attrition", pools.assign(attrition=leaving)),
            *equal(books, "workforce", "headcount", pools.assign(headcount=balance))]


@rule
def crew_hours(books: Books) -> list[Finding]:
    """The hours that crews work are the load of their work centers times the crew size."""
    crews = books.rates.work_centers[["site", "work_center", "period", "labor_pool", "crew_size"]]
    worked = books["capacity"].merge(crews[crews["labor_pool"].notna()], on=["site", "work_center", "period"])
    worked = worked.assign(hours_used=worked["load_hours"] * worked["crew_size"])
    return equal(books, "workforce", "hours_used", worked.pipe(summed, KEYS, "hours_used"))


@rule
def labor_hours(books: Books) -> list[Finding]:
    """Crews work no more than the regular hours of the workers and their overtime."""
    pools = _pools(books)
    regular = pools["headcount"] * pools["hours_per_worker"]
    limit = regular + pools["overtime_hours"]
    return [*equal(books, "workforce", "regular_hours", pools.assign(regular_hours=regular)),
            *above(books, "workforce", pools, found=pools["hours_used"], limit=limit, what="hours_used")]


@rule
def labor_overtime_limit(books: Books) -> list[Finding]:
    """Overtime stays within what each worker may work."""
    pools = _pools(books)
    limit = pools["headcount"] * pools["overtime_hours_per_worker"]
    return above(books, "workforce", pools, found=pools["overtime_hours"], limit=limit, what="overtime_hours")


@rule
def headcount_limits(books: Books) -> list[Finding]:
    """Headcount and hires stay within the limits of the pool."""
    pools = _pools(books)
    return [
        *below(
            books,
            "workforce",
            pools,
            found=pools["headcount"],
            limit=pools["min_headcount"],
            what="headcount",
        ),
        *above(
            books,
            "workforce",
            pools,
            found=pools["headcount"],
            limit=pools["max_headcount"],
            what="headcount",
        ),
        *above(books, "workforce", pools, found=pools["hired"], limit=pools["max_hires"], what="hired"),
    ]


@rule
def workforce_costs(books: Books) -> list[Finding]:
    """Workers are paid used or not, overtime by the hour, hiring and separation by the worker."""
    findings = []
    priced = {
        "wages": ("headcount", "wage"),
        "overtime_cost": ("overtime_hours", "overtime_wage"),
        "hire_cost": ("hired", "price_of_hiring"),
        "separation_cost": ("separated", "price_of_separation"),
    }
    rates = books.rates.pools.rename(
        columns={"hire_cost": "price_of_hiring", "separation_cost": "price_of_separation"}
    )
    pools = books["workforce"][[*KEYS, "headcount", "overtime_hours", "hired", "separated"]].merge(
        rates, on=KEYS, how="left"
    )
    for column, (measure, price) in priced.items():
        findings += equal(
            books, "workforce", column, pools.assign(**{column: pools[measure] * pools[price]}), price=price
        )
    return findings
