"""What commands do on their way: read, solve, say what is being done, and show what came out."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from planner.cli.signals import one_stop
from planner.errors import NoPlanError
from planner.figures import printable
from planner.progress import Progress, clock, tell, watched

if TYPE_CHECKING:
    from rich.console import RenderableType

    from planner.plan.plan import Plan
    from planner.scenario.scenario import Scenario

LINE_SECONDS = 5.0  # between two lines of progress where nobody watches; what is over sooner needs none


def loaded(place: Path) -> "Scenario":
    """The scenario in the folder, checked."""
    from planner.scenario.load import load_scenario

    tell(Progress("reading", "scenario"))
    return load_scenario(place)


def found_or_solved(places: Sequence[Path]) -> "list[Plan]":
    """The plan in each folder; a folder without a plan.json is a scenario, which is solved. Under a limit a
    what-if begins at the plan of its base where that comes before it.
    """
    from planner.plan.folder import holds_plan, load_plan

    plans: list[Plan] = []
    with progress():
        for place in places:
            plans.append(load_plan(place) if holds_plan(place) else _solved(place, plans))
    for plan in plans:
        warn(plan)
    return plans


def _solved(place: Path, before: "Sequence[Plan]") -> "Plan":
    """The best plan for the scenario; where there is none, the message says for which."""
    from planner.plan.plan import make_plan
    from planner.plan.solved_together import named_failure
    from planner.plan.start import start_among

    with watched(about=str(place)):
        scenario = loaded(place)
        with one_stop() as cancel:
            start = start_among(before, scenario)
            return named_failure(str(place), lambda: make_plan(scenario, cancel=cancel, start=start))


def show(as_json: bool, record: Callable[[], Any], result: "Callable[[], RenderableType]") -> None:
    """The result stands on stdout, as JSON for programs or as text for people."""
    if as_json:
        from planner.report.records import json_text

        print(json_text(record()))
    else:
        from planner.report.terminal.parts import show as show_result

        show_result(result())


def warn(plan: "Plan") -> None:
    """Whoever reads nothing but stderr knows that a plan is not proven."""
    from planner.report.proof import warning

    if not plan.is_proven:
        note(warning(plan))


def expect_proof(plan: "Plan", required: float | None) -> None:
    """The plan is proven as far as is required; if not, the command ends with the exit code that says so."""
    from planner.report.proof import shortfall_of_proof

    missing = None if required is None else shortfall_of_proof(plan, required)
    if missing is not None:
        note(missing)
        raise typer.Exit(NoPlanError.exit_code)


def note(text: str) -> None:
    """The text stands on stderr."""
    with suppress(OSError):  # nobody reads it
        print("\n".join(printable(line) for line in text.splitlines()), file=sys.stderr, flush=True)


@contextmanager
def progress() -> Iterator[None]:
    """Tells on stderr what is being done and for how long: in one line where somebody watches, else in a line
    every few seconds.
    """
    if not sys.stderr.isatty():
        with watched(Lines(LINE_SECONDS)):
            yield
        return
    from planner.report.terminal.progress_line import progress_shown

    with progress_shown() as line, watched(line):
        yield


class Lines:
    """Writes a line for a log whenever the last one is so many seconds old."""

    def __init__(self, every: float) -> None:
        self._every, self._last = every, 0.0

    def __call__(self, record: Progress) -> None:
        """The record stands on stderr, if it is time for one."""
        if record.seconds - self._last >= self._every:
            self._last = record.seconds
            note(f"{clock(record.seconds)} {record}")
