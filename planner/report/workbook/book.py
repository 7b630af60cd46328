"""A plan as a workbook: the sheets in the order in which a meeting goes through them."""

import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.errors import OutputError
from planner.plan.comparison.compare import Comparison, compared
from planner.report.grids import Grid, has_families, make_grid, make_sheets
from planner.report.workbook import drawings, front
from planner.report.workbook.grid_sheet import Placed, open_sheet, write_grid
from planner.report.workbook.look import Look
from planner.writing import expect_file, whole_file

if TYPE_CHECKING:
    from planner.plan.plan import Plan

MAGIC = b"PK\x03\x04"  # with which every workbook begins
# Texts stay texts: nothing that stands in a name becomes a formula, a link or a number.
OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
           "strings_to_numbers": False, "nan_inf_to_errors": False}
TOP = 3  # the row of a grid's headings
GRIDS = (("Deliveries", "deliveries", "item"), ("Production", "production", "item"),
         ("Purchases", "purchases", "item"), ("Stock", "flows", "item_site"), ("Crew", "crew", "labor_pool"),
         ("Hours", "hours", "work_center"), ("Money", "money", "cost"))
ROWS_OF_CHART = 16
MAXIMUM_SHEETS = 40  # S&OP sheets: more of them nobody turns over
NOTES = {"flows": "Opening stock, closing stock and totals are formulas: change a flow and see what follows.",
         "crew": "The crew and the totals are formulas.",
         "money": "All costs, the margin and the totals are formulas.",
         "hours": "Utilization and the totals are formulas; above 100% there is overtime."}
TOTALS = "Totals are formulas."


def expect_workbook(target: Path) -> None:
    """A workbook can be written at the place, and replaces nothing but a workbook; OutputError otherwise."""
    expect_file(target, example="plan.xlsx")
    if target.is_file():
        with target.open("rb") as stream:
            begun = stream.read(len(MAGIC))
        if begun and begun != MAGIC:
            raise OutputError(f"{target}: is there already and is no workbook. Choose another name")


def write_workbook(plans: "Sequence[Plan]", path: str | os.PathLike[str]) -> None:
    """The workbook of the plan that is recommended, or the first, stands at the path, whole, with a sheet
    in which several plans are compared; if it cannot be written, OutputError says why and nothing is
    changed. The same plans give the same bytes.
    """
    from xlsxwriter import Workbook

    expect_workbook(Path(path))
    comparison = compared(plans)
    chosen = comparison.recommendation.plan
    plan = plans[0 if chosen is None else comparison.names.index(chosen)]
    with whole_file(Path(path)) as file:
        book = Workbook(str(file), OPTIONS)
        first = plan.calendar.start.start_time
        book.set_properties({"title": plan.name, "subject": plan.question, "author": "planner",
                             "created": datetime(first.year, first.month, first.day)})
        _fill(book, plan, comparison)
        book.close()


def _fill(book: Any, plan: "Plan", comparison: Comparison) -> None:
    """Every sheet, the summary first."""
    look = Look(book)
    summary = book.add_worksheet("Plan")
    below = front.write_plan(summary, plan, look)
    if len(comparison.plans) > 1:
        from planner.report.workbook.comparison_book import comparison_front

        comparison_front(book.add_worksheet("Comparison"), comparison, look)
    front.write_targets(book.add_worksheet("Targets"), plan, look)
    front.write_decisions(book.add_worksheet("Decisions"), plan, look)
    _sheets_of_families(book, plan, look)
    placed = {name: _grid_sheet(book, name, make_grid(plan, what, by=by), look) for name, what, by in GRIDS}
    if len(plan.tables["stability"]):
        _grid_sheet(book, "Stability", make_grid(plan, "stability", by="item"), look)
    front.write_changes(book.add_worksheet("Changes"), plan, look)
    drawings.summary_charts(book, summary, placed, row=below + 1)
    summary.activate()


def _grid_sheet(book: Any, name: str, grid: Grid, look: Look) -> Placed:
    sheet = book.add_worksheet(name, worksheet_class=_quick_formulas())
    explanation = NOTES.get(grid.what, TOTALS) if grid.lines else "There is nothing to show."
    note = " ".join(filter(None, [explanation, grid.note]))
    open_sheet(sheet, title=grid.title, note=note, look=look, periods=len(grid.periods))
    sheet.freeze_panes(TOP + 1, 3)
    sheet.repeat_rows(TOP)
    placed = write_grid(sheet, grid, TOP, look)
    if grid.lines:
        sheet.autofilter(TOP, 0, TOP + len(grid.lines), placed.formulas.end)
    return placed


def _quick_formulas() -> Any:
    """A worksheet that takes formulas as they are: ours use no function that would have to be renamed, and
    looking for those takes a third of the time of a large workbook.
    """
    from xlsxwriter.worksheet import Worksheet

    class Quick(Worksheet):  # type: ignore[misc]
        def _prepare_formula(self, formula: str, *_: object, **__: object) -> str:
            return formula.removeprefix("=")

    return Quick


def _sheets_of_families(book: Any, plan: "Plan", look: Look) -> None:
    """The S&OP sheets, one below the other with its chart, each on a page of its own."""
    grids = make_sheets(plan, maximum=MAXIMUM_SHEETS)
    sheet = book.add_worksheet("S&OP sheets")
    what = "families" if has_families(plan) else "items"
    limited = f" The first {MAXIMUM_SHEETS}; planner show has all." if len(grids) == MAXIMUM_SHEETS else ""
    note = f"{grids[0].note}{limited}" if grids else "Nothing is sold."
    open_sheet(sheet, title=f"S&OP sheets of {what}", note=note, look=look,
               periods=len(grids[0].periods) if grids else 0)
    row, breaks = TOP, []
    for grid in grids:
        sheet.write_string(row, 0, grid.title, look.of("heading"))
        placed = write_grid(sheet, grid, row + 1, look)
        row += len(grid.lines) + 3
        drawings.sheet_chart(book, sheet, placed, row=row)
        row += ROWS_OF_CHART + 1
        breaks.append(row)
    sheet.set_h_pagebreaks(breaks[:-1])


