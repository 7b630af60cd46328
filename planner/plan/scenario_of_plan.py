"""The scenario that a plan was made for: what explains a plan, or solves it again, needs both."""

import os

from planner.errors import PlanError
from planner.plan.plan import Plan
from planner.scenario.load import load_scenario
from planner.scenario.scenario import Scenario


def scenario_of(plan: Plan, chosen: Scenario | str | os.PathLike[str] | None = None) -> Scenario:
    """The scenario that the plan was made for, as it was then: the one in memory, the one that is given, or
    the one in the place where the plan says it was read.

    PlanError says that it is nowhere, or has changed since. A scenario that can no longer be read raises
    ScenarioError.
    """
    if chosen is None and plan.scenario is not None:
        return plan.scenario
    place = chosen if chosen is not None else plan.scenario_source
    if not place:
        raise PlanError(f"plan {plan.name} does not say where its scenario is. Name it with --scenario")
    scenario = place if isinstance(place, Scenario) else load_scenario(place)
    if scenario.content_hash != plan.scenario_hash:
        where = scenario.source or scenario.name
        raise PlanError(f"plan {plan.name} is not of the scenario in {where} as it is today: it has "
                        "changed since, or it is another scenario. Solve it again")
    return scenario
