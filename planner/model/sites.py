"""Sites that can be opened, closed or expanded."""

from typing import Any

import numpy as np
import pandas as pd
import pyomo.environ as pyo

from planner.model.compiler.columnar import BLANK
from planner.model.compiler.declare import Columnar
from planner.model.network import Reader
from planner.model.rules import constraint, cost


def declare_sites(declare: Columnar, read: Reader, maximum: pd.Series) -> None:
    """Sites that are open or not; a site with an option to open is closed before, one with an option to close
    is open.

    `maximum` is the maximum stock of each stock period.
    """
    choosing = read.between("site_options").rename(columns={"period": "start"})
    opens, closes = (choosing["kind"] == read.names.code(kind) for kind in ("open", "close"))
    choosing = choosing.assign(opens=opens, closes=closes)
    declare.set("site_choices", choosing, ["site_option", "start"])
    declare.variable("chosen", "site_choices", upper=pd.Series(np.ones(len(choosing))), whole=True)
    declare.param("site_option_fixed_cost", "site_choices", choosing["fixed_cost"])
    own = choosing["choice_group"].where(choosing["choice_group"] != BLANK, choosing["site_option"])
    groups = choosing.assign(choice_group=own)
    limits = groups.groupby("choice_group")["max_chosen"].min().fillna(1.0).reset_index()
    declare.set("choice_groups", limits, ["choice_group"])
    declare.param("choice_max_chosen", "choice_groups", limits["max_chosen"])
    declare.group(
        "choices_in", "choice_groups", groups, by=["choice_group"], members=["site_option", "start"]
    )
    _declare_open_sites(declare, read, choosing, maximum)
    _declare_expansions(declare, read, choosing)


def _declare_open_sites(declare: Columnar, read: Reader, choosing: pd.DataFrame, maximum: pd.Series) -> None:
    sites = read.rows("sites")
    running = sites[sites["site_cost"].fillna(0.0) > 0].merge(read.periods(), how="cross")
    optional = choosing[choosing["opens"] | choosing["closes"]]
    deciding = sites[sites["site"].isin(optional_sites(read))].merge(read.periods(), how="cross")
    places = pd.concat([running, deciding]).drop_duplicates(["site", "period"]).reset_index(drop=True)
    every = read.rows("site_options")
    starts_open = ~places["site"].isin(every.loc[every["kind"] == read.names.code("open"), "site"])
    declare.set("site_periods", places, ["site", "period"])
    declare.variable(
        "site_open", "site_periods", upper=pd.Series(np.ones(len(places))), whole=bool(len(deciding))
    )
    declare.param("open_at_first", "site_periods", starts_open.astype(float))
    declare.param("site_cost", "site_periods", places["site_cost"].fillna(0.0))
    possible = places.merge(optional[["site", "site_option", "start", "opens"]], on="site")
    possible = possible[possible["start"] <= possible["period"]]
    opening, closing = possible[possible["opens"]], possible[~possible["opens"]]
    for name, chosen in (("opened_by", opening), ("closed_by", closing)):
        declare.group(name, "site_periods", chosen, by=["site", "period"], members=["site_option", "start"])
    stock = pd.DataFrame(declare.indices["stock_periods"].columns).assign(maximum=maximum.to_numpy())
    in_optional_sites = stock[stock["site"].isin(optional_sites(read))]
    declare.set("optional_stock", in_optional_sites, ["item", "site", "period"])
    declare.param("maximum_at_site", "optional_stock", in_optional_sites["maximum"])


def _declare_expansions(declare: Columnar, read: Reader, choosing: pd.DataFrame) -> None:
    growing = choosing[~choosing["opens"] & ~choosing["closes"]]
    declare.set("expansions", growing, ["site_option", "start"])
    declare.param("added_capacity", "expansions", growing["added_capacity"].fillna(0.0))
    limited = pd.DataFrame(declare.indices["limited_sites"].columns)
    expanded = growing[["site_option", "site", "start"]].merge(limited)
    declare.group(
        "expanded_by",
        "limited_sites",
        expanded[expanded["start"] <= expanded["period"]],
        by=["site", "period"],
        members=["site_option", "start"],
    )


def optional_sites(read: Reader) -> pd.Series:
    """The sites that somebody may open or close."""
    return read.rows("site_options").loc[
        (read.scenario["site_options"]["kind"] != "expand").to_numpy(), "site"
    ]


def added_space(m: Any, site: Any, period: Any) -> Any:
    """Space that expansions chosen so far add to a site."""
    return sum(m.added_capacity[site_option, start] * m.chosen[site_option, start]
               for site_option, start in m.expanded_by[site, period])


@constraint("choice_groups")
def choice_limit(m: pyo.ConcreteModel, choice_group: Any) -> Any:
    """Of the options of a group no more than so many are chosen, each once.

        sum over options and periods: chosen <= max_chosen

    Unit: options. Shadow price: none with integer variables.
    """
    return (
        sum(m.chosen[site_option, start] for site_option, start in m.choices_in[choice_group])
        <= m.choice_max_chosen[choice_group]
    )


@constraint("site_periods")
def site_is_open(m: pyo.ConcreteModel, site: Any, period: Any) -> Any:
    """A site is open as at the start, or since it was opened, until it is closed.

        site_open = open at first + sum of openings so far - sum of closings so far

    Unit: sites. Shadow price: none with integer variables.
    """
    opened = sum(m.chosen[site_option, start] for site_option, start in m.opened_by[site, period])
    closed = sum(m.chosen[site_option, start] for site_option, start in m.closed_by[site, period])
    return m.site_open[site, period] - opened + closed == m.open_at_first[site, period]


@cost("site_choices")
def sites(m: pyo.ConcreteModel, site_option: Any, start: Any) -> Any:
    """The cost of opening, closing and expanding sites."""
    return m.site_option_fixed_cost[site_option, start] * m.chosen[site_option, start]


@cost("site_periods", term="sites")
def open_sites(m: pyo.ConcreteModel, site: Any, period: Any) -> Any:
    """The cost of every period in which a site is open."""
    return m.site_cost[site, period] * m.site_open[site, period]
