"""A HiGHS object that is spoken to in the scenario's units and computes in others where those do not suit it.

HiGHS works with absolute tolerances: a reduced cost below 1e-7 is none, a limit may be exceeded by 1e-7, a
coefficient up to 1e-9 is dropped. Prices in millions or micrograms in kilograms fall below them. Then rows,
columns and goals are multiplied by powers of two, which keeps every digit, and what comes back is divided by
them again. Figures within the usual range are handed over as they stand.
"""

from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray

from planner.model.compiler.lookup import Floats

# Outside these ranges figures come too close to the tolerances, or so far above that digits are lost. A unit
# of a target of 70,000 counts 1.4e-5: taken as it stands, the tolerance of reduced costs took seven units,
# half a percent of what was missed, for nothing.
COEFFICIENTS, PRICES = (1e-6, 1e7), (1e-3, 1e9)
LARGEST_LIMIT, SMALLEST_LARGEST = 1e9, 1e-3  # of the finite limits: the largest should lie between these two
NOTHING = 1e-12  # limits below this are rounding
LARGEST_PRICE = 20  # as a power of two: what the largest price becomes at most
# HiGHS' tolerance of integer values and the minimum that it allows; units that may flow through a switch that
# is off by no more than the tolerance
USUAL_TOLERANCE, MINIMUM_TOLERANCE, MINIMUM_THROUGH_OFF = 1e-6, 1e-10, 0.1
ROUNDS = 8  # of taking turns between rows and columns; more change no power of two


@dataclass(frozen=True)
class Powers:
    """The powers of two that the rows and columns of a model are multiplied by."""

    rows: NDArray[np.int64]
    columns: NDArray[np.int64]

    @classmethod
    def of(cls, entries: "Entries", limits: "Limits", whole: NDArray[np.bool_]) -> "Powers":
        """All 0 where the figures lie in the usual range; else the middle of each row and column comes near
        1.
        """
        count, size = len(limits.rows), len(limits.columns)
        rows, columns = np.zeros(count), np.zeros(size)
        if entries.are_usual() and limits.are_usual():
            return cls(rows.astype(np.int64), columns.astype(np.int64))
        for _ in range(ROUNDS):
            rows = -_middle(entries.row, entries.power + columns[entries.column], _power(limits.rows))
            columns = -_middle(entries.column, entries.power + rows[entries.row], -_power(limits.columns))
            columns[whole] = 0.0  # whole numbers are counted one by one
        return cls(np.rint(rows).astype(np.int64), np.rint(columns).astype(np.int64))


@dataclass(frozen=True)
class Entries:
    """The entries of a matrix that are not 0: where they stand, and their size as a power of two."""

    row: NDArray[np.int64]
    column: NDArray[np.int64]
    power: Floats

    @classmethod
    def of(cls, starts: NDArray[Any], columns: NDArray[Any], figures: Floats) -> "Entries":
        """The entries of a matrix that is kept row by row."""
        row = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
        there = figures != 0
        return cls(row[there], np.asarray(columns, np.int64)[there], np.log2(np.abs(figures[there])))

    def are_usual(self) -> bool:
        """Whether HiGHS can take the figures as they stand."""
        minimum, maximum = np.log2(COEFFICIENTS)
        inside = (self.power >= minimum) & (self.power <= maximum)
        return bool(inside.all())


@dataclass(frozen=True)
class Limits:
    """How large the limits of rows and of columns are; 0 where there is none or it is 0."""

    rows: Floats
    columns: Floats

    def are_usual(self) -> bool:
        """Whether HiGHS' tolerances are small beside them and its digits enough."""
        largest = max(self.rows.max(initial=0.0), self.columns.max(initial=0.0))
        return bool(largest == 0 or SMALLEST_LARGEST <= largest <= LARGEST_LIMIT)


def limits_of(lower: Floats, upper: Floats) -> Floats:
    """The size of the larger finite limit of each row or column."""
    sizes = [np.where(np.isfinite(limit), np.abs(limit), 0.0) for limit in (lower, upper)]
    size: Floats = np.maximum(*sizes)
    return np.where(size > NOTHING, size, 0.0)


