"""Audit of lots in production: setups made and kept, minimum lots, multiples, and the setups that families
share.
"""

import pandas as pd

from planner.plan.audit.findings import (
    ABSOLUTE,
    Books,
    Finding,
    above,
    below,
    equal,
    impossible,
    rule,
    whole_lots,
)
from planner.scenario.keys import ROUTING, SETUP_FAMILY, WORK_CENTER

KEYS = [*ROUTING, "period"]
FAMILY_PERIOD = [*SETUP_FAMILY, "period"]


def _started(books: Books) -> pd.DataFrame:
    """Everything that is started, with the terms that hold then; `needed` where nothing is made without a
    setup.
    """
    terms = books.rates.routings.rename(columns={"setup_cost": "setup_price"})
    started = books["production"].merge(terms, on=KEYS, how="left")
    needing = pd.MultiIndex.from_frame(books.rates.setups[KEYS])
    return started.assign(needed=pd.MultiIndex.from_frame(started[KEYS]).isin(needing))


@rule
def setups_needed(books: Books) -> list[Finding]:
    """A routing that needs a setup makes something only where it is set up, or still is from the period
    before.
    """
    started = _started(books)
    ready = started["setups"] + started["carried"]
    maximum = pd.Series(1.0, index=started.index)
    return [
        *impossible(
            books,
            "production",
            started,
            found=started["production"],
            wrong=started["needed"] & (ready < 1),
            what="started without a setup",
        ),
        *impossible(
            books,
            "production",
            started,
            found=ready,
            wrong=~started["needed"],
            what="setups, but it needs none",
        ),
        *above(books, "production", started, found=started["setups"], limit=maximum, what="setups"),
    ]


@rule
def minimum_lot(books: Books) -> list[Finding]:
    """A lot that is set up for is at least the minimum lot."""
    started = _started(books)
    minimum = started["min_lot"] * started["setups"]
    return below(books, "production", started, found=started["production"], limit=minimum, what="production")


@rule
def production_multiple(books: Books) -> list[Finding]:
    """Where there is a lot multiple, what is started is its lots."""
    return whole_lots(books, "production", _started(books), quantity="production")


@rule
def setup_hours_and_cost(books: Books) -> list[Finding]:
    """Every setup takes its hours on all its work centers, and costs its cost."""
    hours = books.rates.setup_steps.groupby(ROUTING, as_index=False)[["setup_hours"]].sum()
    setups = _started(books).drop(columns="setup_hours").merge(hours, on=ROUTING, how="left")
    setups = setups.assign(setup_hours=setups["setups"] * setups["setup_hours"].fillna(0.0),
                           setup_cost=setups["setups"] * setups["setup_price"].fillna(0.0))
    return [*equal(books, "production", "setup_hours", setups),
            *equal(books, "production", "setup_cost", setups, price="setup_price")]


@rule
def setup_families(books: Books) -> list[Finding]:
    """A routing of a family makes something only where the family is set up; its setups take their hours and
    cost.
    """
    families = books.scenario["setup_families"]
    terms = books["setup_families"][[*FAMILY_PERIOD, "setups"]].merge(
        families, on=["site", "setup_family"], how="left"
    )
    hours = terms["setup_hours"].where(terms["work_center"].notna(), 0.0)  # without a work center: none
    expected = terms.assign(
        setup_hours=terms["setups"] * hours, setup_cost=terms["setups"] * terms["setup_cost"]
    )
    members = _started(books)
    members = members[members["setup_family"].notna()].drop(columns="setups").merge(
        books["setup_families"][[*FAMILY_PERIOD, "setups"]], on=FAMILY_PERIOD, how="left")
    return [
        *equal(books, "setup_families", "setup_hours", expected),
        *equal(books, "setup_families", "setup_cost", expected),
        *above(
            books,
            "setup_families",
            terms,
            found=terms["setups"],
            limit=pd.Series(1.0, index=terms.index),
            what="setups",
        ),
        *impossible(
            books,
            "production",
            members,
            found=members["production"],
            wrong=members["setups"].fillna(0.0) < 1,
            what="started while its family is not set up",
        ),
    ]


@rule
def carried_setups(books: Books) -> list[Finding]:
    """A setup is kept only where it was there before, on work centers that keep theirs, one each, and
    undisturbed.
    """
    setups = books["production"][[*KEYS, "setups", "carried"]]
    before = setups.assign(period=setups["period"] + 1, before=setups["setups"] + setups["carried"])[
        [*KEYS, "before"]
    ]
    compared = setups.merge(before, on=KEYS, how="left").fillna({"before": 0.0})
    places = _set_up_on(books)
    carried = setups.merge(places, on=ROUTING)
    on_center = carried.groupby([*WORK_CENTER, "period"], as_index=False)[["carried"]].sum()
    lost = carried[carried["carried"] > ABSOLUTE].merge(_keeping(books), on=WORK_CENTER, how="left")
    return [
        *above(
            books,
            "production",
            compared,
            found=compared["carried"],
            limit=compared["before"].clip(upper=1.0),
            what="setups kept",
        ),
        *above(
            books,
            "capacity",
            on_center,
            found=on_center["carried"],
            limit=pd.Series(1.0, index=on_center.index),
            what="setups kept",
        ),
        *impossible(
            books,
            "production",
            lost,
            found=lost["carried"],
            wrong=lost["keeps"].isna(),
            what="setups kept on a work center that keeps none",
        ),
        *_disturbed(books, carried),
    ]


def _disturbed(books: Books, carried: pd.DataFrame) -> list[Finding]:
    """Setups kept right through a period in which something else is set up on their work center."""
    after = carried.assign(period=carried["period"] - 1, later=carried["carried"])
    after = after[[*KEYS, "work_center", "later"]]
    through = carried.merge(after, on=[*KEYS, "work_center"])
    through = through[(through["carried"] > 0) & (through["later"] > 0) & (through["setups"] < 1)]
    every = carried.groupby([*WORK_CENTER, "period"], as_index=False)[["setups"]].sum()
    through = through.drop(columns="setups").merge(every, on=[*WORK_CENTER, "period"])
    return impossible(books, "production", through, found=through["setups"], wrong=through["setups"] > 0,
                      what="other setups on the work center while it keeps this one through the period")


def _set_up_on(books: Books) -> pd.DataFrame:
    """The work centers that each routing is set up on: those where it takes hours; where it takes none, all
    it works on.
    """
    steps = books.scenario["routing_steps"]
    timed = (steps["setup_hours"] > 0).groupby([steps[key] for key in ROUTING]).transform("any")
    return steps.loc[(steps["setup_hours"] > 0) | ~timed, [*ROUTING, "work_center"]]


def _keeping(books: Books) -> pd.DataFrame:
    """The work centers that keep a setup into the next period."""
    centers = books.scenario["work_centers"]
    return centers.loc[centers["setup_carryover"] == "yes", WORK_CENTER].drop_duplicates().assign(keeps=1.0)
