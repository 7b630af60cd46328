"""A dive decides every switch, batch by batch, and leaves a plan where a rounding leaves none."""

import numpy as np
import pytest
from generated_scenario import Size
from lumpy_scenario import lumpy_records

from planner.demand.demand import make_demand
from planner.model.build import build_model
from planner.model.objective import Goal, goals
from planner.model.solver.diving import Dive
from planner.model.solver.in_order import relaxed_in_order, with_numbers
from planner.model.solver.matrix import compile_model, open_session
from planner.model.solver.slope_scaling import Search, Slopes, roundings, switch_columns
from planner.scenario.load import load_scenario
from tests.model.plants import plant, table


def compiled_goals(scenario):
    loaded = load_scenario(scenario)
    compiled = compile_model(build_model(loaded, make_demand(loaded)))
    return compiled, goals(compiled.model, compiled.layout, compiled.costs)


@pytest.fixture(scope="module")
def lumpy():
    size = Size(products=8, parts=5, plants=2, warehouses=1, markets=2, suppliers=3, periods=8)
    compiled, ranked = compiled_goals(lumpy_records(size))
    search = Search(compiled, ranked[-1], [], deadline=None)
    return compiled, ranked, search.scaled()


def test_a_dive_decides_every_switch_and_leads_to_a_plan_near_the_linear_one(lumpy):
    compiled, ranked, scaled = lumpy
    dive = Dive(compiled, ranked[-1], [], session=scaled.session, deadline=None)
    up, nearest = dive.numbers(scaled.slopes, scaled.values)
    switches = switch_columns(compiled)
    assert set(up[switches]) == {0.0, 1.0} and (up[switches] == nearest[switches]).all()
    values = with_numbers(open_session(compiled), ranked, nearest, deadline=None)
    bound = open_session(compiled).relaxed(ranked[-1].coefficients, ranked[-1].constant, seconds=None).objective
    # lost sales cost six times a unit: a poor plan is several times the bound
    assert bound <= ranked[-1].value(values) <= 1.2 * bound


def test_a_goal_that_is_held_stays_where_it_is_in_a_dive(lumpy):
    """Of the stock that the cheapest plan keeps, at most nine tenths."""
    compiled, ranked, scaled = lumpy
    stock = np.zeros(compiled.layout.size)
    stock[compiled.layout.place("inventory")] = 1.0
    most = 0.9 * stock @ scaled.values
    held = [(Goal("stock", stock), most)]
    search = Search(compiled, ranked[-1], held, deadline=None)
    less = search.scaled()
    dive = Dive(compiled, ranked[-1], held, session=less.session, deadline=None)
    _, numbers = dive.numbers(less.slopes, less.values)
    session = open_session(compiled)
    session.hold(stock, most)
    session.fix_numbers(numbers)
    assert session.relaxed(ranked[-1].coefficients, ranked[-1].constant, seconds=None).status == "optimal"


# One machine of 10 hours makes three bikes of an hour each, a setup takes 4 hours: two setups fit, not three.
# 2 of each are wanted in the first month, and 1 of each costs nothing to lose.
TIGHT = plant(
    [2, 2], items=table("item price", ("a", 100), ("b", 100), ("c", 100)),
    demand=table("item market period quantity",
                 *((item, "north", period, 2) for item in "abc" for period in ("2026-01", "2026-02"))),
    sourcing=[], bill_of_materials=[], inventory=[],
    routings=table("item site routing unit_cost", *((item, "plant", "make", 1) for item in "abc")),
    routing_steps=table("item site routing work_center hours_per_unit setup_hours",
                        *((item, "plant", "make", "line", 1, 4) for item in "abc")),
    work_centers=table("site work_center available_hours", ("plant", "line", 10)),
    service_terms=table("lost_sale_cost backorder_cost", (50, 1)),
)


def test_where_all_switches_of_the_linear_plan_do_not_fit_a_dive_leaves_some_off():
    """Of three setups of 4 hours two fit into 10 hours, with a bike of one hour each."""
    compiled, ranked = compiled_goals(TIGHT)
    session, slopes = open_session(compiled), Slopes.of(compiled)
    linear = relaxed_in_order(session, ranked, deadline=None)
    every = next(iter(roundings(compiled, linear.values)))
    assert every[switch_columns(compiled)].reshape(3, 2).sum(axis=0).tolist() == [3, 3]
    assert with_numbers(session, ranked, every, deadline=None) is None
    upper = compiled.upper.copy()
    upper[switch_columns(compiled)] = np.inf
    search = Search(compiled, ranked[-1], [], deadline=None)
    dived, _ = Dive(compiled, ranked[-1], [], session=search._session(slopes.rows(), upper, whole=False),
                    deadline=None).numbers(slopes, linear.values)
    assert dived[switch_columns(compiled)].reshape(3, 2).sum(axis=0).max() <= 2
    assert with_numbers(session, ranked, dived, deadline=None) is not None


def test_a_dive_without_time_leads_nowhere(lumpy):
    compiled, ranked, scaled = lumpy
    dive = Dive(compiled, ranked[-1], [], session=scaled.session, deadline=0.0)
    assert list(dive.numbers(scaled.slopes, scaled.values)) == []
