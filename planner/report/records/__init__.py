"""Results as plain values for other programs: strict JSON, periods as people write them, a blank as null.

What stands in each record is declared in `planner.report.schemas`.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from planner.demand.demand import Demand
    from planner.errors import PlannerError, Problem
    from planner.plan.audit.findings import Finding
    from planner.plan.plan import Plan
    from planner.plan.rolling.roll import RollResult
    from planner.plan.statement import Statement
    from planner.report.grids import Grid
    from planner.scenario.calendar import Calendar
    from planner.scenario.importing.importing import ImportResult


def json_text(value: Any) -> str:
    """The value as JSON that every parser accepts."""
    return json.dumps(_plain(value), indent=2, ensure_ascii=False, allow_nan=False)


def result(command: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """What a command prints: the version of the format, the command, and what it has found."""
    from planner.report.schemas.results import SCHEMA  # declared beside the solver's, which pages do not need

    return {"schema": SCHEMA, "command": command, **content}


def plan_record(plan: "Plan") -> dict[str, Any]:
    """Everything that a plan says: its head, passes, KPIs, changes and all tables as lists of records."""
    from planner.report.schemas.results import HEAD

    return result("solve", {
        **{name: getattr(plan, name) for name in HEAD if name != "proof"},
        "proof": plan.proof.shares,
        "passes": [asdict(step) for step in plan.passes],
        "kpis": plan.kpis,
        "scorecard": frame_records(plan.kpi_table),
        "changes": frame_records(plan.changes),
        "tables": {name: frame_records(table, plan.calendar) for name, table in plan.tables.items()},
    })


def demand_record(demand: "Demand", calendar: "Calendar") -> dict[str, Any]:
    """Everything that a demand says."""
    return result("forecast", {
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
    })


def check_record(
    scenario: Path, problems: "Sequence[Problem]", changes: pd.DataFrame | None
) -> dict[str, Any]:
    """Every problem of a scenario, and its differences from the base where they were asked for."""
    content = {
        "scenario": str(scenario),
        "problems": [problem_record(problem) for problem in problems],
    }
    return result("check", content if changes is None else {**content, "changes": frame_records(changes)})


def problem_record(problem: "Problem") -> dict[str, Any]:
    """A problem with its place in words."""
    return {**asdict(problem), "place": problem.place}


def import_record(outcome: "ImportResult") -> dict[str, Any]:
    """What an import did to the rows of every file and to every table."""
    return result("import", {
        "scenario": str(outcome.folder),
        "reads": [{
            "read": account.read, "table": account.table, "files": list(account.files),
            "rows_read": account.rows_read, "rows_written": account.rows_written,
            "sums_read": account.sums_read, "sums_written": account.sums_written,
            "left_out": [{"reason": row["reason"], "rows": row["rows"],
                          "sums": {name: row[name] for name in account.sums_read}}
                         for row in frame_records(account.reasons())],
        } for account in outcome.accounts],
        "tables": [asdict(change) for change in outcome.changes],
        "recognised": list(outcome.recognised),
        "notes": list(outcome.notes),
        "problems": [problem_record(problem) for problem in outcome.problems],
    })


def roll_record(outcome: "RollResult") -> dict[str, Any]:
    """What a roll carried over, archived and noted."""
    return result("roll", {
        "scenario": str(outcome.folder), "rows": outcome.rows, "archived": outcome.archived,
        "notes": list(outcome.notes),
        "problems": [problem_record(problem) for problem in outcome.problems],
    })


def finding_records(plan: "Plan", findings: "Sequence[Finding]") -> dict[str, Any]:
    """Every finding of an audit."""
    return result("audit", {"plan": plan.name, "findings": [asdict(finding) for finding in findings]})


def sentence_records(command: str, sentences: Sequence[str]) -> dict[str, Any]:
    """An explanation."""
    return result(command, {"sentences": list(sentences)})


def grid_records(plan: "Plan", grids: "Sequence[Grid]") -> dict[str, Any]:
    """The grids of a plan, unrounded."""
    return result("show", {"plan": plan.name, "currency": plan.currency, "bucket": plan.bucket,
                           "grids": [asdict(grid) for grid in grids]})


def order_records(plan: "Plan", lists: "Mapping[str, pd.DataFrame]") -> dict[str, Any]:
    """The orders of a plan, list by list."""
    return result("export", {"plan": plan.name, "currency": plan.currency,
                             "orders": {name: frame_records(frame) for name, frame in lists.items()}})


def error_record(command: str, error: "PlannerError", exit_code: int) -> dict[str, Any]:
    """Why a command has no result."""
    kind = type(error).__name__.removesuffix("Error")
    return result(command, {"error": {
        "kind": "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in kind).strip("_"),
        "exit_code": exit_code,
        "message": str(error),
        "problems": [problem_record(problem) for problem in getattr(error, "problems", ())],
        "conflicts": [asdict(conflict) for conflict in getattr(error, "conflicts", ())],
        "notes": list(getattr(error, "notes", ())),
    }})


def statement_records(statements: "Sequence[Statement]") -> list[dict[str, Any]]:
    """Each statement with its kind, its sentence and the figures in it."""
    return [{"kind": one.kind, "text": one.text, "figures": dict(one.figures)} for one in statements]


def frame_records(frame: pd.DataFrame, calendar: "Calendar | None" = None) -> list[dict[Any, Any]]:
    """One record per row."""
    texts = written(frame, calendar).astype(object)
    return texts.where(texts.notna(), None).to_dict("records")


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
