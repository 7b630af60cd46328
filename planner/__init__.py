"""Sales and operations planning: pipeline and order history become demand, demand becomes a proven plan.

    scenario = planner.load_scenario("scenarios/baseline")
    plan = planner.solve(scenario)
    planner.write_report([plan], "page.html")
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from planner.demand.demand import Demand
    from planner.demand.forecast import forecast
    from planner.errors import InfeasibleError, NoPlanError, OutputError, PlanError, PlannerError, Problem, ScenarioError
    from planner.plan.audit import audit
    from planner.plan.compare import compare
    from planner.plan.folder import load_plan
    from planner.plan.plan import Plan, make_plan as solve
    from planner.report.page import write_report
    from planner.scenario.load import load_scenario
    from planner.scenario.scenario import Scenario

__all__ = [
    "Demand", "InfeasibleError", "NoPlanError", "OutputError", "Plan", "PlanError", "PlannerError", "Problem", "Scenario",
    "ScenarioError", "audit", "compare", "forecast", "load_plan", "load_scenario", "solve", "write_report",
]

# Resolved when first asked for: reading a scenario must not wait for the solver and the statistics to be imported.
_HOMES = {
    "load_scenario": "planner.scenario.load",
    "Scenario": "planner.scenario.scenario",
    "forecast": "planner.demand.forecast",
    "Demand": "planner.demand.demand",
    "solve": "planner.plan.plan:make_plan",
    "Plan": "planner.plan.plan",
    "load_plan": "planner.plan.folder",
    "audit": "planner.plan.audit",
    "compare": "planner.plan.compare",
    "write_report": "planner.report.page",
    "PlannerError": "planner.errors",
    "ScenarioError": "planner.errors",
    "PlanError": "planner.errors",
    "OutputError": "planner.errors",
    "InfeasibleError": "planner.errors",
    "NoPlanError": "planner.errors",
    "Problem": "planner.errors",
}

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'planner' has no attribute {name!r}")
    module, _, own_name = _HOMES[name].partition(":")
    return getattr(import_module(module), own_name or name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
