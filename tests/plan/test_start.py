"""What a plan decided in whole numbers is where another scenario's search begins, whatever its shape."""

import pytest

import planner
from planner.plan.start import DECIDED, decided
from planner.scenario.calendar import Calendar, parse_period
from tests.model.plants import BOUGHT, plant, table
from tests.model.random_scenarios import random_scenario

TINY = 1e-3  # seconds, over before the model is built


def orders(**cells):
    """8 wanted in each of three months, at 10 each and 20 an order."""
    sourcing = table("item supplier site unit_cost order_cost", ("bike", "arvo", "plant", 10, 20))
    return plant([8, 8, 8], sourcing=[{**row, **cells} for row in sourcing])


def reached(plan):
    """Its passes in order: what each came to."""
    return [step.objective for step in plan.passes]


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    folder = tmp_path_factory.mktemp("plan") / "base"
    planner.solve(orders()).save(folder)
    return planner.load_plan(folder)


def test_a_plan_that_a_time_limit_leaves_no_time_for_is_the_one_it_starts_from(saved):
    with pytest.raises(planner.NoPlanError):
        planner.solve(orders(unit_cost=9), time_limit=TINY)
    plan = planner.solve(orders(unit_cost=9), time_limit=TINY, start=saved)
    # the orders of the base, one unit of money less for each of 24 bikes
    assert plan.objective == pytest.approx(saved.objective - 24)


def test_a_start_of_another_shape_is_carried_over_by_key(saved):
    """A second item with orders of its own: those of the first stay, what is missing is rounded."""
    other = orders()
    wider = {**other, "items": [*other["items"], {"item": "trike"}],
             "sourcing": [*other["sourcing"], {**other["sourcing"][0], "item": "trike"}]}
    plan = planner.solve(wider, time_limit=TINY, start=saved)
    assert plan.objective == pytest.approx(saved.objective)


def test_numbers_that_are_no_longer_possible_are_repaired(saved):
    """The base orders three times or less often; with 8 a month at most it must be every month."""
    plan = planner.solve(orders(capacity=8), time_limit=TINY, start=saved)
    assert plan.tables["sourcing"]["purchased"].max() <= 8 + 1e-6


def test_periods_are_those_of_the_calendar_and_other_buckets_are_no_start(saved):
    weekly = Calendar(parse_period("2026-W01", bucket="week"), 3, "week")
    assert decided(saved, weekly) == {}
    later = Calendar(parse_period("2026-02", bucket="month"), 3, "month")
    assert list(decided(saved, later)["ordered"]["period"]) == [0, 1, 2]


def test_every_table_and_column_that_is_named_exists():
    plan = planner.solve(plant([5], sourcing=BOUGHT))
    for name, (where, column) in DECIDED.items():
        assert column in plan.tables[where].columns, name


RELAXED = {
    "more capacity": lambda row: {**row, "capacity": row.get("capacity", 50) * 2},
    "lower prices": lambda row: {**row, "unit_cost": row["unit_cost"] / 2},
}


@pytest.mark.parametrize("what", RELAXED)
@pytest.mark.parametrize("seed", [34])
def test_a_what_if_that_only_relaxes_is_never_worse_than_its_base(seed, what, tmp_path):
    records = random_scenario(seed)
    try:
        base = planner.solve(records)
    except planner.InfeasibleError:
        pytest.skip("no plan keeps this scenario's limits")
    base.save(tmp_path / "base")
    relaxed = {**records, "sourcing": [RELAXED[what](row) for row in records["sourcing"]]}
    plan = planner.solve(relaxed, time_limit=TINY, start=planner.load_plan(tmp_path / "base"))
    sign = -1 if base.mode == "profit" else 1
    assert [step.name for step in plan.passes] == [step.name for step in base.passes]
    for ours, theirs in zip(reached(plan), reached(base), strict=True):
        slack = 1e-5 * max(1.0, abs(theirs))
        assert sign * ours <= sign * theirs + slack
        if sign * ours < sign * theirs - slack:
            break
