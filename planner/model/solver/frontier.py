"""A model with one more limit, over all of its plan: what it costs to serve more, or to keep less stock."""

from dataclasses import replace

import numpy as np
import scipy.sparse as sparse

from planner.model.compiler.compile import Rows
from planner.model.compiler.lookup import Floats
from planner.model.objective import Goal, goals
from planner.model.solver.matrix import Compiled

ON_TIME = "units on time"


def units_on_time(compiled: Compiled) -> Floats:
    """1 for each unit that is delivered in the period of its demand."""
    return _ones(compiled, "delivered_on_time")


def stock(compiled: Compiled) -> Floats:
    """What a unit in stock at the end of a period counts for: the standard cost of its item, as an average
    over the periods. Stock that the plan starts with, and an item without a standard cost, count for nothing.
    """
    model = compiled.model
    columns = model.declared.indices["stock_states"].columns
    names = model.declared.names
    items = model.scenario["items"]
    by_code = {names.code(item): cost
               for item, cost in zip(items["item"], items["standard_cost"], strict=True)}
    each = np.array([by_code.get(int(code), 0.0) for code in columns["item"]])
    counted = np.where(columns["period"] > 0, each / model.scenario.calendar.periods, 0.0)
    coefficients = np.zeros(compiled.layout.size)
    coefficients[compiled.layout.place("inventory")] = counted
    return coefficients


def limited(compiled: Compiled, coefficients: Floats, *, lower: float = -np.inf,
            upper: float = np.inf) -> Compiled:
    """The model with the limit lower <= coefficients @ variables <= upper."""
    rows = compiled.rows
    matrix = sparse.vstack([rows.matrix, sparse.csr_array(coefficients[None, :])]).tocsr()
    return replace(compiled, rows=Rows(matrix, np.append(rows.lower, lower), np.append(rows.upper, upper),
                                       families=rows.families))


def money_goal(compiled: Compiled) -> Goal:
    """The last goal of the mode alone: the lowest cost, or the highest profit."""
    return goals(compiled.model, compiled.layout, compiled.costs)[-1]


def most_on_time(compiled: Compiled) -> Goal:
    """As many units on time as there can be."""
    return Goal(ON_TIME, -units_on_time(compiled))


def _ones(compiled: Compiled, variable: str) -> Floats:
    coefficients = np.zeros(compiled.layout.size)
    coefficients[compiled.layout.place(variable)] = 1.0
    return coefficients
