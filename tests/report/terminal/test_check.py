"""What is wrong with a scenario, as it stands in a terminal or a pipe."""

from pathlib import Path

import pandas as pd
import pytest

from planner.errors import Problem
from planner.report.terminal.check import check_result
from planner.report.terminal.parts import show


def shown(problems: list[Problem], changes: pd.DataFrame | None, capsys: pytest.CaptureFixture[str]) -> list[str]:
    show(check_result(Path("s"), problems, changes))
    return capsys.readouterr().out.splitlines()


def test_errors_come_with_their_number_and_warnings_apart(capsys: pytest.CaptureFixture[str]) -> None:
    problems = [Problem("must be 0 or more periods", "sourcing.csv", row=14, column="lead_time", value="-2"),
                Problem("nothing supplies it", "items.csv", row=3, severity="warning")]
    assert shown(problems, None, capsys) == [
        "s: 1 error and 1 warning",
        "  error    sourcing.csv row 14, lead_time = -2: must be 0 or more periods",
        "  warning  items.csv row 3: nothing supplies it",
    ]


def test_no_problems_and_no_differences_are_said_plainly(capsys: pytest.CaptureFixture[str]) -> None:
    none = pd.DataFrame(columns=["table", "change", "key", "column", "before", "after"])
    assert shown([], none, capsys) == [
        "s: no problems", "", "no differences from a base scenario"]
