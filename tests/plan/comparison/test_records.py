"""The tables of a comparison hold what the plans hold, and add up."""

from dataclasses import replace

import pandas as pd
import pytest

from planner.plan.comparison.compare import Comparison, compare
from planner.plan.comparison.layout import COMPARISON_TABLES
from planner.plan.plan import Plan, make_plan
from planner.scenario.load import load_scenario
from tests.model.plants import plant, table

# North wants 30 bikes a month. Lyon makes 20 a month and Gyor 20; in the other plan Lyon's line stands still in May.
TWO_PLANTS = plant(
    [30] * 6, mode="targets_first",
    items=table("item family price standard_cost", ("bike", "bikes", 100, 50)),
    sites=table("site", ("lyon",), ("gyor",)),
    sourcing=[],
    routings=table("item site routing unit_cost", ("bike", "lyon", "line", 10), ("bike", "gyor", "line", 12)),
    routing_steps=table("item site routing work_center hours_per_unit",
                        ("bike", "lyon", "line", "saw", 1), ("bike", "gyor", "line", "saw", 1)),
    work_centers=table("site work_center available_hours hour_cost", ("lyon", "saw", 20, 1), ("gyor", "saw", 20, 1)),
    lanes=table("origin destination mode unit_cost", ("lyon", "north", "truck", 2), ("gyor", "north", "truck", 2)),
    inventory=table("item site holding_cost", ("bike", "lyon", 5), ("bike", "gyor", 5)),
    sales_targets=table("target measure quantity", ("year", "units", 180)))


@pytest.fixture(scope="module")
def pair() -> Comparison:
    base = load_scenario({**TWO_PLANTS, "name": "Both run"})
    stop = base.changed({"capacity": [{"add": {"site": "lyon", "work_center": "saw", "period": "2026-05",
                                              "available_hours": 10}}]}, name="Stop in May")
    return compare([make_plan(base), make_plan(stop)])


def test_every_table_has_the_columns_that_are_declared(pair: Comparison) -> None:
    for name in ("service", "targets", "utilization", "customers", "bridge", "moves"):
        assert list(pair.frames[name].columns) == COMPARISON_TABLES[name].names


def test_production_that_moves_is_told_with_its_places_and_month(pair: Comparison) -> None:
    # Lyon makes 20 of 30 a month at 13, Gyor 10 at 15; with 10 hours in May Lyon makes 10 and Gyor 20
    moves = pair.moves.set_index("area")

    assert moves.loc["production", "text"] == "Production of bike: 10 units move from Lyon to Gyor, 2026-05."
    assert moves.loc["delivery", "text"] == "Shipments to North: 10 units move from Lyon to Gyor, 2026-05."
    assert moves.loc["production", "weight"] == pytest.approx(10 / 180)
    assert set(moves.index) == {"production", "delivery"}


def test_the_bridge_adds_up_from_margin_to_margin(pair: Comparison) -> None:
    bridge = pair.bridge.set_index("term")["amount"]

    steps = bridge.drop(["margin of the first plan", "margin of the plan"])
    assert bridge["margin of the plan"] - bridge["margin of the first plan"] == pytest.approx(steps.sum())
    assert steps.to_dict() == pytest.approx({"revenue": 0, "production": -10 * (12 - 10)})
    assert bridge["margin of the plan"] == pytest.approx(pair.plans[1].kpis["margin"])


def test_service_by_family_adds_up_to_the_plan(pair: Comparison, plan: Plan) -> None:
    found = compare([plan, replace(plan, name="Other")]).service
    sales = plan.tables["sales"]

    added = found[found["plan"] == "Bicycles"][["demand", "on_time", "late", "lost"]].sum()
    columns = ["demand", "delivered_on_time", "delivered_late", "lost"]
    assert added.tolist() == pytest.approx(sales[columns].sum().tolist())
    assert pair.service["fill_rate"].tolist() == pytest.approx([1.0] * 12)


def test_utilization_is_of_the_hours_that_there_are(pair: Comparison) -> None:
    lyon = pair.utilization[pair.utilization["site"] == "lyon"].set_index("plan")

    assert lyon["average"].to_dict() == {"Both run": 1.0, "Stop in May": 1.0}
    assert lyon["capacity"].to_dict() == {"Both run": 120.0, "Stop in May": 110.0}
    assert lyon["full"].to_dict() == {"Both run": 6, "Stop in May": 6}


def test_customers_who_are_served_in_full_are_not_listed(pair: Comparison, plan: Plan) -> None:
    assert pair.customers.empty
    sales = plan.tables["fulfillment"]
    lost = sales.assign(lost=sales["lost"].where(sales.index != 0, 4.0))
    other = replace(plan, name="Other", tables={**plan.tables, "fulfillment": lost})

    found = compare([plan, other]).customers

    worse = found.pivot_table(index=["customer", "market", "demand_class"], columns="plan", values="lost")
    apart = worse["Other"] - worse["Bicycles"]
    assert apart.max() == pytest.approx(4.0 - sales["lost"].iloc[0])


def test_figures_of_the_past_stand_only_where_they_differ(plan: Plan) -> None:
    row = pd.DataFrame([{"kpi": "win_rate", "value": 0.4, "unit": "0 to 1", "side": "sales", "better": "higher",
                         "meaning": "Won."}])
    one = replace(plan, kpi_table=pd.concat([plan.kpi_table, row], ignore_index=True))
    other = replace(one, name="Other", kpi_table=one.kpi_table.assign(
        value=one.kpi_table["value"].mask(one.kpi_table["kpi"] == "win_rate", 0.5)))

    assert "win_rate" in set(compare([one]).kpis["kpi"])
    assert "win_rate" not in set(compare([one, replace(one, name="Same")]).kpis["kpi"])
    assert "win_rate" in set(compare([one, other]).kpis["kpi"])
