"""The model reference: every rule and cost, from the docstrings of the functions that are the model."""

import inspect
from importlib import import_module
from itertools import chain

from generator.markdown import page
from planner.model.rules import COSTS, RULES, Cost, Rule

AREAS = ("sales", "sourcing", "production", "quality", "workforce", "inventory", "delivery")


def docstring(function: object) -> str:
    """A docstring as markdown: its formula is indented and so stays as it was written."""
    return inspect.cleandoc(inspect.getdoc(function) or "")


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
    return page("Model reference", MODEL_INTRO, *chapters)


MODEL_INTRO = """
One chapter per area, one section per family of constraints: what is true in every plan, the formula, its unit, and what its
shadow price means. The name is the same in the code (`planner/model/<area>.py`), in the table of shadow prices and in the message
about limits in conflict. Periods are numbered from 1; 0 is the state before the plan starts. Every variable is 0 or more.
"""
