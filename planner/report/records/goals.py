"""The goals of both sides as sentences and plain values."""

from typing import Any

from planner.figures import one, scale_for
from planner.naming import spelled
from planner.plan.goals import COLUMNS, GoalLine, Goals
from planner.plan.goals.trade_offs import TradeOff
from planner.plan.kpis import KPIS
from planner.report.highlights import ABBREVIATIONS, words
from planner.report.records import result

UNITS = {name: kpi.unit for name, kpi in KPIS.items()}
WORDS = {"order_fill_rate": "on time", "revenue": "revenue", "margin": "margin", "total_cost": "cost",
         "inventory_turns": "inventory turns", "stock_value": "average stock"}
POINTS = "points"


def goals_record(goals: Goals) -> dict[str, Any]:
    """Every goal, and what more of one leading figure costs the others."""
    return result("goals", {
        "plan": goals.plan.name, "currency": goals.plan.currency, "sentences": sentences(goals),
        "goals": [{name: None if getattr(line, name) == "" else getattr(line, name) for name in COLUMNS}
                  for line in goals.lines],
        "trade_offs": [{"measure": pair.measure, "step": pair.step, "status": pair.status,
                        "differences": dict(pair.differences)} for pair in goals.trade_offs]})


def sentences(goals: Goals) -> list[str]:
    """How many goals are met, which are missed by how much, and what more of one would cost."""
    return [*attainment_sentences(goals), *(
        trade_off_sentence(trade_off, goals.plan.currency) for trade_off in goals.trade_offs)]


def attainment_sentences(goals: Goals) -> list[str]:
    """How many goals are met, and which are missed by how much."""
    missed = [line for line in goals.lines if line.missing]
    unknown = [line.goal for line in goals.lines if line.missing is None]
    spoken = [f"{len(goals.lines) - len(missed) - len(unknown)} of {len(goals.lines)} goals are met."
              if goals.lines else "The scenario has no goals."]
    spoken += [_missed(line, goals.plan.currency) for line in missed]
    if unknown:
        spoken.append(f"The plan has no figure for {', '.join(unknown)}.")
    return spoken


def _missed(line: GoalLine, currency: str) -> str:
    aim, words = (line.minimum, "at least") if line.minimum is not None else (line.maximum, "at most")
    figures = [figure for figure in (aim, line.plan) if figure is not None]
    scale = scale_for(figures, line.unit, currency=currency)
    owner = f" ({line.side}, {line.owner})" if line.owner else f" ({line.side})"
    return (f"{line.goal}{owner} is missed by {amount(line.missing or 0.0, line.unit, currency)}: "
            f"{figure_of(line)} {words} {scale.with_unit(aim)}, the plan has "
            f"{scale.text(line.plan)}.")


def figure_of(line: GoalLine) -> str:
    """The KPI, and the part of the business that the goal is about."""
    parts = [f"{word} {spelled(name)}" for word, name in
             (("of", line.family), ("in", line.market), ("at", line.site)) if name]
    return " ".join([name_of(line.measure), *parts])


def name_of(measure: str) -> str:
    """The KPI as it stands in a sentence."""
    written = words(measure)
    return written if written in ABBREVIATIONS.values() else written[:1].lower() + written[1:]


def trade_off_sentence(trade_off: TradeOff, currency: str) -> str:
    """What the step changes in the other figures; figures that stay are left out."""
    head = trade_off.step[:1].upper() + trade_off.step[1:]
    if not trade_off.differences:
        why = "no plan goes that far" if trade_off.status == "infeasible" else "no plan was found in time"
        return f"{head}: {why}."
    moved = [f"{WORDS[name]} {signed_amount(value, UNITS[name], currency)}"
             for name, value in trade_off.differences.items()
             if name != trade_off.measure and not is_nothing(value, UNITS[name])]
    proof = "" if trade_off.status == "optimal" else " (not proven)"
    return f"{head}: {', '.join(moved) if moved else 'nothing else changes'}{proof}."


def amount(value: float, unit: str, currency: str) -> str:
    """A difference without its sign; those of shares in points."""
    if unit == "0 to 1":
        return f"{scale_for([value * 100], 'units').text(value * 100)} {POINTS}"
    return one(value, unit.removesuffix(" per year"), currency=currency)


def signed_amount(value: float, unit: str, currency: str) -> str:
    """A difference with its sign."""
    return f"{'+' if value > 0 else '−'}{amount(abs(value), unit, currency)}"


def is_nothing(value: float, unit: str) -> bool:
    """Whether a difference is rounding to its reader."""
    return abs(value) < (5e-5 if unit == "0 to 1" else 0.005)
