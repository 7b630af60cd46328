"""A plan: what was decided, in tidy tables, with its proof and its scorecard."""

import logging
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from importlib.metadata import version
from numbers import Real
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, Literal, overload

import pandas as pd

from planner.errors import PlanError, PlannerError
from planner.glance import glance, glance_html
from planner.linear_algebra import one_thread
from planner.model.solution import Pass
from planner.progress import Cancel, Progress, Watcher, tell, watched
from planner.scenario.calendar import Calendar, PeriodForm, parse_period, with_periods_as
from planner.scenario.scenario import Scenario
from planner.scenario.suggestions import did_you_mean
from planner.text_cells import plain_texts

if TYPE_CHECKING:
    import os

    from planner.demand.demand import Demand
    from planner.model.solution import Solution
    from planner.plan.comparison.walk import Walk
    from planner.plan.deciding import ToDecide
    from planner.plan.demand_review import DemandReview
    from planner.plan.gaps import Gaps
    from planner.plan.goals import Goals
    from planner.plan.limit_worth import Worth
    from planner.plan.pegging.pegged import Pegging
    from planner.plan.pegging.stock import Rule
    from planner.plan.proof import Proof
    from planner.plan.statement import Statement

log = logging.getLogger(__name__)

MADE_WITH = ("planner", "pyomo", "highspy")


