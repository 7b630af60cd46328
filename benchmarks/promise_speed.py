"""How long the deal desk takes for a hundred inquiries, against one cold solve of the plan, in one run.

    python benchmarks/promise_speed.py

The bundled baseline is forecast once and solved. Then a hundred inquiries of 5 to 80 units for items and
markets drawn at random are answered by one thread: dates, costs and what gives way, each proven. Processor
seconds of the process.
"""

from pathlib import Path
from time import process_time
from typing import Any

import numpy as np

import planner

BASELINE = Path(__file__).parents[1] / "scenarios" / "baseline"
MANY = 100
GOAL = 2.0  # cold solves


def drawn(plan: planner.Plan, count: int) -> list[dict[str, Any]]:
    """So many inquiries, the same in every run."""
    rng, sales = np.random.default_rng(1), plan.tables["sales"]
    items, markets = sorted(set(sales["item"])), sorted(set(sales["market"]))
    periods = plan.calendar.labels(plan.calendar.index)
    return [{"order": f"q{number}", "item": items[rng.integers(len(items))],
             "market": markets[rng.integers(len(markets))], "quantity": int(rng.integers(5, 81)),
             "due": str(periods[rng.integers(len(periods))])} for number in range(count)]


def main() -> None:
    """The figures stand on stdout."""
    scenario = planner.load_scenario(BASELINE)
    demand = planner.forecast(scenario)
    start = process_time()
    plan = planner.solve(scenario, demand)
    cold = process_time() - start
    asked = drawn(plan, MANY)
    start = process_time()
    found = planner.promise(plan, asked, workers=1)
    answered = process_time() - start
    on_time = sum(one.is_on_time for one in found)
    proven = sum(one.is_proven for one in found)
    print(f"cold solve {cold:.1f} s, {MANY} inquiries {answered:.1f} s: {answered / cold:.2f} cold solves "
          f"(goal: under {GOAL:g}); {on_time} on time, {proven} proven")


if __name__ == "__main__":
    main()
