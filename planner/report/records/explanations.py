"""Explanations and the gap report as plain values for other programs."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from planner.report.records import frame_records, result, statement_records

if TYPE_CHECKING:
    from planner.plan.gaps import Gaps
    from planner.plan.limit_worth import Worth
    from planner.plan.statement import Statement


def explanation_record(statements: "Sequence[Statement]") -> dict[str, Any]:
    """An explanation: its sentences, and each with its figures."""
    return result("explain", {"sentences": [one.text for one in statements],
                              "statements": statement_records(statements)})


def gap_record(gaps: "Gaps") -> dict[str, Any]:
    """The gap report: its sentences and its three tables, unrounded."""
    calendar = gaps.plan.calendar
    tables = {"targets": gaps.targets, "cells": gaps.cells, "supply": gaps.supply}
    return result("gaps", {
        "plan": gaps.plan.name, "currency": gaps.plan.currency,
        "statements": statement_records(gaps.statements),
        **{name: frame_records(table, calendar) for name, table in tables.items()}})


def worth_record(value: "Worth") -> dict[str, Any]:
    """What more of a limit is worth, with the what-if that proves it."""
    return result("worth", {"plan": value.plan.name, "currency": value.plan.currency,
                            "statements": statement_records(value.statements), "figures": value.figures,
                            "overrides": dict(value.overrides)})
