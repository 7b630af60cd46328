"""Explanations say what stands in the tables, and only that."""

import re
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from planner.errors import PlanError
from planner.model.limits import KEYS, LIMITS
from planner.plan.explain import explain
from planner.plan.layout import TABLES
from planner.plan.plan import Plan


def priced(*rows: dict[str, Any], period: pd.Period) -> pd.DataFrame:
    """Rows of the table of shadow prices, blank where nothing is given."""
    frame = pd.DataFrame([{"period": period, **row} for row in rows]).reindex(columns=TABLES["shadow_prices"].names)
    names = [column.name for column in TABLES["shadow_prices"].columns if column.kind == "name"]
    filled = frame.assign(**{name: frame[name].astype("object").fillna("").astype("str") for name in names})
    return filled.assign(key=[" | ".join(str(row[key]) for key in KEYS if key in row) for row in rows])


@pytest.fixture(scope="module")
def told(plan: Plan) -> Plan:
    """The bicycle maker's plan with figures that are easy to follow in the rows that are asked about."""
    at = pd.Period("2026-03", "M")
    sales = plan.tables["sales"].copy()
    here = (sales["item"] == "bike") & (sales["market"] == "north") & (sales["period"] == at)
    sales.loc[here, ["demand", "delivered_on_time", "delivered_late", "backorders", "lost"]] = 0.0
    sales.loc[here & (sales["demand_class"] == "booked"), ["demand", "delivered_on_time"]] = [20.0, 20.0]
    forecast = here & (sales["demand_class"] == "forecast")
    fates = ["demand", "delivered_on_time", "delivered_late", "backorders", "lost"]
    sales.loc[forecast, fates] = [1500.0, 1000.5, 7.0, 3.0, 496.5]
    stock = plan.tables["inventory"].copy()
    depot = (stock["item"] == "bike") & (stock["site"] == "depot") & (stock["period"] == at)
    stock.loc[depot, ["closing", "safety_stock", "safety_stock_shortfall"]] = [10.0, 25.0, 15.0]
    stock.loc[(stock["item"] == "bike") & (stock["site"] == "plant") & (stock["period"] == at), "closing"] = (
        0.0
    )
    made = plan.tables["production"].copy()
    made.loc[(made["item"] == "bike") & (made["period"] == at), "production"] = [12.0, 30.0]  # hand, line
    prices = priced(
        {"constraint": "work_center_capacity", "site": "plant", "work_center": "weld", "shadow_price": 12.5, "unit": "hours"},
        {"constraint": "lane_capacity", "origin": "plant", "destination": "depot", "mode": "truck", "item": "ebike",
         "shadow_price": 99.0, "unit": "units"},
        {"constraint": "work_center_capacity", "site": "plant", "work_center": "assembly", "period": at + 1,
         "shadow_price": 80.0, "unit": "hours"},
        {"constraint": "demand_balance", "item": "bike", "market": "north", "shadow_price": 999.0, "unit": "units"},
        {"constraint": "min_share", "item": "frame", "supplier": "arvo", "site": "plant", "period": pd.NaT,
         "shadow_price": 4.0, "unit": "units"},
        {"constraint": "routing_capacity", "item": "bike", "site": "plant", "routing": "hand", "shadow_price": 3.0,
         "unit": "units"},
        {"constraint": "sales_targets", "target": "bikes", "period": pd.NaT, "shadow_price": 2.0,
         "unit": "units or currency"},
        {"constraint": "max_lateness", "item": "bike", "market": "north", "demand_class": "forecast", "priority": 5,
         "shadow_price": 500.0, "unit": "units"},
        {"constraint": "safety_stock", "item": "bike", "site": "depot", "shadow_price": 8.0, "unit": "units"},
        period=at,
    )
    return replace(
        plan,
        tables={
            **plan.tables,
            "sales": sales,
            "inventory": stock,
            "production": made,
            "shadow_prices": prices,
        },
    )


def test_an_item_in_a_market_and_period_is_told_from_demand_to_limits(told: Plan) -> None:
    assert told.explain(item="bike", market="north", period="2026-03") == [
        "bike in north: demand is 1,520 units in 2026-03 (20 booked, 1,500 forecast); 1,020 are delivered "
        "on time, 7 late, "
        "3 still owed at the end, 496 lost.",
        "12 units of bike are started on hand at plant in 2026-03.",
        "30 units of bike are started on line at plant in 2026-03.",
        "Stock of bike at depot is 10 units at the end of 2026-03, 25 are to be kept, 15 are missing.",
        "Binding: maximum lateness of bike in north (forecast, priority 5), 2026-03. Marginal value 500 EUR per unit.",
        "Binding: available hours of work center weld at plant, 2026-03. Marginal value 12.5 EUR per hour.",
        "Binding: safety stock of bike at depot, 2026-03. Marginal value 8 EUR per unit.",
        "Binding: routing capacity of bike on hand at plant, 2026-03. Marginal value 3 EUR per unit.",
    ]


def test_limits_of_another_item_or_period_are_not_told(told: Plan) -> None:
    said = " ".join(told.explain(item="bike", period="2026-03"))

    assert "ebike" not in said and "assembly" not in said and "arvo" not in said


