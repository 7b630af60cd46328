"""What is said of how good a plan is known to be."""

from dataclasses import replace

import pytest

from planner.model.solution import Pass
from planner.plan.comparison.compare import compare
from planner.report import proof
from tests.report.examples import example_plan, rows, small_plan


@pytest.mark.parametrize(("status", "mode", "gap", "text"), [
    ("optimal", "cost", 0.0, "optimal: no plan is cheaper"),
    ("optimal", "profit", 0.0, "optimal: no plan earns more"),
    ("optimal", "cost", 0.0001, "optimal: no plan is cheaper by more than 0.010%"),
    ("optimal", "targets_first", 0.0,
     "optimal: best achievable service, at the lowest cost for that service"),
    ("time_limit", "cost", 0.023, "stopped at the time limit: the best plan found; cost proven within 2.3%"),
    ("effort_limit", "cost", 0.023, "stopped after the effort given: the best plan found; cost proven within "
                                    "2.3%"),
    ("unproven", "cost", 0.77, "not proven, since figures lie too far apart for the solver's arithmetic: the "
                               "best plan found; cost proven within 77.0%"),
    ("interrupted", "profit", 0.02, "interrupted: the best plan found; profit proven within 2.0%"),
])
def test_status_is_told_in_words(status: str, mode: str, gap: float, text: str) -> None:
    assert proof.status_in_words(example_plan(status=status, mode=mode, gap=gap)) == text


def test_where_no_bound_is_known_that_is_said() -> None:
    plan = example_plan(status="interrupted", mode="profit", gap=None, bound=None)
    assert proof.status_in_words(plan) == (
        "interrupted: the best plan found; profit not proven: how much more a plan could earn is not known"
    )


def test_service_is_told_in_points_with_its_least_proven_goal_before_the_cost() -> None:
    passes = (
        Pass("booked orders late, priority 1", 0.0, 0.0, 0.0, 0.1),
        Pass("sales targets missed, priority 2", 0.21, 0.2, 0.048, 0.1, "time_limit"),
        Pass("remaining demand lost, priority 5", 60.0, 19.0, 0.683, 0.1, "time_limit"),
        Pass("operations cost", 100.0, 98.0, 0.02, 0.1, "time_limit"),
    )
    sales = rows("sales", {"item": "bike", "demand_class": "forecast", "demand": 1000.0,
                           "delivered_on_time": 940.0, "lost": 60.0})
    targets = rows("targets", {"target": "year", "quantity": 100.0, "shortfall": 21.0, "delivered": 79.0})
    plan = small_plan(tables={"sales": sales, "targets": targets}, status="time_limit", gap=0.02, passes=passes,
                      objective=100.0, bound=98.0)
    # 60 - 19 = 41 of 1,000 units; .21 - .2 = .01 of one target
    assert proof.status_in_words(plan) == (
        "stopped at the time limit: the best plan found; service not proven: up to 4.1 points more on time may "
        "be possible (remaining demand lost, priority 5: 60, at best 19); sales targets not proven: up to 1.0 "
        "points more attainment may be possible; cost proven within 2.0%"
    )
    assert proof.warning(plan).startswith(
        "warning: Baseline is not proven to be the best plan: service not proven: up to 4.1 points")


def test_a_plan_that_is_not_proven_is_marked_in_comparisons() -> None:
    proven = example_plan()
    late = replace(proven, name="Late", status="time_limit", gap=0.02, bound=0.98 * proven.objective)
    comparison = compare([proven, late])
    assert list(proof.marked(comparison)) == ["Baseline", "Late *"]
    assert proof.mark_notes(comparison) == ["Late *: service proven; cost proven within 2.0%."]


@pytest.mark.parametrize(("gap", "required", "said"), [
    (0.02, 0.02, None), (0.02, 0.05, None),
    (0.06, 0.05, "the worst gap is 6.0%; 5.0% is required"),
    (None, 0.05, "the worst gap is not known; 5.0% is required"),
])
def test_a_required_gap_is_held_against_the_worst_one(
    gap: float | None, required: float, said: str | None
) -> None:
    assert proof.shortfall_of_proof(example_plan(status="time_limit", gap=gap), required) == said
