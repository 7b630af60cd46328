"""The search for good starting points gives plans that keep every rule, and better ones than rounding."""

import numpy as np
import pytest
from generated_scenario import Size
from lumpy_scenario import lumpy_records

from planner.demand.demand import make_demand
from planner.model.build import build_model
from planner.model.objective import goals
from planner.model.solver.matrix import compile_model
from planner.model.solver.slope_scaling import Search, Slopes
from planner.progress import watched
from planner.scenario.load import load_scenario


@pytest.fixture(scope="module")
def lumpy():
    size = Size(products=8, parts=5, plants=2, warehouses=1, markets=2, suppliers=3, periods=8)
    scenario = load_scenario(lumpy_records(size))
    compiled = compile_model(build_model(scenario, make_demand(scenario)))
    return compiled, goals(compiled.model, compiled.layout, compiled.costs)[-1]


def test_the_plan_found_keeps_every_rule_and_is_whole_where_it_must_be(lumpy):
    compiled, goal = lumpy
    told = []
    with watched(told.append):
        point = Search(compiled, goal, [], deadline=None).start()
    activity = compiled.rows.matrix @ point.values
    slack = 1e-6 * np.maximum(1.0, np.abs(compiled.rows.upper))
    assert (activity <= compiled.rows.upper + slack).all()
    assert (activity >= compiled.rows.lower - np.where(np.isfinite(compiled.rows.lower), slack, 0.0)).all()
    whole = point.values[compiled.whole]
    np.testing.assert_allclose(whole, np.round(whole), atol=1e-6)
    assert point.objective == pytest.approx(goal.value(point.values))
    assert any(record.activity == "slope scaling" for record in told)


def test_the_plan_found_is_near_the_linear_bound_where_the_solver_alone_is_far(lumpy):
    compiled, goal = lumpy
    point = Search(compiled, goal, [], deadline=None).start()
    session = Search(compiled, goal, [], deadline=None)._session(
        compiled.rows, compiled.upper, whole=True)
    bound = session.relaxed(goal.coefficients, goal.constant, seconds=None).objective
    # lost sales cost six times a unit: a poor plan is several times the bound
    assert bound <= point.objective <= 1.2 * bound


def test_slopes_price_a_switch_by_what_flowed_through_it_last(lumpy):
    compiled, _ = lumpy
    slopes = Slopes.of(compiled)
    values = np.zeros(compiled.layout.size)
    place = compiled.layout.place("production")
    values[place] = 1e4  # more than any minimum lot
    scaled = slopes.scaled(values)
    of_setups = np.isin(slopes.flow_rows, np.arange(*compiled.rows.families["setup_needed"].indices(10**9)))
    assert (scaled.maximum[of_setups] == 1e4).all()
    # nothing is bought: orders keep their price
    assert (scaled.maximum[~of_setups] == slopes.maximum[~of_setups]).all()


def test_slopes_begin_with_an_even_share_of_what_may_flow_until_the_last_period(lumpy):
    compiled, _ = lumpy
    whole = Slopes.of(compiled)
    first = whole.of_one_period()
    last = compiled.model.scenario.calendar.periods
    start = compiled.model.pyomo.setup.index_set().index.columns["start"]
    switch = compiled.rows.matrix.indices[whole.entries] - compiled.layout.place("setup").start
    of_setups = (switch >= 0) & (switch < len(start))
    share = whole.maximum[of_setups] / (last + 1 - start[switch[of_setups]])
    np.testing.assert_allclose(first.maximum[of_setups], np.maximum(share, whole.minimum[of_setups]))
    assert (first.maximum[of_setups] < whole.maximum[of_setups]).any()


def test_few_switches_are_left_to_the_solver():
    size = Size(products=2, parts=1, plants=1, warehouses=1, markets=1, suppliers=1, periods=3)
    scenario = load_scenario(lumpy_records(size))
    compiled = compile_model(build_model(scenario, make_demand(scenario)))
    goal = goals(compiled.model, compiled.layout, compiled.costs)[-1]
    assert Search(compiled, goal, [], deadline=None).start() is None