def test_balances_are_no_limits(told: Plan) -> None:
    assert "999" not in " ".join(told.explain())


def test_the_whole_plan_is_told_with_its_worst_shortages_targets_and_limits(plan: Plan) -> None:
    said = plan.explain()

    assert re.match(
        r"All items: demand is [\d,]+ units from 2026-01 to 2026-06 \(75 booked, [\d,]+ forecast\); ",
        said[0],
    )
    short = [sentence for sentence in said if sentence.startswith("Short is ")]
    assert len(short) >= 2
    lost = [float(re.search(r"([\d,.]+) lost", sentence)[1].replace(",", "")) for sentence in short]
    assert lost == sorted(lost, reverse=True)
    assert any(sentence.startswith("Target south-bike is missed by ") for sentence in said)


def test_what_is_bought_and_what_was_on_its_way_are_told_of_a_component(plan: Plan) -> None:
    said = plan.explain(item="frame")

    sourcing = plan.tables["sourcing"]
    borea = sourcing[(sourcing["item"] == "frame") & (sourcing["supplier"] == "borea")]["purchased"].sum()
    assert said[0] == "frame: there is no demand from 2026-01 to 2026-06."
    assert f"{borea:,.0f} units of frame are ordered from borea for plant from 2026-01 to 2026-06." in said
    assert "40 units of frame arrive from 2026-01 to 2026-06 as scheduled receipts." in said


def test_every_figure_of_an_item_is_one_of_the_tables(plan: Plan) -> None:
    said = plan.explain(item="ebike")[0]

    sales = plan.tables["sales"][plan.tables["sales"]["item"] == "ebike"]
    assert f"demand is {sales['demand'].sum():,.0f} units" in said
    assert float(re.search(r"([\d,.]+) are delivered on time", said)[1].replace(",", "")) == pytest.approx(
        sales["delivered_on_time"].sum(), abs=0.05)


@pytest.mark.parametrize(("asked", "message"), [
    ({"item": "bkie"}, 'no item "bkie" in plan Bicycles. Did you mean "bike"?'),
    ({"market": "moon"}, 'no market "moon" in plan Bicycles'),
    ({"period": "2026-13"}, 'period "2026-13": must be a month written like 2026-03'),
    ({"period": "2027-01"}, "period 2027-01 is not in the plan, which goes from 2026-01 to 2026-06"),
])
def test_names_and_periods_that_are_not_there_are_told_apart(
    plan: Plan, asked: dict[str, str], message: str
) -> None:
    with pytest.raises(PlanError, match=re.escape(message)):
        plan.explain(**asked)


def test_a_period_may_be_given_as_a_period(told: Plan) -> None:
    assert told.explain(period=pd.Period("2026-03", "M")) == told.explain(period="2026-03")


@pytest.mark.parametrize("name", [name for name, limit in LIMITS.items() if limit.is_limit])
def test_every_limit_that_somebody_could_relax_is_told(plan: Plan, name: str) -> None:
    row = {"constraint": name, "item": "bike", "shadow_price": 1e6, "unit": LIMITS[name].unit}
    one = replace(plan, tables={**plan.tables, "shadow_prices": priced(row, period=pd.Period("2026-03", "M"))})

    assert [sentence for sentence in one.explain() if sentence.startswith(f"Binding: {LIMITS[name].words} of bike, ")]


def test_names_that_coincide_are_told_apart(told: Plan) -> None:
    # A supplier, a work center and a routing called like other items, and a site called like a market.
    at = pd.Period("2026-03", "M")
    namesakes = priced(
        {"constraint": "supplier_capacity", "supplier": "ebike", "item": "bike", "shadow_price": 4.0, "unit": "units"},
        {"constraint": "work_center_capacity", "site": "plant", "work_center": "ebike", "shadow_price": 3.0,
         "unit": "hours"},
        {"constraint": "routing_capacity", "item": "bike", "site": "south", "routing": "frame", "shadow_price": 2.0,
         "unit": "units"},
        {"constraint": "routing_capacity", "item": "ebike", "site": "plant", "routing": "bike", "shadow_price": 1.0,
         "unit": "units"},
        period=at,
    )
    said = explain(replace(told, tables={**told.tables, "shadow_prices": namesakes}), item="bike", market="north")

    assert [sentence for sentence in said if sentence.startswith("Binding")] == [
        "Binding: supplier capacity of bike from ebike, 2026-03. Marginal value 4 EUR per unit.",
        "Binding: available hours of work center ebike at plant, 2026-03. Marginal value 3 EUR per hour.",
        "Binding: routing capacity of bike on frame at south, 2026-03. Marginal value 2 EUR per unit.",
    ]


def test_a_work_center_without_hours_is_named_where_something_is_lost(plan: Plan) -> None:
    shut = plan.tables["capacity"].assign(effective_hours=0.0, option_hours=0.0, overtime_limit=0.0)
    closed = replace(plan, tables={**plan.tables, "capacity": shut})
    sound = replace(closed, tables={**closed.tables, "sales": plan.tables["sales"].assign(lost=0.0)})

    assert "Work center weld at plant has no hours from 2026-01 to 2026-06." in closed.explain()
    assert not any("has no hours" in sentence for sentence in (*plan.explain(), *sound.explain()))
