"""How much better a plan could be than the one that was found, in what people count: service, targets, money.

A pass that is not proven leaves room between what it reached and its bound. Later passes hold what earlier
ones reached, so that their bounds hold for every plan that is as good by the earlier goals. A goal of service
cannot fall below 0, which bounds the passes that a stop came before.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

import pandas as pd

from planner.model.solution import LATE, LOST, MONEY, TARGETS, Pass
from planner.plan.kpis.registry import KPIS

if TYPE_CHECKING:
    from planner.plan.plan import Plan

PROVEN = 1e-6  # shares below this are rounding


@dataclass(frozen=True)
class Proof:
    """What another plan could do better at most.

    `units` more could be delivered on time, which is `service` as a share of the demand; `targets` is the
    mean attainment that could be added; `money` could be saved or earned, which is `cost` as a share of the
    objective; these two are None where no bound is known. `open_passes` are the passes that are not proven
    within the gap asked for, the least proven first.
    """

    units: float
    service: float
    targets: float
    money: float | None
    cost: float | None
    open_passes: tuple[Pass, ...] = ()

    @property
    def worst(self) -> float | None:
        """The largest of the three shares; None where the cost has no bound."""
        return None if self.cost is None else max(self.service, self.targets, self.cost)

    @property
    def shares(self) -> dict[str, float | None]:
        """The shares by name, for other programs."""
        return {"service": self.service, "targets": self.targets, "cost": self.cost, "worst": self.worst}


def proof_of(plan: "Plan") -> Proof:
    """What the passes of a plan leave unproven."""
    sales = plan.tables["sales"]
    units = _units(plan, sales)
    demand = float(sales["demand"].sum())
    money = None if plan.bound is None else abs(plan.objective - plan.bound)
    required = max(float(plan.settings.get("solver", {}).get("gap", 0.0)), PROVEN)
    open_passes = [step for step in plan.passes if step.gap is None or step.gap > required]
    return Proof(
        units,
        service=min(units / demand, 1.0) if demand > 0 else float(units > 0),
        targets=_targets(plan),
        money=money,
        cost=plan.gap,
        open_passes=tuple(sorted(open_passes, key=lambda step: -(inf if step.gap is None else step.gap))),
    )


def is_service_a_goal(plan: "Plan") -> bool:
    """Whether all that is delivered on time is the goal of a pass, and not what money makes of it."""
    beyond = plan.settings.get("objective", {}).get("beyond_targets", "all")
    return plan.mode == "targets_first" and beyond == "all"


def _units(plan: "Plan", sales: pd.DataFrame) -> float:
    """Units that could be on time and are not: a unit that is late counts in a pass once a period, here
    once.
    """
    missing = float((sales["demand"] - sales["delivered_on_time"]).clip(lower=0.0).sum())
    if not _ended(plan):
        return missing if plan.mode == "targets_first" else 0.0
    late = min(_room(plan.passes, LATE), float(sales["delivered_late"].sum()) + _owed(plan))
    return min(_room(plan.passes, LOST) + late, missing)


def _targets(plan: "Plan") -> float:
    """Mean attainment of all sales targets that could be added."""
    targets = plan.tables["targets"]
    if targets.empty or plan.mode != "targets_first":
        return 0.0
    missed = float((targets["shortfall"] / targets["quantity"]).sum())
    room = _room(plan.passes, TARGETS) if _ended(plan) else missed
    return min(room, missed) / len(targets)


def _ended(plan: "Plan") -> bool:
    """Whether all passes were reached: the one about money is the last."""
    return bool(plan.passes) and plan.passes[-1].measure == MONEY


def _room(passes: Iterable[Pass], measure: str) -> float:
    """How much lower the passes of a measure could be, together."""
    return sum(max(step.objective - (step.bound or 0.0), 0.0) for step in passes if step.measure == measure)


# -------------------------------------------------------------------------------------------------------
# the scorecard


def rooms(plan: "Plan") -> dict[str, float]:
    """By how much each KPI could be better in a plan that nobody has found yet; inf where nothing bounds it.

    What past data say does not change with the plan. Of a plan that is proven all other figures are as they
    are; of one that is not, nothing is known of figures that are no goal.
    """
    proof, kpis = plan.proof, plan.kpis
    unbounded = 0.0 if plan.is_proven else inf
    better = {name: 0.0 if KPIS[name].basis == "past" else unbounded for name in KPIS}
    service = proof.units if is_service_a_goal(plan) else unbounded
    missing = 1.0 - kpis.get("order_fill_rate", 1.0)
    better["order_fill_rate"] = min(proof.service if is_service_a_goal(plan) else unbounded, missing)
    better["on_time_in_full"] = 1.0 - kpis.get("on_time_in_full", 1.0) if service > 0 else 0.0
    better["units_delivered"] = min(service, _undelivered(plan))
    if plan.mode == "targets_first":
        better["target_attainment"] = proof.targets
    return {**better, **_money_rooms(plan, service)}


def _money_rooms(plan: "Plan", units: float) -> dict[str, float]:
    """Costs and what is earned: a better service may also sell more."""
    proof, kpis = plan.proof, plan.kpis
    money = inf if proof.money is None else proof.money
    earned = _revenue_of(plan, units)
    counts_costs = plan.mode == "cost" or is_service_a_goal(plan)
    cost = money if counts_costs or plan.is_proven else inf
    delivered, paid = kpis.get("units_delivered", 0.0), kpis.get("total_cost", 0.0)
    most = delivered + min(units, _undelivered(plan))
    a_unit = paid / delivered - (paid - cost) / most if delivered > 0 and cost < inf else cost
    return {"total_cost": cost, "cost_per_unit": a_unit, "revenue": earned,
            "margin": money + (0.0 if plan.mode == "profit" else earned)}


def _undelivered(plan: "Plan") -> float:
    return float(plan.tables["sales"]["lost"].sum()) + _owed(plan)


def _owed(plan: "Plan") -> float:
    """Units still owed when the plan ends."""
    sales = plan.tables["sales"]
    return float(sales.loc[sales["period"] == plan.calendar.end, "backorders"].sum())


def _revenue_of(plan: "Plan", units: float) -> float:
    """What so many units that are lost would have brought at most."""
    sales = plan.tables["sales"]
    lost = sales[sales["lost"] > 0].sort_values("price", ascending=False)
    before = lost["lost"].cumsum() - lost["lost"]
    sold = (units - before).clip(lower=0.0).clip(upper=lost["lost"])
    return float((sold * lost["price"].astype("float64").fillna(0.0)).sum())
