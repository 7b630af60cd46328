"""Sales and operations planning: pipeline and order history become demand, demand becomes a proven plan.

    scenario = planner.load_scenario("scenarios/baseline")
    plan = planner.solve(scenario)
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from planner.scenario.load import load_scenario as load_scenario
    from planner.scenario.scenario import Scenario as Scenario

# Resolved when first asked for: reading a scenario must not wait for the solver and the statistics to be imported.
_HOMES = {
    "load_scenario": "planner.scenario.load",
    "Scenario": "planner.scenario.scenario",
    "forecast": "planner.demand.forecast",
    "Demand": "planner.demand.demand",
    "solve": "planner.plan.solve",
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

__all__ = sorted(_HOMES)
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'planner' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
