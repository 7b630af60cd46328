"""Explanations name what stands on the way to what is short, and nothing else."""

import re
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from shortage import shop

from planner.errors import PlanError
from planner.plan.plan import Plan, make_plan
from planner.plan.statement import Statement
from planner.scenario.load import load_scenario


def solved(**changes: Any) -> Plan:
    return make_plan(load_scenario(shop(**changes)))


@pytest.fixture(scope="module")
def short() -> Plan:
    return solved()


def of_kind(said: list[Statement], kind: str) -> list[str]:
    return [one.text for one in said if one.kind == kind]


def test_the_full_work_center_is_named_with_dates_hours_and_what_takes_them(short: Plan) -> None:
    # 110 hours a month, an hour a bike
    assert short.explain(item="bike", market="north", period="2026-02", as_records=True)[1].text == (
        "Assembly in Plant is full in every month from 2026-01 to 2026-02, overtime included: 110 of 110 hours in "
        "2026-02 (bike 100.0%).")


def test_no_limit_is_named_that_is_on_no_way_to_the_unit(short: Plan) -> None:
    said = short.explain(item="bike")

    assert not any("Borea" in text or "helmet" in text or "lamp" in text for text in said)


def test_a_lead_time_longer_than_the_time_left_is_a_cause_and_no_limit_is_blamed(short: Plan) -> None:
    said = short.explain(item="helmet", as_records=True)

    assert of_kind(said, "cause") == [
        "helmet from Borea takes 2 months: ordered when the plan starts, it arrives in 2026-03 at the earliest, and "
        "nothing was on its way."]
    assert of_kind(said, "earliest") == ["One more helmet could be in North in 2026-03 at the earliest; customers do not wait."]


def test_what_is_on_time_gets_no_blame(short: Plan) -> None:
    said = short.explain(item="lamp", as_records=True)

    assert said[0].kind == "on_time"
    assert said[0].text == "lamp: demand is 100 units from 2026-01 to 2026-03 (100 forecast); all of it is delivered on time."
    assert {one.kind for one in said} <= {"on_time", "bought", "stock", "cost"}


def test_an_order_on_time_says_so(short: Plan) -> None:
    assert short.explain(order="o-1") == [
        "Order o-1 of Acme: 10 bike for North, which is due in 2026-01 (priority 1): delivered on time."]
    assert short.explain(customer="acme") == ["Customer Acme: 1 booked orders, 1 on time, 0 late or lost."]


def test_a_target_is_divided_into_what_sales_and_what_operations_miss(short: Plan) -> None:
    said = short.explain(target="quarter", as_records=True)

    assert said[0].kind == "target_gap"
    assert said[0].figures["missing_demand"] == pytest.approx(20)
    assert any(text.startswith("Assembly in Plant is full") for text in of_kind(said, "cause"))


def test_a_target_that_misses_demand_alone_blames_no_limit() -> None:
    asked = [{"target": "quarter", "measure": "units", "item": "lamp", "quantity": 120, "priority": 1}]
    said = solved(sales_targets=asked).explain(target="quarter", as_records=True)

    assert [one.kind for one in said] == ["target_gap"]
    assert "for sales to close" in said[0].text


def test_a_met_target_says_so(short: Plan) -> None:
    assert short.explain(target="parts") == ["Target parts is met: 130 units are delivered, 130 units are asked for."]


def test_a_dearer_way_with_room_is_told_and_not_blamed() -> None:
    dear = {"item": "frame", "supplier": "cima", "site": "plant", "unit_cost": 75, "lead_time": 1}
    limited = [{"supplier": "arvo", "item": "frame", "capacity": 60}]
    said = solved(sourcing=[*shop()["sourcing"], dear], supplier_capacity=limited,
                  inventory=[{"item": "frame", "site": "plant", "on_hand": 110, "holding_cost": 1}]
                  ).explain(item="bike", period="2026-03", as_records=True)

    assert of_kind(said, "alternative") == [
        "frame in Plant does not hold it back: Arvo is full for 2026-03, but Cima has room, at 15 EUR more per unit."]
    assert not any("Arvo" in text for text in of_kind(said, "cause"))


def test_a_supplier_at_its_capacity_is_named_where_nobody_else_ships() -> None:
    limited = [{"supplier": "arvo", "item": "frame", "capacity": 40}]
    said = solved(supplier_capacity=limited, inventory=[{"item": "frame", "site": "plant", "on_hand": 100}]
                  ).explain(item="bike", period="2026-02", as_records=True)

    assert of_kind(said, "cause")[0] == (
        "Arvo can ship no more frame in 2026-01: 40 of 40 units in 2026-01 are ordered.")


