"""Goals of both sides beside the plan, and what more of one costs the others, against sums done by hand."""

from dataclasses import replace
from importlib import import_module
from time import perf_counter

import pytest

import planner
from planner.errors import ScenarioError
from planner.model import solve as solving
from planner.plan.kpis import KPIS
from planner.report.parts import Plans
from planner.report.sections.goals import goal_blocks
from planner.scenario.schema import MEASURE_SCOPES, MEASURES
from tests.model.plants import plant, table

# The line makes 10 bikes a month for 10 + 2, north wants 10 and 20: 10 in January, 10 in February and none ahead,
# since January needs all: 20 of 30 on time. A dearer line makes any number for 30.
SHOP = plant(
    [10, 20], mode="targets_first",
    items=table("item price standard_cost", ("bike", 100, 40)),
    routings=table("item site routing unit_cost", ("bike", "plant", "line", 10)),
    routing_steps=table("item site routing work_center hours_per_unit", ("bike", "plant", "line", "saw", 1)),
    work_centers=table("site work_center available_hours hour_cost", ("plant", "saw", 10, 2)),
    sales_targets=table("target measure quantity", ("year", "units", 25)),
    goals=table("goal measure minimum maximum owner",
                ("fill", "order_fill_rate", 0.6, None, "Ines"), ("cheap", "cost_per_unit", None, 11, "Jonas"),
                ("faithful", "customer_churn", None, 0.1, None)))


@pytest.fixture(scope="module")
def plan():
    return planner.solve(SHOP)


@pytest.fixture(scope="module")
def dear():
    return planner.solve({
        **SHOP, "objective": {"mode": "cost"},
        "service_terms": table("priority lost_sale_cost max_lateness", (None, 20, 0)),
        "routings": [*SHOP["routings"], {"item": "bike", "site": "plant", "routing": "dear", "unit_cost": 30}]})


def test_goals_of_both_sides_stand_beside_the_plan(plan):
    frame = plan.goals(priced=False).frame.set_index("goal")
    assert frame["side"].tolist() == ["sales", "sales", "operations", "operations"]
    assert frame.loc["year", ["minimum", "plan", "missing"]].tolist() == pytest.approx([25, 20, 5])
    assert frame.loc["fill", ["minimum", "plan", "missing"]].tolist() == pytest.approx([0.6, 2 / 3, 0])
    assert frame.loc["cheap", ["maximum", "plan", "missing"]].tolist() == pytest.approx([11, 12, 1])
    assert frame["is_met"].to_dict() == {"year": False, "faithful": None, "fill": True, "cheap": False}
    assert frame.loc[["fill", "cheap"], "owner"].tolist() == ["Ines", "Jonas"]
    assert frame.loc["fill", "trend"] == "falling"  # 10 of 10, then 10 of 20


def test_what_more_of_one_costs_the_others_is_solved_again(dear):
    found = {one.measure: one for one in dear.goals().trade_offs}
    # a point of 30 bikes is .3 bikes: 30 each in place of 20 for a bike that is not sold
    service = found["order_fill_rate"].differences
    assert service["order_fill_rate"] == pytest.approx(0.01, rel=1e-4)
    assert service["total_cost"] == pytest.approx(0.3 * (30 - 20), rel=1e-4)
    assert service["revenue"] == pytest.approx(0.3 * 100, rel=1e-4)
    # the plan costs 20 * 12 and 10 * 20 for what is lost: none costs 1 % less
    assert found["total_cost"].status == "infeasible"
    assert found["revenue"].differences["revenue"] == pytest.approx(20, rel=1e-4)


def test_a_step_that_no_plan_takes_says_so(plan):
    # all that can be made is delivered: no plan has more on time
    [service] = [one for one in plan.goals().trade_offs if one.measure == "order_fill_rate"]
    assert (service.status, dict(service.differences)) == ("infeasible", {})


