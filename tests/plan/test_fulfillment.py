"""Every booked order is told from the next, keeps its own price, and forecast demand keeps its origin."""

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from test_tables import solution, values

import planner
from planner.demand.demand import Demand, make_demand
from planner.plan.plan import make_plan
from planner.plan.tables import make_tables
from tests.model.plants import plant, table, wanting

LIST_PRICE = table("item price", ("bike", 60))
AT_FIVE = table("item supplier site unit_cost", ("bike", "arvo", "plant", 5))
ONLY_IN_FEBRUARY = table("item supplier site unit_cost capacity from to",
                         ("bike", "arvo", "plant", 5, 0, None, None),
                         ("bike", "arvo", "plant", 5, 100, "2026-02", "2026-02"))


def booked(*orders: tuple[Any, ...]) -> list[dict[str, Any]]:
    """Orders of bikes in the north: name, quantity, due, price (None: the list price)."""
    return table("order market item quantity due price",
                 *((name, "north", "bike", quantity, due, price) for name, quantity, due, price in orders))


def planned(*orders: tuple[Any, ...], mode: str = "profit", **tables: Any) -> planner.Plan:
    """The proven plan of a plant that buys bikes at 5 and lists them at 60. It passes the audit."""
    given = {"periods": 3, "items": LIST_PRICE, "sourcing": AT_FIVE, "service_terms": [], **tables}
    scenario = planner.load_scenario(plant(mode=mode, booked_orders=booked(*orders), **given))
    plan = planner.solve(scenario)
    assert [str(finding) for finding in planner.audit(plan, scenario)] == []
    return plan


def told(plan: planner.Plan, measure: str) -> dict[tuple[str, int], float]:
    """A measure of the fulfillment by order and number of the period, zeros left out."""
    frame = plan.tables["fulfillment"]
    number = plan.calendar.number(frame["period"])
    kept = frame[measure].abs().to_numpy() > 1e-6
    return {(order, int(period)): pytest.approx(amount) for order, period, amount in
            zip(frame["order"][kept], number[kept], frame[measure][kept], strict=True)}


WAITING_COSTS = table("backorder_cost lost_sale_cost", (1, 100))


@pytest.mark.parametrize("mode", ["profit", "targets_first"])
@pytest.mark.parametrize("orders", [
    (("o1", 10, "2025-12", 20), ("o2", 10, "2025-12", None)),
    (("o1", 10, "2026-02", 20), ("o2", 10, "2025-12", None)),
    (("o1", 10, "2025-12", 20), ("o2", 10, "2026-01", None)),
    (("o1", 10, "2025-11", None), ("o2", 10, "2025-12", 20)),
    (("o1", 10, "2026-03", 20), ("o2", 10, "2026-02", None)),
])
def test_an_order_keeps_its_own_price_whatever_else_its_line_holds(
    mode: str, orders: tuple[Any, ...]
) -> None:
    # 10 x 20 + 10 x 60, less 20 x 5
    plan = planned(*orders, mode=mode)

    assert plan.kpis["revenue"] == pytest.approx(800)
    assert plan.kpis["margin"] == pytest.approx(700)


@pytest.mark.parametrize("mode", ["profit", "cost"])
def test_an_order_keeps_its_own_price_when_it_is_delivered_late(mode: str) -> None:
    plan = planned(("o1", 10, "2026-01", 20), ("o2", 10, "2026-02", None), mode=mode,
                   sourcing=ONLY_IN_FEBRUARY, service_terms=WAITING_COSTS)

    assert told(plan, "revenue") == {("o1", 2): 200, ("o2", 2): 600}
    february = plan.tables["sales"].set_index("period").loc["2026-02"]
    assert (february["revenue"], february["price"]) == (pytest.approx(800), pytest.approx(40))


