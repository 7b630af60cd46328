"""A picture of how the tables of a scenario hang together, drawn from the schema."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from planner.scenario.schema import TABLES

WIDTH, LINE, TITLE, CAPTION, PAD, GAP = 1060, 17, 26, 20, 12, 16
INK, SOFT, FACE = "#1c2733", "#5b6b7a", "#f3f6f9"
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"


@dataclass(frozen=True)
class Box:
    """A place of the business, the areas whose tables act there, and how many columns each area takes."""

    title: str
    areas: dict[str, int]
    left: int
    width: int

    @property
    def height(self) -> int:
        """Enough for the longest of its columns."""
        maximum = max(-(-len(_names(area)) // columns) for area, columns in self.areas.items())
        return TITLE + CAPTION + LINE * maximum + PAD


TOP = Box("What there is, and what it is for", {"master": 5, "goals": 1, "stability": 1}, left=20, width=1020)
WAY = (
    Box("Suppliers", {"sourcing": 1}, left=20, width=180),
    Box("Sites", {"production": 1, "quality": 1, "workforce": 1, "inventory": 1}, left=264, width=432),
    Box("Markets", {"sales": 2}, left=760, width=280),
)
ARROWS = ((200, 264), (696, 760))


def tables_picture() -> str:
    """The picture as SVG: every table in the place where it acts, and the way that goods take."""
    under = 20 + TOP.height + GAP
    height = max(box.height for box in WAY)
    parts = [*_drawn(TOP, top=20, height=TOP.height)]
    for box in WAY:
        parts += _drawn(box, top=under, height=height)
    middle = under + height / 2
    parts += [_arrow(first, last, middle) for first, last in ARROWS]
    parts += [_text(name, 727, middle - 12 - LINE * place, size=13, anchor="middle")
              for place, name in enumerate(reversed(_names("delivery")))]
    whole = under + height + 20
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {whole}" width="{WIDTH}" '
        f'height="{whole}" font-family="{FONT}" role="img" '
        f'aria-label="How the tables of a scenario hang together">\n'
        f'<rect width="{WIDTH}" height="{whole}" fill="white"/>\n{body}\n</svg>\n'
    )


def _names(area: str) -> list[str]:
    """The area's tables that are planned with."""
    return [table.name for table in TABLES.values() if table.area == area and table.planned]


def _drawn(box: Box, *, top: int, height: int) -> Iterator[str]:
    """The box with its title, and each area with its tables."""
    place = f'x="{box.left}" y="{top}" width="{box.width}" height="{height}"'
    yield f'<rect {place} rx="6" fill="{FACE}" stroke="{SOFT}"/>'
    yield _text(box.title, box.left + PAD, top + TITLE - 6, size=15, weight="bold")
    left, step = box.left + PAD, (box.width - PAD) // sum(box.areas.values())
    for area, columns in box.areas.items():
        names = _names(area)
        rows = -(-len(names) // columns)
        if len(box.areas) > 1:
            yield _text(area, left, top + TITLE + 10, size=12, color=SOFT)
        for number, name in enumerate(names):
            x, y = left + number // rows * step, top + TITLE + CAPTION + 8 + number % rows * LINE
            yield _text(name, x, y, size=12)
        left += columns * step


def _text(
    text: str,
    x: float,
    y: float,
    *,
    size: int,
    weight: str = "normal",
    anchor: str = "start",
    color: str = INK,
) -> str:
    style = f'font-size="{size}" font-weight="{weight}" text-anchor="{anchor}" fill="{color}"'
    return f'<text x="{x:g}" y="{y:g}" {style}>{escape(text)}</text>'


def _arrow(first: int, last: int, height: float) -> str:
    """The way that goods take."""
    return (
        f'<path d="M{first + 8} {height:g} H{last - 14}" stroke="{SOFT}" stroke-width="3" fill="none"/>'
        f'<path d="M{last - 16} {height - 7:g} l10 7 l-10 7 z" fill="{SOFT}"/>'
    )
