"""Capacitated lot sizing with setup times (Trigeiro, Thomas and McClain, 1989) as scenarios of this planner.

    python benchmarks/lotsizing.py                  every instance, 60 seconds each
    python benchmarks/lotsizing.py --seconds 20 G30 F3

An instance is a dict with items, periods, capacity and, for each item, unit_time, hold_cost, setup_time,
setup_cost and demand by period. One plant makes everything on one machine; nothing is owed, nothing is there
when the plan starts. SCIP, where it is installed, solves the same matrix with the same strengthening rows, on
one thread as well.
"""

import argparse
import csv
import importlib.util
import json
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from public_data import LOT_SIZING

from planner.demand.demand import make_demand
from planner.model.build import build_model
from planner.model.objective import goals
from planner.model.solve import solve_model
from planner.model.solver.lot_cuts import tighten
from planner.model.solver.matrix import compile_model, open_session
from planner.scenario.load import load_scenario

SECONDS = 60.0
SCIP_RUNS = 5  # of the instances that were not proven; all would take too long
FOUND = 1e-4  # a plan as near as this to the proven optimum counts as found

MONTHS = 12
FIRST_YEAR = 2001
NEVER = 100  # setups that a lost unit costs as much as: nobody would lose one


def lotsizing_scenario(instance: Mapping[str, Any], *, name: str = "Lot sizing") -> dict[str, Any]:
    """The instance as a scenario: its minimum cost is the instance's optimum, wherever all its demand can be
    met.
    """
    items = [f"item-{number:02d}" for number in range(1, instance["items"] + 1)]
    of_item = {key: dict(zip(items, instance[key], strict=True))
               for key in ("unit_time", "hold_cost", "setup_time", "setup_cost", "demand")}
    return {
        "name": name,
        "calendar": {"start": _month(0), "periods": instance["periods"]},
        "objective": {"mode": "cost"},
        "solver": {"gap": 0},
        "items": [{"item": item} for item in items],
        "sites": [{"site": "plant"}],
        "markets": [{"market": "market"}],
        "demand": [
            {"item": item, "market": "market", "period": _month(number), "quantity": quantity}
            for item in items
            for number, quantity in enumerate(of_item["demand"][item])
            if quantity
        ],
        "service_terms": [{"lost_sale_cost": NEVER * max(instance["setup_cost"]), "max_lateness": 0}],
        "routings": [
            {"item": item, "site": "plant", "routing": "machine", "setup_cost": of_item["setup_cost"][item]}
            for item in items
        ],
        "routing_steps": [
            {
                "item": item,
                "site": "plant",
                "routing": "machine",
                "work_center": "machine",
                "hours_per_unit": of_item["unit_time"][item],
                "setup_hours": of_item["setup_time"][item],
            }
            for item in items
        ],
        "work_centers": [
            {"site": "plant", "work_center": "machine", "available_hours": instance["capacity"]}
        ],
        "inventory": [
            {"item": item, "site": "plant", "holding_cost": of_item["hold_cost"][item]} for item in items
        ],
        "lanes": [{"origin": "plant", "destination": "market", "mode": "hand"}],
    }


@dataclass(frozen=True)
class Run:
    """What one solver reached on one instance in its time."""

    objective: float
    bound: float
    seconds: float

    @property
    def gap(self) -> float:
        """Distance from the bound as a share of the objective."""
        return (self.objective - self.bound) / self.objective


def planned(instance: Mapping[str, Any], *, seconds: float) -> Run:
    """The planner's plan of the instance."""
    scenario = load_scenario(lotsizing_scenario(instance))
    demand = make_demand(scenario)
    started = perf_counter()
    solution = solve_model(scenario, demand, time_limit=seconds)
    assert solution.bound is not None
    return Run(solution.objective, solution.bound, perf_counter() - started)


