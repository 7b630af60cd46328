"""Options: capacity that can be bought, stops that must be placed, sites that can be opened, closed or expanded."""

from typing import Any

import numpy as np
import pandas as pd
import pyomo.environ as pyo

from planner.model.columnar import BLANK
from planner.model.declare import Columnar
from planner.model.rules import constraint, cost
from planner.model.sets import Reader

CENTER_PERIOD = ["site", "work_center", "period"]


def declare_options(declare: Columnar, read: Reader, most: pd.Series) -> None:
    """Every choice that the scenario leaves open, period by period. `most` is the most stock of each stock period."""
    _declare_capacity_options(declare, read)
    _declare_maintenance(declare, read)
    _declare_sites(declare, read, most)


def optional_sites(read: Reader) -> pd.Series:
    """The sites that somebody may open or close."""
    return read.rows("site_options").loc[(read.scenario["site_options"]["kind"] != "expand").to_numpy(), "site"]


def _between(read: Reader, table: str) -> pd.DataFrame:
    """Every row of a table in every period of its span; blanks are open ends."""
    ends = read.scenario[table]["to"].notna().to_numpy()
    frame = read.rows(table)
    spread = frame.assign(to=frame["to"].where(ends, read.last)).merge(read.periods(), how="cross")
    return spread[(spread["period"] >= spread["from"]) & (spread["period"] <= spread["to"])].reset_index(drop=True)


def _oee(read: Reader) -> pd.DataFrame:
    """The share of its gross hours that each work center works in each period, as `oee`."""
    factors = read.every_period("work_centers", ["site", "work_center"])
    oee = factors["availability"] * factors["performance"] * factors["quality"]
    return factors.assign(oee=oee)[[*CENTER_PERIOD, "oee"]]


def _declare_capacity_options(declare: Columnar, read: Reader) -> None:
    options = read.rows("capacity_options").astype({"lead_time": np.int64})
    buying = _between(read, "capacity_options").rename(columns={"period": "start"}).astype({"lead_time": np.int64})
    buying = buying[buying["start"] + buying["lead_time"] <= read.last]
    running = buying.groupby("option", as_index=False).agg(first=("start", "min")).merge(options)
    running = running.merge(read.periods(), how="cross")
    running = running[running["period"] >= running["first"] + running["lead_time"]]
    running = running.merge(_oee(read), on=CENTER_PERIOD, validate="many_to_one")
    installed = buying[["option", "start", "lead_time"]].merge(running[["option", "period"]])
    installed = installed[installed["start"] + installed["lead_time"] <= installed["period"]]
    declare.set("option_purchases", buying, ["option", "start"])
    declare.variable("bought", "option_purchases", upper=buying["max_count"], whole=True)
    declare.param("option_price", "option_purchases", buying["fixed_cost"])
    declare.set("option_periods", running, ["option", "period"])
    times = installed.groupby(["option", "period"], as_index=False).agg(times=("start", "size"))
    counted = running.merge(times, on=["option", "period"], validate="one_to_one")
    declare.variable("running", "option_periods", upper=counted["times"] * counted["max_count"], whole=True)
    declare.param("running_price", "option_periods", running["period_cost"])
    declare.param("added_hours", "option_periods", running["added_hours"] * running["oee"].fillna(0.0))
    declare.group("installed_by", "option_periods", installed, by=["option", "period"], members=["start"])
    capped = running.merge(pd.DataFrame(declare.indices["capped_centers"].columns))
    declare.group("adding_to", "capped_centers", capped, by=CENTER_PERIOD, members=["option"])
    chosen = buying.drop_duplicates("option")
    declare.set("options", chosen, ["option"])
    declare.param("most_bought", "options", chosen["max_count"])
    declare.group("bought_in", "options", buying, by=["option"], members=["start"])


