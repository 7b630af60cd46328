"""Remedies as sentences, and as plain values for other programs."""

from typing import Any

from planner.figures import figure, one
from planner.plan.remedies import Remedies, Remedy
from planner.plan.remedies.remedies import Use
from planner.plan.totals import NUMBERS, Figures
from planner.report.records import result


def remedies_record(found: Remedies) -> dict[str, Any]:
    """The gap and its remedies, best first."""
    gap = found.gap
    return result("remedies", {
        "plan": found.plan.name, "currency": found.plan.currency, "kind": gap.kind, "key": dict(gap.key),
        "about": gap.words, "unit": gap.unit, "short": gap.short, "unreachable": gap.unreachable,
        "levers": found.looked_at, "sentences": sentences(found),
        "remedies": [_remedy(place, remedy) for place, remedy in enumerate(found, start=1)]})


def _remedy(place: int, remedy: Remedy) -> dict[str, Any]:
    return {"rank": place, "about": remedy.words, "closes": remedy.closes, "left": remedy.left,
            "margin": remedy.margin, "goods": remedy.goods, "decide_by": remedy.decide_by,
            "status": remedy.status, "gap": remedy.gap, "differences": figures_record(remedy.figures),
            "levers": [_use(use) for use in remedy.uses], "overrides": dict(remedy.overrides)}


def _use(use: Use) -> dict[str, Any]:
    return {"lever": use.kind, "key": dict(use.key), "about": use.words, "unit": use.unit, "total": use.total,
            "periods": list(use.periods), "amounts": list(use.amounts), "values": list(use.values),
            "is_lowered": use.is_lowered}


def figures_record(figures: Figures) -> dict[str, Any]:
    """Each figure by its name, and what each target misses."""
    return {**{name: getattr(figures, name) for name in NUMBERS}, "margin": figures.margin,
            "missed": dict(figures.missed)}


def sentences(found: Remedies) -> list[str]:
    """What is missing, what of it supply can close, and how the remedies compare."""
    gap, currency = found.gap, found.plan.currency
    unit = gap.unit
    if gap.short <= 1e-6:
        return [f"Nothing is missing: {gap.words} is met in full."]
    said = [f"{_capital(gap.words)}: {figure(gap.short)} {unit} are missing."]
    if gap.unreachable > 1e-6:
        closable = f"supply could close {figure(gap.closable)}" if gap.closable > 1e-6 else \
            "more supply closes nothing"
        said.append(f"{figure(gap.unreachable)} of them nobody has asked for: the target is above demand. "
                    f"That is for sales to close; {closable}.")
    if gap.closable > 1e-6 and not len(found):
        said.append(f"None of the {found.looked_at} levers of the scenario closes any of it, alone or "
                    "together.")
    if len(found):
        best = found[0]
        said.append(f"Best of {len(found)} proven: {best.words} closes {figure(best.closes)} {unit}; "
                    f"{_money(best.margin, currency)}. To be decided by {best.decide_by}.")
    return said


def _money(margin: float, currency: str) -> str:
    amount = one(abs(margin), "currency", currency=currency)
    return f"the margin is {amount} {'higher' if margin >= 0 else 'lower'}"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
