"""Risks and opportunities in money, each with the record that it comes from: what the other plans lose or
earn, demand that is not served, demand that may come out lower or higher, targets without demand, and what
remedies bring.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from planner.figures import figure, percent
from planner.naming import spelled

if TYPE_CHECKING:
    from planner.report.parts import Plans

WORTH_A_WORD = 1.0  # currency: less is nothing
MARGIN, REVENUE = "of margin", "of revenue"


@dataclass(frozen=True)
class Chance:
    """What may go wrong or well, in words, how much money it is about, and of what."""

    text: str
    amount: float
    measure: str


def risks(plans: "Plans") -> list[Chance]:
    """What may cost most, the largest first."""
    chances = [
        *_scenarios(plans, sign=-1),
        *_unserved(plans),
        *_demand(plans, end="low_value"),
        *_missing_demand(plans),
    ]
    return _ranked(chances)


def opportunities(plans: "Plans") -> list[Chance]:
    """What may bring most, the largest first."""
    return _ranked(
        [*_scenarios(plans, sign=1), *_demand(plans, end="high_value"), *_deals(plans), *_remedies(plans)]
    )


def _ranked(chances: list[Chance]) -> list[Chance]:
    return sorted(
        (one for one in chances if one.amount >= WORTH_A_WORD), key=lambda one: (-one.amount, one.text)
    )


def _scenarios(plans: "Plans", *, sign: int) -> list[Chance]:
    """What the other scenarios change: what their plans earn less, or more, than that of the scenario that
    changes nothing. Only plans that are proven.
    """
    base = next((plan for plan in plans.all if not len(plan.changes)), plans.all[plans.place])
    return [
        Chance(
            f"{name}: {plan.question}" if plan.question else name,
            sign * (_margin(plan) - _margin(base)),
            MARGIN,
        )
        for place, (name, plan) in enumerate(zip(plans.names, plans.all, strict=True))
        if place != plans.place and plan is not base and plan.is_proven and base.is_proven
    ]


def _margin(plan: Any) -> float:
    return float(plan.tables["sales"]["revenue"].sum() - plan.tables["costs"]["amount"].sum())


def _unserved(plans: "Plans") -> list[Chance]:
    """The demand of each family that is lost in the plan."""
    if plans.gaps is None:
        return []
    supply = plans.gaps.supply
    lost = supply.groupby("family", as_index=False)[["lost", "lost_revenue"]].sum()
    return [
        Chance(
            f"Demand of {spelled(row['family'])} that is not served: {figure(row['lost'])} units",
            float(row["lost_revenue"]),
            REVENUE,
        )
        for row in lost.to_dict("records")
    ]


def _demand(plans: "Plans", *, end: str) -> list[Chance]:
    """Demand at the end of its 80 % interval over the next three months or quarter, of everything."""
    review = plans.focus.demand_review
    if review is None:
        return []
    whole = review["expected"]
    near = whole[(whole["level"] == "all")].head(3)
    if near.empty or near[end].isna().any():
        return []
    away = float((near[end] - near["value"]).sum())
    label = plans.focus.calendar.label
    side, when = ("lower", "low") if away < 0 else ("higher", "high")
    text = (
        f"Demand {side} than expected from {label(near['period'].iloc[0])} to "
        f"{label(near['period'].iloc[-1])}: the "
        f"{when} end of the 80 % interval of each {plans.focus.bucket}"
    )
    is_asked = (away < 0) == (end == "low_value")
    return [Chance(text, abs(away), REVENUE)] if is_asked else []


def _missing_demand(plans: "Plans") -> list[Chance]:
    """Targets that ask for more than customers want, at the average price of what is wanted in their scope.
    """
    if plans.gaps is None:
        return []
    chances = []
    for row in plans.gaps.targets.to_dict("records"):
        worth = row["missing_demand"]
        if row["measure"] == "units":
            worth *= _price(plans, row["target"])
        chances.append(
            Chance(
                f"Target {row['target']} is above demand: {figure(row['missing_demand'])} "
                f"{'units' if row['measure'] == 'units' else plans.focus.currency} nobody has asked for",
                float(worth),
                REVENUE,
            )
        )
    return chances


def _price(plans: "Plans", target: str) -> float:
    """What a unit of the demand in the families and markets of a target earns on average."""
    assert plans.gaps is not None
    cells = plans.gaps.cells[plans.gaps.cells["target"] == target][["family", "market", "period"]]
    inside = plans.gaps.supply.merge(cells, on=["family", "market", "period"])
    units, value = float(inside["demand"].sum()), float(inside["demand_revenue"].sum())
    return value / units if units > 0 else 0.0


def _deals(plans: "Plans") -> list[Chance]:
    """The open deal whose outcome moves the expected revenue most, were it won for certain."""
    review = plans.focus.demand_review
    if review is None or review["deals"].empty:
        return []
    deals = review["deals"]
    row = (
        deals.assign(more=(1.0 - deals["chance"]) * deals["value"])
        .sort_values(["more", "opportunity"], ascending=[False, True])
        .to_dict("records")[0]
    )
    return [
        Chance(
            f"Winning deal {row['opportunity']} for certain: {figure(row['quantity'])} of "
            f"{spelled(row['item'])} in "
            f"{spelled(row['market'])}, expected at {percent(row['chance'])}",
            float(row["more"]),
            REVENUE,
        )
    ]


def _remedies(plans: "Plans") -> list[Chance]:
    """The best remedy of each gap that was priced, where it earns."""
    return [
        Chance(
            f"{remedies[0].words[:1].upper()}{remedies[0].words[1:]}: closes {figure(remedies[0].closes)} of "
            f"{remedies.gap.words}",
            remedies[0].margin,
            MARGIN,
        )
        for remedies in plans.remedies
        if len(remedies) and not pd.isna(remedies[0].margin)
    ]
