"""Every point of a sweep is the plan that its what-if gives alone, whoever solves it."""

import pandas as pd
import pytest

import planner
from planner.errors import PlannerError, ScenarioError
from planner.plan.sweeping import what_ifs as module
from planner.scenario.whatif.variations import grid
from tests.model.plants import plant, table

# The line makes 10 bikes a month, north wants 20, 10 and 30: of 60, 30 can be made. A bike costs 10 + 2.
SHORT = plant(
    [20, 10, 30], mode="targets_first",
    items=table("item price standard_cost", ("bike", 100, 40)),
    routings=table("item site routing unit_cost", ("bike", "plant", "line", 10)),
    routing_steps=table("item site routing work_center hours_per_unit", ("bike", "plant", "line", "saw", 1)),
    work_centers=table("site work_center available_hours hour_cost", ("plant", "saw", 10, 2)))
FACTORS = ["work_centers[work_center=saw].available_hours = 5, *1.2", "demand = -50%, +0%"]


@pytest.fixture(scope="module")
def swept():
    return planner.sweep(SHORT, FACTORS, workers=1)


def test_the_frame_has_the_base_and_every_point(swept):
    frame = swept.frame
    assert frame["name"].tolist()[0] == "base"
    assert frame[FACTORS[0].split(" =")[0]].tolist() == ["", "5", "5", "*1.2", "*1.2"]
    # on time: 30 of 60; 5 h a month make 15 of 30 and of 60; 12 h make 10 + 5 + 12 + 3 ahead of 30, and 36 of 60
    assert frame["on_time"].tolist() == pytest.approx([30, 15, 15, 30, 36])
    assert frame["service"].tolist() == pytest.approx([0.5, 0.5, 0.25, 1.0, 0.6])
    assert frame["total_cost"].tolist() == pytest.approx([360, 180, 180, 360, 432])
    assert frame["status"].tolist() == ["optimal"] * 5


def test_each_point_is_what_its_scenario_gives_alone(swept):
    scenario = planner.load_scenario(SHORT)
    for variation, point in list(zip(grid(FACTORS, scenario), swept.points, strict=True))[1:3]:
        alone = planner.solve(scenario.changed(variation.overrides))
        for kpi in ("margin", "total_cost", "order_fill_rate", "utilization"):  # others differ in tied plans
            assert point.kpis[kpi] == pytest.approx(alone.kpis[kpi])
        assert point.gap == alone.proof.worst


def test_two_processes_find_to_the_byte_what_one_does(swept, monkeypatch):
    monkeypatch.setattr("planner.workers.cores", lambda: 2)
    beside = planner.sweep(SHORT, FACTORS, workers=2)
    pd.testing.assert_frame_equal(swept.frame, beside.frame, check_exact=True)


def test_a_what_if_without_a_plan_is_a_point_without_figures():
    what_ifs = [{"service_terms": [{"where": {}, "set": {"min_fill_rate": 0.9}}]},
                {"items": [{"where": {}, "set": {"price": 50}}]}]
    swept = planner.sweep(SHORT, what_ifs=what_ifs, workers=1)
    assert [point.status for point in swept.points] == ["infeasible", "optimal"]
    assert swept.frame.loc[1, ["service", "total_cost"]].isna().all()
    assert swept.points[1].kpis["revenue"] == pytest.approx(1500)


def test_wrong_what_ifs_are_all_named_and_nothing_else_is_solved(monkeypatch):
    solved = []
    real = module.solved_point
    monkeypatch.setattr(module, "solved_point", lambda *work: solved.append(1) or real(*work))
    factors = ["work_centers[work_center=say].available_hours = 5, 6", "items.price = 1, x"]
    with pytest.raises(ScenarioError) as caught:
        planner.sweep(SHORT, factors, workers=1)
    text = str(caught.value)
    assert 'Nearest work_center: "saw"' in text
    assert 'items.price = "x"' in text
    assert len(caught.value.problems) == 2
    assert len(solved) == 1


def test_a_sweep_of_nothing_is_refused():
    with pytest.raises(PlannerError, match="nothing to sweep"):
        planner.sweep(SHORT)
