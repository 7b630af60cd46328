"""The commands: each parses, calls and prints.

Pandas, solver and statistics are imported by the commands that need them: `planner --help` must not wait.
"""

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from planner.cli.failures import BAD_INPUT, FOUND_SOMETHING
from planner.cli.options import (
    AsJson,
    Effort,
    Example,
    ListExamples,
    PlanPlace,
    Previous,
    RequiredGap,
    ScenarioPlace,
    Scheduler,
    StartPlan,
    Workers,
)
from planner.cli.running import expect_proof, loaded, note, progress, show, warn
from planner.cli.signals import one_stop
from planner.errors import PlanError
from planner.progress import Progress, tell


def new(
    place: Annotated[
        Path,
        typer.Argument(metavar="DIR", help="Folder, or workbook ending in .xlsx, to create; nothing may be "
                                           "there yet."),
    ],
    example: Example = None,
    listed: ListExamples = False,
    xlsx: Annotated[
        bool, typer.Option("--xlsx", help="Write an Excel workbook with headings, drop-downs and examples.")
    ] = False,
    empty: Annotated[
        bool, typer.Option("--empty", help="With --xlsx: the headings only, without the starter's rows.")
    ] = False,
) -> None:
    """Write a scenario to start from; it solves as it is."""
    from planner.scenario.starter import place_of_example, write_example, write_starter

    if xlsx or empty or place.suffix.lower() == ".xlsx":
        from planner.scenario.saving.convert import write_template

        place = place if place.suffix.lower() == ".xlsx" else place.with_name(f"{place.name}.xlsx")
        write_template(place, start=None if empty else place_of_example(example))
    elif example is None:
        write_starter(place)
    else:
        write_example(place, example)
    what, then = ("An empty template", "check") if empty else ("A scenario to start from", "solve")
    note(f"{what} is in {place}. Try: planner {then} {place}")


def convert(
    scenario: ScenarioPlace,
    target: Annotated[
        Path, typer.Argument(metavar="TARGET", help="A workbook ending in .xlsx, or a folder; nothing may be "
                                                    "there yet.")
    ],
    whole: Annotated[
        bool, typer.Option("--whole", help="Write a what-if with all that it takes from its base.")
    ] = False,
) -> None:
    """Turn a scenario's folder into a workbook, or back.

    Nothing is lost: tables, settings, overrides, notes and comments.
    """
    from planner.scenario.saving.convert import convert as converted

    converted(scenario, target, whole=whole)
    note(f"{scenario} written to {target}")


