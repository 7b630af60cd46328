"""The commands that solve many scenarios: `sweep` over what-ifs, and `run` over a folder."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planner.cli.options import AsJson, NoCache, ReportCycle, ScenarioPlace
from planner.cli.running import note, progress, show, warn
from planner.cli.signals import one_stop
from planner.errors import OutputError, PlannerError

if TYPE_CHECKING:
    from planner.plan.run import Run
    from planner.plan.sweeping import Sweep

CHART = ".svg"


def sweep(
    scenario: ScenarioPlace,
    vary: Annotated[list[str] | None, typer.Option(
        metavar="FACTOR", help="What to vary: 'table[column=name].column = *0.9, *1.1', 'settings.path = "
                               "value, value' or 'demand = -10%, +10%'. Of several, every combination.",
    )] = None,
    file: Annotated[Path | None, typer.Option(
        "--file", metavar="YAML", help="A file with factors under vary and single what-ifs under what_ifs.",
    )] = None,
    of: Annotated[str | None, typer.Option(
        "--frontier", metavar="service|stock", help="In place of factors: the lowest cost for each level of "
                                                    "service, or the best plan for each level of stock.",
    )] = None,
    levels: Annotated[str | None, typer.Option(
        metavar="SHARES", help="The levels of the frontier, like 90%,95%,98%.")] = None,
    workers: Annotated[int | None, typer.Option(
        metavar="N", min=1, help="Processes that solve; by default one a core, where there is work enough.",
    )] = None,
    scheduler: Annotated[str | None, typer.Option(
        metavar="ADDRESS", help="A dask.distributed scheduler whose workers solve, like tcp://host:8786.",
    )] = None,
    output: Annotated[Path | None, typer.Option(
        metavar="FILE", help="Write every point with every KPI as CSV.")] = None,
    chart: Annotated[Path | None, typer.Option(metavar="FILE", help="Draw the points, as SVG.")] = None,
    as_json: AsJson = False,
) -> None:
    """Solve many what-ifs and lay them side by side.

    Or draw the frontier of cost against service, or of service against stock.
    """
    from planner.plan.sweeping import frontier as frontier_of, sweep as swept_over
    from planner.report.records.sweeps import sweep_record
    from planner.report.terminal.sweeps import sweep_result
    from planner.writing import expect_list

    if output is not None:  # before the work, not after it
        expect_list(output, example="sweep.csv")
    if chart is not None:
        if chart.suffix.lower() != CHART:
            raise OutputError(f"{chart}: a chart is a drawing ({CHART})")
        expect_list(chart, example=f"sweep{CHART}")
    _expect_one_kind(vary, file, of, levels)
    with progress(), one_stop() as cancel:
        if of:
            swept = frontier_of(scenario, of=of, levels=_shares(levels), cancel=cancel)
        else:
            swept = swept_over(scenario, vary or (), what_ifs=file or (), workers=workers,
                               scheduler=scheduler, cancel=cancel)
    _write(swept, output, chart)
    show(as_json, lambda: sweep_record(swept), lambda: sweep_result(swept))


def run(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Folder of scenarios.")],
    output: Annotated[Path, typer.Option(metavar="DIR", help="Folder in which each scenario has its plan.")],
    time_limit: Annotated[float | None, typer.Option(
        metavar="SECONDS", min=0.001, help="Stop each after so many seconds with the best plan found.",
    )] = None,
    pack: Annotated[Path | None, typer.Option(
        metavar="FILE", help="Then write a report of the four plans that matter most, like pack.html.",
    )] = None,
    cycle: ReportCycle = None,
    no_cache: NoCache = False,
    as_json: AsJson = False,
) -> None:
    """Plan all scenarios of a folder that has changed.

    Each what-if begins at the plan of its base.
    """
    from planner.plan.run import run as run_over
    from planner.report.output import expect_report
    from planner.report.records.runs import run_record
    from planner.report.terminal.runs import run_result

    if pack is None and cycle is not None:
        raise OutputError("--cycle: is shown in the pack. Name its file with --pack")
    if pack is not None:
        expect_report(pack, plans=2)  # before the work, not after it
    with progress(), one_stop() as cancel:
        done = run_over(folder, output, time_limit=time_limit, cancel=cancel, cache=not no_cache)
    for plan in done.plans:
        warn(plan)
    show(as_json, lambda: run_record(done), lambda: run_result(done))
    for one in done.planned:
        if one.message:
            note(f"{one.name}: {one.message}")
    if pack is not None and done.plans:
        _write_pack(done, pack, cycle)
    if done.failures:
        raise typer.Exit(done.failures[0].exit_code)


def _write_pack(done: "Run", pack: Path, cycle: Path | None) -> None:
    """The report of the plans to talk about first stands in the file; of more plans than it can show, the
    note says which.
    """
    from planner.naming import listed
    from planner.report.output import write_report
    from planner.report.pack import MAXIMUM_PLANS

    foremost = done.foremost(MAXIMUM_PLANS)
    with progress():
        write_report(foremost, pack, cycle=cycle)
    which = f" of {listed([plan.name for plan in foremost])}" if len(foremost) < len(done.plans) else ""
    note(f"report{which} written to {pack}")


def _write(swept: "Sweep", output: Path | None, chart: Path | None) -> None:
    """The points stand in the file, and the chart in the other one, where they are asked for."""
    from planner.csv_tables import csv_text
    from planner.report.sweep_chart import sweep_svg
    from planner.writing import write_text

    if output is not None:
        write_text(output, csv_text(swept.frame))
        note(f"{len(swept.points) + 1} points written to {output}")
    if chart is not None:
        write_text(chart, sweep_svg(swept))


def _expect_one_kind(vary: list[str] | None, file: Path | None, of: str | None, levels: str | None) -> None:
    """Factors and what-ifs, or a frontier; PlannerError otherwise."""
    if of and (vary or file):
        raise PlannerError("--frontier: it varies service or stock alone. Leave out --vary and --file")
    if levels and not of:
        raise PlannerError("--levels: are those of a frontier. Name it with --frontier service or stock")


def _shares(levels: str | None) -> list[float]:
    """The levels as shares: 95% and 0.95 are the same."""
    return [_share(level.strip()) for level in (levels or "").split(",") if level.strip()]


def _share(level: str) -> float:
    try:
        return float(level.rstrip("% ")) / (100 if level.endswith("%") else 1)
    except ValueError:
        raise PlannerError(f"--levels: {level} must be a share, like 95% or 0.95") from None
