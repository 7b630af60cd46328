"""How long a sweep takes beside solving its base once, and a frontier. Ratios in one run.

    python benchmarks/sweep_speed.py [what-ifs] [processes]

A hundred what-ifs of the baseline on two processes should take less than twenty times as long as the base's own
cold solve, forecast included: half of them change limits and prices alone, half also the forecast demand.
"""

import sys
import time
from pathlib import Path

import planner

BASELINE = Path(__file__).parents[1] / "scenarios" / "baseline"
MAXIMUM = 20.0


def main() -> int:
    """Prints the ratio; 1 when it is missed."""
    count, workers = ([int(one) for one in sys.argv[1:3]] + [100, 2][len(sys.argv) - 1:])[:2]
    scenario = planner.load_scenario(BASELINE)
    started = time.perf_counter()
    planner.solve(scenario)
    cold = time.perf_counter() - started
    factors = [f"{1 + place / (10 * count):.5f}" for place in range(count)]
    supply = [f"supplier_capacity.capacity = {', '.join(f'*{one}' for one in factors[:count])}"]
    demand = [f"supplier_capacity.capacity = {', '.join(f'*{one}' for one in factors[:count // 2])}",
              "demand = -5%, +5%"]
    ratios = {}
    for name, vary in (("capacity alone", supply), ("capacity and demand", demand)):
        started = time.perf_counter()
        swept = planner.sweep(scenario, vary, workers=workers)
        what_ifs = (time.perf_counter() - started - cold) / len(swept.points)  # the base is solved once
        ratios[name] = (cold + 100 * what_ifs) / cold
        print(f"{name}: {len(swept.points)} what-ifs on {workers} processes; 100 take {ratios[name]:.1f} times the cold "
              f"solve of {cold:.1f} s (asked for: {MAXIMUM:.0f})", flush=True)
    return int(max(ratios.values()) > MAXIMUM)


if __name__ == "__main__":
    sys.exit(main())
