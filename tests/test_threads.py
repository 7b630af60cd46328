"""Solves and forecasts in threads side by side, and work that is cancelled or whose watcher fails."""

import math
import os
import re
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from generated_scenario import Size
from lumpy_scenario import lumpy_records

import planner
from planner.model.solver.run import Run
from planner.model.solver.warm_start import SolverRun
from planner.progress import Progress
from tests.demand.shops import orders, shop
from tests.model.plants import plant, table

ROOT = Path(__file__).parents[1]
MOMENTS, PARTS = 50, 5


class After:
    """Is set from the n-th time on that it is asked: the same moment however fast the machine is."""

    def __init__(self, asked: float) -> None:
        self.left, self.asked = asked, 0

    def is_set(self) -> bool:
        self.asked += 1
        return self.asked > self.left


def tiny(number: int, **settings):
    """One line that cannot make all that is wanted, so that the plan shows which scenario it is of."""
    return planner.load_scenario({
        **plant([10 + number, 20, 5 * number],
                routings=table("item site routing unit_cost", ("bike", "plant", "line", 10 + number)),
                routing_steps=table("item site routing work_center hours_per_unit", ("bike", "plant", "line", "weld", 1)),
                work_centers=table("site work_center available_hours overtime_hours overtime_hour_cost",
                                   ("plant", "weld", 12 + number, 2, 7))),
        **settings,
    })


def lots():
    """Small, with every phase of a search: slope scaling, rounding, windows, cutting planes, branch and bound."""
    size = Size(products=5, parts=3, plants=1, warehouses=1, markets=1, suppliers=1, periods=6)
    return planner.load_scenario({**lumpy_records(size), "objective": {"mode": "targets_first"},
                                  "solver": {"gap": 0.4, "time_limit": 600}})


def same(one: planner.Plan, other: planner.Plan) -> bool:
    return one.passes[-1].objective == other.passes[-1].objective and all(
        frame.equals(other.tables[name]) for name, frame in one.tables.items()
    )


def shops():
    """Eight shops whose forecasts differ."""
    return [shop(periods=3, order_history=orders([20.0 + number + (month * number) % 7 for month in range(36)]))
            for number in range(8)]


def in_threads(work, inputs):
    """What the work makes of each input, all at the same time."""
    ready = threading.Barrier(len(inputs))

    def started(one):
        ready.wait()
        return work(one)

    with ThreadPoolExecutor(len(inputs)) as pool:
        return list(pool.map(started, inputs))


# ------------------------------------------------------------------------------------------- side by side


def test_eight_solves_in_threads_give_the_plans_that_each_gives_alone() -> None:
    scenarios = [tiny(number) for number in range(8)]
    alone = [planner.solve(scenario) for scenario in scenarios]
    assert len({plan.objective for plan in alone}) == 8
    for together, expected in zip(in_threads(planner.solve, scenarios), alone, strict=True):
        assert same(together, expected)


def test_eight_forecasts_in_threads_give_what_each_gives_alone() -> None:
    alone = [planner.forecast(scenario) for scenario in shops()]
    for together, expected in zip(in_threads(planner.forecast, shops()), alone, strict=True):
        assert together.quantiles.equals(expected.quantiles)
        assert together.ledger.equals(expected.ledger)


def test_two_runs_of_the_solver_go_on_at_the_same_time(monkeypatch: pytest.MonkeyPatch) -> None:
    both, minimise = threading.Barrier(2, timeout=60), Run._minimise

    def meet_and_minimise(run):
        both.wait()  # breaks unless two are under way together
        minimise(run)

    monkeypatch.setattr(Run, "_minimise", meet_and_minimise)
    plans = in_threads(planner.solve, [tiny(number, objective={"mode": "cost"}) for number in range(2)])
    assert [plan.status for plan in plans] == ["optimal", "optimal"]


def test_a_watcher_may_solve_another_scenario_meanwhile() -> None:
    inner = []
    planner.solve(tiny(1), progress=lambda record: inner.append(planner.solve(tiny(2)).objective))
    assert inner and set(inner) == {planner.solve(tiny(2)).objective}


BLAS = """
import numpy, scipy.linalg, threadpoolctl
def threads(): return {library["num_threads"] for library in threadpoolctl.threadpool_info() if library["user_api"] == "blas"}
before = threads()
import planner
within = []
scenario = planner.load_scenario("scenarios/red-tomato")
imported = threads()
planner.solve(scenario, progress=lambda record: within.append(threads()))
print(before == imported == threads(), all(found == {1} for found in within), len(within) > 0)
"""


def test_linear_algebra_has_one_thread_within_our_work_and_the_process_keeps_its_own() -> None:
    ours = {**os.environ, "OPENBLAS_NUM_THREADS": "2"}
    result = subprocess.run([sys.executable, "-c", BLAS], capture_output=True, text=True, check=True, cwd=ROOT, env=ours)
    assert result.stdout.split() == ["True", "True", "True"]


