"""The fast compiler is held to Pyomo's own: the same text gives the same matrix, row by row."""

import numpy as np
import pandas as pd
import pyomo.environ as pyo
import pytest
import scipy.sparse as sparse
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler

from planner.demand.demand import make_demand
from planner.model.build import build_model
from planner.model.columnar import Index, Names, TableParam
from planner.model.compile import Layout, compile_rows, compile_sum
from planner.model.declare import Columnar, RowByRow
from planner.model.rules import COSTS, Rule
from planner.model.solve import compile_model
from planner.scenario.load import load_scenario

BUNDLED = ["scenarios/baseline", "scenarios/lots", "scenarios/red-tomato",
           "tests/published/distribution-1", "tests/published/steelt"]


def reference(model):
    """The matrix that Pyomo's own compiler makes of ordinary components, in the order of our rows and columns."""
    m = model.pyomo
    m.total_cost = pyo.Objective(expr=sum(cost.function(m) for cost in COSTS.values()))
    form = LinearStandardFormCompiler().write(m, mixed_form=True)
    column_of = positions(m, pyo.Var)
    row_of = positions(m, pyo.Constraint)
    columns = [column_of[variable.parent_component().local_name, variable.index()] for variable in form.columns]
    rows = [row_of[entry.constraint.parent_component().local_name, entry.constraint.index()] for entry in form.rows]
    kind = np.array([entry.bound_type for entry in form.rows])
    shape = (len(row_of), len(column_of))
    spread = sparse.csr_array((np.ones(len(rows)), (rows, range(len(rows)))), shape=(shape[0], len(rows)))
    gather = sparse.csr_array((np.ones(len(columns)), (range(len(columns)), columns)), shape=(len(columns), shape[1]))
    sign = np.where(kind < 0, -1.0, 1.0)
    matrix = spread @ sparse.diags_array(sign) @ form.A.tocsr() @ gather
    equality = (spread @ (kind == 0).astype(float)) > 0
    return matrix, spread @ (sign * form.rhs), equality, form.c.toarray().ravel() @ gather.toarray()


def positions(m, kind):
    entries = [(component.local_name, index) for component in m.component_objects(kind, descend_into=False)
               for index in component.index_set()]
    return {entry: place for place, entry in enumerate(entries)}


def canonical(matrix, right_side, equality):
    """Equalities may stand either way round: the first coefficient of each is made positive."""
    matrix = sparse.csr_array(matrix)
    matrix.sum_duplicates()
    matrix.eliminate_zeros()
    starts = zip(matrix.indptr, matrix.indptr[1:], strict=False)
    first = np.array([matrix.data[start] if start < end else 1.0 for start, end in starts])
    sign = np.where(equality & (first < 0), -1.0, 1.0)
    return sparse.diags_array(sign) @ matrix, sign * right_side


