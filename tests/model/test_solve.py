"""From scenario to solution: passes, status, limits, interrupts, and the same answer twice."""

import signal
import threading

import numpy as np
import pandas as pd
import pytest
from generated_scenario import Size
from lumpy_scenario import lumpy_records

from planner.errors import NoPlanError
from planner.model.solver.diving import Dive
from planner.model.solver.highs import Session
from planner.model.solver.outcome import Outcome
from planner.model.solver.run import Run
from planner.model.solver.slope_scaling import roundings
from planner.progress import Progress, gap, tell_more
from tests.model.plants import BOUGHT, decided, month, plant, solve, table, total, works

PATIENCE = 60  # seconds after which a test gives up waiting


@pytest.fixture
def ends_with(monkeypatch):
    """Makes the search stop in the pass of this number with this status, with or without a point found
    there.
    """
    def stop(status, *, number, find=None):
        class Stopping(Session):
            minimised = 0

            def minimise(self, coefficients, constant, *, seconds, start=None):
                self.minimised += 1
                outcome = super().minimise(coefficients, constant, seconds=seconds, start=start)
                if self.minimised < number:
                    return outcome
                if find is None:
                    return Outcome(status, None, None, None, None, 0.0)
                values = find(outcome.values)
                return Outcome(status, float(coefficients @ values) + constant, None, values, None, 0.0)
        monkeypatch.setattr("planner.model.solver.matrix.Session", Stopping)
    return stop


def one_order():
    """5 ordered in January: 20 for 2 at once, or 10 each in February."""
    return plant(
        mode="targets_first",
        periods=2,
        booked_orders=table("order market item quantity due", ("o1", "north", "bike", 5, month(1))),
        sourcing=table(
            "item supplier site unit_cost lead_time capacity",
            ("bike", "arvo", "plant", 10, 1, None),
            ("bike", "borea", "plant", 20, 0, 2),
        ),
    )


def test_every_pass_has_its_objective_bound_and_gap():
    solution = solve(one_order())
    found = [
        (each.name, round(each.objective, 6), round(each.bound, 6), each.gap) for each in solution.passes
    ]
    assert found == [
        ("booked orders lost, priority 5", 0, 0, 0),
        ("booked orders late, priority 5", 3, 3, 0),
        ("operations cost", 70, 70, 0),
    ]
    assert (solution.status, solution.mode) == ("optimal", "targets_first")
    assert solution.objective == solution.bound == solution.passes[-1].objective
    assert solution.gap == 0
    assert set(solution.seconds) == {"build", "highs"}


def test_the_last_pass_is_measured_as_the_plan_is():
    # Minimised is the loss, and people read the profit.
    profit = plant([5], sourcing=BOUGHT, objective={"mode": "profit"}, items=[{"item": "bike", "price": 9}])
    solution = solve(profit)
    last = solution.passes[-1]
    assert (last.objective, last.bound, last.gap) == (solution.objective, solution.bound, solution.gap)


def test_a_gap_is_a_share_of_the_objective_and_rounding_is_none():
    assert gap(100.0, 97.0) == pytest.approx(0.03)
    assert gap(-7e-14, 0.0) == 0  # a shortfall that is none
    assert gap(0.0, -1.0) > 1
    assert gap(100.0, None) is None


def test_progress_is_told_what_is_being_done():
    told = []
    solve(one_order(), progress=told.append)
    news = dict.fromkeys((record.phase, record.goal, record.pass_number, record.passes) for record in told)
    assert list(news) == [  # a slow machine says the same again
        ("building", "", None, None),
        ("solving", "booked orders lost, priority 5", 1, 3),
        ("solving", "booked orders late, priority 5", 2, 3),
        ("solving", "operations cost", 3, 3),
    ]


def test_a_time_limit_of_zero_leaves_no_plan():
    with pytest.raises(NoPlanError) as caught:
        solve(plant([5], sourcing=BOUGHT), time_limit=0)
    assert str(caught.value) == "the time limit came while minimising cost, before there was a plan"
    assert caught.value.exit_code == 4


def test_work_that_ends_before_there_is_a_plan_is_called_work_and_time_is_called_time():
    # two items compete for hours, so that the first plan takes some pivots; one is allowed
    demand = [{"item": item, "market": "north", "period": month(period), "quantity": 9}
              for item in ("bike", "trike") for period in range(1, 7)]
    busy = {"demand": demand, "items": [{"item": "bike"}, {"item": "trike"}], "sourcing": [
        {"item": item, "supplier": "arvo", "site": "plant", "unit_cost": 1} for item in ("bike", "trike")],
        "supplier_capacity": [{"supplier": "arvo", "capacity": 10}]}
    with pytest.raises(NoPlanError, match=r"the work that solver\.effort allows was done while minimising cost"):
        solve(plant([], periods=6, solver={"effort": 1e-9}, **busy))
    with pytest.raises(NoPlanError, match="the time limit came while minimising cost"):
        solve(plant([], periods=6, solver={"effort": 1e-9}, **busy), time_limit=0)


