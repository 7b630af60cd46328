"""Comparison of the plans: the scorecard led by service, what each earns against the first step by step,
where they part by area, and what their scenarios change.
"""

import math
from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from planner.figures import Scale, scale_for
from planner.plan.comparison.compare import LEADING, OPEN, difference_column, verdict_column
from planner.report import charts, proof, review_charts
from planner.report.highlights import SIDES, words
from planner.report.parts import Block, Cell, Charts, Figure, Plans, Row, Section, Sentences, Table, by_key
from planner.report.sections.frontier import frontier_blocks
from planner.report.verdicts import verdicts

LEADS = "Service, revenue and margin, and what the volume costs"
COST_NOTE = "A cost that is lower because less is delivered is not called better."
MOST_FIGURES = 12  # of the scorecard beside those that lead: more is in the folded table
MOST_MOVES = 2  # of each area and plan
MOST_STEPS = 6  # of a walk: smaller ones are added up
OTHER = "other costs"


def comparison(plans: Plans) -> list[Section]:
    """One chapter where there are several plans; of a single one its scorecard."""
    if not plans.are_several:
        kpis = plans.comparison.kpis
        tables = [Table(title, ["Figure", "Value"], [("", rows)]) for title, rows in _by_side(plans, kpis)]
        figures = [Block("half", table) for table in tables]
        return [Section("comparison", "Scorecard", "", blocks=[*figures, *frontier_blocks(plans)])]
    card, others = scorecard(plans)
    says = f"Against {plans.names[0]}. {' '.join(f'{name}: {verdict}' for name, verdict in _verdicts(plans))}"
    blocks = [card, *walks(plans), *_moves(plans), *frontier_blocks(plans), others]
    return [Section("comparison", "Comparison of the plans", says, blocks=blocks)]


def scorecard(plans: Plans) -> tuple[Block, Block]:
    """What decides, service first; then every other figure, folded."""
    kpis = plans.comparison.kpis
    leads = kpis["kpi"].isin(LEADING)
    note = " ".join(filter(None, [proof.verdict_note(plans.comparison), COST_NOTE]))
    heads = ["Figure", *plans.marked]
    card = Table("Scorecard", heads, [(LEADS, _rows(plans, kpis[leads]))], note=note)
    others = Table("All other figures", heads, _by_side(plans, kpis[~leads]))
    return Block("full", card), Block("full", others, is_folded=True)


def _verdicts(plans: Plans) -> list[tuple[str, str]]:
    """The first sentence of each verdict."""
    return [
        (name, f"{verdict.split('. ')[0].rstrip('.')}.")
        for name, verdict in zip(plans.names, verdicts(plans.comparison), strict=True)
        if verdict
    ]


# ------------------------------------------------------------------------------------------------- scorecard


def _by_side(plans: Plans, kpis: pd.DataFrame) -> list[tuple[str, list[list[Cell]]]]:
    """A group of rows for each side of the meeting."""
    return [
        (title, _rows(plans, kpis[kpis["side"] == side]))
        for side, title in SIDES.items()
        if (kpis["side"] == side).any()
    ]


def _rows(plans: Plans, kpis: pd.DataFrame) -> list[list[Cell]]:
    return [_row(plans, kpi) for kpi in kpis.to_dict("records")]


def _row(plans: Plans, kpi: Row) -> list[Cell]:
    """Name and meaning of a figure, then its value in each plan."""
    scale = scale_for([kpi[name] for name in plans.names], kpi["unit"], currency=plans.first.currency)
    others = [
        _compared(
            scale.text(kpi[plan]), scale.difference(kpi[difference_column(plan)]), kpi[verdict_column(plan)]
        )
        for plan in plans.names[1:]
    ]
    return [
        Cell(_with_unit(words(kpi["kpi"]), scale.unit), kpi["meaning"]),
        Cell(scale.text(kpi[plans.names[0]]), _interval(plans, kpi["kpi"], scale)),
        *others,
    ]


def _interval(plans: Plans, kpi: str, scale: Scale) -> str:
    """The 95 % interval of an estimate, in the first plan."""
    bounds = by_key(plans.first.kpi_table, ["kpi"]).get((kpi,), {})
    low, high = bounds.get("low", math.nan), bounds.get("high", math.nan)
    return f"95%: {scale.text(low)} to {scale.text(high)}" if math.isfinite(low) else ""


