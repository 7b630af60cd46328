"""The generated manufacturer in linopy: the positions of `hand_written.py` as variables, expressions and
constraints.

linopy is no dependency of the project; importing this module without it fails.
"""

from dataclasses import dataclass, field
from typing import Any

import linopy
import numpy as np
import pandas as pd
from hand_written import Matrix, written


@dataclass
class Family:
    """Rows with one right-hand side, and the terms that stand in them."""

    first: int
    right_side: np.ndarray
    equal: bool
    terms: list[Any] = field(default_factory=list)


@dataclass
class Expressions(Matrix):
    """Keeps every kind of term as a linopy expression instead of as entries of a matrix."""

    model: linopy.Model = field(default_factory=linopy.Model)
    variables: dict[str, Any] = field(default_factory=dict)
    families: list[Family] = field(default_factory=list)

    def begin(self, right_side: np.ndarray, *, equal: bool = False) -> int:
        first = super().begin(right_side, equal=equal)
        self.families.append(Family(first, right_side, equal))
        return first

    def add(self, rows: np.ndarray, columns: np.ndarray, values: Any = 1.0) -> None:
        if not len(rows):
            return
        name = max((first, name) for name, first in self.first.items() if first <= columns[0])[1]
        family = max(
            (family for family in self.families if family.first <= rows[0]), key=lambda family: family.first
        )
        term = np.broadcast_to(np.asarray(values, float), rows.shape) * self.variable(name).isel(
            place=columns - self.first[name]
        )
        term = term.assign_coords(place=np.arange(len(rows)))
        own_rows = pd.Series(rows - family.first, name="row", index=pd.RangeIndex(len(rows), name="place"))
        family.terms.append(term.groupby(own_rows).sum())

    def variable(self, name: str) -> Any:
        if name not in self.variables:
            ends = [*sorted(self.first.values()), self.size]
            size = next(end for end in ends if end > self.first[name]) - self.first[name]
            self.variables[name] = self.model.add_variables(
                lower=0, coords=[pd.RangeIndex(size, name="place")], name=name
            )
        return self.variables[name]

    def compressed(self) -> Any:
        for family in self.families:
            total = linopy.merge(family.terms, join="outer", cls=type(family.terms[0]))
            right_side = family.right_side[total.indexes["row"].to_numpy()]
            self.model.add_constraints(
                total, "=" if family.equal else "<=", right_side, name=f"rows-{family.first}"
            )
        return self


def hand_over(declared: Any) -> Any:
    """The model in HiGHS by way of linopy."""
    made, _, _, cost, _ = written(declared, Expressions)
    # type: ignore[attr-defined]
    parts = [(variable * cost[made.first[name]:made.first[name] + variable.size]).sum()
             for name, variable in made.variables.items()]  # type: ignore[attr-defined]
    made.model.add_objective(sum(parts[1:], parts[0]))  # type: ignore[attr-defined]
    return linopy.io.to_highspy(made.model)  # type: ignore[attr-defined]
