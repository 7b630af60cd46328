"""Plans side by side: the scorecard of each, and where they differ most."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.errors import PlanError
from planner.figures import NOTHING, one
from planner.glance import glance, glance_html
from planner.plan.comparison.capacity import utilization_table
from planner.plan.comparison.common_ground import on_common_ground
from planner.plan.comparison.money import bridge_table
from planner.plan.comparison.moves import moves_table
from planner.plan.comparison.recommendation import Recommendation, recommend
from planner.plan.comparison.service import customers_table, service_table, targets_table
from planner.plan.comparison.stale import stale_plans
from planner.plan.kpis import KPIS
from planner.plan.layout import TABLES
from planner.plan.plan import Plan
from planner.plan.plan_sources import PlanSource, plan_or_scenario, sources_of
from planner.plan.proof import rooms
from planner.plan.solved_together import plans_together
from planner.text_cells import plain_texts

if TYPE_CHECKING:
    from planner.plan.comparison.walk import Walk

KPI_COLUMNS = ("kpi", "unit", "side", "better", "meaning")
LARGEST = 10  # differences shown of each area
OPEN = "not distinguishable"  # the verdict on a difference that is smaller than what is not proven
SAME = 1e-6  # share of a figure that is the solver's tolerance, not a difference

# Keys that no meeting argues about one by one.
ADDED_UP = ("period", "area", "demand_class", "priority")
TARGET_UNITS = {"units": "units", "revenue": "currency"}  # of a sales target, by its measure
# Area, table and measures in which plans are compared. Limits and prices are the scenario's, and costs have a
# table of their own.
COMPARED = {
    "sales": {"sales": ["demand", "delivered_on_time", "delivered_late", "lost"], "targets": ["shortfall"]},
    "sourcing": {"sourcing": ["purchased"]},
    "production": {"production": ["production"], "capacity": ["load_hours", "overtime_hours"]},
    "quality": {"quality": ["scrapped"]},
    "workforce": {"workforce": ["headcount", "hired", "separated", "overtime_hours"]},
    "inventory": {"inventory": ["closing", "safety_stock_shortfall"], "storage": ["overflow"]},
    "delivery": {"delivery": ["shipped"]},
    "costs": {"costs": ["amount"]},
}
# Keys by which a table is compared, where all of them would tell too much apart.
TOGETHER = {"costs": ["cost", "site", "item"]}


# What a meeting looks at first: service, then what is earned, then the cost beside the volume that it serves.
LEADING = ("order_fill_rate", "on_time_in_full", "target_attainment", "revenue", "margin", "stock_value",
           "units_delivered", "cost_per_unit", "total_cost")
OWN_COLUMNS = ("kpi", "unit", "side", "better", "meaning", "area", "table", "key", "measure", "difference",
               "share", "rank")


@dataclass(frozen=True)
class Comparison:
    """Several plans compared with the first of them, over the periods that all of them cover.

    `kpis` has a row for each KPI that can differ, service, revenue and margin first: kpi, unit, side,
    better, meaning, a column for each plan under its name, and for every plan but the first `NAME:
    difference` and `NAME: verdict` (better, worse or same; not distinguishable where the difference is
    smaller than what is not proven; blank where there is none: a cost that is lower because less is delivered
    is not better). `differences` has area, table, key, measure, unit, a column for
    each plan, and `difference`: the largest one from the first plan, with its sign. Quantities are added up
    over the horizon, levels averaged. The largest come first in each area, as shares of all that the plans
    have of the measure. `names` are the plans' own, numbered where two plans share one, and marked where a
    plan is called like another column; `plans` are the plans cut to their shared periods; `notes` say what is
    compared and what is left out. `stale` says of which plans the scenario has changed since, by name.

    `service`, `targets`, `utilization`, `customers`, `bridge` and `moves` are the tables that
    `planner.plan.comparison` describes, `frames` all of them by name; `recommendation` is the plan to agree
    on, with its reasons. `walks` are the ways from the first plan to each other, where they were asked for.
    """

    names: tuple[str, ...]
    kpis: pd.DataFrame
    differences: pd.DataFrame
    plans: tuple[Plan, ...]
    notes: tuple[str, ...] = ()
    stale: Mapping[str, str] = field(default_factory=dict)
    walks: tuple["Walk", ...] = ()

    @cached_property
    def service(self) -> pd.DataFrame:
        """Demand, on time, late and lost by plan, family and period."""
        return service_table(self.plans, self.names)

    @cached_property
    def targets(self) -> pd.DataFrame:
        """Each sales target in each plan."""
        return targets_table(self.plans, self.names)

    @cached_property
    def utilization(self) -> pd.DataFrame:
        """How full each work center and labor pool is in each plan."""
        return utilization_table(self.plans, self.names)

    @cached_property
    def customers(self) -> pd.DataFrame:
        """Whose demand is late or lost in any plan, most money first."""
        return customers_table(self.plans, self.names)

    @cached_property
    def bridge(self) -> pd.DataFrame:
        """From the first plan's margin to that of each other."""
        return bridge_table(self.plans, self.names)

    @cached_property
    def moves(self) -> pd.DataFrame:
        """Where the plans part from the first, area by area, each with a sentence."""
        return moves_table(self.plans, self.names)

    @cached_property
    def recommendation(self) -> Recommendation:
        """The plan to agree on, and why."""
        return recommend(self.plans, self.names, stale=self.stale)

    @cached_property
    def frames(self) -> dict[str, pd.DataFrame]:
        """Every table by name, the scorecard as `kpis`."""
        tables = ("kpis", "service", "targets", "utilization", "customers", "bridge", "moves", "differences")
        walked = {name: pd.concat([getattr(walk, name).assign(plan=walk.second) for walk in self.walks],
                                  ignore_index=True)
                  for name in ("steps", "nervousness") if self.walks}
        return {**{name: getattr(self, name) for name in tables}, **walked}

    def __repr__(self) -> str:
        return glance(f"Comparison of {' with '.join(self.names)}", self._facts())

    def _repr_html_(self) -> str:
        """The same as a small table, for notebooks."""
        return glance_html(f"Comparison of {' with '.join(self.names)}", self._facts())

    def _facts(self) -> dict[str, str]:
        """The leading KPIs of each plan."""
        leading = self.kpis[self.kpis["kpi"].isin(LEADING)].to_dict("records")
        currency = self.plans[0].currency if self.plans else ""
        rows = {str(row["kpi"]).replace("_", " "): [
            NOTHING if pd.isna(row[name]) else one(row[name], row["unit"], currency=currency)
            for name in self.names] for row in leading}
        return {name: ", ".join(figures) for name, figures in rows.items()}


