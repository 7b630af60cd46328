"""The command `compare`: plans side by side, which to agree on, and why they differ."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from planner.cli.options import AsJson, Locale, NoCache, Places
from planner.cli.running import note, progress, show, warn
from planner.cli.signals import one_stop
from planner.csv_tables import ENGLISH

if TYPE_CHECKING:
    from rich.console import RenderableType

    from planner.plan.comparison.compare import Comparison
    from planner.plan.plan import Plan


def compare(
    plans: Places,
    why: Annotated[bool, typer.Option(
        "--why", help="Walk from the first plan to each other, one change of the scenario at a time, each "
                      "solved again, and say what moved in the near periods.")] = False,
    output: Annotated[Path | None, typer.Option(
        metavar="PATH", help="Write the comparison: a page like plans.html, a workbook like plans.xlsx, JSON "
                             "like plans.json, or a folder of CSV files.")] = None,
    no_cache: NoCache = False,
    locale: Locale = ENGLISH,
    as_json: AsJson = False,
) -> None:
    """Compare plans: which to agree on, and where they differ.

    Key figures, service, targets, load, customers, margin, and what moved where.
    """
    from planner.csv_tables import locale_of
    from planner.plan.comparison.compare import compared

    written = locale_of(locale)
    if output is not None:
        from planner.report.comparison_output import expect_comparison, write_comparison

        expect_comparison(output)  # before the work, not after it
    solved = _plans(plans, use_cache=not no_cache)
    with progress():
        comparison = compared(solved, walk=why)
    if output is not None:
        write_comparison(comparison, output, locale=written)
        note(f"comparison written to {output}")
    show(as_json, lambda: _record(comparison, plans), lambda: _result(comparison))


def _record(comparison: "Comparison", places: Sequence[Path]) -> dict[str, Any]:
    from planner.report.records.comparison import comparison_record

    return comparison_record(comparison, places)


def _result(comparison: "Comparison") -> "RenderableType":
    from planner.report.terminal.comparison import comparison_result

    return comparison_result(comparison, currency=comparison.plans[0].currency)


def _plans(places: Sequence[Path], *, use_cache: bool) -> "list[Plan]":
    """The plan in each folder; scenarios are solved side by side, or taken from where they are remembered."""
    from planner.plan import cache
    from planner.plan.plan import Plan
    from planner.plan.plan_sources import plan_or_scenario
    from planner.plan.solved_together import plans_together

    with progress(), one_stop() as cancel:
        contents = [plan_or_scenario(place) for place in places]
        plans = plans_together(contents, [str(place) for place in places], use_cache=use_cache, cancel=cancel)
    if use_cache and any(not isinstance(content, Plan) for content in contents):
        note(f"plans of scenarios are remembered in {cache.place()}; delete it at any time")
    for plan in plans:
        warn(plan)
    return plans