def check(
    scenario: ScenarioPlace,
    changes: Annotated[
        bool, typer.Option("--changes", help="List every difference from the base scenario.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """List everything that is wrong with a scenario.

    Every problem has its file, row, column, value and rule.
    """
    from planner.report.terminal.check import check_result
    from planner.scenario.load import examine

    def record() -> dict[str, Any]:
        from planner.report.records import check_record  # waits for plans, which people need not

        return check_record(scenario, problems, differences)

    loaded_scenario, problems = examine(scenario)
    differences = loaded_scenario.changes if changes and loaded_scenario else None
    show(as_json, record, lambda: check_result(scenario, problems, differences))
    if loaded_scenario is None:
        raise typer.Exit(BAD_INPUT)


def forecast(
    scenario: ScenarioPlace,
    output: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder for ledger, quantiles and record as CSV.")
    ] = None,
    workers: Workers = None,
    scheduler: Scheduler = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say what the demand is made of, and what changed.")
    ] = False,
    item: Annotated[str | None, typer.Option(help="With --explain: only this item.")] = None,
    market: Annotated[str | None, typer.Option(help="With --explain: only this market.")] = None,
    period: Annotated[
        str | None, typer.Option(help="With --explain: only this period, like 2026-03 or 2026-W10.")
    ] = None,
    previous: Previous = None,
    as_json: AsJson = False,
) -> None:
    """Forecast demand, and say how well past forecasts did.

    By item, market and period.
    """
    from planner.demand.demand import make_demand
    from planner.demand.folder import read_previous, refuse_what_is_no_forecast, save_demand
    from planner.report import records
    from planner.report.terminal import results
    from planner.writing import expect_folder

    if output is not None:
        expect_folder(output)  # before the work, not after it
        refuse_what_is_no_forecast(output)
    earlier = read_previous(previous) if previous is not None else None
    with progress():
        loaded_scenario = loaded(scenario)
        demand = make_demand(loaded_scenario, workers=workers, scheduler=scheduler)
    if output is not None:
        save_demand(demand, output, loaded_scenario.calendar)
        note(f"demand written to {output}")
    if explain or item or market or period or previous:
        sentences = demand.explain(item=item, market=market, period=period, previous=earlier)
        show(as_json, lambda: records.sentence_records("forecast --explain", sentences),
             lambda: results.sentences(sentences))
        return
    show(as_json, lambda: records.demand_record(demand, loaded_scenario.calendar),
         lambda: results.demand_result(demand))


def forecast_history(
    history: Annotated[
        Path, typer.Argument(metavar="HISTORY", help="Parquet file with date, item, market and quantity.")
    ],
    output: Annotated[
        Path, typer.Option(metavar="FILE", help="The parquet file to write, like forecast.parquet.")
    ],
    periods: Annotated[int, typer.Option(min=1, max=600, help="How many periods to forecast.")],
    bucket: Annotated[Literal["month", "week"], typer.Option(help="Length of a period.")] = "month",
    as_of: Annotated[
        str | None, typer.Option(metavar="DATE", help="Day up to which the past is known, like 2025-12-31.")
    ] = None,
    workers: Workers = None,
    scheduler: Scheduler = None,
) -> None:
    """Forecast an order history of any size.

    Without a scenario, some series at a time, in flat memory.
    """
    from planner.demand.history_file import forecast_history as forecast_file

    with progress():
        summary = forecast_file(history, output, periods=periods, bucket=bucket, as_of=as_of, workers=workers,
                                scheduler=scheduler)
    note(f"{summary.series:,} series forecast for {summary.periods} periods, written to {output}")


def solve(
    scenario: ScenarioPlace,
    output: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder for the plan: plan.json, kpis.csv, tables.")
    ] = None,
    time_limit: Annotated[
        float | None,
        typer.Option(
            metavar="SECONDS", min=0.001, help="Stop after so many seconds with the best plan found."
        ),
    ] = None,
    effort: Effort = None,
    require_gap: RequiredGap = None,
    start: StartPlan = None,
    as_json: AsJson = False,
) -> None:
    """Make the best plan for a scenario, and prove it.

    It says what is met, what is short, what it costs and why.
    """
    from planner.plan.folder import load_plan, refuse_what_is_no_plan
    from planner.plan.plan import make_plan, seconds_allowed
    from planner.report import records
    from planner.report.terminal import results
    from planner.writing import expect_folder

    limit = seconds_allowed(time_limit)
    if output is not None:
        expect_folder(output)  # before the work, not after it
        refuse_what_is_no_plan(output)
    with progress():
        loaded_scenario = loaded(scenario)
        begin = None if start is None else load_plan(start)
    # a first signal to stop costs no plan that has been found, be it seconds before it is written
    with one_stop() as cancel:
        with progress():
            plan = make_plan(loaded_scenario, time_limit=limit, cancel=cancel, start=begin, effort=effort)
        try:
            if output is not None:
                plan.save(output)
                note(f"plan written to {output}")
        finally:  # a plan that cannot be written is at least seen
            show(as_json, lambda: records.plan_record(plan), lambda: results.plan_result(plan))
    warn(plan)
    expect_proof(plan, require_gap)


def audit(
    plan: PlanPlace,
    scenario: Annotated[
        Path | None, typer.Option(metavar="PATH", help="The scenario; by default the plan's own.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Recalculate every figure of a plan from files alone.

    Every balance, limit, cost and KPI; exit code 1 says that something is wrong.
    """
    from planner.plan.audit import audit as audited
    from planner.plan.folder import load_plan
    from planner.report import records
    from planner.report.terminal import results

    with progress():
        tell(Progress("reading", "plan"))
        read = load_plan(plan, edited=True)
        place = scenario or read.scenario_source
        if not place:
            raise PlanError(f"{plan}: the plan does not say where its scenario is. Name it with --scenario")
        against = loaded(Path(place))
        tell(Progress("auditing"))
        findings = audited(read, against)
    show(as_json, lambda: records.finding_records(read, findings),
         lambda: results.finding_list(read, findings))
    if findings:
        raise typer.Exit(FOUND_SOMETHING)