@plain_texts()
def compare(plans: PlanSource | Iterable[PlanSource], *, largest: int = LARGEST, walk: bool = False,
            cache: bool = True) -> Comparison:
    """The plans' KPIs side by side, and the largest differences of each area; the plans may know different
    items and plan different periods, but not in different units or currencies.

    `plans` are plans, folders of plans, or scenarios and their folders, which are solved first, side by side;
    the others are compared with the first. Plans of scenarios are remembered by their content, and taken from
    there the next time, unless `cache` is False; `planner.plan.cache.place()` is the folder, which may be
    deleted. `largest` is how many differences of each area are kept. `walk` asks for the
    way from the first plan to each other, one change of the scenario at a time, each solved again. PlanError
    says which plans cannot be compared, and why.
    """
    contents = [plan_or_scenario(one) for one in sources_of(plans)]
    solved = plans_together(contents, [content.name for content in contents], use_cache=cache)
    return compared(solved, largest=largest, walk=walk)


@plain_texts()
def compared(plans: Sequence[Plan], *, largest: int = LARGEST, walk: bool = False) -> Comparison:
    """The comparison of the plans with the first of them."""
    if not plans:
        raise PlanError("there is no plan to compare")
    names = _distinct([plan.name for plan in plans])
    ground = on_common_ground(plans, names)
    stale = stale_plans(plans, names)
    changed = tuple(f"{name} {change}." for name, change in stale.items())
    return Comparison(names, _kpis(ground.plans, names), _differences(ground.plans, names, largest),
                      plans=ground.plans, notes=(*ground.notes, *changed), stale=stale,
                      walks=_walks(plans, names) if walk else ())


def _walks(plans: Sequence[Plan], names: Sequence[str]) -> tuple["Walk", ...]:
    from planner.plan.comparison.walk import walk_between

    return tuple(walk_between(plans[0], plan, names=(names[0], name))
                 for plan, name in zip(plans[1:], names[1:], strict=True))


