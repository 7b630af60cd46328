"""What is said first about a plan, calculated by hand from small tables."""

import pandas as pd

from planner.report import highlights
from tests.report.examples import rows, small_plan


def test_service_counts_what_was_overdue_when_the_plan_started() -> None:
    sales = rows(
        "sales",
        {
            "item": "bike",
            "demand_class": "booked",
            "demand": 90.0,
            "delivered_on_time": 90.0,
            "delivered_late": 10.0,
        },
        {"item": "bike", "demand_class": "forecast", "demand": 50.0, "delivered_on_time": 40.0, "lost": 10.0},
    )
    # booked: 90 on time of 90 + 10 overdue; forecast: 40 of 50
    assert highlights.service_sentences(small_plan(tables={"sales": sales})) == [
        "Booked orders: 90.0% of 100 units on time, 10 late.",
        "Forecast demand: 80.0% of 50 units on time, 10 not delivered.",
    ]


def test_full_service_and_no_demand_are_said_plainly() -> None:
    sales = rows("sales", {"demand_class": "booked", "demand": 90.0, "delivered_on_time": 90.0})
    assert highlights.service_sentences(small_plan(tables={"sales": sales})) == [
        "Booked orders: all 90 units on time."
    ]
    assert highlights.service_sentences(small_plan(tables={})) == ["There is no demand."]


def test_targets_come_furthest_from_met_first() -> None:
    table = rows(
        "targets",
        {"target": "year", "measure": "units", "quantity": 100.0, "delivered": 120.0},
        {"target": "spring", "measure": "units", "quantity": 100.0, "delivered": 75.0, "shortfall": 25.0},
    )
    plan = small_plan(tables={"targets": table})
    assert list(highlights.targets(plan)["target"]) == ["spring", "year"]
    assert highlights.target_sentence(plan) == [
        "1 of 2 sales targets met; the lowest attainment is spring with 75.0%."
    ]


def test_shortages_come_by_the_revenue_that_is_lost() -> None:
    sales = rows(
        "sales",
        {"item": "kids", "lost": 30.0, "price": 10.0},
        {"item": "cargo", "lost": 2.0, "price": 1000.0},
        {"item": "city", "delivered_late": 5.0},
        {"item": "trail", "delivered_on_time": 5.0},
    )
    found = highlights.shortages(small_plan(tables={"sales": sales}))
    # 2 x 1000 beats 30 x 10 beats nothing lost; trail is short of nothing
    assert found[["item", "lost_revenue"]].to_numpy().tolist() == [
        ["cargo", 2000.0],
        ["kids", 300.0],
        ["city", 0.0],
    ]


def capacity(**hours: list[float]) -> pd.DataFrame:
    """Two periods of each work center, of 100 effective hours each; one named `free` is unlimited."""
    return rows(
        "capacity",
        *(
            {
                "site": "lyon",
                "work_center": name,
                "period": period,
                "load_hours": load,
                "overtime_hours": max(0.0, load - 100),
                "effective_hours": float("nan") if name == "free" else 100.0,
            }
            for name, loads in hours.items()
            for period, load in zip(("2026-01", "2026-02"), loads, strict=True)
        ),
    )


def test_resources_come_most_loaded_first_and_unlimited_ones_not_at_all() -> None:
    plan = small_plan(tables={"capacity": capacity(saw=[50, 60], press=[100, 110], free=[500, 500])})
    found = highlights.resources(plan)
    # press: (100 + 110) / 200 = 105 %, full in both, 10 hours of overtime; saw: 110 / 200 = 55 %
    columns = ["resource", "average", "peak", "full", "periods", "overtime"]
    assert found[columns].to_numpy().tolist() == [
        ["press", 1.05, 1.1, 2, 2, 10.0],
        ["saw", 0.55, 0.6, 0, 2, 0.0],
    ]


def test_labor_pools_stand_beside_work_centers() -> None:
    pool = rows(
        "workforce", {"site": "lyon", "labor_pool": "crew", "regular_hours": 200.0, "hours_used": 210.0}
    )
    found = highlights.resources(small_plan(tables={"capacity": capacity(saw=[50, 60]), "workforce": pool}))
    columns = ["kind", "resource", "average"]
    assert found[columns].to_numpy().tolist() == [["labor pool", "crew", 1.05], ["work center", "saw", 0.55]]


