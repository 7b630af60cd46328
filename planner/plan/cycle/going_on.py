"""Next month's scenario, from what was signed: the agreed plan and the scenario that it was made of."""

import os

from planner.errors import PlannerError
from planner.plan.cycle.cycle import Cycle, closed_cycle
from planner.plan.cycle.files import AGREED, place_from
from planner.plan.cycle.inputs import scenario_then
from planner.plan.rolling.roll import RollResult, roll
from planner.scenario.load import load_scenario
from planner.scenario.scenario import Scenario

Folder = str | os.PathLike[str]


def roll_cycle(cycle: Folder, output: Folder, *, to: str, actuals: Folder | None = None,
               periods: int | None = None) -> RollResult:
    """The folder `output` holds the scenario of the closed cycle's agreed plan as it is planned from the
    period `to` on, as `planner roll` makes it.

    The scenario is the one that was signed: where its folder says something else by now, the rows that the
    cycle holds. CycleError where the cycle is not closed, or not what was signed.
    """
    closed = closed_cycle(cycle)
    return roll(_signed_scenario(closed), output, to=to, plan=closed.folder / AGREED, actuals=actuals,
                periods=periods)


def _signed_scenario(cycle: Cycle) -> Scenario:
    plan = cycle.agreed_plan
    decision = cycle.record.decision
    chosen = cycle.record.plan(decision.plan if decision is not None else "")
    try:
        scenario = load_scenario(place_from(cycle.folder, chosen.scenario))
        if scenario.content_hash == chosen.scenario_hash:
            return scenario
    except PlannerError:  # it is gone, or half-edited: what was signed is in the cycle
        pass
    return scenario_then(cycle.folder, chosen.scenario_hash, name=plan.name)