def test_profit_serves_the_orders_that_are_worth_it() -> None:
    # Buying costs 30: the order at 20 loses 10 a bike, the others earn. Supply for 15: first 100, then 60.
    dear = table("item supplier site unit_cost capacity", ("bike", "arvo", "plant", 30, 15))
    plan = planned(("o1", 10, "2026-01", 20), ("o2", 10, "2026-01", None), ("o3", 10, "2026-01", 100),
                   periods=1, sourcing=dear)

    assert told(plan, "delivered_on_time") == {("o2", 1): 5, ("o3", 1): 10}
    assert plan.objective == pytest.approx(10 * (100 - 30) + 5 * (60 - 30))


def test_a_revenue_target_counts_each_order_at_its_own_price() -> None:
    # 6 bikes can be had: 6 at 60 are the 360 asked for, though the order at 20 is older.
    few = table("item supplier site unit_cost capacity", ("bike", "arvo", "plant", 5, 6))
    plan = planned(("o1", 6, "2025-12", 20), ("o2", 6, "2026-01", None), mode="targets_first", periods=1,
                   sourcing=few, sales_targets=table("target measure quantity", ("t", "revenue", 360)))

    target = plan.tables["targets"].iloc[0]
    assert target["demand"] == pytest.approx(360)  # o1 was due before the plan
    assert target["delivered"] == pytest.approx(360)
    assert target["shortfall"] == pytest.approx(0, abs=1e-3)


def test_an_order_without_a_price_has_the_list_price_of_its_delivery() -> None:
    rising = table("item price from to", ("bike", 80, "2026-02", "2026-02"))
    plan = planned(("o1", 10, "2026-01", None), ("o2", 10, "2026-01", 20), sourcing=ONLY_IN_FEBRUARY,
                   prices=rising, service_terms=WAITING_COSTS)

    assert told(plan, "revenue") == {("o1", 2): 800, ("o2", 2): 200}


def test_orders_at_many_prices_share_the_promise_of_their_priority() -> None:
    # Half of 20 is promised on time; 10 can be had, and all of them go to the order at 100.
    few = table("item supplier site unit_cost capacity", ("bike", "arvo", "plant", 5, 10))
    plan = planned(("o1", 10, "2026-01", 20), ("o2", 10, "2026-01", 100), periods=1, sourcing=few,
                   service_terms=table("min_fill_rate", (0.5,)))

    assert told(plan, "delivered_on_time") == {("o2", 1): 10}


def settled(
    orders: list[dict[str, Any]], *, service_terms: Any = (), **decided: dict[int, float]
) -> pd.DataFrame:
    """The fulfillment where so much of the one line of orders is decided, by number of the period."""
    scenario = planner.load_scenario(plant(
        periods=3, items=LIST_PRICE, sourcing=AT_FIVE, mode="targets_first", booked_orders=orders,
        service_terms=list(service_terms)))
    line = "item market demand_class priority period value"
    found = {measure: values(line, *(("bike", "north", "booked", 5, period, units)
                                     for period, units in by_period.items()))
             for measure, by_period in decided.items()}
    frame = make_tables(solution(**found), scenario, make_demand(scenario))["fulfillment"]
    return frame.assign(period=scenario.calendar.number(frame["period"]))


def units(frame: pd.DataFrame, measure: str) -> list[tuple[str, int, float]]:
    kept = frame[frame[measure] > 0]
    return sorted(zip(kept["order"], kept["period"], kept[measure], strict=True))


def test_orders_are_settled_the_oldest_first_and_within_a_period_by_name() -> None:
    orders = booked(("d", 9, "2026-01", 40), ("c", 6, "2026-01", 50), ("b", 9, "2025-12", None),
                    ("e", 3, "2025-11", None), ("a", 6, "2026-02", None))
    frame = settled(orders, delivered_on_time={1: 8, 2: 1}, delivered_late={2: 10, 3: 6}, lost={3: 8})

    # January's own 8 are c's 6 and 2 of d's 9; February's 1 is a's.
    assert units(frame, "delivered_on_time") == [("a", 2, 1), ("c", 1, 6), ("d", 1, 2)]
    # February's 10 late ones are e's 3 of November and 7 of b's; March's 6 the other 2 of b, then 4 of d.
    assert units(frame, "delivered_late") == [("b", 2, 7), ("b", 3, 2), ("d", 3, 4), ("e", 2, 3)]
    assert units(frame, "lost") == [("a", 3, 5), ("d", 3, 3)]
    assert frame["revenue"].sum() == 6 * 50 + (2 + 4) * 40 + (1 + 9 + 3) * 60


