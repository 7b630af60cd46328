"""The way from one plan to another adds up, and each step is what its change brings by solving again."""

from dataclasses import replace

import pytest

from planner.errors import PlanError
from planner.plan.comparison.compare import compare
from planner.plan.comparison.layout import NERVOUSNESS, STEPS
from planner.plan.comparison.walk import walk_between
from planner.plan.plan import Plan, make_plan
from planner.scenario.load import load_scenario
from planner.scenario.whatif.between import steps_between
from tests.model.plants import plant, table

# North wants 10 bikes a month. The saw makes 8 at 10 + 2 and sells them at 100; freight is 5.
BASE = plant(
    [10] * 4, mode="targets_first",
    items=table("item price", ("bike", 100)),
    routings=table("item site routing unit_cost", ("bike", "plant", "line", 10)),
    routing_steps=table("item site routing work_center hours_per_unit", ("bike", "plant", "line", "saw", 1)),
    work_centers=table("site work_center available_hours hour_cost", ("plant", "saw", 8, 2)),
    lanes=table("origin destination mode unit_cost", ("plant", "north", "truck", 5)),
    sales_targets=table("target measure quantity", ("year", "units", 40)))
CHANGES = {
    "work_centers": [{"where": {}, "set": {"available_hours": 9}}],
    "lanes": [{"where": {}, "set": {"unit_cost": 7}}],
    "demand": [{"where": {"period": "2026-01"}, "set": {"quantity": 6}}]}
SUMS = ["cost", "revenue", "margin", "delivered", "on_time", "lost", "attainment"]


@pytest.fixture(scope="module")
def plans() -> tuple[Plan, Plan]:
    base = load_scenario({**BASE, "name": "Base"})
    return make_plan(base), make_plan(base.changed(CHANGES, name="Other"))


def test_each_step_is_what_its_change_brings(plans: tuple[Plan, Plan]) -> None:
    walk = plans[0].walk(plans[1])

    # 32 bikes at 100 - 17. Demand 6 + 3 x 10: 6 and 2 of stock, 8 + ... = 32 of 36 as before, 4 lost in place of 8.
    # 9 hours: 36 made, all served: 4 more at 83. Freight 2 more for 36.
    steps = walk.steps.set_index("table")
    assert steps.index.tolist() == ["demand", "work_centers", "lanes"]
    assert list(walk.steps.columns) == STEPS.names
    assert steps["margin"].tolist() == pytest.approx([0, 4 * 83, -36 * 2], abs=1e-4)
    assert steps["lost"].tolist() == pytest.approx([-4, -4, 0], abs=1e-4)
    assert steps["attainment"].tolist() == pytest.approx([0, 4 / 40, 0], abs=1e-6)
    assert steps["text"].tolist() == ["Demand of bike, quantity 10 to 6 (item bike, market north, period 2026-01)",
                                      "Work centers of plant, available hours 8 to 9 (site plant, work center saw)",
                                      "Lanes of plant, unit cost 5 to 7 (origin plant, destination north, mode truck)"]


def test_the_steps_add_up_to_the_difference(plans: tuple[Plan, Plan]) -> None:
    walk = walk_between(*plans)

    for name in SUMS:
        assert walk.steps[name].sum() == pytest.approx(getattr(walk.difference, name), abs=1e-9)
    assert walk.difference.margin == pytest.approx(plans[1].kpis["margin"] - plans[0].kpis["margin"])
    back = walk_between(plans[1], plans[0])
    assert back.steps["margin"].sum() == pytest.approx(-walk.difference.margin)


def test_the_last_step_ends_at_the_plan_itself(plans: tuple[Plan, Plan]) -> None:
    costs = plans[1].tables["costs"]
    dearer = replace(plans[1], tables={**plans[1].tables, "costs": costs.assign(amount=costs["amount"] * 2)})

    walk = walk_between(plans[0], dearer)

    apart = float(costs["amount"].sum())
    assert walk.steps["cost"].iloc[-1] == pytest.approx(36 * 2 + apart)
    assert set(walk.steps["kind"]) == {"change"}


def test_what_is_not_proven_is_a_line_of_its_own(plans: tuple[Plan, Plan]) -> None:
    costs = plans[1].tables["costs"]
    worse = replace(plans[1], status="time_limit",
                    tables={**plans[1].tables, "costs": costs.assign(amount=costs["amount"] * 1.5)})

    walk = walk_between(plans[0], worse)

    assert walk.steps["kind"].tolist() == ["change", "change", "change", "residual"]
    assert walk.steps["margin"].tolist()[:3] == pytest.approx([0, 4 * 83, -36 * 2], abs=1e-4)
    assert walk.steps["cost"].iloc[-1] == pytest.approx(float(costs["amount"].sum()) / 2)
    assert walk.steps["cost"].sum() == pytest.approx(walk.difference.cost)


