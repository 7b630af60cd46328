"""The command `report`: plans as a meeting reads them."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from planner.cli.options import ReportCycle
from planner.cli.running import found_or_solved, note, progress
from planner.errors import PlanError


def report(
    output: Annotated[Path, typer.Option(
        metavar="FILE", help="The file to write: a page like pack.html, paper like pack.pdf, or a workbook "
                             "like pack.xlsx.")],
    plans: Annotated[list[Path] | None, typer.Argument(
        metavar="[A B...]", help="Folders of plans, or of scenarios, which are solved first. The others are "
                                 "compared with the first. By default the plans that the --cycle considers.",
    )] = None,
    price: Annotated[int | None, typer.Option(
        metavar="N", min=0, help="Solve again for the N decisions and missed targets that matter most: what "
                                 "waiting costs, and what closes a gap at what price. By default 3 of a "
                                 "small plan, none of others.")] = None,
    cycle: ReportCycle = None,
    budget: Annotated[Path | None, typer.Option(
        metavar="PLAN", help="Folder of the plan that is the budget: money by period and family beside it.",
    )] = None,
    frontier: Annotated[Literal["service", "stock"] | None, typer.Option(
        help="Draw what more service costs, or less stock, each point solved.")] = None,
) -> None:
    """Write the meeting pack about plans, or a workbook.

    A page or a PDF to read, to mail and to print, in the order of the meeting; the workbook has formulas and
    charts.
    """
    from planner.report.output import expect_report, write_report

    places = plans or _considered(cycle)
    expect_report(output, plans=len(places))  # before the work, not after it
    found = found_or_solved(places)
    planned = None if budget is None else found_or_solved([budget])[0]
    with progress():
        write_report(found, output, price=price, cycle=cycle, budget=planned, frontier=frontier or "")
    note(f"report written to {output}")


def _considered(cycle: Path | None) -> list[Path]:
    """The plans of the cycle; PlanError where neither plans nor a cycle are named."""
    if cycle is None:
        raise PlanError("name the plans to report on, or the --cycle whose plans they are")
    from planner.report.papers import plans_considered

    return plans_considered(cycle)
