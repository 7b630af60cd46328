"""A pegging as plain values for other programs; `schemas` declares what stands in it."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from planner.plan.pegging import Pegging
from planner.plan.pegging.layout import PEG_TABLES
from planner.plan.pegging.pegged import Dependents, Served
from planner.plan.pegging.statements import by_term, dependent_statements, served_statements
from planner.plan.statement import Statement
from planner.report.records import frame_records, result, statement_records


def served_record(pegging: Pegging, served: Served, names: Mapping[str, str | None]) -> dict[str, Any]:
    """What serves the deliveries that were asked about."""
    return _record(pegging, names, served_statements(pegging, served), costs=by_term(served),
                   frames={"deliveries": served.deliveries, "flows": served.flows})


def dependents_record(pegging: Pegging, dependents: Dependents,
                      names: Mapping[str, str | None]) -> dict[str, Any]:
    """What depends on the flows that were asked about."""
    return _record(pegging, names, dependent_statements(pegging, dependents), costs={}, frames={
        "sources": dependents.sources, "dependents": dependents.deliveries, "stays": dependents.stays})


def _record(pegging: Pegging, names: Mapping[str, str | None], statements: Sequence[Statement], *,
            costs: Mapping[str, float], frames: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    calendar = pegging.books.scenario.calendar
    tables = {name: frame_records(frames[name][table.names], calendar) if name in frames else []
              for name, table in PEG_TABLES.items()}
    return result("peg", {
        "plan": pegging.books.plan.name,
        "currency": pegging.books.plan.currency,
        "rule": pegging.rule,
        "asked": {kind: name for kind, name in names.items() if name is not None},
        "statements": statement_records(statements),
        "costs": dict(costs),
        "plan_costs": frame_records(pegging.costs_by_end.reset_index()),
        **tables,
    })
