"""What stands in the pack beside the plans: the budget, a frontier, and what is priced by default."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import planner
from planner.errors import PlanError
from planner.plan.plan import Plan
from planner.report.pack import render_pack
from planner.report.papers import DEFAULT_PRICE, Papers, budget_for, priced_by_default
from planner.report.parts import Block, Plans, Table
from planner.report.sections.budget import budget_blocks
from tests.model.plants import plant, table
from tests.report.examples import rows, small_plan

Row = dict[str, Any]


def earning(name: str, *revenue: float, cost: float = 40.0, start: str = "2026-01", **changed: Any) -> Plan:
    """A plan that delivers one bike of family city for each revenue, month by month, at a cost each."""
    months = [str(month) for month in pd.period_range(start, periods=len(revenue), freq="M")]
    sold = [{"item": "bike", "market": "north", "period": month, "demand": 1.0, "delivered_on_time": 1.0,
             "price": amount, "revenue": amount} for month, amount in zip(months, revenue, strict=True)]
    spent = [{"cost": "production", "period": month, "amount": cost} for month in months]
    tables = {"sales": rows("sales", *sold), "costs": rows("costs", *spent),
              "items": rows("items", {"item": "bike", "family": "city", "standard_cost": 30.0})}
    plan = small_plan(name=name, tables=tables, **changed)
    calendar = {**plan.settings["calendar"], "start": start, "periods": len(revenue)}
    return replace(plan, settings={**plan.settings, "calendar": calendar})


def tables_of(plan: Plan, budget: Plan) -> list[Table]:
    comparison = planner.compare([plan])
    blocks: list[Block] = budget_blocks(Plans(comparison.plans, comparison, originals=(plan,), budget=budget))
    return [block.content for block in blocks if isinstance(block.content, Table)]


def figures(body: list[list[Any]]) -> list[list[str]]:
    return [[cell.text for cell in row] for row in body]


def test_budget_and_variance_stand_beside_the_plan_by_month_and_family() -> None:
    by_month, by_family = tables_of(earning("Now", 100, 200), earning("Annual", 110, 150, cost=50))
    bodies = {title: body for title, body in by_month.bodies}
    # 100 against 110 and 200 against 150; costs of 40 a month against 50
    assert figures(bodies["Revenue"]) == [["plan", "100", "200", "300"], ["budget", "110", "150", "260"],
                                          ["variance", "−10", "+50", "+40"]]
    assert figures(bodies["All costs"])[2] == ["variance", "−10", "−10", "−20"]
    assert figures(bodies["Margin"])[2] == ["variance", "=", "+60", "+60"]
    assert [cell.mark for cell in bodies["Revenue"][2]] == ["", "missing", "", ""]  # 9 % less than budgeted
    # two bikes at a standard cost of 30 each: 300 - 60 against 260 - 60
    assert figures(by_family.bodies[0][1]) == [["City", "300", "260", "+40", "240", "200", "+40"]]


def test_only_the_months_of_both_are_held_against_each_other() -> None:
    by_month, _ = tables_of(earning("Now", 100, 200, 300), earning("Annual", 7, 110, 150, start="2025-12"))
    assert list(by_month.headings) == ["Amount", "2026-01", "2026-02", "Total"]
    assert "Over 2026-01 to 2026-02, the 2 months that both cover." in by_month.note


def test_a_budget_in_another_currency_is_refused() -> None:
    with pytest.raises(PlanError, match="plans in EUR and USD cannot be compared"):
        budget_for(earning("Annual", 1, currency="USD"), [earning("Now", 1)])


def test_without_papers_none_of_their_parts_are_there() -> None:
    page = render_pack([earning("Now", 100, 200)])
    assert "Against the budget" not in page and "Cost against service" not in page


@pytest.fixture(scope="module")
def shop() -> planner.Scenario:
    """A need of 10 and 20 bikes, made for 10 each: the less is served, the less it costs."""
    return planner.load_scenario(plant([10, 20], mode="targets_first", routings=table(
        "item site routing unit_cost", ("bike", "plant", "line", 10))))


def test_a_small_plan_is_priced_by_default_and_no_other(shop: planner.Scenario) -> None:
    plan = planner.solve(shop)
    assert priced_by_default(plan) == DEFAULT_PRICE
    assert priced_by_default(replace(plan, status="time_limit")) == 0
    many = plan.tables["sales"].loc[plan.tables["sales"].index.repeat(2000)]
    assert priced_by_default(replace(plan, tables={**plan.tables, "sales": many})) == 0


def test_the_frontier_stands_in_the_pack_with_its_knee(shop: planner.Scenario) -> None:
    page = render_pack([planner.solve(shop)], papers=Papers(price=0, frontier="service"))
    assert "Cost against service" in page and "each solved as a whole plan." in page
    # the plan serves all, as the last point does: one label says both
    assert page.count(">base<") == 0 and page.count(">most (base)<") == 2  # wide, and for a phone


def test_the_command_takes_budget_and_frontier(tmp_path: Path, shop: planner.Scenario) -> None:
    from typer.testing import CliRunner

    from planner.cli.program import app

    planner.solve(shop).save(tmp_path / "now")
    asked = ["report", str(tmp_path / "now"), "--budget", str(tmp_path / "now"), "--price", "0"]
    page, book = str(tmp_path / "pack.html"), str(tmp_path / "pack.xlsx")
    assert CliRunner().invoke(app, [*asked, "--output", page]).exit_code == 0
    assert "Against the budget" in Path(page).read_text(encoding="utf-8")
    refused = CliRunner().invoke(app, [*asked, "--output", book])
    assert (refused.exit_code, "a workbook shows plans alone" in refused.stderr) == (2, True)
