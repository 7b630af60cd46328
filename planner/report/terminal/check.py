"""What is wrong with a scenario, in a terminal. Nothing here waits for plans, models or charts."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
from rich.console import Group, RenderableType
from rich.text import Text

from planner.figures import printable
from planner.report.terminal.parts import counted, indented, titled_table

if TYPE_CHECKING:
    from planner.errors import Problem


def check_result(
    scenario: Path, problems: "Sequence[Problem]", changes: pd.DataFrame | None
) -> RenderableType:
    """Every problem on its own line, errors marked apart from warnings; then what was recognised in the
    files, and the differences from the base, if asked for.
    """
    notes = [problem for problem in problems if problem.severity == "note"]
    errors = sum(problem.severity == "error" for problem in problems)
    counts = [counted(errors, "error"), counted(len(problems) - errors - len(notes), "warning")]
    total = " and ".join(count for count in counts if count) or "no problems"
    head = Text(printable(f"{scenario}: {total}"), style="bold red" if errors else "bold")
    wrong = [_problem(problem) for problem in problems if problem.severity != "note"]
    recognised = [Text(), Text("Recognised in the files; look at it once", style="bold")] if notes else []
    differences = [] if changes is None else [Text(), _changes(changes)]
    return Group(head, *wrong, *recognised, *(indented(str(one)) for one in notes), *differences)


def _problem(problem: "Problem") -> Text:
    label, style = ("  error    ", "red") if problem.severity == "error" else ("  warning  ", "yellow")
    return Text.assemble((label, style), printable(str(problem)))


def _changes(changes: pd.DataFrame) -> RenderableType:
    if changes.empty:
        return Text("no differences from a base scenario")
    names = ["table", "change", "key", "column", "before", "after"]
    rows = (
        ["" if pd.isna(row[name]) else str(row[name]) for name in names] for row in changes.to_dict("records")
    )
    return titled_table(f"{counted(len(changes), 'difference')} from the base", names, rows, words=len(names))
