"""Lots in production: setups with their time and cost, minimum lots, whole multiples, families and
carry-over.
"""

from typing import Any

import numpy as np
import pandas as pd
import pyomo.environ as pyo

from planner.model.big_m import ROUNDING
from planner.model.compiler.columnar import BLANK
from planner.model.compiler.declare import Columnar
from planner.model.network import Reader
from planner.model.rules import constraint, cost
from planner.scenario.keys import ROUTING, SETUP_FAMILY, WORK_CENTER

START = [*ROUTING, "start"]
FAMILY_PERIOD = [*SETUP_FAMILY, "period"]


def declare_setups(declare: Columnar, read: Reader, starts: pd.DataFrame) -> None:
    """Whether each lumpy start is set up for, in how many lots, and which families and states it shares.

    `starts` has every start with its rates and `maximum`, the maximum that could be of use.
    """
    steps = read.rows("routing_steps")
    timed = steps[steps["setup_hours"] > 0]
    takes_time = pd.MultiIndex.from_frame(starts[ROUTING]).isin(pd.MultiIndex.from_frame(timed[ROUTING]))
    lumpy = starts[(starts["min_lot"] > 0) | (starts["setup_cost"] > 0) | takes_time]
    declare.set("setups", lumpy, START)
    declare.variable("setup", "setups", upper=pd.Series(np.ones(len(lumpy))), whole=True)
    declare.param("maximum_in_lot", "setups", lumpy["maximum"])
    declare.param("routing_setup_cost", "setups", lumpy["setup_cost"].fillna(0.0))
    minimum = lumpy[lumpy["min_lot"] > 0]
    declare.set("minimum_lot_starts", minimum, START)
    declare.param("routing_min_lot", "minimum_lot_starts", minimum["min_lot"])
    in_lots = starts[starts["lot_multiple"] > 0]
    declare.set("lot_starts", in_lots, START)
    maximum_lots = np.floor(in_lots["maximum"] / in_lots["lot_multiple"] + ROUNDING)
    declare.variable("production_lots", "lot_starts", upper=maximum_lots, whole=True)
    declare.param("routing_lot_multiple", "lot_starts", in_lots["lot_multiple"])
    work = timed.merge(lumpy.rename(columns={"start": "period"})[[*ROUTING, "period"]])
    declare.set("setup_steps", timed, [*ROUTING, "work_center"])
    declare.param("step_setup_hours", "setup_steps", timed["setup_hours"])
    declare.group(
        "set_up_on", "center_periods", work, by=["site", "work_center", "period"], members=["item", "routing"]
    )
    _declare_families(declare, read, starts)
    _declare_carry_over(declare, read, lumpy, steps)


def _declare_families(declare: Columnar, read: Reader, starts: pd.DataFrame) -> None:
    families = read.rows("setup_families").merge(read.periods(), how="cross")
    members = starts[starts["setup_family"] != BLANK].rename(columns={"start": "period"})
    members = members.merge(families[FAMILY_PERIOD])
    used = families.merge(members[FAMILY_PERIOD].drop_duplicates())
    declare.set("family_periods", used, FAMILY_PERIOD)
    declare.variable("family_setup", "family_periods", upper=pd.Series(np.ones(len(used))), whole=True)
    declare.param("family_setup_cost", "family_periods", used["setup_cost"].fillna(0.0))
    declare.set("family_starts", members, [*ROUTING, "setup_family", "period"])
    declare.param("maximum_in_family", "family_starts", members["maximum"])
    timed = used[(used["work_center"] != BLANK) & (used["setup_hours"] > 0)]
    declare.set("timed_families", timed, FAMILY_PERIOD)
    declare.param("family_setup_hours", "timed_families", timed["setup_hours"])
    declare.group(
        "families_on", "center_periods", timed, by=["site", "work_center", "period"], members=["setup_family"]
    )


