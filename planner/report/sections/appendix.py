"""Appendix: how good each plan is proven to be, where the figures come from, what each scenario changes in
its base, and every figure by period.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from planner.figures import NOTHING, percent
from planner.plan.proof import PROVEN
from planner.report import highlights, proof
from planner.report.grids import Grid, chosen_grids, make_sheets
from planner.report.grids.grid import EVERYTHING, scaled, title
from planner.report.highlights import words
from planner.report.parts import Block, Cell, Plans, Section, Sentences, Table

if TYPE_CHECKING:
    from planner.model.solution import Pass

HASH_DIGITS = 12  # enough to tell scenarios apart
MOST_CHANGES = 6  # of a scenario
MOST_LETTERS = 60  # of a cell: the rest is in changes.csv
MOST_NOTES = 6
MAXIMUM_SHEETS = 8  # S&OP sheets: planner show and the workbook have all
MAXIMUM_LINES = 60  # of a grid
LEGEND = "Red: something is missing. Amber: full."


def appendix(plans: Plans) -> Section:
    """What an auditor asks for."""
    says = f"Tables below that open when they are chosen have every figure by {plans.first.bucket}. {LEGEND}"
    blocks = [provenance(plans), *_passes(plans), *_notes(plans), *changes(plans), *_figures(plans)]
    return Section("appendix", "Appendix: proof, provenance and figures", says, blocks=blocks)


def provenance(plans: Plans) -> Block:
    """Where each plan comes from, without the places of this machine."""
    rows = {
        "Scenario": [Path(plan.scenario_source).name or "not read from files" for plan in plans.all],
        "Fingerprint": [plan.scenario_hash[:HASH_DIGITS] for plan in plans.all],
        "Status": [proof.status_in_words(plan) for plan in plans.all],
        "Solved in": [f"{sum(plan.seconds.values()):.1f} seconds" for plan in plans.all],
        "Made with": [
            ", ".join(f"{name} {number}" for name, number in plan.versions.items()) for plan in plans.all
        ],
    }
    body = [[Cell(head), *(Cell(text) for text in texts)] for head, texts in rows.items()]
    return Block(
        "full",
        Table(
            "Where the figures come from",
            ["About", *proof.marked(plans.comparison)],
            [("", body)],
            words=1 + len(plans.all),
        ),
    )


def _passes(plans: Plans) -> list[Block]:
    """How good each goal of each plan is proven to be: on paper those that are open, and the money; all in
    a table that opens.
    """
    every = [
        (name, plan, step) for name, plan in zip(plans.marked, plans.all, strict=True) for step in plan.passes
    ]
    if not every:
        return []
    telling = [
        (name, plan, step)
        for name, plan, step in every
        if step is plan.passes[-1] or step.gap is None or step.gap > PROVEN
    ]
    more = len(every) - len(telling)
    headings = ["Plan", "Goal", "Reached", "Best possible", "Gap"]
    tables = [
        Table(
            caption,
            headings,
            [
                (
                    "",
                    [
                        [Cell(name), Cell(words(step.name)), *_proof(step, plan.currency)]
                        for name, plan, step in rows
                    ],
                )
            ],
            words=2,
            note=note,
        )
        for caption, rows, note in (
            (
                "Proof: the last goal of each plan, and every goal that is open",
                telling,
                f"{more} more goals are proven." if more else "",
            ),
            ("How good each goal is proven to be", every, ""),
        )
    ]
    return [Block("full", tables[0]), Block("full", tables[1], is_folded=True)]


def _proof(step: "Pass", currency: str) -> list[Cell]:
    scale = highlights.scale_of_pass(step, currency)
    figures = (
        scale.with_unit(step.objective),
        scale.with_unit(step.bound),
        NOTHING if step.gap is None else percent(step.gap),
    )
    return [Cell(figure) for figure in figures]


def _notes(plans: Plans) -> list[Block]:
    """What the data did not allow the forecast of the plan in focus."""
    review = plans.focus.demand_review
    notes = list(review["notes"]["note"]) if review is not None else []
    return [Block("full", Sentences("What the data did not allow", notes[:MOST_NOTES]))] if notes else []


def changes(plans: Plans) -> list[Block]:
    """What each scenario changes in its base."""
    return [
        Block("full", _change_table(name, plan.changes))
        for name, plan in zip(plans.names, plans.all, strict=True)
        if len(plan.changes)
    ]


def _change_table(name: str, changes: pd.DataFrame) -> Table:
    columns = ("table", "key", "column", "before", "after")
    rows = [
        [Cell("" if pd.isna(row[column]) else _short(str(row[column]))) for column in columns]
        for row in changes.head(MOST_CHANGES).to_dict("records")
    ]
    more = len(changes) - len(rows)
    note = f"{more} more changes are in the plan's changes.csv." if more > 0 else ""
    headings = ["Table", "Row", "Column", "Before", "After"]
    return Table(f"What {name} changes in its base", headings, [("", rows)], words=len(headings), note=note)


def _short(text: str) -> str:
    return text if len(text) <= MOST_LETTERS else f"{text[:MOST_LETTERS].rstrip()} …"


def _figures(plans: Plans) -> list[Block]:
    """The S&OP sheets and the grids of the plan in focus, each folded until it is chosen."""
    grids = [
        grid
        for grid in (*make_sheets(plans.focus, maximum=MAXIMUM_SHEETS), *chosen_grids(plans.focus))
        if grid.lines
    ]
    return [Block("full", _grid(grid), is_folded=True) for grid in grids]


def _grid(grid: Grid) -> Table:
    """The lines under the periods; a name stands once."""
    scales, several, units = grid.scales(), len(grid.measures) > 1, len(grid.units) > 1
    rows = []
    for line, begins in list(zip(grid.lines, grid.begins, strict=True))[:MAXIMUM_LINES]:
        name = (line.name or EVERYTHING) if begins else ""
        heads = [name, *([line.measure] if several else []), *([scales[line.unit].unit] if units else [])]
        texts = [
            Cell(scaled(scales, line, value), mark=mark)
            for value, mark in zip(line.values, line.marks, strict=True)
        ]
        rows.append([*map(Cell, heads), *texts, Cell(scaled(scales, line, line.total))])
    key = grid.by.replace("_", " ").capitalize() or "Part"
    heads = [key, *(["Measure"] if several else []), *(["Unit"] if units else [])]
    periods = [f"{label} a" if place < grid.past else label for place, label in enumerate(grid.periods)]
    unlisted = len(grid.lines) - len(rows)
    more = f"{unlisted} more lines: planner show has them." if unlisted else ""
    note = " ".join(filter(None, [more, grid.note]))
    return Table(title(grid), [*heads, *periods, "Total"], [("", rows)], words=len(heads), note=note)
