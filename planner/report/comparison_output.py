"""A comparison in the form that its file's name asks for: a page, a workbook, JSON, or a folder of CSV files.

All of them are made of the same records.
"""

import os
from pathlib import Path

from planner.csv_tables import ENGLISH, LOCALES, Locale, handed_on
from planner.errors import OutputError
from planner.plan.comparison.compare import Comparison
from planner.report.comparison_page import comparison_page
from planner.report.pack import expect_pack
from planner.report.records import json_text, written
from planner.report.records.comparison import comparison_record
from planner.report.workbook.book import expect_workbook
from planner.report.workbook.comparison_book import write_comparison_book
from planner.writing import expect_folder, expect_list, whole_folder, write_text

PAGES, WORKBOOK, JSON = (".html", ".htm"), ".xlsx", ".json"
MARKER = "kpis.csv"  # without which a folder of CSV files is not whole


def expect_comparison(target: Path) -> None:
    """A comparison can be written at the place, and replaces nothing but an older one of its kind;
    OutputError otherwise.
    """
    suffix = target.suffix.lower()
    if suffix in PAGES:
        expect_pack(target)
    elif suffix == WORKBOOK:
        expect_workbook(target)
    elif suffix == JSON:
        expect_list(target, example="plans.json")
    elif suffix:
        raise OutputError(f"{target}: a comparison is written as .html, .xlsx or .json, or as CSV files into "
                          "a folder, which has no ending")
    else:
        expect_folder(target)
        _refuse_other_folder(target)


def _refuse_other_folder(target: Path) -> None:
    if target.is_dir() and any(target.iterdir()) and (
            not (target / MARKER).is_file() or (target / "plan.json").exists()):
        raise OutputError(f"{target}: this folder holds something else than a comparison. Choose an empty or "
                          "a new folder")


def write_comparison(comparison: Comparison, path: str | os.PathLike[str], *,
                     locale: Locale = LOCALES[ENGLISH]) -> None:
    """The comparison stands at the path, whole; if it cannot be written, OutputError says why and nothing is
    changed.

    A path that ends with .html becomes a page of any number of plans, .xlsx a workbook, .json what `planner
    compare --json` prints, and one without an ending a folder with a CSV file for each table, written as
    `locale` says.
    """
    target = Path(path)
    expect_comparison(target)
    suffix = target.suffix.lower()
    if suffix in PAGES:
        write_text(target, comparison_page(comparison))
    elif suffix == WORKBOOK:
        write_comparison_book(comparison, target)
    elif suffix == JSON:
        write_text(target, f"{json_text(comparison_record(comparison))}\n")
    else:
        _write_folder(comparison, target, locale)


def _write_folder(comparison: Comparison, target: Path, locale: Locale) -> None:
    calendar = comparison.plans[0].calendar
    files = {f"{name}.csv": handed_on(written(frame, calendar), locale)
             for name, frame in comparison.frames.items()}
    with whole_folder(target, own=(*files, "steps.csv", "nervousness.csv"), marker=MARKER) as new:
        for name, text in files.items():
            (new / name).write_text(text, encoding="utf-8", newline="\n")
