"""What the benchmarks build on: the generated manufacturer has a plan, and frePPLe's objects mean what the
adapter says.
"""

import importlib.util
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest

import planner
from planner.model.build import build_model
from planner.model.objective import goals
from planner.model.solver.matrix import compile_model

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


def benchmark(name: str) -> ModuleType:
    described = importlib.util.spec_from_file_location(name, BENCHMARKS / f"{name}.py")
    assert described is not None and described.loader is not None
    module = importlib.util.module_from_spec(described)
    described.loader.exec_module(module)
    return module


def test_generated_manufacturer_is_always_the_same_and_has_an_audited_plan() -> None:
    generated = benchmark("generated_scenario")
    assert generated.records(generated.SMALL) == generated.records(generated.SMALL)
    scenario = planner.load_scenario(generated.records(generated.SMALL))
    plan = planner.solve(scenario)
    assert plan.status == "optimal"
    assert planner.audit(plan, scenario) == []
    used = plan.tables["costs"].groupby("cost")["amount"].sum()
    assert (used[["purchase", "production", "work_center_overtime", "wages", "holding", "freight"]] > 0).all()


def test_matrix_written_by_hand_is_the_compiled_one() -> None:
    generated, by_hand = benchmark("generated_scenario"), benchmark("hand_written")
    scenario = planner.load_scenario(generated.records(generated.SMALL))
    compiled = compile_model(build_model(scenario, planner.forecast(scenario)))
    matrix, lower, upper, cost, maximum = by_hand.written(compiled.model.declared)
    assert abs(matrix - compiled.rows.matrix).max() == 0
    assert (
        (lower == compiled.rows.lower).all()
        and (upper == compiled.rows.upper).all()
        and (maximum == compiled.upper).all()
    )
    (goal,) = goals(compiled.model, compiled.layout, compiled.costs)
    assert cost == pytest.approx(goal.coefficients)


def test_a_section_of_the_performance_page_is_measured_again_without_the_others(
        monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    performance = benchmark("performance")
    monkeypatch.setattr(performance, "PAGE", tmp_path / "performance.md")
    monkeypatch.setattr(performance, "measured", lambda name: f"figures of {name}")
    monkeypatch.setattr("sys.argv", ["performance.py", "build", "growth"])
    assert performance.main() == 0
    assert performance.kept() == {name: performance.UNMEASURED for name in performance.SECTIONS} | {
        "build": "figures of build", "growth": "figures of growth"}
    monkeypatch.setattr(performance, "measured", lambda name: "newer\n\nfigures")
    monkeypatch.setattr("sys.argv", ["performance.py", "growth"])
    performance.main()
    assert (performance.kept()["build"], performance.kept()["growth"]) == (
        "figures of build",
        "newer\n\nfigures",
    )


CALENDARS = {
    "calendar": [{"name": "working days", "defaultvalue": 0}],
    "calendarbucket": [
        {
            "calendar_id": "working days",
            "value": 1,
            "priority": 100,
            "startdate": "2020-01-01",
            "enddate": "2030-12-31",
            **dict.fromkeys(["monday", "tuesday", "wednesday", "thursday", "friday"], True),
            "saturday": False,
            "sunday": False,
        },
        {
            "calendar_id": "working days",
            "value": 0,
            "priority": 90,
            "startdate": "2021-01-04",
            "enddate": "2021-01-06",
            **dict.fromkeys(
                ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"], True
            ),
        },
    ],
}


@pytest.mark.parametrize(("day", "value"), [
    ("2021-01-01", 1.0),  # a Friday
    ("2021-01-02", 0.0),  # a Saturday: no bucket, so the default
    ("2021-01-05", 0.0),  # a Tuesday in a holiday, whose bucket comes first
    ("2021-01-06", 1.0),  # a bucket ends before its end date
])
def test_frepple_calendar_says_what_its_first_bucket_says(day: str, value: float) -> None:
    assert benchmark("frepple_demo").value_on(pd.Timestamp(day), "working days", CALENDARS) == value


def test_frepple_lead_times_are_whole_months() -> None:
    months_of = benchmark("frepple_demo").months_of
    assert [months_of(f"{days * 86400}.0") for days in (1, 14, 30, 60)] == [0, 0, 1, 2]


def test_frepple_demo_without_its_data_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    frepple_demo = benchmark("frepple_demo")
    monkeypatch.setattr(frepple_demo, "FILE", tmp_path / "manufacturing_demo.json")
    monkeypatch.setattr("sys.argv", ["frepple_demo.py"])
    assert frepple_demo.main() == 0
    assert str(tmp_path / "manufacturing_demo.json") in capsys.readouterr().err
