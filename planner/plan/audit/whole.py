"""Audit of whole numbers: what cannot come in fractions does not."""

import pandas as pd

from planner.plan.audit.findings import Books, Finding, impossible, rule
from planner.plan.layout import TABLES

INTEGRALITY = 1e-6  # how far from a whole number a figure may be


@rule
def whole_numbers(books: Books) -> list[Finding]:
    """Orders, lots, setups, options, stops, vehicles and whole workers are whole numbers."""
    findings = [
        finding
        for name, table in TABLES.items()
        for column in table.columns
        if column.is_whole
        for finding in _broken(books, name, books[name], column.name)
    ]
    pools = books.scenario["labor_pools"]
    whole = pools.loc[pools["whole_workers"] == "yes", ["site", "labor_pool"]].drop_duplicates()
    return findings + _broken(
        books, "workforce", books["workforce"].merge(whole, on=["site", "labor_pool"]), "headcount"
    )


def _broken(books: Books, table: str, frame: pd.DataFrame, column: str) -> list[Finding]:
    values = frame[column]
    off = (values - values.round()).abs() > INTEGRALITY
    return impossible(books, table, frame, found=values, wrong=off, what=f"{column}, which must be whole")
