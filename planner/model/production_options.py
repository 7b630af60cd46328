"""Options: capacity that can be bought, and stops that must be placed."""

from typing import Any

import numpy as np
import pandas as pd
import pyomo.environ as pyo

from planner.model.compiler.declare import Columnar
from planner.model.network import Reader
from planner.model.rules import constraint, cost
from planner.scenario.keys import WORK_CENTER

CENTER_PERIOD = [*WORK_CENTER, "period"]


def declare_options(declare: Columnar, read: Reader) -> None:
    """Every choice of capacity that the scenario leaves open, period by period."""
    _declare_capacity_options(declare, read)
    _declare_maintenance(declare, read)


def _oee(read: Reader) -> pd.DataFrame:
    """The share of its gross hours that each work center works in each period, as `oee`."""
    factors = read.every_period("work_centers", ["site", "work_center"])
    oee = factors["availability"] * factors["performance"] * factors["quality"]
    return factors.assign(oee=oee)[[*CENTER_PERIOD, "oee"]]


def _declare_capacity_options(declare: Columnar, read: Reader) -> None:
    options = read.rows("capacity_options").astype({"lead_time": np.int64})
    buying = (
        read.between("capacity_options").rename(columns={"period": "start"}).astype({"lead_time": np.int64})
    )
    buying = buying[buying["start"] + buying["lead_time"] <= read.last]
    running = buying.groupby("option", as_index=False).agg(first=("start", "min")).merge(options)
    running = running.merge(read.periods(), how="cross")
    running = running[running["period"] >= running["first"] + running["lead_time"]]
    running = running.merge(_oee(read), on=CENTER_PERIOD, validate="many_to_one")
    installed = buying[["option", "start", "lead_time"]].merge(running[["option", "period"]])
    installed = installed[installed["start"] + installed["lead_time"] <= installed["period"]]
    declare.set("option_purchases", buying, ["option", "start"])
    declare.variable("bought", "option_purchases", upper=buying["max_count"], whole=True)
    declare.param("option_fixed_cost", "option_purchases", buying["fixed_cost"])
    declare.set("option_periods", running, ["option", "period"])
    times = installed.groupby(["option", "period"], as_index=False).agg(times=("start", "size"))
    counted = running.merge(times, on=["option", "period"], validate="one_to_one")
    declare.variable("running", "option_periods", upper=counted["times"] * counted["max_count"], whole=True)
    declare.param("option_period_cost", "option_periods", running["period_cost"])
    declare.param("added_hours", "option_periods", running["added_hours"] * running["oee"].fillna(0.0))
    declare.group("installed_by", "option_periods", installed, by=["option", "period"], members=["start"])
    capped = running.merge(pd.DataFrame(declare.indices["capped_centers"].columns))
    declare.group("adding_to", "capped_centers", capped, by=CENTER_PERIOD, members=["option"])
    chosen = buying.drop_duplicates("option")
    declare.set("options", chosen, ["option"])
    declare.param("option_max_count", "options", chosen["max_count"])
    declare.group("bought_in", "options", buying, by=["option"], members=["start"])


def _declare_maintenance(declare: Columnar, read: Reader) -> None:
    stops = read.rows("maintenance")
    placing = read.between("maintenance")
    placing = placing.merge(_oee(read), on=CENTER_PERIOD, validate="many_to_one")
    declare.set("stop_periods", placing, CENTER_PERIOD)
    declare.variable("stopped", "stop_periods", upper=placing["max_stops_per_period"], whole=True)
    declare.param("stop_hours", "stop_periods", placing["hours_per_stop"] * placing["oee"].fillna(0.0))
    due = stops[["site", "work_center", "stops"]]
    declare.set("maintained_centers", due, ["site", "work_center"])
    declare.param("maintenance_stops_due", "maintained_centers", due["stops"])
    declare.group(
        "stops_placed_in", "maintained_centers", placing, by=["site", "work_center"], members=["period"]
    )
    capped = placing.merge(pd.DataFrame(declare.indices["capped_centers"].columns))
    capped["stop_period"] = capped["period"]
    declare.group("stopping", "capped_centers", capped, by=CENTER_PERIOD, members=["stop_period"])


def option_hours(m: Any, site: Any, work_center: Any, period: Any) -> Any:
    """Effective hours that running options add to a work center, less those that stops take."""
    added = sum(
        m.added_hours[option, period] * m.running[option, period]
        for option in m.adding_to[site, work_center, period]
    )
    lost = sum(m.stop_hours[site, work_center, stop_period] * m.stopped[site, work_center, stop_period]
               for stop_period in m.stopping[site, work_center, period])
    return added - lost


@constraint("options")
def option_limit(m: pyo.ConcreteModel, option: Any) -> Any:
    """An option is bought no more often than it can be.

        sum over periods: bought <= max_count

    Unit: options. Shadow price: none with integer variables.
    """
    return sum(m.bought[option, start] for start in m.bought_in[option]) <= m.option_max_count[option]


@constraint("option_periods")
def option_runs_when_installed(m: pyo.ConcreteModel, option: Any, period: Any) -> Any:
    """No more of an option runs than has been bought and installed by then.

        running <= sum over purchases at least lead_time ago: bought

    Unit: options. Shadow price: none with integer variables.
    """
    return m.running[option, period] <= sum(
        m.bought[option, start] for start in m.installed_by[option, period]
    )


@constraint("maintained_centers")
def maintenance_stops(m: pyo.ConcreteModel, site: Any, work_center: Any) -> Any:
    """Every stop that is due is placed in some period.

        sum over periods: stopped = stops

    Unit: stops. Shadow price: none with integer variables.
    """
    placed = sum(m.stopped[site, work_center, period] for period in m.stops_placed_in[site, work_center])
    return placed == m.maintenance_stops_due[site, work_center]


@cost("option_purchases")
def capacity_options(m: pyo.ConcreteModel, option: Any, start: Any) -> Any:
    """Capacity options at fixed_cost when they are bought."""
    return m.option_fixed_cost[option, start] * m.bought[option, start]


@cost("option_periods", term="capacity_options")
def running_options(m: pyo.ConcreteModel, option: Any, period: Any) -> Any:
    """Capacity options at period_cost while they run."""
    return m.option_period_cost[option, period] * m.running[option, period]
