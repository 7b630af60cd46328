"""Many what-ifs of one scenario, spread over cores or machines."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from planner.errors import PlannerError, Problem, ScenarioError
from planner.plan.plan import Plan, make_plan
from planner.plan.sweeping.points import Base, Point, frame_of, point_of, solved_point
from planner.progress import Cancel, Progress, Watcher, tell, watched
from planner.scenario.load import Place, load_scenario
from planner.scenario.scenario import Scenario
from planner.scenario.whatif.variations import Overrides, Variation, grid, read_variations
from planner.workers import Workers

# seconds of work from which another process solves longer than it takes to start and to get the plan
WORTH_A_PROCESS = 8.0
SHARE_OF_COLD = 0.3  # of the seconds of the base's solve that a what-if takes
BASE = "base"


@dataclass(frozen=True, eq=False)
class Sweep:
    """The base's plan and the points of its what-ifs, in the order asked for.

    `frame` has a row for the base and for each point: name, what each factor was set to, status, gap, service
    (share on time), units on time, late and lost, average stock value and every KPI. `knee` is the place of
    the point beyond which a frontier costs most for what it brings; None where there is none.
    """

    plan: Plan
    points: tuple[Point, ...]
    factors: tuple[str, ...] = ()
    of: str = ""
    knee: int | None = None

    @cached_property
    def base(self) -> Point:
        """What the plan itself comes to."""
        return point_of(self.plan, name=BASE, values={})

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The base and every point as rows."""
        return frame_of([self.base, *self.points], self.factors)


def sweep(scenario: Place, vary: str | Iterable[str] = (), *,
          what_ifs: "str | os.PathLike[str] | Iterable[Variation | Overrides]" = (),
          workers: int | None = None, scheduler: str | None = None, progress: Watcher | None = None,
          cancel: Cancel | None = None) -> Sweep:
    """Every what-if of the `scenario`, each solved from its plan and proven like any plan.

        planner.sweep("scenarios/baseline", ["demand = -10%, +10%", "lanes.unit_cost = *1, *1.2"])

    `vary` has factors, of which every combination is solved: `table[column=name].column = value, value`,
    where *1.1 and +10% multiply and other values are set; `settings.path = value`; `demand = +10%` for all
    forecast demand. `what_ifs` are further ones: overrides as in scenario.yaml, or a YAML file with `vary`
    and `what_ifs`. `workers` processes of this machine solve them, by default one a core where there is work
    enough; or those of the dask.distributed `scheduler` at an address. The points are the same, whoever
    solves them. `progress` and `cancel` are as in `planner.solve`. ScenarioError carries every problem of the
    scenario, the factors and the what-ifs.
    """
    with watched(progress, cancel), Workers(workers=workers, scheduler=scheduler) as team:
        base = load_scenario(scenario)
        variations = [*_varied(vary, base), *_listed(what_ifs, base)]
        if not variations:
            raise PlannerError("nothing to sweep: name what to vary, or a file of what-ifs")
        plan = make_plan(base, time_limit=base.settings.solver.time_limit)
        points = tuple(_solved(Base.of(plan), variations, team, seconds=sum(plan.seconds.values())))
    factors = dict.fromkeys(label for variation in variations for label in variation.values)
    return Sweep(plan, points, factors=tuple(factors))


def _varied(vary: str | Iterable[str], base: Scenario) -> list[Variation]:
    texts = [vary] if isinstance(vary, str) else list(vary)
    return grid(texts, base) if texts else []


def _listed(what_ifs: Any, base: Scenario) -> list[Variation]:
    if isinstance(what_ifs, str | os.PathLike):
        return read_variations(Path(what_ifs), base)
    return [one if isinstance(one, Variation) else Variation(f"what-if {place}", one)
            for place, one in enumerate(what_ifs, start=1)]


def _solved(
    base: Base, variations: Sequence[Variation], team: Workers, *, seconds: float
) -> Iterator[Point]:
    """Each point, in order. Where overrides are wrong, the problems of all further what-ifs come out."""
    worth = int(len(variations) * SHARE_OF_COLD * seconds / WORTH_A_PROCESS)
    results = team.each(solved_point, ((one,) for one in variations), worth=worth, shared=base)
    for place, result in enumerate(results):
        if isinstance(result, ScenarioError):
            raise _all_problems(base.scenario, variations[place:])
        tell(Progress("solving", f"what-if {result.name}", step=place + 1, steps=len(variations)))
        yield result


def _all_problems(base: Scenario, variations: Sequence[Variation]) -> ScenarioError:
    """The problems of all what-ifs, each once, at the first what-if that has it."""
    problems: dict[tuple[str, str, str | None], Problem] = {}
    for variation in variations:
        try:
            base.changed(variation.overrides, name=variation.name)
        except ScenarioError as error:
            for one in error.problems:
                first = replace(one, file=one.file or variation.name)
                problems.setdefault((one.column, one.message, one.value), first)
    return ScenarioError("the sweep", problems.values())
