"""Which plan is recommended: never the cheap one that serves less, never one that is not proven."""

from dataclasses import replace
from pathlib import Path

import pytest

from planner.plan.comparison.compare import Comparison, compare
from planner.plan.comparison.recommendation import Recommendation
from planner.plan.plan import Plan, make_plan
from planner.scenario.load import load_scenario
from planner.scenario.starter import write_starter
from tests.model.plants import plant, table

# North wants 10 bikes a month. The saw makes 8 and sells them at 100; each costs 10 and an hour at 2.
SHORT = plant(
    [10] * 4, mode="targets_first",
    items=table("item price", ("bike", 100)),
    routings=table("item site routing unit_cost", ("bike", "plant", "line", 10)),
    routing_steps=table("item site routing work_center hours_per_unit", ("bike", "plant", "line", "saw", 1)),
    work_centers=table("site work_center available_hours hour_cost", ("plant", "saw", 8, 2)))


@pytest.fixture(scope="module")
def plans() -> dict[str, Plan]:
    """8, 4 and 10 bikes a month; 10 whose hours are so expensive that the two more lose money; and 12 wanted."""
    base = load_scenario({**SHORT, "name": "Today"})
    hours = {"Outage": (4, 2), "Second shift": (10, 2), "Night shift": (10, 60)}
    changed = {name: base.changed({"work_centers": [{"where": {}, "set": {"available_hours": some, "hour_cost": cost}}]},
                                  name=name) for name, (some, cost) in hours.items()}
    surge = base.changed({"demand": [{"where": {}, "multiply": {"quantity": 1.2}}]}, name="Surge")
    return {one.name: make_plan(one) for one in (base, *changed.values(), surge)}


def recommended(plans: dict[str, Plan], *names: str) -> Recommendation:
    return compare([plans[name] for name in names]).recommendation


def test_an_outage_that_loses_sales_is_not_best_for_being_cheapest(plans: dict[str, Plan]) -> None:
    found = recommended(plans, "Today", "Outage", "Second shift")

    assert plans["Outage"].kpis["total_cost"] < plans["Today"].kpis["total_cost"]
    assert (found.plan, found.is_clear) == ("Second shift", True)
    assert [one.rank for one in found.candidates] == [2, 3, 1]
    # 16 of 40 in place of 40 bikes: 24 fewer, each of which costs 12
    [cheapest] = [one for one in found.statements if one.kind == "cheapest"]
    assert cheapest.text.startswith("Outage costs 288")
    assert cheapest.text.endswith(" EUR less because it delivers 24 units fewer, not by being better.")
    against = next(one for one in found.statements if one.kind == "against" and one.figures["other"] == "Today")
    assert against.figures["delivered"] == pytest.approx(8) and against.figures["margin"] == pytest.approx(8 * 88)
    assert against.text.startswith("Against Today: 20.0 points more of the demand on time, 8 units more and 704")


def test_more_service_for_less_margin_is_recommended_with_its_price(plans: dict[str, Plan]) -> None:
    found = recommended(plans, "Today", "Night shift")

    # 32 x (100 - 12) = 2,816 against 40 x (100 - 70) = 1,200: 8 units more for 1,616
    assert (found.plan, found.is_clear) == ("Night shift", False)
    against = next(one for one in found.statements if one.kind == "against")
    assert against.figures["margin_per_unit"] == pytest.approx(202)
    assert "each unit more costs 202" in against.text


def test_a_plan_that_is_not_proven_is_never_recommended(plans: dict[str, Plan]) -> None:
    best = replace(plans["Second shift"], status="time_limit", name="Best so far")

    found = compare([plans["Today"], plans["Outage"], best]).recommendation

    assert found.plan == "Today"
    assert [one.why_not for one in found.candidates] == ["", "", "is not proven to be the best plan of its scenario"]
    assert "Best so far is not proven to be the best plan of its scenario." in found.text


def test_a_plan_of_another_demand_is_no_choice(plans: dict[str, Plan]) -> None:
    found = recommended(plans, "Today", "Surge")

    assert found.plan is None
    # 4 x 2 more are wanted
    assert found.candidates[1].why_not == "serves 8 units more of demand, so that it is another case and no choice"


def test_one_plan_alone_is_recommended_to_nobody(plans: dict[str, Plan]) -> None:
    alone = compare([plans["Today"]]).recommendation

    assert alone.plan is None and alone.statements == ()


def test_in_mode_profit_the_margin_decides(plans: dict[str, Plan]) -> None:
    some = [replace(plans[name], mode="profit") for name in ("Today", "Night shift")]

    assert compare(some).recommendation.plan == "Today"


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    place = tmp_path_factory.mktemp("stale")
    write_starter(place / "starter")
    make_plan(load_scenario(place / "starter")).save(place / "plan")
    return place / "starter", place / "plan"


def both(saved: tuple[Path, Path]) -> Comparison:
    plan = Plan.load(saved[1])
    return compare([plan, replace(plan, name="Other")])


def test_a_plan_whose_scenario_has_changed_is_marked_and_not_recommended(saved: tuple[Path, Path]) -> None:
    assert both(saved).stale == {} and both(saved).notes == ()
    lanes = saved[0] / "lanes.csv"
    text = lanes.read_text()
    lanes.write_text(text.replace(text.splitlines()[1], text.splitlines()[1].replace(",12,", ",13,")))
    assert lanes.read_text() != text

    found = both(saved)

    assert set(found.stale) == set(found.names)
    assert "is of a scenario that has changed since: solve it again." in found.notes[-1]
    assert not any(one.is_eligible for one in found.recommendation.candidates)
    lanes.unlink()
    assert set(both(saved).stale) == set(found.names)  # what cannot be read is not what it was, either
    lanes.write_text(text)
