"""Results as plain values for other programs: strict JSON, periods as people write them, a blank as null."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from planner.demand.demand import Demand
    from planner.errors import Problem
    from planner.plan.audit.findings import Finding
    from planner.plan.compare import Comparison
    from planner.plan.plan import Plan
    from planner.scenario.calendar import Calendar

HEAD = (
    "name",
    "question",
    "status",
    "mode",
    "objective",
    "bound",
    "gap",
    "currency",
    "bucket",
    "scenario_source",
    "scenario_hash",
    "seconds",
    "versions",
    "settings",
)


def json_text(value: Any) -> str:
    """The value as JSON that every parser accepts."""
    return json.dumps(_plain(value), indent=2, ensure_ascii=False, allow_nan=False)


def plan_record(plan: "Plan") -> dict[str, Any]:
    """Everything that a plan says: its head, passes, KPIs, changes and all tables as lists of records."""
    return {
        **{name: getattr(plan, name) for name in HEAD},
        "passes": [asdict(step) for step in plan.passes],
        "kpis": plan.kpis,
        "changes": frame_records(plan.changes),
        "tables": {name: frame_records(table, plan.calendar) for name, table in plan.tables.items()},
    }


def demand_record(demand: "Demand", calendar: "Calendar") -> dict[str, Any]:
    """Everything that a demand says."""
    return {
        "plan_on": demand.plan_on,
        "notes": list(demand.notes),
        "verdict": list(demand.verdict),
        "ledger": frame_records(demand.ledger, calendar),
        "quantiles": frame_records(demand.quantiles, calendar),
        "record": frame_records(demand.record),
        "adjustments": frame_records(demand.adjustments, calendar),
        "pipeline_kpis": frame_records(demand.pipeline_kpis),
        "cleaned": frame_records(demand.cleaned, calendar),
        "streams": frame_records(demand.streams, calendar),
        "promotion_effects": frame_records(demand.promotion_effects),
    }


def demand_files(demand: "Demand", calendar: "Calendar") -> dict[str, str]:
    """The tables of a demand as CSV texts by file name."""
    names = (
        "ledger",
        "quantiles",
        "cumulated",
        "parts",
        "record",
        "past_forecasts",
        "adjustments",
        "streams",
        "deals",
        "pipeline_kpis",
        "cleaned",
        "promotion_effects",
    )
    frames: dict[str, pd.DataFrame] = {f"{name}.csv": getattr(demand, name) for name in names}
    return {
        name: written(frame, calendar).to_csv(index=False, lineterminator="\n")
        for name, frame in frames.items()
    }


def check_record(
    scenario: Path, problems: "Sequence[Problem]", changes: pd.DataFrame | None
) -> dict[str, Any]:
    """Every problem of a scenario, and its differences from the base where they were asked for."""
    found = {
        "scenario": str(scenario),
        "problems": [{**asdict(problem), "place": problem.place} for problem in problems],
    }
    return found if changes is None else {**found, "changes": frame_records(changes)}


def finding_records(findings: "Sequence[Finding]") -> list[dict[str, Any]]:
    """Every finding of an audit."""
    return [asdict(finding) for finding in findings]


def comparison_record(comparison: "Comparison") -> dict[str, Any]:
    """The KPIs side by side, and where the plans differ most."""
    return {"kpis": frame_records(comparison.kpis), "differences": frame_records(comparison.differences)}


def frame_records(frame: pd.DataFrame, calendar: "Calendar | None" = None) -> list[dict[Any, Any]]:
    """One record per row."""
    told = written(frame, calendar).astype(object)
    return told.where(told.notna(), None).to_dict("records")


def written(frame: pd.DataFrame, calendar: "Calendar | None") -> pd.DataFrame:
    """The frame with its periods as people write them."""
    periods = [name for name in frame.columns if isinstance(frame[name].dtype, pd.PeriodDtype)]
    return (
        frame.assign(**{name: calendar.labels(frame[name]) for name in periods})
        if calendar is not None
        else frame
    )


def _plain(value: Any) -> Any:
    """Mappings and lists of texts and finite numbers; what is neither becomes a text, and what is not finite
    null.
    """
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, Mapping):
        return {str(name): _plain(inner) for name, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list | tuple) else str(value)
