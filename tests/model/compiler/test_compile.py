"""The fast compiler is held to Pyomo's own: the same text gives the same matrix, row by row."""

import numpy as np
import pandas as pd
import pyomo.environ as pyo
import pytest

from planner.demand.demand import make_demand
from planner.model.build import build_model
from planner.model.compiler.columnar import Index, Names, TableParam
from planner.model.compiler.compile import Layout, compile_amount, compile_rows
from planner.model.compiler.declare import Columnar
from planner.model.limits import Limit
from planner.model.rules import Rule
from planner.model.solve import compile_model
from planner.scenario.load import load_scenario
from tests.model.reference import assert_same_as_pyomo

BUNDLED = ["scenarios/baseline", "scenarios/lots", "scenarios/red-tomato",
           "tests/published/distribution-1", "tests/published/steelt"]


@pytest.mark.parametrize("folder", BUNDLED)
def test_fast_matrix_bounds_and_costs_equal_those_of_pyomos_own_compiler(folder):
    scenario = load_scenario(folder)
    assert_same_as_pyomo(scenario, make_demand(scenario))


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
    declare.constraint(Rule(rule, over, Limit("made", "made", kind="maximum", unit="units", area="production")))
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
    rows = compiled(
        small_model(), lambda m, item, period: m.production[item, period] >= m.hours[item, period]
    )
    assert rows.matrix.toarray().tolist() == [[-1, 0, 0], [0, -1, 0], [0, 0, -1]]
    assert rows.upper.tolist() == [-2, -3, -5]


def test_division_negation_and_arithmetic_on_indices_mean_what_they_say():
    def mixed(m, item, period):
        return -(m.production[item, period] / m.hours[item, period]) * (period + 1) == period - 1
    rows = compiled(small_model(), mixed)
    np.testing.assert_allclose(rows.matrix.toarray(), np.diag([-2 / 2, -3 / 3, -2 / 5]))
    assert rows.upper.tolist() == [0, 1, 0]


def known_prices(m, item, period):
    return m.production[item, period] <= {"bike": 2, "frame": 3}[item]


def only_from_two_on(m, item, period):
    return m.production[item, period] <= (1 if period == 1 else 7)


def filtered(m, item, period):
    return (
        sum(m.production[item, other] for other in m.periods_of[item] if other != 2) == m.hours[item, period]
    )


def summed_in_a_loop(m, item, period):
    total = 0
    for other in m.periods_of[item]:
        total = total + m.hours[item, other] * m.production[item, other]
    return total >= m.hours[item, period] - 1


def counted(m, item, period):
    return pyo.quicksum(m.production[item, other] for other in m.periods_of[item]) >= 4


def raised_to_a_power(m, item, period):
    return m.hours[item, period] ** 2 * m.production[item, period] <= 9


def without_variables(m, item, period):
    return 0 * period <= (1 if period == 1 else -1)


@pytest.mark.parametrize(("rule", "matrix", "lower", "upper"), [
    (known_prices, np.eye(3), [-np.inf] * 3, [2, 2, 3]),
    (only_from_two_on, np.eye(3), [-np.inf] * 3, [1, 7, 1]),
    (filtered, [[1, 0, 0], [1, 0, 0], [0, 0, 1]], [2, 3, 5], [2, 3, 5]),
    (summed_in_a_loop, [[-2, -3, 0], [-2, -3, 0], [0, 0, -5]], [-np.inf] * 3, [-1, -2, -4]),
    (counted, [[-1, -1, 0], [-1, -1, 0], [0, 0, -1]], [-np.inf] * 3, [-4] * 3),
    (raised_to_a_power, np.diag([4, 9, 25]), [-np.inf] * 3, [9] * 3),
    (without_variables, np.zeros((3, 3)), [-np.inf] * 3, [0, -1, 0]),  # 0 <= -1 never holds
], ids=lambda part: part.__name__ if callable(part) else "")
def test_a_rule_that_cannot_be_compiled_is_expanded_row_by_row_and_the_log_says_which(
    rule, matrix, lower, upper, caplog
):
    rows = compiled(small_model(), rule)
    assert rows.matrix.toarray().tolist() == np.asarray(matrix, float).tolist()
    assert (rows.lower.tolist(), rows.upper.tolist()) == (lower, upper)
    assert any(
        message.startswith(f"{rule.__name__} is expanded row by row, 3 rows: ") for message in caplog.messages
    )


def test_rules_of_the_model_are_never_expanded_row_by_row(caplog):
    scenario = load_scenario("scenarios/lots")
    compile_model(build_model(scenario, make_demand(scenario)))
    assert caplog.messages == []


def test_a_rule_that_cannot_be_compiled_and_multiplies_variables_is_refused():
    with pytest.raises(ValueError, match="product multiplies two variables"):
        compiled(small_model(), product)


def product(m, item, period):
    return m.production[item, period] ** 2 <= 1


def test_a_rule_that_multiplies_variables_is_refused():
    with pytest.raises(ValueError, match="multiplies two variables"):
        compiled(
            small_model(),
            lambda m, item, period: m.production[item, period] * m.production[item, period] <= 1,
        )


def test_a_rule_that_reaches_outside_a_set_says_which_set():
    with pytest.raises(KeyError, match="production"):
        compiled(small_model(), lambda m, item, period: m.production[item, period - 1] <= 1)


def test_a_switch_without_a_bound_is_refused():
    declare = small_model()
    declare.param("maximum", "made", pd.Series([2.0, np.inf, 5.0]))

    def switched(m, item, period):
        return m.maximum[item, period] * m.production[item, period] <= 1
    with pytest.raises(ValueError, match="switched multiplies a decision by infinity"):
        compiled(declare, switched)


def test_a_cost_knows_what_each_member_contributes():
    declare = small_model()
    layout = Layout.of(declare.m)
    part = compile_amount(
        declare.m, lambda m, item, period: m.hours[item, period] * m.production[item, period], declare.m.made, layout
    )
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
