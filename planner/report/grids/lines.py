"""Lines out of a frame: one row for each name and unit, its measures along the columns, and those of all
names.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.report.grids.columns import Columns, Matrix
from planner.report.grids.grid import FULL, SHARE, Line
from planner.report.grids.subjects import Measure
from planner.report.highlights import TOLERANCE
from planner.scenario.calendar import Calendar

NOTICED = 5e-4  # of the figure beside it: less of it rounds to nothing
Vector = NDArray[np.float64]
ALL = ""  # the name of lines for everything


@dataclass(frozen=True)
class Figures:
    """Each measure of each name (and unit) along the columns, the total in the last one."""

    names: tuple[tuple[str, str], ...]
    measures: Mapping[str, Matrix]

    def lines(self, measures: Sequence[Measure]) -> Iterator[Line]:
        """The lines of each name, measure by measure, without those that say nothing of it."""
        for row, (name, unit) in enumerate(self.names):
            lines = [_line(self, row, measure, name=name, unit=unit) for measure in measures]
            pairs = zip(lines, measures, strict=True)
            yield from (line for line, measure in pairs if _is_said(line, measure))

    def of_all(self) -> "Figures":
        """What the names of each unit come to together, where there are several of them."""
        units = [unit for _, unit in self.names]
        several = [unit for unit in dict.fromkeys(units) if units.count(unit) > 1]
        rows = [np.array([own == unit for own in units]) for unit in several]
        added = {name: np.reshape([values[part].sum(axis=0) for part in rows], (len(rows), values.shape[1]))
                 for name, values in self.measures.items()}
        return Figures(tuple((ALL, unit) for unit in several), added)


def figures_of(frame: pd.DataFrame, by: str, *, measures: Sequence[Measure], columns: Columns,
               calendar: Calendar) -> Figures:
    """The figures by name, without the names that have none in the periods shown."""
    groups = frame.groupby([by, "unit"], sort=True)
    rows, period = groups.ngroup().to_numpy().astype(np.int64), calendar.number(frame["period"]) - 1
    name_rows = frame[[by, "unit"]].drop_duplicates().sort_values([by, "unit"])
    names = list(zip(name_rows[by].astype("str"), name_rows["unit"].astype("str"), strict=True))
    together = _together(measures, frame)
    shape = (len(names), calendar.periods)
    values = {name: columns.folded(_dense(frame[name], rows, period, shape=shape), how)
              for name, how in together.items()}
    some = np.zeros(len(names), dtype=bool)
    for name in together:
        some |= (np.abs(np.nan_to_num(values[name])) > TOLERANCE).any(axis=1)
    with_figures = {name: matrix[some] for name, matrix in values.items()}
    return Figures(tuple(name for name, has in zip(names, some, strict=True) if has), with_figures)


def measures_shown(figures: Figures, measures: Sequence[Measure]) -> list[Measure]:
    """The measures that say something here, and nothing that another one says already."""
    return [measure for measure in measures if _says_something(figures, measure)]


def _says_something(figures: Figures, measure: Measure) -> bool:
    if measure.together == "share":
        return True
    values = figures.measures.get(measure.words)
    if values is None:
        return False
    if measure.unless_as:
        return not np.allclose(values, figures.measures[measure.unless_as], atol=TOLERANCE)
    return not measure.if_any or bool((np.abs(np.nan_to_num(values)) > TOLERANCE).any())


def _together(measures: Sequence[Measure], frame: pd.DataFrame) -> dict[str, str]:
    """How the periods of each column that counts are put together; of those looked at for marks, added up."""
    own = {measure.words: measure.together for measure in measures if measure.words in frame.columns}
    marks = {measure.marked_by: "sum" for measure in measures if measure.marked_by in frame.columns}
    return {**marks, **own}


def _dense(values: pd.Series, rows: NDArray[np.int64], period: NDArray[np.int64], *,
           shape: tuple[int, int]) -> Matrix:
    """The values added up by row and period; what is unlimited in one of them stays so."""
    inside = (period >= 0) & (period < shape[1])
    dense = np.zeros(shape)
    np.add.at(dense, (rows[inside], period[inside]), values.to_numpy(dtype=float)[inside])
    return dense


def _line(figures: Figures, row: int, measure: Measure, *, name: str, unit: str) -> Line:
    """One line with its marks."""
    values = _values(figures, row, measure)
    marks = _marks(figures, row, measure, width=len(values) - 1)
    cells = tuple(None if np.isnan(value) else float(value) for value in values)
    return Line(name, measure.words, SHARE if measure.together == "share" else unit, values=cells[:-1],
                marks=marks, total=cells[-1], together=measure.together)


def _is_said(line: Line, measure: Measure) -> bool:
    """Whether the line has figures, where it may be left out: of everything it is left out where it would say
    that there is no limit.
    """
    if measure.together == "share" or line.is_for_all:
        return any(value is not None for value in line.values)
    return not measure.if_any or any(value is None or abs(value) > TOLERANCE for value in line.values)


def _values(figures: Figures, row: int, measure: Measure) -> Vector:
    if measure.together != "share":
        own: Vector = figures.measures[measure.words][row]
        return own
    part, whole = (figures.measures[name][row] for name in measure.share)
    share: Vector = np.divide(part, whole, out=np.full(len(part), np.nan), where=whole > TOLERANCE)
    return share


def _marks(figures: Figures, row: int, measure: Measure, *, width: int) -> tuple[str, ...]:
    """Marks where there is enough of what is looked at to be seen beside the largest figure of the line that
    it is held against. That some name is full says nothing of all of them.
    """
    marked = figures.measures.get(measure.marked_by)
    if marked is None or (measure.mark == FULL and not figures.names[row][0]):
        return ("",) * width
    against = figures.measures.get(measure.against)
    least = TOLERANCE if against is None else max(TOLERANCE, NOTICED * np.nanmax(np.abs(against[row][:-1])))
    return tuple(measure.mark if value > least else "" for value in marked[row][:-1])
