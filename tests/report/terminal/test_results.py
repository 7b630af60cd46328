"""What stands in a terminal or a pipe."""

import re

import numpy as np
import pandas as pd
import pytest

from planner.demand.demand import Demand
from planner.plan.comparison.compare import compare
from planner.report.terminal import results as terminal
from planner.report.terminal.comparison import comparison_result
from planner.report.terminal.parts import PIPE_WIDTH, show
from tests.report.examples import empty_tables, example_plan, rows, small_plan


def shown(result: terminal.RenderableType, capsys: pytest.CaptureFixture[str]) -> str:
    show(result)
    return capsys.readouterr().out


def test_a_pipe_gets_plain_lines_of_a_fixed_width(capsys: pytest.CaptureFixture[str]) -> None:
    text = shown(terminal.plan_result(example_plan()), capsys)
    assert "\x1b" not in text
    assert max(len(line) for line in text.splitlines()) <= PIPE_WIDTH
    assert not [line for line in text.splitlines() if line != line.rstrip()]


def test_a_plan_says_what_is_met_short_spent_full_and_proven(capsys: pytest.CaptureFixture[str]) -> None:
    text = shown(terminal.plan_result(example_plan()), capsys)
    titles = [
        "Sales targets",
        "Shortages, the worst 8 of 20",
        "Costs",
        "Load against capacity",
        "Objectives, in order",
    ]
    assert [title for title in titles if re.search(rf"^{title}$", text, re.MULTILINE)] == titles
    assert "optimal: best achievable service, at the lowest cost for that service" in text


def test_costs_and_their_shares_stand_in_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    costs = rows("costs", {"cost": "purchase", "amount": 300.0}, {"cost": "freight", "amount": 100.0})
    text = shown(terminal.plan_result(small_plan(tables={"costs": costs})), capsys)
    lines = [line.split() for line in text.splitlines()]
    assert [line for line in lines if line[:1] in (["Purchase"], ["Freight"], ["Total"])] == [
        ["Purchase", "300", "75.0%"], ["Freight", "100", "25.0%"], ["Total", "400"]]


def test_a_long_sentence_goes_on_below_its_first_line(capsys: pytest.CaptureFixture[str]) -> None:
    lost = {"item": "bike", "market": "north", "demand": 2.0, "lost": 2.0}
    targets = rows(
        "targets",
        {"target": "a target with a long name " * 5, "measure": "units", "quantity": 9.0, "shortfall": 9.0},
    )
    text = shown(
        terminal.plan_result(small_plan(tables={"sales": rows("sales", lost), "targets": targets})), capsys
    )
    first = next(number for number, line in enumerate(text.splitlines()) if "sales target" in line)
    assert [line[:2] == "  " and line[2] != " " for line in text.splitlines()[first : first + 2]] == [
        True,
        True,
    ]


def test_an_empty_plan_has_no_empty_tables(capsys: pytest.CaptureFixture[str]) -> None:
    text = shown(terminal.plan_result(example_plan(tables=empty_tables(), passes=())), capsys)
    assert "There is no demand." in text
    assert "Costs" not in text


def test_names_are_neither_markup_nor_terminal_commands(capsys: pytest.CaptureFixture[str]) -> None:
    name = "[bold]bike[/bold] [link=x]\x1b[31m"
    sales = rows("sales", {"item": name, "market": "north", "demand": 2.0, "lost": 2.0})
    text = shown(terminal.plan_result(small_plan(name=name, tables={"sales": sales})), capsys)
    assert text.count("[bold]bike[/bold] [link=x] [31m") == 2
    assert "\x1b" not in text


def test_a_comparison_says_how_far_each_plan_is_from_the_first(capsys: pytest.CaptureFixture[str]) -> None:
    plans = [example_plan(), example_plan("Second shift", extra=0.12)]
    text = shown(comparison_result(compare(plans), currency="EUR"), capsys)
    assert "Win rate" not in text  # the past is the same whatever is planned
    assert re.search(r"^Order fill rate +% +\d+\.\d +\d+\.\d  \+\d+\.\d better$", text, re.MULTILINE)
    assert "Where Second shift parts from Baseline" in text


def test_the_pipeline_stands_with_its_intervals(capsys: pytest.CaptureFixture[str]) -> None:
    kpis = pd.DataFrame([("conversion_rate", "offer", None, 0.5, 0.25, 0.75, 8, "0 to 1"),
                         ("conversion_rate", "offer", "fair", 0.9, 0.8, 0.95, 7, "0 to 1"),
                         ("win_rate", None, "fair", 0.4, 0.3, 0.5, 99, "0 to 1"),
                         ("sales_cycle", None, None, 80.0, np.nan, np.nan, 1, "days")],
                        columns=["kpi", "stage", "lead_source", "value", "low", "high", "count", "unit"])
    january = pd.period_range("2026-01", periods=1)
    ledger = pd.DataFrame({"item": ["bike"], "period": january, "origin": ["user"], "quantity": [4.0]})
    text = shown(terminal.demand_result(Demand(ledger, ledger, pd.DataFrame(), pipeline_kpis=kpis)), capsys)
    lines = [line.split() for line in text.splitlines()]
    assert ["conversion", "rate", "offer", "50.0", "%", "25.0", "75.0", "8"] in lines
    assert ["win", "rate", "fair", "40.0", "%", "30.0", "50.0", "99"] in lines
    assert ["sales", "cycle", "all", "80", "days", "–", "–", "1"] in lines
    assert "90.0" not in text  # a stage by source is in the file


def test_a_forecast_of_thousands_of_items_still_fits_a_screen(capsys: pytest.CaptureFixture[str]) -> None:
    january = pd.PeriodIndex(["2026-01"] * 30, freq="M")
    ledger = pd.DataFrame({"item": [f"item-{place:02d}" for place in range(30)], "period": january,
                           "origin": "baseline", "quantity": [float(place) for place in range(30)]})
    text = shown(terminal.demand_result(Demand(ledger, ledger, pd.DataFrame())), capsys)
    assert "item-29" in text and "item-10" in text and "item-09" not in text
    assert re.search(r"^10 more items +45 +45$", text, re.MULTILINE)  # 0 + 1 + ... + 9
    assert re.search(r"^all items +435 +435$", text, re.MULTILINE)
