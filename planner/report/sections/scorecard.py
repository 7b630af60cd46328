"""The scorecard: every figure of both sides, and whether it is better or worse than in the first plan."""

from planner.report.figures import scale_for
from planner.report.highlights import words
from planner.report.parts import Cell, Grid, Plans, Row, Section

SIDES = {"sales": "Sales", "operations": "Operations", "both": "Sales and operations"}


def scorecard(plans: Plans) -> Section:
    """Every figure that a plan has, a column for each plan."""
    kpis = plans.comparison.kpis
    bodies = [(title, [_row(plans, kpi) for kpi in kpis[kpis["side"] == side].to_dict("records")])
              for side, title in SIDES.items() if (kpis["side"] == side).any()]
    if plans.are_several:
        return Section("scorecard", "Scorecard", f"Differences are against {plans.names[0]}.",
                       grids=[Grid("Key figures", ["Figure", *plans.names], bodies)])
    return Section(
        "scorecard",
        "Scorecard",
        "",
        grids=[Grid(title, ["Figure", "Value"], [("", rows)]) for title, rows in bodies],
        grids_abreast=max(1, len(bodies)),
    )


def _row(plans: Plans, kpi: Row) -> list[Cell]:
    """Name and meaning of a figure, then its value in each plan."""
    scale = scale_for([kpi[name] for name in plans.names], kpi["unit"], currency=plans.first.currency)
    others = [
        _compared(
            scale.text(kpi[plan]), scale.difference(kpi[f"{plan}: difference"]), kpi[f"{plan}: verdict"]
        )
        for plan in plans.names[1:]
    ]
    return [
        Cell(_named(words(kpi["kpi"]), scale.unit), kpi["meaning"]),
        Cell(scale.text(kpi[plans.names[0]])),
        *others,
    ]


def _named(name: str, unit: str) -> str:
    return f"{name}, {unit}" if unit and unit not in name.lower() else name


def _compared(value: str, difference: str, verdict: str) -> Cell:
    """A verdict only where the difference can be seen."""
    return Cell(value, difference, verdict if difference != "=" else "")
