"""What holds for every table: it is there, each key stands once, and every figure is a number that makes sense."""

import numpy as np
import pandas as pd

from planner.plan.audit.findings import ABSOLUTE, RELATIVE, Books, Finding, rule
from planner.plan.layout import TABLES, PlanTable


@rule
def keys_are_unique(books: Books) -> list[Finding]:
    """Each combination of keys has one row."""
    found = []
    for name, table in TABLES.items():
        frame = books.plan.tables[name]
        found += [_finding(name, table, row, books, expected="one row", found="another", message="this key stands more than once")
                  for row in frame[frame.duplicated(table.keys)].to_dict("records")]
    return found


@rule
def periods_are_planned(books: Books) -> list[Finding]:
    """Every row lies in the calendar; only shadow prices of limits over the whole horizon have no period."""
    found = []
    for name, table in TABLES.items():
        frame = books[name]
        if "period" in table.keys:
            blank = frame["period"].eq(0) if name == "shadow_prices" else pd.Series(False, index=frame.index)
            outside = ~frame["period"].between(1, books.scenario.calendar.periods) & ~blank
            rows = books.plan.tables[name][outside].to_dict("records")
            found += [_finding(name, table, row, books, expected="a planned period", found=str(row["period"]),
                               message=f"period {row['period']} is not in the calendar") for row in rows]
    return found


@rule
def figures_are_numbers(books: Books) -> list[Finding]:
    """No figure is missing or infinite, but for limits that are not there."""
    found = []
    for name, table in TABLES.items():
        for column in (column for column in table.columns if column.kind == "number"):
            values = books.plan.tables[name][column.name]
            wrong = ~np.isfinite(values) if not column.may_be_blank else np.isinf(values)
            found += [_finding(name, table, row, books, expected="a number", found=str(row[column.name]),
                               message=f"{column.name} is {row[column.name]}, must be a number")
                      for row in books.plan.tables[name][wrong].to_dict("records")]
    return found


@rule
def figures_are_not_negative(books: Books) -> list[Finding]:
    """No quantity, hour, cost or limit is below 0. Shadow prices of equalities may be."""
    found = []
    for name in (name for name in TABLES if name != "shadow_prices"):
        frame = books.plan.tables[name]
        for column in TABLES[name].measures:
            # A cost is as far below 0 as rounding in the units that it multiplies, so its own size sets the scale.
            allowed = ABSOLUTE + RELATIVE * frame[column].abs().max() if len(frame) else ABSOLUTE
            rows = frame[frame[column] < -allowed].to_dict("records")
            found += [_finding(name, TABLES[name], row, books, expected=0.0, found=row[column],
                               message=f"{column} is {row[column]:.10g}, must be 0 or more") for row in rows]
    return found


def _finding(name: str, table: PlanTable, row: dict, books: Books, *, expected: float | str, found: float | str,  # type: ignore[type-arg]
             message: str) -> Finding:
    key = " | ".join(str(row[column]) for column in table.keys if column != "period")
    period = row.get("period")
    label = books.scenario.calendar.label(period) if period is not None and not pd.isna(period) else ""
    return Finding("", name, key, label, expected, found, message)
