"""Grids of a plan: what is delivered, made, bought, kept, staffed, loaded and spent, by name and period.

`subjects` says what there is to show, `build` makes a grid of it, `sheet` the S&OP sheet of a family;
`terminal` writes them for a terminal. The page and the workbook read the same records.
"""

from planner.report.grids.build import KEYS, SHEET, WHATS, has_families, keys_of, make_grid, make_sheets
from planner.report.grids.choice import chosen_grids, grids_frame, show
from planner.report.grids.grid import Grid, Line

__all__ = ["KEYS", "SHEET", "WHATS", "Grid", "Line", "chosen_grids", "grids_frame", "has_families", "keys_of",
           "make_grid", "make_sheets", "show"]