def _declare_carry_over(declare: Columnar, read: Reader, lumpy: pd.DataFrame, steps: pd.DataFrame) -> None:
    """Which setups may be kept from one period to the next: those that every work center they are made on
    keeps.

    A setup is made on the work centers on which it takes hours; where it takes none, on all that the routing
    works on.
    """
    keeps = read.scenario["work_centers"]["setup_carryover"].to_numpy() == "yes"
    centers = pd.MultiIndex.from_frame(read.rows("work_centers").loc[keeps, WORK_CENTER])
    timed = steps.assign(timed=steps["setup_hours"] > 0).groupby(ROUTING)["timed"].transform("any")
    places = steps.loc[(steps["setup_hours"] > 0) | ~timed, [*ROUTING, "work_center"]]
    places = places.assign(keeps=pd.MultiIndex.from_frame(places[WORK_CENTER]).isin(centers))
    places = places[places.groupby(ROUTING)["keeps"].transform("all")].drop(columns="keeps")
    rooms = lumpy[START].merge(places)
    carried = _following(rooms.drop_duplicates(START), rooms)[START]
    declare.set("carried_setups", carried, START)
    declare.variable("carried", "carried_setups", upper=pd.Series(np.ones(len(carried))), whole=True)
    again = _following(carried, carried)[START]
    declare.group(
        "carried_into",
        "setups",
        carried.assign(into=carried["start"]),
        by=[*ROUTING, "into"],
        members=["start"],
    )
    declare.group(
        "carried_before",
        "carried_setups",
        again.assign(start=again["start"] - 1, into=again["start"]),
        by=[*ROUTING, "into"],
        members=["start"],
    )
    _declare_kept_centers(declare, rooms, carried, again)


def _declare_kept_centers(
    declare: Columnar, rooms: pd.DataFrame, carried: pd.DataFrame, again: pd.DataFrame
) -> None:
    """The work centers that keep a setup: one at a time, and through a whole period only if nothing else is
    set up.
    """
    keeping = rooms.merge(carried).rename(columns={"start": "period"})
    through = rooms.merge(again.assign(start=again["start"] - 1))
    centers = keeping.drop_duplicates([*WORK_CENTER, "period"])
    declare.set("keeping_centers", centers, [*WORK_CENTER, "period"])
    declare.group(
        "kept_on", "keeping_centers", keeping, by=[*WORK_CENTER, "period"], members=["item", "routing"]
    )
    quiet = through.drop_duplicates([*WORK_CENTER, "start"])
    declare.set("quiet_centers", quiet, [*WORK_CENTER, "start"])
    declare.variable("undisturbed", "quiet_centers", upper=pd.Series(np.ones(len(quiet))))
    declare.set("kept_through", through, [*START, "work_center"])
    declare.set("disturbing_setups", rooms.merge(quiet[[*WORK_CENTER, "start"]]), [*START, "work_center"])


