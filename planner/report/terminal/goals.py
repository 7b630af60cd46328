"""The goals of both sides as people read them in a terminal."""

from rich.console import Group, RenderableType
from rich.text import Text

from planner.figures import NOTHING, scale_for
from planner.plan.goals import GoalLine, Goals
from planner.plan.goals.trade_offs import TradeOff
from planner.report.records.goals import (
    UNITS,
    WORDS,
    attainment_sentences,
    figure_of,
    is_nothing,
    signed_amount,
    trade_off_sentence,
)
from planner.report.terminal.parts import indented, titled_table

MET = {True: "met", False: "missed", None: NOTHING}


def goals_result(goals: Goals) -> RenderableType:
    """What is met and missed in sentences, then every goal, then what more of one costs the others."""
    currency = goals.plan.currency
    spoken = [indented(sentence) for sentence in attainment_sentences(goals)]
    parts = [*spoken, Text(), _goals(goals, currency)]
    if goals.trade_offs:
        parts += [Text(), _trade_offs(goals, currency)]
    return Group(Text(f"Goals of {goals.plan.name}", style="bold"), *parts)


def _goals(goals: Goals, currency: str) -> Group:
    rows = [[line.side, line.goal, line.owner or NOTHING, figure_of(line),
             *_figures(line, currency), MET[line.is_met], line.trend or NOTHING] for line in goals.lines]
    headings = ["side", "goal", "owner", "figure", "unit", "goal", "last year", "plan", "", "trend"]
    return titled_table("Every goal", headings, rows, words=5)


def _figures(line: GoalLine, currency: str) -> list[str]:
    aim = line.minimum if line.minimum is not None else line.maximum
    sign = "≥" if line.minimum is not None else "≤"
    scale = scale_for([figure for figure in (aim, line.plan, line.actual) if figure is not None], line.unit,
                      currency=currency)
    return [scale.unit, f"{sign} {scale.text(aim)}", scale.text(line.actual), scale.text(line.plan)]


def _trade_offs(goals: Goals, currency: str) -> Group:
    rows = [[one.step, *(_difference(one, name, currency) for name in WORDS)]
            for one in goals.trade_offs if one.differences]
    without = [trade_off_sentence(one, currency) for one in goals.trade_offs if not one.differences]
    return titled_table("What more of one costs the others, solved again", ["", *WORDS.values()], rows,
                        note=" ".join(without))


def _difference(trade_off: TradeOff, name: str, currency: str) -> str:
    value = trade_off.differences.get(name, 0.0)
    return NOTHING if is_nothing(value, UNITS[name]) else signed_amount(value, UNITS[name], currency)