def test_stock_kept_for_the_end_is_named_as_what_it_is() -> None:
    kept = [{"item": "frame", "site": "plant", "on_hand": 500},
            {"item": "bike", "site": "plant", "on_hand": 30, "ending_inventory": 30}]
    said = solved(inventory=kept).explain(item="bike", as_records=True)

    assert ("30 units of bike in Plant are kept for the end of the plan (ending inventory): up to 30 of the units "
            "could come from them.") in of_kind(said, "cause")


def test_demand_that_does_not_pay_is_told_apart_from_demand_that_cannot_be_served() -> None:
    said = solved(objective={"mode": "profit"}, prices=[{"item": "lamp", "market": "north", "price": 2}],
                  service_terms=[{"max_lateness": 0}], sales_targets=[]).explain(item="lamp", as_records=True)

    # 10 for the lamp and 5 to bring it there, for a price of 2
    assert of_kind(said, "not_profitable")[0].startswith(
        "100 units could be delivered but do not pay: the cheapest way left to bring lamp to North costs 15 EUR per unit")
    assert not of_kind(said, "cause")


def test_what_was_overdue_at_the_start_is_not_made_late_by_the_plan() -> None:
    overdue = {"order": "o-0", "customer": "acme", "item": "lamp", "quantity": 5, "due": "2025-12", "priority": 1}
    terms = [{"max_lateness": 2}]
    said = solved(booked_orders=[overdue], service_terms=terms).explain(order="o-0", as_records=True)

    assert [one.kind for one in said] == ["order_short", "overdue"]
    assert "which was due in 2025-12 (priority 1): 5 late in 2026-01." in said[0].text


@pytest.mark.parametrize(("asked", "message"), [
    ({"item": "bkie"}, 'no item "bkie" in plan Shop. Did you mean "bike"?'),
    ({"market": "moon"}, 'no market "moon" in plan Shop'),
    ({"order": "o-2"}, 'no order "o-2" in plan Shop. Did you mean "o-1"?'),
    ({"customer": "acne"}, 'no customer "acne" in plan Shop. Did you mean "acme"?'),
    ({"target": "quartr"}, 'no target "quartr" in plan Shop. Did you mean "quarter"?'),
    ({"target": "quarter", "item": "bike"}, "ask about it alone"),
    ({"period": "2026-13"}, 'period "2026-13": must be a month written like 2026-03'),
    ({"period": "2027-01"}, "period 2027-01 is not in the plan, which goes from 2026-01 to 2026-03"),
])
def test_names_and_periods_that_are_not_there_are_told(short: Plan, asked: dict[str, str], message: str) -> None:
    with pytest.raises(PlanError, match=re.escape(message)):
        short.explain(**asked)


def test_all_wrong_names_are_told_at_once(short: Plan) -> None:
    with pytest.raises(PlanError) as caught:
        short.explain(item="bkie", market="moon", period="2027-01")

    assert len(str(caught.value).splitlines()) == 3


def test_a_period_may_be_given_as_a_period(short: Plan) -> None:
    assert short.explain(period=pd.Period("2026-02", "M")) == short.explain(period="2026-02")


def test_without_its_scenario_a_plan_says_what_it_knows_and_why_no_cause_is_named(short: Plan) -> None:
    alone = replace(short, scenario=None, scenario_source="")
    said = alone.explain(item="bike", as_records=True)

    assert said[0].kind == "service"
    assert said[-1].text.startswith("Causes are left out: plan Shop does not say where its scenario is")


def test_a_scenario_that_has_changed_since_is_refused_where_it_is_named(short: Plan) -> None:
    with pytest.raises(PlanError, match="it has changed since"):
        short.explain(scenario=load_scenario(shop(currency="USD")))


def test_a_plan_that_is_not_proven_says_what_that_leaves_open(short: Plan) -> None:
    said = replace(short, status="time_limit").explain(item="bike", as_records=True)

    assert of_kind(said, "unproven") == [
        "This plan is not proven to be the best: a better one may deliver more, and what is full in it need not be "
        "full there."]


def test_every_sentence_has_its_figures(short: Plan) -> None:
    for one in short.explain(as_records=True):
        assert one.kind and one.figures and one.text.endswith(".")