def test_what_may_be_owed_least_long_is_settled_first() -> None:
    # January's 5 may wait 2 months, February's 10 not at all.
    orders = booked(("o1", 5, "2026-01", None), ("o2", 5, "2026-02", None), ("o0", 5, "2026-02", None))
    terms = table("max_lateness from to", (2, None, None), (0, "2026-02", "2026-02"))
    frame = settled(orders, service_terms=terms, delivered_on_time={2: 5}, lost={2: 5}, delivered_late={3: 5})

    assert units(frame, "delivered_on_time") == [("o0", 2, 5)]
    assert units(frame, "lost") == [("o2", 2, 5)]  # o1 is older, and may wait until March
    assert units(frame, "delivered_late") == [("o1", 3, 5)]


def test_every_order_names_its_customer_and_when_it_was_due() -> None:
    orders = [{**order, "customer": "acme", "market": None} for order in
              booked(("o1", 4, "2025-12", None), ("o2", 3, "2026-02", None))]
    scenario = planner.load_scenario(plant(
        periods=2, items=LIST_PRICE, sourcing=AT_FIVE, booked_orders=orders,
        customers=table("customer market priority", ("acme", "north", 2))))
    plan = planner.solve(scenario)

    assert planner.audit(plan, scenario) == []
    columns = ["order", "customer", "priority", "due", "period", "delivered_on_time", "delivered_late"]
    frame = plan.tables["fulfillment"][columns]
    assert frame.astype({"due": "str", "period": "str"}).to_numpy().tolist() == [
        ["o1", "acme", 2, "2025-12", "2026-01", 0, 4], ["o2", "acme", 2, "2026-02", "2026-02", 3, 0]]


def a_mix(scenario: planner.Scenario) -> Demand:
    """The scenario's demand, a quarter of which is told to come from the pipeline."""
    demand = make_demand(scenario)
    parts = [demand.ledger.assign(origin=origin, quantity=demand.ledger["quantity"] * share)
             for origin, share in (("baseline", 0.75), ("pipeline", 0.25))]
    return replace(demand, ledger=pd.concat(parts, ignore_index=True))


def test_forecast_demand_is_served_in_proportion_to_its_origins() -> None:
    # 12 wanted in January and none after; 8 come in January, 2 in February, the rest never: 8, 2, 2.
    capped = table("item supplier site unit_cost capacity from to",
                   ("bike", "arvo", "plant", 5, 8, None, None),
                   ("bike", "arvo", "plant", 5, 2, "2026-02", "2026-02"))
    scenario = planner.load_scenario(plant(
        [12, 0], items=LIST_PRICE, sourcing=capped, demand=wanting([12, 0]),
        service_terms=table("backorder_cost lost_sale_cost", (1, 100)),
        inventory=table("item site max_inventory", ("bike", "plant", 0))))
    plan = make_plan(scenario, a_mix(scenario))

    frame = plan.tables["fulfillment"]
    measures = ["delivered_on_time", "delivered_late", "lost"]
    by_origin = frame.groupby("origin")[measures].sum().round(6)
    assert by_origin.loc["baseline"].tolist() == [6.0, 1.5, 1.5]
    assert by_origin.loc["pipeline"].tolist() == [2.0, 0.5, 0.5]
    assert {finding.rule for finding in planner.audit(plan, scenario)} <= {"forecast_demand"}
    assert set(frame["order"]) == {""}
