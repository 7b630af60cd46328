"""The arguments and options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

ScenarioPlace = Annotated[Path, typer.Argument(metavar="SCENARIO", help="Folder of the scenario.")]
PlanPlace = Annotated[Path, typer.Argument(metavar="PLAN", help="Folder of the plan.")]
Places = Annotated[
    list[Path],
    typer.Argument(
        metavar="A [B...]",
        help="Folders of plans, or of scenarios, which are solved first. The others are compared with the "
             "first.",
    ),
]
Workers = Annotated[int | None, typer.Option(
    metavar="N", min=1, help="Processes that forecast; by default all cores, where there are enough series.")]
Scheduler = Annotated[str | None, typer.Option(
    metavar="ADDRESS", help="A dask.distributed scheduler whose workers forecast, like tcp://host:8786.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]
