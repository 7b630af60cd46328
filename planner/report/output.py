"""A report in the form that its file's name asks for: a pack as a page or as PDF, or a workbook."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from planner.errors import OutputError
from planner.plan.plan_sources import PlanSource, plans_of
from planner.report.pack import expect_pack, expect_plans, render_pack
from planner.report.papers import GivenCycle, Papers
from planner.text_cells import plain_texts
from planner.writing import write_text

WORKBOOK, PDF = ".xlsx", ".pdf"
PAGES = (".html", ".htm", "")


def expect_report(target: Path, *, plans: int) -> None:
    """A report about so many plans can be written at the place, and replaces nothing but an older one of its
    kind; OutputError otherwise, or PlanError where the form does not hold so many.
    """
    expect_plans(plans)
    _expected(target)(target)


@plain_texts()
def write_report(
    plans: PlanSource | Iterable[PlanSource], path: str | os.PathLike[str], *, price: int | None = None,
    cycle: GivenCycle | None = None, budget: PlanSource | None = None, frontier: str = "",
) -> None:
    """The report about the plans stands at the path, whole; if it cannot be written, OutputError says why
    and nothing is changed.

        planner.write_report([baseline, outage], "pack.html")

    A path that ends with .pdf becomes the pack on paper, for which a Chromium, Chrome or Edge has to be
    there; one that ends with .xlsx a workbook with formulas and charts; one with .html the pack as a page.
    `plans` are plans, folders of plans, or scenarios and their folders, which are solved first: one, or up
    to four in a list, of which the others are compared with the first. `path` is a new file, or an older
    one of its kind. `price` is for how many decisions (what waiting costs) and missed targets (what closes
    them) the plan is solved again, which takes some seconds each; by default 3 of a plan that is small, none
    of others. `cycle` is the monthly cycle, or its
    folder, of which the pack shows decision, signatures, assumptions and open actions, what has changed
    since the last one and how that one's plan did. `budget` is another plan, in whatever form, beside which
    money stands by period and family. `frontier` is service or stock, as in `planner.frontier`: what more
    service costs, or less stock, in the scenario of the plan in focus. A workbook shows plans alone.
    PlanError says which plan cannot be read or compared, and why, CycleError what is wrong with the cycle.
    """
    papers = Papers(price=price, cycle=cycle, budget=budget, frontier=frontier)
    target, loaded_plans = Path(path), plans_of(plans)
    expect_report(target, plans=len(loaded_plans))
    if target.suffix.lower() == WORKBOOK:
        from planner.report.workbook import write_workbook

        _expect_none(papers, target)
        write_workbook(loaded_plans, target)
        return
    _writer(target)(target, render_pack(loaded_plans, papers=papers))


def _expect_none(papers: Papers, target: Path) -> None:
    """Nothing that only a pack shows is asked of a workbook; OutputError otherwise."""
    if not papers.is_empty:
        page = target.with_suffix(".html")
        raise OutputError(f"{target}: a workbook shows plans alone. A page like {page} shows cycle, "
                          "budget and frontier")


def _writer(target: Path) -> Callable[[Path, str], None]:
    """What writes the pack: as it is, or on paper."""
    if target.suffix.lower() != PDF:
        return write_text
    from planner.report.pdf import write_pdf

    return write_pdf


def _expected(target: Path) -> Callable[[Path], None]:
    """What sees to it that the file can be written."""
    kind = target.suffix.lower()
    if kind == WORKBOOK:
        from planner.report.workbook import expect_workbook

        return expect_workbook
    if kind == PDF:
        from planner.report.pdf import expect_pdf

        return expect_pdf
    if kind not in PAGES:
        raise OutputError(f"{target}: a report is a page (.html), paper (.pdf) or a workbook (.xlsx)")
    return expect_pack

