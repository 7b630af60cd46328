"""The verb of the public interface: a scenario's plan."""

from numbers import Real

from planner.demand.demand import Demand
from planner.errors import PlanError
from planner.glance import in_short
from planner.plan.plan import Plan, make_plan, seconds_allowed
from planner.progress import Cancel, Watcher
from planner.scenario.load import Place, load_scenario


def solve(scenario: Place, demand: Demand | None = None, *, time_limit: float | None = None,
          progress: Watcher | None = None, cancel: Cancel | None = None, start: Plan | None = None,
          effort: float | None = None) -> Plan:
    """The best plan for the scenario, with every table and KPI, and the proof of how good it is.

        plan = planner.solve("scenarios/baseline", time_limit=60)

    `scenario` is a Scenario, its folder, or a dict of settings and tables. `demand` is what
    `planner.forecast` has made of it; left out, it is forecast first. `time_limit` is in seconds and beats
    the scenario's own; when it is over, the best plan so far is the plan. `effort` ends the search likewise
    after so much work, counted in the solver's steps: any machine then comes to the same plan; 60 is about a
    minute of an ordinary one. It beats the scenario's own (`solver.effort`), too. `progress` is called with a
    `planner.Progress` at every step and every few seconds; whatever it raises ends the work and comes out.
    Once `cancel`, a `threading.Event` or the like, is set, the work ends within about a second with the best
    plan so far. `start` is another plan, of a base or of last month. Where this process has solved it and the
    two models have the same shape, the solver goes on from there, which takes a fraction of the time. Else,
    also for one that `load_plan` has read, its whole numbers (orders, setups, workers) are where the search
    begins; with a time limit the plan is never worse than what they allow. It is proven just the same.

    `plan.status` is "optimal" where no plan is better by more than the gap that the scenario allows
    (`solver.gap`), "time_limit" where the time was over first, "effort_limit" where the work that the
    scenario allows (`solver.effort`) was done, and "interrupted" where somebody stopped the search;
    `plan.proof` says how much better a plan could be at most in service, targets and money, and
    `plan.passes` the same of each objective in turn.

    ScenarioError carries every problem of the scenario; InfeasibleError names limits that no plan can keep
    together; NoPlanError says that the time was over, or the search interrupted, before there was any plan,
    and CancelledError, which is one, that the work was cancelled before.
    All of them are a PlannerError.
    """
    if demand is not None and not isinstance(demand, Demand):
        raise PlanError(f"demand = {in_short(demand)}: must be what planner.forecast gives")
    if start is not None and not isinstance(start, Plan):
        raise PlanError(f"start = {in_short(start)}: must be a plan")
    limit = seconds_allowed(time_limit)  # refused before the work
    if effort is not None and (isinstance(effort, bool) or not isinstance(effort, Real) or not effort > 0):
        raise PlanError(f"effort = {in_short(effort)}: must be a number above 0, or None")
    return make_plan(load_scenario(scenario), demand, time_limit=limit, progress=progress, cancel=cancel,
                     start=start, effort=effort)
