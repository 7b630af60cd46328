"""Grids for a terminal: as many periods side by side as the window holds, the rest in blocks below."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.text import Text

from planner.figures import printable
from planner.report.grids.grid import EVERYTHING, SHARE, Grid, Line, scaled, title

GAP = 2  # columns between two figures
NARROWEST = 3  # periods that stand side by side in any window
LONGEST_NAME = 26
STYLES = {"missing": "red", "full": "yellow", "": ""}
SIGNS = {"missing": "!", "full": "^", "": ""}  # color alone tells nothing in a pipe
LEGEND = {"missing": "! something is missing", "full": "^ full"}
TOTAL = "total"


def grid_result(grids: Sequence[Grid]) -> RenderableType:
    """The grids, one below the other."""
    parts = [part for grid in grids for part in (Text(), _as_renderable(grid))]
    return Group(*parts[1:])


def _as_renderable(grid: Grid) -> RenderableType:
    if not grid.lines:
        return Group(Text(grid.title, style="bold"), Text("  nothing to show"))
    return Blocks(grid)


@dataclass(frozen=True)
class Blocks:
    """A grid that asks how wide the window is before it is written."""

    grid: Grid

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Title, blocks of periods, and what has to be known to read them."""
        yield Text(title(self.grid), style="bold")
        yield from _blocks(self.grid, options.max_width)
        if notes := [*_legend(self.grid), *filter(None, [self.grid.note])]:
            yield Text(" ".join(notes), style="dim")


def _legend(grid: Grid) -> list[str]:
    used = {mark for line in grid.lines for mark in line.marks}
    texts = [text for mark, text in LEGEND.items() if mark in used]
    return [f"{', '.join(texts)}."] if texts else []


def _blocks(grid: Grid, width: int) -> Iterator[Text]:
    """The lines of each block of periods, under a heading; the last one has the totals."""
    heads, words = _words(grid)
    figures = _figures(grid)
    labels = [*_periods(grid), TOTAL]
    room = max(cell_len(figure) for figure in (*labels, *(text for row in figures for text in row)))
    left = [max(map(cell_len, column)) for column in zip(heads, *words, strict=True)]
    count = max(NARROWEST, (width - sum(left) - GAP * (len(left) - 1)) // (room + GAP))
    for place, block in enumerate(_split(len(labels), count)):
        if place:
            yield Text()
        yield _head(heads, left, [labels[column] for column in block], room)
        for number, line in enumerate(grid.lines):
            styles = [STYLES[line.marks[column]] if column < len(line.marks) else "" for column in block]
            texts = [figures[number][column] for column in block]
            yield _row(words[number], left, list(zip(texts, styles, strict=True)), room, line=line)


def _split(columns: int, count: int) -> list[range]:
    """Blocks of nearly equal width, so that no total stands alone."""
    blocks = -(-columns // count)
    size = -(-columns // blocks)
    return [range(first, min(first + size, columns)) for first in range(0, columns, size)]


def _words(grid: Grid) -> tuple[list[str], list[list[str]]]:
    """What stands left of the figures: the name where it changes, and measure and unit where there are
    several.
    """
    several, units = len(grid.measures) > 1, len(grid.units) > 1
    heads = [grid.by.replace("_", " "), *([""] if several else []), *(["unit"] if units else [])]
    rows, scales = [], grid.scales()
    for line, begins in zip(grid.lines, grid.begins, strict=True):
        unit = "" if line.unit == SHARE else scales[line.unit].unit
        rows.append([_short(line.name or EVERYTHING) if begins else "", *([line.measure] if several else []),
                     *([unit] if units else [])])
    return heads, [[printable(word) for word in row] for row in rows]


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME - 1]}…"


def _periods(grid: Grid) -> list[str]:
    return [f"{label} a" if place < grid.past else label for place, label in enumerate(grid.periods)]


def _figures(grid: Grid) -> list[list[str]]:
    """Every figure as it is written, in the scale of its unit, with the sign of its mark."""
    scales = grid.scales()
    return [[*(f"{scaled(scales, line, value)}{SIGNS[mark]}"
               for value, mark in zip(line.values, line.marks, strict=True)),
             scaled(scales, line, line.total)] for line in grid.lines]


def _head(heads: Iterable[str], left: Sequence[int], labels: Iterable[str], room: int) -> Text:
    words = (" " * GAP).join(_padded(word, width) for word, width in zip(heads, left, strict=True))
    return Text(f"{words}{''.join(_right(label, room + GAP) for label in labels)}", style="dim")


def _row(words: Sequence[str], left: Sequence[int], cells: Sequence[tuple[str, str]], room: int, *,
         line: Line) -> Text:
    """One line; what is for all names stands out."""
    row = Text((" " * GAP).join(_padded(word, width) for word, width in zip(words, left, strict=True)))
    for text, style in cells:
        row.append(_right(text, room + GAP), style=style)
    if line.is_for_all:
        row.stylize("bold")
    return row


def _padded(text: str, width: int) -> str:
    return text + " " * (width - cell_len(text))


def _right(text: str, width: int) -> str:
    return " " * (width - cell_len(text)) + text
