"""Checking a scenario without loading it further: what `planner check` asks."""

from planner.errors import Problem
from planner.scenario.load import Place, examine


def check(place: Place) -> list[Problem]:
    """Everything that is wrong with the scenario: errors first, then warnings; nothing when all is well."""
    return examine(place)[1]
