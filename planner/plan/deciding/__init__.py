"""What has to be decided now: the decisions of the first periods, and what it costs to wait a period with
each, as solving again shows.
"""

import os
from dataclasses import dataclass

import pandas as pd

from planner.errors import PlanError
from planner.plan.audit.findings import Books
from planner.plan.deciding.candidates import candidates
from planner.plan.deciding.layout import DECISIONS
from planner.plan.deciding.waiting import waited
from planner.plan.pegging import peg
from planner.plan.pegging.ahead import made_ahead
from planner.plan.plan import Plan
from planner.plan.rates import Rates
from planner.plan.resolving import Resolver
from planner.plan.scenario_of_plan import scenario_of
from planner.scenario.scenario import Scenario
from planner.text_cells import plain_texts

MOST = 10  # decisions that are solved again, unless more are asked for


@dataclass(frozen=True)
class ToDecide:
    """The decisions of the first periods, as `DECISIONS` declares them, those that cannot wait first; and
    what is made ahead in these periods, as `MADE_AHEAD` does.
    """

    plan: Plan
    decisions: pd.DataFrame
    made_ahead: pd.DataFrame


@plain_texts()
def decide(plan: Plan, scenario: Scenario | str | os.PathLike[str] | None = None, *, periods: int = 1,
           most: int = MOST) -> ToDecide:
    """What has to be decided in the first periods of the plan that are not frozen, and what waiting costs.

    Each of the `most` decisions with the largest cost is forbidden in its period and the scenario solved
    again; the others say so. 0 solves nothing. PlanError says that the scenario is not there, or has changed.
    """
    if not 1 <= periods <= plan.calendar.periods:
        raise PlanError(f"periods = {periods}: must be 1 to {plan.calendar.periods}, those of the plan")
    if most < 0:
        raise PlanError(f"most = {most}: must be 0 or more decisions")
    made_of = scenario_of(plan, scenario)
    pegging = peg(plan, made_of, rule="latest_first")
    books = Books(plan, Rates(made_of))
    last = min(made_of.frozen_periods + periods, plan.calendar.periods)
    candidate_rows = candidates(books, pegging, last=last)
    judged = waited(candidate_rows, pegging, Resolver(plan, made_of), most=most)
    ahead = made_ahead(pegging)
    inside = ahead["period"] <= plan.calendar.start + (last - 1)
    return ToDecide(plan, judged[DECISIONS.names], made_ahead=ahead[inside].reset_index(drop=True))
