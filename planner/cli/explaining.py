"""The commands that say why: explanations, the gap report, and what a limit is worth."""

from typing import Annotated

import typer

from planner.cli.options import AsJson, OfPlan, PlanPlace
from planner.cli.running import progress, show


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
    from planner.report.records import explanations
    from planner.report.terminal import results

    statements = Plan.load(plan).explain(
        item=item, market=market, period=period, order=order, customer=customer, target=target,
        scenario=scenario, as_records=True)
    show(as_json, lambda: explanations.explanation_record(statements),
         lambda: results.sentences([statement.text for statement in statements]))


def gaps(plan: PlanPlace, scenario: OfPlan = None, as_json: AsJson = False) -> None:
    """Show what is missing of targets and of demand.

    In units and money, by family, market and month, and whether sales or operations can close it.
    """
    from planner.plan.folder import load_plan
    from planner.plan.gaps import gaps as gaps_of
    from planner.report.records import explanations
    from planner.report.terminal import results

    gap_analysis = gaps_of(load_plan(plan), scenario)
    show(as_json, lambda: explanations.gap_record(gap_analysis),
         lambda: results.gap_result(gap_analysis, place=plan))


def goals(plan: PlanPlace, scenario: OfPlan = None,
          no_prices: Annotated[bool, typer.Option("--no-prices", help="Solve nothing again.")] = False,
          as_json: AsJson = False) -> None:
    """Show the goals of both sides, and what each costs.

    Sales targets and the table goals, beside last year and the plan; trade-offs are solved again.
    """
    from planner.plan.folder import load_plan
    from planner.report.records.goals import goals_record
    from planner.report.terminal.goals import goals_result

    with progress():
        joint_goals = load_plan(plan).goals(scenario, priced=not no_prices)
    show(as_json, lambda: goals_record(joint_goals), lambda: goals_result(joint_goals))


def worth(
    plan: PlanPlace,
    site: Annotated[str | None, typer.Option(help="The site.")] = None,
    work_center: Annotated[str | None, typer.Option("--work-center", help="Hours of this center.")] = None,
    labor_pool: Annotated[str | None, typer.Option("--labor-pool", help="Hires of this pool.")] = None,
    supplier: Annotated[str | None, typer.Option(help="Capacity of this supplier.")] = None,
    item: Annotated[str | None, typer.Option(help="For this item.")] = None,
    routing: Annotated[str | None, typer.Option(help="Capacity of this routing.")] = None,
    origin: Annotated[str | None, typer.Option(help="Where a lane begins.")] = None,
    destination: Annotated[str | None, typer.Option(help="Where it ends.")] = None,
    mode: Annotated[str | None, typer.Option(help="Its means of transport.")] = None,
    step: Annotated[float | None, typer.Option(
        metavar="N", help="So much more in every period; by default 10 hours or units, 1 hire.")] = None,
    as_json: AsJson = False,
) -> None:
    """Say what more of a limit is worth, solved again.

    What is delivered, what that costs and earns, and what is saved at the same service level.
    """
    from planner.plan.plan import Plan
    from planner.report.records import explanations
    from planner.report.terminal import results

    with progress():
        value = Plan.load(plan).worth(
            site=site, work_center=work_center, labor_pool=labor_pool, supplier=supplier, item=item,
            routing=routing, origin=origin, destination=destination, mode=mode, step=step)
    show(as_json, lambda: explanations.worth_record(value),
         lambda: results.sentences([statement.text for statement in value.statements]))
