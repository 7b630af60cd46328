"""Plans of one scenario and its what-ifs under time limits: service, cost and worst gap beside the linear plan.

    python benchmarks/whole_what_ifs.py BASE WHAT_IF... [--limits 10,60,300] [--efforts 60]

BASE and each WHAT_IF are folders of scenarios. The base is solved first, within each limit or effort, and its plan is
where the what-ifs begin. What comes out is a table for docs/performance.md.
"""

import argparse
from dataclasses import replace
from pathlib import Path
from time import perf_counter, process_time

import planner
from planner.demand.demand import make_demand
from planner.model.objective import goals
from planner.model.solve import built
from planner.model.solver.in_order import relaxed_in_order
from planner.model.solver.matrix import open_session
from planner.scenario.scenario import Scenario


def linear_plan(scenario: Scenario, demand: planner.Demand) -> float:
    """The last goal of the plan without integer variables, the others at their minima."""
    compiled = built(scenario, demand)
    ranked = goals(compiled.model, compiled.layout, compiled.costs)
    found = relaxed_in_order(open_session(compiled), ranked, deadline=None)
    assert found is not None
    return ranked[-1].sign * found.minima[-1]


def main() -> None:
    """The table stands on stdout, a row as soon as it is known."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("scenarios", nargs="+", type=Path)
    asked.add_argument("--limits", default="10,60,300", help="seconds, or nothing")
    asked.add_argument("--efforts", default="", help="of the solver, whatever the clock says")
    given = asked.parse_args()
    limits = [("s", float(text)) for text in given.limits.split(",") if text]
    efforts = [("effort", float(text)) for text in given.efforts.split(",") if text]
    print("| scenario | limit | on time | cost | worst gap | linear cost | wall, s | processor, s |")
    print("|---|---|---|---|---|---|---|---|")
    for unit, limit in limits + efforts:
        base = None
        for place in given.scenarios:
            scenario = planner.load_scenario(place)
            demand = make_demand(scenario)
            wall, work = perf_counter(), process_time()
            plan = planner.solve(scenario, demand, start=base, time_limit=limit if unit == "s" else None,
                                 effort=limit if unit == "effort" else None)
            wall, work = perf_counter() - wall, process_time() - work
            base = replace(plan, warm_start=None) if base is None else base
            gaps = [step.gap for step in plan.passes]
            worst = "-" if None in gaps else f"{max(gaps):.2%}"
            print(f"| {place.name} | {limit:.0f} {unit} | {plan.kpis['order_fill_rate']:.2%} | {plan.objective:,.0f} | "
                  f"{worst} | {linear_plan(scenario, demand):,.0f} | {wall:.0f} | {work:.0f} |", flush=True)


if __name__ == "__main__":
    main()
