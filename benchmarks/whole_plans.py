"""Generated plans with setups, setup times, minimum lots, minimum orders and shifts: what is proven in a
meeting's time.

    python benchmarks/whole_plans.py                  the whole table
    python benchmarks/whole_plans.py --size 10k --seeds 1 2 3 --alone
"""

import argparse
import importlib.util
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from lumpy_scenario import SIZES, lumpy_records

from planner.demand.demand import make_demand
from planner.model.build import build_model
from planner.model.objective import Goal, goals
from planner.model.solve import solve_model
from planner.model.solver.matrix import Compiled, compile_model, open_session
from planner.scenario.load import load_scenario
from planner.scenario.scenario import Scenario

# size -> seconds a plan may take, the scenarios that are planned, and the mean gap that is aimed at
TABLE = {"10k": (60.0, (1, 2, 3, 4, 5), 0.01), "50k": (60.0, (1, 2), 0.02), "200k": (300.0, (1,), 0.04)}
LARGEST = "200k"  # nobody else is asked: it would take as long again for each


@dataclass(frozen=True)
class Reached:
    """The gap a solver reached, and how long it took."""

    variables: int
    gap: float
    seconds: float


def planned(scenario: Scenario, *, seconds: float) -> Reached:
    """The planner's own way: bound, search, proof."""
    demand = make_demand(scenario)
    started = perf_counter()
    solution = solve_model(scenario, demand, time_limit=seconds)
    assert solution.gap is not None
    return Reached(
        sum(len(frame) for frame in solution.values.values()), solution.gap, perf_counter() - started
    )


def highs_alone(scenario: Scenario, *, seconds: float) -> Reached:
    """HiGHS on the model as it stands."""
    compiled, goal = _compiled(scenario)
    outcome = open_session(compiled).minimise(goal.coefficients, goal.constant, seconds=seconds)
    return Reached(compiled.layout.size, _gap(outcome.objective, outcome.bound), outcome.seconds)


def scip_alone(scenario: Scenario, *, seconds: float) -> Reached | None:
    """SCIP on the model as it stands; None where it is not installed."""
    if importlib.util.find_spec("pyscipopt") is None:
        return None
    from pyscipopt import Model  # in its own time: only this comparison needs it
    compiled, goal = _compiled(scenario)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "plan.mps"
        open_session(compiled).write(file, goal.coefficients, goal.constant)
        model = Model()
        model.hideOutput()
        model.setParam("limits/time", seconds)
        model.readProblem(str(file))
        model.optimize()
        found = model.getObjVal() if model.getNSols() else None
        return Reached(compiled.layout.size, _gap(found, model.getDualbound()), model.getSolvingTime())


def _compiled(scenario: Scenario) -> tuple[Compiled, Goal]:
    compiled = compile_model(build_model(scenario, make_demand(scenario)))
    return compiled, goals(compiled.model, compiled.layout, compiled.costs)[-1]


def _gap(objective: float | None, bound: float | None) -> float:
    return 1.0 if objective is None or bound is None else (objective - bound) / abs(objective)


def section(sizes: list[str] | None = None, *, seeds: list[int] | None = None, beside: bool = True) -> str:
    """The section of the page of measurements."""
    lines = [
        "Two to four plants, bills of material, suppliers, warehouses, crews; every routing has a setup "
        "with cost and time",
        "and a minimum lot, every order a minimum and a cost, every work center runs one to three shifts. "
        "Mean gap between",
        "the plan and what is proven, on one thread, wall clock.",
        "",
        "| variables | seconds | scenarios | planner | aim | HiGHS alone | SCIP alone | planner took |",
        "|---|---|---|---|---|---|---|---|",
    ]
    missed = []
    for size in sizes or TABLE:
        seconds, usual, aim = TABLE[size]
        runs: list[tuple[Reached, Reached | None, Reached | None]] = []
        with_others = beside and size != LARGEST
        for seed in seeds or usual:
            scenario = load_scenario(lumpy_records(SIZES[size], seed))
            highs = highs_alone(scenario, seconds=seconds) if with_others else None
            scip = scip_alone(scenario, seconds=seconds) if with_others else None
            runs.append((planned(scenario, seconds=seconds), highs, scip))
            print(size, seed, *runs[-1], file=sys.stderr, flush=True)
        gaps = [_mean([run[place].gap for run in runs if run[place]]) for place in range(3)]
        took = max(run[0].seconds for run in runs)
        lines.append(
            f"| {runs[0][0].variables:,} | {seconds:.0f} | {len(runs)} | {gaps[0]} | {aim:.0%} | {gaps[1]} "
            f"| {gaps[2]} "
            f"| {took:.0f} s |"
        )
        if sum(run[0].gap for run in runs) > aim * len(runs):
            missed.append(f"{runs[0][0].variables:,}")
    if missed:
        lines += ["", f"The aim is missed at {', '.join(missed)} variables."]
    return "\n".join(lines)


def _mean(gaps: list[float]) -> str:
    return f"{sum(gaps) / len(gaps):.2%}" if gaps else "not run"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", nargs="*", choices=list(TABLE))
    parser.add_argument("--seeds", nargs="*", type=int)
    parser.add_argument("--alone", action="store_true", help="without HiGHS and SCIP beside")
    asked = parser.parse_args()
    print(section(asked.size, seeds=asked.seeds, beside=not asked.alone))
