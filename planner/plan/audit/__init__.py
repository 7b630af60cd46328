"""An independent look at a plan: every balance, limit, cost and KPI derived again from the scenario and the
plan's tables.

Nothing here knows Pyomo or HiGHS. One file per area holds its rules; `findings.py` says what counts as the
same figure.
"""

from pathlib import Path

from planner.errors import PlanError
from planner.plan.audit import (
    delivery,
    inventory,
    options,
    order_lots,
    production,
    quality,
    results,
    sales,
    setups,
    sourcing,
    tables,
    whole,
    workforce,
)
from planner.plan.audit.findings import ABSOLUTE, RELATIVE, RULES, Books, Finding
from planner.plan.folder import load_plan
from planner.plan.plan import Plan
from planner.plan.rates import Rates
from planner.scenario.load import load_scenario
from planner.scenario.scenario import Scenario

__all__ = [
    "ABSOLUTE",
    "RELATIVE",
    "RULES",
    "Books",
    "Finding",
    "audit",
    "delivery",
    "inventory",
    "options",
    "order_lots",
    "production",
    "quality",
    "results",
    "sales",
    "setups",
    "sourcing",
    "tables",
    "whole",
    "workforce",
]


def audit(plan: Plan | str | Path, scenario: Scenario | None = None) -> list[Finding]:
    """Every figure of the plan that does not follow from the scenario and the plan's other figures; empty
    when all is well.

    `plan` is a plan or its folder. Without a scenario, the one that the plan was made of is loaded from where
    it was.
    """
    opened = plan if isinstance(plan, Plan) else load_plan(plan, edited=True)
    books = Books(opened, Rates(scenario or _scenario_of(opened)))
    return [finding for rule in RULES.values() for finding in rule(books)]


def _scenario_of(plan: Plan) -> Scenario:
    if not plan.scenario_source or not Path(plan.scenario_source).exists():
        where = plan.scenario_source or "no file"
        raise PlanError(
            f"plan {plan.name}: the scenario that it was made of is not there ({where}). Name the scenario"
        )
    return load_scenario(plan.scenario_source)
