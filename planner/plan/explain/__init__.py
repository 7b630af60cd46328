"""Why the plan is as it is: what became of demand, and the limits that stand on the way to what is short.

Every sentence has its figures beside it. A limit is named only where it is on a way to the unit asked about.
"""

import os

import pandas as pd

from planner.errors import PlanError, ScenarioError
from planner.plan.explain.alternatives import alternative_statements, earliest_statement
from planner.plan.explain.asked import Asked, asked_about
from planner.plan.explain.causes import cause_statements
from planner.plan.explain.service import (
    economics_statements,
    order_statements,
    overdue_statements,
    service_statement,
    shortest_statements,
    target_statements,
)
from planner.plan.explain.short import NOTHING, Causes, Short
from planner.plan.explain.supply import stock_statements, supply_statements
from planner.plan.gaps import gaps
from planner.plan.plan import Plan
from planner.plan.scenario_of_plan import scenario_of
from planner.plan.statement import Statement
from planner.scenario.scenario import Scenario
from planner.text_cells import plain_texts

ROUNDING = 1e-6  # of a target: what is missing below it is the solver's rounding


@plain_texts()
def explain(plan: Plan, *, item: str | None = None, market: str | None = None,
            period: str | pd.Period | None = None, order: str | None = None, customer: str | None = None,
            target: str | None = None,
            scenario: Scenario | str | os.PathLike[str] | None = None) -> list[Statement]:
    """What was wanted and what became of it, how it was supplied, and what stands in the way of what is late
    or lost.

    `scenario` is the one that the plan was made for, or its place; left out, it is found again. Where it has
    changed since, no cause can be followed, and a note says so. PlanError names what the plan does not know.
    """
    asked = asked_about(plan, item=item, market=market, period=period, order=order, customer=customer,
                        target=target)
    try:
        causes = Causes(plan, scenario_of(plan, scenario))
    except (PlanError, ScenarioError) as error:
        if scenario is not None or asked.target is not None:
            raise
        return [*_service(asked), *_supplied(asked), _without_causes(error)]
    short = [] if _is_of_sales(causes, asked) else causes.short(asked)
    return [*_targets(causes, asked), *_service(asked), *_why(causes, asked, short), *_supplied(asked),
            *_open_questions(plan)]


def _targets(causes: Causes, asked: Asked) -> list[Statement]:
    return target_statements(causes, asked) if asked.target is not None or asked.is_whole else []


def _is_of_sales(causes: Causes, asked: Asked) -> bool:
    """Whether a target is asked about that misses no supply: no limit is to blame."""
    if asked.target is None:
        return False
    target = gaps(causes.plan, causes.scenario).targets.set_index("target").loc[asked.target]
    return bool(target["missing_supply"] <= max(NOTHING, ROUNDING * target["quantity"]))


def _service(asked: Asked) -> list[Statement]:
    if asked.target is not None:
        return []
    return order_statements(asked) if asked.is_of_orders else [service_statement(asked)]


def _supplied(asked: Asked) -> list[Statement]:
    is_of_item = asked.item is not None and not asked.is_of_orders
    return [*supply_statements(asked), *stock_statements(asked)] if is_of_item else []


def _why(causes: Causes, asked: Asked, short: list[Short]) -> list[Statement]:
    """What stands in the way of what is late or lost; nothing is blamed where nothing is."""
    if not short:
        return []
    overdue = overdue_statements(causes, short)
    # what was overdue and comes in the first period needs no other cause
    blamed = [one for one in short if one.due >= 1 or one.lost > 0]
    statements = [*shortest_statements(short), *overdue, *cause_statements(causes, blamed),
                  *economics_statements(causes, blamed)]
    if not blamed:
        return statements
    return [*statements, *alternative_statements(causes, blamed[0]), earliest_statement(causes, blamed[0])]


def _open_questions(plan: Plan) -> list[Statement]:
    """What a plan that is not proven leaves open."""
    if plan.status == "optimal":
        return []
    text = ("This plan is not proven to be the best: a better one may deliver more, and what is full in it "
            "need not be full there.")
    return [Statement("unproven", text, {"status": plan.status, "gap": plan.gap})]


def _without_causes(error: Exception) -> Statement:
    reason = str(error).splitlines()[0]
    return Statement("no_causes", f"Causes are left out: {reason}.", {"reason": reason})
