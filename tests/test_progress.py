"""Work tells where it stands and asks whether to go on; who is told is a matter of the thread."""

import pytest

from planner import progress
from planner.cli.running import Lines
from planner.errors import CancelledError
from planner.progress import Progress, checkpoint, gap, tell, tell_more, watched


def test_what_is_told_within_belongs_to_the_nearest_watcher() -> None:
    outer, inner = [], []
    with watched(outer.append, about="plans"):
        tell(Progress("reading"))
        with watched(inner.append):
            tell(Progress("building"))
        tell(Progress("writing"))
    tell(Progress("auditing"))  # nobody watches
    assert [record.phase for record in outer] == ["reading", "writing"]
    assert [(record.phase, record.about) for record in inner] == [("building", "plans")]


def test_work_within_cancelled_work_is_cancelled_in_the_phase_it_was_in() -> None:
    class Set:
        def is_set(self) -> bool:
            return True

    with watched(cancel=Set()), watched([].append):
        tell(Progress("building"))
        with pytest.raises(CancelledError, match=r"^cancelled while building, before there was a plan$"):
            checkpoint()
    checkpoint()


def test_the_best_and_the_bound_told_only_become_better_whichever_way_the_goal_is_read() -> None:
    told = []
    with watched(told.append):
        tell(Progress("solving", goal="cost"))
        tell_more("windows", best=90.0)
        tell_more("rounding", best=100.0, bound=80.0)
        tell_more("cutting planes", bound=70.0)
        tell(Progress("solving", goal="profit"))
        tell_more("windows", best=-90.0, sign=-1.0)
        tell_more("rounding", best=-80.0, bound=-100.0, sign=-1.0)
    assert [(record.best, record.bound) for record in told] == [
        (None, None), (90, None), (90, 80), (90, 80), (None, None), (90, None), (90, 100)]
    assert told[3].gap == pytest.approx(10 / 90)


def test_what_the_last_digits_leave_between_best_and_bound_is_no_gap() -> None:
    assert gap(82_129_443.0, 82_129_443.0 - 1.5e-8) == 0.0
    assert gap(100.0, 99.0) == 0.01
    assert gap(0.0, -1e-12) == 0.0


def test_long_work_without_news_repeats_its_last_record(monkeypatch: pytest.MonkeyPatch) -> None:
    told, now = [], [0.0]
    monkeypatch.setattr(progress, "perf_counter", lambda: now[0])
    with watched(told.append):
        tell(Progress("solving", goal="cost"))
        for now[0] in (1.0, 1.9, 2.0, 3.0, 3.9, 4.1):
            checkpoint()
    assert [(record.goal, record.seconds) for record in told] == [("cost", 0.0), ("cost", 2.0), ("cost", 4.1)]


def test_a_log_has_no_line_of_short_work_and_one_every_few_seconds_of_long_work(capsys: pytest.CaptureFixture[str]) -> None:
    lines = Lines(5.0)
    for seconds in (0.0, 1.0, 4.9):
        lines(Progress("reading", seconds=seconds))
    assert capsys.readouterr().err == ""
    for seconds in (5.0, 6.0, 9.9, 10.5, 62.0):
        lines(Progress("solving", goal="cost", best=1234.0, seconds=seconds, about="lots"))
    assert capsys.readouterr().err.splitlines() == [
        f"{time} lots: solving: cost; best 1,234" for time in ("0:00:05", "0:00:10", "0:01:02")]
