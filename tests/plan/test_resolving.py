"""What-ifs of a plan are the plans that solving their scenarios from scratch would give."""

import pandas as pd
import pytest

import planner
from planner.errors import PlanError, ScenarioError
from planner.plan.resolving import Resolver
from planner.plan.totals import Figures
from tests.model.plants import plant, table

# The line makes 10 bikes a month, north wants 20, 10 and 30: of 60 wanted, 30 can be made. Target: 45.
SHORT = plant(
    [20, 10, 30], mode="targets_first",
    items=table("item price", ("bike", 100)),
    routings=table("item site routing unit_cost", ("bike", "plant", "line", 10)),
    routing_steps=table("item site routing work_center hours_per_unit", ("bike", "plant", "line", "saw", 1)),
    work_centers=table("site work_center available_hours hour_cost", ("plant", "saw", 10, 2)),
    sales_targets=table("target measure quantity", ("year", "units", 45)))
MORE_HOURS = [{"work_centers": [{"where": {"work_center": "saw"}, "set": {"available_hours": hours}}]}
              for hours in (12, 15, 20, 5)]


@pytest.fixture(scope="module")
def resolver():
    scenario = planner.load_scenario(SHORT)
    return Resolver(planner.solve(scenario), scenario)


def test_a_what_if_is_what_its_scenario_gives_from_scratch(resolver):
    for overrides in MORE_HOURS[:2]:
        warm, cold = resolver.solved(overrides), planner.solve(resolver.scenario.changed(overrides))
        assert [one.objective for one in warm.passes] == pytest.approx([one.objective for one in cold.passes])
        assert warm.status == "optimal"
        cost = cold.tables["costs"]["amount"].sum()
        assert (warm.figures.cost, warm.figures.margin) == pytest.approx((cost, cold.kpis["margin"]))
        assert warm.plan().kpis["margin"] == pytest.approx(cold.kpis["margin"])


def test_a_what_if_says_what_it_changes(resolver):
    # 12 hours a month make 36 bikes in place of 30: 6 more at 100, each for 10 + 2; 9 of 45 stay missing, not 15
    found = resolver.solved(MORE_HOURS[0]).difference
    assert (found.cost, found.revenue, found.margin) == pytest.approx((72, 600, 528))
    assert (found.delivered, found.lost) == pytest.approx((6, -6))
    assert found.missed == pytest.approx({"year": -6})
    assert found.attainment == pytest.approx(6 / 45)


def test_what_ifs_come_in_their_order_whatever_the_number_of_workers(resolver):
    alone = resolver.solved_each(MORE_HOURS, workers=1)
    beside = resolver.solved_each(MORE_HOURS, workers=3)
    assert [round(one.figures.delivered) for one in alone] == [36, 45, 60, 15]
    for one, other in zip(alone, beside, strict=True):
        for name, values in one.solution.values.items():
            pd.testing.assert_frame_equal(values, other.solution.values[name], check_exact=True)


def test_a_what_if_without_any_effect_differs_in_nothing(resolver):
    overrides = {"work_centers": [{"where": {"work_center": "saw"}, "set": {"hour_cost": 2}}]}
    found = resolver.solved(overrides).difference
    assert found == Figures(cost=0, revenue=0, delivered=0, on_time=0, late=0, lost=0, attainment=0,
                            missed={"year": 0})


def test_a_what_if_of_demand_is_forecast_again(resolver):
    found = resolver.solved({"demand": [{"where": {"period": "2026-02"}, "set": {"quantity": 0}}]})
    # all 10 of February wait for March's 30: as many are made, 10 fewer are wanted
    assert found.difference.lost == pytest.approx(-10)


def test_a_what_if_that_no_plan_can_keep_is_infeasible(resolver):
    found = resolver.solved(
        {"service_terms": [{"where": {"backorder_cost": 20}, "set": {"min_fill_rate": 1}}]})
    assert (found.status, found.passes) == ("infeasible", ())
    with pytest.raises(PlanError, match="infeasible"):
        found.plan()


def test_what_is_wrong_with_overrides_comes_out_of_any_worker(resolver):
    wrong = {"work_centers": [{"where": {"work_center": "sau"}, "set": {"available_hours": 1}}]}
    with pytest.raises(ScenarioError, match='Nearest work_center: "saw"'):
        resolver.solved_each([MORE_HOURS[0], wrong, MORE_HOURS[1]])


def test_a_plan_read_from_files_has_the_same_what_ifs(resolver, tmp_path):
    resolver.plan.save(tmp_path / "plan")
    again = Resolver(planner.load_plan(tmp_path / "plan"), resolver.scenario)
    found, known = again.solved(MORE_HOURS[1]), resolver.solved(MORE_HOURS[1])
    assert found.difference == known.difference
