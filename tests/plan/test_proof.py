"""How much better a plan could be than it is, calculated by hand from its passes and tables."""

from math import inf

import pandas as pd
import pytest

from planner.model.solution import Pass
from planner.plan.plan import Plan
from planner.plan.prices import money_prices
from planner.plan.proof import proof_of, rooms
from tests.report.examples import example_plan, rows, small_plan

COST = Pass("operations cost", 100.0, 95.0, 0.05, 0.1, "time_limit")


def plan_with(*passes: Pass, on_time: float = 80.0, late: float = 0.0, lost: float = 20.0,
              **changed: object) -> Plan:
    """100 units of demand at a price of 3."""
    sales = rows("sales", {"item": "bike", "demand_class": "forecast", "demand": 100.0, "lost": lost,
                           "delivered_on_time": on_time, "delivered_late": late, "price": 3.0})
    kpis = pd.DataFrame([("order_fill_rate", on_time / 100), ("units_delivered", on_time + late),
                         ("total_cost", 100.0), ("margin", 200.0)], columns=["kpi", "value"])
    made = {"status": "time_limit", "objective": 100.0, "bound": 95.0, "gap": 0.05, "kpi_table": kpis, **changed}
    return small_plan(tables={"sales": sales}, passes=passes, **made)


def test_units_lost_above_the_bound_could_be_on_time() -> None:
    proof = proof_of(plan_with(Pass("remaining demand lost, priority 5", 20.0, 5.0, 0.75, 0.1), COST))
    assert (proof.units, proof.service) == (15.0, 0.15)  # 20 - 5 of 100
    assert proof.worst == 0.15  # more than the 5 % of the cost


def test_a_unit_that_is_late_for_periods_counts_once() -> None:
    late = Pass("remaining demand late, priority 5", 40.0, 0.0, 1.0, 0.1)  # 10 units, four periods each
    assert proof_of(plan_with(late, COST, on_time=90.0, late=10.0, lost=0.0)).units == 10.0


def test_a_goal_without_a_bound_cannot_fall_below_0() -> None:
    assert proof_of(plan_with(Pass("remaining demand lost, priority 5", 20.0, None, None, 0.1), COST)).units == 20.0


def test_goals_that_a_stop_came_before_leave_all_that_is_missing() -> None:
    first = Pass("booked orders lost, priority 1", 0.0, 0.0, 0.0, 0.1)
    proof = proof_of(plan_with(first, gap=None, bound=None))
    assert (proof.units, proof.cost, proof.worst) == (20.0, None, None)


def test_shares_of_targets_are_a_mean_over_all_targets() -> None:
    missed = Pass("sales targets missed, priority 2", 0.5, 0.1, 0.8, 0.1)
    plan = plan_with(missed, COST)
    targets = rows("targets", {"target": "a", "quantity": 10.0, "shortfall": 5.0}, {"target": "b", "quantity": 10.0})
    assert proof_of(small_plan(tables={"sales": plan.tables["sales"], "targets": targets}, passes=plan.passes,
                               status="time_limit")).targets == pytest.approx(0.2)  # (.5 - .1) / 2


def test_the_cost_may_fall_to_its_bound_and_more_service_may_sell_what_is_lost() -> None:
    room = rooms(plan_with(Pass("remaining demand lost, priority 5", 20.0, 5.0, 0.75, 0.1), COST))
    assert room["order_fill_rate"] == pytest.approx(0.15)
    assert room["total_cost"] == 5.0  # 100 - 95
    assert room["margin"] == 5.0 + 15 * 3.0
    assert room["inventory_turns"] == inf  # no goal
    assert room["win_rate"] == 0.0  # of the past


def test_where_service_is_proven_only_money_has_room() -> None:
    room = rooms(plan_with(Pass("remaining demand lost, priority 5", 20.0, 20.0, 0.0, 0.1), COST))
    assert (room["order_fill_rate"], room["on_time_in_full"], room["margin"]) == (0.0, 0.0, 5.0)


def test_service_that_money_decides_has_room_wherever_money_has() -> None:
    room = rooms(plan_with(COST, mode="profit"))
    assert room["order_fill_rate"] == pytest.approx(0.2)  # all that is missing
    assert (room["margin"], room["total_cost"]) == (5.0, inf)


def test_a_proven_plan_has_room_for_its_gap_only() -> None:
    room = rooms(plan_with(Pass("remaining demand lost, priority 5", 20.0, 20.0, 0.0, 0.1), COST, status="optimal"))
    assert (room["total_cost"], room["inventory_turns"]) == (5.0, 0.0)


def test_a_plan_that_is_not_proven_has_no_marginal_values() -> None:
    proven, other = example_plan(), example_plan(status="time_limit", gap=0.02)
    assert len(money_prices(proven)) > 0
    assert money_prices(other).empty
