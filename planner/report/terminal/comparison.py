"""A comparison as people read it in a terminal."""

from rich.console import Group, RenderableType
from rich.text import Text

from planner.figures import printable
from planner.plan.comparison.compare import Comparison
from planner.report import proof
from planner.report.comparison_tables import comparison_tables, move_groups
from planner.report.highlights import words
from planner.report.terminal.parts import indented, titled_table
from planner.report.terminal.results import scorecard
from planner.report.verdicts import verdicts


def comparison_result(comparison: Comparison, *, currency: str) -> RenderableType:
    """What to agree on and why, the scorecard, where the plans part, then service, targets, load and
    money.
    """
    notes = [Text(printable(note), style="yellow")
             for note in (*comparison.notes, *proof.mark_notes(comparison))]
    tables = [titled_table(table.caption, table.headings, [[cell.text for cell in row] for row in rows],
                           words=table.words, note=table.note)
              for table in comparison_tables(comparison) for _, rows in table.bodies]
    return Group(*notes, *_recommendation(comparison), *_verdicts(comparison),
                 Text(), scorecard(comparison, currency), *_near(comparison), *_moves(comparison),
                 *(part for table in tables for part in (Text(), table)))


def _recommendation(comparison: Comparison) -> list[RenderableType]:
    statements = comparison.recommendation.statements
    if not statements:
        return []
    return [Text("Recommendation", style="bold"), *(indented(one.text) for one in statements), Text()]


def _verdicts(comparison: Comparison) -> list[RenderableType]:
    first, *others = comparison.names
    return [indented(f"{name} against {first}: {verdict}")
            for name, verdict in zip(others, verdicts(comparison)[1:], strict=True)]


def _near(comparison: Comparison) -> list[RenderableType]:
    """What each walked plan moves in the near periods."""
    parts: list[RenderableType] = []
    for walk in comparison.walks:
        head = Text(printable(f"What {walk.second} moves in the near periods"), style="bold")
        parts += [Text(), head, *(indented(one.text) for one in walk.near)]
    return parts


def _moves(comparison: Comparison) -> list[RenderableType]:
    """Where each plan parts from the first, area by area."""
    parts: list[RenderableType] = []
    for name, areas in move_groups(comparison).items():
        parts += [Text(), Text(printable(f"Where {name} parts from {comparison.names[0]}"), style="bold")]
        rows = [[words(area) if place == 0 else "", text] for area, texts in areas.items()
                for place, text in enumerate(texts)]
        parts.append(titled_table("", ["area", "what"], rows, words=2))
    return parts
