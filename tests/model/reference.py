"""The model as Pyomo's own compiler has it, and the comparison that holds the fast compiler to it."""

import numpy as np
import pyomo.environ as pyo
import scipy.sparse as sparse
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler

from planner.model.build import COSTS, build_model
from planner.model.compiler.declare import RowByRow
from planner.model.solver.matrix import compile_model


def assert_same_as_pyomo(scenario, demand):
    """Matrix, right-hand sides, bounds, whole numbers and costs are those of the same rules, expanded row by
    row.
    """
    fast = compile_model(build_model(scenario, demand))
    ordinary = build_model(scenario, demand, words=RowByRow)
    expected, right_side, equality, total_cost = reference(ordinary)
    assert np.array_equal(fast.rows.lower == fast.rows.upper, equality)
    ours, our_side = canonical(fast.rows.matrix, fast.rows.upper, equality)
    theirs, their_side = canonical(expected, right_side, equality)
    if theirs.nnz:
        assert abs(ours - theirs).max() <= 1e-9 * abs(theirs).max()
    np.testing.assert_allclose(our_side, their_side, rtol=1e-12, atol=1e-9)
    cost = sum(
        part.coefficients_by_column(fast.layout.size) for parts in fast.costs.terms.values() for part in parts
    )
    np.testing.assert_allclose(cost, total_cost, rtol=1e-12, atol=1e-12)
    assert_same_bounds(fast, ordinary.pyomo)


def assert_same_bounds(fast, m):
    variables = [variable[index] for variable in m.component_objects(pyo.Var, descend_into=False)
                 for index in variable.index_set()]
    bounds = [variable.bounds for variable in variables]
    assert [variable.is_integer() for variable in variables] == fast.whole.tolist()
    assert [lower for lower, _ in bounds] == fast.lower.tolist()
    assert [np.inf if upper is None else upper for _, upper in bounds] == fast.upper.tolist()


def reference(model):
    """The matrix that Pyomo's own compiler makes of ordinary components, in the order of our rows and
    columns.
    """
    m = model.pyomo
    m.total_cost = pyo.Objective(expr=sum(
        amount.function(m, *(member if isinstance(member, tuple) else (member,)))
        for amount in COSTS.values() for member in getattr(m, amount.over)
    ))
    form = LinearStandardFormCompiler().write(m, mixed_form=True)
    column_of = positions(m, pyo.Var)
    row_of = positions(m, pyo.Constraint)
    columns = [
        column_of[variable.parent_component().local_name, variable.index()] for variable in form.columns
    ]
    rows = [
        row_of[entry.constraint.parent_component().local_name, entry.constraint.index()]
        for entry in form.rows
    ]
    kind = np.array([entry.bound_type for entry in form.rows])
    shape = (len(row_of), len(column_of))
    spread = sparse.csr_array((np.ones(len(rows)), (rows, range(len(rows)))), shape=(shape[0], len(rows)))
    gather = sparse.csr_array(
        (np.ones(len(columns)), (range(len(columns)), columns)), shape=(len(columns), shape[1])
    )
    sign = np.where(kind < 0, -1.0, 1.0)
    matrix = spread @ sparse.diags_array(sign) @ form.A.tocsr() @ gather
    costs = form.c.toarray().ravel() @ gather.toarray()
    return matrix, spread @ (sign * form.rhs), (spread @ (kind == 0).astype(float)) > 0, costs


def positions(m, kind):
    entries = [(component.local_name, index) for component in m.component_objects(kind, descend_into=False)
               for index in component.index_set()]
    return {entry: place for place, entry in enumerate(entries)}


def canonical(matrix, right_side, equality):
    """Equalities may stand either way round: the first coefficient of each is made positive."""
    matrix = sparse.csr_array(matrix)
    matrix.sum_duplicates()
    matrix.eliminate_zeros()
    first = np.array([matrix.data[start] if start < end else 1.0
                      for start, end in zip(matrix.indptr, matrix.indptr[1:], strict=False)])
    sign = np.where(equality & (first < 0), -1.0, 1.0)
    return sparse.diags_array(sign) @ matrix, sign * right_side
