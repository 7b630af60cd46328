"""Figures by name and period: the S&OP sheets and the grids of the first plan, each folded until it is
wanted.
"""

from planner.report.grids import Grid, chosen_grids, make_sheets
from planner.report.grids.grid import EVERYTHING, scaled, title
from planner.report.parts import Cell, Plans, Section, Table

MAXIMUM_SHEETS = 8  # S&OP sheets: planner show and the workbook have all
MAXIMUM_LINES = 60  # of a grid
LEGEND = "Red: something is missing. Amber: full."


def figures(plans: Plans) -> Section:
    """Each grid as a table that opens when it is chosen."""
    plan = plans.first
    grids = [grid for grid in (*make_sheets(plan, maximum=MAXIMUM_SHEETS), *chosen_grids(plan))
             if grid.lines]
    says = plans.first_says(f"By name and {plan.bucket}; a table opens when it is chosen. {LEGEND}")
    tables = [_table(grid) for grid in grids]
    return Section("figures", "Figures by period", says if grids else "", tables=tables, are_folded=True)


def _table(grid: Grid) -> Table:
    """The lines under the periods; a name stands once."""
    scales, several, units = grid.scales(), len(grid.measures) > 1, len(grid.units) > 1
    rows = []
    for line, begins in list(zip(grid.lines, grid.begins, strict=True))[:MAXIMUM_LINES]:
        name = (line.name or EVERYTHING) if begins else ""
        words = [name, *([line.measure] if several else []), *([scales[line.unit].unit] if units else [])]
        texts = [Cell(scaled(scales, line, value), mark=mark)
                 for value, mark in zip(line.values, line.marks, strict=True)]
        rows.append([*map(Cell, words), *texts, Cell(scaled(scales, line, line.total))])
    key = grid.by.replace("_", " ").capitalize()
    heads = [key, *(["Measure"] if several else []), *(["Unit"] if units else [])]
    periods = [f"{label} a" if place < grid.past else label for place, label in enumerate(grid.periods)]
    rest = len(grid.lines) - len(rows)
    note = " ".join(filter(None, [f"{rest} more lines: planner show has them." if rest else "", grid.note]))
    return Table(title(grid), [*heads, *periods, "Total"], [("", rows)], words=len(heads), note=note)
