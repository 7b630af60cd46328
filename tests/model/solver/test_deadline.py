"""Deadlines are moments of the clock; without one there is all the time in the world."""

import pytest

from planner.model.solver import effort
from planner.model.solver.deadline import is_over, partway, seconds_left


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that stands at 100."""
    monkeypatch.setattr(effort, "perf_counter", lambda: 100.0)


def test_seconds_are_left_until_the_deadline_and_missing_after_it() -> None:
    assert [seconds_left(moment) for moment in (130.0, 100.0, 95.0)] == [30.0, 0.0, -5.0]


def test_the_deadline_is_over_once_it_has_come() -> None:
    assert [is_over(moment) for moment in (100.1, 100.0, 95.0)] == [False, True, True]


def test_a_share_is_of_the_time_that_is_left() -> None:
    assert partway(140.0, 0.25) == 110.0  # 100 + a quarter of 40


def test_without_a_deadline_nothing_ever_ends() -> None:
    assert seconds_left(None) is None
    assert not is_over(None)
    assert partway(None, 0.5) is None