def prices(constraint: str, *, unit: str = "hours", **keys: str) -> pd.DataFrame:
    where = keys or {"site": "lyon", "work_center": "press"}
    priced = {"constraint": constraint, "key": " | ".join(where.values()), "unit": unit, **where}
    return rows(
        "shadow_prices",
        {**priced, "period": "2026-01", "shadow_price": 30.0},
        {**priced, "period": "2026-02", "shadow_price": 40.0},
    )


def test_the_bottleneck_is_the_resource_that_is_full_most_often_and_no_price_of_the_solver_is_shown() -> None:
    tables = {
        "capacity": capacity(saw=[50, 60], press=[100, 110]),
        "shadow_prices": prices("work_center_capacity"),
    }
    assert highlights.bottleneck(small_plan(tables=tables)) == "press (lyon) is full in 2 of 2 months."


def test_a_work_center_without_hours_that_somebody_would_pay_for_is_the_bottleneck() -> None:
    shut = capacity(press=[0, 0], saw=[50, 60]).assign(
        effective_hours=lambda frame: frame["effective_hours"].where(frame["work_center"] != "press", 0.0))
    tables = {"capacity": shut, "shadow_prices": prices("work_center_capacity")}
    assert highlights.bottleneck(small_plan(tables=tables, mode="cost")) == (
        "press (lyon) has no hours in any month.")
    # nobody would pay for an hour of it: the busy saw is what counts
    assert highlights.bottleneck(small_plan(tables={"capacity": shut})) == (
        "Nothing is full; saw (lyon) is the most loaded, 60.0% at its peak.")


def test_where_nothing_is_worked_the_closed_work_center_is_named() -> None:
    shut = capacity(press=[0, 0]).assign(effective_hours=0.0)
    assert highlights.bottleneck(small_plan(tables={"capacity": shut})) == (
        "No hours are worked; press (lyon) has no hours in any month.")


def test_what_the_solver_leaves_of_nothing_is_nothing() -> None:
    sales = rows("sales", {"item": "bike", "market": "north", "demand_class": "forecast", "demand": 5090.0,
                           "delivered_on_time": 2e-7, "lost": 5090.0})
    assert highlights.service_sentences(small_plan(tables={"sales": sales})) == [
        "Forecast demand: none of 5,090 units on time, 5,090 not delivered."]


def test_without_a_full_resource_the_most_loaded_is_named() -> None:
    assert highlights.bottleneck(small_plan(tables={"capacity": capacity(saw=[50, 60])})) == (
        "Nothing is full; saw (lyon) is the most loaded, 60.0% at its peak.")
    assert highlights.bottleneck(small_plan(tables={})) == "No work center or labor pool has limited hours."


def test_stock_of_what_is_sold_stands_apart_from_components() -> None:
    stocks = rows("inventory", {"item": "bike", "closing": 5.0}, {"item": "wheel", "closing": 80.0})
    plan = small_plan(tables={"inventory": stocks, "sales": rows("sales", {"item": "bike"})})
    assert highlights.stock(plan)[["goods", "closing"]].to_numpy().tolist() == [
        ["components", 80.0],
        ["finished goods", 5.0],
    ]


def test_safety_stocks_are_counted_by_item_and_site() -> None:
    kept = {"item": "bike", "safety_stock": 10.0, "closing": 12.0}
    broken = {"item": "wheel", "safety_stock": 10.0, "closing": 4.0, "safety_stock_shortfall": 6.0}
    worse = {**broken, "period": "2026-02", "safety_stock_shortfall": 7.0}
    plan = small_plan(tables={"inventory": rows("inventory", kept, broken, worse)})
    assert highlights.stock_sentence(plan) == "1 of 2 safety stocks are kept in every month."
    assert highlights.below_safety_stock(plan)[["item", "periods", "missing"]].to_numpy().tolist() == [
        ["wheel", 2, 7.0]
    ]


def test_costs_stand_in_the_order_in_which_goods_flow_and_zeros_are_left_out() -> None:
    costs = rows("costs", {"cost": "freight", "amount": 3.0}, {"cost": "purchase", "amount": 1.0},
                 {"cost": "purchase", "amount": 1.0}, {"cost": "scrap", "amount": 0.0})
    found = highlights.cost_by_term(small_plan(tables={"costs": costs}))
    assert found.to_numpy().tolist() == [["purchase", 2.0], ["freight", 3.0]]
