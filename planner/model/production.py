"""Production: what is started on which routing, and the hours it takes on the work centers."""

from typing import Any

import numpy as np
import pandas as pd
import pyomo.environ as pyo

from planner.model.big_m import Requirements, agreed_at_least
from planner.model.compiler.declare import Columnar
from planner.model.network import Flows, Reader, within
from planner.model.production_lots import declare_setups, setup_time
from planner.model.production_options import option_hours
from planner.model.quality import good_share
from planner.model.rules import constraint, cost
from planner.model.sites import optional_sites
from planner.scenario.flows import FLOWS
from planner.scenario.keys import ROUTING, WORK_CENTER


def declare_production(declare: Columnar, read: Reader, flows: Flows, needs: Requirements) -> None:
    """Every start that completes within the horizon, what it uses and the hours there are."""
    starts = _starts(read, flows)
    declare.set("starts", starts, [*ROUTING, "start"])
    declare.variable("production", "starts")
    declare.param("routing_unit_cost", "starts", starts["unit_cost"])
    capped = starts[starts["capacity"].notna()].rename(columns={"start": "period"})
    declare.set("capped_routings", capped, [*ROUTING, "period"])
    declare.param("routing_capacity_of", "capped_routings", capped["capacity"])
    _declare_completions(declare, starts)
    _declare_components(declare, flows, starts)
    _declare_hours(declare, read, starts)
    useful = _maximum_started(read, starts, needs)
    starts["maximum"] = agreed_at_least(read, FLOWS["production"], starts, useful)
    declare_setups(declare, read, starts)
    optional = starts[starts["site"].isin(optional_sites(read))]
    declare.set("optional_starts", optional, [*ROUTING, "start"])
    declare.param("maximum_if_open", "optional_starts", optional["maximum"])


def _starts(read: Reader, flows: Flows) -> pd.DataFrame:
    starts = read.by_period("routings").rename(columns={"period": "start"})
    starts["arrival"] = starts["start"] + starts["lead_time"].astype(np.int64)
    useful = within(starts, flows.stock_points) & (starts["arrival"] <= read.last)
    return good_share(read, starts[useful].reset_index(drop=True))


def _maximum_started(read: Reader, starts: pd.DataFrame, needs: Requirements) -> pd.Series:
    """The maximum of a start that could be of use: what is needed, what the routing takes, what the hours
    allow.
    """
    if not needs.bounding:
        return pd.Series(np.inf, index=starts.index)
    good = starts["yield_rate"] * (1.0 - starts["scrapped_by_inspection"])
    needed = needs.from_period(starts["item"], starts["arrival"]) / good.where(good > 0, np.nan)
    hours = (
        read.rows("routing_steps").merge(_centers(read), on=WORK_CENTER).rename(columns={"period": "start"})
    )
    hours["maximum"] = (hours["effective_hours"] + hours["overtime_limit"] + hours["option_hours"]) / hours[
        "hours_per_unit"
    ]
    allowed = hours.groupby([*ROUTING, "start"])["maximum"].min().rename("allowed").reset_index()
    possible = (
        starts[[*ROUTING, "start"]].merge(allowed, how="left", on=[*ROUTING, "start"])["allowed"].to_numpy()
    )
    return pd.Series(np.fmin(np.fmin(needed, starts["capacity"]), possible), index=starts.index)


def _declare_completions(declare: Columnar, starts: pd.DataFrame) -> None:
    completions = starts.assign(period=starts["arrival"])
    rejected = completions["yield_rate"] * completions["scrapped_by_inspection"]
    declare.set("completions", completions, [*ROUTING, "start", "period"])
    declare.param("completion_scrap", "completions", 1.0 - completions["yield_rate"] + rejected)
    declare.param("completion_scrap_cost", "completions", rejected * completions["scrap_cost"])
    declare.param(
        "completion_hours", "completions", completions["yield_rate"] * completions["inspection_hours"]
    )
    declare.group(
        "completed", "stock_periods", completions, by=["item", "site", "period"], members=["routing", "start"]
    )


