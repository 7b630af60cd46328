"""Orders and customers are told by what becomes of them, in units and money."""

import re

import pytest

from planner.errors import PlanError
from planner.plan.orders import CUSTOMERS, ORDERS, customers_of, order_statements, orders_of
from planner.plan.plan import Plan
from tests.report.examples import rows, small_plan

ACME = {"item": "bike", "market": "north", "demand_class": "booked", "customer": "acme", "origin": "booked"}
SETTLED = rows(
    "fulfillment",
    {**ACME, "order": "o1", "due": "2025-11", "period": "2026-01", "delivered_late": 3, "price": 10, "revenue": 30},
    {**ACME, "order": "o2", "due": "2026-01", "period": "2026-01", "delivered_on_time": 4, "price": 10, "revenue": 40},
    {**ACME, "order": "o2", "due": "2026-01", "period": "2026-02", "delivered_late": 2, "lost": 1, "price": 20,
     "revenue": 40},
    {**ACME, "order": "o3", "customer": "zeta", "due": "2026-02", "period": "2026-02", "delivered_on_time": 5,
     "price": 10, "revenue": 50},
    {**ACME, "order": "", "customer": "", "origin": "baseline", "demand_class": "forecast", "due": "2026-01",
     "period": "2026-01", "delivered_on_time": 6, "lost": 2, "price": 50, "revenue": 300})


@pytest.fixture(scope="module")
def settled() -> Plan:
    return small_plan(tables={"fulfillment": SETTLED})


def test_an_order_overdue_at_the_start_is_told_apart_from_one_that_the_plan_makes_late(settled: Plan) -> None:
    orders = orders_of(settled).set_index("order")
    assert orders.loc["o1", ["late", "overdue", "periods_late"]].tolist() == [0, 3, 2]
    assert orders.loc["o2", ["on_time", "late", "overdue", "lost", "periods_late"]].tolist() == [4, 2, 0, 1, 1]
    assert orders["promised"].astype("str").to_dict() == {"o1": "2026-01", "o2": "2026-02", "o3": "2026-02"}


def test_what_is_late_and_lost_is_worth_its_own_price(settled: Plan) -> None:
    orders = orders_of(settled).set_index("order")
    assert orders.loc["o2", ["late_value", "lost_value", "revenue"]].tolist() == [40, 20, 80]
    assert orders.loc["o1", "overdue_value"] == 30
    assert list(orders.index) == ["o2", "o1", "o3"]  # who loses money first, then who waits


def test_customers_and_forecast_demand_are_ranked_by_the_money_that_they_lose(settled: Plan) -> None:
    customers = customers_of(settled)
    told = customers[["customer", "demand_class", "orders", "quantity", "lost_value"]].to_numpy().tolist()
    assert told == [["", "forecast", 0, 8, 100], ["acme", "booked", 2, 10, 20], ["zeta", "booked", 1, 5, 0]]


def test_an_order_of_which_nothing_is_delivered_is_promised_for_no_period() -> None:
    lost = rows("fulfillment", {**ACME, "order": "o1", "due": "2026-01", "period": "2026-02", "lost": 3})
    orders = orders_of(small_plan(tables={"fulfillment": lost}))
    assert orders["promised"].isna().all()
    assert orders["periods_late"].tolist() == [0]


def test_every_declared_column_is_there_whatever_was_ordered(settled: Plan) -> None:
    for plan in (settled, small_plan(tables={})):
        assert list(orders_of(plan)) == ORDERS.names
        assert list(customers_of(plan)) == CUSTOMERS.names


def test_orders_and_customers_add_up_to_the_sales_table(plan: Plan) -> None:
    sales = plan.tables["sales"]
    delivered = (sales["delivered_on_time"] + sales["delivered_late"]).groupby(sales["demand_class"]).sum()
    for frame in (orders_of(plan).assign(demand_class="booked"), customers_of(plan)):
        found = frame[["on_time", "late", "overdue"]].sum(axis="columns").groupby(frame["demand_class"]).sum()
        assert found.to_dict() == pytest.approx({key: delivered[key] for key in found.index}, abs=1e-5)
    assert customers_of(plan)["revenue"].sum() == pytest.approx(sales["revenue"].sum())


def test_what_there_is_to_say_has_its_figures(settled: Plan) -> None:
    orders, most = order_statements(settled, orders_of(settled), customers_of(settled))[:2]
    assert orders.text == ("1 of 3 booked orders is delivered in full and on time; 1 overdue when the plan starts is "
                           "delivered in it (3 units); 1 is made late by this plan (2 units); 1 is lost in whole or "
                           "in part (1 unit).")
    assert (orders.figures["made_late"], orders.figures["overdue"]) == (1, 1)
    assert most.text == "Most is lost to forecast demand of north: 2 units worth 100 EUR."
    assert most.figures["lost_value"] == 100


@pytest.mark.parametrize(("names", "message"), [
    ({"order": "o9"}, 'no order "o9" of plan'),
    ({"customer": "acne"}, 'no customer "acne" among the booked orders of plan Baseline. Did you mean "acme"?'),
])
def test_a_name_that_no_order_has_is_told(settled: Plan, names: dict[str, str], message: str) -> None:
    with pytest.raises(PlanError, match=re.escape(message)):
        orders_of(settled, **names)


def test_only_the_orders_of_a_name_are_told(settled: Plan) -> None:
    assert orders_of(settled, customer="zeta")["order"].tolist() == ["o3"]
