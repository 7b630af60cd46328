"""A comparison as a workbook: what to agree on and the scorecard first, then a sheet for each table."""

import os
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from planner.plan.comparison.compare import difference_column, verdict_column
from planner.report import proof
from planner.report.highlights import words
from planner.report.records import written
from planner.report.workbook.book import OPTIONS, expect_workbook
from planner.report.workbook.front import write_frame
from planner.report.workbook.look import Look, page
from planner.writing import whole_file

if TYPE_CHECKING:
    from planner.plan.comparison.compare import Comparison

TOP = 3  # the row of a table's headings
WIDTHS = {"text": 80, "meaning": 60, "largest": 60, "term": 26}
SHEETS = {"service": "Service", "targets": "Targets", "customers": "Customers", "utilization": "Load",
          "bridge": "Margin", "steps": "Why", "nervousness": "Near periods", "moves": "Moves",
          "differences": "Differences"}
NOTES = {"service": "Demand and what becomes of it, by plan, family and period.",
         "targets": "Sales targets and how far each plan reaches them.",
         "customers": "Whose demand is late or lost in any plan, most money first.",
         "utilization": "How full each work center and labor pool is.",
         "bridge": "From the first plan's margin to that of each other plan.",
         "steps": "One change of the scenario at a time, each solved again; all steps add up to the "
                  "difference.",
         "nervousness": "What moved in the near periods.",
         "moves": "Where the plans part from the first, the largest first in each area.",
         "differences": "The rows that differ most, area by area."}


def write_comparison_book(comparison: "Comparison", path: str | os.PathLike[str]) -> None:
    """The workbook stands at the path, whole; if it cannot be written, OutputError says why and nothing is
    changed. The same comparison gives the same bytes.
    """
    from xlsxwriter import Workbook

    expect_workbook(Path(path))
    with whole_file(Path(path)) as file:
        book = Workbook(str(file), OPTIONS)
        first = comparison.plans[0].calendar.start.start_time
        book.set_properties({"title": _title(comparison), "author": "planner",
                             "created": datetime(first.year, first.month, first.day)})
        look = Look(book)
        comparison_front(book.add_worksheet("Comparison"), comparison, look)
        frames = comparison.frames
        for name, title in SHEETS.items():
            if name in frames and len(frames[name]):
                _table(book.add_worksheet(title), written(frames[name], comparison.plans[0].calendar), look,
                       title=title, note=NOTES[name])
        book.close()


def _title(comparison: "Comparison") -> str:
    return " against ".join(filter(None, [comparison.names[0], " and ".join(comparison.names[1:])]))


def comparison_front(sheet: Any, comparison: "Comparison", look: Look) -> None:
    """What to agree on and why in sentences, then the scorecard."""
    page(sheet)
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, len(comparison.names) * 3 + 2, 18)
    sheet.write_string(0, 0, _title(comparison), look.of("title"))
    row = 1
    for text in (*comparison.notes, *proof.mark_notes(comparison),
                 *(one.text for one in comparison.recommendation.statements)):
        sheet.write_string(row, 0, text, look.of("text"))
        row += 1
    write_frame(sheet, _scorecard(comparison), look, row=row + 1)


def _scorecard(comparison: "Comparison") -> pd.DataFrame:
    """The scorecard with the marks of plans that are not proven in its headings."""
    kpis = comparison.kpis
    marks = dict(zip(comparison.names, proof.marked(comparison), strict=True))
    columns = {"figure": kpis["kpi"].map(words),
               "unit": kpis["unit"].str.replace("currency", comparison.plans[0].currency)}
    for name, mark in marks.items():
        columns[mark] = kpis[name]
        if difference_column(name) in kpis:
            columns[f"{mark}: difference"] = kpis[difference_column(name)]
            columns[f"{mark}: verdict"] = kpis[verdict_column(name)]
    return pd.DataFrame(columns)


def _table(sheet: Any, frame: pd.DataFrame, look: Look, *, title: str, note: str) -> None:
    page(sheet)
    for column, name in enumerate(frame.columns):
        sheet.set_column(column, column, WIDTHS.get(str(name), 16))
    sheet.write_string(0, 0, title, look.of("title"))
    sheet.write_string(1, 0, note, look.of("muted"))
    sheet.freeze_panes(TOP + 1, 1)
    sheet.repeat_rows(TOP)
    last = write_frame(sheet, frame, look, row=TOP) - 1
    sheet.autofilter(TOP, 0, last, len(frame.columns) - 1)
