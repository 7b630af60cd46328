"""Differences between plans: what each adds to the costs, where they part most, and what was changed."""

import pandas as pd

from planner.figures import Scale, scale_for
from planner.report import charts, highlights, proof
from planner.report.highlights import words
from planner.report.parts import Cell, Charts, Figure, Plans, Row, Section, Table

MAXIMUM_CHANGES = 12
MAXIMUM_OF_AREA = 4  # differences of one area: the largest tell what happens


def differences(plans: Plans) -> list[Section]:
    """One chapter where there is something to compare; for a single plan, only what it changes in its
    base.
    """
    if not plans.are_several:
        tables = _changes(plans)
        title = "Differences from the base scenario"
        return [Section("differences", title, "", tables=tables)] if tables else []
    says = f"What sets the other plans apart from {plans.names[0]}."
    return [Section("differences", "Differences between plans", says, charts=_bridges(plans),
                    tables=[*_largest(plans), *_changes(plans)])]


def _bridges(plans: Plans) -> list[Charts]:
    """What each cost adds to the total, a panel for each of the other plans, all on the same scale."""
    table = highlights.side_by_side(plans.each(highlights.cost_by_term), list(plans.names))
    steps = table.sub(table.iloc[:, 0], axis="index").iloc[:, 1:]
    widest = 0.0 if steps.empty else float(steps.abs().max().max())
    scale = scale_for([widest], "currency", currency=plans.first.currency)
    figures = [_bridge(steps[name], scale=scale, widest=widest) for name in steps.columns
               if not steps[name].map(scale.hides).all()]
    return [Charts(f"Costs against {plans.names[0]}", figures, look="tall")] if figures else []


def _bridge(steps: "pd.Series[float]", *, scale: Scale, widest: float) -> Figure:
    moved = steps[~steps.map(scale.hides)]
    said = [f"{words(str(cost))}: {scale.difference(step)} {scale.unit}" for cost, step in moved.items()]
    frame = pd.DataFrame(
        {
            "term": [words(str(cost)) for cost in moved.index],
            "difference": moved.to_numpy() / scale.divisor,
            "says": said,
        }
    )
    title = f"{steps.name}: {scale.difference(steps.sum())} {scale.unit} in all"
    drawn = charts.bridge_panel(frame, unit=scale.unit, widest=widest / scale.divisor * 1.05)
    return Figure(title, charts.svg(drawn, says=f"{title}. {'; '.join(said)}"))


def _largest(plans: Plans) -> list[Table]:
    """The largest differences of each area; costs stand in the charts above."""
    found = plans.comparison.differences
    areas = [
        (words(str(area)), [_difference(plans, row) for row in rows.head(MAXIMUM_OF_AREA).to_dict("records")])
        for area, rows in found[found["area"] != "costs"].groupby("area", sort=False)
    ]
    headings = ["What", "Where", "Unit", *proof.marked(plans.comparison), "Difference"]
    return [Table("The largest differences, over all periods", headings, areas, words=3)] if areas else []


def _difference(plans: Plans, row: Row) -> list[Cell]:
    scale = scale_for([row[name] for name in plans.names], row["unit"], currency=plans.first.currency)
    figures = [Cell(scale.text(row[name])) for name in plans.names]
    return [Cell(words(row["measure"])), Cell(highlights.place(row["key"])), Cell(scale.unit), *figures,
            Cell(scale.difference(row["difference"]))]


def _changes(plans: Plans) -> list[Table]:
    """What each scenario changes in its base."""
    return [
        _change_table(name, plan.changes)
        for name, plan in zip(plans.names, plans.all, strict=True)
        if len(plan.changes)
    ]


def _change_table(name: str, changes: pd.DataFrame) -> Table:
    columns = ("table", "key", "column", "before", "after")
    rows = [[Cell("" if pd.isna(row[column]) else str(row[column])) for column in columns]
            for row in changes.head(MAXIMUM_CHANGES).to_dict("records")]
    note = (
        f"{len(changes) - len(rows)} more changes are in the plan's changes.csv."
        if len(changes) > len(rows)
        else ""
    )
    headings = ["Table", "Row", "Column", "Before", "After"]
    return Table(f"What {name} changes in its base", headings, [("", rows)], words=len(headings), note=note)
