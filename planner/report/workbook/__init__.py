"""A plan as a workbook, to read, to check and to go on calculating with.

`book` lays out the sheets, `front` writes those that are no grids, `grid_sheet` a grid, `formulas` says what
of it can be checked, `drawings` the charts.
"""

from planner.report.workbook.book import expect_workbook, write_workbook

__all__ = ["expect_workbook", "write_workbook"]
