"""Which method solves a large linear plan fastest from scratch, on one thread and on two.

    python benchmarks/lp_method.py [50k 200k] [--time-limit SECONDS]

The generated manufacturer, by simplex and by interior point with crossover (HiGHS `ipx`), each with `threads`
1 and 2; on two, simplex may be HiGHS's parallel dual simplex. Seconds of the solver alone. On a busy machine
only the processor seconds say something. A run that takes longer than the limit is stopped, and the table
says so.
"""

import argparse
import sys
from time import perf_counter, process_time

import numpy as np
from generated_scenario import LARGE, Size, records

import planner
from planner.model.build import build_model
from planner.model.objective import goals
from planner.model.solver.matrix import Compiled, compile_model, open_session

SIZES = {
    "10k": Size(products=14, parts=8, plants=4, warehouses=4, markets=10, suppliers=4, periods=12),
    "50k": Size(products=65, parts=27, plants=4, warehouses=4, markets=10, suppliers=12, periods=12),
    "200k": LARGE,
}
# name -> options of HiGHS beside the threads
METHODS = {
    "dual simplex, 1 thread": (1, {"solver": "simplex", "simplex_strategy": 1}),
    "parallel dual simplex, 2 threads": (2, {"solver": "simplex", "simplex_strategy": 3, "parallel": "on"}),
    "ipx, 1 thread": (1, {"solver": "ipx"}),
    "ipx, 2 threads": (2, {"solver": "ipx", "parallel": "on"}),
}
ABOVE = """A first solve of a linear plan, without a basis to start from. Where wall seconds are several times
the processor seconds, the machine was busy with other work."""
BELOW = """The planner takes simplex below 100,000 variables and `ipx` with crossover above, on the threads of
the setting `solver.threads`, which is 1 unless a scenario says otherwise. A second thread brings nothing:
`ipx` does not use it, and the parallel simplex does many times the work. `planner.model.solver.highs` logs
the method and why. Larger sizes are measured by `python benchmarks/lp_method.py 200k --time-limit 300`."""


def main() -> int:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sizes", nargs="*", default=["10k", "50k"])
    parser.add_argument("--time-limit", type=float, default=90.0, help="seconds after which a run is stopped")
    asked = parser.parse_args()
    print("\n".join(measured(asked.sizes, time_limit=asked.time_limit)))
    return 0


def measured(sizes: list[str], *, time_limit: float) -> list[str]:
    """The table as lines of text."""
    lines = ["| variables | method | wall seconds | processor seconds | objective |", "|---|---|---|---|---|"]
    for size in sizes:
        scenario = planner.load_scenario(records(SIZES[size]))
        compiled = compile_model(build_model(scenario, planner.forecast(scenario)))
        for name in METHODS:
            wall, processor, objective = solved(compiled, name, time_limit)
            reached = f"{objective:,.0f}" if objective is not None else f"stopped after {time_limit:.0f} s"
            lines.append(f"| {compiled.layout.size:,} | {name} | {wall:.1f} | {processor:.1f} | {reached} |")
            print(lines[-1], file=sys.stderr, flush=True)
    return lines


def solved(compiled: Compiled, name: str, time_limit: float) -> tuple[float, float, float | None]:
    """Wall and processor seconds of a solve from scratch, and the objective where it ended in time."""
    threads, options = METHODS[name]
    (goal,) = goals(compiled.model, compiled.layout, compiled.costs)
    highs = open_session(compiled)._highs
    # otherwise the number of threads of the first solve of a process holds for all
    highs.resetGlobalScheduler(True)
    for option, value in {"threads": threads, "time_limit": time_limit, **options}.items():
        highs.setOptionValue(option, value)
    highs.changeColsCost(
        compiled.layout.size, np.arange(compiled.layout.size, dtype=np.int32), goal.coefficients
    )
    begun, used = perf_counter(), process_time()
    highs.run()
    wall, processor = perf_counter() - begun, process_time() - used
    optimal = highs.modelStatusToString(highs.getModelStatus()) == "Optimal"
    return wall, processor, highs.getInfo().objective_function_value if optimal else None


def section() -> str:
    """What `performance.py` writes about linear plans."""
    return as_text(measured(["10k", "50k"], time_limit=60.0))


def as_text(lines: list[str]) -> str:
    """The table with what it should say."""
    return "\n\n".join([ABOVE, "\n".join(lines), BELOW])


if __name__ == "__main__":
    sys.exit(main())
