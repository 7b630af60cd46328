"""What is made ahead: which period's hours on a work center serve which later period's deliveries.

Taking the latest goods first leaves in stock what need not be touched, so that what waits is what its own
period had too little capacity, or too high a price, to make.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from planner.plan.layout import Measure, PlanTable
from planner.plan.pegging.graph import Graph
from planner.plan.pegging.pegged import Matrix, Pegging
from planner.plan.periods import periods_of
from planner.scenario.keys import ROUTING, WORK_CENTER

MADE_AHEAD = PlanTable("made_ahead", "Hours of work centers that wait in stock for the deliveries of a later "
                                     "period.", (
    Measure("site", "", "the site", key=True),
    Measure("work_center", "", "the work center", key=True),
    Measure("period", "period", "period in which it is worked", key=True),
    Measure("due", "period", "period whose deliveries it serves", key=True),
    Measure("hours", "hours", "hours worked ahead"),
    Measure("share", "0 to 1", "of all hours worked there in the period")))
SMALLEST = 1e-3  # of the hours of a period: less is nobody's decision


def made_ahead(pegging: Pegging) -> pd.DataFrame:
    """Hours worked ahead, as `MADE_AHEAD` declares them, the earliest first. `pegging` takes the latest goods
    first.
    """
    waiting = shares_ahead(pegging)
    hours = pegging.hours
    node, periods = hours["node"].to_numpy(np.int64), waiting.shape[1]
    spread = hours["weight"].to_numpy(dtype=float)[:, None] * waiting[node]
    row, due = np.nonzero(spread)
    long = hours[[*WORK_CENTER, "period"]].iloc[row].assign(due=due + 1, hours=spread[row, due])
    summed = long.groupby([*WORK_CENTER, "period", "due"], as_index=False)["hours"].sum()
    load = hours.groupby([*WORK_CENTER, "period"])["weight"].sum().rename("load").reset_index()
    shares = summed.merge(load, on=[*WORK_CENTER, "period"], validate="many_to_one")
    shares = shares.assign(share=shares["hours"] / shares["load"])
    shares = shares[(shares["share"] > SMALLEST) & (shares["due"] <= periods)].sort_values(
        ["period", "site", "work_center", "due"], ignore_index=True)
    calendar = pegging.books.scenario.calendar
    dated: pd.DataFrame = shares.assign(**{name: periods_of(shares[name].to_numpy(np.int64), calendar)
                                           for name in ("period", "due")})[MADE_AHEAD.names]
    return dated


def units_ahead(pegging: Pegging) -> pd.DataFrame:
    """Units of each routing that are started in a period and wait for deliveries of a later one: item, site,
    routing, `period` as a whole number, `production` and `ahead`.
    """
    coming = pegging.flows.coming
    is_production = (coming["kind"] == "production").to_numpy()
    quantity = coming["quantity"].to_numpy(dtype=float)[is_production]
    ahead = shares_ahead(pegging)[is_production].sum(axis=1) * quantity
    return coming.loc[is_production, [*ROUTING, "period", "quantity"]].rename(
        columns={"quantity": "production"}).assign(ahead=ahead).reset_index(drop=True)


def shares_ahead(pegging: Pegging) -> Matrix:
    """The share of each flow (row) that serves the deliveries of each period (column) and waits in some stock
    until then.
    """
    period = pegging.flows.deliveries["period"].to_numpy(np.int64)
    masks = [period == number for number in range(1, pegging.books.rates.last + 1)]
    through = replace(pegging, graph=_without_waiting(pegging.graph))
    waiting = pegging.shares_of(masks) - through.shares_of(masks)
    started = pegging.flows.coming["period"].to_numpy(np.int64)[:, None]
    later: Matrix = np.where(np.arange(1, len(masks) + 1)[None, :] > started, waiting, 0.0)
    return np.where(later > 1e-9, later, 0.0)  # the arithmetic's rounding


def _without_waiting(graph: Graph) -> Graph:
    """The graph in which only what leaves a stock in the period in which it comes goes on."""
    links = graph.links
    waits = np.zeros(graph.nodes, dtype=bool)
    waits[links.loc[links["period"] > links["arrives"], "node"].to_numpy(
        np.int64)] = True
    return replace(graph, edges=graph.edges[~waits[graph.edges["up"]]].reset_index(drop=True))
