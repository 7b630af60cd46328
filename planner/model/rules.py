"""What a function of the model is: a constraint family over a set, or a cost term. `build` lists them all in
order.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

Part = TypeVar("Part", "Rule", "Cost")


@dataclass(frozen=True)
class Rule:
    """A constraint family: its function, the set it holds over and the unit of its limit.

    `limit` is True where relaxing the right-hand side is a remedy that somebody could buy; those are the rows
    that an infeasible scenario may blame.
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


def constraint(over: str, *, unit: str, limit: bool = False) -> Callable[[Callable[..., Any]], Rule]:
    """Makes a function the constraint family of its own name, one row for each member of the set `over`."""
    return partial(Rule, over=over, unit=unit, limit=limit)


def cost(function: Callable[..., Any]) -> Cost:
    """Makes a function the cost term of its own name."""
    return Cost(function)


def by_name(*parts: Part) -> dict[str, Part]:
    """Rules or costs by their names, in their order. Raises ValueError where two have one name."""
    named = {part.name: part for part in parts}
    if len(named) < len(parts):
        twice = sorted(name for name, count in Counter(part.name for part in parts).items() if count > 1)
        raise ValueError(
            f"two functions of the model are called {', '.join(twice)}: a name stands for one of them"
        )
    return named
