"""The gap report: what is missing of a target is missing demand or missing supply, and sums agree everywhere."""

import io
from pathlib import Path

import pandas as pd
import pytest
from rich.console import Console
from shortage import shop

from planner.plan.gaps import Gaps, gaps
from planner.plan.plan import Plan, make_plan
from planner.report.terminal.results import gap_result
from planner.scenario.load import load_scenario


@pytest.fixture(scope="module")
def report() -> Gaps:
    return gaps(make_plan(load_scenario(shop())))


def row(table: pd.DataFrame, **keys: object) -> pd.Series:
    for name, value in keys.items():
        table = table[table[name] == value]
    assert len(table) == 1
    return table.iloc[0]


def test_what_a_target_asks_beyond_demand_is_for_sales_and_the_rest_for_operations(report: Gaps) -> None:
    quarter = row(report.targets, target="quarter")

    # 400 asked for, customers want 380, 3 x 110 hours make 330
    assert quarter["missing_demand"] == pytest.approx(20)
    assert quarter["missing_supply"] == pytest.approx(50)
    assert quarter["shortfall"] == pytest.approx(70)


def test_a_met_target_misses_nothing(report: Gaps) -> None:
    parts = row(report.targets, target="parts")

    assert parts[["shortfall", "missing_demand", "missing_supply"]].abs().max() == pytest.approx(0, abs=1e-6)


def test_cells_add_up_to_their_target(report: Gaps) -> None:
    added = report.cells.groupby("target")[["quantity", "missing_demand", "missing_supply", "delivered"]].sum()

    for target, amounts in added.iterrows():
        whole = row(report.targets, target=target)
        for name in added.columns:
            assert amounts[name] == pytest.approx(whole[name])


def test_supply_adds_up_to_the_sales_table(report: Gaps) -> None:
    sales = report.plan.tables["sales"]

    for name in ("demand", "delivered_on_time", "delivered_late", "lost", "revenue"):
        assert report.supply[name].sum() == pytest.approx(sales[name].sum())
    # 30 bikes at 500 in February
    assert row(report.supply, family="bikes", period=pd.Period("2026-02", "M"))["lost_revenue"] == pytest.approx(15_000)


def test_what_is_overdue_at_the_start_counts_as_demand_that_can_be_delivered() -> None:
    overdue = {"order": "o-0", "customer": "acme", "item": "bike", "quantity": 5, "due": "2025-12", "priority": 1}
    found = gaps(make_plan(load_scenario(shop(booked_orders=[*shop()["booked_orders"], overdue]))))
    quarter = row(found.targets, target="quarter")

    # the order is part of the 380 that customers want: 375 in the quarter and 5 from before
    assert quarter["owed"] == pytest.approx(5)
    assert quarter["demand"] == pytest.approx(375)
    assert quarter["missing_demand"] == pytest.approx(20)
    assert quarter["delivered"] <= quarter["demand"] + quarter["owed"] + 1e-6


def test_sentences_say_who_can_close_a_gap(report: Gaps) -> None:
    assert [str(one) for one in report.statements] == [
        "1 of 2 sales targets are met.",
        "Target quarter of 400 units is missed by 70 units: 20 units are more than customers want, for sales to "
        "close, and 50 units are wanted and not delivered, for operations to close.",
        "Of a demand of 535 units, 75 are not delivered (27,000 EUR of revenue).",
    ]


def test_the_plan_gives_its_gaps(report: Gaps) -> None:
    plan: Plan = report.plan

    pd.testing.assert_frame_equal(plan.gaps().targets, report.targets)


def test_targets_that_miss_supply_are_named_with_what_closes_them(report: Gaps) -> None:
    console = Console(width=120, file=io.StringIO())
    console.print(gap_result(report, place=Path("my plans/one")))

    assert report.for_operations == ["quarter"]  # the other one is met
    assert "  planner remedies 'my plans/one' --target quarter\n" in console.file.getvalue()


def test_demand_that_is_delivered_late_is_not_called_missing() -> None:
    plan = make_plan(load_scenario(Path(__file__).parents[2] / "scenarios" / "red-tomato"))

    assert str(gaps(plan).statements[-1]) == "All demand of 16,000 units is delivered, 267 of it late."
