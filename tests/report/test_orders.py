"""Orders as other systems take them: dated, numbered, in lots, and nothing that is no order."""

import pandas as pd
import pytest

from planner.errors import PlanError
from planner.plan.plan import Plan
from planner.report.orders import ORDERS, orders
from tests.report.examples import rows, small_plan
from tests.report.grids.plans import bicycle_plan, by_month


def bought(quantities: tuple[float, ...], **more: float) -> pd.DataFrame:
    """What is ordered of wheels in each month, at 10 a piece, arriving two months later."""
    records = by_month("sourcing", "purchased purchase_cost", quantities, tuple(10 * one for one in quantities),
                       item="wheel", supplier="arvo", site="lyon", **more)
    table = rows("sourcing", *records)
    return table.assign(arrives=table["period"] + 2)


def listed(what: str, plan: Plan, **asked: object) -> pd.DataFrame:
    return orders(plan, what, **asked)[what]  # type: ignore[arg-type]


def test_a_requisition_says_what_to_order_from_whom_and_when_it_comes() -> None:
    plan = bicycle_plan(sourcing=bought((5.0, 0.0, 0.000001, 40.0), lots=2.0))

    assert listed("purchase_requisitions", plan).to_dict("records")[0] == {
        "number": "PR-20260101-0001", "order_date": "2026-01-01", "delivery_date": "2026-03-01", "supplier": "arvo",
        "site": "lyon", "item": "wheel", "quantity": 5.0, "unit": "set", "lots": 2.0, "unit_cost": 10.0,
        "amount": 50.0, "currency": "EUR"}
    # nothing in February, and in March only what rounding has left; April's comes after the plan
    assert listed("purchase_requisitions", plan)["delivery_date"].tolist() == ["2026-03-01", "2026-06-01"]


def test_whole_units_are_rounded_up_as_a_running_total() -> None:
    plan = bicycle_plan(sourcing=bought((2.4, 2.4, 0.1, 2.4)))
    found = listed("purchase_requisitions", plan, whole=True)

    # 2.4 -> 3; 4.8 -> 5; 4.9 -> 5, so nothing; 7.3 -> 8
    assert found[["order_date", "quantity", "amount"]].to_numpy().tolist() == [
        ["2026-01-01", 3.0, 30.0], ["2026-02-01", 2.0, 20.0], ["2026-04-01", 3.0, 30.0]]


def test_whole_lots_stay_what_they_are() -> None:
    plan = bicycle_plan(sourcing=bought((5.0, 10.0000000001, 0.0, 5.0), lots=1.0))

    assert listed("purchase_requisitions", plan, whole=True)["quantity"].tolist() == [5.0, 10.0, 5.0]


def test_only_the_orders_of_the_periods_asked_for_are_listed_under_the_numbers_that_they_always_have() -> None:
    plan = bicycle_plan()
    everything = listed("purchase_requisitions", plan)
    some = listed("purchase_requisitions", plan, start="2026-02", end="2026-03")

    assert some.to_dict("records") == everything[everything["order_date"] == "2026-02-01"].to_dict("records")


def test_goods_for_sites_are_transfers_and_those_for_markets_shipments() -> None:
    table = rows("delivery", *({"origin": "lyon", "destination": place, "mode": "road", "item": "city",
                                "shipped": 4.0, "arrives": "2026-02"} for place in ("gent", "north")))
    found = orders(bicycle_plan(delivery=table))

    assert found["transfers"][["ship_date", "arrival_date", "destination"]].to_numpy().tolist() == [
        ["2026-01-01", "2026-02-01", "gent"]]
    assert found["shipments"]["destination"].tolist() == ["north"]


def test_people_are_hired_and_let_go_on_the_first_day_of_the_period() -> None:
    table = rows("workforce", *by_month("workforce", "hired separated", (0.0, 2.0, 0.0, 0.0), (1.0, 0.0, 0.0, 0.0),
                                        site="lyon", labor_pool="crew"))

    assert listed("hires", bicycle_plan(workforce=table)).to_numpy().tolist() == [
        ["HR-20260101-0001", "2026-01-01", "lyon", "crew", "let go", 1.0],
        ["HR-20260201-0001", "2026-02-01", "lyon", "crew", "hire", 2.0]]


def test_a_plan_that_asks_for_nothing_has_empty_lists_with_their_columns() -> None:
    for name, frame in orders(small_plan(tables={})).items():
        assert len(frame) == 0
        assert list(frame.columns) == list(ORDERS[name](bicycle_plan()).columns)


def test_a_list_that_there_is_not_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(PlanError, match=r'no list "hirings", only purchase_requisitions, .*Did you mean "hires"'):
        orders(bicycle_plan(), "hirings")
    with pytest.raises(PlanError, match="to = 2027-01: the plan has the periods"):
        orders(bicycle_plan(), end="2027-01")
