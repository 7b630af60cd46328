"""What a plan decided in whole numbers is where another scenario's search begins, whatever its shape."""

import json
from pathlib import Path

import pandas as pd
import pytest

import planner
from planner.demand.demand import make_demand
from planner.model.objective import goals
from planner.model.solve import built
from planner.model.solver.in_order import relaxed_in_order, with_numbers
from planner.model.solver.matrix import open_session
from planner.model.solver.slope_scaling import roundings
from planner.plan.start import DECIDED, decided, start_among
from planner.scenario.calendar import Calendar, parse_period
from tests.model.plants import BOUGHT, plant, table
from tests.model.random_scenarios import random_scenario

TINY = 1e-3  # seconds, over before the model is built
ROOT = Path(__file__).parents[2]
LOTS = ROOT / "scenarios" / "lots"
SAUCES = ROOT.parent / "shared" / "cases" / "nordgarten" / "nordgarten"  # 52 weeks, whole workers, lots


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


def doubled(column, factor):
    """The records with every filled-in figure of a column of the sources multiplied."""
    return lambda records: {**records, "sourcing": [
        {**row, column: row[column] * factor} if row.get(column) is not None else row for row in records["sourcing"]]}


def written(records, folder):
    """The records as a folder of scenario.yaml and CSV files."""
    folder.mkdir()
    tables = {name: rows for name, rows in records.items() if isinstance(rows, list)}
    for name, rows in tables.items():
        pd.DataFrame(rows).to_csv(folder / f"{name}.csv", index=False)
    head = {name: cells for name, cells in records.items() if name not in tables}
    (folder / "scenario.yaml").write_text(json.dumps(head), encoding="utf-8")


def test_a_what_if_under_a_limit_begins_at_the_plan_of_its_nearest_base(tmp_path):
    written(orders(), tmp_path / "base")
    for name, base in (("dear", "../base"), ("dearer", "../dear")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "scenario.yaml").write_text(f"name: {name}\nbase: {base}\n", encoding="utf-8")
    base = planner.solve(tmp_path / "base")
    other = planner.solve(orders())
    dearer = planner.load_scenario(tmp_path / "dearer")
    limited = dearer.changed({"settings": {"solver": {"effort": 5}}})
    assert start_among([other, base], limited) is base
    assert start_among([other, base, dear := planner.solve(tmp_path / "dear")], limited) is dear
    assert start_among([other], limited) is None
    assert start_among([base], dearer) is None  # nothing ends its search


RELAXED = {"more capacity": doubled("capacity", 2), "lower prices": doubled("unit_cost", 0.5)}


def assert_never_worse(plan, base):
    """By the first goal by which the two differ, the plan is better."""
    sign = -1 if base.mode == "profit" else 1
    assert [step.name for step in plan.passes] == [step.name for step in base.passes]
    for ours, theirs in zip(reached(plan), reached(base), strict=True):
        slack = 1e-5 * max(1.0, abs(theirs))
        assert sign * ours <= sign * theirs + slack
        if sign * ours < sign * theirs - slack:
            return


# together: price tiers of both kinds, minimum shipments, orders, lots, setups, vehicles, options, workers
@pytest.mark.parametrize("seed", [3, 4, 5, 13, 16, 34])
def test_a_what_if_that_only_relaxes_is_never_worse_than_its_base(seed, tmp_path):
    records = random_scenario(seed)
    base = planner.solve(records)
    base.save(tmp_path / "base")
    for relaxed in RELAXED.values():
        plan = planner.solve(relaxed(records), time_limit=TINY, start=planner.load_plan(tmp_path / "base"))
        assert_never_worse(plan, base)


def small(place, **solver):
    """The scenario with little work to search with."""
    return planner.load_scenario(place).changed({"settings": {"solver": {"time_limit": None, **solver}}})


@pytest.fixture(scope="module")
def lots():
    return planner.solve(small(LOTS, effort=1.0))


@pytest.mark.parametrize(("table_name", "column", "factor"), [
    ("sourcing", "unit_cost", 0.9), ("sourcing", "moq", 0.5)])
def test_with_hardly_any_work_a_what_if_of_lots_is_never_worse_than_its_base(table_name, column, factor, lots):
    scenario = small(LOTS, effort=0.01)
    relaxed = scenario.changed({table_name: [{"where": {}, "multiply": {column: factor}}]})
    assert_never_worse(planner.solve(relaxed, start=lots), lots)


@pytest.fixture(scope="module")
def sauces():
    if not SAUCES.exists():
        pytest.skip(f"no case at {SAUCES}")
    return planner.solve(small(SAUCES, effort=20.0))


@pytest.mark.parametrize("what", ["wi-copak", "wi-copak-smooth"])
def test_with_hardly_any_work_a_large_what_if_is_never_worse_than_its_base(what, sauces):
    """Twice the capacity at a lower price, with and without whole numbers."""
    plan = planner.solve(small(SAUCES.parent / what, effort=0.01), start=sauces)
    assert_never_worse(plan, sauces)


@pytest.mark.parametrize("seed", [13, 34])
def test_with_little_work_a_plan_is_no_worse_than_a_rounding_and_than_doing_nothing(seed):
    scenario = small(random_scenario(seed), effort=0.6)
    demand = make_demand(scenario)
    compiled = built(scenario, demand)
    ranked = goals(compiled.model, compiled.layout, compiled.costs)
    session = open_session(compiled)
    linear = relaxed_in_order(session, ranked, deadline=None)
    nothing, *rounded = (with_numbers(session, ranked, numbers, deadline=None)
                         for numbers in (compiled.lower, *roundings(compiled, linear.values)))
    first = next(values for values in rounded if values is not None)  # of those that a plan can have
    plan = planner.solve(scenario, demand)
    ours = [goal.value(plan.warm_start.values) for goal in ranked]
    for values in (nothing, first):
        theirs = [goal.value(values) for goal in ranked]
        differ = [(a, b) for a, b in zip(ours, theirs, strict=True) if abs(a - b) > 1e-5 * max(1, abs(b))]
        assert not differ or differ[0][0] < differ[0][1]
