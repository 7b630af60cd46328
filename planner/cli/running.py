"""What commands do on their way: read, solve, say what is being done, and show what came out."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.errors import InfeasibleError, NoPlanError
from planner.figures import printable

if TYPE_CHECKING:
    from rich.console import RenderableType

    from planner.plan.plan import Plan
    from planner.scenario.scenario import Scenario

Tell = Callable[[str], None]


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
    from planner.plan.folder import holds_plan, load_plan

    with progress() as tell:
        return [
            load_plan(place)
            if holds_plan(place)
            else _one_of_several(place, partial(_tell_of, place, tell))
            for place in places
        ]


def _one_of_several(place: Path, tell: Tell) -> "Plan":
    """The best plan for the scenario; where there is none, the message says for which."""
    try:
        return solved(place, tell)
    except InfeasibleError as error:
        raise InfeasibleError(f"{place}: {error.message}", error.conflicts) from None
    except NoPlanError as error:
        raise NoPlanError(f"{place}: {error}") from None


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
