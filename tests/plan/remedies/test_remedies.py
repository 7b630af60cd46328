"""Remedies close the gap that they say, at the cost that they say, when their scenario is solved from scratch."""

import pytest

import planner
from planner.errors import PlanError
from planner.plan.remedies import remedies
from planner.plan.remedies.saving import save_remedies
from tests.model.plants import month, plant, table

# The saw has 10 hours a month, a bike takes one: 30 of the 45 bikes that the target asks for, 60 are wanted.
# Frames come from Arvo, 12 a month at most; 5 of them are on their way already.
SHORT = plant(
    [20, 10, 30], mode="targets_first",
    items=table("item price", ("bike", 100), ("frame", None)),
    routings=table("item site routing unit_cost", ("bike", "plant", "line", 10)),
    routing_steps=table("item site routing work_center hours_per_unit", ("bike", "plant", "line", "saw", 1)),
    work_centers=table("site work_center available_hours hour_cost overtime_hours overtime_hour_cost",
                       ("plant", "saw", 10, 2, 0, 3)),
    bill_of_materials=table("parent component quantity_per", ("bike", "frame", 1)),
    sourcing=table("item supplier site unit_cost lead_time", ("frame", "arvo", "plant", 5, 0)),
    supplier_capacity=table("supplier capacity", ("arvo", 12)),
    scheduled_receipts=table("item site period quantity", ("frame", "plant", month(1), 5)),
    sales_targets=table("target measure quantity", ("year", "units", 45), ("dream", "units", 70)))


@pytest.fixture(scope="module")
def plan():
    return planner.solve(planner.load_scenario(SHORT))


@pytest.fixture(scope="module")
def for_target(plan):
    return remedies(plan, target="year")


def test_one_lever_and_what_it_costs(for_target):
    overtime = next(one for one in for_target if one.uses[0].kind == "overtime" and len(one.uses) == 1)
    # frames allow 3 x 12 + 5 = 41 bikes: 11 hours of overtime, asked for in tens of hours a month. What that
    # brings: 11 bikes more at 100 each, for a frame of 5, the routing's 10 and 3 for the hour
    assert overtime.closes == pytest.approx(11) and overtime.left == pytest.approx(4)
    assert overtime.figures.cost == pytest.approx(11 * (5 + 10 + 3))
    assert overtime.margin == pytest.approx(11 * (100 - 18))
    assert overtime.figures.missed == pytest.approx({"year": -11, "dream": -11})
    assert all(amount % 10 == 0 for amount in overtime.uses[0].amounts)


def test_levers_together_where_none_alone_closes_the_gap(for_target):
    best = for_target[0]
    assert best.closes == pytest.approx(15) and best.left == pytest.approx(0, abs=1e-6)
    assert len(best.uses) > 1
    alone = [one for one in for_target if len(one.uses) == 1]
    assert alone and max(one.closes for one in alone) < 15


def test_what_was_promised_comes_out_of_its_scenario_from_scratch(for_target):
    for remedy in for_target:
        solved = planner.solve(remedy.resolved.origin.changed(remedy.overrides))
        missed = solved.tables["targets"].set_index("target")["shortfall"]["year"]
        assert missed == pytest.approx(remedy.left, abs=1e-6)
        cost = for_target.plan.tables["costs"]["amount"].sum() + remedy.figures.cost
        assert solved.tables["costs"]["amount"].sum() == pytest.approx(cost)
        assert solved.kpis["margin"] == pytest.approx(for_target.plan.kpis["margin"] + remedy.figures.margin)
        assert solved.status == remedy.status == "optimal"


def test_those_that_close_most_come_first_then_those_that_earn_most(for_target):
    ranks = [(-round(one.closes, 3), -round(one.margin, 2)) for one in for_target]
    assert len(ranks) > 2 and ranks == sorted(ranks)


def test_what_nobody_wants_is_not_for_supply_to_close(plan):
    found = remedies(plan, target="dream", maximum=1)
    # 70 are asked for, 60 are wanted, 30 are made
    assert (found.gap.short, found.gap.unreachable) == pytest.approx((40, 10))
    assert found.gap.closable == pytest.approx(30)


def test_lost_demand_and_the_month_that_falls_short(plan):
    found = remedies(plan, item="bike", market="north", maximum=2)
    assert found.gap.short == pytest.approx(30)  # 60 wanted, 30 made; nothing is delivered late in vain
    assert found[0].closes > 0
    month_short = remedies(plan, period=month(1), maximum=1).gap
    assert month_short.short > 0 and month_short.words.startswith("demand in 2026-01")


def test_a_target_that_is_met_needs_no_remedy():
    met = planner.solve(plant([5], mode="targets_first", sales_targets=table(
        "target measure quantity", ("year", "units", 5)),
        routings=table("item site routing", ("bike", "plant", "line"))))
    assert len(remedies(met, target="year")) == 0


@pytest.mark.parametrize(("asked", "message"), [
    ({"target": "yaer"}, 'no target "yaer".*Did you mean "year"'),
    ({"order": "o7"}, 'no booked order "o7"'),
    ({"item": "bikes"}, 'no item "bikes" is sold.*Did you mean "bike"'),
    ({"market": "nort"}, 'Did you mean "north"'),
    ({"period": "2026-13"}, "must be a month"),
    ({"period": "2027-01"}, "is not in the plan"),
    ({}, "name one gap"),
    ({"target": "year", "item": "bike"}, "name one gap")])
def test_what_the_plan_does_not_know_is_said(plan, asked, message):
    with pytest.raises(PlanError, match=message):
        remedies(plan, **asked)


def test_a_remedy_saved_as_a_scenario_is_the_same_what_if(tmp_path):
    base = tmp_path / "starter"
    from planner.scenario.starter import write_starter
    write_starter(base)
    (tmp_path / "half").mkdir()
    (tmp_path / "half" / "scenario.yaml").write_text(
        "name: Half\nbase: ../starter\noverrides:\n  work_centers:\n"
        "    - where: {work_center: line}\n      multiply: {available_hours: 0.5}\n")
    found = remedies(planner.solve(tmp_path / "half"), market="shops", maximum=2)
    places = save_remedies(found, tmp_path / "saved")
    assert len(places) == len(found) > 0
    for place, remedy in zip(places, found, strict=True):
        saved, known = planner.load_scenario(place), remedy.resolved.scenario
        assert saved.content_hash == known.content_hash
        assert saved.name.startswith("Remedy")
