"""How long a large model takes from its rules to HiGHS: the compiler against a hand-written matrix, linopy
and Pyomo.

    python benchmarks/build_speed.py [50k 200k 1000k]

All start from the same columns of the same generated scenario: the members of every set, the values of every
parameter.

- *planner*: the rules become templates, the templates a matrix, the matrix goes to HiGHS.
- *by hand*: `hand_written.py`, which knows this one model; a test holds it to the compiled matrix, entry by
  entry.
- *linopy*: the same positions as by hand, as linopy variables, expressions and constraints; skipped where it
  is not installed.
- *Pyomo*: the same rules as ordinary components, and Pyomo's own `highs` interface; at 50,000 variables only.

Making the columns out of the scenario's tables is the same work for all; it is in the table beside them, for
the record. It counts for none of them, and is taken off Pyomo's time. Processor seconds of one thread, the
least of some runs. Bytes are what the columns keep and the maximum that Python and numpy held on top of them on
the way to HiGHS, by tracemalloc.
"""

import gc
import sys
import tracemalloc
from collections.abc import Callable
from time import process_time

import pyomo.environ as pyo
from generated_scenario import LARGE, Size, records
from hand_written import hand_over as hand_over_written
from pyomo.contrib.solver.solvers.highs import Highs
from pyomo.core.expr.template_expr import templatize_constraint

import planner
from planner.demand.demand import Demand
from planner.model.build import COSTS, Model, build_model
from planner.model.compiler.declare import RowByRow
from planner.model.objective import goals
from planner.model.solver.matrix import compile_model, open_session

try:
    from linopy_expressions import hand_over as hand_over_linopy
except ImportError:  # linopy is not installed
    hand_over_linopy = None

SIZES = {
    "50k": Size(products=65, parts=27, plants=4, warehouses=4, markets=10, suppliers=12, periods=12),
    "200k": LARGE,
    "1000k": Size(products=1300, parts=525, plants=4, warehouses=4, markets=10, suppliers=12, periods=12),
}
RUNS = {"50k": 9, "200k": 7, "1000k": 3}
MAXIMUM_OF_FLOOR = {"50k": 2.0, "200k": 1.5, "1000k": 1.5}
MAXIMUM_BYTES, MINIMUM_TIMES_PYOMO = 260, 50
ABOVE = """From the rules of the model to a matrix in HiGHS, all from the same columns of figures. *By hand*
is numpy and scipy for this one model, held to the compiled matrix by a test; linopy gets the same positions
as the hand-written matrix. Making the columns out of the scenario's tables is the same work whatever follows;
it stands beside them and counts for none. Some milliseconds of the planner's time go into reading the rules
as templates and into small arrays, whatever the size: they weigh most at the smallest one. The planner leaves
codes that do not occur out of its tables of places, by hand nobody did: that is why the two are close where
tables would otherwise give way to a search."""
BELOW = f"""Goals: at most {MAXIMUM_OF_FLOOR["50k"]:g} times the hand-written matrix at 50,000 variables and
{MAXIMUM_OF_FLOOR["200k"]:g} times above; faster than linopy; {MINIMUM_TIMES_PYOMO} times faster than Pyomo's
interface; at most {MAXIMUM_BYTES} bytes a variable, columns included. A figure beyond its goal is a miss."""


def main() -> int:
    """Prints the table; 1 when a goal is missed."""
    lines, kept = measured(sys.argv[1:] or list(SIZES))
    print("\n".join(lines))
    return 0 if kept else 1


def measured(sizes: list[str]) -> tuple[list[str], bool]:
    """The table as lines of text, and whether every goal is met."""
    lines = [
        "| variables | columns from tables, s | planner, s | by hand, s | planner / by hand | linopy, s | "
        "Pyomo `highs`, s "
        "| Pyomo / planner | bytes a variable |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    kept = True
    for name in sizes:
        scenario = planner.load_scenario(records(SIZES[name]))
        demand = planner.forecast(scenario)
        model = build_model(scenario, demand)
        size = compile_model(model).layout.size
        columns = seconds(lambda scenario=scenario, demand=demand: build_model(scenario, demand))
        ours, floor = side_by_side(model, RUNS[name])
        others = seconds(lambda model=model: hand_over_linopy(model.declared)) if hand_over_linopy else None
        theirs = (
            seconds(lambda scenario=scenario, demand=demand: row_by_row(scenario, demand))
            if name == "50k"
            else None
        )
        theirs = None if theirs is None else theirs - columns
        each = maximum_bytes(scenario, demand) / size
        kept &= (
            ours <= MAXIMUM_OF_FLOOR[name] * floor
            and each <= MAXIMUM_BYTES
            and (others is None or ours < others)
            and (theirs is None or theirs >= MINIMUM_TIMES_PYOMO * ours)
        )
        lines.append(
            f"| {size:,} | {columns:.2f} | {ours:.3f} | {floor:.3f} | {ours / floor:.2f} | {shown(others)} | "
            f"{shown(theirs)} | {shown(theirs and theirs / ours, 0)} | {each:.0f} |"
        )
        print(lines[-1], file=sys.stderr, flush=True)
    return lines, kept


def side_by_side(model: Model, runs: int) -> tuple[float, float]:
    """Minimum seconds of the compiler and of the floor, run in turn, so that both meet the same machine."""
    pairs = [
        (seconds(lambda: hand_over(model)), seconds(lambda: hand_over_written(model.declared)))
        for _ in range(runs)
    ]
    return min(ours for ours, _ in pairs), min(floor for _, floor in pairs)


def shown(figure: float | None, digits: int = 2) -> str:
    return "-" if figure is None else f"{figure:.{digits}f}"


def seconds(work: Callable[[], object]) -> float:
    """Processor seconds that the work takes."""
    gc.collect()
    start = process_time()
    work()
    return process_time() - start


def hand_over(model: Model) -> None:
    """From rules to HiGHS, with nothing remembered from an earlier run."""
    for constraint in model.pyomo.component_objects(pyo.Constraint, descend_into=False):
        if constraint.template is not None:
            constraint.template = templatize_constraint(constraint)
    for index in model.declared.indices.values():
        index._lookup = None
    compiled = compile_model(model)
    goals(model, compiled.layout, compiled.costs)
    open_session(compiled)


def maximum_bytes(scenario: planner.Scenario, demand: Demand) -> int:
    """What the columns keep, and the maximum that is held on top of them on the way from rules to a matrix with
    its costs.
    """
    gc.collect()
    tracemalloc.start()
    model = build_model(scenario, demand)
    gc.collect()
    tracemalloc.reset_peak()
    hand_over(model)
    maximum = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return maximum


def row_by_row(scenario: planner.Scenario, demand: Demand) -> None:
    """The model as HiGHS has it, by ordinary components and Pyomo's interface."""
    model = build_model(scenario, demand, words=RowByRow).pyomo
    model.total_cost = pyo.Objective(expr=sum(
        amount.function(model, *(member if isinstance(member, tuple) else (member,)))
        for amount in COSTS.values() for member in getattr(model, amount.over)
    ))
    Highs().set_instance(model)


def section() -> str:
    """What `performance.py` writes about build and hand-over."""
    lines, _ = measured(list(SIZES))
    return as_text(lines)


def as_text(lines: list[str]) -> str:
    """The table with what it should say."""
    return "\n\n".join([ABOVE, "\n".join(lines), BELOW])


if __name__ == "__main__":
    sys.exit(main())
