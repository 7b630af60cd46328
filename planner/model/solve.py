"""From scenario and demand to a proven solution."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce
from threading import RLock
from time import perf_counter

import numpy as np
import pandas as pd

from planner.demand.demand import Demand
from planner.errors import InfeasibleError
from planner.model.build import build_model
from planner.model.compiler.compile import CompiledAmount
from planner.model.compiler.lookup import Floats
from planner.model.conflicts.explained import explained
from planner.model.limits import LIMITS
from planner.model.objective import Goal, counted_terms, goals
from planner.model.solution import Pass, Solution
from planner.model.solver.effort import counted
from planner.model.solver.matrix import Compiled, compile_model
from planner.model.solver.passes import Reached, reach_goals
from planner.model.solver.row_keys import keyed, row_keys, spelled
from planner.model.solver.ties import settled
from planner.model.solver.warm_start import Decided, WarmStart, open_run
from planner.model.solver.what_ifs import Near, WhatIfs
from planner.progress import Cancel, Progress, Watcher, checkpoint, gap, tell, watched
from planner.scenario.scenario import Scenario
from planner.scenario.written import rewritten
from planner.text_cells import plain_texts

# Pyomo reads a rule by changing, for everybody, what it means to go through a set. The thread that builds may
# be the one that solves again from within its own callback.
_building = RLock()
TURN_SECONDS = 0.05  # between two looks at whether a solve that waits for its turn is cancelled


@plain_texts()
def solve_model(scenario: Scenario, demand: Demand, *, time_limit: float | None = None,
                progress: Watcher | None = None, cancel: Cancel | None = None,
                start: WarmStart | None = None, decided: Decided | None = None,
                effort: float | None = None) -> Solution:
    """The plan with the minimum value of each goal of the scenario's objective mode, in order, each proven.

    `time_limit` is in seconds and `effort` in work; they beat the scenario's. `progress` is told what is
    being done; `cancel` ends the search with the best plan so far; `start` is what an earlier solve has left,
    and `decided` are the integer values of a plan by key, for a model of another shape. Raises
    InfeasibleError with the limits in conflict, or NoPlanError when the limit or a stop comes before there is
    a plan.
    """
    started = perf_counter()
    limit = scenario.settings.solver.time_limit if time_limit is None else time_limit
    with watched(progress, cancel):
        compiled = built(scenario, demand)
        deadline = None if limit is None else started + limit
        try:
            return solve_built(compiled, deadline=deadline, start=start, decided=decided, effort=effort,
                               build_seconds=perf_counter() - started)
        except InfeasibleError:
            reason = explained(
                compiled, built=lambda figures: built(rewritten(scenario, figures), demand),
                solved=lambda other, until, left: solve_built(other, deadline=until, start=left),
                deadline=deadline)
        raise reason


@plain_texts()
def solve_built(compiled: Compiled, *, deadline: float | None = None, start: WarmStart | None = None,
                decided: Decided | None = None, ranked: list[Goal] | None = None,
                effort: float | None = None, build_seconds: float = 0.0) -> Solution:
    """The same for a model that is a matrix already; `deadline` is a moment of perf_counter. `ranked` are
    the goals in order, by default those of the scenario's mode. That there is no plan is said without the
    reason, which takes longer to find.
    """
    ranked = ranked or goals(compiled.model, compiled.layout, compiled.costs)
    run = open_run(compiled, ranked, start, decided)
    effort = compiled.model.scenario.settings.solver.effort if effort is None else effort
    try:
        with counted(effort, until=deadline) as work:
            reached = reach_goals(compiled, ranked, run, deadline=deadline if effort is None else effort)
    except BaseException:
        run.close()
        raise
    finally:
        run.release()
    point = SettledPoint.of(compiled, ranked, reached, units=run.session.column_units,
                            smallest_step=run.session.smallest_step,
                            warm_start=run.warm_start(reached.values))
    solution = point.solution(build_seconds=build_seconds)
    return solution if work is None or work.clock_ended else _ended_by_effort(solution)


@plain_texts()
def built(scenario: Scenario, demand: Demand) -> Compiled:
    """The model as a matrix; one is built at a time."""
    tell(Progress("building"))
    while not _building.acquire(timeout=TURN_SECONDS):
        checkpoint()
    try:
        return compile_model(build_model(scenario, demand))
    finally:
        _building.release()


@plain_texts()
def solved_again(what_ifs: WhatIfs, compiled: Compiled, *,
                 near: Near | None = None) -> tuple["SettledPoint", Near]:
    """Where another model that fits the plan of the what-ifs leads to, and what a similar one may begin at;
    InfeasibleError where no plan is left.
    """
    found = what_ifs.solved(compiled, near=near)
    reached, session = found.reached, what_ifs.session
    point = SettledPoint.of(compiled, what_ifs.goals if compiled is what_ifs.compiled else None, reached,
                            units=session.column_units, smallest_step=session.smallest_step,
                            warm_start=replace(what_ifs.start, values=reached.values))
    return point, found


@dataclass(frozen=True, eq=False)
class SettledPoint:
    """Where the goals led to, ties settled: `values` of all variables, of which the solution is made once
    somebody asks for it.
    """

    compiled: Compiled
    ranked: Sequence[Goal]
    reached: Reached
    values: Floats
    smallest_step: float
    warm_start: WarmStart

    @classmethod
    def of(cls, compiled: Compiled, ranked: Sequence[Goal] | None, reached: Reached, *, units: Floats,
           smallest_step: float, warm_start: WarmStart) -> "SettledPoint":
        """The point with its ties settled; `units` are what the solver takes for 1 of each variable."""
        values = settled(reached.values, compiled.rows, compiled.layout, upper=compiled.upper, units=units)
        known = goals(compiled.model, compiled.layout, compiled.costs) if ranked is None else ranked
        return cls(compiled, known, reached, values=values, smallest_step=smallest_step,
                   warm_start=warm_start)

    @property
    def status(self) -> str:
        """How the search ended."""
        return self.reached.outcome.status

    @property
    def measured(self) -> tuple[float, float | None]:
        """The objective and its bound, in the mode's own sense."""
        outcome, last = self.reached.outcome, self.ranked[-1]
        mode = self.compiled.model.scenario.settings.objective.mode
        assert outcome.objective is not None
        # Where a stop came before the last goal was reached, what is settled is no tie: the plan costs less
        # for it.
        value = outcome.objective if outcome.status == "optimal" else last.value(self.values)
        objective, bound = (_in_own_sense(mode, figure, last.earned(self.reached.values))
                            for figure in (value, outcome.bound))
        assert objective is not None
        return objective, bound

    @property
    def passes(self) -> tuple[Pass, ...]:
        """Each objective pass with its value, bound and gap."""
        return tuple(_measured(step, self.ranked, self.values, last=self.measured)
                     for step in self.reached.passes)

    @property
    def cost(self) -> float:
        """Everything that the plan costs."""
        mode = self.compiled.model.scenario.settings.objective.mode
        return sum(float(part.amounts(self.values).sum()) for name in sorted(counted_terms(mode))
                   for part in self.compiled.costs.terms[name])

    def solution(self, *, build_seconds: float = 0.0) -> Solution:
        """All of it in the model's own words."""
        compiled, (objective, bound) = self.compiled, self.measured
        mode = compiled.model.scenario.settings.objective.mode
        # prices are those of the best plan: what they are in another says nothing
        is_best = self.status == "optimal"
        duals, of_service = (self.reached.outcome.row_duals, self.reached.prices) if is_best else (None, ())
        return Solution(
            status=self.status, mode=mode, objective=objective, bound=bound, gap=gap(objective, bound),
            passes=self.passes,
            seconds={"build": build_seconds, "highs": sum(entry.seconds for entry in self.reached.passes)},
            values=_values(compiled, self.values), shadow_prices=_shadow_prices(
                compiled, duals, list(compiled.rows.families), noise=PRICE_NOISE * self.smallest_step),
            service_prices=_service_prices(compiled, of_service),
            costs={name: _amounts(compiled.costs.terms[name], self.values)
                   for name in sorted(counted_terms(mode))},
            warm_start=self.warm_start)


