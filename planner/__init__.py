"""Sales and operations planning: pipeline and order history become demand, demand becomes a proven plan.

    plan = planner.solve("scenarios/baseline")
    planner.write_report(plan, "pack.html")
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from planner.errors import (
    CancelledError,
    Conflict,
    ConflictMember,
    CycleError,
    InfeasibleError,
    NoPlanError,
    OutputError,
    PlanError,
    PlannerError,
    Problem,
    ScenarioError,
)
from planner.progress import Progress

if TYPE_CHECKING:
    from planner.demand.demand import Demand
    from planner.demand.forecast import forecast
    from planner.demand.history_file import forecast_history
    from planner.plan.audit import audit
    from planner.plan.comparison.compare import Comparison, compare
    from planner.plan.cycle import Cycle
    from planner.plan.folder import load_plan
    from planner.plan.plan import Plan
    from planner.plan.promise import promise
    from planner.plan.remedies import remedies
    from planner.plan.rolling.roll import RollResult, roll
    from planner.plan.run import Run, run
    from planner.plan.solve import solve
    from planner.plan.sweeping import Sweep, frontier, sweep
    from planner.report.grids import Grid, show
    from planner.report.orders import orders
    from planner.report.output import write_report
    from planner.scenario.importing.importing import ImportResult, import_files
    from planner.scenario.load import load_scenario
    from planner.scenario.scenario import Scenario

__all__ = [
    "CancelledError",
    "Comparison",
    "Conflict",
    "ConflictMember",
    "Cycle",
    "CycleError",
    "Demand",
    "Grid",
    "ImportResult",
    "InfeasibleError",
    "NoPlanError",
    "OutputError",
    "Plan",
    "PlanError",
    "PlannerError",
    "Problem",
    "Progress",
    "RollResult",
    "Run",
    "Scenario",
    "ScenarioError",
    "Sweep",
    "audit",
    "compare",
    "forecast",
    "forecast_history",
    "frontier",
    "import_files",
    "load_plan",
    "load_scenario",
    "orders",
    "promise",
    "remedies",
    "roll",
    "run",
    "show",
    "solve",
    "sweep",
    "write_report",
]
__version__ = "0.1.0"

# Resolved when first asked for: reading a scenario must not wait until solver and statistics are imported.
_HOMES = {
    "Comparison": "planner.plan.comparison.compare:Comparison",
    "Cycle": "planner.plan.cycle:Cycle",
    "Demand": "planner.demand.demand:Demand",
    "Grid": "planner.report.grids:Grid",
    "ImportResult": "planner.scenario.importing.importing:ImportResult",
    "Plan": "planner.plan.plan:Plan",
    "RollResult": "planner.plan.rolling.roll:RollResult",
    "Run": "planner.plan.run:Run",
    "Scenario": "planner.scenario.scenario:Scenario",
    "Sweep": "planner.plan.sweeping:Sweep",
    "audit": "planner.plan.audit:audit",
    "compare": "planner.plan.comparison.compare:compare",
    "forecast": "planner.demand.forecast:forecast",
    "forecast_history": "planner.demand.history_file:forecast_history",
    "frontier": "planner.plan.sweeping:frontier",
    "import_files": "planner.scenario.importing.importing:import_files",
    "load_plan": "planner.plan.folder:load_plan",
    "load_scenario": "planner.scenario.load:load_scenario",
    "orders": "planner.report.orders:orders",
    "roll": "planner.plan.rolling.roll:roll",
    "run": "planner.plan.run:run",
    "show": "planner.report.grids:show",
    "promise": "planner.plan.promise:promise",
    "remedies": "planner.plan.remedies:remedies",
    "solve": "planner.plan.solve:solve",
    "sweep": "planner.plan.sweeping:sweep",
    "write_report": "planner.report.output:write_report",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'planner' has no attribute {name!r}")
    module, attribute = _HOMES[name].split(":")
    return getattr(import_module(module), attribute)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