def _power(sizes: Floats) -> Floats:
    """The sizes as powers of two; not a number where there is none."""
    with np.errstate(divide="ignore"):
        powers: Floats = np.where(sizes > 0, np.log2(sizes), np.nan)
    return powers


def _middle(place: NDArray[np.int64], powers: Floats, own: Floats) -> Floats:
    """Half way between the smallest and the largest power at each place, its own limit included."""
    minimum, maximum = own.copy(), own.copy()
    np.fmin.at(minimum, place, powers)
    np.fmax.at(maximum, place, powers)
    return np.nan_to_num((minimum + maximum) / 2.0)


def whole_tolerance(matrix: sparse.csr_array, whole: NDArray[np.bool_]) -> float:
    """How far from a whole number a figure may be for HiGHS to take it for one.

    So far that next to nothing flows through a switch that is off.
    """
    largest = np.abs(matrix.data[whole[matrix.indices]]).max(initial=0.0)
    if largest <= MINIMUM_THROUGH_OFF / USUAL_TOLERANCE:
        return USUAL_TOLERANCE
    return float(max(MINIMUM_THROUGH_OFF / largest, MINIMUM_TOLERANCE))


def price_power(prices: Floats) -> int:
    """The power of two that brings the smallest price to 1, unless the largest became too large; usually
    0.
    """
    sizes = np.abs(prices[prices != 0])
    if not len(sizes) or (sizes.min() >= PRICES[0] and sizes.max() <= PRICES[1]):
        return 0
    return int(np.rint(min(-np.log2(sizes.min()), LARGEST_PRICE - np.log2(sizes.max()))))


