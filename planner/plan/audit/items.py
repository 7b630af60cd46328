"""Audit of what a plan repeats of its scenario: the items, the year before the plan, and when what it begins
arrives.
"""

import pandas as pd

from planner.plan.audit.findings import Books, Finding, differing, equal_limit, rule
from planner.plan.layout import TABLES
from planner.plan.tables.items import actuals_table, items_table


@rule
def items_are_the_scenarios(books: Books) -> list[Finding]:
    """Every item of the scenario has its family, unit, price and standard cost."""
    expected = items_table(books.scenario)
    shared = expected.merge(books.plan.tables["items"], on="item", suffixes=("", "_found"))
    words = [finding for name in ("family", "unit") for finding in _other_words(shared, name)]
    figures = [equal_limit(books, "items", name, expected) for name in ("price", "standard_cost")]
    missing = _missing_items(books, expected)
    return [*missing, *words, *(finding for findings in figures for finding in findings)]


@rule
def actuals_are_recorded(books: Books) -> list[Finding]:
    """The year before the plan is what the order history says."""
    expected, keys = actuals_table(books.scenario), TABLES["actuals"].keys
    pairs = expected.merge(books["actuals"], on=keys, how="outer", suffixes=("", "_found"))
    figures = [
        differing(books, "actuals", pairs, expected=pairs[name], found=pairs[f"{name}_found"], column=name)
        for name in ("ordered", "revenue")
    ]
    return [finding for findings in figures for finding in findings]


@rule
def arrivals_take_the_lead_time(books: Books) -> list[Finding]:
    """What is ordered, started or sent arrives the lead time later that holds when it is."""
    rates = books.rates
    lanes = rates.on_lanes(books["delivery"][TABLES["delivery"].keys])
    terms = {"sourcing": rates.sources, "production": rates.routings, "delivery": lanes}
    return [finding for table, own in terms.items() for finding in _arrivals(books, table, own)]


def _arrivals(books: Books, table: str, terms: pd.DataFrame) -> list[Finding]:
    keys = TABLES[table].keys
    compared = books[table].merge(terms[[*keys, "lead_time"]], on=keys, how="left", validate="one_to_one")
    expected = (compared["period"] + compared["lead_time"]).fillna(0)
    wrong = compared[compared["arrives"] != expected]
    return [Finding("", table, " | ".join(str(row[key]) for key in keys if key != "period"),
                    period=books.label(row["period"]), expected=_written(books, due),
                    found=_written(books, row["arrives"]),
                    message=f"arrives is {_written(books, row['arrives'])}, must be {_written(books, due)}")
            for row, due in zip(wrong.to_dict("records"), expected[wrong.index], strict=True)]


def _written(books: Books, number: float) -> str:
    """A numbered period as it is written; 0 is a blank."""
    return books.written(int(number)) if number else "blank"


def _other_words(items: pd.DataFrame, name: str) -> list[Finding]:
    """Findings where an item has another family or unit than in the scenario."""
    column = f"{name}_found"
    return [Finding("", "items", row["item"], period="", expected=row[name], found=row[column],
                    message=f'{name} is "{row[column]}", must be "{row[name]}"')
            for row in items[items[name] != items[column]].to_dict("records")]


def _missing_items(books: Books, expected: pd.DataFrame) -> list[Finding]:
    """Findings for items that only the scenario has; those that only the plan has are unknown names."""
    missing = expected.loc[~expected["item"].isin(books.plan.tables["items"]["item"]), "item"]
    return [Finding("", "items", item, period="", expected="a row", found="none",
                    message="the item is missing") for item in missing]
