"""What holds for every table: it is there, each key stands once, and every figure is a number that makes
sense.
"""

from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from planner.plan.audit.findings import ABSOLUTE, RELATIVE, Books, Finding, rule
from planner.plan.layout import TABLES, Measure
from planner.scenario.suggestions import did_you_mean

# Tables and columns of the scenario in which the names of each key column stand.
NAMED_IN = {
    "item": [("items", "item")],
    "site": [("sites", "site")],
    "market": [("markets", "market")],
    "supplier": [("sourcing", "supplier")],
    "origin": [("sites", "site")],
    "destination": [("sites", "site"), ("markets", "market")],
    "mode": [("lanes", "mode")],
    "work_center": [("work_centers", "work_center")],
    "labor_pool": [("labor_pools", "labor_pool")],
    "setup_family": [("setup_families", "setup_family"), ("routings", "setup_family")],
    "option": [("capacity_options", "option")],
    "site_option": [("site_options", "site_option")],
    "target": [("sales_targets", "target")],
    "order": [("booked_orders", "order")],
}
MAY_BE_NEGATIVE = ("shadow_prices", "forecast_record", "actuals")
NO_PLACE = {"demand": "origin", "fulfillment": "origin"}  # where a unit of demand comes from is no site


@rule
def files_are_as_saved(books: Books) -> list[Finding]:
    """Every file of the plan folder is as it was saved: none was edited, or comes from another plan."""
    return [
        Finding("", Path(name).stem, "", period="", expected="as it was saved", found="changed",
                message=f"{name} was edited since, or comes from another plan")
        for name in books.plan.changed_files
    ]


@rule
def keys_are_unique(books: Books) -> list[Finding]:
    """Each combination of keys has one row."""
    return [
        _finding(
            books, name, row, expected="one row", found="another", message="this key stands more than once"
        )
        for name, table in TABLES.items()
        for row in _records(books, name, books.plan.tables[name].duplicated(table.keys))
    ]


@rule
def names_are_known(books: Books) -> list[Finding]:
    """Every item, site, market, resource, option and target that a table names is the scenario's."""
    findings = []
    for name, table in TABLES.items():
        for column in (key for key in table.keys if key in NAMED_IN and key != NO_PLACE.get(name)):
            frame, names = books.plan.tables[name], _names(books, column)
            unknown = frame[column].ne("") & ~frame[column].isin(names)
            what = column.replace("_", " ")
            findings += [
                _finding(books, name, row, expected=f"a {what} of the scenario", found=str(row[column]),
                         message=f'the scenario has no {what} "{row[column]}"'
                         f"{did_you_mean(str(row[column]), names)}")
                for row in _records(books, name, unknown)
            ]
    return findings


@rule
def periods_are_planned(books: Books) -> list[Finding]:
    """Every row lies in the calendar; only shadow prices of limits over the whole horizon have no period."""
    findings = []
    for name in (name for name, table in TABLES.items() if "period" in table.keys and not table.past):
        number = books[name]["period"]
        blank = number.eq(0) & books.plan.tables[name]["period"].isna() & (name == "shadow_prices")
        findings += [_finding(books, name, row, expected="a planned period", found=str(row["period"]),
                              message=f"period {row['period']} is not in the calendar")
                     for row in _records(books, name, ~number.between(1, books.rates.last) & ~blank)]
    return findings


@rule
def figures_are_numbers(books: Books) -> list[Finding]:
    """No figure is missing or infinite, but for limits that are not there."""
    findings = []
    for name, column in _numbers():
        values = books.plan.tables[name][column.name]
        wrong = np.isinf(values) if column.may_be_blank else ~np.isfinite(values)
        findings += [_finding(books, name, row, expected="a number", found=str(row[column.name]),
                              message=f"{column.name} is {row[column.name]}, must be a number")
                     for row in _records(books, name, wrong)]
    return findings


@rule
def figures_are_not_negative(books: Books) -> list[Finding]:
    """No quantity, hour, cost or limit is below 0. Shadow prices of equalities, biases of forecasts and
    months of more returns than orders may be.
    """
    findings = []
    for name, column in _numbers():
        values = books.plan.tables[name][column.name]
        if name in MAY_BE_NEGATIVE or values.empty:
            continue
        # A cost is as far below 0 as rounding in the units that it multiplies, so the largest figure sets the
        # scale.
        wrong = values < -(ABSOLUTE + RELATIVE * values.abs().max())
        findings += [_finding(books, name, row, expected=0.0, found=row[column.name],
                              message=f"{column.name} is {row[column.name]:.10g}, must be 0 or more")
                     for row in _records(books, name, wrong)]
    return findings


def _names(books: Books, column: str) -> list[str]:
    """What the scenario's tables call by the column's name."""
    tables = (books.scenario[table][key] for table, key in NAMED_IN[column])
    return sorted({str(name) for names in tables for name in names.dropna()})


def _numbers() -> list[tuple[str, Measure]]:
    """Every column that holds numbers, with its table's name."""
    return [
        (name, column)
        for name, table in TABLES.items()
        for column in table.columns
        if column.kind == "number"
    ]


def _records(books: Books, name: str, wrong: pd.Series) -> list[dict[Hashable, Any]]:
    return books.plan.tables[name][wrong].to_dict("records") if wrong.any() else []


def _finding(
    books: Books,
    name: str,
    row: Mapping[Hashable, Any],
    *,
    expected: float | str,
    found: float | str,
    message: str,
) -> Finding:
    key = " | ".join(str(row[column]) for column in TABLES[name].keys if column != "period")
    period = row.get("period")
    label = books.scenario.calendar.label(period) if isinstance(period, pd.Period) else ""
    return Finding("", name, key, period=label, expected=expected, found=found, message=message)
