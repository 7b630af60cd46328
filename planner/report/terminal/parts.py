"""How results come to stand in a terminal, and what they are made of: titled tables, sentences, counts."""

from collections.abc import Iterable, Sequence

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from planner.figures import printable

PIPE_WIDTH = 120  # columns, where nobody says how wide the reader's window is


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


def counted(number: int, noun: str) -> str:
    """So many of a thing; nothing where there are none."""
    return f"{number} {noun}{'' if number == 1 else 's'}" if number else ""


def show(result: RenderableType) -> None:
    """The result stands on stdout: in color and as wide as the window, or plain and of a fixed width in a
    pipe.
    """
    window = Console(highlight=False)
    if window.is_terminal:
        window.print(result)
        return
    pipe = Console(highlight=False, width=PIPE_WIDTH, no_color=True)
    with pipe.capture() as captured:
        pipe.print(result)
    print("\n".join(line.rstrip() for line in captured.get().splitlines()))
