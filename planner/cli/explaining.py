"""The commands that say why: explanations and the gap report."""

from typing import Annotated

import typer

from planner.cli.options import AsJson, OfPlan, PlanPlace
from planner.cli.running import show


def explain(
    plan: PlanPlace,
    item: Annotated[str | None, typer.Option(help="Only this item.")] = None,
    market: Annotated[str | None, typer.Option(help="Only this market.")] = None,
    period: Annotated[str | None, typer.Option(help="Only this period, like 2026-03 or 2026-W10.")] = None,
    order: Annotated[str | None, typer.Option(help="Only this booked order.")] = None,
    customer: Annotated[str | None, typer.Option(help="Only the booked orders of this customer.")] = None,
    target: Annotated[str | None, typer.Option(help="Only this sales target.")] = None,
    scenario: OfPlan = None,
    as_json: AsJson = False,
) -> None:
    """Say what is delivered, what is short or late, and why.

    Which limits stand on the way, when, and when more could be had.
    """
    from planner.plan.plan import Plan
    from planner.report import explained, terminal

    said = Plan.load(plan).explain(item=item, market=market, period=period, order=order, customer=customer,
                                   target=target, scenario=scenario, as_records=True)
    show(as_json, lambda: explained.explanation_record(said),
         lambda: terminal.sentences([statement.text for statement in said]))


def gaps(plan: PlanPlace, scenario: OfPlan = None, as_json: AsJson = False) -> None:
    """Show what is missing of targets and of demand.

    In units and money, by family, market and month, and whether sales or operations can close it.
    """
    from planner.plan.folder import load_plan
    from planner.plan.gaps import gaps as gaps_of
    from planner.report import explained, terminal

    found = gaps_of(load_plan(plan), scenario)
    show(as_json, lambda: explained.gap_record(found), lambda: terminal.gap_result(found))
