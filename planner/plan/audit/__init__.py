"""An independent look at a plan: every balance, limit, cost and KPI derived again from the scenario and the
plan's tables.

Nothing here knows Pyomo or HiGHS. One file per area holds its rules; `findings.py` says what counts as the
same figure.
"""

import logging
import os
from pathlib import Path

from planner.errors import PlanError
from planner.plan.audit import (
    delivery,
    fulfillment,
    inventory,
    items,
    options,
    order_lots,
    production,
    quality,
    results,
    sales,
    setups,
    sourcing,
    stability,
    tables,
    whole,
    workforce,
)
from planner.plan.audit.findings import ABSOLUTE, RELATIVE, RULES, Books, Finding
from planner.plan.folder import load_plan
from planner.plan.plan import Plan
from planner.plan.rates import Rates
from planner.scenario.load import Place, load_scenario
from planner.scenario.scenario import Scenario
from planner.text_cells import plain_texts

__all__ = [
    "ABSOLUTE",
    "RELATIVE",
    "RULES",
    "Books",
    "Finding",
    "audit",
    "delivery",
    "fulfillment",
    "inventory",
    "items",
    "options",
    "order_lots",
    "production",
    "quality",
    "results",
    "sales",
    "setups",
    "sourcing",
    "stability",
    "tables",
    "whole",
    "workforce",
]


log = logging.getLogger(__name__)

# What explains all other findings stands before them.
FIRST = ("scenario_hash", "files_are_as_saved", "keys_are_unique", "names_are_known", "periods_are_planned",
         "figures_are_numbers")
MAXIMUM_NAMED = 5  # rules that could not be checked


@plain_texts()
def audit(plan: Plan | str | os.PathLike[str], scenario: Place | None = None) -> list[Finding]:
    """Every figure of the plan that does not follow from the scenario and the plan's other figures; empty
    when all is well.

    A plan of a scenario that has changed since, or whose tables somebody has edited, is no error: what is
    wrong is a finding. `plan` is a plan or its folder. `scenario` is a Scenario, its folder or its dict;
    without one, the one that the plan was made of is loaded from where it was. PlanError says why the plan
    cannot be read, ScenarioError what is wrong with the scenario.
    """
    opened = plan if isinstance(plan, Plan) else load_plan(plan, edited=True)
    against = _scenario_of(opened) if scenario is None else load_scenario(scenario)
    books = Books(opened, Rates(against))
    findings: list[Finding] = []
    unchecked: list[str] = []
    for name in [*FIRST, *(name for name in RULES if name not in FIRST)]:
        try:
            findings += RULES[name](books)
        except Exception as error:  # whatever somebody has done to a table or to the scenario since
            log.debug("%s could not be checked", name, exc_info=error)
            unchecked.append(name)
    return [*findings, *_could_not_be_checked(unchecked)]


def _could_not_be_checked(rules: list[str]) -> list[Finding]:
    """One finding for all rules that fail on what they read: such a plan is never called sound."""
    if not rules:
        return []
    named = f"{', '.join(rules[:MAXIMUM_NAMED])}{' and others' if len(rules) > MAXIMUM_NAMED else ''}"
    rules_are = "1 rule" if len(rules) == 1 else f"{len(rules)} rules"
    message = f"{rules_are} could not be checked, since tables and scenario do not fit together: {named}"
    return [Finding("audit", "", "", period="", expected="tables that fit the scenario", found="others",
                    message=message)]


def _scenario_of(plan: Plan) -> Scenario:
    if not plan.scenario_source or not Path(plan.scenario_source).exists():
        where = plan.scenario_source or "no file"
        raise PlanError(
            f"plan {plan.name}: the scenario that it was made of is not there ({where}). Name the scenario"
        )
    return load_scenario(plan.scenario_source)
