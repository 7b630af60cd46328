"""Explanations and the gap report as plain values for other programs."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from planner.report.records import frame_records, result

if TYPE_CHECKING:
    from planner.plan.gaps import Gaps
    from planner.plan.statement import Statement
    from planner.plan.worth import Worth


def statement_records(said: "Sequence[Statement]") -> list[dict[str, Any]]:
    """Each statement with its kind, its sentence and the figures in it."""
    return [{"kind": one.kind, "text": one.text, "figures": dict(one.figures)} for one in said]


def explanation_record(said: "Sequence[Statement]") -> dict[str, Any]:
    """An explanation: its sentences, and each with its figures."""
    return result("explain", {"sentences": [one.text for one in said], "statements": statement_records(said)})


def gap_record(gaps: "Gaps") -> dict[str, Any]:
    """The gap report: its sentences and its three tables, unrounded."""
    calendar = gaps.plan.calendar
    tables = {"targets": gaps.targets, "cells": gaps.cells, "supply": gaps.supply}
    return result("gaps", {
        "plan": gaps.plan.name, "currency": gaps.plan.currency,
        "statements": statement_records(gaps.statements),
        **{name: frame_records(table, calendar) for name, table in tables.items()}})


def worth_record(found: "Worth") -> dict[str, Any]:
    """What more of a limit is worth, with the what-if that proves it."""
    return result("worth", {"plan": found.plan.name, "currency": found.plan.currency,
                            "statements": statement_records(found.statements), "figures": found.figures,
                            "overrides": dict(found.overrides)})
