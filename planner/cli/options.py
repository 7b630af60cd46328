"""The arguments and options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer


def _examples(begun: str) -> list[tuple[str, str]]:
    from planner.scenario.starter import examples

    return [(name, question) for name, question in examples().items() if name.startswith(begun)]


def _list_examples(is_asked_for: bool) -> None:
    """Every bundled scenario stands on stdout with its question, and nothing else is done."""
    if is_asked_for:
        print("\n".join(f"{name:17}{question}" for name, question in _examples("")))
        raise typer.Exit


ScenarioPlace = Annotated[
    Path, typer.Argument(metavar="SCENARIO", help="Folder, or .xlsx workbook, of the scenario.")
]
PlanPlace = Annotated[Path, typer.Argument(metavar="PLAN", help="Folder of the plan.")]
OfPlan = Annotated[
    Path | None, typer.Option("--scenario", metavar="PATH", help="The scenario; by default the plan's own.")]
Places = Annotated[
    list[Path],
    typer.Argument(
        metavar="A [B...]",
        help="Folders of plans, or of scenarios, which are solved first. The others are compared with the "
             "first.",
    ),
]
OnePlace = Annotated[Path, typer.Argument(
    metavar="PLAN", help="Folder of the plan, or of a scenario, which is solved first.")]
Locale = Annotated[str, typer.Option(
    metavar="LANGUAGE", help="How CSV is written: en, or de, fr and others, whose spreadsheets want "
                             "semicolons and decimal commas.")]
Workers = Annotated[int | None, typer.Option(
    metavar="N", min=1, help="Processes that forecast; by default all cores, where there are enough series.")]
Scheduler = Annotated[str | None, typer.Option(
    metavar="ADDRESS", help="A dask.distributed scheduler whose workers forecast, like tcp://host:8786.")]
NoCache = Annotated[bool, typer.Option(
    "--no-cache", help="Solve scenarios again that were solved before, and remember no plan.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]
Example = Annotated[str | None, typer.Option(
    metavar="NAME", help="A bundled scenario, like baseline, in place of the starter.",
    autocompletion=_examples)]
ListExamples = Annotated[bool, typer.Option(
    "--list", help="List the bundled scenarios and stop.", is_eager=True, callback=_list_examples)]
Previous = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR", help="With --explain: folder of an earlier forecast, to say what has changed since."
    ),
]
RequiredGap = Annotated[float | None, typer.Option(
    "--require-gap", metavar="SHARE", min=0.0, max=1.0,
    help="Exit code 4, the plan written, where more than this share of the demand could still be on time, of "
         "the targets be reached, or of the cost be saved: 0.05 for 5 %.")]
Effort = Annotated[float | None, typer.Option(
    metavar="WORK", min=0.001,
    help="Stop after so much work of the solver with the best plan found: 60 is about a minute. Any machine "
         "then comes to the same plan, other than by the clock.")]
StartPlan = Annotated[Path | None, typer.Option(
    "--start", metavar="PLAN",
    help="Folder of a plan to begin at, like that of the base: with a time limit the new plan is never worse "
         "than its orders, setups and workers allow.")]
ReportCycle = Annotated[Path | None, typer.Option(
    "--cycle", metavar="CYCLE",
    help="Folder of the monthly cycle: the pack shows its decision, signatures, assumptions and open "
         "actions, what has changed since the last cycle, and how that one's plan did.")]
