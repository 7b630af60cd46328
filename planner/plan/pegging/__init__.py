"""Pegging: which production, purchases, stock and lanes serve each delivery, at what landed cost, and what
depends on each supplier, work center, receipt and lane.

A plan says how much flows where; it does not say which unit goes to whom. The decomposition is by a stated
rule: goods leave a stock in the order in which they came (or, where it is asked for, the latest first), what
comes in a period is one mixture, and what leaves in a period serves all that it goes to alike. Quantities and
costs add up to those of the plan's tables, apart from the solver's rounding.
"""

import os

from planner.plan.audit.findings import Books
from planner.plan.pegging.flows import flows_of
from planner.plan.pegging.graph import graph_of
from planner.plan.pegging.landed import laid_costs
from planner.plan.pegging.pegged import Pegging
from planner.plan.pegging.stock import Rule
from planner.plan.plan import Plan
from planner.plan.rates import Rates
from planner.plan.scenario_of_plan import scenario_of
from planner.scenario.scenario import Scenario
from planner.text_cells import plain_texts

__all__ = ["Pegging", "peg"]


@plain_texts()
def peg(plan: Plan, scenario: Scenario | str | os.PathLike[str] | None = None, *,
        rule: Rule = "oldest_first") -> Pegging:
    """The plan's flows, each with what it serves and what it costs.

    `scenario` is the one that the plan was made of, or its place; without one, it is read from where it was.
    `rule` says in which order goods leave a stock: the oldest first, or the latest first. PlanError says that
    the scenario is not there, or has changed since.
    """
    books = Books(plan, Rates(scenario_of(plan, scenario)))
    flows = flows_of(books)
    graph = graph_of(flows, last=books.rates.last, rule=rule)
    return Pegging(books, flows=flows, graph=graph, laid=laid_costs(books, flows, graph), rule=rule)