class ScaledHighs:
    """HiGHS' own methods, in the scenario's units; those that carry no figures are HiGHS' own."""

    def __init__(self, whole: NDArray[np.bool_]) -> None:
        self._highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]  # highspy has no types here
        self._whole, self._price = whole, 0
        self._powers = Powers(np.zeros(0, np.int64), np.zeros(len(whole), np.int64))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._highs, name)

    @property
    def smallest_step(self) -> float:
        """What HiGHS takes for 1 in the value of the goal, in the goal's own unit."""
        return float(np.ldexp(1.0, -self._price))

    @property
    def column_units(self) -> Floats:
        """What HiGHS takes for 1 of each variable, in the variable's own unit."""
        return np.ldexp(1.0, self._powers.columns)

    def hand_over(
        self, rows: Any, lower: Floats, upper: Floats, *, kinds: NDArray[np.int32]
    ) -> None:
        """HiGHS has the model, its goal yet without prices."""
        matrix, size = rows.matrix, len(lower)
        entries = Entries.of(matrix.indptr, matrix.indices, matrix.data)
        limits = Limits(limits_of(rows.lower, rows.upper), limits_of(lower, upper))
        self._powers = powers = Powers.of(entries, limits, self._whole)
        places = np.repeat(np.arange(len(rows.upper)), np.diff(matrix.indptr))
        rowwise, minimised = int(highspy.MatrixFormat.kRowwise), int(highspy.ObjSense.kMinimize)
        self._highs.passModel(
            size, len(rows.upper), matrix.nnz, rowwise, minimised, 0.0, np.zeros(size),
            np.ldexp(lower, -powers.columns), np.ldexp(upper, -powers.columns),
            np.ldexp(rows.lower, powers.rows), np.ldexp(rows.upper, powers.rows),
            matrix.indptr, matrix.indices,
            np.ldexp(matrix.data, powers.rows[places] + powers.columns[matrix.indices]), kinds,
        )

    def price(self, prices: Floats, constant: float) -> None:
        """The goal has these prices, and a constant."""
        scaled = np.ldexp(prices, self._powers.columns)
        self._price = price_power(scaled)
        self._highs.changeColsCost(
            len(prices), np.arange(len(prices), dtype=np.int32), np.ldexp(scaled, self._price)
        )
        self._highs.changeObjectiveOffset(float(np.ldexp(constant, self._price)))

    def look_below(self, maximum: float) -> None:
        """Only goals below this value are sought."""
        self._highs.setOptionValue("objective_bound", float(np.ldexp(maximum, self._price)))

    def bound_columns(self, columns: NDArray[np.int32], lower: Floats, upper: Floats) -> None:
        """New bounds for some variables."""
        powers = -self._powers.columns[columns]
        self._highs.changeColsBounds(len(columns), columns, np.ldexp(lower, powers), np.ldexp(upper, powers))

    def bound_rows(self, rows: NDArray[np.int32], lower: Floats | float, upper: Floats | float) -> None:
        """New limits for some rows."""
        powers = self._powers.rows[rows]
        self._highs.changeRowsBounds(len(rows), rows, np.ldexp(lower, powers), np.ldexp(upper, powers))

    def change_rows(self, before: Any, after: Any) -> None:
        """The rows have the limits and figures of others of the same shape: what differs is handed over."""
        other = np.flatnonzero((after.lower != before.lower) | (after.upper != before.upper)).astype(np.int32)
        self.bound_rows(other, after.lower[other], after.upper[other])
        matrix = after.matrix
        entries = np.flatnonzero(matrix.data != before.matrix.data)
        rows_of = np.searchsorted(matrix.indptr, entries, side="right") - 1
        for row, column, value in zip(rows_of.tolist(), matrix.indices[entries].tolist(),
                                      matrix.data[entries].tolist(), strict=True):
            self.change_entry(row, column, value)

    def change_entry(self, row: int, column: int, figure: float) -> None:
        """Another coefficient of a row that is there."""
        power = int(self._powers.rows[row] + self._powers.columns[column])
        self._highs.changeCoeff(row, column, float(np.ldexp(figure, power)))

    def add_rows(self, matrix: Any, lower: Floats, upper: Floats) -> None:
        """Rows at the end; one whose figures are all too small or too large comes near 1."""
        figures = np.ldexp(matrix.data, self._powers.columns[matrix.indices])
        places = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
        largest = np.zeros(matrix.shape[0])
        np.maximum.at(largest, places, np.abs(figures))
        odd = (largest > 0) & ((largest < COEFFICIENTS[0]) | (largest > COEFFICIENTS[1]))
        powers = np.where(odd, -np.rint(np.nan_to_num(_power(largest))), 0.0).astype(np.int64)
        self._powers = Powers(np.append(self._powers.rows, powers), self._powers.columns)
        self._highs.addRows(
            matrix.shape[0], np.ldexp(lower, powers), np.ldexp(upper, powers), matrix.nnz,
            matrix.indptr[:-1].astype(np.int32), matrix.indices.astype(np.int32),
            np.ldexp(figures, powers[places]),
        )

    def delete_rows(self, rows: NDArray[np.int32]) -> None:
        """These rows are no more."""
        self._highs.deleteRows(len(rows), rows)
        self._powers = Powers(np.delete(self._powers.rows, rows), self._powers.columns)

    def begin_at(self, values: Floats) -> None:
        """The search for integer values begins at this point."""
        solution = highspy.HighsSolution()
        solution.col_value = np.ldexp(values, -self._powers.columns).tolist()
        self._highs.setSolution(solution)

    def point(self, values: Any) -> Floats:
        """A point of HiGHS' in the scenario's units."""
        point: Floats = np.ldexp(np.asarray(values, float), self._powers.columns)
        return point

    def duals(self) -> Floats:
        """What one more unit of each row's limit does to the goal."""
        found: Floats = np.asarray(self._highs.getSolution().row_dual, float)
        shifts = self._powers.rows - self._price
        return np.asarray(np.ldexp(found, shifts), float)

    def ray(self) -> Floats | None:
        """Multipliers of the rows by which they contradict each other, after a run that was infeasible."""
        _, is_there, found = self._highs.getDualRay()
        return np.ldexp(np.asarray(found, float), self._powers.rows) if is_there else None

    def value(self, figure: float) -> float:
        """A value of the goal that HiGHS tells, in the goal's own unit."""
        return float(np.ldexp(figure, -self._price))