def _ended_by_effort(solution: Solution) -> Solution:
    """The solution, its search ended by the work allowed and not by the clock."""
    passes = tuple(replace(step, status=EFFORT_LIMIT) if step.status == "time_limit" else step
                   for step in solution.passes)
    status = EFFORT_LIMIT if solution.status == "time_limit" else solution.status
    return replace(solution, passes=passes, status=status)


def _measured(
    step: Pass, ranked: Sequence[Goal], values: Floats, *, last: tuple[float, float | None]
) -> Pass:
    """The pass with what the plan itself comes to by its goal: later passes may have gone on beyond it."""
    goal = next(goal for goal in ranked if goal.name == step.name)
    objective, bound = last
    if goal is not ranked[-1]:
        objective = goal.value(values)
        if abs(objective - step.objective) <= HELD_WITHIN * max(1.0, abs(objective)):
            return step
        bound = None if step.bound is None else min(step.bound, objective)
    return replace(step, objective=objective, bound=bound, gap=gap(objective, bound))


def _in_own_sense(mode: str, value: float | None, earned: float) -> float | None:
    """A profit as a positive number; a cost with what remaining demand earns added back."""
    if value is None:
        return None
    return -value if mode == "profit" else value + earned


def _values(compiled: Compiled, values: Floats) -> dict[str, pd.DataFrame]:
    """Every variable as its index columns and value; integer variables without the solver's rounding."""
    rounded = values.round()
    nearly = compiled.whole & (np.abs(values - rounded) <= NEARLY_WHOLE)
    exact = np.where(nearly, rounded, values)
    return {
        name: _dated(spelled(getattr(compiled.model.pyomo, name).index_set().index)).assign(
            value=exact[compiled.layout.place(name)]
        )
        for name in compiled.layout.first
    }


