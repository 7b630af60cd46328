"""Explanations say what stands in the tables, and only that."""

import re
from dataclasses import replace

import pandas as pd
import pytest

from planner.errors import PlanError
from planner.plan.layout import TABLES
from planner.plan.plan import Plan


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
    prices = pd.DataFrame([
        ("work_center_capacity", "plant | weld", at, 12.5, "hours"),
        ("lane_capacity", "plant | depot | truck | ebike", at, 99.0, "units"),
        ("work_center_capacity", "plant | assembly", at + 1, 80.0, "hours"),
        ("demand_balance", "bike | north | booked | 1", at, 999.0, "units"),
        ("min_share", "frame | arvo | plant", pd.NaT, 4.0, "units"),
        ("routing_capacity", "bike | plant | hand", at, 3.0, "units"),
        ("sales_targets", "bikes", pd.NaT, 2.0, "units or currency"),
        ("safety_stock", "bike | depot", at, 8.0, "units")],
        columns=TABLES["shadow_prices"].names)
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
        "bike in north: 1,520 units are wanted in 2026-03 (20 booked, 1,500 forecast); 1,020 are delivered "
        "on time, 7 late, "
        "3 still owed at the end, 496 lost.",
        "12 units of bike are started on hand at plant in 2026-03.",
        "30 units of bike are started on line at plant in 2026-03.",
        "Stock of bike at depot is 10 units at the end of 2026-03, 25 are to be kept, 15 are missing.",
        "In the way: hours on the work center (plant | weld in 2026-03); one more hour would save 12.5 EUR.",
        "In the way: the safety stock (bike | depot in 2026-03); one unit less would save 8 EUR.",
        "In the way: the routing's capacity (bike | plant | hand in 2026-03); one more unit would save 3 "
        "EUR.",
    ]


def test_limits_of_another_item_or_period_are_not_told(told: Plan) -> None:
    said = " ".join(told.explain(item="bike", period="2026-03"))

    assert "ebike" not in said and "assembly" not in said and "arvo" not in said


def test_balances_are_no_limits(told: Plan) -> None:
    assert "999" not in " ".join(told.explain())


def test_the_whole_plan_is_told_with_its_worst_shortages_targets_and_limits(plan: Plan) -> None:
    said = plan.explain()

    assert re.match(
        r"All items: [\d,]+ units are wanted from 2026-01 to 2026-06 \(75 booked, [\d,]+ forecast\); ",
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
    assert said[0] == "frame: nothing is wanted from 2026-01 to 2026-06."
    assert f"{borea:,.0f} units of frame are ordered from borea for plant from 2026-01 to 2026-06." in said
    assert "40 units of frame arrive from 2026-01 to 2026-06 from before the plan." in said


def test_every_figure_of_an_item_is_one_of_the_tables(plan: Plan) -> None:
    said = plan.explain(item="ebike")[0]

    sales = plan.tables["sales"][plan.tables["sales"]["item"] == "ebike"]
    assert f"{sales['demand'].sum():,.0f} units are wanted" in said
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