@dataclass(frozen=True, eq=False)
class Plan:
    """One plan of one scenario: frozen, made of tidy tables that `layout.py` declares, saved as a folder.

    `objective` is in the mode's own sense: a cost, or a profit as a positive number. `scenario_source` is
    the absolute path of the scenario, or blank where it was not read from files. `warm_start` is what
    `solve(..., start=plan)` starts from: a plan that was read from files, or sent to another process, has
    none. `changed_files` names the files that were edited since they were saved, where such a plan was
    asked for. `scenario` and `demand` are what this process has made the plan of; a plan that was read from
    files has none, and `scenario_of_plan.scenario_of` reads its scenario again. `saved_review` is the
    demand review that was saved with it.
    """

    name: str
    question: str
    status: str
    mode: str
    objective: float
    bound: float | None
    gap: float | None
    passes: tuple[Pass, ...]
    seconds: Mapping[str, float]
    currency: str
    bucket: str
    scenario_hash: str
    scenario_source: str
    versions: Mapping[str, str]
    settings: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]
    kpi_table: pd.DataFrame
    changes: pd.DataFrame
    changed_files: tuple[str, ...] = field(default=(), compare=False)
    warm_start: Any = field(default=None, repr=False, compare=False)
    scenario: Scenario | None = field(default=None, repr=False, compare=False)
    demand: "Demand | None" = field(default=None, repr=False, compare=False)
    saved_review: "DemandReview | None" = field(default=None, repr=False, compare=False)

    @cached_property
    def demand_review(self) -> "DemandReview | None":
        """The demand as a meeting reviews it: bands, origins, pipeline, overrides, and how good past
        forecasts were. None of a plan that was saved without it, or made of a demand without its scenario.
        """
        if self.demand is None or self.scenario is None:
            return self.saved_review
        from planner.plan.demand_review import review_of
        return review_of(self.demand, self.scenario)

    @cached_property
    def kpis(self) -> dict[str, float]:
        """The scorecard by name; a KPI that the data does not allow is absent."""
        return dict(zip(self.kpi_table["kpi"], self.kpi_table["value"].astype(float), strict=True))

    @property
    def is_proven(self) -> bool:
        """Whether no plan is better by more than the gap that was asked for."""
        return self.status == "optimal"

    @cached_property
    def proof(self) -> "Proof":
        """How much better another plan could be at most."""
        from planner.plan.proof import proof_of
        return proof_of(self)

    @cached_property
    def item_units(self) -> dict[str, str]:
        """The unit in which each item is counted, where the scenario says so."""
        items = self.tables["items"]
        counted = items[items["unit"] != ""]
        return dict(zip(counted["item"], counted["unit"], strict=True))

    @cached_property
    def calendar(self) -> Calendar:
        """The periods that are planned."""
        calendar = self.settings["calendar"]
        return Calendar(
            parse_period(calendar["start"], bucket=calendar["bucket"]),
            calendar["periods"],
            calendar["bucket"],
        )

    def frame(self, table: str, *, periods: PeriodForm = "period") -> pd.DataFrame:
        """A table of the plan, or `kpis` or `changes`, for other programs: its periods as pandas Periods, as
        text like 2026-03, or as timestamps of their first day.

            plan.frame("production", periods="text").to_sql("production", connection)
            plan.frame("production", periods="timestamp").to_parquet("production.parquet")
        """
        frames = {**self.tables, "kpis": self.kpi_table, "changes": self.changes}
        if table not in frames:
            raise PlanError(f'no table "{table}"{did_you_mean(str(table), frames)}. '
                            f"A plan has {', '.join(frames)}")
        return with_periods_as(frames[table], periods)

    def __repr__(self) -> str:
        from planner.plan.at_a_glance import facts
        return glance(f"Plan {self.name}", facts(self))

    def _repr_html_(self) -> str:
        """The same as a small table, for notebooks."""
        from planner.plan.at_a_glance import facts
        return glance_html(f"Plan {self.name}", facts(self))

    @overload
    def explain(self, *, item: str | None = None, market: str | None = None,
                period: str | pd.Period | None = None, order: str | None = None,
                customer: str | None = None, target: str | None = None,
                scenario: "Scenario | str | os.PathLike[str] | None" = None,
                as_records: Literal[False] = False) -> list[str]: ...

    @overload
    def explain(self, *, item: str | None = None, market: str | None = None,
                period: str | pd.Period | None = None, order: str | None = None,
                customer: str | None = None, target: str | None = None,
                scenario: "Scenario | str | os.PathLike[str] | None" = None,
                as_records: Literal[True]) -> "list[Statement]": ...

    def explain(self, *, item: str | None = None, market: str | None = None,
                period: str | pd.Period | None = None, order: str | None = None,
                customer: str | None = None, target: str | None = None,
                scenario: "Scenario | str | os.PathLike[str] | None" = None,
                as_records: bool = False) -> "list[str] | list[Statement]":
        """Sentences with figures: what was wanted and delivered, how it was supplied, and the limits that
        stand on the way to what is late or lost, with dates.

            plan.explain(item="city-pro", market="germany", period="2027-01")
            plan.explain(order="SO-0140")
            plan.explain(target="cargo-2026", as_records=True)

        `as_records` gives statements, which have the figures of each sentence. `scenario` is the one that the
        plan was made of, or its place; without one, it is found again. PlanError names what the plan does not
        know.
        """
        from planner.plan.explain import explain
        sentences = explain(self, item=item, market=market, period=period, order=order, customer=customer,
                            target=target, scenario=scenario)
        return sentences if as_records else [statement.text for statement in sentences]

    def gaps(self, scenario: "Scenario | str | os.PathLike[str] | None" = None) -> "Gaps":
        """Demand against targets and supply against demand: what is missing, and who can close it.

            plan.gaps().targets

        `scenario` is the one that the plan was made of, or its place; without one, it is found again.
        """
        from planner.plan.gaps import gaps
        return gaps(self, scenario)

    def goals(self, scenario: "Scenario | str | os.PathLike[str] | None" = None, *,
              priced: bool = True) -> "Goals":
        """The goals of both sides, sales targets included, and what more of one costs the others, solved
        again.

            plan.goals().frame

        `scenario` is the one that the plan was made of, or its place; without one, it is found again. Without
        `priced`, nothing is solved.
        """
        from planner.plan.goals import goals_of
        return goals_of(self, scenario, priced=priced)

    def booked_orders(self, *, order: str | None = None, customer: str | None = None,
                      item: str | None = None, market: str | None = None) -> pd.DataFrame:
        """Every booked order, or those of a name: due, promised, on time, late, overdue from the start or
        lost, in units and money.
        """
        from planner.plan.orders import orders_of
        return orders_of(self, order=order, customer=customer, item=item, market=market)

    def customers(self) -> pd.DataFrame:
        """Every customer, and the forecast demand of every market, those that lose or wait for most money
        first.
        """
        from planner.plan.orders import customers_of
        return customers_of(self)

    def to_decide(self, scenario: "Scenario | str | os.PathLike[str] | None" = None, *, periods: int = 1,
                  most: int = 10) -> "ToDecide":
        """The decisions of the first periods, with what waiting a period costs: `decisions` and `made_ahead`.

        The `most` decisions that cost most are solved again, which takes some time each; 0 solves nothing.
        """
        from planner.plan.deciding import decide
        return decide(self, scenario, periods=periods, most=most)

    def pegging(self, scenario: "Scenario | str | os.PathLike[str] | None" = None, *,
                rule: "Rule" = "oldest_first") -> "Pegging":
        """What serves each delivery at what landed cost, and what depends on each supplier, work center and
        receipt.

            plan.pegging().serving(order="SO-0140").flows
            plan.pegging().depending(supplier="arvo").deliveries

        `scenario` is the one that the plan was made of, or its place; without one, it is found again.
        """
        from planner.plan.pegging import peg
        return peg(self, scenario, rule=rule)

    def walk(self, other: "Plan") -> "Walk":
        """Why the other plan costs, earns and reaches more: from this plan to it, one change of the scenario
        at a time, each solved again; and what it moves in the near periods.

            baseline.walk(surge).steps
        """
        from planner.plan.comparison.walk import walk_between
        return walk_between(self, other)

    def worth(self, *, item: str | None = None, site: str | None = None, supplier: str | None = None,
              routing: str | None = None, work_center: str | None = None, labor_pool: str | None = None,
              origin: str | None = None, destination: str | None = None, mode: str | None = None,
              step: float | None = None) -> "Worth":
        """What more of a limit is worth, solved again: units delivered, targets, cost and margin with `step`
        more of it in every period, and what it saves at the same service level.

            plan.worth(site="lyon", work_center="assembly", step=10).figures

        The names say which limit: a work center or labor pool with its site, a supplier with or without an
        item, a lane by origin, destination and mode, a routing, or the maximum inventory of an item at a
        site.
        """
        from planner.plan.limit_worth import worth
        names = {"item": item, "site": site, "supplier": supplier, "routing": routing,
                 "work_center": work_center, "labor_pool": labor_pool, "origin": origin,
                 "destination": destination, "mode": mode}
        return worth(self, keys={key: name for key, name in names.items() if name is not None}, step=step)

    def save(self, folder: str | Path) -> None:
        """The plan stands in the folder, whole; if it cannot, the folder is as it was."""
        from planner.plan.folder import save_plan
        save_plan(self, folder)

    @staticmethod
    def load(folder: str | Path) -> "Plan":
        """The plan that was saved in the folder."""
        from planner.plan.folder import load_plan
        return load_plan(folder)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Plan):
            return NotImplemented
        return all(
            _same(getattr(self, field.name), getattr(other, field.name))
            for field in fields(self)
            if field.compare
        )

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "warm_start": None}  # a live solver stays in its process

    __hash__ = None  # type: ignore[assignment]  # tables can be compared, but not hashed


