"""A comparison of any number of plans as a page: one file that needs nothing else."""

from planner.figures import scale_for
from planner.plan.compare import Comparison
from planner.report import charts, highlights, proof
from planner.report.comparison_tables import comparison_tables, move_groups
from planner.report.highlights import words
from planner.report.page import UNPRINTABLE, Card, provenance, template
from planner.report.parts import Cell, Plans, Section, Table
from planner.report.sections.differences import differences
from planner.report.sections.scorecard import scorecard
from planner.report.verdicts import verdicts

ADVICE = "What to agree on"


def comparison_page(comparison: Comparison) -> str:
    """The page as HTML that loads nothing from anywhere."""
    named = Plans(comparison.plans, comparison)
    calendar = named.first.calendar
    sections = [_advice(comparison), scorecard(named), *_moves(comparison), *_tables(comparison),
                *differences(named)]
    text = template().render(
        title=" against ".join(filter(None, [named.names[0], " and ".join(named.names[1:])])),
        span=f"{calendar.span()}, {calendar.periods} {calendar.bucket}s, amounts in {named.first.currency}",
        notes=(*comparison.notes, *proof.mark_notes(comparison)), cards=_cards(named),
        sections=[one for one in sections if one.says or one.tables or one.charts],
        provenance=provenance(named))
    return UNPRINTABLE.sub(" ", text)


def _advice(comparison: Comparison) -> Section:
    """The plan to agree on with its reasons, a row each."""
    advice = comparison.recommendation
    rows = [[Cell(statement.text)] for statement in advice.statements]
    tables = [Table("Reasons", ["In sentences"], [("", rows)], note=advice.rule)] if rows else []
    return Section("advice", ADVICE, "", tables=tables)


def _moves(comparison: Comparison) -> list[Section]:
    """Where each plan parts from the first, area by area."""
    tables = [Table(name, ["Area", "What"], [("", [[Cell(words(area) if place == 0 else ""), Cell(text)]
                                                 for area, texts in areas.items()
                                                 for place, text in enumerate(texts)])], words=2)
              for name, areas in move_groups(comparison).items()]
    near = [Table(f"What {walk.second} moves in the near periods", ["In sentences"],
                  [("", [[Cell(one.text)] for one in walk.near])]) for walk in comparison.walks]
    says = f"Against {comparison.names[0]}, the largest of each area."
    return [Section("moves", "Where the plans part", says, tables=[*tables, *near])] if tables or near else []


def _tables(comparison: Comparison) -> list[Section]:
    tables = comparison_tables(comparison)
    return [Section("side-by-side", "Side by side", "", tables=tables)] if tables else []


def _cards(plans: Plans) -> list[Card]:
    """A card for each plan with how it compares with the first; colors come again where there are many."""
    colors = charts.PLAN_COLORS
    return [_card(plans, place, verdict, colors[place % len(colors)])
            for place, verdict in enumerate(verdicts(plans.comparison))]


def _card(plans: Plans, place: int, verdict: str, color: str) -> Card:
    plan = plans.all[place]
    scale = scale_for([plan.objective], "currency", currency=plan.currency)
    against = [f"Against {plans.names[0]}: {verdict}"] if verdict else []
    return Card(plans.names[place], plan.question, color, status=proof.status_in_words(plan),
                is_proven=plan.is_proven, objective_name=highlights.objective_name(plan),
                objective=scale.with_unit(plan.objective), sentences=[*against, *highlights.headlines(plan)])
