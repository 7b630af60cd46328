"""The command line: parses and prints only. Results go to stdout or to --output, everything else to stderr."""

import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from typer.core import TyperGroup

from planner.errors import NoPlanError, PlanError, PlannerError
from planner.report.figures import printable

if TYPE_CHECKING:
    from rich.console import RenderableType

    from planner.plan.plan import Plan
    from planner.scenario.scenario import Scenario

# Pandas, solver and statistics are imported by the commands that need them: `planner --help` must not wait for them.

FOUND_SOMETHING, BAD_INPUT, INTERRUPTED, READER_GONE = 1, 2, 130, 141

Tell = Callable[[str], None]
interrupts: list[int] = []  # signals that came, so that a search that was interrupted is not blamed on its time limit


class Commands(TyperGroup):
    """The commands. Whatever the user can cause ends in a message and an exit code, never in a traceback."""

    def invoke(self, ctx: Any) -> Any:
        """The command has run and all its output is out, or its failure is told."""
        with failures_told():
            result = super().invoke(ctx)
            sys.stdout.flush()
            return result


app = typer.Typer(name="planner", cls=Commands, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

ScenarioPlace = Annotated[Path, typer.Argument(metavar="SCENARIO", help="Folder of the scenario.")]
PlanPlace = Annotated[Path, typer.Argument(metavar="PLAN", help="Folder of the plan.")]
Places = Annotated[list[Path], typer.Argument(
    metavar="A [B...]",
    help="Folders of plans, or of scenarios, which are solved first. The others are compared with the first.")]
Workers = Annotated[int | None, typer.Option(
    metavar="N", min=1, help="Processes that forecast; by default all cores, where there are enough series.")]
Scheduler = Annotated[str | None, typer.Option(
    metavar="ADDRESS", help="A dask.distributed scheduler whose workers forecast, like tcp://host:8786.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]


@app.callback()
def program(
    version: Annotated[bool, typer.Option("--version", help="Print the version and stop.", is_eager=True,
                                          callback=lambda wanted: print_version() if wanted else None)] = False,
) -> None:
    """Sales and operations planning: from pipeline and order history to a plan that is proven to be the best."""


def print_version() -> None:
    """The version stands on stdout, and nothing else is done."""
    from planner import __version__

    print(f"planner {__version__}")
    raise typer.Exit


@app.command()
def new(folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to create; it must not hold anything yet.")]) -> None:
    """Write a small commented scenario to start from; it can be solved as it is."""
    from planner.scenario.starter import write_starter

    write_starter(folder)
    note(f"A scenario to start from is in {folder}. Try: planner solve {folder}")


@app.command()
def check(
    scenario: ScenarioPlace,
    changes: Annotated[bool, typer.Option("--changes", help="List every difference from the base scenario.")] = False,
    as_json: AsJson = False,
) -> None:
    """List everything that is wrong with a scenario, with file, row, column, value and rule."""
    from planner.report import records, terminal
    from planner.scenario.load import examine

    found, problems = examine(scenario)
    differences = found.changes if changes and found else None
    show(as_json, lambda: records.check_record(scenario, problems, differences),
         lambda: terminal.check_result(scenario, problems, differences))
    if found is None:
        raise typer.Exit(BAD_INPUT)


@app.command()
def forecast(
    scenario: ScenarioPlace,
    output: Annotated[Path | None, typer.Option(metavar="DIR", help="Folder for ledger, quantiles and record as CSV.")] = None,
    workers: Workers = None,
    scheduler: Scheduler = None,
    explain: Annotated[bool, typer.Option("--explain", help="Say what the demand is made of, and what changed.")] = False,
    item: Annotated[str | None, typer.Option(help="With --explain: only this item.")] = None,
    market: Annotated[str | None, typer.Option(help="With --explain: only this market.")] = None,
    period: Annotated[str | None, typer.Option(help="With --explain: only this period, like 2026-03 or 2026-W10.")] = None,
    previous: Annotated[Path | None, typer.Option(
        metavar="DIR", help="With --explain: folder of an earlier forecast, to say what has changed since.")] = None,
    as_json: AsJson = False,
) -> None:
    """Forecast demand by item, market and period, and say how well past forecasts did."""
    from planner.demand.demand import make_demand
    from planner.demand.explain import read_previous
    from planner.report import files, records, terminal

    if output is not None:
        files.expect_writable(output)  # before the work, not after it
    earlier = read_previous(previous) if previous is not None else None
    with progress() as tell:
        found = loaded(scenario, tell)
        demand = make_demand(found, tell, workers=workers, scheduler=scheduler)
    if output is not None:
        files.write_whole({output / name: text for name, text in records.demand_files(demand, found.calendar).items()})
        note(f"demand written to {output}")
    if explain or item or market or period or previous:
        sentences = demand.explain(item=item, market=market, period=period, previous=earlier)
        show(as_json, lambda: sentences, lambda: terminal.sentences(sentences))
        return
    show(as_json, lambda: records.demand_record(demand, found.calendar), lambda: terminal.demand_result(demand))


@app.command("forecast-history")
def forecast_history(
    history: Annotated[Path, typer.Argument(metavar="HISTORY", help="Parquet file with date, item, market and quantity.")],
    output: Annotated[Path, typer.Option(metavar="FILE", help="The parquet file to write, like forecast.parquet.")],
    periods: Annotated[int, typer.Option(min=1, max=600, help="How many periods to forecast.")],
    bucket: Annotated[Literal["month", "week"], typer.Option(help="Length of a period.")] = "month",
    as_of: Annotated[str | None, typer.Option(metavar="DATE", help="Day up to which the past is known, like 2025-12-31.")] = None,
    workers: Workers = None,
    scheduler: Scheduler = None,
) -> None:
    """Forecast the run-rate business of a history of any size, without a scenario: some series at a time, in flat memory."""
    from planner.demand.history_file import forecast_history as forecast_file
    from planner.report import files

    files.expect_writable(output)
    files.refuse_folder(output)
    with progress() as tell:
        found = forecast_file(history, output, periods=periods, bucket=bucket, as_of=as_of, workers=workers,
                              scheduler=scheduler, progress=tell)
    note(f"{found.series:,} series forecast for {found.periods} periods, written to {output}")


@app.command()
def solve(
    scenario: ScenarioPlace,
    output: Annotated[Path | None, typer.Option(metavar="DIR", help="Folder for the plan: plan.json, kpis.csv, tables.")] = None,
    time_limit: Annotated[float | None, typer.Option(
        metavar="SECONDS", min=0.001, help="Stop after so many seconds with the best plan found.")] = None,
    as_json: AsJson = False,
) -> None:
    """Make the best plan for a scenario, say what is met, what is short, what it costs and why, and prove it."""
    from planner.plan.folder import refuse_what_is_no_plan
    from planner.report import files, records, terminal

    if output is not None:
        files.expect_writable(output)  # before the work, not after it
        refuse_what_is_no_plan(output)
    with progress() as tell:
        plan = solved(scenario, tell, time_limit=time_limit)
    try:
        if output is not None:
            plan.save(output)
            note(f"plan written to {output}")
    finally:  # a plan that cannot be written is at least seen
        show(as_json, lambda: records.plan_record(plan), lambda: terminal.plan_result(plan))


@app.command()
def audit(
    plan: PlanPlace,
    scenario: Annotated[Path | None, typer.Option(metavar="PATH", help="The scenario; by default the plan's own.")] = None,
    as_json: AsJson = False,
) -> None:
    """Recalculate every balance, limit, cost and KPI of a plan from files alone; exit code 1 says that something is wrong."""
    from planner.plan.audit import audit as audited
    from planner.plan.plan import Plan
    from planner.report import records, terminal

    with progress() as tell:
        tell("reading the plan")
        read = Plan.load(plan)
        place = scenario or read.scenario_source
        if not place:
            raise PlanError(f"{plan}: the plan does not say where its scenario is. Name it with --scenario")
        against = loaded(Path(place), tell)
        tell("checking every figure")
        findings = audited(read, against)
    show(as_json, lambda: records.finding_records(findings), lambda: terminal.finding_list(read, findings))
    if findings:
        raise typer.Exit(FOUND_SOMETHING)


@app.command()
def explain(
    plan: PlanPlace,
    item: Annotated[str | None, typer.Option(help="Only this item.")] = None,
    market: Annotated[str | None, typer.Option(help="Only this market.")] = None,
    period: Annotated[str | None, typer.Option(help="Only this period, like 2026-03 or 2026-W10.")] = None,
    as_json: AsJson = False,
) -> None:
    """Say in sentences what was wanted, what is delivered, and which limits are in the way."""
    from planner.plan.plan import Plan
    from planner.report import terminal

    sentences = Plan.load(plan).explain(item=item, market=market, period=period)
    show(as_json, lambda: sentences, lambda: terminal.sentences(sentences))


@app.command()
def compare(plans: Places, as_json: AsJson = False) -> None:
    """Compare plans: every key figure side by side, and where they differ most."""
    from planner.plan.compare import compare as compared
    from planner.report import records, terminal

    found = found_or_solved(plans)
    comparison = compared(found)
    show(as_json, lambda: records.comparison_record(comparison),
         lambda: terminal.comparison_result(comparison, currency=found[0].currency))


@app.command()
def report(
    plans: Places,
    output: Annotated[Path, typer.Option(metavar="FILE", help="The page to write, like page.html.")],
) -> None:
    """Write a page about one plan or several that needs nothing else: to read, to mail, to print."""
    from planner.report import files
    from planner.report.page import write_report

    files.expect_writable(output)
    files.refuse_folder(output)
    found = found_or_solved(plans)
    write_report(found, output)
    note(f"report written to {output}")


# ------------------------------------------------------------------------------------------------ what commands share


def loaded(place: Path, tell: Tell) -> "Scenario":
    """The scenario in the folder, checked."""
    from planner.scenario.load import load_scenario

    tell("reading the scenario")
    return load_scenario(place)


def solved(place: Path, tell: Tell, *, time_limit: float | None = None) -> "Plan":
    """The best plan for the scenario in the folder."""
    scenario = loaded(place, tell)
    from planner.plan.plan import make_plan

    return make_plan(scenario, time_limit=time_limit, progress=tell)


def found_or_solved(places: Sequence[Path]) -> "list[Plan]":
    """The plan in each folder; a folder without a plan.json is a scenario, which is solved."""
    from planner.plan.plan import Plan

    with progress() as tell:
        return [Plan.load(place) if (place / "plan.json").exists() else solved(place, partial(_tell_of, place, tell))
                for place in places]


def _tell_of(place: Path, tell: Tell, step: str) -> None:
    tell(f"{place}: {step}")


def show(as_json: bool, record: Callable[[], Any], result: "Callable[[], RenderableType]") -> None:
    """The result stands on stdout, as JSON for programs or as text for people."""
    from planner.report import records, terminal

    if as_json:
        print(records.json_text(record()))
    else:
        terminal.show(result())


def note(text: str) -> None:
    """The text stands on stderr."""
    with suppress(OSError):  # nobody reads it
        print("\n".join(printable(line) for line in text.splitlines()), file=sys.stderr, flush=True)


@contextmanager
def progress() -> Iterator[Tell]:
    """Tells on stderr what is being done and for how long, where somebody watches."""
    if not sys.stderr.isatty():
        yield lambda step: None
        return
    from planner.report.terminal import watched

    with watched() as tell:
        yield tell


@contextmanager
def failures_told() -> Iterator[None]:
    """A failure that the user can do something about ends as one message on stderr and its exit code."""
    try:
        yield
    except PlannerError as error:
        note(str(error))
        raise typer.Exit(INTERRUPTED if interrupts and isinstance(error, NoPlanError) else error.exit_code) from None
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # another one could only interrupt the good-bye
        note("interrupted")
        raise typer.Exit(INTERRUPTED) from None
    except BrokenPipeError:
        forget_stdout()
        raise typer.Exit(READER_GONE) from None
    except MemoryError:
        note("out of memory: plan fewer periods, items or markets, or use a machine with more memory")
        raise typer.Exit(BAD_INPUT) from None
    except OSError as error:
        forget_stdout()
        note(f"{error.filename or 'standard output'}: {error.strerror or error}")
        raise typer.Exit(BAD_INPUT) from None


def forget_stdout() -> None:
    """What could not be written is not tried again when the program ends."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def main() -> None:
    """Runs the command line that the program was called with."""
    def remember(number: int, frame: Any) -> None:
        interrupts.append(number)
        signal.default_int_handler(number, frame)

    signal.signal(signal.SIGINT, remember)
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name) or os.fdopen(os.open(os.devnull, os.O_WRONLY), "w")  # closed by whoever called
        stream.reconfigure(errors="replace")  # a terminal that cannot show a letter shows a question mark
        setattr(sys, name, stream)
    app()
