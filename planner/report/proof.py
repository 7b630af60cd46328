"""How good a plan is known to be, for people who do not know what a bound is."""

from typing import TYPE_CHECKING

from planner.figures import figure, percent
from planner.model.solution import LATE, LOST
from planner.plan.comparison.compare import OPEN, verdict_column
from planner.plan.proof import PROVEN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.model.solution import Pass
    from planner.plan.comparison.compare import Comparison
    from planner.plan.plan import Plan

BEST_SERVICE = "best achievable service, at the lowest cost for that service"
MARK = " *"  # after the name of a plan that is not proven
OPEN_MARK = "\u2248"  # stands for "not distinguishable" beside a difference
OPEN_NOTE = f"{OPEN_MARK} {OPEN}: what is not proven of the two plans may be more than their difference."
GOAL = {"profit": "profit"}


def status_in_words(plan: "Plan") -> str:
    """How the search ended, and what is proven of the plan."""
    if not plan.is_proven:
        ended = {
            "time_limit": "stopped at the time limit",
            "effort_limit": "stopped after the effort given",
            "interrupted": "interrupted",
            "unproven": "not proven, since figures lie too far apart for the solver's arithmetic",
        }.get(plan.status, plan.status)
        return "; ".join([f"{ended}: the best plan found", *proof_sentences(plan)])
    proven = 0.0 if plan.gap is None else plan.gap
    better = {"cost": "no plan is cheaper", "profit": "no plan earns more"}.get(plan.mode)
    by = f" by more than {percent(proven)}" if proven > PROVEN else ""
    if better is None:
        return f"optimal: {BEST_SERVICE}{f', no plan is cheaper{by}' if by else ''}"
    return f"optimal: {better}{by}"


def proof_sentences(plan: "Plan") -> list[str]:
    """What is proven of service, sales targets and money, each with what may still be possible."""
    return [*_service(plan), *_targets(plan), _money(plan)]


def warning(plan: "Plan") -> str:
    """What whoever reads nothing else has to know of a plan that is not proven."""
    return f"warning: {plan.name} is not proven to be the best plan: {'; '.join(proof_sentences(plan))}"


def shortfall_of_proof(plan: "Plan", required: float) -> str | None:
    """What is said of a plan that is proven less than is required; None where it is proven enough."""
    worst = plan.proof.worst
    if worst is not None and worst <= required + PROVEN:
        return None
    gap = "not known" if worst is None else percent(worst)
    return f"the worst gap is {gap}; {percent(required)} is required"


def marked(comparison: "Comparison") -> "Sequence[str]":
    """The names of the plans as headings, those that are not proven marked."""
    return [name if plan.is_proven else name + MARK
            for name, plan in zip(comparison.names, comparison.plans, strict=True)]


def mark_notes(comparison: "Comparison") -> list[str]:
    """What the mark stands for, plan by plan."""
    return [f"{name}{MARK}: {'; '.join(proof_sentences(plan))}."
            for name, plan in zip(comparison.names, comparison.plans, strict=True) if not plan.is_proven]


def verdict_note(comparison: "Comparison") -> str:
    """What the mark beside a difference stands for, where there is one."""
    verdicts = [comparison.kpis[verdict_column(name)] for name in comparison.names[1:]]
    return OPEN_NOTE if any((column == OPEN).any() for column in verdicts) else ""


def _service(plan: "Plan") -> list[str]:
    """How much more could be on time, and the pass that is furthest from its bound."""
    if plan.mode != "targets_first":
        return []
    if plan.proof.service <= PROVEN:
        return ["service proven"]
    worst = next((step for step in plan.proof.open_passes if step.measure in (LOST, LATE)), None)
    worst_pass = "" if worst is None else f" ({_pass(worst)})"
    return [f"service not proven: up to {_points(plan.proof.service)} more on time may be "
            f"possible{worst_pass}"]


def _targets(plan: "Plan") -> list[str]:
    added = plan.proof.targets
    return [] if added <= PROVEN else [
        f"sales targets not proven: up to {_points(added)} more attainment may be possible"]


def _money(plan: "Plan") -> str:
    what, proof = GOAL.get(plan.mode, "cost"), plan.proof
    if proof.cost is None:
        better = "more a plan could earn" if plan.mode == "profit" else "cheaper a plan could be"
        return f"{what} not proven: how much {better} is not known"
    return f"{what} proven within {percent(proof.cost)}" if proof.cost > PROVEN else f"{what} proven"


def _pass(step: "Pass") -> str:
    possible = "perhaps less" if step.bound is None else f"at best {figure(step.bound)}"
    return f"{step.name}: {figure(step.objective)}, {possible}"


def _points(share: float) -> str:
    """A share of all as percentage points: 4.1 points."""
    return f"{percent(share).rstrip('%')} points"
