"""A row is changed in one period, and holds as before in all others."""

import pytest

import planner
from planner.plan.deciding.spans import in_one_period
from tests.model.plants import plant, table

ARVO = {"item": "bike", "supplier": "arvo", "site": "plant"}
ROWS = {
    "without a span": [(5, None, None, None)],
    "with a span around it": [(5, None, None, None), (7, 9, "2026-01", "2026-03")],
    "with a span of its own": [(5, None, None, None), (7, 9, "2026-02", "2026-02")],
    "with an open end": [(7, 9, "2026-02", None), (6, 8, "2026-01", "2026-01")],
}


@pytest.mark.parametrize("rows", ROWS)
def test_a_row_is_changed_in_its_period_only(rows: str) -> None:
    sourcing = table("item supplier site unit_cost capacity from to",
                     *(("bike", "arvo", "plant", *row) for row in ROWS[rows]))
    scenario = planner.load_scenario(plant([1, 1, 1, 1], sourcing=sourcing))
    change = in_one_period(scenario, "sourcing", ARVO, period=2, values={"capacity": 3.0})
    before = scenario.by_period("sourcing").set_index("period")
    after = scenario.changed(change).by_period("sourcing").set_index("period")
    at = scenario.calendar.index[1]
    assert after.loc[at, "capacity"] == 3
    assert after.loc[at, "unit_cost"] == before.loc[at, "unit_cost"]
    columns = ["unit_cost", "capacity", "lead_time"]
    others = [period for period in before.index if period != at]
    assert after.loc[others, columns].sort_index().equals(before.loc[others, columns].sort_index())


def test_an_opening_state_stays_where_it_is() -> None:
    pools = table("site labor_pool headcount hours_per_worker", ("plant", "crew", 4, 10))
    scenario = planner.load_scenario(plant([1, 1], labor_pools=pools))
    changed = scenario.changed(in_one_period(
        scenario, "labor_pools", {"site": "plant", "labor_pool": "crew"}, period=1, values={"max_hires": 0.0}))
    assert changed.states("labor_pools")["headcount"].tolist() == [4]
    assert changed.by_period("labor_pools")["max_hires"].fillna(-1).tolist() == [0, -1]