def _following(setups: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """The setups whose routing also has one in the period before."""
    earlier = before[START].drop_duplicates().assign(start=lambda frame: frame["start"] + 1)
    return setups.merge(earlier)


def setup_time(m: Any, site: Any, work_center: Any, period: Any) -> Any:
    """The hours that setups of routings and families take on a work center in a period."""
    own = sum(m.step_setup_hours[item, site, routing, work_center] * m.setup[item, site, routing, period]
              for item, routing in m.set_up_on[site, work_center, period])
    shared = sum(m.family_setup_hours[site, setup_family, period] * m.family_setup[site, setup_family, period]
                 for setup_family in m.families_on[site, work_center, period])
    return own + shared


@constraint("setups")
def setup_needed(m: pyo.ConcreteModel, item: Any, site: Any, routing: Any, start: Any) -> Any:
    """A lumpy routing makes something only where it is set up, or still is from the period before.

        production <= the maximum that could be of use * (setup + carried)

    Unit: units. Shadow price: none with integer variables.
    """
    carried_over = sum(
        m.carried[item, site, routing, period] for period in m.carried_into[item, site, routing, start]
    )
    ready = m.setup[item, site, routing, start] + carried_over
    return m.production[item, site, routing, start] <= m.maximum_in_lot[item, site, routing, start] * ready


@constraint("minimum_lot_starts")
def minimum_lot(m: pyo.ConcreteModel, item: Any, site: Any, routing: Any, start: Any) -> Any:
    """A lot that is set up for is at least the minimum lot.

        production >= min_lot * setup

    Unit: units started. Shadow price: cost saved by a minimum lower by one, at the setups made.
    """
    minimum = m.routing_min_lot[item, site, routing, start] * m.setup[item, site, routing, start]
    return m.production[item, site, routing, start] >= minimum


@constraint("lot_starts")
def production_multiple(m: pyo.ConcreteModel, item: Any, site: Any, routing: Any, start: Any) -> Any:
    """What is started is a whole number of lots.

        production = lot_multiple * production_lots

    Unit: units started. Shadow price: cost of one unit beyond whole lots.
    """
    lots = m.routing_lot_multiple[item, site, routing, start] * m.production_lots[item, site, routing, start]
    return m.production[item, site, routing, start] - lots == 0


@constraint("family_starts")
def family_setup_needed(
    m: pyo.ConcreteModel, item: Any, site: Any, routing: Any, setup_family: Any, period: Any
) -> Any:
    """A routing of a family makes something only in periods in which the family is set up.

        production <= the maximum that could be of use * family_setup

    Unit: units. Shadow price: none with integer variables.
    """
    maximum = (
        m.maximum_in_family[item, site, routing, setup_family, period]
        * m.family_setup[site, setup_family, period]
    )
    return m.production[item, site, routing, period] <= maximum


@constraint("carried_setups")
def carried_from_before(m: pyo.ConcreteModel, item: Any, site: Any, routing: Any, start: Any) -> Any:
    """A setup is carried into a period only if it was made or carried in the period before.

        carried <= setup before + carried before

    Unit: setups. Shadow price: none with integer variables.
    """
    earlier = sum(
        m.carried[item, site, routing, before] for before in m.carried_before[item, site, routing, start]
    )
    return m.carried[item, site, routing, start] <= m.setup[item, site, routing, start - 1] + earlier


@constraint("keeping_centers")
def one_setup_carried(m: pyo.ConcreteModel, site: Any, work_center: Any, period: Any) -> Any:
    """A work center keeps one setup from a period to the next.

        sum over routings: carried <= 1

    Unit: setups. Shadow price: none with integer variables.
    """
    return (
        sum(m.carried[item, site, routing, period] for item, routing in m.kept_on[site, work_center, period])
        <= 1
    )


@constraint("kept_through")
def setup_kept_through(
    m: pyo.ConcreteModel, item: Any, site: Any, routing: Any, start: Any, work_center: Any
) -> Any:
    """A setup is carried into and out of a period only if it is made again or nothing else is set up there.

        carried + carried next <= 1 + setup + undisturbed

    Unit: setups. Shadow price: none with integer variables.
    """
    carries = m.carried[item, site, routing, start] + m.carried[item, site, routing, start + 1]
    return carries <= 1 + m.setup[item, site, routing, start] + m.undisturbed[site, work_center, start]


@constraint("disturbing_setups")
def undisturbed_center(
    m: pyo.ConcreteModel, item: Any, site: Any, routing: Any, start: Any, work_center: Any
) -> Any:
    """A work center is undisturbed in a period only if nothing that it keeps is set up on it.

        undisturbed + setup <= 1

    Unit: setups. Shadow price: none with integer variables.
    """
    return m.undisturbed[site, work_center, start] + m.setup[item, site, routing, start] <= 1


@cost("setups")
def setups(m: pyo.ConcreteModel, item: Any, site: Any, routing: Any, start: Any) -> Any:
    """The cost of the setups of routings."""
    return m.routing_setup_cost[item, site, routing, start] * m.setup[item, site, routing, start]


@cost("family_periods", term="setups")
def family_setups(m: pyo.ConcreteModel, site: Any, setup_family: Any, period: Any) -> Any:
    """The cost of the setups that the routings of a family share."""
    return m.family_setup_cost[site, setup_family, period] * m.family_setup[site, setup_family, period]
