"""What has to be decided now, and what waiting costs: solved again, checked by hand."""

from pathlib import Path
from typing import Any

import pytest

import planner
from planner.errors import PlanError
from planner.plan.deciding import ToDecide, decide
from planner.plan.deciding.candidates import UNITS
from planner.plan.deciding.layout import DECISIONS, KINDS
from planner.plan.deciding.statements import ahead_statements, decision_statements
from planner.plan.pegging.ahead import MADE_AHEAD
from planner.report.records.decisions import decisions_record
from planner.report.schemas.results import RESULTS
from planner.report.terminal.decisions import decisions_result
from tests.model.agreed import going_on, write_agreed
from tests.model.plants import plant, table
from tests.report.terminal.test_pegging import shown

# Ten bikes are wanted in February and in March, and come a month after they are ordered.
ORDERED = plant([0, 10, 10], items=table("item price", ("bike", 100)),
                sourcing=table("item supplier site unit_cost lead_time", ("bike", "arvo", "plant", 5, 1)))
# The saw makes 10 bikes a month, and 5, 5 and 20 are wanted: 5 of January and 5 of February are for March.
AHEAD = plant(
    [5, 5, 20], items=table("item price", ("bike", 100)),
    routings=table("item site routing unit_cost", ("bike", "plant", "line", 10)),
    routing_steps=table("item site routing work_center hours_per_unit", ("bike", "plant", "line", "saw", 2)),
    work_centers=table("site work_center available_hours overtime_hours overtime_hour_cost", ("plant", "saw", 18, 2, 1)))


def decided(scenario: dict[str, Any], *, periods: int = 1, most: int = 9) -> ToDecide:
    return decide(planner.solve(planner.load_scenario(scenario)), periods=periods, most=most)


@pytest.fixture(scope="module")
def ordered() -> ToDecide:
    return decided(ORDERED)


@pytest.fixture(scope="module")
def ahead() -> ToDecide:
    return decided(AHEAD)


def test_an_order_that_waits_comes_late_and_costs_the_backorders(ordered: ToDecide) -> None:
    (row,) = ordered.decisions.to_dict("records")
    assert (row["kind"], row["item"], row["supplier"], str(row["arrives"])) == ("order", "bike", "arvo", "2026-02")
    assert (row["quantity"], row["cost"], row["waiting"]) == (10, 50, "costs")
    # 10 bikes are owed at the end of February, at 20 each
    assert (row["waiting_cost"], row["waiting_margin"]) == pytest.approx((200, 200))
    assert (row["waiting_late"], row["waiting_lost"]) == pytest.approx((10, 0))


def test_what_is_frozen_is_decided_already(tmp_path: Path) -> None:
    place = write_agreed(tmp_path / "plan", {"purchased": [("bike", "arvo", "plant", 1, 10)]})
    plan = planner.solve(planner.load_scenario(going_on(ORDERED, place, frozen=1)))
    (row,) = decide(plan, most=0).decisions.to_dict("records")
    assert (row["kind"], str(row["period"]), row["quantity"]) == ("order", "2026-02", 10)


def test_what_waiting_costs_is_said_with_its_figures(ordered: ToDecide) -> None:
    (said,) = decision_statements(ordered)
    assert said.text == ("Order bike from arvo for plant in 2026-01: 10 units, to arrive in 2026-02, 50 EUR. "
                         "Waiting a month costs 200 EUR of margin and makes 10 more units late.")
    assert said.figures["waiting_margin"] == pytest.approx(200)
    assert ahead_statements(ordered) == []


def test_work_that_is_not_done_ahead_is_missing_later(ahead: ToDecide) -> None:
    rows = ahead.decisions.set_index("kind")
    # 10 hours of January are for 5 bikes of March; undone, these are lost: 100 each, less 10 and overtime saved
    assert rows.loc["prebuild", ["quantity", "waiting_lost"]].tolist() == pytest.approx([10, 5])
    assert str(rows.loc["prebuild", "arrives"]) == "2026-03"
    # without its 2 hours of overtime, January makes a bike less
    assert rows.loc["overtime", ["quantity", "waiting_lost"]].tolist() == pytest.approx([2, 1])


def test_hours_worked_ahead_are_told_by_the_period_that_they_serve(ahead: ToDecide) -> None:
    rows = ahead.made_ahead.assign(period=ahead.made_ahead["period"].astype("str"),
                                   due=ahead.made_ahead["due"].astype("str"))
    assert rows[["work_center", "period", "due"]].to_numpy().tolist() == [["saw", "2026-01", "2026-03"]]
    assert rows[["hours", "share"]].to_numpy().ravel() == pytest.approx([10, 0.5])
    (said,) = ahead_statements(ahead)
    assert said.text == ("saw at plant works 10 hours ahead in 2026-01 (50.0% of its load there), "
                         "for deliveries of 2026-03.")


def test_decisions_of_more_periods_come_in_their_order() -> None:
    rows = decided(AHEAD, periods=2, most=0).decisions
    assert rows["period"].astype("str").tolist() == ["2026-01"] * 2 + ["2026-02"] * 2
    assert set(rows["waiting"]) == {"unknown"}


def test_an_order_that_can_wait_says_so() -> None:
    # Ordering for February in January saves a cent each, 10 cents in all: nobody minds.
    prices = table("item supplier site unit_cost from to", ("bike", "arvo", "plant", 5, None, None),
                   ("bike", "arvo", "plant", 4.99, "2026-01", "2026-01"))
    found = decided(plant([0, 10], sourcing=prices))
    assert found.decisions["waiting"].tolist() == ["free"]
    assert decision_statements(found)[0].text.endswith("It can wait a month at no cost.")


def test_a_decision_without_which_there_is_no_plan_cannot_wait() -> None:
    must = {**ORDERED, "inventory": table("item site ending_inventory", ("bike", "plant", 5)),
            "sourcing": table("item supplier site unit_cost lead_time", ("bike", "arvo", "plant", 5, 2))}
    (row,) = decided(must).decisions.to_dict("records")
    assert row["waiting"] == "impossible"
    assert "It cannot wait: without it, no plan keeps every hard limit." in decision_statements(decided(must))[0].text


def test_the_frames_and_the_record_have_the_declared_columns(ahead: ToDecide) -> None:
    assert list(ahead.decisions) == DECISIONS.names
    assert list(ahead.made_ahead) == MADE_AHEAD.names
    assert set(decisions_record(ahead)) == {"schema", "command", *RESULTS["decide"][1]}
    assert {*UNITS, "order", "prebuild"} == {*KINDS}


def test_decisions_stand_in_a_table(ordered: ToDecide, ahead: ToDecide) -> None:
    lines = shown(decisions_result(ordered))
    assert lines[0] == "To decide in 2026-01"
    assert "order bike from arvo for plant 10 units 2026-02 50 200 10 0" in lines
    assert "Where work is done ahead" in shown(decisions_result(ahead))


@pytest.mark.parametrize(("options", "message"), [
    ({"periods": 9}, "periods = 9: must be 1 to 3"), ({"most": -1}, "most = -1: must be 0 or more")])
def test_periods_beyond_the_plan_are_refused(ordered: ToDecide, options: dict[str, int], message: str) -> None:
    with pytest.raises(PlanError, match=message):
        decide(ordered.plan, **options)
