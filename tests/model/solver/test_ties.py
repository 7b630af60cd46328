"""Tied decisions: of points that cost the same, the one that people would choose."""

import numpy as np
import pytest

from planner.demand.demand import make_demand
from planner.model.build import build_model
from planner.model.objective import goals
from planner.model.solver.matrix import compile_model, open_session
from planner.model.solver.ties import settled
from planner.scenario.load import load_scenario
from tests.model.plants import MADE, month, plant, table

FEBRUARY_ONLY = table(
    "item supplier site unit_cost capacity from to", ("bike", "arvo", "plant", 10, 4, month(2), month(2))
)
IDLE = {
    "routings": MADE,
    "routing_steps": table(
        "item site routing work_center hours_per_unit", ("bike", "plant", "line", "weld", 1)
    ),
    "work_centers": table(
        "site work_center available_hours overtime_hours labor_pool", ("plant", "weld", 20, 9, "smiths")
    ),
    "labor_pools": table(
        "site labor_pool headcount hours_per_worker overtime_hours_per_worker max_hires",
        ("plant", "smiths", 2, 10, 5, 0),
    ),
}


def tied(scenario, **decisions):
    """The best point with these decisions (variable: position, value) instead, settled; then what each of
    them became.
    """
    loaded = load_scenario(scenario)
    model = compile_model(build_model(loaded, make_demand(loaded)))
    (goal,) = goals(model.model, model.layout, model.costs)
    values = open_session(model).minimise(goal.coefficients, goal.constant, seconds=None).values.copy()
    places = {
        variable: model.layout.first[variable] + position for variable, (position, _) in decisions.items()
    }
    for variable, (_, value) in decisions.items():
        values[places[variable]] = value
    result = settled(values, model.rows, model.layout, upper=model.upper, units=np.ones(model.layout.size))
    return {variable: pytest.approx(result[place], abs=1e-9) for variable, place in places.items()}


def test_what_arrives_serves_the_demand_of_its_own_period_first():
    # 4 wanted in each month, 4 come in February: nobody is paid for being late, so February's are on time and
    # January's lost.
    free_to_wait = plant([4, 4], sourcing=FEBRUARY_ONLY, service_terms=table("lost_sale_cost", (100,)))
    found = tied(free_to_wait, delivered_on_time=(1, 0.0), delivered_late=(1, 4.0))
    assert found == {"delivered_on_time": 4, "delivered_late": 0}


def test_what_may_only_be_a_month_late_is_left_as_it_was_found():
    # Calling the late on time would leave January's 4 owed for too long.
    hurried = plant(
        [4, 4, 0], sourcing=FEBRUARY_ONLY, service_terms=table("lost_sale_cost max_lateness", (100, 1))
    )
    found = tied(hurried, delivered_on_time=(1, 0.0), delivered_late=(1, 4.0))
    assert found == {"delivered_on_time": 0, "delivered_late": 4}


def test_nobody_is_hired_while_others_are_let_go():
    assert tied(plant([5], **IDLE), hired=(0, 3.0), separated=(0, 2.0)) == {"hired": 1, "separated": 0}


def test_no_overtime_is_worked_beside_idle_hours():
    # 5 hours of 20 on the machine, 5 of the smiths' 20.
    assert tied(plant([5], **IDLE), overtime=(0, 2.0), labor_overtime=(0, 3.0)) == {
        "overtime": 0,
        "labor_overtime": 0,
    }


def test_overtime_covers_what_exceeds_regular_hours():
    # 24 hours on a machine with 20, by smiths with 20.
    assert tied(plant([24], **IDLE), overtime=(0, 9.0), labor_overtime=(0, 9.0)) == {
        "overtime": 4,
        "labor_overtime": 4,
    }


def test_no_more_is_missing_than_rules_need():
    # 3 of 5 to be kept are there, 2 of space 3 are exceeded by 1; nothing is charged for either.
    free = plant(
        periods=1, sites=table("site storage_capacity storage_overflow_cost", ("plant", 2, 0)),
        inventory=table("item site on_hand safety_stock safety_stock_penalty", ("bike", "plant", 3, 5, 0)))
    assert tied(free, safety_stock_shortfall=(0, 5.0), storage_overflow=(0, 7.0)) == {
        "safety_stock_shortfall": 2, "storage_overflow": 1}
