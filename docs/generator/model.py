"""The model reference: every rule and cost, from the docstrings of the functions that are the model."""

from importlib import import_module
from itertools import chain

from generator.markdown import docstring, page
from planner.model.rules import COSTS, RULES, Cost, Rule

AREAS = ("sales", "sourcing", "production", "quality", "workforce", "inventory", "delivery")


def rule_section(rule: Rule) -> str:
    """Heading, set and docstring of one constraint family."""
    return f"### {rule.name}\n\n{docstring(rule.function)}\n\nOne for each of `{rule.over}`."


def cost_section(cost: Cost) -> str:
    """Heading and docstring of one cost."""
    return f"### Cost: {cost.name}\n\n{docstring(cost.function)}"


def area_section(area: str) -> str:
    """The chapter of one area: its story, its rules, its costs."""
    module = import_module(f"planner.model.{area}")
    rules = (rule_section(rule) for rule in RULES.values() if rule.function.__module__ == module.__name__)
    costs = (cost_section(cost) for cost in COSTS.values() if cost.function.__module__ == module.__name__)
    return "\n\n".join(chain([f"## {area}", docstring(module)], rules, costs))


def model_page() -> str:
    """The reference of the mathematics."""
    chapters = [area_section(area) for area in AREAS]  # importing an area declares its rules
    return page("Model reference", MODEL_INTRO, OBJECTIVE, *chapters)


MODEL_INTRO = """
One chapter per area, one section per family of constraints: what is true in every plan, the formula, its unit, and what its
shadow price means. The name is the same in the code (`planner/model/<area>.py`), in the table of shadow prices and in the message
about limits in conflict. Periods are numbered from 1; 0 is the state before the plan starts. Every variable is 0 or more.
"""

OBJECTIVE = """
## Objective

`objective.mode` chooses what the plan is best at. Every pass reports its objective, its bound and its gap.

- `targets_first` solves in passes, each holding what the earlier ones reached: (1) booked orders by priority, first the
  fewest units lost, then the fewest units late, summed over the periods they are late; (2) sales targets by priority, the
  least shortfall as a share of each target; (3) all other demand in the same way as booked orders, if
  `objective.beyond_targets` is `all`; (4) the lowest operations cost, which is every cost below except those of
  `service_terms`. With `beyond_targets: profitable` there is no pass (3), and the last pass minimises operations cost less
  the revenue of demand that is not booked; with `none` such demand is served only as far as targets need it.
- `cost` minimises all costs, the backorder and lost-sale costs of `service_terms` among them, in one pass.
- `profit` maximises revenue less all costs, in one pass.
"""