def difference_column(name: str) -> str:
    """The column in which a plan's differences from the first stand."""
    return f"{name}: difference"


def verdict_column(name: str) -> str:
    """The column that says whether a plan is better than the first."""
    return f"{name}: verdict"


def _distinct(names: Sequence[str]) -> tuple[str, ...]:
    """The names, numbered where one comes again: two plans of a scenario must not become one column.

    A plan that is called like a column of the tables, or of another plan, is marked as a plan.
    """
    distinct: list[str] = []
    columns = set(OWN_COLUMNS)
    for name in names:
        plain = f"{name} (plan)" if name in columns and name not in distinct else name
        number, heading = 1, plain
        while columns & _columns_of(heading):
            number += 1
            heading = f"{plain} ({number})"
        distinct.append(heading)
        columns |= _columns_of(heading)
    return tuple(distinct)


def _columns_of(name: str) -> set[str]:
    return {name, difference_column(name), verdict_column(name)}


def _kpis(plans: Sequence[Plan], names: Sequence[str]) -> pd.DataFrame:
    every = pd.concat([plan.kpi_table.drop(columns="value") for plan in plans]).drop_duplicates("kpi")
    rank = every["kpi"].map({name: place for place, name in enumerate(LEADING)}).fillna(len(LEADING))
    declared = every.assign(rank=rank).sort_values("rank", kind="stable", ignore_index=True)
    values = [declared["kpi"].map(plan.kpis).astype("float64") for plan in plans]
    columns = {name: declared[name] for name in KPI_COLUMNS} | dict(zip(names, values, strict=True))
    for plan, name, figures in zip(plans[1:], names[1:], values[1:], strict=True):
        columns[difference_column(name)] = figures - values[0]
        judged = _verdicts(declared, figures, values[0], _more_volume(plan, plans[0]))
        columns[verdict_column(name)] = _within_proof(declared, judged, figures - values[0], plan, plans[0])
    return pd.DataFrame(columns)[_can_differ(declared, values)].reset_index(drop=True)


def _can_differ(declared: pd.DataFrame, values: Sequence[pd.Series]) -> pd.Series:
    """Whether a figure follows from what is planned: the past is the same in every plan, unless the scenarios
    record another one.
    """
    of_past = declared["kpi"].isin([name for name, kpi in KPIS.items() if kpi.basis == "past"])
    spread = pd.concat(list(values), axis="columns")
    is_same = (spread.max(axis="columns") - spread.min(axis="columns")).fillna(0.0) <= SAME
    return ~(of_past & is_same) if len(values) > 1 else pd.Series(True, index=declared.index)


def _more_volume(plan: Plan, first: Plan) -> int:
    """1 where the plan delivers more units than the first, -1 where fewer, 0 where as many."""
    volume, before = (float(frame[["delivered_on_time", "delivered_late"]].to_numpy().sum())
                      for frame in (plan.tables["sales"], first.tables["sales"]))
    return int(np.sign(volume - before)) if abs(volume - before) > SAME * max(volume, before) else 0


def _verdicts(declared: pd.DataFrame, values: pd.Series, first: pd.Series, more: int) -> pd.Series:
    """Better, worse or the same as the first plan; blank where one of the two has no such KPI, and where a
    figure that grows with the volume is smaller for fewer units delivered, or larger for more.
    """
    lower = (first - values).where(declared["better"].eq("lower"), first.abs() - values.abs())
    gain = (values - first).where(declared["better"].eq("higher"), lower)
    allowed = SAME * np.maximum(values.abs(), first.abs())
    grows = declared["kpi"].isin([name for name, kpi in KPIS.items() if kpi.grows_with_volume])
    follows_volume = grows & (np.sign(values - first) == more) & (more != 0)
    verdicts = np.select(
        [gain.isna() | (follows_volume & (gain.abs() > allowed)), gain > allowed, gain < -allowed],
        ["", "better", "worse"],
        default="same",
    )
    return pd.Series(verdicts, index=values.index, dtype="str")


