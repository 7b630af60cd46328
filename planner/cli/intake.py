"""The commands that bring data in: exports of other systems, and the month that is over."""

from pathlib import Path
from typing import Annotated

import typer

from planner.cli.options import AsJson
from planner.cli.running import note, progress, show
from planner.errors import PlannerError


def _list_profiles(is_asked_for: bool) -> None:
    """Every profile stands on stdout with what it reads, and nothing else is done."""
    if is_asked_for:
        from planner.scenario.importing.mapping_file import profiles

        print("\n".join(f"{name:12}{meaning}" for name, meaning in profiles().items()))
        raise typer.Exit


Files = Annotated[list[Path], typer.Argument(
    metavar="FILE...", help="The files: exports of an ERP, a CRM, a shop, a planning sheet.")]
MappingPlace = Annotated[Path | None, typer.Option(
    metavar="FILE", help="The mapping: which column of a file is which column of a table.")]
Profile = Annotated[str | None, typer.Option(
    metavar="NAME", help="A mapping that comes with the product, like hubspot, in place of one of yours.")]
Output = Annotated[Path | None, typer.Option(
    metavar="SCENARIO", help="Folder of the scenario, new or there already.")]
Suggest = Annotated[bool, typer.Option(
    "--suggest", help="Print a first mapping, made by looking at the files, with what it is unsure of.")]
Overwrite = Annotated[bool, typer.Option(
    "--overwrite", help="Replace tables without a key although people have changed them.")]
ListProfiles = Annotated[bool, typer.Option(
    "--profiles", help="List the profiles and stop.", is_eager=True, callback=_list_profiles)]


def import_(files: Files, mapping: MappingPlace = None, profile: Profile = None, output: Output = None,
            suggest: Suggest = False, overwrite: Overwrite = False, listed: ListProfiles = False,
            as_json: AsJson = False) -> None:
    """Turn exports of other systems into a scenario.

    Run it again next month: what changed is listed, and what people wrote into the scenario stays. Every row
    left out is counted and listed with its reason.
    """
    if suggest:
        from planner.scenario.importing.suggestion import suggest_mapping

        print(suggest_mapping(files), end="")
        return
    if (mapping is None) == (profile is None):
        raise PlannerError("name a --mapping or a --profile. A first mapping: planner import --suggest FILE")
    if output is None:
        raise PlannerError("name the folder of the scenario with --output")
    from planner.report import records
    from planner.report.terminal import imports
    from planner.scenario.importing.importing import import_files

    read = {"profile": profile} if mapping is None else mapping
    outcome = import_files(files, read, output, overwrite=overwrite)
    show(as_json, lambda: records.import_record(outcome), lambda: imports.import_result(outcome))
    note(f"the scenario is in {output}")


RolledPlace = Annotated[Path, typer.Argument(
    metavar="SCENARIO", help="Folder, or .xlsx workbook, of the scenario; or folder of a closed cycle, whose "
                             "agreed plan is gone on from.")]
PlanOption = Annotated[Path | None, typer.Option(
    "--plan", metavar="PLAN", help="Plan of the scenario that was agreed: what it says happens until then.")]
ActualsPlace = Annotated[Path | None, typer.Option(
    metavar="PATH", help="What has happened: a folder of tables as they stand now, or a file of actuals.")]


def roll(
    scenario: RolledPlace,
    to: Annotated[str, typer.Option(
        metavar="PERIOD", help="First period of the new calendar, like 2026-02.")],
    output: Annotated[Path, typer.Option(metavar="DIR", help="Folder of the new scenario.")],
    plan: PlanOption = None,
    actuals: ActualsPlace = None,
    periods: Annotated[int | None, typer.Option(
        min=1, max=600, help="Periods of the new calendar; by default as many as now.")] = None,
    as_json: AsJson = False,
) -> None:
    """Make next month's scenario from this one.

    The calendar is moved; stock, orders and targets come from the plan or from what has happened;
    what is over is archived.
    """
    from planner.plan.cycle.files import is_cycle
    from planner.plan.cycle.going_on import roll_cycle
    from planner.plan.rolling.roll import roll as rolled
    from planner.report import records
    from planner.report.terminal.imports import roll_result

    with progress():
        if is_cycle(scenario):
            if plan is not None:
                raise PlannerError(f"{scenario}: is a cycle, which goes on from the plan agreed in it. Leave "
                                   "out --plan")
            outcome = roll_cycle(scenario, output, to=to, actuals=actuals, periods=periods)
        else:
            outcome = rolled(scenario, output, to=to, plan=plan, actuals=actuals, periods=periods)
    show(as_json, lambda: records.roll_record(outcome), lambda: roll_result(outcome, before=str(scenario)))
    note(f"the scenario from {to} on is in {output}")