@pytest.mark.parametrize("folder", BUNDLED)
def test_fast_matrix_equals_the_matrix_of_pyomos_own_compiler(folder):
    scenario = load_scenario(folder)
    demand = make_demand(scenario)
    fast = compile_model(build_model(scenario, demand))
    expected, right_side, equality, total_cost = reference(build_model(scenario, demand, words=RowByRow))
    assert np.array_equal(fast.rows.lower == fast.rows.upper, equality)
    ours, our_side = canonical(fast.rows.matrix, fast.rows.upper, equality)
    theirs, their_side = canonical(expected, right_side, equality)
    assert abs(ours - theirs).max() <= 1e-9 * abs(theirs).max()
    np.testing.assert_allclose(our_side, their_side, rtol=1e-12, atol=1e-9)
    cost = sum(part.coefficients_by_column(fast.layout.size) for parts in fast.costs.terms.values() for part in parts)
    np.testing.assert_allclose(cost, total_cost, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("folder", ["scenarios/baseline", "scenarios/lots"])
def test_bounds_and_whole_numbers_of_fast_and_ordinary_variables_agree(folder):
    scenario = load_scenario(folder)
    demand = make_demand(scenario)
    fast = compile_model(build_model(scenario, demand))
    ordinary = build_model(scenario, demand, words=RowByRow).pyomo
    variables = [variable[index] for variable in ordinary.component_objects(pyo.Var, descend_into=False)
                 for index in variable.index_set()]
    bounds = [variable.bounds for variable in variables]
    assert [variable.is_integer() for variable in variables] == fast.whole.tolist()
    assert [lower for lower, _ in bounds] == fast.lower.tolist()
    assert [np.inf if upper is None else upper for _, upper in bounds] == fast.upper.tolist()


def small_model():
    names = Names()
    declare = Columnar(names)
    frame = pd.DataFrame({"item": names.encode(pd.Series(["bike", "bike", "frame"])), "period": [1, 2, 1]})
    declare.set("made", frame, ["item", "period"])
    declare.set("makers", frame[["item"]].drop_duplicates(), ["item"])
    declare.variable("production", "made")
    declare.param("hours", "made", pd.Series([2.0, 3.0, 5.0]))
    declare.group("periods_of", "makers", frame, by=["item"], members=["period"])
    return declare


def compiled(declare, rule, over="made"):
    declare.constraint(Rule(rule, over, "units", False))
    return compile_rows(declare.m, Layout.of(declare.m))


def test_a_sum_over_a_group_repeats_its_body_for_each_member():
    def all_periods(m, item):
        return sum(m.hours[item, period] * m.production[item, period] for period in m.periods_of[item]) <= 10
    rows = compiled(small_model(), all_periods, "makers")
    assert rows.matrix.toarray().tolist() == [[2, 3, 0], [0, 0, 5]]  # bike in periods 1 and 2; frame in 1
    assert rows.upper.tolist() == [10, 10]


def test_a_constant_inside_a_sum_counts_once_for_each_member():
    def shifted(m, item):
        return sum(m.production[item, period] + 4 for period in m.periods_of[item]) <= 10
    assert compiled(small_model(), shifted, "makers").upper.tolist() == [10 - 8, 10 - 4]


def test_at_least_is_turned_into_at_most():
    rows = compiled(small_model(), lambda m, item, period: m.production[item, period] >= m.hours[item, period])
    assert rows.matrix.toarray().tolist() == [[-1, 0, 0], [0, -1, 0], [0, 0, -1]]
    assert rows.upper.tolist() == [-2, -3, -5]


def test_division_negation_and_arithmetic_on_indices_mean_what_they_say():
    def mixed(m, item, period):
        return -(m.production[item, period] / m.hours[item, period]) * (period + 1) == period - 1
    rows = compiled(small_model(), mixed)
    np.testing.assert_allclose(rows.matrix.toarray(), np.diag([-2 / 2, -3 / 3, -2 / 5]))
    assert rows.upper.tolist() == [0, 1, 0]


def test_a_rule_that_multiplies_variables_is_refused():
    with pytest.raises(ValueError, match="multiplies two variables"):
        compiled(small_model(), lambda m, item, period: m.production[item, period] * m.production[item, period] <= 1)


def test_a_rule_that_reaches_outside_a_set_says_which_set():
    with pytest.raises(KeyError, match="production"):
        compiled(small_model(), lambda m, item, period: m.production[item, period - 1] <= 1)


def test_a_cost_knows_what_each_member_contributes():
    declare = small_model()
    layout = Layout.of(declare.m)
    (part,) = compile_sum(declare.m, lambda m: sum(m.hours[item, period] * m.production[item, period]
                                                   for item, period in m.made), layout)
    assert part.amounts(np.array([1.0, 10.0, 100.0])).tolist() == [2, 30, 500]


def test_a_single_row_and_value_can_be_looked_at_by_name():
    declare = small_model()
    compiled(declare, lambda m, item, period: m.production[item, period] <= m.hours[item, period])
    (family,) = declare.m.component_objects(pyo.Constraint)
    assert str(family["bike", 2].expr) == "production[bike,2]  <=  3.0"
    assert declare.m.hours["frame", 1] == 5.0
    assert list(declare.m.periods_of["bike"]) == [1, 2]
    assert isinstance(declare.m.hours, TableParam)


@pytest.mark.parametrize("size", [3, 5000])
def test_positions_are_found_in_dense_and_in_sparse_sets(size):
    generator = np.random.default_rng(1)
    spread = {"item": np.unique(generator.integers(0, size * 1000, size * 2))[:size]}
    index = Index({**spread, "site": generator.integers(0, 7, size)}, Names())
    order = generator.permutation(size)
    assert index.positions([column[order] for column in index.columns.values()]).tolist() == order.tolist()
    with pytest.raises(KeyError):
        index.positions([np.array([-5]), np.array([0])])
