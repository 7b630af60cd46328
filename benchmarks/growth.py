"""How each step of a solve grows with the size of the plan: reading, building, solving, tables, audit,
memory.

    python benchmarks/growth.py [10k 50k 200k 1000k]

The generated manufacturer at each size, every size in a process of its own. Processor seconds of one thread;
memory is the maximum that the process held. The largest size is read and built, not solved: simplex and interior
point take longer than a benchmark should.
"""

import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from time import process_time

from generated_scenario import LARGE, Size, records

ROOT = Path(__file__).parents[1]
SIZES = {
    "10k": Size(products=14, parts=8, plants=4, warehouses=4, markets=10, suppliers=4, periods=12),
    "50k": Size(products=65, parts=27, plants=4, warehouses=4, markets=10, suppliers=12, periods=12),
    "200k": LARGE,
    "1000k": Size(products=1300, parts=525, plants=4, warehouses=4, markets=10, suppliers=12, periods=12),
}
ONLY_BUILT = {"1000k"}
STEPS = ("read", "build", "solve", "tables", "audit")
ABOVE = """One generated manufacturer at growing sizes, each in a process of its own, one thread. Memory is
the maximum that the process held, libraries (about 250 MB) included. The largest is read and built, not
solved."""


def main() -> int:
    """Prints the table; 1 when tables or audit take longer than the solve."""
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(steps(json.loads(sys.argv[2]), solve=sys.argv[3] == "solve")))
        return 0
    lines, late = measured(sys.argv[1:] or list(SIZES))
    print("\n".join(lines))
    return 1 if late else 0


def measured(sizes: list[str]) -> tuple[list[str], list[str]]:
    """The table as lines of text, and the sizes at which tables or audit take longer than the solve."""
    lines = [
        "| variables | rows of plan tables | "
        + " | ".join(f"{step}, s" for step in STEPS)
        + " | memory, MB |",
        "|---|---|" + "---|" * (len(STEPS) + 1),
    ]
    late: list[str] = []
    for size in sizes:
        command = [sys.executable, __file__, "--one", json.dumps(asdict(SIZES[size])),
                   "build" if size in ONLY_BUILT else "solve"]
        found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT,
                                          env=os.environ | {"PYTHONPATH": str(ROOT)}).stdout)
        taken = [f"{found[step]:.2f}" if step in found else "not run" for step in STEPS]
        if size not in ONLY_BUILT and max(found["tables"], found["audit"]) > found["solve"]:
            late.append(f"{found['variables']:,}")
        cells = [f"{found['variables']:,}", f"{found.get('rows', 0):,}", *taken, f"{found['memory']:,.0f}"]
        lines.append("| " + " | ".join(cells) + " |")
        print(lines[-1], file=sys.stderr, flush=True)
    return lines, late


def steps(size: dict[str, int], *, solve: bool) -> dict[str, float]:
    """Processor seconds of every step, the sizes of model and plan, and peak memory that was held."""
    import resource

    import planner
    from planner.model.build import build_model
    from planner.model.solve import solve_model
    from planner.model.solver.matrix import compile_model, open_session
    from planner.plan.plan import plan_of
    found: dict[str, float] = {}
    clock = [process_time()]

    def lap(step: str) -> None:
        clock.append(process_time())
        found[step] = clock[-1] - clock[-2]

    made = records(Size(**size))
    clock.append(process_time())
    scenario = planner.load_scenario(made)
    demand = planner.forecast(scenario)
    lap("read")
    compiled = compile_model(build_model(scenario, demand))
    open_session(compiled)
    lap("build")
    found["variables"] = compiled.layout.size
    del compiled
    if solve:
        clock.append(process_time())
        solution = solve_model(scenario, demand)
        lap("solve")
        found["solve"] -= found["build"]  # it builds the model once more
        plan = plan_of(solution, scenario, demand)
        lap("tables")
        assert planner.audit(plan, scenario) == []
        lap("audit")
        found["rows"] = sum(len(table) for table in plan.tables.values())
    found["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return found


def section() -> str:
    """What `performance.py` writes about growth."""
    return as_text(*measured(list(SIZES)))


def as_text(lines: list[str], late: list[str]) -> str:
    """The table with what it should say."""
    verdict = (
        f"Tables or audit take longer than the solve at {', '.join(late)} variables, where all are small."
        if late
        else "Tables and audit take no longer than the solve."
    )
    return "\n\n".join([ABOVE, "\n".join(lines), verdict])


if __name__ == "__main__":
    sys.exit(main())
