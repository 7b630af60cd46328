"""A comparison as plain values for other programs; `schemas/comparison.py` declares what stands in it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from itertools import count
from pathlib import Path
from typing import Any

from planner.plan.comparison.compare import KPI_COLUMNS, Comparison, difference_column, verdict_column
from planner.plan.comparison.walk import Walk
from planner.plan.proof import rooms
from planner.report.records import frame_records, result, statement_records
from planner.report.verdicts import verdicts

TABLES = ("service", "targets", "utilization", "customers", "bridge", "moves")


def comparison_record(comparison: Comparison, folders: Sequence[Path | None] = ()) -> dict[str, Any]:
    """The plans, each at its place; their KPIs side by side, and where they differ most."""
    names, plans = comparison.names, comparison.plans
    room = [rooms(plan) for plan in plans]
    first, places = plans[0], [*folders, *[None] * (len(plans) - len(folders))]
    return result("compare", {
        "plans": [
            {"number": number, "name": plan.name, "heading": name, "folder": place and str(place),
             "scenario_hash": plan.scenario_hash, "status": plan.status, "proof": plan.proof.shares,
             "mode": plan.mode, "verdict": verdict}
            for number, plan, name, place, verdict
            in zip(count(1), plans, names, places, verdicts(comparison), strict=False)
        ],
        "currency": first.currency,
        "bucket": first.bucket,
        "periods": [first.calendar.label(period) for period in first.calendar.index],
        "notes": comparison.notes,
        "kpis": [_compared_kpi(row, names) | {"unproven": [each.get(row["kpi"], 0.0) for each in room]}
                 for row in frame_records(comparison.kpis)],
        "differences": [_compared_row(row, names) for row in frame_records(comparison.differences)],
        **comparison_details(comparison),
    })


def _compared_kpi(row: Mapping[Any, Any], names: Sequence[str]) -> dict[str, Any]:
    return {
        **{name: row[name] for name in KPI_COLUMNS},
        "values": [row[name] for name in names],
        "differences": [None, *(row[difference_column(name)] for name in names[1:])],
        "verdicts": ["", *(row[verdict_column(name)] for name in names[1:])],
    }


def _compared_row(row: Mapping[Any, Any], names: Sequence[str]) -> dict[str, Any]:
    columns = ("area", "table", "key", "measure", "unit")
    return {**{name: row[name] for name in columns}, "values": [row[name] for name in names],
            "difference": row["difference"]}


def comparison_details(comparison: Comparison) -> dict[str, Any]:
    """The recommendation, every table, and the walks where there are any."""
    calendar, advice = comparison.plans[0].calendar, comparison.recommendation
    return {
        "recommendation": {
            "plan": advice.plan, "is_clear": advice.is_clear, "rule": advice.rule,
            "candidates": [asdict(one) for one in advice.candidates],
            "statements": statement_records(list(advice.statements))},
        **{name: frame_records(getattr(comparison, name), calendar) for name in TABLES},
        "walks": [_walk(walk) for walk in comparison.walks]}


def _walk(walk: Walk) -> dict[str, Any]:
    return {"first": walk.first, "second": walk.second, "notes": list(walk.notes),
            "steps": frame_records(walk.steps), "nervousness": frame_records(walk.nervousness),
            "statements": statement_records(walk.statements)}
