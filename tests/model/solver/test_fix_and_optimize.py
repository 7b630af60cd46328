"""Windows make a plan better step by step and keep every rule; what is not free stays as it was."""

from itertools import islice

import numpy as np
import pytest
from generated_scenario import Size
from lumpy_scenario import lumpy_records

from planner.demand.demand import make_demand
from planner.model.build import build_model
from planner.model.objective import Goal, goals
from planner.model.solver.fix_and_optimize import Windows
from planner.model.solver.matrix import compile_model, open_session
from planner.model.solver.slope_scaling import Search
from planner.scenario.load import load_scenario


@pytest.fixture(scope="module")
def lumpy():
    size = Size(products=5, parts=3, plants=2, warehouses=1, markets=2, suppliers=2, periods=6)
    scenario = load_scenario(lumpy_records(size))
    compiled = compile_model(build_model(scenario, make_demand(scenario)))
    goal = goals(compiled.model, compiled.layout, compiled.costs)[-1]
    return compiled, goal, Search(compiled, goal, [], deadline=None).start()


@pytest.fixture(scope="module")
def points(lumpy):
    compiled, goal, start = lumpy
    return list(islice(Windows(compiled, goal, [], deadline=None).improvements(start), 6))


def test_each_point_is_better_than_the_last_and_keeps_every_rule(lumpy, points):
    compiled, goal, start = lumpy
    objectives = [start.objective, *(point.objective for point in points)]
    assert len(points) > 3 and (np.diff(objectives) < 0).all()
    rows = compiled.rows
    activity, slack = rows.matrix @ points[-1].values, 1e-6 * np.maximum(1.0, np.abs(rows.upper))
    assert (activity <= rows.upper + slack).all()
    assert (activity >= rows.lower - np.where(np.isfinite(rows.lower), slack, 0.0)).all()
    whole = points[-1].values[compiled.whole]
    np.testing.assert_allclose(whole, np.round(whole), atol=1e-6)
    assert points[-1].objective == pytest.approx(goal.value(points[-1].values))


def test_no_window_beats_the_bound(lumpy, points):
    compiled, goal, _ = lumpy
    assert (
        points[-1].objective
        >= open_session(compiled).relaxed(goal.coefficients, goal.constant, seconds=None).objective
    )


def test_windows_of_one_round_free_every_whole_number_of_an_item_once(lumpy):
    compiled, goal, _ = lumpy
    windows = Windows(compiled, goal, [], deadline=None)
    free = np.array(list(windows._of_items(12, np.random.default_rng(0))))
    of_items = compiled.whole & (windows._item >= 0)
    assert (free[:, of_items].sum(axis=0) == 1).all()
    assert not free[:, compiled.whole & ~of_items].any()
    assert len(free) > 2
    assert windows._shared()[compiled.whole & ~of_items].all() and not windows._shared()[of_items].any()


def test_limits_give_way_to_a_point_that_exceeds_them_by_rounding_and_to_no_other(lumpy):
    """A goal held at 100: a point at 100.00005 is within a millionth of it, one at 100.001 is not."""
    compiled, goal, start = lumpy
    held = np.zeros(compiled.layout.size)
    held[0] = 1.0
    windows = Windows(compiled, goal, [(Goal("held", held), 100.0)], deadline=None)
    values = start.values.copy()
    for at, allowed in ((99.0, 100.0), (100.00005, 100.00005), (100.001, 100.0001)):
        values[0] = at
        assert windows._including(values)[1][-1] == pytest.approx(allowed, abs=1e-6)


def test_what_an_earlier_goal_holds_is_held_in_every_window(lumpy, points):
    compiled, goal, start = lumpy
    stock = np.zeros(compiled.layout.size)
    stock[compiled.layout.place("inventory")] = 1.0
    maximum = stock @ start.values
    # left free, better plans keep more stock
    assert any(stock @ point.values > maximum + 1.0 for point in points)
    held = list(
        islice(
            Windows(compiled, goal, [(Goal(goal.name, stock), maximum)], deadline=None).improvements(start), 4
        )
    )
    assert held
    assert all(stock @ point.values <= maximum + 1e-6 for point in held)
