"""A pegging in a terminal."""

import pytest
from rich.console import Console

import planner
from planner.plan.pegging import Pegging
from planner.report.terminal import pegging as terminal_pegging
from tests.plan.pegging.test_pegged import MADE_AHEAD


@pytest.fixture(scope="module")
def pegging() -> Pegging:
    return planner.solve(planner.load_scenario(MADE_AHEAD)).pegging()


def shown(result: object) -> list[str]:
    console = Console(width=120, no_color=True)
    with console.capture() as captured:
        console.print(result)
    return [" ".join(line.split()) for line in captured.get().splitlines()]


def test_what_serves_is_told_level_by_level(pegging: Pegging) -> None:
    lines = shown(terminal_pegging.served_result(pegging, pegging.serving(period="2026-02"), {"period": "2026-02"}))
    assert lines[0] == "Period 2026-02: what serves it"
    assert "0 bike made on line at plant 2026-01 5 50" in lines
    assert "0 bike kept in stock at plant 2026-01 to 2026-02 4 4" in lines
    assert "1 frame bought from arvo for plant 2026-02 20 100" in lines


def test_landed_costs_stand_by_item_and_what_ends_where(pegging: Pegging) -> None:
    lines = shown(terminal_pegging.landed_result(pegging))
    # 404 for 16 bikes: production and purchase 200 each
    assert "bike 16 25.25 12.50 12.50 0.25 0.00" in lines
    assert "in what is delivered 404 100.0%" in lines


def test_what_depends_stands_by_item_and_market(pegging: Pegging) -> None:
    lines = shown(terminal_pegging.dependents_result(
        pegging, pegging.depending(supplier="arvo"), {"supplier": "arvo"}))
    assert lines[0] == "Supplier arvo: what depends on it"
    assert "bike north 40 16 0 0" in lines
