"""The command `decide`: what has to be decided now."""

from typing import Annotated

import typer

from planner.cli.options import AsJson, OfPlan, PlanPlace
from planner.cli.running import progress, show


def decide(
    plan: PlanPlace,
    periods: Annotated[int, typer.Option(metavar="N", min=1, help="Decisions of the first N periods.")] = 1,
    most: Annotated[int, typer.Option(
        metavar="N", min=0, help="Solve again for the N decisions that cost most; 0 solves nothing.")] = 10,
    scenario: OfPlan = None,
    as_json: AsJson = False,
) -> None:
    """Say what to decide now, and what waiting costs.

    Orders, hires, overtime, options, and what is made ahead of later months.
    """
    from planner.plan.deciding import decide as decided
    from planner.plan.plan import Plan
    from planner.report.records import decisions as decision_records
    from planner.report.terminal import decisions as terminal_deciding

    with progress():
        decisions = decided(Plan.load(plan), scenario, periods=periods, most=most)
    show(as_json, lambda: decision_records.decisions_record(decisions),
         lambda: terminal_deciding.decisions_result(decisions))