def test_work_side_by_side_has_one_thread_until_the_last_has_ended() -> None:
    from threadpoolctl import threadpool_info, threadpool_limits

    from planner.linear_algebra import one_thread

    def threads():
        return {library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"}

    with threadpool_limits(2, user_api="blas"):
        first, second = one_thread(), one_thread()
        first.__enter__()
        second.__enter__()
        first.__exit__(None, None, None)
        assert threads() == {1}
        second.__exit__(None, None, None)
        assert threads() == {2}


# ------------------------------------------------------------------------------------------- cancelling


def cancelled(work, after: float) -> tuple[object, int]:
    """What the work ended with when it was cancelled after so many questions, and how many were asked."""
    cancel = After(after)
    try:
        return work(cancel), cancel.asked
    except planner.PlannerError as error:
        return error, cancel.asked


@pytest.fixture(scope="module")
def sought():
    """A scenario whose search has every phase, its demand, and how often a solve of it asks whether to go on."""
    scenario = lots()
    demand, told = planner.forecast(scenario), []
    whole, asked = cancelled(lambda cancel: planner.solve(scenario, demand, cancel=cancel, progress=told.append), math.inf)
    assert isinstance(whole, planner.Plan) and whole.status == "optimal"
    assert {"slope scaling", "diving", "windows", "cutting planes"} <= {record.activity for record in told}
    return scenario, demand, asked


@pytest.mark.parametrize("part", range(PARTS))
def test_a_solve_that_is_cancelled_at_any_moment_ends_with_the_best_plan_or_says_there_is_none(sought, part) -> None:
    scenario, demand, asked = sought
    assert asked > MOMENTS
    for moment in range(part, MOMENTS, PARTS):
        end, _ = cancelled(lambda cancel: planner.solve(scenario, demand, cancel=cancel), asked * moment // MOMENTS)
        if isinstance(end, planner.Plan):
            assert end.status in ("interrupted", "optimal") and planner.audit(end, scenario) == []
        else:
            assert isinstance(end, planner.CancelledError), end
            assert re.fullmatch("cancelled while .*, before there was a plan", str(end))


def test_a_solve_that_is_cancelled_in_the_search_for_all_goals_keeps_the_plan_that_it_has(sought) -> None:
    scenario, demand, _ = sought
    cancel, told = threading.Event(), []

    def until_windows(record):
        told.append(record)
        if record.activity == "windows":
            cancel.set()

    plan = planner.solve(scenario, demand, cancel=cancel, progress=until_windows)
    assert plan.status == "interrupted" and planner.audit(plan, scenario) == []
    assert len(plan.passes) < next(record.passes for record in told if record.passes)  # the later goals were not sought
    assert planner.solve(tiny(1)).status == "optimal"


def test_a_solve_that_is_cancelled_between_two_passes_is_interrupted_although_the_pass_before_is_proven(monkeypatch) -> None:
    end_pass = SolverRun.end_pass

    def end_and_cancel(run):
        end_pass(run)
        run.session.interrupt(planner.CancelledError("cancelled"))

    monkeypatch.setattr(SolverRun, "end_pass", end_and_cancel)
    plan = planner.solve(tiny(1, objective={"mode": "targets_first"}))
    assert plan.status == "interrupted" and [entry.status for entry in plan.passes] == ["optimal"]


@pytest.mark.parametrize("phase", ["forecasting", "building", "solving"])
def test_a_solve_that_is_cancelled_before_it_has_a_plan_says_in_which_phase(phase) -> None:
    cancel = threading.Event()
    with pytest.raises(planner.NoPlanError, match=r"^cancelled while .*, before there was a plan$"):
        planner.solve(tiny(1), cancel=cancel, progress=lambda record: cancel.set() if record.phase == phase else None)


def test_a_forecast_is_cancelled_at_whatever_moment() -> None:
    scenario = shop(periods=3, order_history=orders([20.0] * 36))
    _, asked = cancelled(lambda cancel: planner.forecast(scenario, cancel=cancel), math.inf)
    assert asked > 10
    for moment in range(10):
        end, _ = cancelled(lambda cancel: planner.forecast(scenario, cancel=cancel), asked * moment // 10)
        assert isinstance(end, planner.CancelledError)


def test_a_forecast_by_processes_is_cancelled_while_they_work() -> None:
    scenario = shop(periods=3, order_history=orders([20.0] * 36))
    alone = After(math.inf)
    planner.forecast(scenario, cancel=alone)
    spread = After(math.inf)
    planner.forecast(scenario, cancel=spread, workers=2)
    assert isinstance(cancelled(lambda cancel: planner.forecast(scenario, cancel=cancel, workers=2), 5)[0],
                      planner.CancelledError)


def test_an_infeasible_scenario_that_is_cancelled_meanwhile_is_said_to_be_infeasible() -> None:
    full = table("item site on_hand max_inventory", ("bike", "plant", 9, 5))
    cancel = threading.Event()

    def cancel_the_analysis(record):
        if record.activity == "limits in conflict":
            cancel.set()

    with pytest.raises(planner.InfeasibleError, match=r"the search for the limits in conflict was cancelled$"):
        planner.solve(planner.load_scenario(plant([1], inventory=full)), cancel=cancel, progress=cancel_the_analysis)


def test_highs_that_does_not_react_is_left_to_itself_with_the_best_plan_it_told_of(sought, monkeypatch) -> None:
    scenario, demand, _ = sought
    cancel, go_on, incumbents = threading.Event(), threading.Event(), []
    start = Run.__init__

    def start_and_stand(run, highs):
        def stand(event):
            incumbents.append(event.data_out.objective_function_value)
            cancel.set()
            go_on.wait(60)

        if not cancel.is_set():
            highs.cbMipImprovingSolution.subscribe(stand)
        start(run, highs)

    monkeypatch.setattr(Run, "__init__", start_and_stand)
    plan = planner.solve(scenario, demand, cancel=cancel)
    go_on.set()
    assert plan.status == "interrupted" and planner.audit(plan, scenario) == []
    assert incumbents
    assert planner.solve(tiny(1)).status == "optimal"


# ------------------------------------------------------------------------------------------- watchers that fail


class RefusalError(Exception):
    """What a watcher raises."""


def failing_at(number: int):
    """A watcher that fails at the record of this number."""
    told = []

    def watcher(record: Progress) -> None:
        told.append(record)
        if len(told) > number:
            raise RefusalError(str(number))

    return watcher


def test_whatever_a_watcher_raises_ends_the_solve_and_comes_out_and_the_next_solve_works(sought) -> None:
    scenario, demand, _ = sought
    for number in (0, 1, 4, 8, 12):
        with pytest.raises(RefusalError):
            planner.solve(scenario, demand, progress=failing_at(number))
    first = planner.solve(tiny(1))
    with pytest.raises(RefusalError):
        planner.solve(tiny(1), start=first, progress=failing_at(1))
    assert same(planner.solve(tiny(1), start=first), first)


FAILS_WHILE_HIGHS_RUNS = """
import threading
import planner
from planner.model.solver.run import Run
scenario = planner.load_scenario("scenarios/red-tomato")
wait, minimise, is_watched = Run.wait, Run._minimise, threading.Event()
def run_once_watched(run):
    is_watched.wait()
    minimise(run)
def fail(run, seconds):
    Run.wait = wait
    is_watched.set()
    raise RuntimeError("as a watcher might, while the solver runs")
Run.wait, Run._minimise = fail, run_once_watched
try:
    planner.solve(scenario)
except RuntimeError as failure:
    print(failure, planner.solve(scenario).status)
"""


def test_a_process_whose_watcher_failed_ends_as_any_other() -> None:
    result = subprocess.run([sys.executable, "-c", FAILS_WHILE_HIGHS_RUNS], capture_output=True, text=True, check=True, cwd=ROOT)
    assert (result.stdout, result.stderr) == ("as a watcher might, while the solver runs optimal\n", "")


def test_an_interrupt_by_the_watcher_keeps_the_best_plan(sought) -> None:
    scenario, demand, _ = sought

    def interrupt(record: Progress) -> None:
        if record.activity == "windows":
            raise KeyboardInterrupt

    assert planner.solve(scenario, demand, progress=interrupt).status == "interrupted"


@pytest.mark.parametrize(("arguments", "message"), [
    ({"progress": 3}, "progress = 3: must be a function that takes a planner.Progress"),
    ({"cancel": True}, "cancel = True: must have a method is_set, as threading.Event has"),
])
def test_what_cannot_watch_or_cancel_is_refused_before_the_work(arguments, message) -> None:
    with pytest.raises(planner.PlannerError) as caught:
        planner.solve(tiny(1), **arguments)
    assert str(caught.value) == message


@pytest.mark.parametrize("limit", ["5", 0, -1, float("nan"), True, [5], -math.inf])
def test_a_time_limit_that_is_no_number_of_seconds_is_refused_before_the_work(limit) -> None:
    told = []
    with pytest.raises(planner.PlannerError, match=r"time_limit = .*: must be a number of seconds above 0, or None"):
        planner.solve(tiny(1), time_limit=limit, progress=told.append)
    assert told == []


def test_a_time_limit_without_end_is_none_and_the_plan_can_be_saved(tmp_path) -> None:
    plan = planner.solve(tiny(1), time_limit=math.inf)
    plan.save(tmp_path / "plan")
    assert planner.load_plan(tmp_path / "plan").settings["solver"]["time_limit"] is None
