"""The command `remedies`: what closes a gap, at what cost, proven."""

from pathlib import Path
from typing import Annotated

import typer

from planner.cli.options import AsJson, OfPlan, PlanPlace
from planner.cli.running import note, progress, show

Name = str | None


def remedies(
    plan: PlanPlace,
    target: Annotated[Name, typer.Option(help="A sales target that is missed.")] = None,
    order: Annotated[Name, typer.Option(help="A booked order that is late.")] = None,
    item: Annotated[Name, typer.Option(help="Demand of this item that is lost or late.")] = None,
    market: Annotated[Name, typer.Option(help="Demand of this market that is lost or late.")] = None,
    period: Annotated[Name, typer.Option(help="Only of this period, like 2026-03 or 2026-W10.")] = None,
    maximum: Annotated[int, typer.Option(min=1, max=100, help="At most so many are proven.")] = 10,
    save: Annotated[Path | None, typer.Option(
        metavar="FOLDER", help="Write each remedy as a scenario into this folder.")] = None,
    scenario: OfPlan = None,
    as_json: AsJson = False,
) -> None:
    """Say what closes a gap: the cheapest levers, each proven.

    Each remedy comes out of solving the whole plan again with it.
    """
    from planner.plan.folder import load_plan
    from planner.plan.remedies import remedies as found_for
    from planner.plan.remedies.saving import expect_room, save_remedies
    from planner.plan.scenario_of_plan import scenario_of
    from planner.report.records.remedies import remedies_record
    from planner.report.terminal.remedies import remedies_result

    if save is not None:
        expect_room(save)  # before the work, not after it
    with progress():
        read = load_plan(plan)
        found = found_for(read, target=target, order=order, item=item, market=market, period=period,
                          scenario=scenario_of(read, scenario), maximum=maximum)
    if save is not None:
        save_remedies(found, save)
        note(f"{len(found)} scenarios written to {save}")
    show(as_json, lambda: remedies_record(found), lambda: remedies_result(found))
