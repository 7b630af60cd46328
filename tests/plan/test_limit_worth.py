"""What a limit is worth is the difference between two solved plans, and nothing else."""

import re

import pytest
from shortage import shop

from planner.errors import PlanError
from planner.plan.limit_worth import Worth
from planner.plan.plan import Plan, make_plan
from planner.scenario.load import load_scenario


@pytest.fixture(scope="module")
def short() -> Plan:
    return make_plan(load_scenario(shop()))


@pytest.fixture(scope="module")
def hours(short: Plan) -> Worth:
    return short.worth(site="plant", work_center="assembly", step=5)


def test_more_hours_are_worth_what_the_plan_solved_with_them_brings(short: Plan, hours: Worth) -> None:
    wider = make_plan(load_scenario(shop()).changed(hours.overrides))

    for figure, kpi in (("cost", "total_cost"), ("revenue", "revenue"), ("margin", "margin")):
        assert hours.figures[figure] == pytest.approx(wider.kpis[kpi] - short.kpis[kpi], abs=1e-4)
    assert hours.figures["lost"] == pytest.approx(
        wider.tables["sales"]["lost"].sum() - short.tables["sales"]["lost"].sum(), abs=1e-4)


def test_each_hour_more_delivers_a_bike_and_brings_the_target_closer(hours: Worth) -> None:
    # 5 hours in 3 months, an hour a bike at 500
    assert hours.total == 15
    assert hours.figures["delivered"] == pytest.approx(15, abs=1e-4)
    assert hours.figures["revenue"] == pytest.approx(7500, abs=0.1)
    assert hours.figures["targets_closer"] == {"quarter": pytest.approx(15, abs=1e-4)}
    assert hours.holds_up_to == 10  # 2 x 15 are delivered, 4 x 15 are more than the 50 that are short


def test_the_saving_at_the_same_service_is_what_overtime_costs_more(hours: Worth) -> None:
    # 5 of the 10 overtime hours a month become regular hours, 5 cheaper each; and 5 bikes fewer are built ahead in
    # January, held for 2 each, while their frames are held for 1
    assert hours.saving == pytest.approx(3 * 5 * 5 + 5 * (2 - 1), abs=0.1)


def test_what_helps_nobody_is_worth_nothing() -> None:
    wide = [{"supplier": "arvo", "item": "frame", "capacity": 5000}]
    found = make_plan(load_scenario(shop(supplier_capacity=wide))).worth(supplier="arvo", item="frame")

    assert found.statements[0].text.endswith("change nothing.")
    assert found.saving == pytest.approx(0, abs=1e-3)


@pytest.mark.parametrize(("keys", "message"), [
    ({"site": "plant", "work_center": "asembly"}, 'Did you mean "assembly"?'),
    ({"mode": "road"}, "mode names no limit. Name one of:"),
    ({"supplier": "borea", "item": "helmet"}, "no row of supplier_capacity.capacity limits it"),
    ({"site": "plant", "work_center": "assembly", "step": 0}, "step = 0: must be above 0"),
])
def test_what_names_no_limit_is_refused(short: Plan, keys: dict[str, str], message: str) -> None:
    with pytest.raises(PlanError, match=re.escape(message)):
        short.worth(**keys)