def test_the_time_limit_of_the_scenario_holds_unless_another_is_given():
    hasty = plant([5], sourcing=BOUGHT, solver={"time_limit": 1e-9})
    with pytest.raises(NoPlanError, match="the time limit came"):
        solve(hasty)
    assert solve(hasty, time_limit=60).status == "optimal"


@pytest.mark.parametrize("status", ["interrupted", "time_limit"])
def test_a_stop_in_a_later_pass_keeps_the_best_plan_so_far(ends_with, status):
    # The first pass loses nothing; the second never gets to say which deliveries are late.
    ends_with(status, number=2)
    solution = solve(one_order())
    assert solution.status == status
    assert total(solution, "delivered_on_time") + total(solution, "delivered_late") == 5
    assert [reached.name for reached in solution.passes] == [
        "booked orders lost, priority 5",
        "booked orders late, priority 5",
    ]
    assert solution.passes[0].gap == 0
    assert (solution.passes[1].bound, solution.passes[1].gap) == (None, None)
    # The plan is still measured by what it costs, without a proof and without prices.
    assert solution.objective == pytest.approx(
        sum(frame["amount"].sum() for frame in solution.costs.values())
    )
    assert (solution.bound, solution.gap) == (None, None)
    assert solution.shadow_prices.empty


def test_a_stop_keeps_what_the_pass_found_where_that_is_better(ends_with):
    # The last pass is stopped at a point of half the cost: nothing is proven, but it is taken.
    ends_with("interrupted", number=3, find=lambda values: 0.5 * values)
    solution = solve(one_order())
    assert (solution.status, solution.objective, solution.bound) == ("interrupted", pytest.approx(35), None)


def test_a_stop_discards_what_the_pass_found_where_that_is_worse(ends_with):
    # The last pass is stopped at a point that costs ten times as much as the one before.
    ends_with("interrupted", number=3, find=lambda values: 10 * values)
    assert solve(one_order()).objective <= 5 * 20


@pytest.mark.parametrize(("status", "message"), [
    ("interrupted", "interrupted while minimising cost, before there was a plan"),
    ("time_limit", "the time limit came while minimising cost, before there was a plan"),
    ("unbounded", "the solver ended with status unbounded while minimising cost"),
    ("failed", "the solver ended with status failed while minimising cost"),
])
def test_a_stop_before_there_is_a_plan_says_so(ends_with, status, message):
    ends_with(status, number=1)
    with pytest.raises(NoPlanError) as caught:
        solve(plant([5], sourcing=BOUGHT))
    assert str(caught.value) == message


def busy(items, periods):
    """Many items on one line that can make half of what is wanted, so that HiGHS is busy for a while."""
    generator = np.random.default_rng(7)
    names = [f"item-{number}" for number in range(items)]
    wanted = generator.integers(1, 20, (items, periods))
    hours = generator.uniform(0.5, 2.0, items)
    weeks = [f"2026-W{number:02d}" for number in range(1, periods + 1)]
    return plant(
        mode="targets_first",
        calendar={"start": weeks[0], "periods": periods, "bucket": "week"},
        items=[{"item": name} for name in names],
        demand=[
            {"item": name, "market": "north", "period": week, "quantity": int(quantity)}
            for name, row in zip(names, wanted, strict=True)
            for week, quantity in zip(weeks, row, strict=True)
        ],
        routings=[
            {"item": name, "site": "plant", "routing": "line", "unit_cost": float(cost)}
            for name, cost in zip(names, generator.uniform(1, 9, items), strict=True)
        ],
        routing_steps=[
            {
                "item": name,
                "site": "plant",
                "routing": "line",
                "work_center": "line",
                "hours_per_unit": float(each),
            }
            for name, each in zip(names, hours, strict=True)
        ],
        work_centers=table(
            "site work_center available_hours", ("plant", "line", float(wanted.mean() * hours.sum() / 2))
        ),
        inventory=[
            {"item": name, "site": "plant", "holding_cost": float(cost)}
            for name, cost in zip(names, generator.uniform(0.1, 0.9, items), strict=True)
        ],
    )


def test_an_interrupt_while_highs_is_busy_keeps_the_best_plan_so_far(monkeypatch):
    waiting, stopped = {"goal": ""}, threading.Event()
    start, wait, stop = Run.__init__, Run.wait, Run.stop

    def start_and_stand(run, highs):
        if waiting["goal"] == "operations cost":
            # However fast the machine, the interrupt comes first.
            highs.cbSimplexInterrupt += lambda event: stopped.wait(PATIENCE)
        start(run, highs)

    def wait_or_interrupt(run, seconds):
        if waiting["goal"] == "operations cost":
            waiting["goal"] = "interrupted"
            signal.raise_signal(signal.SIGINT)
        return wait(run, seconds)

    def stop_and_go_on(run):
        stop(run)
        stopped.set()

    monkeypatch.setattr(Run, "stop", stop_and_go_on)
    monkeypatch.setattr(Run, "__init__", start_and_stand)
    monkeypatch.setattr(Run, "wait", wait_or_interrupt)
    solution = solve(busy(60, 40), progress=lambda record: waiting.update(goal=record.goal))
    assert waiting["goal"] == "interrupted"
    assert solution.status == "interrupted"
    assert solution.bound is None
    assert total(solution, "lost") == pytest.approx(solution.passes[0].objective, rel=1e-6)
    assert total(solution, "production") > 0


