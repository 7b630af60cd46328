"""The meeting pack: one file about one plan or several that needs nothing else, for the screen, the phone
and the printer, in the order in which a meeting goes through it.
"""

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from planner.errors import OutputError, PlanError
from planner.plan.comparison.compare import compared
from planner.plan.plan_sources import PlanSource, plans_of
from planner.report import proof
from planner.report.papers import Papers, budget_for, priced_by_default, status_for
from planner.report.parts import Plans
from planner.report.plan_looks import PLAN_COLORS
from planner.report.sections import sections
from planner.report.sections.cycle import cycle_notes
from planner.writing import expect_file, write_text

if TYPE_CHECKING:
    from jinja2 import Template

    from planner.plan.plan import Plan

DOCTYPE = b"<!doctype html"
NO_PAPERS = Papers()
MAXIMUM_PLANS = len(PLAN_COLORS)  # more lines in one chart cannot be told apart
# what HTML does not allow, line breaks apart
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def expect_pack(target: Path) -> None:
    """A pack can be written at the place, and replaces nothing but an older page; OutputError otherwise."""
    expect_file(target, example="pack.html")
    if target.is_file():
        with target.open("rb") as stream:
            begun = stream.read(len(DOCTYPE))
        if begun and begun.lower() != DOCTYPE:
            raise OutputError(f"{target}: is there already and is no page. Choose another name, like "
                              f"{target.with_suffix('.html')}")


def expect_plans(count: int) -> None:
    """So many plans can be told apart in one pack; PlanError otherwise."""
    if not 1 <= count <= MAXIMUM_PLANS:
        raise PlanError(
            f"a pack shows 1 to {MAXIMUM_PLANS} plans, not {count}. planner compare takes any number"
        )


def write_pack(
    plans: PlanSource | Iterable[PlanSource], path: str | os.PathLike[str], *, papers: Papers = NO_PAPERS
) -> None:
    """The pack about the plans stands at the path, whole; if it cannot be written, OutputError says why and
    nothing is changed.

    `plans` are plans, folders of plans, or scenarios and their folders, which are solved first: one, or
    several in a list, of which the others are compared with the first. `path` is a new file, or an older
    page. PlanError says which plan cannot be read or compared, and why.
    """
    expect_pack(Path(path))
    write_text(Path(path), render_pack(plans_of(plans), papers=papers))


def render_pack(plans: "Sequence[Plan]", *, papers: Papers = NO_PAPERS) -> str:
    """The pack as HTML that loads nothing from anywhere."""
    expect_plans(len(plans))
    cycle = status_for(papers.cycle, plans)
    budget = budget_for(papers.budget, plans)
    comparison = compared(plans)
    named = Plans(comparison.plans, comparison, originals=tuple(plans), cycle=cycle, budget=budget,
                  frontier=papers.frontier)
    price = priced_by_default(named.focus) if papers.price is None else papers.price
    named = replace(named, priced=price)
    calendar = named.first.calendar
    text = template().render(
        title=" against ".join(filter(None, [named.names[0], " and ".join(named.names[1:])])),
        span=f"{calendar.span()}, {calendar.periods} {calendar.bucket}s, amounts in {named.first.currency}",
        notes=(*cycle_notes(named), *comparison.notes, *_unproven(named)),
        kicker="meeting pack",
        sections=sections(named),
    )
    return UNPRINTABLE.sub(" ", text)


def _unproven(plans: Plans) -> list[str]:
    """What has to be known before anything else of plans that are not proven."""
    return [f"{name} is not proven to be the best plan of its scenario and is not recommended: "
            f"{'; '.join(proof.proof_sentences(plan))}."
            for name, plan in zip(plans.names, plans.all, strict=True) if not plan.is_proven]


def template() -> "Template":
    """The template of a pack."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("planner.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("pack.html")
