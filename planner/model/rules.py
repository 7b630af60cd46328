"""How a function becomes part of the model: rules are declared over a set, costs under their area."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Rule:
    """A constraint family: its function, the set it holds over and the unit of its limit.

    `limit` is True where relaxing the right-hand side is a remedy that somebody could buy; those are the rows that an
    infeasible scenario may blame.
    """

    function: Callable[..., Any]
    over: str
    unit: str
    limit: bool

    @property
    def name(self) -> str:
        """The name of the family everywhere: component, docs heading, shadow price, explanation."""
        return self.function.__name__


@dataclass(frozen=True)
class Cost:
    """A named term of the cost dictionary."""

    function: Callable[..., Any]

    @property
    def name(self) -> str:
        """The name of the term everywhere: cost table, report, explanation."""
        return self.function.__name__


RULES: dict[str, Rule] = {}
COSTS: dict[str, Cost] = {}


def constraint(over: str, *, unit: str, limit: bool = False) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Makes a function the constraint family of its own name, one row for each member of the set `over`."""
    def declared(function: Callable[..., Any]) -> Callable[..., Any]:
        RULES[function.__name__] = Rule(function, over, unit, limit)
        return function
    return declared


def cost(function: Callable[..., Any]) -> Callable[..., Any]:
    """Makes a function the cost term of its own name."""
    COSTS[function.__name__] = Cost(function)
    return function
