"""The scorecard: every figure of both sides, and whether it is better or worse than in the first plan."""

import math

import pandas as pd

from planner.figures import Scale, scale_for
from planner.plan.compare import LEADING, OPEN, difference_column, verdict_column
from planner.report import proof
from planner.report.highlights import words
from planner.report.parts import Cell, Plans, Row, Section, Table, by_key

LEADS = "Service, margin and revenue, and what the volume costs"
COST_NOTE = "A cost that is lower because less is delivered is not called better."
SIDES = {"sales": "Sales", "operations": "Operations", "both": "Sales and operations"}


def scorecard(plans: Plans) -> Section:
    """Every figure that a plan has, a column for each plan; of several plans, what decides stands first."""
    kpis = plans.comparison.kpis
    if not plans.are_several:
        tables = [Table(title, ["Figure", "Value"], [("", rows)]) for title, rows in _by_side(plans, kpis)]
        return Section("scorecard", "Scorecard", "", tables=tables, tables_abreast=max(1, len(tables)))
    leads = kpis["kpi"].isin(LEADING)
    bodies = [(LEADS, _rows(plans, kpis[leads])), *_by_side(plans, kpis[~leads])]
    says = f"Differences are against {plans.names[0]}. {COST_NOTE}"
    table = Table("Key figures", ["Figure", *proof.marked(plans.comparison)], bodies,
                  note=proof.verdict_note(plans.comparison))
    return Section("scorecard", "Scorecard", says, tables=[table])


def _by_side(plans: Plans, kpis: pd.DataFrame) -> list[tuple[str, list[list[Cell]]]]:
    """A group of rows for each side of the meeting."""
    return [(title, _rows(plans, kpis[kpis["side"] == side]))
            for side, title in SIDES.items() if (kpis["side"] == side).any()]


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
        Cell(_named(words(kpi["kpi"]), scale.unit), kpi["meaning"]),
        Cell(scale.text(kpi[plans.names[0]]), _interval(plans, kpi["kpi"], scale)),
        *others,
    ]


def _interval(plans: Plans, kpi: str, scale: Scale) -> str:
    """The 95 % interval of an estimate, in the first plan."""
    bounds = by_key(plans.first.kpi_table, ["kpi"]).get((kpi,), {})
    low, high = bounds.get("low", math.nan), bounds.get("high", math.nan)
    return f"95%: {scale.text(low)} to {scale.text(high)}" if math.isfinite(low) else ""


def _named(name: str, unit: str) -> str:
    return f"{name}, {unit}" if unit and unit not in name.lower() else name


def _compared(value: str, difference: str, verdict: str) -> Cell:
    """A verdict only where the difference can be seen."""
    if difference == "=" or verdict == OPEN:
        return Cell(value, difference if difference == "=" else f"{difference} {proof.OPEN_MARK}")
    return Cell(value, difference, verdict)
