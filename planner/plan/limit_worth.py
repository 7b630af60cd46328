"""What more of a limit is worth, by solving again with one step more of it.

Two numbers. With more of it the plan serves more: what is delivered, which targets come closer, what that
costs and earns. And at the same service level it may cost less. A price of the solver says neither: it holds
for an instant, and where the last promises are kept by expensive means it is more than anybody could earn.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from planner.errors import PlanError
from planner.figures import figure, one
from planner.model.limits import LIMITS
from planner.model.solve import built
from planner.model.solver.same_service import cost_at_service
from planner.naming import listed, spelled
from planner.plan.plan import Plan
from planner.plan.resolving import Overrides, Resolved, Resolver
from planner.plan.statement import Statement
from planner.scenario.scenario import Scenario
from planner.scenario.schema import TABLES
from planner.scenario.suggestions import did_you_mean
from planner.text_cells import plain_texts

# The limit that a set of names stands for, and one natural step of it.
STEPS: dict[frozenset[str], tuple[str, float]] = {
    frozenset({"site", "work_center"}): ("work_center_capacity", 10.0),
    frozenset({"site", "labor_pool"}): ("max_hires", 1.0),
    frozenset({"item", "site", "routing"}): ("routing_capacity", 10.0),
    frozenset({"item", "supplier", "site"}): ("source_capacity", 10.0),
    frozenset({"item", "supplier"}): ("supplier_capacity", 10.0),
    frozenset({"supplier"}): ("supplier_capacity", 10.0),
    frozenset({"origin", "destination", "mode"}): ("lane_capacity", 10.0),
    frozenset({"item", "site"}): ("max_inventory", 10.0),
}
MULTIPLES = (1, 2, 4)  # of the step: how far the numbers hold
ALIKE = 0.01  # of a number per unit: within it, the number still holds
NOTHING = 0.005  # units or money: below it there is nothing


@dataclass(frozen=True, eq=False)
class Worth:
    """What `step` more of a limit in every period brings, `total` in all, and up to which step it holds.

    `saving` is what it saves at the same service level; None where that is more than the units could earn,
    since nobody should act on it. `overrides` are the step as a what-if, which gives the same numbers when it
    is solved.
    """

    plan: Plan
    constraint: str
    keys: Mapping[str, str]
    step: float
    total: float
    holds_up_to: float
    resolved: Resolved
    saving: float | None

    @property
    def overrides(self) -> Overrides:
        """The step as the overrides of a what-if."""
        return self.resolved.overrides

    @property
    def figures(self) -> dict[str, Any]:
        """Every number, for programs."""
        more = self.resolved.difference
        closer = {name: -change for name, change in more.missed.items() if abs(change) > NOTHING}
        return {"constraint": self.constraint, **self.keys, "unit": LIMITS[self.constraint].unit,
                "step": self.step, "total": self.total, "holds_up_to": self.holds_up_to,
                "delivered": more.delivered, "on_time": more.on_time, "lost": more.lost, "cost": more.cost,
                "revenue": more.revenue, "margin": more.margin, "targets_closer": closer,
                "saving_at_same_service": self.saving}

    @cached_property
    def statements(self) -> list[Statement]:
        """The numbers in sentences."""
        return [self._brings(), *self._targets(), self._saves(), self._range()]

    def _brings(self) -> Statement:
        more, unit = self.resolved.difference, LIMITS[self.constraint].unit
        head = (f"{figure(self.step)} more {unit} a {self.plan.bucket} of {self.what} "
                f"({figure(self.total)} in all)")
        if more.delivered <= NOTHING and abs(more.margin) <= NOTHING:
            return Statement("worth", f"{head} change nothing.", self.figures)
        served = (f"deliver {figure(more.delivered)} more units" if more.delivered > NOTHING
                  else "deliver no more")
        cost = f"{'cost' if more.cost >= 0 else 'save'} {self._money(abs(more.cost))}"
        each = self._money(more.margin / self.total)
        text = (f"{head} {served}, {cost}{' more' if more.cost >= 0 else ''} and add "
                f"{self._money(more.margin)} of margin: {each} for each of the {unit}.")
        return Statement("worth", text, self.figures)

    def _targets(self) -> list[Statement]:
        measures = self.plan.tables["targets"].set_index("target")["measure"].to_dict()
        closer = self.figures["targets_closer"]
        if not closer:
            return []
        words = [f"{name} by {figure(amount) if measures[name] == 'units' else self._money(amount)}"
                 f"{' units' if measures[name] == 'units' else ''}" for name, amount in closer.items()]
        return [Statement("targets_closer", f"Targets come closer: {listed(words)}.", closer)]

    def _saves(self) -> Statement:
        figures = {"saving": self.saving}
        if self.saving is None:
            text = ("At the same service level it saves more than its units could earn, since the last "
                    "promises are kept by expensive means: that is no value to act on.")
            return Statement("saving_out_of_proportion", text, figures)
        if self.saving <= NOTHING:
            return Statement("saving", "At the same service level it saves nothing.", figures)
        text = (f"At the same service level it saves {self._money(self.saving)}, "
                f"{self._money(self.saving / self.total)} for each of the {LIMITS[self.constraint].unit}.")
        return Statement("saving", text, figures)

    def _range(self) -> Statement:
        unit = LIMITS[self.constraint].unit
        limit_of_tries = ", as far as was tried" if self.holds_up_to >= self.step * MULTIPLES[-1] else ""
        text = (f"These numbers hold for up to {figure(self.holds_up_to)} more {unit} a {self.plan.bucket}"
                f"{limit_of_tries or ', and each brings less beyond that'}.")
        return Statement("range", text, {"holds_up_to": self.holds_up_to})

    @property
    def what(self) -> str:
        """The limit, as people write it."""
        limit = LIMITS[self.constraint].words
        names = [name if key in ("item", "routing", "mode") else spelled(name)
                 for key, name in self.keys.items()]
        return f"{limit}, {' '.join(names)}"

    def _money(self, amount: float) -> str:
        return one(amount, "currency", currency=self.plan.currency)


@plain_texts()
def worth(plan: Plan, *, step: float | None = None, scenario: Scenario | None = None,
          resolver: Resolver | None = None, keys: Mapping[str, str]) -> Worth:
    """What one step more of the limit with these key columns is worth in every period, solved again.

    `keys` name one limit: a work center with its site, a supplier, an item of a supplier, a lane and so on.
    PlanError says what can be named, and that the scenario sets no such limit.
    """
    solver = resolver or Resolver(plan, scenario)
    constraint, natural = _limit_of(keys)
    size = natural if step is None else step
    if not size > 0:
        raise PlanError(f"step = {size:g}: must be above 0")
    changes = [_overrides(solver.scenario, constraint, keys, more=size * multiple) for multiple in MULTIPLES]
    first, *further = solver.solved_each([change for change, _ in changes])
    for outcome in (first, *further):
        if not outcome.has_plan:
            raise PlanError(f"no plan is left with more of it: {outcome.status}")
    return Worth(plan=plan, constraint=constraint, keys=dict(keys), step=size, total=changes[0][1] * size,
                 holds_up_to=size * _holds([first, *further]), resolved=first,
                 saving=_saving(solver, first))


def _limit_of(keys: Mapping[str, str]) -> tuple[str, float]:
    limit = STEPS.get(frozenset(keys))
    if limit is None:
        allowed = "; ".join(", ".join(sorted(names)) for names in STEPS)
        key_names = ", ".join(sorted(keys)) or "nothing"
        raise PlanError(f"{key_names} names no limit. Name one of: {allowed}")
    return limit


def _overrides(scenario: Scenario, constraint: str, keys: Mapping[str, str], *,
               more: float) -> tuple[dict[str, Any], int]:
    """The what-if in which every row that sets the limit has so much more, and in how many periods."""
    changes: dict[str, Any] = {}
    periods: set[Any] = set()
    for source in LIMITS[constraint].sources:
        table, column = source.split(".")
        rows = _matching(scenario[table], keys)
        rows = rows[rows[column].notna()]
        if rows.empty:
            continue
        by_period = _matching(scenario.by_period(table), keys)
        periods |= set(by_period.loc[by_period[column].notna(), "period"])
        scopes = [name for name in (*TABLES[table].keys, "from", "to") if name in rows.columns]
        rows = rows.assign(filled=rows[scopes].notna().sum(axis=1)).sort_values("filled", kind="stable")
        changes[table] = [{"where": {name: _written(row[name]) for name in scopes if pd.notna(row[name])},
                           "set": {column: float(row[column]) + more}} for row in rows.to_dict("records")]
    if not changes:
        sources = " or ".join(LIMITS[constraint].sources)
        words = ", ".join(f"{key} {name}" for key, name in keys.items())
        raise PlanError(f"{words}: no row of {sources} limits it{_hints(scenario, constraint, keys)}")
    return changes, len(periods)


def _hints(scenario: Scenario, constraint: str, keys: Mapping[str, str]) -> str:
    """The nearest of the names that the tables of the limit know, for each that they do not."""
    tables = [scenario[source.split(".")[0]] for source in LIMITS[constraint].sources]
    names = {key: {str(name) for table in tables for name in table[key].dropna()} for key in keys}
    return "".join(did_you_mean(name, names[key]) for key, name in keys.items() if name not in names[key])


def _matching(rows: pd.DataFrame, keys: Mapping[str, str]) -> pd.DataFrame:
    for key, name in keys.items():
        rows = rows[rows[key] == name]
    blank = {"item"} - keys.keys()
    for key in blank & set(rows.columns):
        rows = rows[rows[key].isna()]
    return rows


def _written(value: Any) -> Any:
    return str(value) if isinstance(value, pd.Period) else value


def _holds(outcomes: list[Resolved]) -> int:
    """The largest multiple of the step up to which a unit brings the same."""
    holds = MULTIPLES[0]
    first = outcomes[0].difference
    for multiple, more in zip(MULTIPLES[1:], outcomes[1:], strict=True):
        pairs = ((first.delivered, more.difference.delivered), (first.margin, more.difference.margin))
        apart = [abs(larger - multiple * base) - ALIKE * abs(multiple * base) for base, larger in pairs]
        if max(apart) > NOTHING:
            break
        holds = multiple
    return holds


def _saving(solver: Resolver, resolved: Resolved) -> float | None:
    """What the step saves at the same service level; None where that is more than its units could earn."""
    service = {step.name: step.objective for step in solver.plan.passes[:-1]}
    if not service:
        return max(-resolved.difference.cost, 0.0)
    before = cost_at_service(solver.compiled, service, start=solver.start)
    after = cost_at_service(built(resolved.scenario, resolved.demand), service, start=solver.start)
    if before is None or after is None:
        return None
    saved = max(before - after, 0.0)
    earned = resolved.difference.revenue
    return None if earned > NOTHING and saved > earned else saved