@plain_texts()
def make_plan(scenario: Scenario, demand: "Demand | None" = None, *, time_limit: float | None = None,
              progress: Watcher | None = None, cancel: Cancel | None = None,
              start: Plan | None = None, effort: float | None = None) -> Plan:
    """The best plan for the scenario, with every table and KPI; demand left out is forecast first.

    `time_limit`, in seconds, and `effort` beat the scenario's. `progress` is called with a `planner.Progress`
    at every step and every few seconds. Once `cancel`, a `threading.Event` or the like, is set, the work ends
    with the best plan so far, whose status is "interrupted", or with CancelledError before there is one.
    Whatever `progress` raises ends the work, too, and comes out. `start` is another plan: where this
    process has solved it and the two models have the same shape, the solver goes on from there, which takes
    a fraction of the time; else its whole numbers are where the search begins, and with a time limit the plan
    is never worse than what they allow. The plan is proven just the same.
    """
    from planner.demand.demand import make_demand
    from planner.model.solve import solve_model
    from planner.plan.start import decided
    limit = seconds_allowed(time_limit)
    began = perf_counter()
    with watched(progress, cancel), one_thread():
        earlier = None if start is None else start.demand
        planned_demand = make_demand(scenario, like=earlier) if demand is None else demand
        forecast = perf_counter() - began
        if start is not None and start.warm_start is None:
            log.info("starting from the whole numbers of %r: it was not solved in this process", start.name)
        warm_start = None if start is None else start.warm_start
        whole_numbers = None if start is None else decided(start, scenario.calendar)
        solution = solve_model(scenario, planned_demand, time_limit=limit, start=warm_start,
                               decided=whole_numbers, effort=effort)
        tell(Progress("tabulating"))
        return plan_of(solution, scenario, planned_demand, forecast_seconds=forecast, time_limit=limit,
                       effort=effort)