def _with_unit(name: str, unit: str) -> str:
    return f"{name}, {unit}" if unit and unit not in name.lower() else name


def _compared(value: str, difference: str, verdict: str) -> Cell:
    """A verdict only where the difference can be seen."""
    if difference == "=" or verdict == OPEN:
        return Cell(value, difference if difference == "=" else f"{difference} {proof.OPEN_MARK}")
    return Cell(value, difference, verdict)


# ----------------------------------------------------------------------------------------------------- walks


def walks(plans: Plans) -> list[Block]:
    """From the first plan's margin to that of each other plan: revenue, then the costs that differ most."""
    bridge = plans.comparison.bridge
    figures = [
        figure for name in plans.names[1:] if (figure := _walk(plans, bridge[bridge["plan"] == name], name))
    ]
    if not figures:
        return []
    return [Block("full", Charts(f"Margin, from {plans.names[0]} step by step", figures, look="tall"))]


def _walk(plans: Plans, rows: pd.DataFrame, name: str) -> Figure | None:
    steps = _condensed(rows, start=f"Margin of {plans.names[0]}", end=f"Margin of {name}")
    scale = scale_for([abs(amount) for _, _, amount in steps], "currency", currency=plans.first.currency)
    steps_shown = [step for step in steps if step[1] in ("start", "end") or not scale.hides(step[2])]
    if len(steps_shown) < 3:
        return None
    at, drawn = 0.0, []
    for label, kind, amount in steps_shown:
        begins = 0.0 if kind in ("start", "end") else at
        at = amount if kind in ("start", "end") else at + amount
        text = scale.text(amount) if kind in ("start", "end") else scale.difference(amount)
        drawn.append(
            {
                "step": f"{label} {text}",
                "kind": kind,
                "begins": begins / scale.divisor,
                "ends": at / scale.divisor,
                "says": f"{label}: {text} {scale.unit}",
            }
        )
    frame = pd.DataFrame(drawn)
    inner = frame[~frame["kind"].isin(["start", "end"])]
    floor = min(inner[["begins", "ends"]].min().min(), frame["ends"].iloc[[0, -1]].min())
    top = max(inner[["begins", "ends"]].max().max(), frame["ends"].iloc[[0, -1]].max())
    base = max(0.0, floor - 0.15 * (top - floor)) if floor > 0 else min(0.0, floor)
    whole = frame["kind"].isin(["start", "end"])
    frame = frame.assign(begins=frame["begins"].mask(whole, base))
    says = f"Margin from {plans.names[0]} to {name}: {'; '.join(frame['says'])}."
    picture = charts.svg(review_charts.walk_panel(frame, unit=f"margin, {scale.unit}"), says=says)
    return Figure(plans.marked[plans.names.index(name)], picture)


def _condensed(rows: pd.DataFrame, *, start: str, end: str) -> list[tuple[str, str, float]]:
    """The steps, the smaller costs added up."""
    ends = {"start": start, "end": end}
    steps = [
        (ends.get(row["kind"], words(str(row["term"]))), str(row["kind"]), float(row["amount"]))
        for row in rows.to_dict("records")
    ]
    costs = [step for step in steps if step[1] == "cost"]
    largest = sorted(costs, key=lambda step: -abs(step[2]))[:MOST_STEPS]
    remainder = sum(step[2] for step in costs if step not in largest)
    largest_steps = [step for step in steps if step[1] != "cost" or step in largest]
    other = [(words(OTHER), "cost", remainder)] if len(costs) > len(largest) else []
    return [*largest_steps[:-1], *other, largest_steps[-1]]


# ----------------------------------------------------------------------------------------------------- moves


def _moves(plans: Plans) -> list[Block]:
    """Where each other plan parts from the first, area by area."""
    moves = plans.comparison.moves
    width: Any = {1: "full", 2: "half"}.get(len(plans.names) - 1, "third")
    blocks = []
    for name in plans.names[1:]:
        rows = moves[moves["plan"] == name]
        points = [
            _move(row)
            for _, part in rows.groupby("area", sort=False)
            for row in part.head(MOST_MOVES).to_dict("records")
        ]
        if points:
            title = f"What {plans.marked[plans.names.index(name)]} does differently"
            blocks.append(Block(width, Sentences(title, points)))
    return blocks


def _move(row: Mapping[Hashable, Any]) -> str:
    return f"{words(str(row['area']))}: {row['text']}"