def scip_run(instance: Mapping[str, Any], *, seconds: float) -> Run | None:
    """SCIP's plan from the planner's strengthened matrix; None where SCIP is not installed."""
    if importlib.util.find_spec("pyscipopt") is None:
        return None
    from pyscipopt import Model  # in its own time: only this comparison needs it
    scenario = load_scenario(lotsizing_scenario(instance))
    compiled = compile_model(build_model(scenario, make_demand(scenario)))
    goal = goals(compiled.model, compiled.layout, compiled.costs)[-1]
    session = open_session(compiled)
    tighten(session, compiled, goal, deadline=None)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "instance.mps"
        session.write(file, goal.coefficients, goal.constant)
        model = Model()
        model.hideOutput()
        model.setParam("limits/time", seconds)
        model.readProblem(str(file))
        started = perf_counter()
        model.optimize()
        found = model.getObjVal() if model.getNSols() else float("inf")
        return Run(found, model.getDualbound(), perf_counter() - started)


def section(names: list[str] | None = None, *, seconds: float = SECONDS, beside: bool = True) -> str:
    """The section of the page of measurements."""
    if not LOT_SIZING.exists():
        return "Not measured: the instances are not part of the project."
    instances = json.loads((LOT_SIZING / "instances.json").read_text(encoding="utf-8"))
    with (LOT_SIZING / "best_known.csv").open(encoding="utf-8") as file:
        known = {row["instance"]: row for row in csv.DictReader(file)}
    rows = []
    for name in names or list(instances):
        ours = planned(instances[name], seconds=seconds)
        compared = sum(theirs is not None for *_, theirs in rows)
        wanted = beside and ours.gap > FOUND and compared < SCIP_RUNS
        theirs = scip_run(instances[name], seconds=seconds) if wanted else None
        rows.append((name, instances[name], known[name], ours, theirs))
        print(name, ours, theirs, file=sys.stderr, flush=True)
    return _text(rows, seconds)


def _text(rows: list[tuple[str, Any, dict[str, str], Run, Run | None]], seconds: float) -> str:
    proven = [
        (float(best["best_ub"]), ours) for _, _, best, ours, _ in rows if best["status"].startswith("optimal")
    ]
    found = sum(ours.objective <= best * (1 + FOUND) for best, ours in proven)
    closed = sum(ours.gap <= FOUND for *_, ours, _ in rows)
    mean = sum(ours.gap for *_, ours, _ in rows) / len(rows)
    usual = sum(ours.seconds for *_, ours, _ in rows) / len(rows)
    lines = [
        f"{len(rows)} instances with 6 to 24 items and 15 or 30 periods, built from scenario records, one "
        "thread, at most "
        f"{seconds:.0f} seconds of wall clock each, building included.",
        "",
        f"- Proven optima found within 0.01 %: {found} of {len(proven)}.",
        f"- Proven here to 0.01 %: {closed} of {len(rows)}; {usual:.1f} seconds on average over all.",
        f"- Mean gap of all: {mean:.3%}.",
    ]
    open_ones = [row for row in rows if row[3].gap > FOUND]
    if any(theirs for *_, theirs in open_ones):
        others = [theirs.gap for *_, theirs in open_ones if theirs]
        own = [ours.gap for *_, ours, theirs in open_ones if theirs]
        lines.append(
            f"- On {len(others)} of those that were not proven: mean gap {sum(own) / len(own):.3%}, SCIP on "
            "the same "
            f"rows {sum(others) / len(others):.3%}."
        )
    lines += ["", "| instance | items x periods | best known | found | bound | gap | SCIP's gap |",
              "|---|---|---|---|---|---|---|"]
    for name, instance, best, ours, theirs in open_ones:
        size, beside = f"{instance['items']} x {instance['periods']}", f"{theirs.gap:.2%}" if theirs else ""
        lines.append(
            f"| {name} | {size} | {best['best_ub'] or '?'} | {ours.objective:,.0f} | {ours.bound:,.0f} | "
            f"{ours.gap:.2%} "
            f"| {beside} |"
        )
    return "\n".join(lines)


def _month(number: int) -> str:
    return f"{FIRST_YEAR + number // MONTHS}-{number % MONTHS + 1:02d}"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="instances; all where none is named")
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--alone", action="store_true", help="without SCIP")
    asked = parser.parse_args()
    print(section(asked.names, seconds=asked.seconds, beside=not asked.alone))