def test_a_change_that_leaves_errors_is_taken_with_the_next() -> None:
    base = load_scenario({**BASE, "name": "Base"})
    # a second item whose price is in a table before the others: without its routing nobody can make it
    other = base.changed({"items": [{"remove": {"item": "bike"}}, {"add": {"item": "trike", "price": 100}}],
                          **{name: [{"where": {}, "set": {"item": "trike"}}] for name in ("demand", "routings", "routing_steps")}},
                         name="Trikes")

    steps = steps_between(base, other)
    walk = walk_between(make_plan(base), make_plan(other))

    assert [step.tables for step in steps] == [(name,) for name in ("items", "demand", "routings", "routing_steps")
                                               for _ in ("bike", "trike")]
    # without the item, nothing that names it holds: one step up to the table that names it last
    assert walk.steps["table"].tolist()[0] == "items, demand, routings, routing_steps"
    assert walk.steps["rows"].sum() == sum(len(step.changes) for step in steps)
    assert walk.steps["margin"].sum() == pytest.approx(walk.difference.margin)


def test_a_change_that_no_plan_can_keep_is_taken_with_the_next() -> None:
    base = load_scenario({**BASE, "name": "Base"})
    # 20 units at the end, of a saw that makes 32 at most and now 5 an hour more
    other = base.changed({"inventory": [{"add": {"item": "bike", "site": "plant", "ending_inventory": 40}}],
                          "work_centers": [{"where": {}, "set": {"available_hours": 20}}]}, name="Stock")

    walk = walk_between(make_plan(other), make_plan(base))

    # back: first 8 hours with 40 to be kept, which 32 cannot: taken together
    assert walk.steps["table"].tolist() == ["work_centers, inventory"]
    assert walk.steps["cost"].sum() == pytest.approx(walk.difference.cost)


def test_a_table_is_walked_block_by_block_where_few_change() -> None:
    base = load_scenario({**BASE, "name": "Base", "sites": table("site", ("plant",), ("depot",)),
                          "work_centers": table("site work_center available_hours", ("plant", "saw", 8), ("plant", "lathe", 8),
                                                ("depot", "saw", 8))})
    other = base.changed({"work_centers": [{"where": {}, "set": {"available_hours": 9}}]})

    plants, depots = steps_between(base, other)

    assert (plants.blocks, depots.blocks) == (("plant",), ("depot",))
    assert [len(step.changes) for step in (plants, depots)] == [2, 1]
    assert sorted(plants.source.tables["work_centers"].column("available_hours")) == ["8", "9", "9"]


def test_what_moved_in_the_near_months_is_counted(plans: tuple[Plan, Plan]) -> None:
    walk = walk_between(*plans)

    # January to March: 24 bikes were made; with 6 wanted in January and 9 hours, 6 + 9 + 9 or some made ahead
    assert list(walk.nervousness.columns) == NERVOUSNESS.names
    made = walk.nervousness.set_index("measure").loc["production"]
    assert made["before"] == pytest.approx(24)
    assert made["added"] - made["removed"] == pytest.approx(made["after"] - made["before"])
    assert made["share"] == pytest.approx(made["changed"] / 24)
    assert any(one.text.startswith("Production, 2026-01 to 2026-03:") for one in walk.near)


def test_a_rolled_scenario_is_walked_over_the_shared_periods() -> None:
    first = make_plan(load_scenario({**BASE, "name": "May"}))
    later = {**BASE, "name": "June", "calendar": {"start": "2026-02", "periods": 4},
             "demand": [row for row in BASE["demand"] if row["period"] != "2026-01"]}
    second = make_plan(load_scenario(later))

    walk = walk_between(first, second)

    assert "Compared over 2026-02 to 2026-04" in walk.notes[0]
    assert walk.before.delivered == pytest.approx(24)
    assert walk.steps["delivered"].sum() == pytest.approx(walk.after.delivered - walk.before.delivered)


def test_a_comparison_has_its_walks_where_they_are_asked_for(plans: tuple[Plan, Plan]) -> None:
    assert compare(plans).walks == ()
    found = compare(plans, walk=True)

    assert [(walk.first, walk.second) for walk in found.walks] == [("Base", "Other")]
    assert found.frames["steps"]["plan"].tolist() == ["Other"] * 3


def test_plans_that_cannot_be_compared_are_not_walked(plans: tuple[Plan, Plan]) -> None:
    with pytest.raises(PlanError, match="plans in EUR and USD cannot be compared"):
        walk_between(plans[0], replace(plans[1], currency="USD"))
    with pytest.raises(PlanError, match="does not say where its scenario is"):
        walk_between(plans[0], replace(plans[1], scenario=None, scenario_source=""))
