"""From scenario and demand to a proven solution."""

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

import numpy as np
import pandas as pd

from planner.demand.demand import Demand
from planner.errors import InfeasibleError, NoPlanError
from planner.model.build import Model, build_model
from planner.model.columnar import NUMBERS, Index
from planner.model.compile import CompiledSum, Floats, Layout, Rows, compile_rows
from planner.model.highs import Outcome, Session
from planner.model.infeasibility import conflicts
from planner.model.objective import Costs, Goal, counted_terms, goals
from planner.model.settle import settled
from planner.model.solution import Pass, Solution
from planner.scenario.scenario import Scenario

Progress = Callable[[str], None]

# A held goal may slip by this share, so that rounding in the last digits does not make the next pass infeasible.
HOLD_TOLERANCE = 1e-9


@dataclass(frozen=True)
class Compiled:
    """A model as a matrix, with its bounds and costs."""

    model: Model
    layout: Layout
    rows: Rows
    lower: Floats
    upper: Floats
    costs: Costs


def solve_model(scenario: Scenario, demand: Demand, *, time_limit: float | None = None,
                progress: Progress | None = None) -> Solution:
    """The plan with the least value of each goal of the scenario's objective mode, in order, each proven.

    `time_limit` is in seconds and beats the scenario's; `progress` is told what is being done. Raises InfeasibleError with
    the limits in conflict, or NoPlanError when the limit or an interrupt comes before the first plan.
    """
    tell = progress or (lambda text: None)
    started = perf_counter()
    limit = scenario.settings.solver.time_limit if time_limit is None else time_limit
    tell("building the model")
    compiled = compile_model(build_model(scenario, demand))
    built = perf_counter()
    ranked = goals(compiled.model, compiled.layout, compiled.costs)
    outcome, passes = _reach_goals(compiled, ranked, tell, None if limit is None else started + limit)
    return _solution(compiled, ranked[-1], outcome, passes, build_seconds=built - started)


def compile_model(model: Model) -> Compiled:
    """The model's rules, bounds and costs as arrays."""
    layout = Layout.of(model.pyomo)
    upper = np.full(layout.size, np.inf)
    for name, bound in model.declared.uppers.items():
        upper[layout.first[name]:layout.first[name] + len(bound)] = bound
    return Compiled(model, layout, compile_rows(model.pyomo, layout), np.zeros(layout.size), upper, Costs.of(model, layout))


def open_session(compiled: Compiled) -> Session:
    """The compiled model handed over to HiGHS."""
    solver = compiled.model.scenario.settings.solver
    return Session(compiled.rows, compiled.lower, compiled.upper, threads=solver.threads, seed=solver.seed)


def _reach_goals(compiled: Compiled, ranked: list[Goal], tell: Progress,
                 deadline: float | None) -> tuple[Outcome, list[Pass]]:
    """Minimises one goal after the other, holding those already reached. The best point so far survives a stop."""
    session = open_session(compiled)
    passes: list[Pass] = []
    best: Outcome | None = None
    for goal in ranked:
        seconds = None if deadline is None else deadline - perf_counter()
        reached = None if goal is ranked[-1] else _already_least(goal, best)  # the last goal's prices are wanted in its own unit
        outcome = reached or _minimised(session, goal, tell, seconds=seconds)
        if outcome.status == "infeasible" and best is None:
            raise InfeasibleError("no plan satisfies every hard limit; relax one of these", conflicts(compiled))
        if outcome.status in ("unbounded", "infeasible", "failed"):
            raise NoPlanError(f"the solver ended with status {outcome.status} while minimising {goal.name}")
        if outcome.values is None and best is None:
            raise NoPlanError(f"{_reason(outcome)} while minimising {goal.name}, before there was a plan")
        best = _kept(goal, outcome, best)
        passes.append(_pass(goal, best))
        if best.status != "optimal":
            break
        if goal is not ranked[-1] and best.objective is not None:
            held = best.objective - goal.constant
            session.hold(goal.coefficients, held + HOLD_TOLERANCE * max(1.0, abs(held)))
    assert best is not None
    return _at_last_goal(ranked[-1], best), passes


def _minimised(session: Session, goal: Goal, tell: Progress, *, seconds: float | None) -> Outcome:
    """The least value of the goal. An interrupt just before or after the solver's run ends the search as one within it does."""
    try:
        tell(f"minimising {goal.name}")
        return session.minimise(goal.coefficients, goal.constant, seconds=seconds)
    except KeyboardInterrupt:
        return Outcome("interrupted", None, None, None, None, 0.0)


def _already_least(goal: Goal, best: Outcome | None) -> Outcome | None:
    """The point already reached, where it needs no search: a goal that counts shortfalls cannot fall below 0."""
    if best is None or best.values is None or (goal.coefficients < 0).any() or goal.constant != 0.0:
        return None
    counted = goal.coefficients > 0
    return Outcome("optimal", 0.0, 0.0, best.values, best.row_duals, 0.0) if not best.values[counted].any() else None


