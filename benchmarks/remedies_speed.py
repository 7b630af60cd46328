"""How long the remedies of a missed target take, against one cold solve of the plan, in one run.

    python benchmarks/remedies_speed.py [TARGET]

The bundled baseline is forecast once and solved. Then ten remedies at most of one target are sized and proven
by solving the whole plan again, and one explanation is given. Processor seconds of the process.
"""

import sys
from pathlib import Path
from time import process_time

import planner
from planner.plan.remedies import remedies

BASELINE = Path(__file__).parents[1] / "scenarios" / "baseline"
TARGET = "bikes-to-mid-2027"
GOAL, EXPLAINED_GOAL = 1.0, 0.1  # cold solves


def main(target: str) -> None:
    """The figures stand on stdout."""
    start = process_time()
    scenario = planner.load_scenario(BASELINE)
    demand = planner.forecast(scenario)
    forecast = process_time() - start
    start = process_time()
    plan = planner.solve(scenario, demand)
    cold = process_time() - start
    start = process_time()
    found = remedies(plan, target=target)
    proven = process_time() - start
    start = process_time()
    plan.explain(item="city-pro", market="germany")
    explained = process_time() - start
    print(f"forecast {forecast:.1f} s, cold solve {cold:.1f} s; {len(found)} remedies {proven:.1f} s: "
          f"{proven / cold:.2f} cold solves (goal: {GOAL:g}), {proven / (cold + forecast):.2f} with the forecast; "
          f"an explanation {explained:.2f} s: {explained / cold:.3f} (goal: {EXPLAINED_GOAL:g})")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else TARGET)
