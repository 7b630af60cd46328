"""Other figures become overrides that change those figures and nothing else."""

import pandas as pd
import pytest

import planner
from planner.scenario.whatif.other_figures import NewFigure, overrides_of
from tests.model.plants import month, plant, table

POOL = (("labor_pool", "crew"), ("site", "plant"))
BASE = plant(
    [1] * 6, routings=table("item site routing", ("bike", "plant", "line")),
    labor_pools=table("site labor_pool headcount hours_per_worker wage max_headcount from to",
                      ("plant", "crew", 5, 100, 10, 8, None, None),
                      ("plant", "crew", None, 90, 12, 9, month(2), month(4))),
    work_centers=table("site work_center available_hours", ("plant", "saw", 10)),
    capacity=table("site work_center period available_hours", ("plant", "saw", month(2), 7)))


@pytest.fixture(scope="module")
def scenario():
    return planner.load_scenario(BASE)


def figures(scenario, table_name, column):
    rows = scenario.by_period(table_name)
    return dict(zip(rows["period"].astype(str), rows[column], strict=True))


def test_a_figure_within_a_span_leaves_the_rest_of_the_span_as_it_was(scenario):
    new = [NewFigure("labor_pools", POOL, "max_headcount", 11, period=3)]
    changed = scenario.changed(overrides_of(scenario, new))
    assert figures(changed, "labor_pools", "max_headcount") == {
        month(1): 8, month(2): 9, month(3): 11, month(4): 9, month(5): 8, month(6): 8}
    for column in ("wage", "hours_per_worker"):
        assert figures(changed, "labor_pools", column) == figures(scenario, "labor_pools", column)
    assert changed.states("labor_pools")["headcount"].tolist() == [5]


def test_figures_outside_any_span_get_one_for_each_run(scenario):
    new = [NewFigure("labor_pools", POOL, "max_headcount", 10, period=period) for period in (5, 6)]
    steps = overrides_of(scenario, new)["labor_pools"]
    assert [(step["add"]["from"], step["add"]["to"]) for step in steps] == [(month(5), month(6))]
    changed = scenario.changed({"labor_pools": steps})
    assert figures(changed, "labor_pools", "max_headcount")[month(6)] == 10
    assert figures(changed, "labor_pools", "wage") == figures(scenario, "labor_pools", "wage")


def test_a_period_that_has_a_row_is_set_and_one_that_has_none_is_added(scenario):
    key = (("site", "plant"), ("work_center", "saw"))
    new = [NewFigure("capacity", key, "available_hours", 9.5, period=2),
           NewFigure("capacity", key, "overtime_hours", 4, period=3)]
    steps = overrides_of(scenario, new)["capacity"]
    assert [next(iter(step)) for step in steps] == ["where", "add"]
    rows = scenario.changed({"capacity": steps})["capacity"].set_index("period")
    assert rows.loc[pd.Period(month(2), "M"), "available_hours"] == 9.5
    assert rows.loc[pd.Period(month(3), "M"), "overtime_hours"] == 4
    assert pd.isna(rows.loc[pd.Period(month(3), "M"), "available_hours"])
