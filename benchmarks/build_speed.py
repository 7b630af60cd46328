"""How long a large model takes to build and to hand over to HiGHS: ours against Pyomo's own `highs` interface, in one run.

    python benchmarks/build_speed.py

The same rules of the same generated scenario (about 200,000 variables), twice: compiled whole families at a time and passed
as a matrix; and as ordinary Pyomo components, row by row, passed by the solver interface that comes with Pyomo. Ours should
take at most half. Processor seconds of one thread; reading the scenario and its demand counts for neither.
"""

import gc
import sys
from collections.abc import Callable
from statistics import median
from time import process_time

import pyomo.environ as pyo
from generated_scenario import LARGE, records
from pyomo.contrib.solver.solvers.highs import Highs

import planner
from planner.demand.demand import Demand
from planner.model.build import build_model
from planner.model.declare import RowByRow
from planner.model.rules import COSTS
from planner.model.solve import compile_model, open_session

RUNS = 5
PYOMO_RUNS = 2
MOST_OF_PYOMO = 0.5


def main() -> int:
    """Prints both times and their ratio; 1 when ours takes more than half."""
    scenario = planner.load_scenario(records(LARGE))
    demand = planner.forecast(scenario)
    size = hand_over(scenario, demand)  # also warms up both
    print(f"{size:,} variables, {len(scenario['lanes'])} lanes, {len(scenario['demand']):,} figures of demand")
    ours = median(seconds(lambda: hand_over(scenario, demand)) for _ in range(RUNS))
    print(f"planner: build and hand over {ours:7.2f} s")
    theirs = median(seconds(lambda: hand_over_row_by_row(scenario, demand)) for _ in range(PYOMO_RUNS))
    print(f"Pyomo:   build and hand over {theirs:7.2f} s")
    print(f"ratio {ours / theirs:.3f}, should be at most {MOST_OF_PYOMO}")
    return 0 if ours <= MOST_OF_PYOMO * theirs else 1


def seconds(work: Callable[[], object]) -> float:
    """Processor seconds that the work takes."""
    gc.collect()
    start = process_time()
    work()
    return process_time() - start


def hand_over(scenario: planner.Scenario, demand: Demand) -> int:
    """The model as HiGHS has it, our way; says how many variables it has."""
    compiled = compile_model(build_model(scenario, demand))
    open_session(compiled)
    return compiled.layout.size


def hand_over_row_by_row(scenario: planner.Scenario, demand: Demand) -> None:
    """The model as HiGHS has it, by ordinary components and Pyomo's interface."""
    model = build_model(scenario, demand, words=RowByRow).pyomo
    model.total_cost = pyo.Objective(expr=sum(cost.function(model) for cost in COSTS.values()))
    Highs().set_instance(model)


if __name__ == "__main__":
    sys.exit(main())
