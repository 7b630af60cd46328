"""Demand and supply brought together: what is missing of targets and whose it is, where demand is not
served, what closes the gaps at what price, and what the plan earns.
"""

from typing import TYPE_CHECKING

from planner.figures import NOTHING, figure, scale_for
from planner.report import charts, review_charts
from planner.report.gap_tables import gap_tables
from planner.report.parts import Block, Cell, Charts, Figure, Key, Plans, Section, Sentences, Table
from planner.report.sections.budget import budget_blocks
from planner.report.sections.goals import goal_blocks
from planner.report.sections.money import money_blocks
from planner.report.sections.supply import service_by_family
from planner.report.sections.targets import customer_table, target_blocks

if TYPE_CHECKING:  # remedies bring the solver, which nobody waits for who reads a plan
    from planner.plan.remedies import Remedies, Remedy

SHOWN_GAPS = 2  # tables: targets, then families and markets; periods stand in the heat map
NO_SCENARIO = "Its scenario is no longer there as it was, so gaps cannot be split into demand and supply."
NOT_PRICED = (
    "Remedies are not priced in this pack: --price N solves again for the N decisions and gaps that matter "
    "most."
)


def reconciliation(plans: Plans) -> Section:
    """What both sides have to agree on."""
    gaps = plans.gaps
    blocks = [*target_blocks(plans)]
    says = NO_SCENARIO
    if gaps is not None:
        says = " ".join(one.text for one in gaps.statements if one.kind != "target_gap")
        blocks += [
            Block("full" if place == 0 else "half", table)
            for place, table in enumerate(gap_tables(gaps)[:SHOWN_GAPS])
        ]
    blocks += [
        *(Block("half", table) for table in customer_table(plans)),
        *_heat(plans),
        *goal_blocks(plans),
        *_remedies(plans),
        *money_blocks(plans),
        *budget_blocks(plans),
    ]
    return Section("reconciliation", "Demand and supply together", plans.focus_says(says), blocks=blocks)


def _heat(plans: Plans) -> list[Block]:
    """On time over demand, by family and period."""
    frame = service_by_family(plans)
    if frame.empty:
        return []
    worst = frame.sort_values("share", kind="stable").iloc[0]
    says = (
        f"Share of demand delivered on time, by family and {plans.focus.bucket}. The lowest is "
        f"{worst['share']:.0%}, "
        f"{worst['name']} in {worst['period']}."
    )
    wide, narrow = (
        charts.svg(review_charts.heat_map(frame, width=width), says=says)
        for width in (charts.WIDE, charts.PANEL)
    )
    keys = [
        Key(text, color)
        for text, color in zip(
            ("below 50 %", "50 to 80 %", "80 to 95 %", "95 to 99.5 %", "all"),
            review_charts.SHARE_COLORS,
            strict=True,
        )
    ]
    return [
        Block(
            "full",
            Charts(
                f"Service: demand on time by family and {plans.focus.bucket}, %",
                [Figure("", wide, narrow)],
                keys,
                look="wide",
            ),
        )
    ]


def _remedies(plans: Plans) -> list[Block]:
    """What closes the gaps, with what each remedy costs and by when it has to be agreed."""
    if plans.gaps is None:
        return []
    missed = bool((plans.gaps.targets["missing_supply"] > 1e-3 * plans.gaps.targets["quantity"]).any())
    if not plans.remedies:
        return [Block("full", Sentences("Remedies", [NOT_PRICED]))] if missed and not plans.priced else []
    bodies = [
        (
            f"{remedies.gap.words}: {figure(remedies.gap.closable)} {remedies.gap.unit} that supply can "
            "close",
            [_remedy(remedies, remedy) for remedy in remedies]
            or [[Cell("No lever of the scenario closes any of it."), *[Cell("")] * 4]],
        )
        for remedies in plans.remedies
    ]
    heads = ["Remedy", "Closes", "Left", f"Margin, {plans.focus.currency}", "Decide by"]
    return [
        Block(
            "full",
            Table(
                "Remedies, each solved again",
                heads,
                bodies,
                note="Margin: what the plan earns more or less with the remedy, all its costs paid.",
            ),
        )
    ]


def _remedy(remedies: "Remedies", remedy: "Remedy") -> list[Cell]:
    money = scale_for([remedy.margin], "currency", currency=remedies.plan.currency)
    return [
        Cell(remedy.words[:1].upper() + remedy.words[1:]),
        Cell(figure(remedy.closes)),
        Cell(figure(remedy.left) if remedy.left > 1e-3 else NOTHING),
        Cell(money.difference(remedy.margin)),
        Cell(remedy.decide_by),
    ]
