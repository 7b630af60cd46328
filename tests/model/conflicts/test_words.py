"""What an infeasible scenario says: sentences with places, figures and costs, and what was not found out."""

import pytest

from planner.errors import InfeasibleError
from planner.model.conflicts import explained
from tests.model.plants import MADE, month, plant, solve, table

FULL = table("item site on_hand max_inventory", ("bike", "plant", 9, 5))


def error_of(scenario: object) -> InfeasibleError:
    with pytest.raises(InfeasibleError) as caught:
        solve(scenario)  # type: ignore[arg-type]
    return caught.value


def test_each_figure_stands_with_its_place_what_would_do_and_what_the_plan_then_costs() -> None:
    # 6 of 10 are promised, 2 hours make 4. An hour costs 7 with overtime, a bike 10 and a lost one 100.
    error = error_of(plant(
        [10], routings=MADE, service_terms=table("lost_sale_cost min_fill_rate", (100, 0.6)),
        routing_steps=table("item site routing work_center hours_per_unit", ("bike", "plant", "line", "weld", 0.5)),
        work_centers=table("site work_center available_hours overtime_hour_cost", ("plant", "weld", 2, 7))))
    assert error.exit_code == 3
    assert str(error).splitlines() == [
        "no plan satisfies every hard limit: one of these 3 figures has to change",
        # 6 made at 10, 4 lost
        "  available hours of work center Weld at Plant, 2026-01 (work_centers row 1, available_hours = 2): 3 hours or more "
        "would do; the plan then costs 460 EUR",
        "  maximum overtime of work center Weld at Plant, 2026-01 (work_centers row 1, overtime_hours = blank, which is 0): "
        "1 hour or more would do; the plan then costs 467 EUR",
        # 4 made, 6 lost
        "  minimum fill rate of bike in North (forecast, priority 5) (service_terms row 1, min_fill_rate = 0.6): 0.4 or less "
        "would do; the plan then costs 640 EUR",
        "  cheapest: available hours of work center Weld at Plant, 2026-01, 3 hours or more"]
    (conflict,) = error.conflicts
    assert [(member.cost, member.is_cheapest) for member in conflict.members] == [(460, True), (467, False), (640, False)]


def test_conflicts_that_have_nothing_to_do_with_each_other_are_counted_and_the_plan_has_the_others_solved() -> None:
    # Of two items 2 more are there than may stay, which costs nothing; the third is made by nobody.
    error = error_of(plant(
        periods=1, items=table("item", ("bike",), ("frame",)),
        inventory=table("item site on_hand max_inventory holding_cost", ("bike", "plant", 9, 7, 1), ("frame", "plant", 8, 6, 2))))
    lines = str(error).splitlines()
    assert lines[0] == "no plan satisfies every hard limit: there are 2 conflicts, and one figure of each has to change"
    assert [line for line in lines if "conflict " in line] == ["  conflict 1 of 2", "  conflict 2 of 2"]
    # 7 bikes and 8 frames, or 9 and 6, or as many as there are: 9 + 2 x 8
    costs = [sorted(member.cost or 0 for member in conflict.members) for conflict in error.conflicts]
    assert sorted(costs) == [[21, 25], [23, 25]]


def test_in_profit_a_plan_is_told_by_what_it_earns() -> None:
    error = error_of(plant([9], mode="profit", inventory=table("item site ending_inventory", ("bike", "plant", 3)),
                           sourcing=table("item supplier site unit_cost capacity", ("bike", "arvo", "plant", 1, 2)),
                           items=table("item price", ("bike", 10))))
    assert "the plan then earns " in str(error) and "the plan then costs" not in str(error)


def test_without_time_the_message_says_what_was_not_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explained, "SECONDS", 0.0)
    error = error_of(plant([1], inventory=FULL))
    assert not error.conflicts[0].minimal and error.conflicts[0].members[0].enough is None
    assert "what it would have to be was not found out in time" in str(error)
    monkeypatch.undo()
    monkeypatch.setattr(explained, "MINIMUM_SECONDS_OF_COST", float("inf"))
    error = error_of(plant([1], inventory=FULL))
    assert "costs" not in str(error)
    assert "smallest change: maximum inventory of bike at Plant, 2026-01, 8 units or more" in str(error)


def test_the_row_of_the_period_and_the_line_of_an_override_are_named() -> None:
    spans = table("item site on_hand max_inventory from to", ("bike", "plant", 8, 9, None, None),
                  ("bike", "plant", None, 6, month(2), month(2)))
    assert "2026-02 (inventory row 2, max_inventory = 6): 8 units or more" in str(error_of(plant(periods=3, inventory=spans)))


def test_a_stock_that_is_too_full_at_first_is_no_problem_where_the_limit_starts_later() -> None:
    spans = table("item site on_hand max_inventory from to", ("bike", "plant", 9, None, None, None),
                  ("bike", "plant", None, 5, month(2), month(2)))
    assert solve(plant([2, 2], inventory=spans)).status == "optimal"


def test_the_file_and_row_are_those_in_which_a_spreadsheet_shows_it(tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "base").mkdir()
    (tmp_path / "base/scenario.yaml").write_text("name: Base\ncalendar: {start: 2026-01, periods: 1}\n")
    for name, text in {
        "items": "item\nbike\nframe\n", "sites": "site\nplant\n", "markets": "market\nnorth\n",
        "inventory": "item,site,on_hand,max_inventory\nframe,plant,1,\nbike,plant,9,5\n",
    }.items():
        (tmp_path / f"base/{name}.csv").write_text(text)
    (tmp_path / "what-if").mkdir()
    (tmp_path / "what-if/scenario.yaml").write_text(
        "name: What-if\nbase: ../base\noverrides:\n  inventory:\n    - where: {item: bike}\n      set: {max_inventory: 2}\n")
    told = {(member.rule, member.file, member.row, member.line, member.column)
            for member in error_of(tmp_path / "what-if").conflicts[0].members}
    assert told == {("max_inventory", "scenario.yaml", None, 6, "max_inventory"),
                    ("opening_inventory", "../base/inventory.csv", 3, None, "on_hand")}
