"""The goals that both sides have set themselves beside the plan in focus."""

from planner.figures import NOTHING, scale_for
from planner.plan.goals import GoalLine, goals_of
from planner.report.parts import Block, Cell, Plans, Table
from planner.report.records.goals import amount, figure_of

MOST_GOALS = 12


def goal_blocks(plans: Plans) -> list[Block]:
    """Each goal with its owner, what is aimed at, last year, the plan and what is missing; sales targets have
    tables of their own. Nothing where the scenario has no goals, or is gone.
    """
    if plans.gaps is None or plans.gaps.scenario["goals"].empty:
        return []
    named = set(plans.gaps.scenario["goals"]["goal"])
    joint = goals_of(plans.focus, plans.gaps.scenario, priced=False)
    lines = [line for line in joint.lines if line.goal in named]
    shown = sorted(lines, key=lambda line: line.is_met is not False)[:MOST_GOALS]
    rows = [_row(line, plans.focus.currency) for line in shown]
    hidden = len(lines) - len(shown)
    note = " ".join(filter(None, [
        f"{hidden} more goals: planner goals has all." if hidden else "",
        "Last year: for as many periods as the plan has; of stock, as the plan begins."]))
    heads = ["Goal", "Side", "Owner", "Figure", "Unit", "Aim", "Last year", "Plan", "Missing", "Trend"]
    return [Block("full", Table("Goals of both sides", heads, [("", rows)], words=5, note=note))]


def _row(line: GoalLine, currency: str) -> list[Cell]:
    aim, sign = (line.minimum, "at least") if line.minimum is not None else (line.maximum, "at most")
    scale = scale_for([one for one in (aim, line.plan, line.actual) if one is not None], line.unit,
                      currency=currency)
    missing = "no figure" if line.missing is None else NOTHING
    if line.missing:
        is_share = line.unit == "0 to 1"
        missing = amount(line.missing, line.unit, currency) if is_share else scale.text(line.missing)
    return [Cell(line.goal), Cell(line.side), Cell(line.owner or NOTHING), Cell(figure_of(line)),
            Cell(scale.unit), Cell(f"{sign} {scale.text(aim)}"), Cell(scale.text(line.actual)),
            Cell(scale.text(line.plan)), Cell(missing, mark="missing" if line.missing else ""),
            Cell(line.trend or NOTHING)]
