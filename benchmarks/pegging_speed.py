"""How long it takes to peg a plan, against writing its folder, in one run; and to trace very many flows.

    python benchmarks/pegging_speed.py

The bundled baseline is solved once. Pegging it, landed costs included, is measured against writing its plan
folder, each the best of five, in wall-clock seconds. Then its flows are multiplied until there are 200,000, each copy with items of
its own, and the graph is built and traced: the landed cost of every delivery from costs drawn at random, and
what serves one of a hundred deliveries. Those are processor seconds.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time

import numpy as np
import pandas as pd

import planner
from planner.plan.pegging.flows import Flows
from planner.plan.pegging.graph import graph_of

BASELINE = Path(__file__).parents[1] / "scenarios" / "baseline"
MANY = 200_000  # flows
TERMS = 12  # cost terms of the baseline
GOAL = 1.0  # of the time of writing the plan folder


def best(work: Callable[[], object], *, times: int = 5) -> float:
    """Seconds of the quickest of several runs."""
    seconds = []
    for _ in range(times):
        start = perf_counter()
        work()
        seconds.append(perf_counter() - start)
    return min(seconds)


def multiplied(flows: Flows, copies: int) -> Flows:
    """The flows so many times, each copy with items of its own."""
    size = len(flows.coming)
    return Flows(
        coming=pd.concat([_renamed(flows.coming, copy) for copy in range(copies)], ignore_index=True),
        uses=pd.concat([_renamed(flows.uses, copy).assign(user=flows.uses["user"] + copy * size)
                        for copy in range(copies)], ignore_index=True),
        deliveries=pd.concat([_renamed(flows.deliveries, copy) for copy in range(copies)], ignore_index=True))


def _renamed(frame: pd.DataFrame, copy: int) -> pd.DataFrame:
    return frame.assign(item=frame["item"] + f"-{copy}")


def main() -> None:
    """The figures stand on stdout."""
    scenario = planner.load_scenario(BASELINE)
    plan = planner.solve(scenario)
    with tempfile.TemporaryDirectory() as folder:
        written = best(lambda: plan.save(Path(folder) / "plan"))
    pegged = best(lambda: plan.pegging(scenario).landed_costs)
    flows = plan.pegging(scenario).flows
    print(f"baseline, {len(flows.coming):,} flows: pegged in {pegged:.3f} s, written in {written:.3f} s: "
          f"{pegged / written:.2f} of it (goal: under {GOAL:.0f})")
    many = multiplied(flows, -(-MANY // len(flows.coming)))
    start = process_time()
    graph = graph_of(many, last=scenario.calendar.periods, rule="oldest_first")
    built = process_time() - start
    costs = np.random.RandomState(0).uniform(size=(graph.nodes, TERMS))
    chosen = np.zeros(graph.nodes)
    chosen[len(many.coming): len(many.coming) + len(many.deliveries): 100] = 1.0
    start = process_time()
    graph.carried_down(costs)
    graph.share_ending_in(chosen)
    traced = process_time() - start
    print(f"{len(many.coming):,} flows: graph in {built:.1f} processor seconds, landed costs and what serves every hundredth "
          f"delivery in {traced:.1f}")


if __name__ == "__main__":
    main()
