"""What a plan with an inquiry is above the plan without: cost, what gives way, and what that is worth."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

from planner.model.compiler.lookup import Floats
from planner.model.demand_lines import FORECAST
from planner.model.solver.placing import NO_CHANGE, Change
from planner.model.solver.ties import settled
from planner.plan.layout import BLANK, Measure, PlanTable, key
from planner.plan.promise.ground import Ground
from planner.plan.promise.levels import Solved
from planner.plan.tables.decisions import Decisions
from planner.plan.tables.fulfillment import SETTLED, fulfillment_table
from planner.scenario.inquiries import Inquiry

SMALLEST = 1e-4  # units: below it, what gives way is the solver's rounding
SEEN_SHARE = 1e-7  # of a target: the same
# What can give way, what hurts most first.
KINDS = {"order": "booked order", "target": "sales target", "demand": "forecast demand"}

DISPLACED = PlanTable("displaced", "Who gets less or later than in the plan: booked orders, "
                                   "sales targets, forecast demand; those that lose most first.", (
    key("kind", "order, demand (forecast) or target"),
    key("name", "the booked order or the target; blank: forecast demand", BLANK),
    key("customer", "who ordered; blank: not recorded, or nobody yet", BLANK),
    key("item", "the item; blank: of a target", BLANK),
    key("market", "the market; blank: of a target", BLANK),
    Measure("lost", "units", "what is delivered no longer; of a target, what it misses more, in its measure"),
    Measure("late", "units times periods", "what comes later, times the periods by which it does"),
    Measure("value", "currency", "what is delivered no longer, at its prices"),
))


@dataclass(frozen=True, eq=False)
class Placement:
    """The plan with the inquiry delivered whole in `period`, beside the plan as it is.

    `cost` is what the plan costs more, `others` what is delivered to others brings more (below 0: less), both
    in the currency; `displaced` is who gets less or later, `gained` who gets more than before.
    """

    inquiry: Inquiry
    period: int
    cost: float
    others: float
    revenue: float
    displaced: pd.DataFrame = field(repr=False)
    gained: float
    status: str
    gap: float | None

    @property
    def margin(self) -> float:
        """What the plan earns more with the inquiry, all that gives way to it included."""
        return self.revenue + self.others - self.cost

    @property
    def unit_cost(self) -> float:
        """What each unit of it costs more."""
        return self.cost / self.inquiry.quantity

    @property
    def minimum_price(self) -> float:
        """The price per unit from which on the plan earns no less than without it."""
        return (self.cost - self.others) / self.inquiry.quantity

    @property
    def is_worth_winning(self) -> bool:
        """Whether the plan earns more with it than without."""
        return self.margin > 0

    @property
    def gives_way(self) -> tuple[str, ...]:
        """What gives way: booked orders, sales targets or forecast demand."""
        kinds = set(self.displaced["kind"])
        return tuple(words for kind, words in KINDS.items() if kind in kinds)


def placement(ground: Ground, inquiry: Inquiry, period: int, *, solved: Solved, before: Floats,
              change: Change, demand: Any) -> Placement:
    """What the solved plan is above the plan `before`."""
    last = ground.goals[-1]
    costs = [last.value(values) + last.earned(values) for values in (solved.values, before)]
    forecast, others = _forecast(ground, before, solved.values)
    orders, booked = _orders(ground, before, solved.values, demand)
    parts = [orders, _targets(ground, before, solved.values, change), forecast]
    by = ["value", "lost", "late", "name", "item", "market"]
    parts = [part.sort_values(by, ascending=[False] * 3 + [True] * 3) for part in parts]
    rows = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    gives = rows[rows[["lost", "late"]].max(axis="columns") > SMALLEST]
    revenue = sum(line.quantity * ground.price(line, inquiry) for line in inquiry.lines)
    return Placement(
        inquiry, period, cost=costs[0] - costs[1], others=others + booked, revenue=float(revenue),
        displaced=gives[DISPLACED.names].reset_index(drop=True),
        gained=float(-rows.loc[(rows["kind"] != "target") & (rows["lost"] < -SMALLEST), "lost"].sum()),
        status=solved.status, gap=solved.gap)


def _frame(**columns: Any) -> pd.DataFrame:
    return pd.DataFrame({"name": "", "customer": "", "item": "", "market": "", "late": 0.0, "value": 0.0}
                        | columns)


def _forecast(ground: Ground, before: Floats, after: Floats) -> tuple[pd.DataFrame, float]:
    """Forecast demand that is lost or late, by item and market, and what its deliveries bring more."""
    layout, lines = ground.compiled.layout, ground.lines
    moved = {name: (after - before)[layout.place(name)] for name in (*SETTLED, "backorders")}
    is_forecast = (lines["demand_class"] == FORECAST).to_numpy()
    price = np.nan_to_num(ground.compiled.model.pyomo.line_price.column)
    brings = float(((moved["delivered_on_time"] + moved["delivered_late"]) * price)[is_forecast].sum())
    lost = lines[["item", "market"]].assign(lost=moved["lost"], value=moved["lost"] * price)[is_forecast]
    owed = ground.states[ground.states["demand_class"] == FORECAST]
    late = owed[["item", "market"]].assign(late=moved["backorders"][owed.index])
    keys = ["item", "market"]
    sums = lost.groupby(keys)[["lost", "value"]].sum().join(late.groupby(keys)["late"].sum()).reset_index()
    displaced = sums[sums[["lost", "late"]].abs().max(axis="columns") > SMALLEST]
    return _frame(kind="demand", item=displaced["item"], market=displaced["market"], lost=displaced["lost"],
                  late=displaced["late"], value=displaced["value"]), brings


def _targets(ground: Ground, before: Floats, after: Floats, change: Change) -> pd.DataFrame:
    """What each target misses more, deliveries of the inquiry counted."""
    table = ground.targets.table
    more = (ground.targets.shortfalls(after, change) - ground.targets.shortfalls(before, NO_CHANGE))
    is_missed = more > np.maximum(SMALLEST, SEEN_SHARE * table["quantity"].to_numpy(float))
    return _frame(kind="target", name=table.loc[is_missed, "target"], lost=more[is_missed])


def _orders(ground: Ground, before: Floats, after: Floats, demand: Any) -> tuple[pd.DataFrame, float]:
    """Booked orders that are lost or late, and what their deliveries bring more; none where no line of them
    has moved.
    """
    layout = ground.compiled.layout
    booked = (ground.lines["demand_class"] != FORECAST).to_numpy()
    moved = [np.abs((after - before)[layout.place(name)])[booked].max(initial=0.0) for name in SETTLED]
    if max(moved) <= SMALLEST:
        return _frame(kind="order", lost=np.zeros(0)), 0.0
    fates = [_fates(ground, values, demand) for values in (before, after)]
    joined = fates[0].add_suffix("_before").join(fates[1].add_suffix("_after"), how="outer")
    filled = joined.fillna({name: 0.0 for name in joined.columns
                            if name.startswith(("lost", "late", "revenue"))})
    who = ground.scenario.booked_orders.set_index("order").reindex(filled.index)
    lost, late, brings = (filled[f"{name}_after"] - filled[f"{name}_before"]
                          for name in ("lost", "late", "revenue"))
    displaced = _frame(kind="order", name=filled.index, customer=who["customer"].fillna("").to_numpy(),
                       item=who["item"].to_numpy(), market=who["market"].to_numpy(), lost=lost.to_numpy(),
                       late=late.to_numpy(), value=np.where(lost > 0, -brings, 0.0))
    return displaced[displaced[["lost", "late"]].abs().max(axis="columns") > SMALLEST], float(brings.sum())


def _fates(ground: Ground, values: Floats, demand: Any) -> pd.DataFrame:
    """What of each booked order is lost, late (units times periods) and earned."""
    compiled, layout = ground.compiled, ground.compiled.layout
    values = settled(values, compiled.rows, layout, upper=compiled.upper, units=np.ones(layout.size))
    decided = {name: ground.lines.assign(value=values[layout.place(name)]) for name in SETTLED}
    solution: Any = SimpleNamespace(values=decided)
    rows = fulfillment_table(Decisions(solution, ground.rates), demand)
    rows = rows[rows["order"] != ""]
    wait = (rows["period"] - rows["due"].clip(lower=1)).clip(lower=0)
    with_wait = rows.assign(late=rows["delivered_late"] * wait)
    return with_wait.groupby("order")[["lost", "late", "revenue"]].sum()
