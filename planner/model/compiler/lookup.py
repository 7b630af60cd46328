"""Where members stand in a set, found for whole columns of members at once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
Places = NDArray[np.int32]  # half the memory of codes, and matrices want their columns so

# A table of places is faster than a search, up to this many cells a member and as many in all as fit 200 MB.
DENSE_CELLS_PER_MEMBER, DENSE_CELLS = 64, 50_000_000
ROOMY = 4  # cells a member from which codes are counted that do not occur
FEW = 0.5  # share of the codes between the smallest and the largest


class Lookup:
    """The members of a set by number: each column is one digit of it."""

    def __init__(self, own: Sequence[Codes]) -> None:
        size = len(own[0])
        self._digits = [_Digit.between(column) for column in own]
        if self._cells > ROOMY * max(size, 1):
            self._digits = [
                digit.without_gaps(column) for digit, column in zip(self._digits, own, strict=True)
            ]
        keys, _ = self._keys(own)
        self._ordered: Codes | None = None
        if self._cells <= min(max(DENSE_CELLS_PER_MEMBER * size, 1000), DENSE_CELLS):
            self._table = np.full(self._cells, -1, np.int32)
            self._table[keys] = np.arange(size)
        else:
            self._table = np.argsort(keys, kind="stable").astype(np.int32)
            self._ordered = keys[self._table]

    def places(self, columns: Sequence[Codes]) -> Places:
        """Where each of the given members stands; a KeyError names the first that is not in the set."""
        keys, inside = self._keys(columns)
        rows = self._rows_of(keys if inside is None else np.where(inside, keys, 0))
        if inside is not None:
            rows = np.where(inside, rows, np.int32(-1))
        if len(rows) and rows.min() < 0:
            first = int(np.argmax(rows < 0))
            raise KeyError(tuple(int(column[first]) for column in columns))
        return rows

    def _rows_of(self, keys: Codes) -> Places:
        if self._ordered is None:
            return self._table[keys]
        place = np.minimum(np.searchsorted(self._ordered, keys), len(self._ordered) - 1)
        return np.where(self._ordered[place] == keys, self._table[place], np.int32(-1))

    @property
    def _cells(self) -> int:
        cells = 1
        for digit in self._digits:
            cells *= digit.width
        return cells

    def _keys(self, columns: Sequence[Codes]) -> tuple[Codes, NDArray[np.bool_] | None]:
        """Each member as one whole number, and which of them have a digit in every column (None: all)."""
        parts = [digit.of(column) for digit, column in zip(self._digits, columns, strict=True)]
        keys = parts[0]
        for part, digit in zip(parts[1:], self._digits[1:], strict=True):
            keys = keys * digit.width + part
        # read without a sign, what is below 0 is above every width
        bare = [part.view(np.uint64) for part in parts]
        if all(
            int(part.max(initial=0)) < digit.width for part, digit in zip(bare, self._digits, strict=True)
        ):
            return keys, None
        return keys, np.logical_and.reduce(
            [part < digit.width for part, digit in zip(bare, self._digits, strict=True)]
        )


@dataclass(frozen=True)
class _Digit:
    """A column of codes as numbers from 0 to below `width`; a code that the set does not have may get any
    other.
    """

    low: int
    width: int
    ranks: Codes | None = None

    @classmethod
    def between(cls, column: Codes) -> "_Digit":
        """Codes less the smallest one."""
        low = int(column.min()) if len(column) else 0
        return cls(low, int(column.max()) - low + 1 if len(column) else 1)

    def without_gaps(self, column: Codes) -> "_Digit":
        """The places of codes among those that occur, where these are few; one before and one after stand for
        all others.
        """
        occurs = np.bincount(column - self.low, minlength=self.width) > 0
        count = int(occurs.sum())
        if count > FEW * self.width:
            return self
        ranks = np.full(self.width + 2, -1, np.int64)
        ranks[1:-1][occurs] = np.arange(count)
        return _Digit(self.low - 1, count, ranks)

    def of(self, column: Codes) -> Codes:
        """The digits of other codes."""
        digits = column - self.low
        return digits if self.ranks is None else self.ranks.take(digits, mode="clip")