def _declare_maintenance(declare: Columnar, read: Reader) -> None:
    stops = read.rows("maintenance")
    placing = _between(read, "maintenance")
    placing = placing.merge(_oee(read), on=CENTER_PERIOD, validate="many_to_one")
    declare.set("stop_periods", placing, CENTER_PERIOD)
    declare.variable("stopped", "stop_periods", upper=placing["max_stops_per_period"], whole=True)
    declare.param("stop_hours", "stop_periods", placing["hours_per_stop"] * placing["oee"].fillna(0.0))
    due = stops[["site", "work_center", "stops"]]
    declare.set("maintained_centers", due, ["site", "work_center"])
    declare.param("stops_due", "maintained_centers", due["stops"])
    declare.group("stops_placed_in", "maintained_centers", placing, by=["site", "work_center"], members=["period"])
    capped = placing.merge(pd.DataFrame(declare.indices["capped_centers"].columns))
    capped["stop_period"] = capped["period"]
    declare.group("stopping", "capped_centers", capped, by=CENTER_PERIOD, members=["stop_period"])


def _declare_sites(declare: Columnar, read: Reader, most: pd.Series) -> None:
    """Sites that are open or not; a site with an option to open is closed before, one with an option to close is open."""
    choosing = _between(read, "site_options").rename(columns={"period": "start"})
    opens, closes = (choosing["kind"] == read.names.code(kind) for kind in ("open", "close"))
    choosing = choosing.assign(opens=opens, closes=closes)
    declare.set("site_choices", choosing, ["site_option", "start"])
    declare.variable("chosen", "site_choices", upper=pd.Series(np.ones(len(choosing))), whole=True)
    declare.param("choice_price", "site_choices", choosing["fixed_cost"])
    own = choosing["choice_group"].where(choosing["choice_group"] != BLANK, choosing["site_option"])
    groups = choosing.assign(choice_group=own)
    limits = groups.groupby("choice_group")["max_chosen"].min().fillna(1.0).reset_index()
    declare.set("choice_groups", limits, ["choice_group"])
    declare.param("most_chosen", "choice_groups", limits["max_chosen"])
    declare.group("choices_in", "choice_groups", groups, by=["choice_group"], members=["site_option", "start"])
    _declare_open_sites(declare, read, choosing, most)
    _declare_expansions(declare, read, choosing)


def _declare_open_sites(declare: Columnar, read: Reader, choosing: pd.DataFrame, most: pd.Series) -> None:
    sites = read.rows("sites")
    running = sites[sites["site_cost"].fillna(0.0) > 0].merge(read.periods(), how="cross")
    optional = choosing[choosing["opens"] | choosing["closes"]]
    deciding = sites[sites["site"].isin(optional_sites(read))].merge(read.periods(), how="cross")
    places = pd.concat([running, deciding]).drop_duplicates(["site", "period"]).reset_index(drop=True)
    every = read.rows("site_options")
    starts_open = ~places["site"].isin(every.loc[every["kind"] == read.names.code("open"), "site"])
    declare.set("site_periods", places, ["site", "period"])
    declare.variable("site_open", "site_periods", upper=pd.Series(np.ones(len(places))), whole=bool(len(deciding)))
    declare.param("open_at_first", "site_periods", starts_open.astype(float))
    declare.param("site_price", "site_periods", places["site_cost"].fillna(0.0))
    done = places.merge(optional[["site", "site_option", "start", "opens"]], on="site")
    done = done[done["start"] <= done["period"]]
    for name, chosen in (("opened_by", done[done["opens"]]), ("closed_by", done[~done["opens"]])):
        declare.group(name, "site_periods", chosen, by=["site", "period"], members=["site_option", "start"])
    stock = pd.DataFrame(declare.indices["stock_periods"].columns).assign(most=most.to_numpy())
    held = stock[stock["site"].isin(optional_sites(read))]
    declare.set("optional_stock", held, ["item", "site", "period"])
    declare.param("most_at_site", "optional_stock", held["most"])


def _declare_expansions(declare: Columnar, read: Reader, choosing: pd.DataFrame) -> None:
    growing = choosing[~choosing["opens"] & ~choosing["closes"]]
    declare.set("expansions", growing, ["site_option", "start"])
    declare.param("added_capacity", "expansions", growing["added_capacity"].fillna(0.0))
    limited = pd.DataFrame(declare.indices["limited_sites"].columns)
    done = growing[["site_option", "site", "start"]].merge(limited)
    declare.group("expanded_by", "limited_sites", done[done["start"] <= done["period"]], by=["site", "period"],
                  members=["site_option", "start"])


