"""The command that brings data in: exports of other systems."""

from pathlib import Path
from typing import Annotated

import typer

from planner.cli.options import AsJson
from planner.cli.running import note, show
from planner.errors import PlannerError


def _list_profiles(wanted: bool) -> None:
    """Every profile stands on stdout with what it reads, and nothing else is done."""
    if wanted:
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
    """Turn exports of other systems into a scenario, month after month.

    Every row left out is counted and listed with its reason; what people wrote into the scenario stays.
    """
    if suggest:
        from planner.scenario.importing.suggestion import suggest_mapping

        print(suggest_mapping(files), end="")
        return
    if (mapping is None) == (profile is None):
        raise PlannerError("name a --mapping or a --profile. A first mapping: planner import --suggest FILE")
    if output is None:
        raise PlannerError("name the folder of the scenario with --output")
    from planner.report import imports, records
    from planner.scenario.importing.importing import import_files

    read = {"profile": profile} if mapping is None else mapping
    found = import_files(files, read, output, overwrite=overwrite)
    show(as_json, lambda: records.import_record(found), lambda: imports.import_result(found))
    note(f"the scenario is in {output}")
