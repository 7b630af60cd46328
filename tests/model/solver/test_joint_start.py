"""The first plan for all goals at once, and the passes that need no search after it."""

import numpy as np
import pytest

from planner.demand.demand import make_demand
from planner.model.build import build_model
from planner.model.objective import Goal, goals
from planner.model.solver.in_order import relaxed_in_order, with_numbers
from planner.model.solver.joint_start import Candidate, JointStart, joint_goal
from planner.model.solver.matrix import compile_model, open_session
from planner.model.solver.outcome import Outcome
from planner.model.solver.proof import attained
from planner.scenario.load import load_scenario
from tests.model.plants import plant, solve, table, works

# 8 wanted in each month and targets of 30 and then 20 above that; an order costs 20
ORDERS = plant(
    [8, 8], mode="targets_first",
    sales_targets=table("target quantity priority", ("all", 30, 1), ("some", 20, 2)),
    sourcing=table("item supplier site unit_cost order_cost", ("bike", "arvo", "plant", 10, 20)),
)


def compiled_goals(scenario):
    loaded = load_scenario(scenario)
    compiled = compile_model(build_model(loaded, make_demand(loaded)))
    return compiled, goals(compiled.model, compiled.layout, compiled.costs)


def test_the_linear_plan_of_the_sum_is_that_of_the_goals_in_order():
    compiled, ranked = compiled_goals(works(objective={"mode": "targets_first"}))
    session = open_session(compiled)
    goal = joint_goal(compiled, ranked)
    values = session.relaxed(goal.coefficients, goal.constant, seconds=None).values
    for step in ranked:
        minimum = session.relaxed(step.coefficients, step.constant, seconds=None)
        assert step.value(values) == pytest.approx(minimum.objective, rel=1e-6, abs=1e-5), step.name
        session.hold(step.coefficients, minimum.objective - step.constant + 1e-7)


def test_the_better_plan_is_better_by_the_first_goal_in_which_two_differ():
    lost, cost = Goal("lost", np.array([1.0, 0.0])), Goal("cost", np.array([0.0, 1.0]))
    plans = [Candidate.of(np.array(point), [lost, cost]) for point in ([3.0, 10.0], [2.0, 90.0], [2.0, 80.0])]
    assert plans[1].is_better_than(plans[0]) and not plans[0].is_better_than(plans[1])
    assert plans[2].is_better_than(plans[1]) and not plans[1].is_better_than(plans[2])
    assert not plans[2].is_better_than(plans[2])


def test_a_goal_whose_linear_bound_is_attained_is_proven_without_a_search():
    """All 16 that are wanted are delivered for the first target; of the second then no more than 4 are
    missed.
    """
    solution = solve(ORDERS)
    first, second = (entry for entry in solution.passes if entry.name.startswith("sales targets"))
    assert (first.status, first.objective) == ("optimal", pytest.approx(14 / 30))
    assert (second.status, second.objective, second.seconds) == ("optimal", pytest.approx(4 / 20), 0.0)


def test_a_goal_whose_bound_is_not_attained_is_not_proven():
    compiled, _ = compiled_goals(ORDERS)
    session = open_session(compiled)
    goal = Goal("lost", np.ones(compiled.layout.size))
    values = np.zeros(compiled.layout.size)
    values[0] = 3.0
    best = Outcome("time_limit", None, None, values, None, 0.0)
    assert attained(session, goal, best, 2.0) is None
    assert attained(session, goal, best, None) is None
    proven = attained(session, goal, best, 3.0)
    assert proven is not None and (proven.status, proven.objective) == ("optimal", 3.0)


def test_numbers_that_are_fixed_are_completed_by_the_goals_in_order():
    """Orders in both months, 8 each: 16 of 30 and 16 of 20 for the targets, 2 x 20 for the orders, 16 x 10."""
    compiled, ranked = compiled_goals(ORDERS)
    session = open_session(compiled)
    numbers = np.where(compiled.whole, 1.0, 0.0)
    values = with_numbers(session, ranked, numbers, deadline=None)
    assert [goal.value(values) for goal in ranked] == pytest.approx([14 / 30, 4 / 20, 0, 0, 200], abs=1e-6)
    nothing = with_numbers(session, ranked, np.zeros(compiled.layout.size), deadline=None)
    assert [ranked[place].value(nothing) for place in (0, 1, -1)] == pytest.approx([1, 1, 0], abs=1e-6)
    # nothing is fixed or held any more: fractions of orders
    assert relaxed_in_order(session, ranked, deadline=None).minima[-1] < 200


def test_numbers_that_cannot_lead_to_a_better_plan_lead_to_none():
    """Orders in both months miss 14 of 30: better than 15, worse than 13, and as good as 14 up to the cost."""
    compiled, ranked = compiled_goals(ORDERS)
    session = open_session(compiled)
    numbers = np.where(compiled.whole, 1.0, 0.0)
    for missed, is_better in ((15, True), (14, True), (13, False)):
        values = with_numbers(session, ranked, numbers, deadline=None, below=(missed / 30, 0.2, 0, 0, 300))
        assert (values is not None) == is_better


def test_with_its_numbers_fixed_the_goal_that_is_asked_for_is_minimised_whatever_was_sought_before():
    """Orders in both months: the cheapest plan buys nothing and pays 2 x 20 for them."""
    compiled, ranked = compiled_goals(ORDERS)
    session = open_session(compiled)
    session.relaxed(ranked[0].coefficients, ranked[0].constant, seconds=None)
    cost, numbers = ranked[-1], np.where(compiled.whole, 1.0, 0.0)
    fixed = session.with_fixed_numbers(cost.coefficients, cost.constant, numbers)
    assert (fixed.objective, cost.value(fixed.values)) == pytest.approx((40, 40))


def test_goals_are_attained_up_to_the_first_that_could_be_lower():
    lost, late, cost = (Goal(name, unit) for name, unit in zip("abc", np.eye(3), strict=True))
    start = JointStart([lost, late, cost], minima=(0.0, 2.0, 5.0))
    assert start.attained == 0
    start.add(np.array([0.0, 3.0, 5.0]))
    assert start.attained == 1
    start.add(np.array([0.0, 2.0, 9.0]))
    start.add(np.array([1.0, 0.0, 1.0]))  # no better: the first goal decides
    assert (start.attained, start.best.reached) == (2, (0.0, 2.0, 9.0))
