"""The command `compare`: plans side by side, which to agree on, and why they differ."""

from pathlib import Path
from typing import Annotated

import typer

from planner.cli.options import AsJson, Locale, Places
from planner.cli.running import found_or_solved, note, progress, show
from planner.csv_tables import ENGLISH


def compare(
    plans: Places,
    why: Annotated[bool, typer.Option(
        "--why", help="Walk from the first plan to each other, one change of the scenario at a time, each "
                      "solved again, and say what moved in the near periods.")] = False,
    output: Annotated[Path | None, typer.Option(
        metavar="PATH", help="Write the comparison: a page like plans.html, a workbook like plans.xlsx, JSON "
                             "like plans.json, or a folder of CSV files.")] = None,
    locale: Locale = ENGLISH,
    as_json: AsJson = False,
) -> None:
    """Compare plans: which to agree on, and where they differ.

    Key figures, service, targets, load, customers, margin, and what moved where.
    """
    from planner.csv_tables import locale_of
    from planner.plan.compare import compared
    from planner.report.comparison_output import expect_comparison, write_comparison
    from planner.report.comparison_records import comparison_record
    from planner.report.terminal_comparison import comparison_result

    written = locale_of(locale)
    if output is not None:
        expect_comparison(output)  # before the work, not after it
    solved = found_or_solved(plans)
    with progress():
        comparison = compared(solved, walk=why)
    if output is not None:
        write_comparison(comparison, output, locale=written)
        note(f"comparison written to {output}")
    show(as_json, lambda: comparison_record(comparison, plans),
         lambda: comparison_result(comparison, currency=solved[0].currency))
