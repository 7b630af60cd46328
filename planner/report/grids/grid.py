"""A grid: one line for each name and measure, a figure for each period, and a total. The terminal, the page,
the workbook and programs all read the same one.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from planner.figures import NOTHING, Scale, grid_scale, printable

MISSING, FULL = "missing", "full"  # marks: something is missing; there is no more to be had
EVERYTHING = "all"  # the name of lines for everything, where it is written
DIGITS, CENTS, SHARE_DIGITS = 3, 2, 4  # of figures that are handed on
SHARE = "0 to 1"  # the unit of shares, which are never added up


@dataclass(frozen=True)
class Line:
    """One line of a grid: what it is about, what it measures, a figure and a mark for each period, and the
    total.

    A figure that there is none of (no limit, no stock that lasts for days) is None. `together` says what the
    total is: the sum, the figure of the first or last period (of levels), or the share of the sums. Lines for
    everything have no `name`.
    """

    name: str
    measure: str
    unit: str
    values: tuple[float | None, ...]
    marks: tuple[str, ...]
    total: float | None
    together: str

    @property
    def is_for_all(self) -> bool:
        """Whether it adds up the lines of all names."""
        return not self.name


@dataclass(frozen=True)
class Grid:
    """Lines over periods: what is shown, by what, and in which periods, of which the first `past` are over.

    `note` says what has to be known to read it.
    """

    what: str
    by: str
    title: str
    periods: tuple[str, ...]
    lines: tuple[Line, ...]
    currency: str
    past: int = 0
    note: str = ""

    @property
    def units(self) -> tuple[str, ...]:
        """The units of its figures, shares apart, in the order in which they come."""
        return tuple(dict.fromkeys(line.unit for line in self.lines if line.unit != SHARE))

    @property
    def measures(self) -> tuple[str, ...]:
        """The measures that it has, in order."""
        return tuple(dict.fromkeys(line.measure for line in self.lines))

    @property
    def begins(self) -> tuple[bool, ...]:
        """Whether each line is the first of its name, or of the name in another unit."""
        firsts: list[bool] = []
        name, measures = None, set[str]()
        for line in self.lines:
            firsts.append(line.name != name or line.measure in measures)
            name, measures = line.name, {line.measure} if firsts[-1] else measures | {line.measure}
        return tuple(firsts)

    def scales(self) -> Mapping[str, Scale]:
        """How the figures of each unit are written, so that all of a grid can be compared."""
        figures: dict[str, list[float]] = {}
        for line in self.lines:
            row_figures = (*line.values, line.total)
            figures.setdefault(line.unit, []).extend(value for value in row_figures if value is not None)
        return {unit: grid_scale(values, unit, is_money=unit == self.currency)
                for unit, values in figures.items()}

    def frame(self) -> pd.DataFrame:
        """The grid as a frame: name, measure, unit, a column for each period, and the total, without digits
        that mean nothing.
        """
        heads = ["name", "measure", "unit", *self.periods, "total"]
        rows = [(line.name or EVERYTHING, line.measure, line.unit,
                 *(self._rounded(line, value) for value in (*line.values, line.total)))
                for line in self.lines]
        return pd.DataFrame(rows, columns=heads)

    def _rounded(self, line: Line, value: float | None) -> float | None:
        digits = {self.currency: CENTS, SHARE: SHARE_DIGITS}.get(line.unit, DIGITS)
        return None if value is None else round(value, digits) + 0.0  # no negative nothing


def title(grid: Grid) -> str:
    """What the grid shows, by what, and in which unit where there is one."""
    scales = grid.scales()
    units = f", in {scales[grid.units[0]].unit}" if len(grid.units) == 1 else ""
    by = f" by {grid.by.replace('_', ' ')}" if grid.by else ""
    return printable(f"{grid.title}{by}{units}")


def scaled(scales: Mapping[str, Scale], line: Line, value: float | None) -> str:
    """The figure in the scale of its unit."""
    if value is None:
        return NOTHING
    scale = scales[line.unit]
    return f"{scale.text(value)}%" if line.unit == SHARE else scale.text(value)
