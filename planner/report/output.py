"""A report in the form that its file's name asks for: a page, or a workbook."""

import os
from collections.abc import Iterable
from pathlib import Path

from planner.errors import PlanError
from planner.plan.given import Given, plans_of
from planner.report.page import expect_page, write_page

WORKBOOK = ".xlsx"


def expect_report(target: Path, *, plans: int) -> None:
    """A report about so many plans can be written at the place, and replaces nothing but an older one of its
    kind; OutputError otherwise, or PlanError where the form does not hold so many.
    """
    if target.suffix.lower() != WORKBOOK:
        expect_page(target)
        return
    from planner.report.workbook import expect_workbook

    if plans != 1:
        raise PlanError(f"a workbook is about one plan, not {plans}. Write one for each, or a page about all")
    expect_workbook(target)


def write_report(plans: Given | Iterable[Given], path: str | os.PathLike[str]) -> None:
    """The report about the plans stands at the path, whole; if it cannot be written, OutputError says why and
    nothing is changed.

    A path that ends with .xlsx becomes a workbook of one plan, with formulas and charts; any other a page of
    up to four, of which the others are compared with the first. `plans` are plans, folders of plans, or
    scenarios and their folders, which are solved first: one, or several in a list. `path` is a new file, or
    an older one of its kind. PlanError says which plan cannot be read or compared, and why.
    """
    target = Path(path)
    if target.suffix.lower() != WORKBOOK:
        write_page(plans, target)
        return
    from planner.report.workbook import write_workbook

    found = plans_of(plans)
    expect_report(target, plans=len(found))
    write_workbook(found[0], target)
