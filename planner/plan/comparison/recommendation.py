"""Which of several plans to agree on, and why.

Only plans that are proven, of the same demand and of a scenario that has not changed since can be chosen
between: a plan that is not proven may be worse than it seems or miss a better one, and a plan of another
demand answers another question. Promises come before money: of the plans that can be chosen the one with the
best service and attainment of targets is recommended, among equals the one with the highest margin, and never
one for being cheap: a cost is low, too, where sales are lost. What the other side of the choice would bring
is said with its price.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from planner.figures import figure, one as written, percent
from planner.naming import listed
from planner.plan.plan import Plan
from planner.plan.proof import rooms
from planner.plan.statement import Statement

MATERIAL = 0.001  # of service or attainment: a tenth of a point, less of which no meeting argues about
ROUNDING = 1e-6  # of a margin or a demand: the solver's tolerance
EXCLUDED = ("Plans that are not proven, of another demand, or of a scenario that has changed are not "
            "recommended.")
RULE = ("Best service and attainment of targets first, within a tenth of a point; then the highest margin. "
        f"{EXCLUDED}")
RULE_OF_MONEY = f"The highest margin, which counts what is not sold. {EXCLUDED}"


@dataclass(frozen=True)
class Candidate:
    """One plan of the comparison: whether it can be recommended, `why_not`, and its `rank` among those that
    can, from 1; 0 for the others.
    """

    name: str
    is_proven: bool
    is_eligible: bool
    why_not: str
    rank: int
    service: float | None
    attainment: float | None
    margin: float
    cost: float
    delivered: float


@dataclass(frozen=True)
class Recommendation:
    """The plan to agree on, None where there is nothing to choose; `is_clear` where no other that can be
    chosen is better in service, attainment or margin. `statements` are the reasons, each with its figures.
    """

    plan: str | None
    is_clear: bool
    rule: str
    candidates: tuple[Candidate, ...]
    statements: tuple[Statement, ...]

    @property
    def text(self) -> str:
        """The reasons as one paragraph."""
        return " ".join(statement.text for statement in self.statements)


def recommend(plans: Sequence[Plan], names: Sequence[str], *, stale: Mapping[str, str]) -> Recommendation:
    """The plan to agree on, and why; `stale` says of which plans the scenario has changed, and how."""
    pairs = list(zip(plans, names, strict=True))
    first = next((plan for plan, name in pairs if plan.is_proven and name not in stale), plans[0])
    judged = [_candidate(plan, name, first, stale=stale.get(name, "")) for plan, name in pairs]
    eligible = [one for one in judged if one.is_eligible]
    is_of_money = all(plan.mode != "targets_first" for plan in plans)
    rule = RULE_OF_MONEY if is_of_money else RULE
    ranked = _ranked(eligible, is_of_money=is_of_money)
    ranks = {one.name: place for place, one in enumerate(ranked, start=1)}
    candidates = tuple(replace(one, rank=ranks.get(one.name, 0)) for one in judged)
    reasons = tuple(_statements(plans, names, ranked, judged))
    chosen = ranked[0].name if len(ranked) > 1 else None
    is_clear = chosen is not None and not any(_is_better(other, ranked[0]) for other in ranked[1:])
    return Recommendation(chosen, is_clear=is_clear, rule=rule, candidates=candidates, statements=reasons)


def _candidate(plan: Plan, name: str, first: Plan, *, stale: str) -> Candidate:
    sales, revenue = plan.tables["sales"], float(plan.tables["sales"]["revenue"].sum())
    cost = float(plan.tables["costs"]["amount"].sum())
    delivered = float(sales[["delivered_on_time", "delivered_late"]].to_numpy().sum())
    why_not = stale or ("" if plan.is_proven else "is not proven to be the best plan of its scenario")
    why_not = why_not or _other_demand(plan, first)
    return Candidate(name, plan.is_proven, is_eligible=not why_not, why_not=why_not, rank=0,
                     service=plan.kpis.get("order_fill_rate"), attainment=plan.kpis.get("target_attainment"),
                     margin=revenue - cost, cost=cost, delivered=delivered)


def _other_demand(plan: Plan, first: Plan) -> str:
    """Of which other demand the plan is; blank where of the same."""
    keys = ["item", "market", "period"]
    demand, first_demand = (each.tables["sales"].groupby(keys)["demand"].sum() for each in (plan, first))
    apart = demand.sub(first_demand, fill_value=0.0).abs().sum()
    before = float(first_demand.sum())
    if apart <= ROUNDING * max(before, 1.0):
        return ""
    more = float(demand.sum()) - before
    if abs(more) <= ROUNDING * max(before, 1.0):
        return "serves another mix of demand, so that it is another case and no choice"
    return (f"serves {figure(abs(more))} units {'more' if more > 0 else 'less'} of demand, so that it is "
            "another case and no choice")


def _ranked(eligible: Sequence[Candidate], *, is_of_money: bool) -> list[Candidate]:
    """The best first; services within what is material count as the same."""
    unranked, ranked = list(eligible), []
    while unranked:
        best = unranked
        for figures in () if is_of_money else (_service, _attainment):
            most = max(figures(one) for one in best)
            best = [one for one in best if figures(one) >= most - MATERIAL]
        chosen = max(best, key=lambda one: one.margin)
        ranked.append(chosen)
        unranked = [one for one in unranked if one is not chosen]
    return ranked


def _service(one: Candidate) -> float:
    return 1.0 if one.service is None else one.service


def _attainment(one: Candidate) -> float:
    return 1.0 if one.attainment is None else one.attainment


def _is_better(other: Candidate, chosen: Candidate) -> bool:
    """Whether the other is better than the chosen one in anything that a meeting would choose it for."""
    return (_service(other) > _service(chosen) + MATERIAL
            or _attainment(other) > _attainment(chosen) + MATERIAL
            or other.margin > chosen.margin + ROUNDING * abs(chosen.margin))


# ------------------------------------------------------------------------------------------------ the reasons


def _statements(plans: Sequence[Plan], names: Sequence[str], ranked: Sequence[Candidate],
                judged: Sequence[Candidate]) -> list[Statement]:
    by_name = dict(zip(names, plans, strict=True))
    currency = plans[0].currency
    reasons: list[Statement] = []
    if len(judged) == 1:
        return reasons
    if len(ranked) >= 2:
        reasons.append(_headline(ranked[0], currency))
        reasons += [_against(ranked[0], other, by_name, currency) for other in ranked[1:]]
        reasons += [_cheapest(ranked, currency)] if _cheapest_is_not_best(ranked) else []
    elif ranked:
        text = f"There is nothing to choose: only {ranked[0].name} can be recommended."
        reasons.append(Statement("no_choice", text, {"plan": ranked[0].name}))
    else:
        reasons.append(Statement("no_choice", "None of the plans can be recommended.", {}))
    return [*reasons, *(_not_eligible(one) for one in judged if not one.is_eligible)]


def _not_eligible(one: Candidate) -> Statement:
    return Statement("not_eligible", f"{one.name} {one.why_not}.", {"plan": one.name, "why": one.why_not})


def _headline(best: Candidate, currency: str) -> Statement:
    parts = [f"{percent(best.service)} of demand on time" if best.service is not None else "",
             f"{percent(best.attainment)} of the sales targets" if best.attainment is not None else "",
             f"a margin of {written(best.margin, 'currency', currency=currency)}"]
    figures = {"plan": best.name, "service": best.service, "attainment": best.attainment,
               "margin": best.margin}
    text = f"Recommended: {best.name}, with {listed(list(filter(None, parts)))}."
    return Statement("recommended", text, figures)


def _against(best: Candidate, other: Candidate, plans: Mapping[str, Plan], currency: str) -> Statement:
    """What the recommended plan brings and costs beside another one."""
    margin = best.margin - other.margin
    units = best.delivered - other.delivered
    service = _service(best) - _service(other)
    attainment = _attainment(best) - _attainment(other)
    room = _room_of_money(plans[best.name]) + _room_of_money(plans[other.name])
    is_open = abs(margin) <= max(room, ROUNDING * abs(best.margin))
    money = "the same margin, as far as is proven" if is_open else _more(margin, "margin", currency)
    parts = [part for part in (_points(service, "more of the demand on time", "less of the demand on time"),
                               _points(attainment, "more of the targets", "less of the targets"),
                               f"{figure(abs(units))} units {'more' if units > 0 else 'fewer'}"
                               if abs(units) >= 0.5 else "", money) if part]
    price = _price(margin, units, is_open=is_open)
    figures = {"plan": best.name, "other": other.name, "service": service, "attainment": attainment,
               "delivered": units, "margin": margin, "cost": best.cost - other.cost, "margin_per_unit": price}
    each = "" if price is None else written(price, "currency", currency=currency)
    worth = f": each unit more costs {each} of margin" if each else ""
    return Statement("against", f"Against {other.name}: {listed(parts)}{worth}.", figures)


def _price(margin: float, units: float, *, is_open: bool) -> float | None:
    """What each unit more costs of margin; None where it costs none."""
    return -margin / units if units >= 0.5 and margin < 0 and not is_open else None


def _room_of_money(plan: Plan) -> float:
    room = rooms(plan)["margin"]
    return 0.0 if pd.isna(room) else room


def _more(amount: float, what: str, currency: str) -> str:
    return f"{written(abs(amount), 'currency', currency=currency)} {'more' if amount > 0 else 'less'} {what}"


def _points(share: float, more: str, less: str) -> str:
    if abs(share) < MATERIAL:
        return ""
    return f"{percent(abs(share)).rstrip('%')} points {more if share > 0 else less}"


def _cheapest_is_not_best(ranked: Sequence[Candidate]) -> bool:
    return min(ranked, key=lambda one: one.cost).name != ranked[0].name


def _cheapest(ranked: Sequence[Candidate], currency: str) -> Statement:
    """Why the plan with the lowest cost is not the one to agree on."""
    cheap, best = min(ranked, key=lambda one: one.cost), ranked[0]
    fewer = best.delivered - cheap.delivered
    figures = {"plan": cheap.name, "cost": cheap.cost - best.cost, "delivered": -fewer,
               "margin": cheap.margin - best.margin}
    saved = written(best.cost - cheap.cost, "currency", currency=currency)
    if fewer >= 0.5:
        text = (f"{cheap.name} costs {saved} less because it delivers {figure(fewer)} units fewer, not by "
                "being better.")
    else:
        text = f"{cheap.name} costs {saved} less, with less of what is promised."
    return Statement("cheapest", text, figures)
