"""The model reference: every rule and cost, from the docstrings of the functions that are the model."""

from importlib import import_module
from itertools import chain
from types import ModuleType

from generator.markdown import docstring, page
from planner.model.build import COSTS, RULES
from planner.model.cost_terms import COST_TERMS
from planner.model.rules import Amount, Rule

AREAS = ("sales", "sourcing", "production", "quality", "workforce", "inventory", "delivery")


KINDS = {
    "maximum": "A maximum that could be wider",
    "minimum": "A minimum of which less could be demanded",
    "exact": "A number that could be another",
    "balance": "A balance",
    "link": "A link between decisions, which nobody can relax",
}


def rule_section(rule: Rule) -> str:
    """Heading, kind, set and docstring of one constraint family."""
    limit = rule.declared
    written = f"; written in {', '.join(f'`{source}`' for source in limit.sources)}" if limit.sources else ""
    kind = f"*{limit.words}*: {KINDS[limit.kind].lower()}, in {limit.unit}{written}."
    return f"### {rule.name}\n\n{docstring(rule.function)}\n\n{kind} One for each of `{rule.over}`."


def cost_section(cost: Amount) -> str:
    """Heading, docstring, set and rates of one cost."""
    rates = ", ".join(f"`{rate}`" for rate in COST_TERMS[cost.term].rates)
    term = "" if cost.term == cost.name else f" Part of the term `{cost.term}`."
    return (
        f"### Cost: {cost.name}\n\n{docstring(cost.function)}\n\n"
        f"An amount for each of `{cost.over}`, charged by {rates}.{term}"
    )


def chapter(module: ModuleType) -> str:
    """The chapter of one file of the model: its story, its rules, its costs."""
    rules = (rule_section(rule) for rule in RULES.values() if rule.function.__module__ == module.__name__)
    costs = (cost_section(cost) for cost in COSTS.values() if cost.function.__module__ == module.__name__)
    return "\n\n".join(chain([f"## {name_of(module)}", docstring(module)], rules, costs))


def name_of(module: ModuleType) -> str:
    """The file's own name: the area, or the area and its part."""
    return module.__name__.rpartition(".")[2]


def place(module: ModuleType) -> tuple[int, str]:
    """Where a chapter stands: the areas in their order, the parts of an area behind it, what belongs to none
    at the end.
    """
    name = name_of(module)
    area = name.split("_")[0]
    return (AREAS.index(area) if area in AREAS else len(AREAS), name)


def model_page() -> str:
    """The reference of the mathematics: every rule and cost that the model's table of contents lists."""
    parts: list[Rule | Amount] = [*RULES.values(), *COSTS.values()]
    homes = {part.function.__module__ for part in parts}
    modules = sorted((import_module(home) for home in homes), key=place)
    return page("Model reference", MODEL_INTRO, OBJECTIVE, *map(chapter, modules))


MODEL_INTRO = """
One chapter per area, one section per family of constraints: what is true in every plan, the formula, its
unit, and what its shadow price means. The name is the same in the code (`planner/model/<area>.py`), in the
table of shadow prices and in the message about limits in conflict. Periods are numbered from 1; 0 is the
state before the plan starts. Every variable is 0 or more.
"""

OBJECTIVE = """
## Objective

`objective.mode` chooses what the plan is best at. Every pass reports its objective, its bound and its gap.

- `targets_first` solves in passes, each holding what the earlier ones reached: (1) booked orders by priority,
  first units lost are minimised, then units late, summed over the periods they are late; (2) sales
  targets by priority, the minimum shortfall as a share of each target; (3) all other demand in the same way
  as booked orders, if `objective.beyond_targets` is `all`; (4) the lowest operations cost, which is every
  cost below except those of `service_terms`. With `beyond_targets: profitable` there is no pass (3), and the
  last pass minimises operations cost less the revenue of demand that is not booked; with `none` such demand
  is served only as far as targets need it.
- `cost` minimises all costs, the backorder and lost-sale costs of `service_terms` among them, in one pass.
- `profit` maximises revenue less all costs, in one pass.
"""
