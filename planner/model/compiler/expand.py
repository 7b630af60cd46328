"""Rules row by row: a family that the compiler cannot evaluate as a whole is written out by Pyomo, one row
after the other.

The rows are the same, only slower to make. Which families take this way, and why, is in the log.
"""

import logging
from typing import Any

import numpy as np
from pyomo.repn import generate_standard_repn

from planner.model.compiler.columnar import TemplateConstraint
from planner.model.compiler.lookup import Floats

log = logging.getLogger(__name__)

ALWAYS, NEVER = 0.0, -1.0  # right-hand sides of rows without variables: 0 <= 0 holds, 0 <= -1 does not


def expanded(
    constraint: TemplateConstraint, first: dict[str, int], why: str
) -> tuple[Floats, Floats, list[Any]]:
    """The limits and entries of a family, row by row; `first` says where each variable's columns begin."""
    size = len(constraint.index_set())
    log.warning("%s is expanded row by row, %d rows: %s", constraint.local_name, size, why)
    lower, upper = np.full(size, -np.inf), np.zeros(size)
    rows, columns, values = [], [], []
    for row, member in enumerate(constraint.index_set()):
        expression = constraint.rule(constraint.parent_block(), member)
        if isinstance(expression, bool | np.bool_):
            upper[row] = ALWAYS if expression else NEVER
            continue
        left, right = (generate_standard_repn(side) for side in expression.args)
        equality = type(expression).__name__ == "EqualityExpression"
        if equality and not left.linear_vars:
            left, right = right, left
        upper[row] = right.constant - left.constant
        lower[row] = upper[row] if equality else -np.inf
        for side, sign in ((left, 1.0), (right, -1.0)):
            _refuse_nonlinear(constraint, side)
            rows += [row] * len(side.linear_vars)
            columns += [_column(variable, first) for variable in side.linear_vars]
            values += [sign * coefficient for coefficient in side.linear_coefs]
    entries = (np.array(rows, np.int32), np.array(columns, np.int32), np.array(values, float))
    return lower, upper, [entries]


def _refuse_nonlinear(constraint: TemplateConstraint, side: Any) -> None:
    if side.nonlinear_expr is not None or side.quadratic_vars:
        raise ValueError(f"{constraint.local_name} multiplies two variables; the model is linear")


def _column(variable: Any, first: dict[str, int]) -> int:
    family = variable.parent_component()
    member = variable.index() if isinstance(variable.index(), tuple) else (variable.index(),)
    index = family.index_set().index
    return first[family.local_name] + int(index.positions(index.codes_of(member))[0])