def _declare_components(declare: Columnar, flows: Flows, starts: pd.DataFrame) -> None:
    started = starts.rename(columns={"item": "parent", "start": "period"})
    uses = flows.components.merge(started[["parent", "site", "routing", "period"]])
    declare.set("components", flows.components, ["parent", "component", "site"])
    declare.param("quantity_per", "components", flows.components["quantity_per"])
    declare.group(
        "used_by", "stock_periods", uses, by=["component", "site", "period"], members=["parent", "routing"]
    )


def _declare_hours(declare: Columnar, read: Reader, starts: pd.DataFrame) -> None:
    centers = _centers(read)
    declare.set("center_periods", centers, [*WORK_CENTER, "period"])
    declare.variable("load_hours", "center_periods")
    declare.param("work_center_hour_cost", "center_periods", centers["hour_cost"])
    capped = centers[centers["effective_hours"].notna()]
    declare.set("capped_centers", capped, [*WORK_CENTER, "period"])
    declare.param("work_center_effective_hours", "capped_centers", capped["effective_hours"])
    declare.variable("overtime", "capped_centers")
    declare.param("work_center_overtime_limit", "capped_centers", capped["overtime_limit"])
    declare.param("work_center_regular_hour_cost", "capped_centers", capped["hour_cost"])
    declare.param("work_center_overtime_hour_cost", "capped_centers", capped["overtime_hour_cost"])
    steps = read.rows("routing_steps")
    work = steps.merge(starts.rename(columns={"start": "period"})[[*ROUTING, "period"]])
    declare.set("steps", steps, [*ROUTING, "work_center"])
    declare.param("step_hours_per_unit", "steps", steps["hours_per_unit"])
    declare.group("worked", "center_periods", work, by=[*WORK_CENTER, "period"], members=["item", "routing"])


def _centers(read: Reader) -> pd.DataFrame:
    """Effective hours and rates of every work center and period; the table capacity beats work_centers.

    A work center that has rows for some periods only does not work in the others.
    """
    centers = read.every_period("work_centers", WORK_CENTER)
    absent = centers["availability"].isna()
    own = read.rows("capacity").rename(
        columns={"available_hours": "own_hours", "overtime_hours": "own_overtime"}
    )
    centers = centers.merge(own, how="left", on=[*WORK_CENTER, "period"], validate="one_to_one")
    oee = centers["availability"] * centers["performance"] * centers["quality"]
    options = read.rows("capacity_options")
    added = (options["added_hours"] * options["max_count"]).groupby([options[key] for key in WORK_CENTER])
    centers = centers.merge(added.sum().rename("added_hours").reset_index(), how="left", on=WORK_CENTER)
    return centers.assign(
        option_hours=(centers["added_hours"].fillna(0.0) * oee).mask(absent, 0.0),
        effective_hours=(centers["own_hours"].fillna(centers["available_hours"]) * oee).mask(absent, 0.0),
        overtime_limit=(centers["own_overtime"].fillna(centers["overtime_hours"]) * oee).mask(absent, 0.0),
        overtime_hour_cost=centers["overtime_hour_cost"].fillna(centers["hour_cost"]).mask(absent, 0.0),
        hour_cost=centers["hour_cost"].mask(absent, 0.0))


def produced(m: Any, item: Any, site: Any, period: Any) -> Any:
    """What production completes for a stock in a period, good or not."""
    return sum(m.production[item, site, routing, start] for routing, start in m.completed[item, site, period])


def consumed(m: Any, item: Any, site: Any, period: Any) -> Any:
    """What is used of a stock as a component of what is started in a period."""
    return sum(m.quantity_per[parent, item, site] * m.production[parent, site, routing, period]
               for parent, routing in m.used_by[item, site, period])


@constraint("capped_routings")
def routing_capacity(m: pyo.ConcreteModel, item: Any, site: Any, routing: Any, period: Any) -> Any:
    """What is started on a routing stays within the routing's capacity.

        production <= capacity

    Unit: units started. Shadow price: cost saved by one more unit that could be started.
    """
    return m.production[item, site, routing, period] <= m.routing_capacity_of[item, site, routing, period]


