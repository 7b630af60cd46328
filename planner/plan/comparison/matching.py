"""What moves from one plan to another: less in one place and more in another, or in one period and another.

Of one thing (an item, a destination) a table says how much is done in each place and period. What one plan
does less and more of is matched within each period first, largest with largest: that has moved to another
place. What is left is matched along the periods of each place, in their order: that is done earlier or later.
The rest is less or more.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from math import nan

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
MOVED, EARLIER, LATER, MORE, LESS = "moved", "earlier", "later", "more", "less"


@dataclass(frozen=True)
class Matched:
    """So much is moved, done earlier or later, or more or less of: places and periods are positions, -1 for
    none; `shift` is by how many periods it is earlier or later on average.
    """

    change: str
    origin: int
    destination: int
    periods: tuple[int, ...]
    quantity: float
    shift: float = nan


def matched(apart: Floats, smallest: float) -> list[Matched]:
    """How the plans part: `apart` is what the second does more, a row for each place and a column for each
    period; what is smaller than `smallest` is left out.
    """
    unmatched = apart.copy()
    every = (*_places(unmatched), *_times(unmatched), *_unmatched(unmatched))
    return [one for one in every if one.quantity > smallest]


def netted(apart: Floats, smallest: float) -> list[Matched]:
    """More or less of it in each place, all periods together, in those in which it is so."""
    moves = []
    for place, line in enumerate(apart):
        net = float(line.sum())
        if abs(net) > smallest:
            periods = tuple(np.flatnonzero(line * net > 0).tolist())
            change, origin, destination = (MORE, -1, place) if net > 0 else (LESS, place, -1)
            moves.append(Matched(change, origin, destination, periods=periods, quantity=abs(net)))
    return moves


def _places(unmatched: Floats) -> Iterator[Matched]:
    """What goes from one place to another in the same period; it is taken out of the rest."""
    parts_of: dict[tuple[int, int], list[tuple[int, float]]] = defaultdict(list)
    for period in np.flatnonzero((unmatched > 0).any(axis=0) & (unmatched < 0).any(axis=0)).tolist():
        column = unmatched[:, period]
        while column.min() < 0 < column.max():
            origin, destination = int(column.argmin()), int(column.argmax())
            amount = min(-column[origin], column[destination])
            column[origin] = column[origin] + amount if amount < -column[origin] else 0.0
            column[destination] = column[destination] - amount if amount < column[destination] else 0.0
            parts_of[origin, destination].append((period, float(amount)))
    for (origin, destination), parts in parts_of.items():
        periods = tuple(sorted({period for period, _ in parts}))
        quantity = sum(amount for _, amount in parts)
        yield Matched(MOVED, origin, destination, periods=periods, quantity=quantity)


def _times(unmatched: Floats) -> Iterator[Matched]:
    """What is done in the same place in another period; it is taken out of the rest."""
    for place in range(len(unmatched)):
        shifts: dict[str, list[tuple[int, int, float]]] = defaultdict(list)
        line = unmatched[place]
        left, came = np.flatnonzero(line < 0).tolist(), np.flatnonzero(line > 0).tolist()
        while left and came:
            leaves, comes = left[0], came[0]
            amount = min(-line[leaves], line[comes])
            shifts[EARLIER if comes < leaves else LATER].append((leaves, comes, float(amount)))
            line[leaves], line[comes] = line[leaves] + amount, line[comes] - amount
            left, came = (left[1:] if line[leaves] >= 0 else left), (came[1:] if line[comes] <= 0 else came)
        for change, parts in shifts.items():
            quantity = sum(amount for _, _, amount in parts)
            distance = sum(abs(comes - leaves) * amount for leaves, comes, amount in parts)
            periods = tuple(sorted({period for leaves, comes, _ in parts for period in (leaves, comes)}))
            yield Matched(change, place, place, periods=periods, quantity=quantity, shift=distance / quantity)


def _unmatched(unmatched: Floats) -> Iterator[Matched]:
    for place in range(len(unmatched)):
        for change, sign in ((LESS, -1.0), (MORE, 1.0)):
            amounts = np.maximum(sign * unmatched[place], 0.0)
            if amounts.any():
                origin, destination = (place, -1) if change == LESS else (-1, place)
                periods = tuple(np.flatnonzero(amounts).tolist())
                yield Matched(change, origin, destination, periods=periods, quantity=float(amounts.sum()))