def _amounts(parts: list[CompiledAmount], values: Floats) -> pd.DataFrame:
    """A cost term, member by member of the sets that it adds up over."""
    return pd.concat(
        [_dated(keyed(spelled(part.over.index))).assign(amount=part.amounts(values)) for part in parts],
        ignore_index=True,
    )


def _dated(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with one `period`: that of arrival where it has both, else that of the start."""
    return (
        frame.drop(columns="start")
        if {"start", "period"} <= set(frame)
        else frame.rename(columns={"start": "period"})
    )


def _service_prices(compiled: Compiled, of_passes: Sequence[tuple[str, Floats]]) -> pd.DataFrame:
    """What one more unit of each limit does for each goal of service, in the goal's own unit."""
    limits = [name for name in compiled.rows.families if LIMITS[name].is_limit]
    return pd.concat(
        [NO_PRICES.assign(**{"pass": ""}),
         *(_shadow_prices(compiled, duals, limits, noise=SERVICE_NOISE).assign(**{"pass": goal})
           for goal, duals in of_passes)],
        ignore_index=True)


def _shadow_prices(
    compiled: Compiled, duals: Floats | None, rules: list[str], *, noise: float
) -> pd.DataFrame:
    """What one more unit of each limit saves; of equalities, what one more unit on the right-hand side
    costs.
    """
    if duals is None:
        return NO_PRICES
    frames = []
    for name in rules:
        place = compiled.rows.families[name]
        equality = compiled.rows.lower[place] == compiled.rows.upper[place]
        prices = np.where(equality, duals[place], -duals[place])
        chosen = np.flatnonzero(np.abs(prices) > noise)
        keys = row_keys(compiled, name, chosen)
        frames.append(keys.assign(constraint=name, key=_joined(keys), shadow_price=prices[chosen]))
    return pd.concat([frame for frame in frames if len(frame)] or [NO_PRICES], ignore_index=True)


def _joined(keys: pd.DataFrame) -> pd.Series | list[str]:
    """The key columns of each row as one text, for readers."""
    texts = [keys[column].astype(str) for column in keys.columns if column not in ("period", "from")]
    return reduce(lambda left, right: left.str.cat(right, sep=" | "), texts) if texts and len(keys) else []


NO_PRICES = pd.DataFrame({"constraint": [], "key": [], "period": [], "shadow_price": []})
SERVICE_NOISE = 1e-7  # units that are the solver's tolerance
EFFORT_LIMIT = "effort_limit"
HELD_WITHIN = 1e-6  # what is held may slip by less, which is rounding
PRICE_NOISE = 1e-9  # shadow prices below this, in what the solver takes for 1 of the goal, are rounding
NEARLY_WHOLE = 1e-5  # the solver's integers may be off by its integrality tolerance
