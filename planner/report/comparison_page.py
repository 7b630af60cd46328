"""A comparison of any number of plans as a page: one file that needs nothing else."""

from planner.plan.comparison.compare import Comparison
from planner.report import proof
from planner.report.comparison_tables import comparison_tables, move_groups
from planner.report.highlights import words
from planner.report.pack import UNPRINTABLE, template
from planner.report.parts import Block, Cell, Plans, Section, Sentences, Table
from planner.report.sections.appendix import changes, provenance
from planner.report.sections.comparison import scorecard, walks
from planner.report.sections.summary import glance

ADVICE = "What to agree on"


def comparison_page(comparison: Comparison) -> str:
    """The page as HTML that loads nothing from anywhere."""
    plans = Plans(comparison.plans, comparison)
    calendar = plans.first.calendar
    figures = Section("scorecard", "Scorecard", "", blocks=[*scorecard(plans), *walks(plans)])
    sections = [_advice(plans), figures, *_moves(comparison), *_tables(comparison),
                Section("provenance", "Provenance", "", blocks=[provenance(plans), *changes(plans)])]
    text = template().render(
        title=" against ".join(filter(None, [plans.names[0], " and ".join(plans.names[1:])])),
        span=f"{calendar.span()}, {calendar.periods} {calendar.bucket}s, amounts in {plans.first.currency}",
        notes=(*comparison.notes, *proof.mark_notes(comparison)), kicker="comparison of plans",
        sections=[one for one in sections if one.says or one.blocks])
    return UNPRINTABLE.sub(" ", text)


def _advice(plans: Plans) -> Section:
    """The plan to agree on with its reasons, and each plan in a line."""
    advice = plans.comparison.recommendation
    points = [statement.text for statement in advice.statements]
    reasons = [Block("full", Sentences("Reasons", [*points, advice.rule]))] if points else []
    return Section("summary", ADVICE, "", blocks=[*reasons, glance(plans)])


def _moves(comparison: Comparison) -> list[Section]:
    """Where each plan parts from the first, area by area."""
    tables = [Table(name, ["Area", "What"], [("", [[Cell(words(area) if place == 0 else ""), Cell(text)]
                                                 for area, texts in areas.items()
                                                 for place, text in enumerate(texts)])], words=2)
              for name, areas in move_groups(comparison).items()]
    near = [Sentences(f"What {walk.second} moves in the near periods", [one.text for one in walk.near])
            for walk in comparison.walks if walk.near]
    says = f"Against {comparison.names[0]}, the largest of each area."
    blocks = [*(Block("full", table) for table in tables), *(Block("full", sentences) for sentences in near)]
    return [Section("moves", "Where the plans part", says, blocks=blocks)] if blocks else []


def _tables(comparison: Comparison) -> list[Section]:
    blocks = [Block("full", table) for table in comparison_tables(comparison)]
    return [Section("side-by-side", "Side by side", "", blocks=blocks)] if blocks else []