def _within_proof(
    declared: pd.DataFrame, judged: pd.Series, difference: pd.Series, plan: Plan, first: Plan
) -> pd.Series:
    """The verdicts, but those that may be otherwise for plans that nobody has found yet: what seems better is
    so only if the first plan could not be as good, what seems worse only if this one could not.
    """
    own_rooms, first_rooms = (declared["kpi"].map(rooms(each)).fillna(0.0) for each in (plan, first))
    room = first_rooms.where(judged.eq("better"), own_rooms)
    return judged.mask(judged.isin(["better", "worse"]) & (difference.abs() <= room), OPEN)


def _differences(plans: Sequence[Plan], names: tuple[str, ...], largest: int) -> pd.DataFrame:
    """The rows that differ, largest first in each area; plans are numbered until their names head columns."""
    parts = [
        _of_measure(plans, table, measure).assign(area=area, rank=rank)
        for rank, (area, tables) in enumerate(COMPARED.items())
        for table, measures in tables.items()
        for measure in measures
    ]
    numbers = range(len(plans))
    columns = ["area", "table", "key", "measure", "unit", *numbers, "difference"]
    none = pd.DataFrame(columns=[*columns, "share", "rank"])
    ordered = pd.concat([part for part in parts if len(part)] or [none], ignore_index=True).sort_values(
        ["rank", "share", "table", "measure", "key"], ascending=[True, False, True, True, True]
    )
    largest_rows = ordered.groupby("rank", sort=False).head(largest)[columns].reset_index(drop=True)
    figures = largest_rows.astype({column: "float64" for column in (*numbers, "difference")})
    return figures.rename(columns=dict(zip(numbers, names, strict=True)))


def _of_measure(plans: Sequence[Plan], table: str, measure: str) -> pd.DataFrame:
    """Every key in which the plans differ in one measure; `share` is the difference as a share of all there
    is of it.
    """
    totals = [_over_horizon(plan, table, measure) for plan in plans]
    values = pd.concat(totals, axis=1, keys=range(len(plans))).fillna(0.0)
    apart = values.sub(values[0], axis=0).to_numpy()
    widest = np.abs(apart).argmax(axis=1)
    difference = pd.Series(apart[np.arange(len(apart)), widest], index=values.index, dtype="float64")
    unit = _units_of_rows(plans, table, measure, values.index)
    total = unit.map(values.abs().groupby(unit).sum().max(axis=1)).astype("float64")
    differing = values.assign(difference=difference, share=difference.abs() / total, table=table,
                              measure=measure, unit=unit)
    size = pd.concat([_size(plan, table, measure) for plan in plans], axis=1).max(axis=1)
    differs = difference.abs() > SAME * np.maximum(size.reindex(values.index), 1.0)
    return differing[differs].rename_axis("key").reset_index()


def _units_of_rows(plans: Sequence[Plan], table: str, measure: str, keys: pd.Index) -> pd.Series:
    """The unit of each row: a sales target counts units or money, as it says itself."""
    if table == "targets":
        counted = pd.concat([plan.tables["targets"][["target", "measure"]] for plan in plans])
        measures = counted.drop_duplicates("target").set_index("target")["measure"]
        return measures.map(TARGET_UNITS).reindex(keys)
    unit = next(column.unit for column in TABLES[table].columns if column.name == measure)
    return pd.Series(unit, index=keys, dtype="str")


def _size(plan: Plan, table: str, measure: str) -> pd.Series:
    """How large figures in the measure's unit are, by key; what is tiny beside them is no difference."""
    units = {column.name: column.unit for column in TABLES[table].columns if not column.key}
    alike = [name for name, unit in units.items() if unit == units[measure]]
    figures = plan.tables[table][alike].abs().max(axis=1)
    return figures.groupby(_joined_keys(plan, table)).sum()


def _over_horizon(plan: Plan, table: str, measure: str) -> pd.Series:
    """The measure by key, added up over the horizon, or averaged where it is a level."""
    is_level = next(column.is_state for column in TABLES[table].columns if column.name == measure)
    amounts = plan.tables[table][measure]
    if is_level and "period" in TABLES[table].keys:
        amounts = amounts / plan.calendar.periods
    return amounts.groupby(_joined_keys(plan, table)).sum()


def _joined_keys(plan: Plan, table: str) -> pd.Series:
    """What each row stands for, as one text."""
    first, *others = TOGETHER.get(table) or [name for name in TABLES[table].keys if name not in ADDED_UP]
    joined = plan.tables[table][first].astype("str")
    for key in others:
        joined = joined + " | " + plan.tables[table][key].astype("str")
    return joined
