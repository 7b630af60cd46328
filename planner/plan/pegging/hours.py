"""The hours that each flow takes on each work center."""

import pandas as pd

from planner.plan.audit.findings import Books
from planner.plan.pegging.flows import Flows
from planner.plan.rates import summed
from planner.scenario.keys import ROUTING, SETUP_FAMILY, STOCK, WORK_CENTER

HOURS = [*WORK_CENTER, "period", "node", "weight"]


def hours_of(books: Books, flows: Flows) -> pd.DataFrame:
    """Hours of steps, setups and inspections, by work center, period and the flow that takes them: `node` is
    its row of what comes, `weight` its hours.
    """
    production = flows.coming[flows.coming["kind"] == "production"]
    started = production[[*ROUTING, "period", "quantity"]].assign(node=production.index)
    parts = [_steps(books, started), _inspections(books, flows)]
    if books["production"]["setup_hours"].any():
        parts.append(_setups(books, started))
    if books["setup_families"]["setup_hours"].any():
        parts.append(_family_setups(books, started))
    every = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    return summed(every[every["weight"] > 0], [*WORK_CENTER, "period", "node"], "weight")


def _steps(books: Books, started: pd.DataFrame) -> pd.DataFrame:
    steps = books.scenario["routing_steps"][[*ROUTING, "work_center", "hours_per_unit"]]
    worked = started.merge(steps, on=ROUTING)
    return worked.assign(weight=worked["quantity"] * worked["hours_per_unit"])[HOURS]


def _setups(books: Books, started: pd.DataFrame) -> pd.DataFrame:
    setups = books["production"]
    setups = setups.loc[setups["setups"] > 0, [*ROUTING, "period", "setups"]]
    set_up = started.merge(setups, on=[*ROUTING, "period"]).merge(books.rates.setup_steps, on=ROUTING)
    return set_up.assign(weight=set_up["setups"] * set_up["setup_hours"])[HOURS]


def _family_setups(books: Books, started: pd.DataFrame) -> pd.DataFrame:
    """Hours of the setup that a family shares, by what each of its routings starts."""
    where = books.scenario["setup_families"][[*SETUP_FAMILY, "work_center"]].dropna()
    spent = books["setup_families"].merge(where, on=SETUP_FAMILY)
    members = books.rates.routings[[*ROUTING, "period", "setup_family"]].dropna()
    set_up = started.merge(members, on=[*ROUTING, "period"]).merge(
        spent[[*SETUP_FAMILY, "period", "work_center", "setup_hours"]], on=[*SETUP_FAMILY, "period"])
    share = set_up["quantity"] / set_up.groupby([*SETUP_FAMILY, "period"])["quantity"].transform("sum")
    return set_up.assign(weight=set_up["setup_hours"] * share)[HOURS]


def _inspections(books: Books, flows: Flows) -> pd.DataFrame:
    """Hours of inspection and rework in the period of arrival, by what each flow delivers."""
    where = books.scenario["inspections"][[*STOCK, "work_center"]].dropna()
    spent = books["quality"].merge(where, on=STOCK)[[*STOCK, "work_center", "period", "inspection_hours"]]
    coming = flows.coming
    brought = coming.loc[coming["kind"].isin(["purchase", "production"]), [*STOCK, "arrives", "arriving"]]
    brought = brought.assign(period=brought["arrives"], node=brought.index)
    inspected = brought.merge(spent, on=[*STOCK, "period"])
    share = inspected["arriving"] / inspected.groupby([*STOCK, "period"])["arriving"].transform("sum")
    return inspected.assign(weight=inspected["inspection_hours"] * share)[HOURS]
