"""Audit of stability: what is frozen is what was agreed, and every change is counted and charged."""

import pandas as pd

from planner.plan.audit.findings import Books, Finding, differing, equal, rule
from planner.plan.layout import TABLES
from planner.scenario.flows import FLOWS, Flow

KEYS = TABLES["stability"].keys


@rule
def frozen_quantities(books: Books) -> list[Finding]:
    """In the frozen periods the plan begins what the plan agreed on does, row by row, and nothing else."""
    if books.scenario.frozen_periods == 0:
        return []
    return [finding for flow in FLOWS.values() for finding in _not_held(books, flow)]


def _not_held(books: Books, flow: Flow) -> list[Finding]:
    keys, rows = [*flow.keys, "period"], books[flow.table]
    rows = rows[rows["period"] <= books.scenario.frozen_periods]
    if flow.name == "shipped":
        rows = rows[rows["destination"].isin(books.scenario["sites"]["site"])]
    pairs = rows[[*keys, flow.name]].merge(books.scenario.held(flow.name), on=keys, how="outer")
    return differing(books, flow.table, pairs, expected=pairs["quantity"].fillna(0.0),
                     found=pairs[flow.name].fillna(0.0), column=f"{flow.name}, which is frozen,")


@rule
def changes_of_the_agreed_plan(books: Books) -> list[Finding]:
    """The table of stability has what was agreed, what is planned, how far it is apart, and whether it is
    frozen.
    """
    changes = _changes(books)
    return [finding for column in ("agreed", "planned", "changed", "frozen")
            for finding in equal(books, "stability", column, changes)]


@rule
def stability_costs(books: Books) -> list[Finding]:
    """Every unit more or less than agreed costs what the row that speaks of it says."""
    changes = _changes(books)
    charged = changes.assign(stability_cost=changes["changed"] * changes["rate"])
    return equal(books, "stability", "stability_cost", charged, price="rate")


def _changes(books: Books) -> pd.DataFrame:
    """What the plan's other tables and the plan agreed on make of the table."""
    if books.scenario.agreed is None:
        return pd.DataFrame(columns=[*KEYS, "agreed", "planned", "changed", "frozen", "rate"])
    parts = pd.concat([_of_flow(books, flow) for flow in FLOWS.values()], ignore_index=True)
    return parts.fillna(dict.fromkeys([key for key in KEYS if key != "period"], ""))


def _of_flow(books: Books, flow: Flow) -> pd.DataFrame:
    scenario, keys = books.scenario, [*flow.counted_by, "period"]
    compared = scenario.compared_periods
    begun = books[flow.table][books[flow.table]["period"].isin(compared)]
    planned = begun.groupby(keys)[flow.name].sum().rename("planned")
    agreed = scenario.agreed_on(flow.name).groupby(keys)["quantity"].sum().rename("agreed")
    rows = pd.concat([planned, agreed], axis="columns").fillna(0.0).reset_index()
    rows = rows[(rows["planned"] > 0) | (rows["agreed"] > 0)].reset_index(drop=True)
    frozen = rows["period"] <= scenario.frozen_periods
    if flow.name == "shipped":
        frozen &= rows["destination"].isin(scenario["sites"]["site"])
    rate = scenario.stability_costs(flow, rows).fillna(0.0)
    return rows.rename(columns={"origin": "site"}).assign(
        area=flow.area, measure=flow.name, changed=(rows["planned"] - rows["agreed"]).abs(), rate=rate,
        frozen=frozen.astype(float)).reindex(
            columns=[*KEYS, "agreed", "planned", "changed", "frozen", "rate"])
