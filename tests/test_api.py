"""The public names: they are there, they are described, and asking for them costs nothing before they are
used.
"""

import subprocess
import sys
from pathlib import Path

import pytest

import planner

ROOT = Path(__file__).parents[1]
SLOW = ("pandas", "pyomo", "highspy", "statsmodels", "scipy", "altair", "vl_convert")


@pytest.mark.parametrize("name", planner.__all__)
def test_public_name_is_there_and_described(name: str) -> None:
    assert getattr(planner, name).__doc__


def test_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'planner' has no attribute 'slove'"):
        planner.slove  # noqa: B018


def imported_by(code: str) -> set[str]:
    """The slow libraries that a fresh Python has imported after running the code."""
    asked = f"{code}\nimport sys\nprint(*(name for name in {SLOW} if name in sys.modules))"
    result = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return set(result.stdout.splitlines()[-1].split())


@pytest.mark.parametrize("code", ["import planner", "import planner.cli", "import planner.errors"])
def test_importing_does_not_wait_for_slow_libraries(code: str) -> None:
    assert imported_by(code) == set()


def test_checking_a_scenario_waits_for_pandas_only() -> None:
    call = "CliRunner().invoke(app, ['check', 'scenarios/red-tomato'])"
    assert imported_by(f"from typer.testing import CliRunner\nfrom planner.cli import app\n{call}") == {
        "pandas"
    }


def test_solving_waits_for_the_solver() -> None:
    assert {"pyomo", "highspy"} <= imported_by(
        "import planner\nplanner.solve(planner.load_scenario('scenarios/red-tomato'))"
    )
