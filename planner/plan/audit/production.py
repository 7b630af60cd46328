"""Audit of production: what is started, what comes out of it, and the hours of the work centers."""

import numpy as np
import pandas as pd

from planner.plan.audit.findings import Books, Finding, above, equal, equal_limit, impossible, rule
from planner.plan.rates import summed
from planner.scenario.keys import ROUTING, WORK_CENTER

CENTER_PERIOD = [*WORK_CENTER, "period"]
KEYS = [*ROUTING, "period"]


def _started(books: Books) -> pd.DataFrame:
    """Everything that is started, with the terms that hold then."""
    return books["production"].merge(books.rates.routings, on=KEYS, how="left", indicator="terms")


@rule
def routings_exist(books: Books) -> list[Finding]:
    """Only routings of the scenario are used, in periods in which they hold."""
    started = _started(books)
    return impossible(
        books,
        "production",
        started,
        found=started["production"],
        wrong=started["terms"] == "left_only",
        what="started, but there is no such routing then",
    )


@rule
def completions_follow_starts(books: Books) -> list[Finding]:
    """What is started is completed a lead time later, and the yield of the start decides what is lost."""
    started = _started(books)
    completed = started[started["terms"] == "both"]
    completed = pd.DataFrame(
        {
            **{key: completed[key] for key in ROUTING},
            "period": completed["period"] + completed["lead_time"].astype("int64"),
            "produced": completed["production"],
            "yield_loss": completed["production"] - completed["production"] * completed["yield_rate"],
        }
    )
    inside = completed[completed["period"] <= books.rates.last].pipe(summed, KEYS, "produced", "yield_loss")
    return [
        *equal(books, "production", "produced", inside),
        *equal(books, "production", "yield_loss", inside),
    ]


@rule
def routing_hours(books: Books) -> list[Finding]:
    """Every unit started takes the hours of all steps of its routing."""
    steps = books.scenario["routing_steps"].pipe(summed, ROUTING, "hours_per_unit")
    worked = books["production"].drop(columns="hours").merge(steps, on=ROUTING)
    return equal(
        books, "production", "hours", worked.assign(hours=worked["production"] * worked["hours_per_unit"])
    )


@rule
def routing_capacity(books: Books) -> list[Finding]:
    """What is started on a routing stays within the routing's capacity."""
    started = _started(books)
    return above(
        books,
        "production",
        started,
        found=started["production"],
        limit=started["capacity"],
        what="production",
    )


@rule
def production_cost(books: Books) -> list[Finding]:
    """Every unit started costs the unit cost of its routing."""
    started = _started(books)
    expected = started.assign(production_cost=started["production"] * started["unit_cost"])
    return equal(books, "production", "production_cost", expected, price="unit_cost")


@rule
def work_center_hours(books: Books) -> list[Finding]:
    """A work center has the scenario's hours, and effective hours and overtime after the OEE factors."""
    return [finding for column in ("available_hours", "effective_hours", "overtime_limit")
            for finding in equal_limit(books, "capacity", column, books.rates.work_centers)]


@rule
def work_center_load(books: Books) -> list[Finding]:
    """The load of a work center is the hours of all steps started and setups made on it and of the
    inspections that it does.
    """
    steps = books["production"][[*KEYS, "production"]].merge(books.scenario["routing_steps"], on=ROUTING)
    steps = steps.assign(load_hours=steps["production"] * steps["hours_per_unit"])
    where = books.scenario["inspections"].loc[
        lambda frame: frame["work_center"].notna(), ["item", "site", "work_center"]
    ]
    inspections = (
        books["quality"].merge(where, on=["item", "site"]).rename(columns={"inspection_hours": "load_hours"})
    )
    setups = _setup_load(books)
    load = pd.concat([steps, setups, inspections], ignore_index=True).pipe(
        summed, CENTER_PERIOD, "load_hours"
    )
    in_setups = setups.pipe(summed, CENTER_PERIOD, "load_hours").rename(columns={"load_hours": "setup_hours"})
    return [
        *equal(books, "capacity", "load_hours", load),
        *equal(books, "capacity", "setup_hours", in_setups),
    ]


def _setup_load(books: Books) -> pd.DataFrame:
    """The hours that setups of routings and families take, each on its work center."""
    own = books["production"].drop(columns="setup_hours").merge(books.rates.setup_steps, on=ROUTING)
    families = books.scenario["setup_families"].loc[lambda frame: frame["work_center"].notna()]
    shared = books["setup_families"].drop(columns="setup_hours").merge(
        families[["site", "setup_family", "work_center", "setup_hours"]], on=["site", "setup_family"])
    setups = pd.concat([own, shared], ignore_index=True)
    return setups.assign(load_hours=setups["setups"] * setups["setup_hours"])[[*CENTER_PERIOD, "load_hours"]]


@rule
def work_center_capacity(books: Books) -> list[Finding]:
    """The load of a work center stays within its effective hours, those of options, and overtime, less those
    of stops.
    """
    centers = _worked(books, "effective_hours")
    limit = (
        centers["effective_hours"]
        + centers["option_hours"]
        - centers["stop_hours"]
        + centers["overtime_hours"]
    )
    return above(books, "capacity", centers, found=centers["load_hours"], limit=limit, what="load_hours")


@rule
def overtime_limit(books: Books) -> list[Finding]:
    """Overtime stays within what is allowed after the OEE factors, and within the hours worked."""
    centers = _worked(books, "overtime_limit")
    worked = centers["overtime_hours"]
    return [
        *above(
            books, "capacity", centers, found=worked, limit=centers["overtime_limit"], what="overtime_hours"
        ),
        *above(books, "capacity", centers, found=worked, limit=centers["load_hours"], what="overtime_hours"),
    ]


@rule
def work_center_utilization(books: Books) -> list[Finding]:
    """Utilization is load over effective hours; blank where there are no limits or no hours."""
    centers = books["capacity"]
    usable = centers["effective_hours"] + centers["option_hours"] - centers["stop_hours"]
    hours = usable.where(usable > 0, np.nan)
    return equal_limit(
        books, "capacity", "utilization", centers.assign(utilization=centers["load_hours"] / hours)
    )


@rule
def work_center_costs(books: Books) -> list[Finding]:
    """Regular hours worked cost hour_cost, overtime hours overtime_hour_cost."""
    centers = _worked(books, "hour_cost", "overtime_hour_cost").rename(
        columns={"hour_cost": "regular_hour_cost"}
    )
    centers = centers.assign(
        hour_cost=centers["regular_hour_cost"] * (centers["load_hours"] - centers["overtime_hours"]),
        overtime_cost=centers["overtime_hour_cost"] * centers["overtime_hours"],
    )
    return [*equal(books, "capacity", "hour_cost", centers, price="regular_hour_cost"),
            *equal(books, "capacity", "overtime_cost", centers, price="overtime_hour_cost")]


def _worked(books: Books, *rates: str) -> pd.DataFrame:
    """Hours worked on every work center, beside some of its rates."""
    hours = books["capacity"][[*CENTER_PERIOD, "load_hours", "overtime_hours", "option_hours", "stop_hours"]]
    return hours.merge(books.rates.work_centers[[*CENTER_PERIOD, *rates]], on=CENTER_PERIOD, how="left")
