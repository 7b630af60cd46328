"""What a function of the model is: a constraint family over a set, or what each member of a set costs.

`build` lists them all in order.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from planner.model.cost_terms import COST_TERMS
from planner.model.limits import LIMITS, Limit

Part = TypeVar("Part", "Rule", "Amount")


@dataclass(frozen=True)
class Rule:
    """A constraint family: its function, the set it holds over and what it is in words."""

    function: Callable[..., Any]
    over: str
    declared: Limit

    @property
    def name(self) -> str:
        """The name of the family everywhere: component, docs heading, shadow price, explanation."""
        return self.function.__name__


@dataclass(frozen=True)
class Amount:
    """What each member of the set `over` adds to a cost term, or to revenue: a rate times what is decided.

    A term may be made of several amounts, each over a set of its own.
    """

    function: Callable[..., Any]
    over: str
    term: str

    @property
    def name(self) -> str:
        """The name of the amount: docs heading, and the name of its term where it is the term's first."""
        return self.function.__name__


def constraint(over: str) -> Callable[[Callable[..., Any]], Rule]:
    """Makes a function the constraint family of its own name, one row for each member of the set `over`."""
    return partial(_rule, over=over)


def _rule(function: Callable[..., Any], *, over: str) -> Rule:
    name = function.__name__
    if name not in LIMITS:
        raise ValueError(f"rule {name} has no words, kind and unit: declare it in planner/model/limits.py")
    return Rule(function, over, LIMITS[name])


def cost(over: str, *, term: str = "") -> Callable[[Callable[..., Any]], Amount]:
    """Makes a function the amount that each member of the set `over` adds to the cost term of the function's
    name, or of another.
    """
    return partial(_cost, over=over, term=term)


def _cost(function: Callable[..., Any], *, over: str, term: str) -> Amount:
    name = term or function.__name__
    if name not in COST_TERMS:
        raise ValueError(f"cost {name} has no area: declare it in planner/model/cost_terms.py")
    return Amount(function, over, name)


def earning(over: str) -> Callable[[Callable[..., Any]], Amount]:
    """Makes a function the revenue of each member of the set `over`."""
    return partial(Amount, over=over, term="revenue")


def by_name(*parts: Part) -> dict[str, Part]:
    """Rules or amounts by their names, in their order. Raises ValueError where two have one name."""
    parts_by_name = {part.name: part for part in parts}
    if len(parts_by_name) < len(parts):
        twice = sorted(name for name, count in Counter(part.name for part in parts).items() if count > 1)
        raise ValueError(
            f"two functions of the model are called {', '.join(twice)}: a name stands for one of them"
        )
    return parts_by_name
