"""How long a what-if takes that starts from a solved plan, against solving it from scratch, in one run.

    python benchmarks/resolve_speed.py [50k | 200k]

The generated manufacturer is solved once. Then one thing at a time is changed, and the change is solved in
the live session. Every change needs pivots; their number is in the table, so that none is quick because
nothing had to be done. Processor seconds of one thread in the solver: reading and compiling count for
neither. All changes end at the same optimum as a solve from scratch does, which a test proves on small
scenarios and `--check` on these.
"""

import argparse
import copy
import sys
from collections.abc import Callable
from time import process_time
from typing import Any

import numpy as np
from generated_scenario import LARGE, Size, records

import planner
from planner.model.build import build_model
from planner.model.objective import goals
from planner.model.solver.matrix import Compiled, compile_model
from planner.model.solver.passes import reach_goals
from planner.model.solver.warm_start import WarmStart, open_run

SIZES = {
    "50k": Size(products=65, parts=27, plants=4, warehouses=4, markets=10, suppliers=12, periods=12),
    "200k": LARGE,
}
Change = Callable[[dict[str, Any]], None]


def scaled(table: str, column: str, factor: float, *, share: float = 1.0) -> Change:
    """So many of the rows of a table, drawn once for all, have this figure multiplied."""
    def change(made: dict[str, Any]) -> None:
        random = np.random.RandomState(1)
        for row in made[table]:
            if random.uniform() < share:
                row[column] *= factor
    return change


# What changes, whether limits or prices change, and the most of a solve from scratch that it should take.
RIGHT_SIDES, PRICES = 0.05, 0.25
CHANGES: dict[str, tuple[Change, float]] = {
    "1 % of demand figures up by 5 %": (scaled("demand", "quantity", 1.05, share=0.01), RIGHT_SIDES),
    "10 % of demand figures up by 5 %": (scaled("demand", "quantity", 1.05, share=0.1), RIGHT_SIDES),
    "all demand up by 2 %": (scaled("demand", "quantity", 1.02), RIGHT_SIDES),
    "3 % less time on every work center": (scaled("work_centers", "available_hours", 0.97), RIGHT_SIDES),
    "a tenth of the opening stocks halved": (scaled("inventory", "on_hand", 0.5, share=0.1), RIGHT_SIDES),
    "10 % of purchase prices up by 10 %": (scaled("sourcing", "unit_cost", 1.1, share=0.1), PRICES),
    "all freight up by 10 %": (scaled("lanes", "unit_cost", 1.1), PRICES),
}
ABOVE = """The generated manufacturer is solved once; then one thing at a time is changed and solved with
`start=plan`, in the live solver, from the basis of the first plan. Seconds of the solver, without reading and
compiling. Every change needs pivots."""
BELOW = """Few changed figures are answered at once. A change that reaches everywhere, like a little more
demand for everything, moves hundreds to thousands of basic variables, and each pivot in a model of this size
takes about five milliseconds: such what-ifs miss the goal, and still take a fraction of a solve from scratch.
`python benchmarks/resolve_speed.py 50k --check` solves every change from scratch too and compares the
optima."""


def main() -> int:
    """Prints the table; 1 when a ratio is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("size", nargs="?", default="50k", choices=SIZES)
    parser.add_argument(
        "--check", action="store_true", help="solve every change from scratch too and compare the optima"
    )
    asked = parser.parse_args()
    lines, kept = measured(asked.size, check=asked.check)
    print("\n".join(lines))
    return 0 if kept else 1


def measured(size: str, *, check: bool = False) -> tuple[list[str], bool]:
    """The table as lines of text, and whether every ratio is kept."""
    made = records(SIZES[size])
    compiled = compiled_from(made)
    cold, _, warm_start = solved(compiled, None)
    lines = [
        f"{compiled.layout.size:,} variables, {len(compiled.rows.upper):,} rows; from scratch {cold:.2f} s.",
        "",
        "| change | seconds | of a solve from scratch | goal | pivots |",
        "|---|---|---|---|---|",
    ]
    kept = True
    for name, (change, maximum) in CHANGES.items():
        other = copy.deepcopy(made)
        change(other)
        changed = compiled_from(other)
        taken, pivots, ended = solved(changed, warm_start)
        if check:
            compare(changed, ended)
        kept &= taken <= maximum * cold and pivots > 0
        lines.append(f"| {name} | {taken:.2f} | {taken / cold:.3f} | {maximum} | {pivots:,} |")
        print(lines[-1], file=sys.stderr, flush=True)
    return lines, kept


def compiled_from(made: dict[str, Any]) -> Compiled:
    """The compiled model of the records."""
    scenario = planner.load_scenario(made)
    return compile_model(build_model(scenario, planner.forecast(scenario)))


def solved(compiled: Compiled, start: WarmStart | None) -> tuple[float, int, WarmStart]:
    """Processor seconds from a compiled model to its optimum, pivots, and what the solve leaves."""
    wanted = goals(compiled.model, compiled.layout, compiled.costs)
    begun = process_time()
    run = open_run(compiled, wanted, start)
    reached = reach_goals(compiled, wanted, run, deadline=None)
    taken = process_time() - begun
    run.release()
    assert reached.outcome.status == "optimal" and reached.outcome.values is not None
    return taken, run.session.pivots, run.warm_start(reached.outcome.values)


def compare(compiled: Compiled, ended: WarmStart) -> None:
    """A solve from scratch ends at the same optimum."""
    goal = goals(compiled.model, compiled.layout, compiled.costs)[-1]
    _, _, fresh = solved(compiled, None)
    assert abs(goal.value(fresh.values) / goal.value(ended.values) - 1) < 1e-7


def section() -> str:
    """What `performance.py` writes about what-ifs."""
    lines, _ = measured("200k")
    return as_text(lines)


def as_text(lines: list[str]) -> str:
    """The table with what it should say."""
    return "\n\n".join([ABOVE, "\n".join(lines), BELOW])


if __name__ == "__main__":
    sys.exit(main())