def option_hours(m: Any, site: Any, work_center: Any, period: Any) -> Any:
    """Effective hours that running options add to a work center, less those that stops take."""
    added = sum(m.added_hours[option, period] * m.running[option, period] for option in m.adding_to[site, work_center, period])
    lost = sum(m.stop_hours[site, work_center, stop_period] * m.stopped[site, work_center, stop_period]
               for stop_period in m.stopping[site, work_center, period])
    return added - lost


def added_space(m: Any, site: Any, period: Any) -> Any:
    """Space that expansions chosen so far add to a site."""
    return sum(m.added_capacity[site_option, start] * m.chosen[site_option, start]
               for site_option, start in m.expanded_by[site, period])


@constraint("options", unit="options", limit=True)
def option_limit(m: pyo.ConcreteModel, option: Any) -> Any:
    """An option is bought no more often than it can be.

        sum over periods: bought <= max_count

    Unit: options. Shadow price: none with whole numbers.
    """
    return sum(m.bought[option, start] for start in m.bought_in[option]) <= m.most_bought[option]


@constraint("option_periods", unit="options")
def option_runs_when_installed(m: pyo.ConcreteModel, option: Any, period: Any) -> Any:
    """No more of an option runs than has been bought and installed by then.

        running <= sum over purchases at least lead_time ago: bought

    Unit: options. Shadow price: none with whole numbers.
    """
    return m.running[option, period] <= sum(m.bought[option, start] for start in m.installed_by[option, period])


@constraint("maintained_centers", unit="stops", limit=True)
def maintenance_stops(m: pyo.ConcreteModel, site: Any, work_center: Any) -> Any:
    """Every stop that is due is placed in some period.

        sum over periods: stopped = stops

    Unit: stops. Shadow price: none with whole numbers.
    """
    placed = sum(m.stopped[site, work_center, period] for period in m.stops_placed_in[site, work_center])
    return placed == m.stops_due[site, work_center]


@constraint("choice_groups", unit="options", limit=True)
def choice_limit(m: pyo.ConcreteModel, choice_group: Any) -> Any:
    """Of the options of a group no more than so many are chosen, each once.

        sum over options and periods: chosen <= max_chosen

    Unit: options. Shadow price: none with whole numbers.
    """
    return sum(m.chosen[site_option, start] for site_option, start in m.choices_in[choice_group]) <= m.most_chosen[choice_group]


@constraint("site_periods", unit="sites")
def site_is_open(m: pyo.ConcreteModel, site: Any, period: Any) -> Any:
    """A site is open as at the start, or since it was opened, until it is closed.

        site_open = open at first + sum of openings so far - sum of closings so far

    Unit: sites. Shadow price: none with whole numbers.
    """
    opened = sum(m.chosen[site_option, start] for site_option, start in m.opened_by[site, period])
    closed = sum(m.chosen[site_option, start] for site_option, start in m.closed_by[site, period])
    return m.site_open[site, period] - opened + closed == m.open_at_first[site, period]


@cost
def capacity_options(m: pyo.ConcreteModel) -> Any:
    """Capacity options: fixed_cost when bought, period_cost while running."""
    bought = sum(m.option_price[option, start] * m.bought[option, start] for option, start in m.option_purchases)
    running = sum(m.running_price[option, period] * m.running[option, period] for option, period in m.option_periods)
    return bought + running


@cost
def sites(m: pyo.ConcreteModel) -> Any:
    """Sites: the cost of opening, closing and expanding them, and of every period in which they are open."""
    chosen = sum(m.choice_price[site_option, start] * m.chosen[site_option, start] for site_option, start in m.site_choices)
    opened = sum(m.site_price[site, period] * m.site_open[site, period] for site, period in m.site_periods)
    return chosen + opened
