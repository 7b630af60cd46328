"""What one plan does elsewhere, at another time, more or less of than another."""

from math import isnan

import numpy as np
from hypothesis import given, strategies as st
from hypothesis.extra.numpy import arrays

from planner.plan.comparison.matching import Matched, matched, netted


def moves(*lines: list[float], smallest: float = 0.0) -> list[Matched]:
    return matched(np.array(lines, dtype=float), smallest)


def test_less_in_one_place_and_more_in_another_of_the_same_period_has_moved() -> None:
    [move] = moves([0, -5, -3], [0, 5, 3])

    assert (move.change, move.origin, move.destination, move.periods) == ("moved", 0, 1, (1, 2))
    assert move.quantity == 8 and isnan(move.shift)


def test_less_in_one_period_and_more_in_an_earlier_one_is_done_earlier() -> None:
    # 4 of period 2 are done 2 periods earlier, 2 of it 1 period earlier: (4 x 2 + 2 x 1) / 6
    [move] = moves([4, 2, -6])

    assert (move.change, move.origin, move.quantity, move.periods) == ("earlier", 0, 6, (0, 1, 2))
    assert move.shift == (4 * 2 + 2 * 1) / 6


def test_what_is_left_is_more_or_less() -> None:
    found = moves([-7, 0], [5, 0], [0, 3])

    assert [(move.change, move.origin, move.destination, move.quantity) for move in found] == [
        ("moved", 0, 1, 5), ("less", 0, -1, 2), ("more", -1, 2, 3)]


def test_what_is_smaller_than_asked_for_is_left_out() -> None:
    assert moves([-1, 0], [1, 0], smallest=1.0) == []


@given(arrays(np.int64, st.tuples(st.integers(1, 4), st.integers(1, 6)), elements=st.integers(-9, 9)))
def test_all_moves_together_are_all_that_differs(apart: np.ndarray) -> None:
    found = matched(apart.astype(float), 0.0)

    sums = {change: sum(move.quantity for move in found if move.change == change)
            for change in ("moved", "earlier", "later", "more", "less")}
    shifted = sums["moved"] + sums["earlier"] + sums["later"]
    assert shifted + sums["more"] == np.maximum(apart, 0).sum()
    assert shifted + sums["less"] == np.maximum(-apart, 0).sum()


def test_what_cannot_move_is_netted_over_all_periods() -> None:
    [move] = netted(np.array([[4.0, -1.0, 2.0], [0.0, 0.0, 0.0]]), 0.0)

    assert (move.change, move.origin, move.destination) == ("more", -1, 0)
    assert (move.quantity, move.periods) == (5, (0, 2))
