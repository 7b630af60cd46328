"""A page about one plan or several: one file that needs nothing else, for the screen, the phone and the
printer.
"""

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from planner.errors import OutputError, PlanError
from planner.figures import NOTHING, percent, scale_for
from planner.plan.compare import compared
from planner.plan.given import Given, plans_of
from planner.report import charts, highlights, proof
from planner.report.highlights import words
from planner.report.parts import Cell, Plans, Table
from planner.report.sections import sections
from planner.report.verdicts import verdicts
from planner.writing import expect_file, write_text

if TYPE_CHECKING:
    from jinja2 import Template

    from planner.model.solution import Pass
    from planner.plan.plan import Plan

DOCTYPE = b"<!doctype html"
MAXIMUM_PLANS = len(charts.PLAN_COLORS)  # more lines in one chart cannot be told apart
# what HTML does not allow, line breaks apart
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
HASH_DIGITS = 12  # enough to tell scenarios apart


@dataclass(frozen=True)
class Card:
    """What a plan says in a few sentences, on top of the page."""

    name: str
    question: str
    color: str
    status: str
    is_proven: bool
    objective_name: str
    objective: str
    sentences: Sequence[str]


def expect_page(target: Path) -> None:
    """A page can be written at the place, and replaces nothing but an older page; OutputError otherwise."""
    expect_file(target)
    if target.is_file():
        with target.open("rb") as stream:
            begun = stream.read(len(DOCTYPE))
        if begun and begun.lower() != DOCTYPE:
            raise OutputError(f"{target}: is there already and is no page. Choose another name, like "
                              f"{target.with_suffix('.html')}")


def write_page(plans: "Given | Iterable[Given]", path: str | os.PathLike[str]) -> None:
    """The page about the plans stands at the path, whole; if it cannot be written, OutputError says why and
    nothing is changed.

    `plans` are plans, folders of plans, or scenarios and their folders, which are solved first: one, or
    several in a list, of which the others are compared with the first. `path` is a new file, or an older
    page. PlanError says which plan cannot be read or compared, and why.
    """
    expect_page(Path(path))
    write_text(Path(path), render_page(plans_of(plans)))


def render_page(plans: "Sequence[Plan]") -> str:
    """The page as HTML that loads nothing from anywhere."""
    if not 1 <= len(plans) <= MAXIMUM_PLANS:
        raise PlanError(
            f"a report shows 1 to {MAXIMUM_PLANS} plans, not {len(plans)}. planner compare takes any number"
        )
    comparison = compared(plans)
    named = Plans(comparison.plans, comparison)
    calendar = named.first.calendar
    text = template().render(
        title=" against ".join(filter(None, [named.names[0], " and ".join(named.names[1:])])),
        span=f"{calendar.span()}, {calendar.periods} {calendar.bucket}s, amounts in {named.first.currency}",
        notes=(*comparison.notes, *(proof.mark_notes(comparison) if named.are_several else [])),
        cards=_cards(named),
        sections=sections(named),
        provenance=provenance(named),
    )
    return UNPRINTABLE.sub(" ", text)


def template() -> "Template":
    """The template of a page."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("planner.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html")


def _cards(plans: Plans) -> list[Card]:
    """A card for each plan; those of the others begin with how they compare with the first."""
    said = verdicts(plans.comparison)
    against = [f"Against {plans.names[0]}: {verdict}" if verdict else "" for verdict in said]
    return [_card(plan, name, color, verdict) for plan, name, color, verdict
            in zip(plans.all, plans.names, charts.PLAN_COLORS, against, strict=False)]


def _card(plan: "Plan", name: str, color: str, verdict: str) -> Card:
    scale = scale_for([plan.objective], "currency", currency=plan.currency)
    return Card(name, plan.question, color, status=proof.status_in_words(plan),
                is_proven=plan.is_proven,
                objective_name=highlights.objective_name(plan), objective=scale.with_unit(plan.objective),
                sentences=[*filter(None, [verdict]), *highlights.headlines(plan)])


def provenance(plans: Plans) -> list[Table]:
    """Where each plan comes from, and how good each of its passes is proven to be."""
    rows = {
        "Scenario": [Path(plan.scenario_source).name or "not read from files" for plan in plans.all],
        "Fingerprint": [plan.scenario_hash[:HASH_DIGITS] for plan in plans.all],
        "Status": [proof.status_in_words(plan) for plan in plans.all],
        "Seconds": [f"{sum(plan.seconds.values()):.1f}" for plan in plans.all],
        "Made with": [
            ", ".join(f"{name} {number}" for name, number in plan.versions.items()) for plan in plans.all
        ],
    }
    body = [[Cell(head), *(Cell(text) for text in texts)] for head, texts in rows.items()]
    origin = Table("Where the figures come from", ["", *plans.names], [("", body)], words=1 + len(plans.all))
    return [origin, *_passes(plans)]


def _passes(plans: Plans) -> list[Table]:
    """How good each pass of each plan is proven to be."""
    rows = [[Cell(name), Cell(words(step.name)), *_proof(step, plan.currency)]
            for name, plan in zip(plans.names, plans.all, strict=True) for step in plan.passes]
    headings = ["Plan", "Pass", "Reached", "Best possible", "Gap"]
    return [Table("How good each pass is proven to be", headings, [("", rows)], words=2)] if rows else []


def _proof(step: "Pass", currency: str) -> list[Cell]:
    scale = highlights.scale_of_pass(step, currency)
    figures = (
        scale.with_unit(step.objective),
        scale.with_unit(step.bound),
        NOTHING if step.gap is None else percent(step.gap),
    )
    return [Cell(figure) for figure in figures]