@constraint("optional_starts")
def open_sites_produce(m: pyo.ConcreteModel, item: Any, site: Any, routing: Any, start: Any) -> Any:
    """Only an open site starts production.

        production <= the maximum that could be of use * site_open

    Unit: units started. Shadow price: none with integer variables.
    """
    maximum = m.maximum_if_open[item, site, routing, start] * m.site_open[site, start]
    return m.production[item, site, routing, start] <= maximum


@constraint("center_periods")
def work_center_load(m: pyo.ConcreteModel, site: Any, work_center: Any, period: Any) -> Any:
    """The load of a work center is the hours of all steps and setups started and of inspections.

        load_hours = sum over routings: hours_per_unit * production + setup_hours * setup
                     + sum over inspections: hours * units inspected

    Unit: effective hours. Shadow price: cost of one more hour of work from elsewhere.
    """
    steps = sum(m.step_hours_per_unit[item, site, routing, work_center]
                * m.production[item, site, routing, period]
                for item, routing in m.worked[site, work_center, period])
    produced_inspected = sum(
        m.completion_hours[item, site, routing, start, period] * m.production[item, site, routing, start]
        for item, routing, start in m.inspected_completions[site, work_center, period]
    )
    received_inspected = sum(
        m.receipt_hours[item, supplier, site, start, period] * m.purchased[item, supplier, site, start]
        for item, supplier, start in m.inspected_receipts[site, work_center, period]
    )
    worked = steps + setup_time(m, site, work_center, period) + produced_inspected + received_inspected
    return m.load_hours[site, work_center, period] == worked


@constraint("capped_centers")
def work_center_capacity(m: pyo.ConcreteModel, site: Any, work_center: Any, period: Any) -> Any:
    """The load of a work center stays within its effective hours and overtime.

        load <= (available_hours + added_hours of running options - hours of stops) * availability *
                performance * quality + overtime

    Unit: effective hours. Shadow price: cost saved by one more effective hour.
    """
    return (m.load_hours[site, work_center, period]
            <= m.work_center_effective_hours[site, work_center, period]
            + option_hours(m, site, work_center, period) + m.overtime[site, work_center, period])


@constraint("capped_centers")
def overtime_limit(m: pyo.ConcreteModel, site: Any, work_center: Any, period: Any) -> Any:
    """Overtime on a work center stays within what is allowed, after the OEE factors.

        overtime <= overtime_hours * availability * performance * quality

    Unit: effective hours. Shadow price: cost saved by one more effective hour of overtime.
    """
    return m.overtime[site, work_center, period] <= m.work_center_overtime_limit[site, work_center, period]


@cost("starts")
def production(m: pyo.ConcreteModel, item: Any, site: Any, routing: Any, start: Any) -> Any:
    """The unit cost of everything that is started."""
    return m.routing_unit_cost[item, site, routing, start] * m.production[item, site, routing, start]


@cost("center_periods")
def work_center_hours(m: pyo.ConcreteModel, site: Any, work_center: Any, period: Any) -> Any:
    """Hours worked at hour_cost."""
    return m.work_center_hour_cost[site, work_center, period] * m.load_hours[site, work_center, period]


@cost("capped_centers", term="work_center_hours")
def hours_worked_as_overtime(m: pyo.ConcreteModel, site: Any, work_center: Any, period: Any) -> Any:
    """Overtime hours are not paid at hour_cost: less what they would cost."""
    return -m.work_center_regular_hour_cost[site, work_center, period] * m.overtime[site, work_center, period]


@cost("capped_centers")
def work_center_overtime(m: pyo.ConcreteModel, site: Any, work_center: Any, period: Any) -> Any:
    """Overtime hours worked at overtime_hour_cost."""
    return m.work_center_overtime_hour_cost[site, work_center, period] * m.overtime[site, work_center, period]
