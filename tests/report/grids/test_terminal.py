"""Grids in a terminal: within the window, each figure once, and readable without color."""

from typing import Any

import pytest
from rich.console import Console

from planner.report.grids import Grid, chosen_grids, make_grid, make_sheets
from planner.report.grids.terminal import grid_result
from tests.report.examples import example_plan, small_plan
from tests.report.grids.plans import bicycle_plan


def written(grids: list[Grid], width: int, **looks: Any) -> str:
    console = Console(width=width, highlight=False, **{"no_color": True, **looks})
    with console.capture() as captured:
        console.print(grid_result(grids))
    return captured.get()


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("bucket", ["month", "week"])
def test_no_line_is_longer_than_the_window_and_every_period_stands_once(width: int, bucket: str) -> None:
    plan = example_plan(periods=18, bucket=bucket)
    for grid in (grid for grid in (*chosen_grids(plan), *make_sheets(plan)) if grid.lines):
        lines = written([grid], width).splitlines()

        assert max(map(len, lines)) <= width
        assert [sum(label in line for line in lines) for label in grid.periods] == [1] * len(grid.periods)


def test_a_grid_names_each_name_once_and_its_unit_in_the_title() -> None:
    assert written([make_grid(bicycle_plan(), "crew")], 80).splitlines() == [
        "Crew and hires by labor pool, in workers",
        "labor pool           2026-01  2026-02  2026-03  2026-04    total",
        "crew (lyon)  before        4        4        5        5        4",
        "             hired         0        1        0        0        1",
        "             crew          4        5        5        5        5",
    ]


def test_what_is_missing_has_a_sign_where_there_is_no_color_and_is_red_where_there_is() -> None:
    grid = make_grid(bicycle_plan(), "stock", only={"item": "city"})

    assert "closing stock       40       20       0!       2!        2" in written([grid], 80)
    assert "! something is missing." in written([grid], 80)
    colored = written([grid], 80, no_color=False, force_terminal=True, color_system="standard")
    assert "\x1b[31m       0!\x1b[0m" in colored


def test_money_is_in_thousands_where_it_is_large() -> None:
    grid = make_grid(example_plan(periods=3), "money")

    assert "Money by cost, in thousand EUR" in written([grid], 80)


def test_a_grid_without_lines_says_so() -> None:
    assert written([make_grid(small_plan(tables={}), "purchases")], 80) == "Purchases\n  nothing to show\n"


def test_a_unit_in_a_column_says_that_money_is_in_thousands() -> None:
    plan = bicycle_plan(sales=bicycle_plan().tables["sales"].assign(revenue=3e6))
    lines = written(make_sheets(plan), 120).splitlines()

    assert next(line for line in lines if "revenue " in line).split()[:4] == ["Money", "revenue", "thousand", "EUR"]
