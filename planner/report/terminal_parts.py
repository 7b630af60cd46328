"""What results in a terminal are made of: titled tables, sentences below a heading, and counts."""

from collections.abc import Iterable, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from planner.figures import printable


def indented(sentence: str) -> RenderableType:
    """A sentence below its heading; lines that it goes on in stand below its first."""
    return Padding(Text(printable(sentence)), (0, 0, 0, 2), expand=False)


def titled_table(title: str, headings: Iterable[str], rows: Iterable[Sequence[str | Text]], *, words: int = 1,
           note: str = "") -> Group:
    """A titled table without a frame, its first columns words and the others figures. Names are texts, never
    markup.
    """
    table = Table(header_style="dim", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for place, heading in enumerate(headings):
        table.add_column(
            Text(printable(heading)), justify="left" if place < words else "right", overflow="fold"
        )
    for row in rows:
        table.add_row(*(cell if isinstance(cell, Text) else Text(printable(cell)) for cell in row))
    below = [Text(note, style="dim")] if note else []
    return Group(Text(printable(title), style="bold"), table, *below) if table.row_count else Group()


def counted(number: int, thing: str) -> str:
    """So many of a thing; nothing where there are none."""
    return f"{number} {thing}{'' if number == 1 else 's'}" if number else ""
