"""The formulas of a grid in a workbook, so that a reader can check what stands there and change it.

Each is written only where it gives the plan's own figure: a cell never shows another figure than the plan.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from planner.report.grids import Grid, Line
from planner.report.grids.money import ALL_COSTS, MARGIN_NAME, REVENUE_NAME, STOCK_VALUE
from planner.report.grids.subjects import INFLOWS, OUTFLOWS, SUBJECTS

SAME = 1e-6  # of a figure: less is rounding
FIRST = 3  # the column of the first period: name, measure and unit stand before it


@dataclass(frozen=True)
class Balance:
    """A level at the end of a period: what it opens with, and what comes and goes."""

    closing: str
    opening: str
    comes: Sequence[str]
    goes: Sequence[str]


BALANCES = {"flows": Balance("closing stock", "opening stock", comes=INFLOWS, goes=OUTFLOWS),
            "crew": Balance("crew", "before", comes=("hired",), goes=("let go", "left"))}


@dataclass(frozen=True)
class Formulas:
    """The formulas of one grid whose first line stands in row `top` (from 0)."""

    grid: Grid
    top: int

    @cached_property
    def rows(self) -> dict[tuple[str, str, str], int]:
        """The row of each line, by name, measure and unit; a share stands under a blank unit."""
        return {(line.name, line.measure, "" if line.together == "share" else line.unit): self.top + place
                for place, line in enumerate(self.grid.lines)}

    @cached_property
    def last_named(self) -> int:
        """The row of the last line that is not for everything."""
        return max(row for (name, _, _), row in self.rows.items() if name)

    @cached_property
    def are_balanced(self) -> bool:
        """Whether every balance gives the plan's own figures, so that it can stand in the place of them."""
        return holds(self.grid)

    @property
    def past(self) -> int:
        """The column of the first period of the plan."""
        return FIRST + self.grid.past

    @property
    def end(self) -> int:
        """The column of the totals."""
        return FIRST + len(self.grid.periods)

    def of_period(self, line: Line, place: int) -> str:
        """The formula of a figure, or nothing: it is the plan's decision."""
        if line.is_for_all or line.together == "share" or self.grid.what not in (*BALANCES, "money"):
            return self._derived(line, FIRST + place)
        if self.grid.what == "money":
            return self._money(line, FIRST + place)
        return self._balanced(line, place, BALANCES[self.grid.what]) if self.are_balanced else ""

    def of_total(self, line: Line) -> str:
        """The formula of the total."""
        row = self.rows[line.name, line.measure, "" if line.together == "share" else line.unit]
        if line.together == "share":
            return self._derived(line, self.end)
        if line.together == "sum":
            return f"=SUM({cell(row, self.past)}:{cell(row, self.end - 1)})"
        return f"={cell(row, self.past if line.together == 'first' else self.end - 1)}"

    def _derived(self, line: Line, column: int) -> str:
        """Shares, and sums of everything."""
        if line.together == "share":
            return self._share(line, column)
        if not line.is_for_all or self.grid.what in ("money", "sheet"):
            return ""
        last = self.last_named
        own = self.rows["", line.measure, line.unit]
        area = (f"{cell(self.top, place, fixed=True)}:{cell(last, place, fixed=True)}"
                for place in (column, 1, 2))
        values, measures, units = area
        return f'=SUMIFS({values},{measures},"="&{cell(own, 1)},{units},"="&{cell(own, 2)})'

    def _share(self, line: Line, column: int) -> str:
        subject = SUBJECTS[self.grid.what]
        measure, unit = next(one for one in subject.measures if one.words == line.measure), subject.unit
        part_rows = [self.rows.get((line.name, name, unit)) for name in measure.share]
        if None in part_rows:
            return ""
        part, whole = (cell(row, column) for row in part_rows if row is not None)
        return f'=IF({whole}>0,{part}/{whole},"")'

    def _money(self, line: Line, column: int) -> str:
        """All costs and the margin, of money by cost."""
        if self.grid.by != "cost" or line.name not in (ALL_COSTS, MARGIN_NAME):
            return ""
        rows = {name: row for (name, _, _), row in self.rows.items()}
        if line.name == MARGIN_NAME:
            return f"={cell(rows[REVENUE_NAME], column)}-{cell(rows[ALL_COSTS], column)}"
        costs = [row for name, row in rows.items()
                 if name not in (REVENUE_NAME, ALL_COSTS, MARGIN_NAME, STOCK_VALUE)]
        return f"=SUM({cell(min(costs), column)}:{cell(max(costs), column)})" if costs else ""

    def _balanced(self, line: Line, place: int, balance: Balance) -> str:
        """Closing is opening and what comes less what goes; a period opens as the one before it closed."""
        def at(measure: str, column: int) -> str:
            row = self.rows.get((line.name, measure, line.unit))
            return "" if row is None else cell(row, column)

        column = FIRST + place
        if line.measure == balance.opening and place:
            return f"={at(balance.closing, column - 1)}"
        if line.measure != balance.closing or not at(balance.opening, column):
            return ""
        comes = "".join(f"+{term}" for name in balance.comes if (term := at(name, column)))
        goes = "".join(f"-{term}" for name in balance.goes if (term := at(name, column)))
        return f"={at(balance.opening, column)}{comes}{goes}"


def holds(grid: Grid) -> bool:
    """Whether every balance of the grid is the plan's own figure, period by period and quarter by quarter."""
    balance = BALANCES.get(grid.what)
    if balance is None:
        return True
    by_name: dict[tuple[str, str], dict[str, Sequence[float | None]]] = {}
    for line in grid.lines:
        if not line.is_for_all:
            by_name.setdefault((line.name, line.unit), {})[line.measure] = line.values
    return all(_balances(own, balance, periods=len(grid.periods)) for own in by_name.values())


def _balances(own: Mapping[str, Sequence[float | None]], balance: Balance, *, periods: int) -> bool:
    nothing = [0.0] * periods

    def value(measure: str, place: int) -> float:
        return own.get(measure, nothing)[place] or 0.0

    for place in range(periods):
        closing = value(balance.closing, place)
        comes = sum(value(measure, place) for measure in balance.comes)
        goes = sum(value(measure, place) for measure in balance.goes)
        opening = value(balance.opening, place)
        before = value(balance.closing, place - 1) if place else opening
        allowed = SAME * max(1.0, opening + comes)
        if abs(opening + comes - goes - closing) > allowed or abs(before - opening) > allowed:
            return False
    return True


def cell(row: int, column: int, *, fixed: bool = False) -> str:
    """The name of a cell, its row fixed where the formula is about a whole table."""
    letters, remaining = "", column + 1
    while remaining:
        remaining, letter = divmod(remaining - 1, 26)
        letters = chr(65 + letter) + letters
    return f"{letters}{'$' if fixed else ''}{row + 1}"