def test_each_step_is_given_as_much_time_as_the_plan(plan, monkeypatch):
    seconds, real = [], solving.solve_built

    def watched(*model, deadline=None, **more):
        seconds.append(deadline and deadline - perf_counter())
        return real(*model, deadline=deadline, **more)
    monkeypatch.setattr(solving, "solve_built", watched)
    limited = {**plan.settings, "solver": {**plan.settings["solver"], "time_limit": 60.0}}
    read = replace(plan, settings=limited, warm_start=None)  # as it comes from its folder
    assert read.goals().trade_offs
    assert seconds and all(one is not None and one <= 60 for one in seconds)


def test_a_difference_from_a_plan_that_is_not_proven_is_marked(dear, monkeypatch):
    trade_offs = import_module("planner.plan.goals.trade_offs")  # the room has a function of this name
    solved, real = [], trade_offs.solved_held

    def first_unproven(*given, **more):
        solved.append(real(*given, **more))
        return replace(solved[-1], status="time_limit") if len(solved) == 1 else solved[-1]
    monkeypatch.setattr(trade_offs, "solved_held", first_unproven)
    assert dear.goals().trade_offs[0].status == "time_limit"


def test_a_measure_is_a_kpi():
    assert set(MEASURES) == set(KPIS) >= set(MEASURE_SCOPES)
    wrong = {**SHOP, "goals": table("goal measure minimum", ("fill", "fill_rate", 0.9))}
    with pytest.raises(ScenarioError, match="order_fill_rate"):
        planner.load_scenario(wrong)


PARTS = {**plant([10, 20], mode="targets_first"), **{
    "items": table("item family price standard_cost", ("bike", "city", 100, 40), ("trike", "cargo", 200, 60)),
    "goals": table("goal measure family market site minimum maximum",
                   ("city", "revenue", "city", "north", None, 1000, None),
                   ("cargo", "revenue", "cargo", None, None, 1, None),
                   ("shelf", "stock_value", "city", None, "plant", None, 5),
                   ("barn", "stock_value", None, None, "plant", None, 0))},
    "inventory": table("item site on_hand", ("bike", "plant", 4), ("trike", "plant", 3))}


def test_a_goal_may_be_about_a_family_a_market_or_a_site():
    frame = planner.solve(PARTS).goals(priced=False).frame.set_index("goal")
    assert frame.loc["city", "plan"] == pytest.approx(4 * 100)  # 4 of 30 bikes are there, and none is made
    assert frame["plan"].isna().to_dict() == {"city": False, "cargo": True, "shelf": False, "barn": False}
    # 3 trikes of 60 stand there all the time, which nobody wants, and 4 bikes of 40 when the plan begins
    assert frame.loc["barn", ["plan", "actual"]].tolist() == pytest.approx([180, 180 + 160])
    assert frame.loc["shelf", ["plan", "actual"]].tolist() == pytest.approx([0, 160])
    assert frame.loc["city", ["family", "market", "site"]].tolist() == ["city", "north", ""]


def test_a_part_that_is_not_there_or_has_no_figure_is_refused():
    def problems(*goal):
        with pytest.raises(ScenarioError) as caught:
            planner.load_scenario({**PARTS, "goals": table("goal measure family market site minimum", goal)})
        return str(caught.value)

    assert 'Did you mean "city"?' in problems("g", "revenue", "citty", None, None, 1)
    assert 'Did you mean "north"?' in problems("g", "revenue", None, "nord", None, 1)
    assert "revenue has no figure by site. It has one by family and market" in problems(
        "g", "revenue", None, None, "plant", 1)
    assert "total_cost has no figure by family. It has one of the whole plan. Leave this blank" in problems(
        "g", "total_cost", "city", None, None, 1)


def test_goals_stand_in_the_pack_those_that_are_missed_first(plan):
    comparison = planner.compare([plan])
    [block] = goal_blocks(Plans(comparison.plans, comparison, originals=(plan,)))
    rows = [[cell.text for cell in row] for row in block.content.bodies[0][1]]
    assert [row[0] for row in rows] == ["cheap", "faithful", "fill"]  # the sales target has a table of its own
    assert rows[0][5:9] == ["at most 11.00", "–", "12.00", "1.00"]
    assert (rows[0][2], rows[1][8], rows[2][8]) == ("Jonas", "no figure", "–")