def seconds_allowed(time_limit: float | None) -> float | None:
    """The time limit as given, None where there is none: without end is without a limit."""
    is_number = isinstance(time_limit, Real) and not isinstance(time_limit, bool)
    if time_limit is None or (is_number and time_limit == math.inf):
        return None
    if not is_number or not time_limit > 0:
        raise PlannerError(f"time_limit = {time_limit!r}: must be a number of seconds above 0, or None")
    return float(time_limit)


@plain_texts()
def plan_of(solution: "Solution", scenario: Scenario, demand: "Demand", *, forecast_seconds: float = 0.0,
            time_limit: float | None = None, effort: float | None = None) -> Plan:
    """The plan that a solution stands for."""
    from planner.plan.kpis import scorecard
    from planner.plan.tables import make_tables
    start = perf_counter()
    tables = make_tables(solution, scenario, demand)
    kpis = scorecard(tables, scenario)
    settings = scenario.settings.model_dump(mode="json")
    given = {"time_limit": time_limit, "effort": effort}
    settings["solver"] |= {limit: value for limit, value in given.items() if value is not None}
    return Plan(
        name=scenario.name,
        question=scenario.question,
        status=solution.status,
        mode=solution.mode,
        objective=solution.objective,
        bound=solution.bound,
        gap=solution.gap,
        passes=solution.passes,
        currency=scenario.settings.currency,
        seconds={"forecast": forecast_seconds, **solution.seconds, "tables": perf_counter() - start},
        bucket=scenario.calendar.bucket,
        scenario_hash=scenario.content_hash,
        scenario_source=_absolute(scenario.source),
        versions={package: version(package) for package in MADE_WITH},
        settings=settings,
        tables=tables,
        kpi_table=kpis,
        changes=scenario.changes,
        warm_start=solution.warm_start,
        scenario=scenario,
        demand=demand,
    )


def _absolute(source: str) -> str:
    """The scenario's own place, whatever folder is the current one when the plan is audited."""
    return str(Path(source).resolve()) if source and Path(source).exists() else ""


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with its texts as objects: how a process keeps them is no difference between plans."""
    texts = [name for name, kind in frame.dtypes.items() if kind == "str"]
    return frame.astype(dict.fromkeys(texts, "object"))


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, pd.DataFrame):
        return isinstance(other, pd.DataFrame) and _plain(one).equals(_plain(other))
    if isinstance(one, Mapping):
        return (
            isinstance(other, Mapping)
            and one.keys() == other.keys()
            and all(_same(one[key], other[key]) for key in one)
        )
    return bool(one == other)