def lumpy(**settings):
    """Enough lots and orders for a search for a good start, and rounds of rows for the bound."""
    size = Size(products=6, parts=3, plants=1, warehouses=1, markets=2, suppliers=2, periods=8)
    return {**lumpy_records(size), "solver": {"gap": 0.2}, **settings}


@pytest.fixture
def interrupted_after(monkeypatch):
    """Solves, and interrupts the solver's first run after such an activity, or as many runs later; what was
    told before the interrupt.
    """
    def solved(scenario, activity, *, later=0, **limits):
        told, begun, runs = [], [], []
        start, wait = Run.__init__, Run.wait

        def start_and_count(run, highs):
            begun.append(told[-1])
            start(run, highs)

        def wait_or_interrupt(run, seconds):
            if told[-1] != INTERRUPTED and told[-1].activity == activity:
                if run not in runs:
                    runs.append(run)
                if len(runs) > later:
                    told.append(INTERRUPTED)
                    signal.raise_signal(signal.SIGINT)
            return wait(run, seconds)

        with monkeypatch.context() as patch:
            patch.setattr(Run, "__init__", start_and_count)
            patch.setattr(Run, "wait", wait_or_interrupt)
            solution = solve(scenario, progress=told.append, **limits)
        assert told[-1] == INTERRUPTED
        assert INTERRUPTED not in begun  # nothing more is solved
        return solution, told[:-1]
    return solved


INTERRUPTED = Progress("solving", "interrupted")


def test_an_interrupt_of_slope_scaling_keeps_the_plan_of_the_goal_before(interrupted_after):
    solution, _ = interrupted_after(lumpy(objective={"mode": "targets_first"}), "slope scaling")
    assert solution.status == "interrupted"
    assert solution.passes[-1].bound is None
    assert total(solution, "lost") == pytest.approx(solution.passes[0].objective, rel=1e-6)


def test_an_interrupt_of_a_window_keeps_the_plan_that_it_was_to_improve(interrupted_after):
    # With a time limit, so that there are windows at all.
    solution, told = interrupted_after(lumpy(), "windows", time_limit=PATIENCE)
    assert (solution.status, solution.bound) == ("interrupted", None)
    assert solution.objective == pytest.approx(told[-1].best)


def test_an_interrupt_of_slope_scaling_keeps_the_best_of_a_rounding_and_of_doing_nothing(interrupted_after):
    solution, told = interrupted_after(lumpy(), "slope scaling")
    assert (solution.status, solution.bound) == ("interrupted", None)
    assert not any(record.activity in ("diving", "rounding") for record in told)  # from slope scaling


def test_an_interrupt_of_a_dive_or_of_measuring_where_it_leads_keeps_the_best_plan_so_far(interrupted_after):
    # With a time limit, so that windows would follow.
    solutions = [interrupted_after(lumpy(), "diving", later=later, time_limit=PATIENCE)[0]
                 for later in range(6)]
    assert {(solution.status, solution.bound) for solution in solutions} == {("interrupted", None)}
    costs = [solution.objective for solution in solutions]
    assert costs == sorted(costs, reverse=True)
    assert costs[-1] < costs[0]  # the last one comes after the dive has led to a plan


def test_an_interrupt_while_roundings_are_measured_ends_the_search(interrupted_after, monkeypatch):
    def told_roundings(compiled, values, lots=None):
        if lots is not None:
            tell_more("measuring")
        return roundings(compiled, values, lots)

    monkeypatch.setattr("planner.model.solver.joint_start.roundings", told_roundings)
    monkeypatch.setattr(Dive, "numbers", lambda *_: iter(()))  # or else none of these is measured
    solution, _ = interrupted_after(lumpy(), "measuring")
    assert (solution.status, solution.bound) == ("interrupted", None)


def test_an_interrupt_of_the_rows_for_the_bound_keeps_the_plan_found_and_what_is_proven(interrupted_after):
    solution, told = interrupted_after(lumpy(), "cutting planes")
    assert solution.status == "interrupted"
    assert solution.objective == pytest.approx(told[-1].best)
    assert 0 < told[-1].bound <= solution.bound < solution.objective


def test_the_same_scenario_gives_the_same_solution_twice():
    first, second = solve(works()), solve(works())
    for name, frame in first.values.items():
        pd.testing.assert_frame_equal(frame, second.values[name], check_exact=True)
    pd.testing.assert_frame_equal(first.shadow_prices, second.shadow_prices, check_exact=True)
    assert first.objective == second.objective


def test_periods_of_a_solution_count_from_one_and_states_from_zero():
    solution = solve(plant([5, 5], sourcing=BOUGHT))
    assert decided(solution, "purchased", "period") == {1: 5, 2: 5}
    for state in ("inventory", "backorders"):
        assert sorted(solution.values[state]["period"]) == [0, 1, 2]
