"""Work that is counted instead of the clock."""

import json
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from generated_scenario import Size
from lumpy_scenario import lumpy_records

from planner.model import solve as solve_module
from planner.model.solver import effort, highs, run
from planner.model.solver.deadline import is_over, partway, seconds_left
from planner.model.solver.effort import PIVOT_AND_ROW, ROOT_AND_ENTRY, RUN, Limit, counted, current, now
from planner.plan.plan import Plan, make_plan
from planner.progress import Progress
from planner.scenario.load import load_scenario


def lumpy(**solver: Any) -> dict[str, Any]:
    """Enough lots and orders for every kind of search, and too many to be proven with a little effort."""
    size = Size(products=6, parts=3, plants=1, warehouses=1, markets=2, suppliers=2, periods=8)
    return {**lumpy_records(size), "solver": {"gap": 0.0, **solver}}


def made(monkeypatch: pytest.MonkeyPatch, *, speed: float, poll: float, **solver: Any) -> Plan:
    """The plan on a machine whose clock runs at another speed and that looks after HiGHS at other moments."""
    ticks = count()
    with monkeypatch.context() as patched:
        for module in (effort, highs, run, solve_module):
            patched.setattr(module, "perf_counter", lambda: speed * next(ticks))
        patched.setattr(run, "POLL_SECONDS", poll)
        return make_plan(load_scenario(lumpy(**solver)))


def written(plan: Plan, folder: Path) -> dict[str, bytes]:
    """Every file of the plan, its seconds left out."""
    plan.save(folder)
    files = {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    head = json.loads(files["plan.json"])
    return files | {"plan.json": json.dumps({**head, "seconds": None}).encode()}


def test_machines_of_other_speeds_make_the_same_plan_byte_for_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = made(monkeypatch, speed=3.0, poll=0.2, effort=1.0)
    quick = made(monkeypatch, speed=1e-6, poll=0.001, effort=1.0)
    assert slow.status == "effort_limit"
    assert 0 < (slow.gap or 0.0) < 1
    assert written(slow, tmp_path / "slow") == written(quick, tmp_path / "quick")


def test_the_clock_remains_a_limit_and_then_the_plan_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Progress] = []
    for module in (effort, solve_module):  # an hour has gone once there is a plan
        monkeypatch.setattr(module, "perf_counter", lambda: 3600.0 * any(known.best is not None for known in told))
    scenario = load_scenario(lumpy(effort=1000.0, time_limit=60.0))
    plan = make_plan(scenario, progress=told.append)
    assert plan.status == "time_limit"
    assert plan.settings["solver"]["effort"] == 1000.0


def test_an_effort_that_is_enough_ends_with_the_proof() -> None:
    assert make_plan(load_scenario(lumpy(gap=0.3, effort=60.0))).status == "optimal"


def test_where_work_is_counted_the_clock_stands_still_between_runs() -> None:
    with counted(30.0, until=None) as work:
        assert work is not None
        assert (now(), seconds_left(30.0), partway(30.0, 0.5)) == (0.0, 30.0, 15.0)
        work.spent += 30.0
        assert is_over(30.0)
    assert current() is None


def test_an_effort_is_over_when_the_clock_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(effort, "perf_counter", lambda: 100.0)
    with counted(30.0, until=90.0) as work:
        assert work is not None
        assert (seconds_left(30.0), work.clock_ended) == (0.0, True)
    with counted(30.0, until=110.0) as work:
        assert work is not None
        assert (seconds_left(30.0), work.clock_ended) == (30.0, False)


def test_a_run_costs_its_pivots_and_a_search_at_least_its_looks() -> None:
    limit = Limit(rows=1000, entries=4000, seconds=1.0)
    assert limit.of_pivot == pytest.approx(PIVOT_AND_ROW * 1000 * 1.02)  # a fiftieth of 50,000 rows
    assert limit.spent(pivots=200, interior_steps=0) == pytest.approx(RUN + 200 * limit.of_pivot)
    assert limit.pivots(10**9) == int(1.0 / limit.of_pivot)
    looks = next(number for number in count(1) if limit.look(nodes=0))
    assert looks * ROOT_AND_ENTRY * 4000 == pytest.approx(1.0, rel=0.05)
    assert limit.spent(pivots=0, interior_steps=0) >= 1.0


def test_a_pivot_costs_more_than_in_proportion_to_its_rows() -> None:
    small, large = (Limit(rows, entries=4 * rows, seconds=None) for rows in (10_000, 90_000))
    # 9 times the rows, each at (1 + 1.8) / (1 + .2) times as much
    assert large.of_pivot / small.of_pivot == pytest.approx(9 * 2.8 / 1.2)
