"""Results for other programs: strict JSON."""

import json
import math
from pathlib import Path

import pandas as pd
import pytest

from planner.demand.demand import Demand
from planner.demand.folder import save_demand
from planner.errors import Problem
from planner.plan.layout import TABLES
from planner.report import records
from planner.report.schemas.results import HEAD
from tests.report.examples import example_plan, rows, small_plan


def strict(text: str) -> object:
    """What a parser reads that takes no NaN and no Infinity."""
    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")
    return json.loads(text, parse_constant=refuse)


def test_a_plan_is_all_there() -> None:
    told = strict(records.json_text(records.plan_record(example_plan(periods=2))))
    fields = {"schema", "command", *HEAD, "passes", "kpis", "scorecard", "changes", "tables"}
    assert set(told) == fields  # type: ignore[call-overload]
    assert set(told["tables"]) == set(TABLES)  # type: ignore[index]


@pytest.mark.parametrize("blank", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_is_null(blank: float) -> None:
    capacity = rows("capacity", {"site": "lyon", "effective_hours": math.nan})
    told = strict(
        records.json_text(records.plan_record(small_plan(bound=blank, tables={"capacity": capacity})))
    )
    assert told["bound"] is None  # type: ignore[index]
    assert told["tables"]["capacity"][0]["effective_hours"] is None  # type: ignore[index]


@pytest.mark.parametrize(("bucket", "label"), [("month", "2026-01"), ("week", "2026-W02")])
def test_periods_are_written_as_in_scenarios(bucket: str, label: str) -> None:
    told = strict(records.json_text(records.plan_record(example_plan(periods=2, bucket=bucket))))
    assert told["tables"]["sales"][0]["period"] == label  # type: ignore[index]


def test_figures_are_not_rounded() -> None:
    costs = rows("costs", {"cost": "purchase", "amount": 0.1 + 0.2})
    told = strict(records.json_text(records.plan_record(small_plan(tables={"costs": costs}))))
    assert told["tables"]["costs"][0]["amount"] == 0.1 + 0.2  # type: ignore[index]


def test_a_problem_keeps_its_parts() -> None:
    problem = Problem("must be more", "items.csv", row=3, column="price", value="-1")
    told = strict(records.json_text(records.check_record(Path("s"), [problem], None)))
    assert told["problems"] == [  # type: ignore[index]
        {
            "message": "must be more",
            "file": "items.csv",
            "row": 3,
            "column": "price",
            "value": "-1",
            "line": None,
            "severity": "error",
            "code": "",
            "sheet": "",
            "cell": "",
            "place": "items.csv row 3",
        }
    ]
    assert "changes" not in told  # type: ignore[operator]


def test_a_demand_becomes_tables(tmp_path: Path) -> None:
    plan = example_plan(periods=2, bucket="week")
    ledger = pd.DataFrame(
        {"item": ["bike"], "period": plan.calendar.index[:1], "origin": ["user"], "quantity": [4.0]}
    )
    save_demand(Demand(ledger, ledger.head(0), pd.DataFrame({"level": []})), tmp_path, plan.calendar)
    files = {file.name: file.read_text() for file in tmp_path.iterdir()}
    shown = ("ledger.csv", "quantiles.csv", "record.csv", "past_forecasts.csv", "pipeline_kpis.csv")
    assert {name: files[name] for name in shown} == {
        "ledger.csv": "item,period,origin,quantity\nbike,2026-W02,user,4.0\n",
        "quantiles.csv": "item,period,origin,quantity\n", "record.csv": "level\n",
        "past_forecasts.csv": "item,market,origin,period,lag,actual\n",
        "pipeline_kpis.csv": "kpi,stage,lead_source,value,low,high,count,unit\n"}