def _kept(goal: Goal, outcome: Outcome, best: Outcome | None) -> Outcome:
    """The outcome, or the last feasible point when a stop left it without one that is better."""
    if best is None or best.values is None or outcome.status == "optimal":
        return outcome
    before = goal.value(best.values)
    if outcome.values is not None and outcome.objective is not None and outcome.objective <= before:
        return outcome
    return Outcome(outcome.status, before, outcome.bound, best.values, None, outcome.seconds)


def _at_last_goal(goal: Goal, best: Outcome) -> Outcome:
    """The point measured by the mode's own objective, also where the search stopped before reaching that goal."""
    assert best.values is not None
    return Outcome(best.status, goal.value(best.values), best.bound if best.status == "optimal" else None,
                   best.values, best.row_duals, best.seconds)


def _reason(outcome: Outcome) -> str:
    return {"time_limit": "the time limit came", "interrupted": "interrupted"}[outcome.status]


def _pass(goal: Goal, outcome: Outcome) -> Pass:
    assert outcome.objective is not None
    return Pass(goal.name, outcome.objective, outcome.bound, _gap(outcome.objective, outcome.bound), outcome.seconds)


def _gap(objective: float, bound: float | None) -> float | None:
    """Distance from the bound as a share of the objective."""
    if bound is None:
        return None
    return 0.0 if objective == bound else abs(objective - bound) / max(abs(objective), 1e-9)


def _solution(compiled: Compiled, last: Goal, outcome: Outcome, passes: list[Pass], *, build_seconds: float) -> Solution:
    mode = compiled.model.scenario.settings.objective.mode
    assert outcome.objective is not None and outcome.values is not None
    values = settled(outcome.values, compiled.rows, compiled.layout, upper=compiled.upper)
    objective, bound = (_in_own_sense(mode, value, last.earned(outcome.values)) for value in (outcome.objective, outcome.bound))
    assert objective is not None
    return Solution(
        status=outcome.status, mode=mode, objective=objective, bound=bound,
        gap=_gap(objective, bound), passes=tuple(passes),
        seconds={"build": build_seconds, "highs": sum(entry.seconds for entry in passes)},
        values=_values(compiled, values), shadow_prices=_shadow_prices(compiled, outcome.row_duals),
        costs={name: _amounts(compiled.costs.terms[name], values) for name in sorted(counted_terms(mode))})


def _in_own_sense(mode: str, value: float | None, earned: float) -> float | None:
    """A profit as a positive number; a cost with what remaining demand earns added back."""
    if value is None:
        return None
    return -value if mode == "profit" else value + earned


def _values(compiled: Compiled, values: Floats) -> dict[str, pd.DataFrame]:
    """Every variable as its index columns and value."""
    found = {}
    for name, first in compiled.layout.first.items():
        index = getattr(compiled.model.pyomo, name).index_set().index
        found[name] = _dated(_spelled(index)).assign(value=values[first:first + index.size])
    return found


def _amounts(terms: list[CompiledSum], values: Floats) -> pd.DataFrame:
    """A cost term, member by member of the sets that it adds up over."""
    return pd.concat([_dated(_spelled(term.over.index)).assign(amount=term.amounts(values)) for term in terms], ignore_index=True)


def _dated(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with one `period`: that of arrival where it has both, else that of the start."""
    return frame.drop(columns="start") if {"start", "period"} <= set(frame) else frame.rename(columns={"start": "period"})


def _shadow_prices(compiled: Compiled, duals: Floats | None) -> pd.DataFrame:
    """What one more unit of each limit saves; of equalities, what one more unit on the right-hand side costs."""
    empty = pd.DataFrame({"constraint": [], "key": [], "period": [], "shadow_price": []})
    if duals is None:
        return empty
    frames = []
    for name, place in compiled.rows.families.items():
        equality = compiled.rows.lower[place] == compiled.rows.upper[place]
        prices = np.where(equality, duals[place], -duals[place])
        index = getattr(compiled.model.pyomo, name).index_set().index
        chosen = np.flatnonzero(np.abs(prices) > PRICE_NOISE)
        spelled = _spelled(Index({column: codes[chosen] for column, codes in index.columns.items()}, index.names))
        keys = [column for column in spelled.columns if column != "period"]
        frames.append(pd.DataFrame({
            "constraint": name, "key": spelled[keys].astype(str).agg(" | ".join, axis=1) if len(chosen) else [],
            "period": spelled.get("period", pd.Series(0, index=spelled.index)), "shadow_price": prices[chosen]}))
    return pd.concat([frame for frame in frames if len(frame)] or [empty], ignore_index=True)


PRICE_NOISE = 1e-9  # shadow prices below this are rounding


def _spelled(index: Index) -> pd.DataFrame:
    return pd.DataFrame({name: codes if name in NUMBERS else index.names.decode(codes) for name, codes in index.columns.items()})
